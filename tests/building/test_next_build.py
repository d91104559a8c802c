"""The build after a build: what it leaves, what it puts right, what it never takes for granted."""

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import sample_content, sites
from tests.sites import article, header

PAGE = "actualites/une-nouvelle/index.html"


# Two processes of tests may not share a picture in the cache, since a test writes into it. A share
# card shows the name of the site in its language.
PHOTO = sites.photo(500, 300, comment=str(os.getpid()))


def settings(owner: str) -> str:
    typed = sites.settings(name=owner)
    return re.sub("(Un nom|A name)$", rf"\1 {os.getpid()}", typed, flags=re.MULTILINE)


FILES = {
    "site.yml": settings("Une personne"),
    "articles/a.md": article(body="![Un lavoir](/images/a.jpg)\n\n[Le plan](/files/plan.txt)"),
    "articles/b.md": article("Deuxième", body="[La première](a.md)", aliases="[/ancien/]"),
    "articles/b.en.md": header(title="Second") + "A text.\n",
    "pages/projects/p.md": sites.project(),
    "images/a.jpg": PHOTO,
    "files/plan.txt": "Le plan.\n",
}


@dataclass(frozen=True)
class Writer:
    """Someone who writes a site and builds it; `output` is what they look at."""

    content: Path
    output: Path

    def build(self, **environment: str) -> str:
        """Build as `./inv build` does, and return what it said."""
        built = sites.build(self.content, self.output, **environment)
        assert built.code == 0, built.complaints
        return built.said

    def build_with_fault(self) -> str:
        """Build, and return what was complained of."""
        built = sites.build(self.content, self.output)
        assert built.code == 1
        return built.complaints

    def write(self, path: str, text: str | bytes) -> None:
        sites.write(self.content, {path: text})

    def files(self) -> dict[str, bytes]:
        return read(self.output)

    def clean_build(self, **environment: str) -> dict[str, bytes]:
        """The files of a build that knows of no other."""
        with_no_record = self.output.with_name("clean")
        built = sites.build(self.content, with_no_record, **environment)
        assert built.code == 0, built.complaints
        files = read(with_no_record)
        shutil.rmtree(with_no_record)
        shutil.rmtree(record_of(with_no_record))
        return files


def record_of(output: Path) -> Path:
    return output.with_name(f".{output.name}.build")


def read(folder: Path) -> dict[str, bytes]:
    """The bytes of each file, and b"" for each folder, by path with its mode."""
    return {
        f"{path.relative_to(folder)} {path.lstat().st_mode:o}": (
            path.read_bytes() if path.is_file() else b""
        )
        for path in folder.rglob("*")
    }


def identities(folder: Path) -> dict[str, tuple[int, int]]:
    """The inode of each file and folder, and when it was written, by path."""
    return {
        str(path): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in (folder, *folder.rglob("*"))
    }


def writer_of(folder: Path) -> Writer:
    return Writer(sites.write(folder / "content", FILES), folder / "output")


@pytest.fixture
def writer(tmp_path):
    """A writer who has built the site once."""
    writer = writer_of(tmp_path)
    writer.build()
    return writer


@pytest.fixture(scope="module")
def looked_after(tmp_path_factory):
    """A writer whose site each test leaves as it was."""
    writer = writer_of(tmp_path_factory.mktemp("site"))
    writer.build()
    # From now on, there is a folder to exchange the output with.
    writer.write("articles/c.md", article("Troisième"))
    writer.build()
    (writer.content / "articles/c.md").unlink()
    writer.build()
    return writer


def ask_fingerprint(writer: Writer, **environment: str) -> subprocess.CompletedProcess:
    """Ask what `inv` asks before a build: whether it would change nothing."""
    code = "import sys; sys.path[0] = sys.argv[1]; from engine.building import fingerprint; "
    code += "code = fingerprint.main(); print(*sys.modules, file=sys.stderr); sys.exit(code)"
    variables = {"SITE_CONTENT": str(writer.content), "SITE_OUTPUT": str(writer.output)}
    return subprocess.run(
        [sys.executable, "-S", "-c", code, str(sites.ROOT)],
        cwd=sites.ROOT,
        env={**os.environ, **variables, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


# --- Nothing changed -----------------------------------------------------------------------------


def test_without_a_change_nothing_is_written_and_the_build_says_the_same(writer):
    # A folder for the next build may be prepared, but not taken.
    said = writer.build()
    before = identities(writer.output)
    assert writer.build() == said
    assert identities(writer.output) == before


def test_without_a_change_no_package_is_loaded_and_inv_says_what_the_build_said(writer):
    said = writer.build()
    asked = ask_fingerprint(writer)
    assert (asked.returncode, asked.stdout) == (0, said)
    loaded = set(asked.stderr.split())
    assert not loaded & {"pelican", "invoke", "pathlib", "re", "typing", "dataclasses"}


@pytest.mark.parametrize(
    "environment",
    [{"SITE_URL": "https://example.org/blog"}, {"SITE_MESSAGES": "fr"}, {"SITE_OUTPUT": "else"}],
)
def test_another_setting_of_the_environment_asks_for_a_build(writer, tmp_path, environment):
    if "SITE_OUTPUT" in environment:
        environment = {"SITE_OUTPUT": str(tmp_path / "else")}
    assert ask_fingerprint(writer).returncode == 0
    assert ask_fingerprint(writer, **environment).returncode == 1


def test_a_new_address_of_the_site_is_on_every_page_and_so_is_the_old_one_again(writer):
    before = writer.files()
    moved = {"SITE_URL": "https://example.org/blog"}
    writer.build(**moved)
    assert writer.files() == writer.clean_build(**moved)
    writer.build()
    assert writer.files() == before


def test_the_next_day_asks_for_a_build_in_the_time_zone_of_the_site(writer):
    code = """
        import sys
        sys.path[0] = sys.argv[1]
        from engine.building import fingerprint
        last = fingerprint.load(fingerprint.output_folder())
        begin, end = last.day
        for moment in (begin - 1, begin, end - 1, end):
            fingerprint.time.time = lambda: moment
            print(fingerprint.words_if_unchanged(fingerprint.output_folder()) is not None)
        print(end - begin)
    """
    variables = {"SITE_CONTENT": str(writer.content), "SITE_OUTPUT": str(writer.output)}
    said = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(sites.ROOT)],
        cwd=sites.ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert said[:4] == ["False", "True", "True", "False"]
    assert float(said[4]) == 24 * 60 * 60


def test_a_touched_file_without_a_change_changes_nothing(writer):
    writer.build()
    before = identities(writer.output)
    for path in writer.content.rglob("*"):
        os.utime(path)
    assert ask_fingerprint(writer).returncode == 0
    writer.build()
    assert identities(writer.output) == before


def test_a_change_of_the_same_size_in_the_same_instant_is_built(writer):
    path = writer.content / "articles/a.md"
    for words in ("Mot un", "Mot xy"):
        text = path.read_text("utf-8").replace("Un lavoir", "Un lavoir").replace("Mot un", "Mot xy")
        was = path.stat()
        path.write_text(text if words in text else f"{text}\n{words}\n", "utf-8")
        if words == "Mot xy":
            assert path.stat().st_size == was.st_size
            os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
        writer.build()
        assert words.encode() in (writer.output / PAGE).read_bytes()


# --- A change ------------------------------------------------------------------------------------


CHANGES = {
    "a text": lambda content: (content / "articles/a.md").write_text(article(body="Autre chose.")),
    "a title": lambda content: (content / "articles/a.md").write_text(
        article("Autre", slug="une-nouvelle")
    ),
    "an address": lambda content: (content / "articles/a.md").write_text(article("Ailleurs")),
    "a new text": lambda content: (content / "articles/c.md").write_text(article("Troisième")),
    "a text removed": lambda content: (content / "articles/b.en.md").unlink(),
    "a draft": lambda content: (content / "articles/b.md").write_text(
        article("Deuxième", status="draft")
    ),
    "a photo": lambda content: (content / "images/a.jpg").write_bytes(sites.photo(640, 400)),
    "a linked file": lambda content: (content / "files/plan.txt").write_text("Un autre plan.\n"),
    "the settings": lambda content: (content / "site.yml").write_text(settings("Une autre")),
    "a theme": lambda content: (content / "themes.yml").write_text("bois: wood\n"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_build_after_a_change_is_that_of_a_clean_build_and_so_is_the_one_after_its_undoing(
    looked_after, change
):
    before, saved = looked_after.files(), read(looked_after.content)
    change(looked_after.content)
    assert ask_fingerprint(looked_after).returncode == 1
    looked_after.build()
    assert looked_after.files() == looked_after.clean_build()
    shutil.rmtree(looked_after.content)
    sites.write(looked_after.content, FILES)
    assert read(looked_after.content) == saved
    looked_after.build()
    assert looked_after.files() == before


def test_what_has_not_changed_stays_the_same_file(looked_after):
    before = identities(looked_after.output)
    CHANGES["a linked file"](looked_after.content)
    looked_after.build()
    after = identities(looked_after.output)
    changed = {
        str(path.relative_to(looked_after.output))
        for path in map(Path, after)
        if path.is_file() and before[str(path)] != after[str(path)]
    }
    assert changed == {"files/plan.txt", "version.txt"}
    looked_after.write("files/plan.txt", FILES["files/plan.txt"])
    looked_after.build()


def test_a_fault_leaves_the_site_and_the_next_build_is_right(writer):
    before = identities(writer.output)
    writer.write("articles/a.md", article(body="[Rien](rien.md)"))
    assert "rien.md" in writer.build_with_fault()
    assert identities(writer.output) == before
    writer.write("articles/a.md", article(body="Autre."))
    writer.build()
    assert writer.files() == writer.clean_build()


def test_a_translation_whose_original_has_gone_is_a_fault_though_it_did_not_change(writer):
    (writer.content / "articles/b.md").unlink()
    assert "articles/b.en.md" in writer.build_with_fault()
    writer.write("articles/b.md", FILES["articles/b.md"])
    writer.build()
    assert writer.files() == writer.clean_build()


def test_a_link_to_a_text_that_comes_or_goes_is_noticed_in_the_text_that_did_not_change(writer):
    (writer.content / "articles/a.md").unlink()
    assert "articles/b.md:6: link: a.md leads to no file" in writer.build_with_fault()
    writer.write("articles/a.md", article(status="draft"))
    writer.build()
    assert writer.files() == writer.clean_build()
    writer.write("articles/a.md", FILES["articles/a.md"])
    writer.build()
    assert writer.files() == writer.clean_build()


@pytest.mark.slow
def test_a_folder_that_the_settings_name_instead_is_read_by_each_build(copy):
    settings = copy.folder / "pelicanconf.py"
    sites.write(copy.folder / "texts", {"articles/a.md": article(body="Le premier.")})
    shutil.copytree(copy.folder / "theme", copy.folder / "other")
    template = copy.folder / "other/templates/article.html"
    changed = settings.read_text("utf-8").replace("str(content_folder())", 'str(ROOT / "texts")')
    changed = changed.replace('str(ROOT / "theme")', 'str(ROOT / "other")')
    settings.write_text(changed, "utf-8")
    page = copy.folder / "output" / PAGE
    copy.runs("./inv build")
    assert "Le premier." in page.read_text("utf-8")
    sites.write(copy.folder / "texts", {"articles/a.md": article(body="Le second.")})
    copy.runs("./inv build")
    assert "Le second." in page.read_text("utf-8")
    with_mark = template.read_text("utf-8").replace("<header>", "<header><i>mine</i>", 1)
    template.write_text(with_mark, "utf-8")
    copy.runs("./inv build")
    assert "<i>mine</i>" in page.read_text("utf-8")


# --- The output is altered by hand ---------------------------------------------------------------


def keep_size_and_time(path: Path) -> None:
    was = path.stat()
    path.write_bytes(path.read_bytes().replace(b"lavoir", b"chemin"))
    assert path.stat().st_size == was.st_size
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))


def alter_picture(output: Path) -> None:
    # It may be a link to the file of the cache.
    for path in (output / "images").iterdir():
        with path.open("ab") as file:
            file.write(b"more")


def alter_card(output: Path) -> None:
    for path in output.rglob("*.png"):
        with path.open("ab") as file:
            file.write(b"more")


def link_instead(output: Path) -> None:
    (output / PAGE).rename(output / "moved.html")
    (output / PAGE).symlink_to(output / "moved.html")


ALTERATIONS = {
    "a longer page": lambda output: (output / PAGE).write_text("mine"),
    "a page of the same size and time": lambda output: keep_size_and_time(output / PAGE),
    "no page": lambda output: (output / PAGE).unlink(),
    "no folder": lambda output: shutil.rmtree(output / "actualites"),
    "a file more": lambda output: (output / "mine.html").write_text("mine"),
    "a hidden file more": lambda output: (output / ".mine").write_text("mine"),
    "a folder more": lambda output: sites.write(output, {"mine/a/index.html": "mine"}),
    "an empty folder more": lambda output: (output / "mine").mkdir(),
    "a file for a folder": lambda output: (
        shutil.rmtree(output / "actualites"),
        (output / "actualites").write_text("mine"),
    ),
    "a folder for a file": lambda output: (
        (output / "sitemap.xml").unlink(),
        (output / "sitemap.xml").mkdir(),
    ),
    "other permissions": lambda output: (output / PAGE).chmod(0o600),
    "other permissions of a folder": lambda output: (output / "actualites").chmod(0o700),
    "a link": link_instead,
    "a photo": alter_picture,
    "a share card": alter_card,
    "a copied file": lambda output: (output / "files/plan.txt").write_text("mine"),
    "another version": lambda output: (output / "version.txt").write_text("mine"),
    "no output": shutil.rmtree,
}


@pytest.mark.parametrize("alter", ALTERATIONS.values(), ids=ALTERATIONS)
def test_an_output_that_was_altered_by_hand_is_put_right(looked_after, alter):
    before = looked_after.files()
    assert ask_fingerprint(looked_after).returncode == 0
    alter(looked_after.output)
    assert ask_fingerprint(looked_after).returncode == 1
    looked_after.build()
    assert looked_after.files() == before


def test_the_folder_of_the_site_before_is_put_right_too(looked_after):
    before = looked_after.files()
    for path in record_of(looked_after.output).glob("tree/**/*.html"):
        if not path.samefile(
            looked_after.output / path.relative_to(record_of(looked_after.output) / "tree")
        ):
            path.write_text("mine")
    sites.write(record_of(looked_after.output) / "tree", {"mine/a.html": "mine"})
    looked_after.write("articles/c.md", article("Troisième"))
    looked_after.build()
    assert looked_after.files() == looked_after.clean_build()
    (looked_after.content / "articles/c.md").unlink()
    looked_after.build()
    assert looked_after.files() == before


# --- The record ----------------------------------------------------------------------------------


def records(writer: Writer) -> list[Path]:
    return [path for path in record_of(writer.output).iterdir() if path.is_file()]


def cut(path: Path, length: int) -> None:
    with path.open("ab") as file:
        file.truncate(length)


SPOILED = {
    "empty": lambda path: cut(path, 0),
    "cut": lambda path: cut(path, max(0, path.stat().st_size - 9)),
    "altered": lambda path: path.write_bytes(path.read_bytes()[:-9] + b"123456789"),
    "foreign": lambda path: path.write_bytes(b"a file of something else"),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "removed": Path.unlink,
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_a_spoiled_record_costs_time_only(looked_after, spoil):
    before = looked_after.files()
    for path in records(looked_after):
        spoil(path)
    assert ask_fingerprint(looked_after).returncode == 1
    looked_after.write("articles/c.md", article("Troisième"))
    looked_after.build()
    assert looked_after.files() == looked_after.clean_build()
    (looked_after.content / "articles/c.md").unlink()
    looked_after.build()
    assert looked_after.files() == before
    shutil.rmtree(record_of(looked_after.output))
    looked_after.build()
    assert looked_after.files() == before
    assert ask_fingerprint(looked_after).returncode == 0


def test_no_other_user_can_read_the_record_which_holds_drafts(looked_after):
    assert stat.S_IMODE(record_of(looked_after.output).stat().st_mode) == 0o700


OTHERS = {
    "writable by others": lambda folder: folder.chmod(0o777),
    "a link": lambda folder: folder.symlink_to(folder.rename(folder.with_name("elsewhere"))),
    "a file": lambda folder: (shutil.rmtree(folder), folder.write_text("of others")),
    "of another user": lambda folder: os.chown(folder, 65534, 65534),
}


@pytest.mark.parametrize("change", OTHERS)
def test_a_record_into_which_others_can_have_written_is_not_read(writer, change):
    """What a record holds can run code: https://docs.python.org/3/library/pickle.html."""
    if change == "of another user" and os.getuid():
        pytest.skip("NOT TESTED: only root may give a folder away")
    folder = record_of(writer.output)
    OTHERS[change](folder)
    assert ask_fingerprint(writer).returncode == 1
    writer.write("articles/a.md", article(body="Autre chose."))
    writer.build()
    assert writer.files() == writer.clean_build()
    assert stat.S_IMODE(folder.lstat().st_mode) == 0o700
    assert folder.lstat().st_uid == os.getuid()
    assert ask_fingerprint(writer).returncode == 0


def test_builds_that_fail_leave_one_file_of_texts_beside_the_record(writer):
    before = len(records(writer))
    for number in range(3):
        writer.write("images/a.jpg", PHOTO[: 900 + number])
        assert "images/a.jpg" in writer.build_with_fault()
    # The texts of the last one, and their checksum.
    assert len(records(writer)) <= before + 2
    writer.write("images/a.jpg", PHOTO)
    writer.write("articles/b.md", article("Autre chose"))
    writer.build()
    assert len(records(writer)) == before


def test_a_moved_site_with_its_record_is_not_taken_for_the_site_before(looked_after, tmp_path):
    other = Writer(sites.write(tmp_path / "content", FILES), tmp_path / "output")
    other.write("articles/a.md", article(body="Autre chose."))
    shutil.copytree(looked_after.output, other.output)
    shutil.copytree(record_of(looked_after.output), record_of(other.output))
    assert ask_fingerprint(other).returncode == 1
    other.build()
    assert other.files() == other.clean_build()


def test_two_builds_at_once_end_with_the_site_of_the_last_change(writer):
    variables = {"SITE_CONTENT": str(writer.content), "SITE_OUTPUT": str(writer.output)}
    processes = []
    for number in range(3):
        writer.write("articles/a.md", article(body=f"Version {number}."))
        processes.append(
            subprocess.Popen(
                [sys.executable, "-m", "engine.building.site"],
                cwd=sites.ROOT,
                env={**os.environ, **variables},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
    for process in processes:
        _said, complaints = process.communicate()
        assert process.returncode == 0, complaints
    writer.build()
    assert writer.files() == writer.clean_build()


# Replaces a function by one that kills the main process at its call of a number, or after it.
_KILL = """
import os, signal, sys
sys.path.insert(0, {root!r})
from engine.building import build_record, fingerprint, pelican_run, site, swap

def kill_at(module, name, call, after):
    function, calls, main = getattr(module, name), [], os.getpid()
    def replaced(*arguments, **options):
        if os.getpid() != main:
            return function(*arguments, **options)
        calls.append(1)
        if len(calls) == call and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = function(*arguments, **options)
        if len(calls) == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer
    setattr(module, name, replaced)

kill_at({module}, {name!r}, {call}, {after})
sys.exit(site.main())
"""
MOMENTS = [
    ("site", "run_pelican", 1, False),
    ("site", "run_pelican", 1, True),
    ("swap", "_change", 1, False),
    ("swap", "_link_or_copy", 1, True),
    ("swap", "_link_or_copy", 3, True),
    ("swap", "replace", 1, False),
    ("swap", "replace", 1, True),
    ("fingerprint", "write_into", 1, False),
    ("fingerprint", "write_into", 1, True),
    ("build_record", "_have_stayed", 1, True),
    ("build_record.pickle", "dump", 1, True),
]


@pytest.mark.parametrize(("module", "name", "call", "after"), MOMENTS)
def test_a_build_killed_at_any_moment_leaves_a_whole_site_and_the_next_build_is_right(
    looked_after, module, name, call, after
):
    old = looked_after.files()
    # What a build links is what the last one changed.
    looked_after.write("site.yml", settings("Une autre"))
    looked_after.build()
    middle = looked_after.files()
    assert middle != old
    kept = records(looked_after)
    looked_after.write("articles/a.md", article(body="Autre chose."))
    new = looked_after.clean_build()
    code = _KILL.format(root=str(sites.ROOT), module=module, name=name, call=call, after=after)
    variables = {"SITE_CONTENT": str(looked_after.content), "SITE_OUTPUT": str(looked_after.output)}
    temporary = looked_after.output.with_name("temporary")
    temporary.mkdir(exist_ok=True)
    variables["TMPDIR"] = str(temporary)
    killed = subprocess.run(
        [sys.executable, "-c", code],
        cwd=sites.ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert looked_after.files() in (middle, new)
    assert not list(temporary.iterdir())
    looked_after.build()
    assert looked_after.files() == new
    sites.write(looked_after.content, FILES)
    looked_after.build()
    assert looked_after.files() == old
    assert len(records(looked_after)) == len(kept), "nothing is left of the killed build"


def flip_a_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


CORRUPTIONS = {
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: cut(path, path.stat().st_size // 2),
    "one bit": flip_a_byte,
}


@pytest.mark.slow
def test_a_corrupt_cache_costs_time_only(copy, tmp_path):
    content = sites.write(tmp_path / "content", FILES)
    build = f"SITE_CONTENT={content} SITE_OUTPUT={tmp_path}/output ./inv build"
    copy.runs(build)
    before = read(tmp_path / "output")
    names = [path.name for path in (copy.folder / ".cache").iterdir()]
    assert set(names) >= {"cards", "pictures", "stems-fr.json", "templates"}
    for corrupt in CORRUPTIONS.values():
        for path in (copy.folder / ".cache").rglob("*"):
            if path.is_file():
                corrupt(path)
        shutil.rmtree(record_of(tmp_path / "output"))
        shutil.rmtree(tmp_path / "output")
        copy.runs(build)
        assert read(tmp_path / "output") == before


@pytest.mark.slow
def test_without_a_place_for_the_cache_the_build_takes_longer_only(copy, tmp_path):
    content = sites.write(tmp_path / "content", FILES)
    (copy.folder / ".cache").write_text("not a folder")
    copy.runs(f"SITE_CONTENT={content} SITE_OUTPUT={tmp_path}/output ./inv build")
    built = sites.build(content, tmp_path / "other")
    assert built.code == 0
    assert read(tmp_path / "output") == read(tmp_path / "other")
    assert (copy.folder / ".cache").read_text() == "not a folder"


# --- What a build reads --------------------------------------------------------------------------

_NOTE_READS = """
import json, os, sys
found = set()
def note(event, arguments):
    if event not in ("open", "os.listdir", "os.scandir"):
        return
    path, *more = arguments
    if not isinstance(path, (str, os.PathLike)):
        return
    path = os.fspath(path)
    # What os.open, which has no mode, is told relatively is below another folder (`dir_fd`).
    if event == "open" and (more[0] is None and not os.path.isabs(path)):
        return
    if event == "open" and more[1] & os.O_ACCMODE == os.O_WRONLY:
        return
    found.add(os.path.abspath(path))
sys.addaudithook(note)
sys.path.insert(0, {root!r})
from engine.building import fingerprint, site
assert site.main() == 0
last = fingerprint.load(fingerprint.output_folder())
inputs = [os.path.join(folder, path) for folder, paths in last.inputs.items() for path in paths]
print(json.dumps([sorted(found), [os.path.normpath(path) for path in inputs]]))
"""
# Results of other builds, which their names or their contents tell from outdated ones; installed
# packages, whose versions are in the names of their folder.
_NOT_INPUTS = (".cache/", ".venv/")


def test_all_that_a_build_reads_is_an_input_of_its_record(tmp_path):
    content = sites.write(tmp_path / "content", sample_content.full_site())
    output = tmp_path / "output"
    variables = {"SITE_CONTENT": str(content), "SITE_OUTPUT": str(output)}
    done = subprocess.run(
        [sys.executable, "-c", _NOTE_READS.format(root=str(sites.ROOT))],
        cwd=sites.ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        # One process makes everything, so that its hook sees everything.
        preexec_fn=lambda: os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}),
    )
    assert done.returncode == 0, done.stderr
    found, inputs = json.loads(done.stdout.splitlines()[-1])
    assert str(content / "articles") in inputs
    assert f"{sites.ROOT}/theme/templates/base.html" in inputs
    places = (f"{sites.ROOT}/", f"{content}/")
    own = [f"{sites.ROOT}/{name}" for name in _NOT_INPUTS]
    missing = [
        path
        for path in found
        if path.startswith(places) and not path.startswith(tuple(own)) and "__pycache__" not in path
    ]
    # A file that is not there is missing in the names of its folder, which is an input.
    read = {path if Path(path).exists() else str(Path(path).parent) for path in missing}
    # The project's own folder is listed for the names of the locks alone.
    assert read - set(inputs) <= {str(sites.ROOT)}
