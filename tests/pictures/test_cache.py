"""Files are made once, kept, and put into each site."""

import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from engine.faults import ProblemError
from engine.pictures import cache, encoding, reading
from engine.pictures.cache import encode, encode_all
from engine.pictures.cached_files import CheckedFile
from engine.pictures.inspection import inspect
from engine.pictures.variants import variants
from tests import sites
from tests.pictures.samples import photo, quarters, save


def pictures_of(cache: Path) -> list[Path]:
    """The encoded pictures of a cache, without their checksums."""
    return sorted(path for path in cache.iterdir() if path.suffix != ".crc32")


def test_a_second_build_makes_nothing(tmp_path, monkeypatch):
    picture = inspect(save(quarters(), tmp_path / "a.jpg"))
    cache, output = tmp_path / "cache", tmp_path / "output"
    assert encode(picture, cache, output) == len(variants(picture))
    before = {path: path.stat() for path in cache.iterdir()}
    monkeypatch.setattr(encoding, "decode_pixels", None)
    assert encode(picture, cache, output) == 0
    said = []
    assert encode_all([picture, picture], cache, tmp_path / "other", said.append) == []
    assert {path: path.stat().st_mtime_ns for path in cache.iterdir()} == {
        path: stat.st_mtime_ns for path, stat in before.items()
    }
    assert said == []
    assert all((tmp_path / "other" / file.name).is_file() for file in variants(picture))


@pytest.mark.slow
def test_two_caches_hold_the_same_bytes(tmp_path):
    picture = inspect(save(photo(), tmp_path / "a.jpg"))
    for name in ("one", "two"):
        encode(picture, tmp_path / name)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes(), file.name


def test_only_what_the_cache_lacks_is_made_again(tmp_path):
    picture = inspect(save(quarters(), tmp_path / "a.jpg"))
    encode(picture, tmp_path / "cache")
    encoded = list(pictures_of(tmp_path / "cache"))
    whole = [path.read_bytes() for path in encoded]
    encoded[0].unlink()
    encoded[1].write_bytes(b"")
    encoded[2].write_bytes(whole[2][:-1] + b"x")
    assert encode(picture, tmp_path / "cache", tmp_path / "output") == 3
    assert [path.read_bytes() for path in encoded] == whole


def test_another_disk_gets_copies(tmp_path, monkeypatch):
    def refuse(*_arguments):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    picture = inspect(save(quarters(), tmp_path / "a.jpg"))
    encode(picture, tmp_path / "cache", tmp_path / "output")
    for file in variants(picture):
        cached = tmp_path / "cache" / Path(file.name).name
        assert (tmp_path / "output" / file.name).read_bytes() == cached.read_bytes()


def test_a_build_that_is_stopped_leaves_no_half_file(tmp_path, monkeypatch):
    picture = inspect(save(quarters(), tmp_path / "a.jpg"))
    write, written = CheckedFile.write, []

    def stop_in_the_third(file, data):
        written.append(file)
        if len(written) == 3:
            write(file, data[: len(data) // 2])
            raise KeyboardInterrupt
        write(file, data)

    with monkeypatch.context() as patch:
        patch.setattr(CheckedFile, "write", stop_in_the_third)
        with pytest.raises(KeyboardInterrupt):
            encode(picture, tmp_path / "cache")
    assert len(pictures_of(tmp_path / "cache")) == 2
    for path in pictures_of(tmp_path / "cache"):
        with Image.open(path) as image:
            image.load()
    assert encode(picture, tmp_path / "cache") == len(variants(picture)) - 2


def test_a_picture_that_changes_during_the_build_does_not_spoil_the_cache(tmp_path):
    picture = inspect(save(quarters(), tmp_path / "a.jpg"))
    save(quarters(size=(500, 400)), tmp_path / "a.jpg")
    with pytest.raises(ProblemError, match="it was changed during the build; build again"):
        encode(picture, tmp_path / "cache")
    (tmp_path / "a.jpg").unlink()
    [(_picture, problem, _remedy)] = encode_all(
        [picture], tmp_path / "cache", say=lambda _line: None
    )
    assert str(problem).startswith("it cannot be read (")
    assert not (tmp_path / "cache").exists()


def test_a_build_that_is_killed_leaves_no_half_file_under_a_file_s_name(tmp_path):
    path = save(quarters(), tmp_path / "a.jpg")
    code = (
        "import os, sys; from pathlib import Path\n"
        "from engine.pictures.cache import encode\n"
        "from engine.pictures.inspection import inspect\n"
        "Path.replace = lambda *_: os._exit(9)\n"
        "encode(inspect(Path(sys.argv[1])), Path(sys.argv[2]))"
    )
    root = sites.ROOT
    command = [sys.executable, "-c", code, str(path), str(tmp_path / "cache")]
    assert subprocess.run(command, cwd=root, check=False).returncode == 9
    assert all(path.name.startswith(".") for path in (tmp_path / "cache").iterdir())
    picture = inspect(path)
    assert encode(picture, tmp_path / "cache", tmp_path / "output") == len(variants(picture))


def test_what_no_build_has_used_for_90_days_goes(tmp_path):
    cache = tmp_path / "cache"
    used = inspect(save(quarters(), tmp_path / "a.jpg"))
    encode(used, cache)
    encode(inspect(save(quarters(size=(300, 150)), tmp_path / "b.jpg")), cache)
    (cache / ".half").write_bytes(b"")
    old = time.time() - 91 * 86_400
    for path in cache.iterdir():
        os.utime(path, (old, old))
    encode_all([used], cache)
    names = {Path(file.name).name for file in variants(used)}
    assert {path.name for path in pictures_of(cache)} == names
    assert len(list(cache.iterdir())) == 2 * len(names)
    assert all(path.stat().st_mtime > old + 86_400 for path in cache.iterdir())


def test_what_another_build_takes_away_meanwhile_stops_nothing(tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    cache.mkdir()
    for name in (".half.jpg.1", "old.jpg"):
        (cache / name).write_bytes(b"x")
        os.utime(cache / name, (0, 0))
    found = list(cache.iterdir())
    (cache / ".half.jpg.1").unlink()
    monkeypatch.setattr(Path, "iterdir", lambda _folder: iter(found))
    assert encode_all([], cache) == []
    assert not (cache / "old.jpg").exists()


def test_many_pictures_are_made_with_a_line_for_each_tenth(tmp_path):
    paths = [
        save(quarters(size=(100 + n, 50)), tmp_path / f"p{n}.jpg", quality=80) for n in range(20)
    ]
    said = []
    chosen = [inspect(path) for path in paths]
    assert encode_all(chosen, tmp_path / "cache", tmp_path / "output", said.append) == []
    assert said == [f"pictures: {count} of 20" for count in range(0, 21, 2)]
    named = {file.name for picture in chosen for file in variants(picture)}
    assert {f"images/{path.name}" for path in (tmp_path / "output/images").iterdir()} == named


def test_the_first_line_comes_before_the_first_picture_is_made(tmp_path, monkeypatch):
    said = []

    def make(_picture, _cache):
        assert said == ["pictures: 0 of 1"]
        return ""

    monkeypatch.setattr(cache, "_encode_into_cache", make)
    monkeypatch.setattr(cache, "_copy_to_output", lambda *_: None)
    picture = inspect(save(quarters(), tmp_path / "a.jpg"))
    assert encode_all([picture], tmp_path / "cache", tmp_path / "output", said.append) == []
    assert said == ["pictures: 0 of 1", "pictures: 1 of 1"]


def test_without_a_terminal_the_lines_go_to_standard_error(tmp_path, capsys):
    encode_all([inspect(save(quarters(), tmp_path / "a.jpg"))], tmp_path / "cache")
    assert capsys.readouterr() == ("", "pictures: 0 of 1\npictures: 1 of 1\n")


def test_on_a_terminal_a_bar_shows_the_progress(tmp_path, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    encode_all([inspect(save(quarters(), tmp_path / "a.jpg"))], tmp_path / "cache")
    assert "1/1" in screen.getvalue()


def test_all_broken_pictures_are_told_together_and_the_others_made(tmp_path):
    paths = [save(photo(600 + n, 400), tmp_path / f"p{n}.jpg") for n in range(4)]
    for path in paths[1:3]:
        path.write_bytes(path.read_bytes()[:-2000])
    said = []
    chosen = [inspect(path) for path in reversed(paths)]
    faults = encode_all(chosen, tmp_path / "cache", tmp_path / "output", said.append)
    assert [picture.path for picture, *_ in faults] == paths[1:3]
    assert {f"{problem}; {remedy}" for _, problem, remedy in faults} == {
        str(reading.broken_file_error())
    }
    made = {path.name.split("-")[0] for path in (tmp_path / "output" / "images").iterdir()}
    assert made == {"p0", "p3"}


def test_a_site_without_pictures_has_no_folder_for_them(tmp_path):
    assert encode_all([], tmp_path / "cache", tmp_path / "output") == []
    assert list(tmp_path.iterdir()) == []
