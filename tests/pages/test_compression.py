"""The compressed copies beside the files of a published site."""

import gzip

import brotli
import pytest

from engine.pages import compression
from engine.pages.built_site import TEXT_SUFFIXES, BuiltSite
from tests.sites import write

TEXT = "Expérimenter le collectif, encore et encore. " * 40


@pytest.mark.parametrize("ending", sorted(TEXT_SUFFIXES))
def test_a_text_file_has_copies_that_hold_the_same(tmp_path, ending):
    write(tmp_path, {f"folder/a{ending}": TEXT})
    assert compression.compress(BuiltSite(tmp_path)) == 3
    file = tmp_path / "folder" / f"a{ending}"
    assert file.read_text("utf-8") == TEXT
    assert brotli.decompress(file.with_name(f"a{ending}.br").read_bytes()) == TEXT.encode()
    assert (
        compression.zstd.decompress(file.with_name(f"a{ending}.zst").read_bytes()) == TEXT.encode()
    )
    assert gzip.decompress(file.with_name(f"a{ending}.gz").read_bytes()) == TEXT.encode()


def test_what_does_not_get_smaller_has_no_copy(tmp_path):
    write(tmp_path, {"a.txt": "x", "b.txt": "", "a.txt.gz": "of a longer text"})
    assert compression.compress(BuiltSite(tmp_path)) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b.txt"]


def test_fonts_and_photos_have_no_copy(tmp_path):
    files = {f"a.{ending}": TEXT for ending in ("woff2", "avif", "webp", "jpg", "png", "pdf")}
    write(tmp_path, files)
    assert compression.compress(BuiltSite(tmp_path)) == 0


def test_twice_the_same_site_gives_twice_the_same_bytes(tmp_path):
    for name in ("first", "second"):
        write(tmp_path / name, {"a.html": TEXT})
        compression.compress(BuiltSite(tmp_path / name))
        compression.compress(BuiltSite(tmp_path / name))
    first, second = (
        {p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in ("first", "second")
    )
    assert first == second
    assert sorted(first) == ["a.html", "a.html.br", "a.html.gz", "a.html.zst"]


def test_a_gzip_copy_tells_neither_hour_nor_name():
    header = compression.gzip_bytes(TEXT.encode())[:8]
    assert header == bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0])


def test_a_web_server_may_read_the_copies(tmp_path):
    write(tmp_path, {"a.html": TEXT})
    (tmp_path / "a.html").chmod(0o600)
    compression.compress(BuiltSite(tmp_path))
    assert {p.stat().st_mode & 0o777 for p in tmp_path.glob("a.html.*")} == {0o644}


def test_the_weight_of_a_file_is_that_of_what_is_sent(tmp_path):
    write(tmp_path, {"a.html": TEXT, "b.txt": "x", "c.woff2": TEXT})
    built = BuiltSite(tmp_path)
    compression.compress(built)
    assert compression.sent_bytes(built.files["a.html"]) == built.files["a.html.br"].size
    assert compression.sent_bytes(built.files["b.txt"]) == 1
    assert compression.sent_bytes(built.files["c.woff2"]) == len(TEXT.encode())
