import contextlib
import io
import math
import os
import random
import struct
import subprocess
import sys
import time
import tracemalloc
import zlib
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from PIL import ExifTags, Image, ImageChops, ImageCms, ImageDraw, ImageStat, PngImagePlugin

from plugins import pictures
from plugins.pictures import Picture, encode, encode_all, inspect, markup, variants

RED, GREEN, BLUE = (220, 30, 30), (30, 180, 60), (30, 60, 200)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 80"{}>{}</svg>'
NEVER_USED = Path("never-used")


def photo(width: int = 1600, height: int = 1000) -> Image.Image:
    """Blurs of all sizes, edges and a sensor's noise: compresses about as a photo does."""
    random.seed(width * height)
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    for size in (300, 100, 30, 10, 4):
        few = Image.frombytes("RGB", (size, size), random.randbytes(size * size * 3))
        image = Image.blend(image, few.resize((width, height), Image.Resampling.BICUBIC), 0.4)
    draw = ImageDraw.Draw(image)
    for number in range(12):
        x, y = random.randrange(width), random.randrange(height)
        draw.ellipse((x, y, x + width // 9, y + height // 7), fill=(number * 20, 90, 160))
    noise = Image.effect_noise((width, height), 20).convert("RGB")
    return Image.blend(image, noise, 0.12)


def quarters(mode: str = "RGB", size: tuple[int, int] = (800, 400)) -> Image.Image:
    """Red at the top left, green at the top right, blue below."""
    image = Image.new("RGB", size, BLUE)
    width, height = size
    image.paste(RED, (0, 0, width // 2, height // 2))
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    return image.convert(mode)


def save(image: Image.Image, path: Path, **options) -> Path:
    image.save(path, **options)
    return path


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(
    width: int, height: int, rows: bytes, *, depth: int = 8, colour: int = 2, extra: bytes = b""
) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + extra
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def near(colour, other, tolerance: int = 14) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(colour, other, strict=True))


@pytest.fixture
def made(tmp_path):
    """Inspect and encode a file: the picture, and its files, opened, by format and width."""

    def make(path: Path) -> tuple[Picture, dict[tuple[str, int], Image.Image]]:
        picture = inspect(path)
        encode(picture, tmp_path / "cache", tmp_path / "output")
        files = {}
        for file in variants(picture):
            image = Image.open(tmp_path / "output" / file.name)
            image.load()
            files[file.format, file.width] = image
        return picture, files

    return make


def refusal(path: Path) -> str:
    """Why a file cannot be taken; with what to do instead."""
    with pytest.raises(ValueError, match="; ") as error:
        encode(inspect(path), path.parent / "cache")
    assert not list(path.parent.glob("cache/*"))
    return str(error.value)


# --- Formats, widths and weight --------------------------------------------------------------


def test_a_photo_is_made_in_three_formats_and_in_the_widths_of_the_layout(tmp_path, made):
    picture, files = made(save(photo(), tmp_path / "Été à l’usine.jpg", quality=92))
    assert (picture.slug, picture.width, picture.height) == ("ete-a-l-usine", 1600, 1000)
    assert sorted(files) == [
        (kind, width) for kind in ("AVIF", "JPEG", "WEBP") for width in (400, 640, 960, 1280)
    ]
    for (kind, width), image in files.items():
        assert (image.format, image.size) == (kind, (width, width * 1000 // 1600))
        assert image.mode == "RGB"


def test_a_file_is_named_by_its_photo_its_digest_and_its_width(tmp_path):
    picture = inspect(save(quarters(), tmp_path / "Plan.png"))
    names = [file.name for file in variants(picture)]
    assert names[0] == f"images/plan-{picture.digest}-400.avif"
    assert len(picture.digest) == 12
    assert len(set(names)) == len(names)
    assert {Path(name).suffix for name in names} == {".avif", ".webp", ".jpg"}


def test_a_picture_of_another_content_has_another_name(tmp_path):
    first = inspect(save(quarters(), tmp_path / "a.png"))
    second = inspect(save(quarters(size=(802, 400)), tmp_path / "a.png"))
    assert first.digest != second.digest


def test_no_picture_is_made_larger_than_it_is(tmp_path, made):
    _picture, files = made(save(quarters(size=(300, 150)), tmp_path / "a.png"))
    assert {image.size for image in files.values()} == {(300, 150)}


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (1, [1]),
        (400, [400]),
        (640, [400, 640]),
        (660, [400, 660]),
        (1000, [400, 640, 1000]),
        (6000, [400, 640, 960, 1280]),
    ],
)
def test_the_widest_file_is_as_wide_as_the_picture_or_as_the_layout_needs(width, widths):
    picture = Picture(NEVER_USED, "a", "0" * 12, width, 1000, "JPEG")
    assert [file.width for file in variants(picture) if file.format == "AVIF"] == widths


def test_a_photo_in_an_article_weighs_at_most_30_000_bytes(tmp_path, made):
    _picture, _files = made(save(photo(), tmp_path / "a.jpg", quality=92))
    size = next((tmp_path / "output").glob("images/*-640.avif")).stat().st_size
    assert 8_000 < size <= 30_000


def test_even_a_photo_of_noise_weighs_at_most_30_000_bytes(tmp_path, made):
    noise = Image.frombytes("RGB", (1600, 1000), random.Random(1).randbytes(1600 * 1000 * 3))
    made(save(noise, tmp_path / "a.png"))
    assert next((tmp_path / "output").glob("images/*-640.avif")).stat().st_size <= 30_000


def test_a_photo_keeps_its_detail(tmp_path, made):
    path = save(photo(), tmp_path / "a.png")
    _picture, files = made(path)
    for (kind, width), image in files.items():
        with Image.open(path) as original:
            whole = original.resize(image.size, Image.Resampling.LANCZOS)
        difference = ImageStat.Stat(ImageChops.difference(whole, image.convert("RGB")))
        noise = math.sqrt(sum(difference.sum2) / sum(difference.count))
        assert 20 * math.log10(255 / noise) > 30, (kind, width)


def test_a_picture_of_one_pixel_is_taken(tmp_path, made):
    _picture, files = made(save(Image.new("RGB", (1, 1), RED), tmp_path / "a.png"))
    assert len(files) == 3


def test_a_very_flat_picture_keeps_at_least_one_row(tmp_path, made):
    _picture, files = made(save(Image.new("RGB", (3000, 1), RED), tmp_path / "a.png"))
    assert {image.height for image in files.values()} == {1}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_each_common_format_is_taken_whatever_the_file_is_called(tmp_path, made, kind):
    _picture, files = made(save(quarters(), tmp_path / "a.jpg", format=kind))
    for image in files.values():
        colour = image.convert("RGB").getpixel((image.width // 4, image.height // 4))
        assert near(colour, RED, 24)


def test_a_phone_s_jpeg_that_holds_a_second_picture_is_no_animation(tmp_path, made):
    small = quarters(size=(80, 40))
    path = tmp_path / "a.jpg"
    quarters().save(path, format="MPO", save_all=True, append_images=[small])
    with Image.open(path) as image:
        assert image.format == "MPO"
    _picture, files = made(path)
    assert files["AVIF", 800].size == (800, 400)


# --- What a photo must not tell --------------------------------------------------------------


def tagged(path: Path, **options) -> Path:
    """A picture with everything that a camera and a program can write into one."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "SECRET-CAMERA"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (45.0, 26.0, 23.0)
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSMapDatum] = "SECRET-PLACE"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    quarters().save(path, exif=exif, icc_profile=profile, xmp=b"<x>SECRET-XMP</x>", **options)
    assert b"SECRET-PLACE" in path.read_bytes()
    return path


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_no_file_tells_where_by_whom_or_with_what_the_photo_was_taken(tmp_path, made, kind):
    options = {}
    if kind == "JPEG":
        options["comment"] = b"SECRET-COMMENT"
    if kind == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Author", "SECRET-AUTHOR")
    picture, files = made(tagged(tmp_path / "a", format=kind, **options))
    for file in variants(picture):
        data = (tmp_path / "output" / file.name).read_bytes()
        for mark in (b"SECRET", b"Exif", b"http://ns.adobe.com", b"ICC_PROFILE", b"iCCP"):
            assert mark not in data, (file.name, mark)
    for image in files.values():
        assert not image.getexif()
        assert not {"exif", "xmp", "comment", "icc_profile", "dpi", "Author"} & set(image.info)


# --- Turned, CMYK, 16 bits, alpha ------------------------------------------------------------


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_turned_photo_stands_upright(tmp_path, made, orientation, kind):
    upright = quarters()
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(turns[orientation]) if orientation > 1 else upright
    assert stored.size == ((800, 400) if orientation < 5 else (400, 800))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    picture, files = made(save(stored, tmp_path / "a", format=kind, exif=exif))
    assert (picture.width, picture.height) == (800, 400)
    for image in files.values():
        assert image.size == (image.width, image.width // 2)
        width, height = image.size
        assert near(image.getpixel((width // 4, height // 4)), RED)
        assert near(image.getpixel((width * 3 // 4, height // 4)), GREEN)
        assert near(image.getpixel((width // 4, height * 3 // 4)), BLUE)


@pytest.mark.parametrize("exif", [b"Exif\x00\x00nonsense", b"Exif\x00\x00MM\x00*\xff\xff\xff\xff"])
def test_broken_metadata_make_no_broken_picture(tmp_path, made, exif):
    picture, _files = made(save(quarters(), tmp_path / "a.jpg", exif=exif))
    assert (picture.width, picture.height) == (800, 400)


def test_a_cmyk_photo_keeps_its_colours(tmp_path, made):
    _picture, files = made(save(quarters("CMYK"), tmp_path / "a.jpg", quality=95))
    for image in files.values():
        assert image.mode == "RGB"
        assert near(image.getpixel((image.width // 4, image.height // 4)), RED)
        assert near(image.getpixel((image.width // 4, image.height * 3 // 4)), BLUE)


def swapped_profile() -> bytes:
    """An RGB profile whose red is sRGB's green: whoever reads it sees it at once."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for number in range(struct.unpack_from(">I", profile, 128)[0]):
        at = 132 + number * 12
        names = {b"rXYZ": b"gXYZ", b"gXYZ": b"rXYZ"}
        profile[at : at + 4] = names.get(bytes(profile[at : at + 4]), profile[at : at + 4])
    return bytes(profile)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_the_colours_of_a_profile_become_those_of_the_web(tmp_path, made, mode):
    path = save(quarters(mode), tmp_path / "a.png", icc_profile=swapped_profile())
    _picture, files = made(path)
    for image in files.values():
        swapped = image.convert("RGB").getpixel((image.width // 4, image.height // 4))
        assert near(swapped, (RED[1], RED[0], RED[2]))


@pytest.mark.parametrize("mode", ["L", "LA", "CMYK", "RGB", "P"])
def test_a_profile_that_is_broken_or_of_other_colours_is_left_aside(tmp_path, made, mode):
    suffix = "jpg" if mode == "CMYK" else "png"
    for profile in (b"nonsense", swapped_profile()):
        made(save(quarters(mode), tmp_path / f"a.{suffix}", icc_profile=profile))


def test_a_grey_picture_of_16_bits_keeps_its_greys(tmp_path, made):
    row = b"\0" + b"".join(struct.pack(">H", x * 65535 // 399) for x in range(400))
    path = tmp_path / "a.png"
    path.write_bytes(png(400, 100, row * 100, depth=16, colour=0))
    _picture, files = made(path)
    for image in files.values():
        greys = [image.convert("L").getpixel((x, 50)) for x in (0, 100, 200, 300, 399)]
        assert near(greys, (0, 64, 128, 191, 255), 6)


@pytest.mark.parametrize(("colour", "channels"), [(2, 3), (4, 2), (6, 4)])
def test_a_colour_picture_of_16_bits_keeps_its_colours(tmp_path, made, colour, channels):
    pixel = struct.pack(f">{channels}H", *(0xC000, 0x4000, 0x8000, 0xFFFF)[:channels])
    path = tmp_path / "a.png"
    path.write_bytes(png(64, 64, (b"\0" + pixel * 64) * 64, depth=16, colour=colour))
    _picture, files = made(path)
    expected = (192, 192, 192, 64) if channels == 2 else (192, 64, 128, 255)
    for image in files.values():
        assert near(image.convert("RGBA").getpixel((32, 32)), expected)


@pytest.mark.parametrize(("depth", "colour"), [(8, 0), (8, 2), (16, 0), (16, 2), (1, 0)])
def test_a_transparent_colour_in_a_png_does_no_harm(tmp_path, made, depth, colour):
    samples = 3 if colour == 2 else 1
    value = struct.pack(">H", 0xFF00 if depth == 16 else 1) * samples
    row = b"\0" + b"\xff" * (64 * samples * depth // 8)
    path = tmp_path / "a.png"
    path.write_bytes(png(64, 8, row * 8, depth=depth, colour=colour, extra=chunk(b"tRNS", value)))
    made(path)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "GIF"])
def test_what_is_transparent_stays_so_in_each_format(tmp_path, made, kind):
    image = quarters("RGBA")
    image.paste((0, 0, 0, 0), (0, 200, 800, 400))
    picture, files = made(save(image, tmp_path / "a", format=kind))
    assert picture.has_alpha
    assert {kind for kind, _width in files} == {"AVIF", "WEBP", "PNG"}
    for small in files.values():
        pixels = small.convert("RGBA")
        assert pixels.getpixel((small.width // 4, small.height * 3 // 4))[3] < 8
        assert near(pixels.getpixel((small.width // 4, small.height // 4)), (*RED, 255), 20)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA"])
def test_grey_and_palette_pictures_are_taken(tmp_path, made, mode):
    _picture, files = made(save(quarters(mode), tmp_path / "a.png"))
    assert all(image.size == (image.width, image.width // 2) for image in files.values())


# --- What is refused -------------------------------------------------------------------------


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
        "it is not a picture of a known format; save it as JPEG, PNG, WebP, AVIF, GIF or SVG"
    )


@pytest.mark.parametrize("kind", ["TIFF", "BMP", "JPEG2000", "ICO", "PPM"])
def test_a_format_that_is_not_taken_is_refused_with_those_that_are(tmp_path, kind):
    assert "save it as JPEG, PNG" in refusal(save(quarters(), tmp_path / "a", format=kind))


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"hevc", b"mif1"])
def test_a_heic_photo_is_refused_by_its_name(tmp_path, brand):
    path = tmp_path / "IMG_0001.HEIC"
    path.write_bytes(b"\0\0\0\x18ftyp" + brand + bytes(2000))
    assert "export it as JPEG" in refusal(path)


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
        with contextlib.suppress(ValueError):
            encode(inspect(tmp_path / "a.gif"), tmp_path / "cache")


def test_a_picture_too_tall_for_a_page_is_refused(tmp_path):
    path = save(Image.new("L", (100, 20_000)), tmp_path / "a.png")
    assert "200 times as high as it is wide; cut it" in refusal(path)


# --- Drawings --------------------------------------------------------------------------------


def drawing(path: Path, body: str = "", attributes: str = "", before: str = "") -> Path:
    path.write_text(before + SVG.format(attributes, body))
    return path


def test_a_drawing_is_passed_on_as_it_is(tmp_path):
    body = (
        '<style>.a{fill:url(#g)}</style><linearGradient id="g"/><use href="#g"/>'
        '<image href="data:image/png;base64,AA=="/>'
    )
    path = drawing(tmp_path / "Plan.svg", body, ' width="12.5px" height="8"')
    picture = inspect(path)
    assert (picture.width, picture.height, picture.format) == (13, 8, "SVG")
    assert encode(picture, tmp_path / "cache", tmp_path / "output") == 1
    [file] = variants(picture)
    assert (tmp_path / "output" / file.name).read_bytes() == path.read_bytes()
    image = BeautifulSoup(markup(picture, "Plan"), "html.parser").img
    assert image["src"] == f"/images/plan-{picture.digest}-13.svg"
    assert "srcset" not in image.attrs


def test_a_drawing_without_width_has_that_of_its_view_box(tmp_path):
    picture = inspect(drawing(tmp_path / "a.svg", attributes=' width="100%" height="2em"'))
    assert (picture.width, picture.height) == (120, 80)


@pytest.mark.parametrize(
    ("body", "attributes", "why"),
    [
        ("<script>alert(1)</script>", "", "holds <script>"),
        ("<x:script xmlns:x='http://www.w3.org/2000/svg'/>", "", "holds <script>"),
        ("<foreignObject/>", "", "holds <foreignobject>"),
        ("<animate/>", "", "moves"),
        ("<set/>", "", "moves"),
        ("<style>g{animation:a 1s}</style>", "", "moves"),
        ("", ' onload="alert(1)"', "a script (onload)"),
        ('<use href="https://example.org/a.svg#a"/>', "", "points to https://example.org"),
        ('<a href=" javascript:alert(1)"/>', "", "points to javascript:"),
        ('<image href="data:image/svg+xml,a"/>', "", "points to data:image/svg"),
        (
            '<use xmlns:x="http://www.w3.org/1999/xlink" x:href="//example.org/"/>',
            "",
            "points to //example.org",
        ),
        ('<g fill="url(https://example.org/#a)"/>', "", "points to https://example.org"),
        ("<g style=\"fill: URL( 'a.svg#a' )\"/>", "", "points to a.svg"),
        ("<style>@import 'a.css';</style>", "", "points to another style sheet"),
        (r"<style>g{fill:u\72l(a)}</style>", "", "points to another style sheet"),
        ("<g>", "", "cannot be read (line 1)"),
    ],
)
def test_a_drawing_that_acts_moves_or_calls_others_is_refused(tmp_path, body, attributes, why):
    assert why in refusal(drawing(tmp_path / "a.svg", body, attributes))


@pytest.mark.parametrize(
    ("before", "why"),
    [
        ('<!DOCTYPE svg [<!ENTITY a "aa">]>', "declares an entity (a)"),
        ('<?xml-stylesheet href="https://example.org/a.css"?>', "holds <?xml-stylesheet?>"),
    ],
)
def test_a_drawing_with_entities_or_another_style_sheet_is_refused(tmp_path, before, why):
    assert why in refusal(drawing(tmp_path / "a.svg", before=before))


def test_a_drawing_with_a_plain_doctype_is_taken(tmp_path):
    doctype = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">'
    assert inspect(drawing(tmp_path / "a.svg", before=doctype)).format == "SVG"


@pytest.mark.parametrize("text", ["<html/>", '<svg viewBox="0 0 1 1"/>'])
def test_a_file_named_svg_that_is_none_is_refused(tmp_path, text):
    (tmp_path / "a.svg").write_text(text)
    assert "not an SVG drawing" in refusal(tmp_path / "a.svg")


@pytest.mark.parametrize("box", ["", "0 0 0 10", "0 0 a b", "0 0 1e999 2"])
def test_a_drawing_without_size_is_refused(tmp_path, box):
    text = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"/>'
    (tmp_path / "a.svg").write_text(text)
    assert refusal(tmp_path / "a.svg") == "the drawing tells no size; export it with a viewBox"


# --- Markup ----------------------------------------------------------------------------------


def parsed(picture: Picture, alt: str = "Une rue", **options) -> BeautifulSoup:
    return BeautifulSoup(markup(picture, alt, **options), "html.parser")


def test_a_browser_finds_avif_first_then_webp_then_jpeg_in_each_width(tmp_path):
    picture = inspect(save(photo(1600, 1000), tmp_path / "rue.jpg"))
    page = parsed(picture)
    assert [child.name for child in page.picture.children] == ["source", "source", "img"]
    assert [source["type"] for source in page("source")] == ["image/avif", "image/webp"]
    for tag, ending in zip(page(["source", "img"]), ("avif", "webp", "jpg"), strict=True):
        assert tag["srcset"].split(", ") == [
            f"/images/rue-{picture.digest}-{width}.{ending} {width}w"
            for width in (400, 640, 960, 1280)
        ]
        assert tag["sizes"] == "(min-width: 42em) 38rem, 92vw"
    assert page.img["src"] == f"/images/rue-{picture.digest}-640.jpg"
    assert (page.img["width"], page.img["height"]) == ("1280", "800")
    assert page.img["alt"] == "Une rue"


def test_every_address_of_the_markup_is_a_file_that_is_made(tmp_path):
    picture = inspect(save(quarters(), tmp_path / "a.jpg"))
    encode(picture, tmp_path / "cache", tmp_path / "output")
    page = parsed(picture, base="/blog")
    addresses = {page.img["src"]} | {
        candidate.split()[0]
        for tag in page(["source", "img"])
        for candidate in tag["srcset"].split(", ")
    }
    made = {path.name for path in (tmp_path / "output" / "images").iterdir()}
    assert addresses == {f"/blog/images/{name}" for name in made}


def test_a_picture_below_the_fold_waits_and_one_above_does_not(tmp_path):
    picture = inspect(save(quarters(), tmp_path / "a.jpg"))
    below, above = parsed(picture).img, parsed(picture, eager=True).img
    assert (below["loading"], below["decoding"]) == ("lazy", "async")
    assert "fetchpriority" not in below.attrs
    assert above["fetchpriority"] == "high"
    assert "loading" not in above.attrs


def test_the_words_of_a_picture_are_escaped(tmp_path):
    picture = inspect(save(quarters(), tmp_path / "a.jpg"))
    page = parsed(picture, 'L\'« usine » "<b>" & co', attributes={"id": "a", "lang": '"en"'})
    assert page.img["alt"] == 'L\'« usine » "<b>" & co'
    assert (page.img["id"], page.img["lang"]) == ("a", '"en"')
    assert page.b is None


def test_a_small_picture_has_one_file_a_format(tmp_path):
    page = parsed(inspect(save(quarters(size=(300, 150)), tmp_path / "a.png")))
    assert (page.img["width"], page.img["height"]) == ("300", "150")
    assert "srcset" not in page.img.attrs
    assert [source["srcset"].count(" ") for source in page("source")] == [1, 1]


# --- Cache -----------------------------------------------------------------------------------


def test_a_second_build_makes_nothing(tmp_path, monkeypatch):
    picture = inspect(save(quarters(), tmp_path / "a.jpg"))
    cache, output = tmp_path / "cache", tmp_path / "output"
    assert encode(picture, cache, output) == len(variants(picture)) == 9
    before = {path: path.stat() for path in cache.iterdir()}
    monkeypatch.setattr(pictures, "_decoded", None)
    assert encode(picture, cache, output) == 0
    said = []
    assert encode_all([picture, picture], cache, tmp_path / "other", said.append) == []
    assert {path: path.stat().st_mtime_ns for path in cache.iterdir()} == {
        path: stat.st_mtime_ns for path, stat in before.items()
    }
    assert said == []
    assert len(list((tmp_path / "other" / "images").iterdir())) == 9


def test_two_caches_hold_the_same_bytes(tmp_path):
    picture = inspect(save(photo(), tmp_path / "a.jpg"))
    for name in ("one", "two"):
        encode(picture, tmp_path / name)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes(), file.name


def test_only_what_the_cache_lacks_is_made_again(tmp_path):
    picture = inspect(save(quarters(), tmp_path / "a.jpg"))
    encode(picture, tmp_path / "cache")
    removed, emptied, *_others = (tmp_path / "cache").iterdir()
    whole = emptied.read_bytes()
    removed.unlink()
    emptied.write_bytes(b"")
    assert encode(picture, tmp_path / "cache", tmp_path / "output") == 2
    assert emptied.read_bytes() == whole


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
    write, written = Path.write_bytes, []

    def stop_in_the_third(path, data):
        written.append(path)
        if len(written) == 3:
            write(path, data[: len(data) // 2])
            raise KeyboardInterrupt
        return write(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", stop_in_the_third)
        with pytest.raises(KeyboardInterrupt):
            encode(picture, tmp_path / "cache")
    assert len(list((tmp_path / "cache").iterdir())) == 2
    for path in (tmp_path / "cache").iterdir():
        with Image.open(path) as image:
            image.load()
    assert encode(picture, tmp_path / "cache") == 7


def test_a_picture_that_changes_during_the_build_does_not_spoil_the_cache(tmp_path):
    picture = inspect(save(quarters(), tmp_path / "a.jpg"))
    save(quarters(size=(500, 400)), tmp_path / "a.jpg")
    with pytest.raises(ValueError, match="it was changed during the build; build again"):
        encode(picture, tmp_path / "cache")
    (tmp_path / "a.jpg").unlink()
    [(_picture, fault)] = encode_all([picture], tmp_path / "cache", say=lambda _line: None)
    assert fault.startswith("it cannot be read (")
    assert not (tmp_path / "cache").exists()


def test_a_build_that_is_killed_leaves_no_half_file_under_a_file_s_name(tmp_path):
    path = save(quarters(), tmp_path / "a.jpg")
    code = (
        "import os, sys; from pathlib import Path; from plugins import pictures\n"
        "Path.replace = lambda *_: os._exit(9)\n"
        "pictures.encode(pictures.inspect(Path(sys.argv[1])), Path(sys.argv[2]))"
    )
    root = Path(pictures.__file__).parent.parent
    command = [sys.executable, "-c", code, str(path), str(tmp_path / "cache")]
    assert subprocess.run(command, cwd=root, check=False).returncode == 9
    assert all(path.name.startswith(".") for path in (tmp_path / "cache").iterdir())
    assert encode(inspect(path), tmp_path / "cache", tmp_path / "output") == 9


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
    assert {path.name for path in cache.iterdir()} == {
        Path(file.name).name for file in variants(used)
    }
    assert all(path.stat().st_mtime > old + 86_400 for path in cache.iterdir())


# --- Many ------------------------------------------------------------------------------------


def test_many_pictures_are_made_with_a_line_for_each_tenth(tmp_path):
    paths = [
        save(quarters(size=(100 + n, 50)), tmp_path / f"p{n}.jpg", quality=80) for n in range(20)
    ]
    said = []
    chosen = [inspect(path) for path in paths]
    assert encode_all(chosen, tmp_path / "cache", tmp_path / "output", said.append) == []
    assert said == [f"pictures: {count} of 20" for count in range(2, 21, 2)]
    assert len(list((tmp_path / "output" / "images").iterdir())) == 60


def test_without_a_terminal_the_lines_go_to_standard_error(tmp_path, capsys):
    encode_all([inspect(save(quarters(), tmp_path / "a.jpg"))], tmp_path / "cache")
    assert capsys.readouterr() == ("", "pictures: 1 of 1\n")


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
    assert [picture.path for picture, _fault in faults] == paths[1:3]
    assert {fault for _picture, fault in faults} == {pictures._BROKEN}
    made = {path.name.split("-")[0] for path in (tmp_path / "output" / "images").iterdir()}
    assert made == {"p0", "p3"}


def test_a_site_without_pictures_has_no_folder_for_them(tmp_path):
    assert encode_all([], tmp_path / "cache", tmp_path / "output") == []
    assert list(tmp_path.iterdir()) == []
