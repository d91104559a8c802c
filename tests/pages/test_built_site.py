"""The built folder as one object: what is read, what is kept, what is written."""

import hashlib

import pytest

from engine.pages.built_site import BuiltSite
from tests.sites import write


def test_files_come_in_the_order_of_their_folders_and_names(tmp_path):
    names = ["a.html", "a/z.txt", "a/b/c.html", "a-b/x.txt"]
    built = BuiltSite(write(tmp_path, dict.fromkeys(names, "")))
    built.write("a/c.svg", b"")
    assert [file.path for file in built] == [
        "a/b/c.html",
        "a/c.svg",
        "a/z.txt",
        "a-b/x.txt",
        "a.html",
    ]
    assert [page.path for page in built.pages] == ["a/b/c.html", "a.html"]


@pytest.mark.parametrize("name", ["a.html", "a.jpg"])
def test_a_file_keeps_the_digest_and_the_size_that_it_was_read_with(tmp_path, name):
    built = BuiltSite(write(tmp_path, {name: "first"}))
    file = built.files[name]
    assert (file.digest, file.size) == (hashlib.sha256(b"first").hexdigest(), 5)
    write(tmp_path, {name: "another"})
    assert file.digest == hashlib.sha256(b"first").hexdigest()
    assert file.content == (b"first" if name == "a.html" else b"another")


@pytest.mark.parametrize("name", ["new/a.html", "new/a.jpg"])
def test_a_file_that_is_written_is_known_without_reading_it(tmp_path, name):
    built = BuiltSite(write(tmp_path, {"b.html": ""}))
    built.write(name, b"bytes")
    assert (tmp_path / name).read_bytes() == b"bytes"
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o644
    (tmp_path / name).unlink()
    file = built.files[name]
    assert (file.digest, file.size) == (hashlib.sha256(b"bytes").hexdigest(), 5)


def test_a_known_digest_is_not_taken_again(tmp_path):
    folder = write(tmp_path, {"a/b.html": "x", "c.html": "x"})
    built = BuiltSite(folder, {"a/b.html": "0f"})
    assert built.files["a/b.html"].digest == "0f"
    assert built.files["c.html"].digest == hashlib.sha256(b"x").hexdigest()
    assert built.write("a/b.html", b"y").digest == hashlib.sha256(b"y").hexdigest()


def test_a_page_that_is_written_again_is_parsed_again(tmp_path):
    built = BuiltSite(write(tmp_path, {"a.html": "<p>"}))
    page = built.files["a.html"]
    assert page.markup is page.markup
    assert len(built.write("a.html", b"<p><b>").markup.elements) == 2


def test_a_file_that_is_removed_is_no_file_of_the_site(tmp_path):
    built = BuiltSite(write(tmp_path, {"a.html": "", "b.html": ""}))
    built.remove("a.html")
    assert [file.path for file in built] == ["b.html"]
    assert not (tmp_path / "a.html").exists()


def test_a_folder_that_was_moved_is_read_where_it_stands(tmp_path):
    built = BuiltSite(write(tmp_path / "new", {"a.jpg": "x"}))
    (tmp_path / "new").rename(tmp_path / "output")
    built.set_folder(tmp_path / "output")
    assert built.files["a.jpg"].content == b"x"


def test_the_text_has_one_kind_of_line_end_and_no_byte_stops_it(tmp_path):
    built = BuiltSite(write(tmp_path, {"a.html": b"a\r\nb\rc \xff"}))
    assert built.files["a.html"].text == "a\nb\nc \ufffd"
