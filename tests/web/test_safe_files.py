"""Files below a folder: no link is followed whenever it is put there, no write is half done."""

import errno
import os

import pytest

from engine.web import safe_files
from engine.web.refusal import RefusalError
from engine.web.safe_files import SafeFolder, name_problem


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "content/articles").mkdir(parents=True)
    (tmp_path / "content/articles/a.md").write_bytes(b"Un")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/a.md").write_bytes(b"Secret")
    return SafeFolder(tmp_path / "content")


@pytest.mark.parametrize("work", ["read", "write"])
def test_a_link_that_is_swapped_in_between_two_steps_leads_nowhere(
    folder, tmp_path, monkeypatch, work
):
    """The folder is exchanged right after it was opened, and before its file is."""
    articles, outside = folder.folder / "articles", tmp_path / "outside"
    real_open = os.open

    def open_and_swap(path, *arguments, **options):
        opened = real_open(path, *arguments, **options)
        if path == "articles":
            articles.rename(tmp_path / "moved")
            articles.symlink_to(outside)
        return opened

    monkeypatch.setattr(os, "open", open_and_swap)
    if work == "read":
        assert folder.read("articles/a.md") == b"Un"
    else:
        folder.write("articles/a.md", b"Deux", b"Un")
        assert (tmp_path / "moved/a.md").read_bytes() == b"Deux"
    assert (outside / "a.md").read_bytes() == b"Secret"
    assert os.listdir(outside) == ["a.md"]


def test_a_pipe_or_a_device_is_no_file(folder):
    os.mkfifo(folder.folder / "articles/b.md")
    with pytest.raises(RefusalError) as refused:
        folder.read("articles/b.md")
    assert refused.value.status == 404


@pytest.mark.parametrize("call", ["write", "fsync", "rename"])
@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_a_write_that_fails_leaves_the_file_whole_and_nothing_beside_it(
    folder, monkeypatch, call, reason
):
    def fail(*_arguments, **_options):
        raise OSError(reason, os.strerror(reason))

    if call == "write":
        monkeypatch.setattr(safe_files, "_create", fail)
    else:
        monkeypatch.setattr(os, call, fail)
    with pytest.raises(RefusalError) as refused:
        folder.write("articles/a.md", b"Deux", b"Un")
    assert refused.value.status == (500 if reason == errno.EIO else 507)
    monkeypatch.undo()
    assert folder.read("articles/a.md") == b"Un"
    assert folder.names("articles") == ["a.md"]


def test_a_file_that_has_changed_is_not_replaced(folder):
    for before in (b"Autre", None):
        with pytest.raises(RefusalError) as refused:
            folder.write("articles/a.md", b"Deux", before)
        assert refused.value.status == 409
    assert folder.read("articles/a.md") == b"Un"
    folder.write("articles/b.md", b"Deux", None)
    assert folder.names("articles") == ["a.md", "b.md"]


def test_a_name_with_accents_apart_is_found_and_kept(folder):
    apart = "articles/e\u0301te\u0301.md"
    (folder.folder / apart).write_bytes(b"Un")
    assert folder.read("articles/été.md") == b"Un"
    folder.write("articles/été.md", b"Deux", b"Un")
    assert folder.names("articles") == ["a.md", "e\u0301te\u0301.md"]
    assert (folder.folder / apart).read_bytes() == b"Deux"


@pytest.mark.parametrize("name", ["a.md", "été.md", "2026-05 un lieu.md", "a..b.md", "console.md"])
def test_an_ordinary_name_is_taken(name):
    assert name_problem(name) is None


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", ".a.md", "a/b", "a\\b", "a\0b", "a\nb", "a:b", "a*", "CON", "nul.md"),
        *(
            "com1.txt",
            "a.",
            "a ",
            " a",
            "a~",
            "#a#",
            "Thumbs.db",
            "a\u202eb",
            "a\u200bb",
            "é" * 101,
        ),
    ],
)
def test_a_name_that_a_machine_or_a_reader_could_mistake_is_refused(name):
    assert name_problem(name)
