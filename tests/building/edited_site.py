"""A copy of the project that is edited and built again and again, beside clean builds."""

import contextlib
import difflib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from engine.settings.site_schema import KEYS
from engine.writing.site_reference import site_file
from tests import sample_content, sites
from tests.sites import ROOT, article, header

# What a build reads of the project, beside its content.
_CODE = ("engine", "plugins", "theme", "pelicanconf.py", "publishconf.py", "requirements.txt")
_SERVER = Path(__file__).with_name("forked_builds.py")
_PROGRESS = re.compile(r"^(?:pictures|images)\W+\d+ \w+ \d+\n", re.MULTILINE)
# A Monday, at noon in UTC.
NOON = "2026-06-15T12:00+00:00"
# File type and permissions, and bytes or the target of a link.
Tree = dict[str, tuple[int, bytes]]


@dataclass(frozen=True)
class State:
    """What a build reads beside files: the time and the environment."""

    now: str = NOON
    variables: tuple[tuple[str, str], ...] = (("SITE_MESSAGES", "en"),)


def base_content() -> sample_content.Files:
    """Every kind of page in both languages, every setting, lists of several pages, small pictures.

    Texts wait for each of the days after NOON, and a project begins after it.
    """
    given = {
        name: key.example
        for name, key in KEYS.items()
        if not name.startswith(("publication", "software", "menu", "colours", "portfolio"))
        and key.type != "choice"
    }
    files = sample_content.full_site()
    small = {
        "images/atelier.png": sample_content.drawing(320, 160),
        "images/portrait.png": sample_content.drawing(120, 120),
        "images/vanne.jpg": sites.busy_photo(400, 300),
    }
    more = {
        f"articles/breve-{number:02}.md": article(
            f"Brève {number}",
            f"{2001 + number // 2}-{1 + number % 12:02}",
            f"Une phrase, [une autre](../articles/breve-{(number + 7) % 12:02}.md), et [le "
            "journal][le-journal].",
            links="{le-journal: https://example.org}",
            tags="[métiers]" if number % 2 else "[métiers, outils]",
            project=("atelier", "cantine", None)[number % 3],
        )
        for number in range(12)
    }
    later = {
        f"articles/demain-{day}.md": article(f"Le {day} juin", f"2026-06-{day}")
        for day in range(16, 21)
    }
    begins = {"pages/projects/aval.md": sites.project("Aval", start="2026-06-18")}
    # The heading would have the id of a project.
    home = {"home.md": f"{files['home.md']}\n## Atelier\n\nUne phrase.\n"}
    introduction = {
        "pages/cooperer.md": header(title="Coopérer", theme="coopération") + "Ensemble.\n"
    }
    del files["articles/demain.md"]
    own = {
        "site.yml": site_file(given | {"owner.portrait": "images/portrait.png"}),
        "themes.yml": files["themes.yml"] + "outils: tools\n",
    }
    return files | small | more | later | begins | home | introduction | own


def read_tree(folder: Path) -> Tree:
    """Read every file and folder below a folder, by its path; of a link its target."""
    tree = {}
    for root, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(root, name)
            mode = path.lstat().st_mode
            data = path.read_bytes() if stat.S_ISREG(mode) else b""
            if stat.S_ISLNK(mode):
                data = os.fsencode(path.readlink())
            tree[path.relative_to(folder).as_posix()] = (mode, data)
    return tree


def differences(found: Tree, expected: Tree) -> list[str]:
    """Say how two trees differ, a line a file, with the first difference of its bytes."""
    lines = []
    for name in sorted({*found, *expected}):
        if name not in expected:
            lines.append(f"{name}: only in the incremental output")
        elif name not in found:
            lines.append(f"{name}: missing in the incremental output")
        elif found[name][0] != expected[name][0]:
            lines.append(f"{name}: mode {found[name][0]:o}, not {expected[name][0]:o}")
        elif found[name] != expected[name]:
            one, other = found[name][1], expected[name][1]
            pairs = enumerate(zip(one, other, strict=False))
            at = next((n for n, pair in pairs if pair[0] != pair[1]), 0)
            lines.append(f"{name}: {one[max(0, at - 40) : at + 60]}, not {other[at : at + 60]}")
    return lines


class DifferenceError(AssertionError):
    """An output that is not that of a clean build."""


class EditedSite:
    """A copy of the project in a folder of its own; paths are relative to it.

    What an edit changes is noted, so that it can be undone.
    """

    def __init__(self, folder: Path, first_cache: Path, *, has_preview: bool = False):
        self.folder = folder / "project"
        self.elsewhere = folder / "elsewhere"
        self.has_preview = has_preview
        for cache in (self.cache, self.elsewhere / "cache"):
            if first_cache.exists():
                shutil.copytree(first_cache, cache)
        self.state = State()
        for name in _CODE:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, self.folder / name)
            else:
                shutil.copy2(ROOT / name, self.folder / name)
        sites.write(self.folder / "content", base_content())
        self._undo: list[tuple[str, bytes | None]] = []
        self._former = self.state
        self._server: subprocess.Popen | None = None
        self.without = ""

    def close(self) -> None:
        """End the process of the builds."""
        if self._server:
            with contextlib.suppress(BrokenPipeError):
                self._server.stdin.close()
            self._server.wait()
            self._server.stdout.close()
            self._server = None

    # --- Files ----------------------------------------------------------------------------------

    def path(self, name: str) -> Path:
        return self.folder / name

    def names(self, pattern: str) -> list[str]:
        """Return the files that match a pattern of `glob`, sorted."""
        found = (path for path in self.folder.glob(pattern) if path.is_file())
        return sorted(path.relative_to(self.folder).as_posix() for path in found)

    def read(self, name: str) -> str:
        return self.path(name).read_text("utf-8")

    def write(self, name: str, data: str | bytes) -> None:
        """Write a file; its previous bytes are noted."""
        path = self.path(name)
        self._undo.append((name, path.read_bytes() if path.exists() else None))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        if name.endswith(".py"):
            self.close()

    def remove(self, name: str) -> None:
        self._undo.append((name, self.path(name).read_bytes()))
        self.path(name).unlink()

    def move(self, old: str, new: str) -> None:
        self._undo += [(old, self.path(old).read_bytes()), (new, None)]
        self.path(new).parent.mkdir(parents=True, exist_ok=True)
        self.path(old).rename(self.path(new))

    def begin(self) -> None:
        """Forget how to undo earlier edits."""
        self._undo.clear()
        self._former = self.state

    def undo(self) -> None:
        """Undo the edits since `begin`."""
        for name, data in reversed(self._undo):
            if data is None:
                self.path(name).unlink()
            else:
                self.path(name).parent.mkdir(parents=True, exist_ok=True)
                self.path(name).write_bytes(data)
            if name.endswith(".py"):
                self.close()
        self._undo.clear()
        self.state = self._former

    # --- Builds ---------------------------------------------------------------------------------

    @property
    def output(self) -> Path:
        return self.folder / ("preview" if self.has_preview else "output")

    @property
    def cache(self) -> Path:
        return self.folder / ".cache"

    @property
    def caches(self) -> list[Path]:
        """The folders that builds keep, beside the output."""
        return sorted({*self.folder.glob(".cache"), *self.folder.glob(f".{self.output.name}*")})

    def job(self, output: Path | None = None, **more: object) -> dict:
        """Return a request for a build into `output`."""
        given = {name: os.environ[name] for name in ("PATH", "TZ", "HOME") if name in os.environ}
        variables = given | dict(self.state.variables) | {"SITE_OUTPUT": str(output or self.output)}
        work = "preview" if self.has_preview else "build"
        own = {"environment": variables, "now": self.state.now, "without": self.without}
        return {"work": work} | own | more

    def run(self, *jobs: dict) -> list[dict]:
        """Do jobs at the same time; return what they said."""
        if self._server is None:
            self._server = subprocess.Popen(
                [sys.executable, "-B", _SERVER],
                cwd=self.folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        with contextlib.suppress(BrokenPipeError):
            self._server.stdin.write(json.dumps(jobs) + "\n")
            self._server.stdin.flush()
        line = self._server.stdout.readline()
        if not line:
            # A mistake in the code may stop the process when it begins.
            self.close()
            return [{"code": 1, "said": "", "complaints": "no process"} for _ in jobs]
        outcomes = json.loads(line)
        for outcome in outcomes:
            # How many pictures were encoded depends on the cache; the worker has no such lines.
            outcome["complaints"] = _PROGRESS.sub("", outcome["complaints"])
        return outcomes

    def build(self) -> dict:
        """Build into the output that stays, with the cache that stays."""
        changed = sorted({str(self.path(name)) for name, _data in self._undo})
        more = {"stays": True, "changed": changed} if self.has_preview else {}
        return self.run(self.job(**more))[0]

    def build_with_read_only_cache(self) -> None:
        """Build with a cache that cannot be written; raises DifferenceError, as `check`."""
        folders = [path for path in (self.cache, *self.cache.rglob("*")) if path.is_dir()]
        for folder in folders:
            folder.chmod(0o555)
        outcome = self.run(self.job(respects_permissions=True))[0]
        for folder in folders:
            folder.chmod(0o755)
        expected, tree = self.clean_build()
        if outcome != expected:
            raise DifferenceError(f"{outcome}, not {expected}")
        if lines := differences(read_tree(self.output), tree):
            raise DifferenceError("\n".join(lines))

    def build_while_saved(self, change: int, name: str, text: str) -> None:
        """Build; write a file meanwhile, before the build changes a file for this time."""
        self.write(name, self.path(name).read_bytes())
        self.run(self.job(write_at=change, files={name: text}))

    def clean_build(self) -> tuple[dict, Tree]:
        """Build into a new folder, with a `.cache` that only such builds have filled."""
        clean, kept, output = (self.elsewhere / name for name in ("cache", "kept", "new/output"))
        shutil.rmtree(output.parent, ignore_errors=True)
        clean.mkdir(parents=True, exist_ok=True)
        was_there = self.cache.exists()
        if was_there:
            self.cache.rename(kept)
        clean.rename(self.cache)
        outcome = self.run(self.job(output, without=""))[0]
        self.cache.rename(clean)
        if was_there:
            kept.rename(self.cache)
        outcome["said"] = outcome["said"].replace(str(output), self.output.name)
        return outcome, read_tree(output) if outcome["code"] == 0 else {}

    def forget_clean_cache(self) -> None:
        """Let the next clean build make everything again but the pictures."""
        for path in (self.elsewhere / "cache").iterdir():
            if path.name != "pictures":
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def check(self) -> bool:
        """Build, and compare with a clean build; return whether there was no fault.

        Raises DifferenceError.
        """
        before = read_tree(self.output)
        found = self.build()
        expected, tree = self.clean_build()
        if found != expected:
            lines = (json.dumps(each, indent=1).split("\\n") for each in (found, expected))
            raise DifferenceError("\n".join(difflib.unified_diff(*lines, n=0, lineterm="")))
        present = read_tree(self.output)
        if lines := differences(present, before if found["code"] else tree):
            raise DifferenceError("\n".join(lines))
        return not found["code"]

    def check_and_go_on(self) -> None:
        """Compare, as `check`, whether there is a fault or not."""
        self.check()

    def build_killed(self, change: int) -> None:
        """Kill a build before it changes a file for the `change`th time.

        Raises DifferenceError if what it leaves is neither the old site nor the new.
        """
        before = read_tree(self.output)
        self.run(self.job(kill_at=change))
        present = read_tree(self.output)
        if present != before and (lines := differences(present, self.clean_build()[1])):
            raise DifferenceError("neither the old site nor the new:\n" + "\n".join(lines))
