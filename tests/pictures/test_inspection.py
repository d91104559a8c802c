"""What is refused, and why."""

import contextlib
import time
import tracemalloc

import pytest
from PIL import Image

from engine.faults import ProblemError
from engine.pictures.cache import encode
from engine.pictures.inspection import inspect
from engine.pictures.reading import broken_file_error
from tests.pictures.samples import (
    BLUE,
    GREEN,
    RED,
    photo,
    png,
    quarters,
    refusal,
    save,
)


@pytest.mark.parametrize("side", [9_000, 50_000])
def test_a_decompression_bomb_is_refused_at_once_and_without_memory(tmp_path, side):
    path = tmp_path / "bomb.png"
    path.write_bytes(png(side, side, bytes(1_000_000)))
    started = time.perf_counter()
    tracemalloc.start()
    assert "million pixels; make it smaller" in refusal(path)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
@pytest.mark.parametrize("part", [0.02, 0.5, 0.9])
def test_a_file_that_is_cut_short_is_refused(tmp_path, kind, part):
    path = save(photo(600, 400), tmp_path / "a", format=kind)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    assert "broken or cut short" in refusal(path)


def test_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "a.jpg"
    path.touch()
    assert "broken or cut short" in refusal(path)


def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    (tmp_path / "a.jpg").mkdir()
    assert "it cannot be read (" in refusal(tmp_path / "a.jpg")


def test_a_text_named_jpg_is_refused(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_text("Bonjour")
    assert refusal(path) == (
        "it is not a picture of a known format; save it as JPEG, PNG, WebP, AVIF, HEIC, GIF or SVG"
    )


@pytest.mark.parametrize("kind", ["TIFF", "BMP", "JPEG2000", "ICO", "PPM"])
def test_a_format_that_is_not_taken_is_refused_with_those_that_are(tmp_path, kind):
    assert "save it as JPEG, PNG" in refusal(save(quarters(), tmp_path / "a", format=kind))


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"hevc", b"mif1"])
def test_a_heic_photo_without_its_pixels_is_broken(tmp_path, brand):
    path = tmp_path / "IMG_0001.HEIC"
    path.write_bytes(b"\0\0\0\x18ftyp" + brand + bytes(2000))
    assert refusal(path) == str(broken_file_error())


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "AVIF", "PNG"])
def test_a_picture_that_moves_is_refused(tmp_path, kind):
    frames = [Image.new("RGB", (64, 64), colour) for colour in (RED, GREEN, BLUE)]
    path = tmp_path / "a"
    frames[0].save(path, format=kind, save_all=True, append_images=frames[1:], duration=100)
    assert refusal(path).startswith("it moves, ")


def test_a_moving_gif_that_is_cut_short_anywhere_stops_no_build(tmp_path):
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, GREEN)]
    whole = tmp_path / "whole.gif"
    frames[0].save(whole, save_all=True, append_images=frames[1:], duration=100)
    for length in range(1, whole.stat().st_size - 20):
        (tmp_path / "a.gif").write_bytes(whole.read_bytes()[:length])
        # Cut between its pictures, it is a still one.
        with contextlib.suppress(ProblemError):
            encode(inspect(tmp_path / "a.gif"), tmp_path / "cache")


def test_a_picture_too_tall_for_a_page_is_refused(tmp_path):
    path = save(Image.new("L", (100, 20_000)), tmp_path / "a.png")
    assert "200 times as high as it is wide; cut it" in refusal(path)
