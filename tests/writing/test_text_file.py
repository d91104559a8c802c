"""How a new file comes to be: asked for at a terminal, written whole, opened in the editor."""

import os
import shlex
import stat
import subprocess
import sys

import pytest

from engine.faults import FaultsError
from engine.texts.partial_dates import present_day
from engine.writing import new_text, text_file
from pelicanconf import TIMEZONE
from tests import sites
from tests.sites import article

MONTH = f"{present_day(TIMEZONE):%Y-%m}"


@pytest.mark.parametrize("command", ["article", "project", "page", "translate"])
def test_without_a_terminal_a_command_says_what_it_lacks(writer, command):
    done = writer.types(command)
    what = "file" if command == "translate" else "title"
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{command}: {what}: it is missing; write it after the name")


def at_terminal(writer, *words: str, typed: bytes) -> tuple[int, str]:
    """Run a command at a terminal where `typed` is typed; its exit code and what is seen there."""
    master, slave = os.openpty()
    process = subprocess.Popen(
        writer.command(*words),
        cwd=writer.content.parent,
        env=writer.environment(),
        stdin=slave,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    seen = b""
    while not seen.endswith(b": "):
        seen += os.read(master, 1024)
    os.write(master, typed)
    try:
        while chunk := os.read(master, 1024):
            seen += chunk
    except OSError:  # Linux's way to say that nobody is there any more
        pass
    os.close(master)
    return process.wait(), seen.decode()


def test_at_a_terminal_the_title_is_asked_for(writer):
    code, seen = at_terminal(writer, "article", typed="L’été à pied\n".encode())
    assert code == 0, seen
    assert seen.startswith("title: ")
    assert f"content/articles/{MONTH}-l-ete-a-pied.md" in seen
    assert 'title: "L’été à pied"' in writer.reads(f"articles/{MONTH}-l-ete-a-pied.md")


def test_at_a_terminal_the_file_to_translate_is_asked_for(writer):
    writer.has({"articles/a.md": article("A")})
    code, seen = at_terminal(writer, "translate", typed=b"content/articles/a.md\n")
    assert code == 0, seen
    assert "content/articles/a.en.md" in seen


@pytest.mark.parametrize("typed", [b"\n", b"\x04"])
def test_at_a_terminal_no_answer_makes_no_file(writer, typed):
    code, seen = at_terminal(writer, "page", typed=typed)
    assert code == 1
    assert "page: title: it is missing" in seen
    assert writer.files() == []


def test_the_editor_is_given_its_own_arguments_and_the_path(writer, tmp_path):
    sites.write(tmp_path, {"my editor.py": "import sys; print('editor', sys.argv[1:])"})
    editor = shlex.join([sys.executable, str(tmp_path / "my editor.py"), "--wait", "a b"])
    done = writer.types("page", "Un titre", EDITOR="false", VISUAL=editor)
    assert done.returncode == 0, done.stderr
    path = str(writer.content / "pages" / "un-titre.md")
    assert done.stdout.splitlines()[-1] == f"editor {['--wait', 'a b', path]}"


@pytest.mark.parametrize(
    ("editor", "words"),
    [
        ("no-such-editor", "could not be started"),
        ('nano "-w', "could not be started"),
        ("false", "ended with 1"),
    ],
)
def test_an_editor_that_fails_is_told_and_the_file_stays(writer, editor, words):
    done = writer.types("page", "Un titre", EDITOR=editor)
    assert done.returncode == 1
    assert f"content/pages/un-titre.md: editor: the editor “{editor}” {words}" in done.stderr
    assert writer.files() == ["content/pages/un-titre.md"]


def test_a_new_file_has_the_usual_rights(writer):
    done = subprocess.run(
        writer.command("page", "Un titre"),
        cwd=writer.content.parent,
        env=writer.environment(),
        umask=0o027,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    mode = (writer.content / "pages" / "un-titre.md").stat().st_mode
    assert stat.S_IMODE(mode) == 0o640


def test_a_folder_that_leads_out_of_the_content_is_refused(writer, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (writer.content / "pages").symlink_to(tmp_path / "elsewhere")
    done = writer.types("project", "Un titre")
    assert done.returncode == 1
    assert "it is a symbolic link out of content; put the folder itself" in done.stderr
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_file_in_the_folders_place_is_told(writer):
    writer.has({"pages": "not a folder"})
    done = writer.types("page", "Un titre")
    assert done.returncode == 1
    assert "content/pages/un-titre.md: file: it cannot be written (" in done.stderr


def test_a_content_folder_that_is_not_there_is_told(writer):
    done = writer.types("article", "Un titre", SITE_CONTENT="nowhere")
    assert (done.returncode, writer.files()) == (1, [])
    assert "nowhere: content: there is no such folder" in done.stderr


def test_a_disk_that_fails_leaves_no_half_file(tmp_path, monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setenv("SITE_CONTENT", str(tmp_path))
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FaultsError, match=r"it cannot be written .No space left on device.; free"):
        new_text.start_text("page", "Un titre")
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_where_a_disk_has_no_links_the_file_is_made_all_the_same(tmp_path, monkeypatch):
    def refused(_draft, _path):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setenv("SITE_CONTENT", str(tmp_path))
    monkeypatch.setattr(os, "link", refused)
    made = new_text.start_text("page", "Un titre")
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [made.path]


def test_a_file_made_meanwhile_by_another_is_kept(tmp_path):
    path = sites.write(tmp_path, {"pages/a.md": "Les mots d’un autre."}) / "pages" / "a.md"
    with pytest.raises(FaultsError, match=r"a\.md: file: it exists already; open it"):
        text_file.create(path, "Les miens.", tmp_path)
    assert path.read_text("utf-8") == "Les mots d’un autre."
    assert list(path.parent.iterdir()) == [path]
