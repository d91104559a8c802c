"""A snapshot of files shows each change, on file systems with coarse clocks too."""

import os

import pytest

from engine import file_states
from engine.file_states import same_content, take_snapshot, take_states
from tests import sites


@pytest.fixture
def coarse(monkeypatch):
    """A file system whose clock has ticks of two seconds, as FAT."""
    exact = file_states.signature

    def rounded(path):
        mode, size, modified, changed, inode = exact(path)
        two = 2_000_000_000
        return mode, size, modified // two * two, changed // two * two, inode

    monkeypatch.setattr(file_states, "signature", rounded)


def changes(folder, change) -> bool:
    before = take_snapshot(str(folder), {})
    change()
    return not same_content(before, take_snapshot(str(folder), before))


@pytest.mark.usefixtures("coarse")
def test_a_second_change_in_one_tick_of_the_clock_shows(tmp_path):
    file = tmp_path / "a.md"
    for text in ("one", "two", "six"):
        assert changes(tmp_path, lambda text=text: file.write_text(text))


@pytest.mark.usefixtures("coarse")
def test_a_name_that_comes_in_the_tick_of_another_shows(tmp_path):
    (tmp_path / "a.md").touch()
    assert changes(tmp_path, (tmp_path / "b.md").touch)


def test_an_old_file_is_not_read_again(tmp_path, monkeypatch):
    sites.write(tmp_path, {"folder/a.md": "one"})
    before = take_snapshot(str(tmp_path), {})
    monkeypatch.setattr(file_states.time, "time_ns", lambda: tmp_path.stat().st_ctime_ns + 10**10)
    before = take_snapshot(str(tmp_path), before)
    monkeypatch.delattr("builtins.open")
    monkeypatch.delattr(os, "listdir")
    assert take_snapshot(str(tmp_path), before) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "a.md").write_text("two"),
        lambda folder: (folder / "a.md").chmod(0o600),
        lambda folder: (folder / "a.md").rename(folder / "b.md"),
        lambda folder: (folder / "a.md").unlink(),
        lambda folder: (folder / "new").mkdir(),
        lambda folder: ((folder / "a.md").unlink(), (folder / "a.md").mkdir()),
        lambda folder: (folder / "folder/b.md").unlink(),
    ],
)
def test_each_change_of_a_folder_shows(tmp_path, change):
    sites.write(tmp_path, {"a.md": "one", "folder/b.md": "two"})
    assert changes(tmp_path, lambda: change(tmp_path))


def test_what_cannot_be_compared_is_never_the_same(tmp_path):
    (tmp_path / "a.md").symlink_to(tmp_path / "b.md")
    (tmp_path / "b.md").write_text("one")
    assert changes(tmp_path, lambda: None)


def test_files_that_come_and_go_have_a_state_while_they_are_there(tmp_path):
    paths = [str(tmp_path / "a.txt")]
    assert take_states(paths, {}) == {}
    (tmp_path / "a.txt").touch()
    assert take_states(paths, {}).keys() == set(paths)


def test_a_folder_that_is_not_there_has_no_state(tmp_path):
    assert take_snapshot(str(tmp_path / "none"), {}) == {}


def test_hidden_names_and_compiled_code_are_left_out_of_inputs_only(tmp_path):
    sites.write(tmp_path, {".a": "", "__pycache__/b.pyc": "", "c.md": ""})
    assert take_snapshot(str(tmp_path), {}, hidden=False).keys() == {"", "c.md"}
    assert len(take_snapshot(str(tmp_path), {})) == 5
