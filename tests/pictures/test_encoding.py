"""The files that are made of a photo."""

import math
import random
import struct
from pathlib import Path

import pytest
from PIL import ExifTags, Image, ImageChops, ImageCms, ImageStat, PngImagePlugin

from engine.faults import ProblemError
from engine.pictures.cache import encode
from engine.pictures.inspection import inspect
from engine.pictures.variants import Picture, variants
from tests.pictures.samples import (
    BLUE,
    GREEN,
    RED,
    chunk,
    near,
    photo,
    png,
    quarters,
    save,
    tagged,
)


def test_a_photo_is_made_in_three_formats_and_in_the_widths_of_the_layout(tmp_path, made):
    picture, files = made(save(photo(), tmp_path / "Été à l’usine.jpg", quality=92))
    assert (picture.slug, picture.width, picture.height) == ("ete-a-l-usine", 1600, 1000)
    assert sorted(files) == [
        (kind, width) for kind in ("AVIF", "JPEG", "WEBP") for width in (400, 640, 960, 1280)
    ]
    for (kind, width), image in files.items():
        assert (image.format, image.size) == (kind, (width, width * 1000 // 1600))
        assert image.mode == "RGB"


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_heic_photo_of_a_phone_is_made_as_any_other(tmp_path, made, orientation):
    # The file itself turns its pixels (ISO 23008-12, irot); what its EXIF says is then a copy.
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "SECRET-CAMERA"
    path = save(quarters(), tmp_path / "IMG_0001.HEIC", format="HEIF", quality=90, exif=exif)
    picture, files = made(path)
    assert (picture.slug, picture.width, picture.height) == ("img-0001", 800, 400)
    assert sorted({kind for kind, _width in files}) == ["AVIF", "JPEG", "WEBP"]
    for image in files.values():
        width, height = image.size
        assert near(image.getpixel((width // 4, height // 4)), RED)
        assert near(image.getpixel((width * 3 // 4, height // 4)), GREEN)
        assert near(image.getpixel((width // 2, height * 3 // 4)), BLUE)
        assert not image.getexif()


def test_of_a_heic_file_with_several_photos_the_first_is_shown(tmp_path, made):
    more = [quarters().rotate(180)]
    path = save(quarters(), tmp_path / "a.heic", format="HEIF", save_all=True, append_images=more)
    _picture, files = made(path)
    assert near(files["JPEG", 400].getpixel((100, 50)), RED)


def test_a_heic_photo_that_is_cut_short_is_told(tmp_path):
    path = save(photo(), tmp_path / "a.heic", format="HEIF")
    path.write_bytes(path.read_bytes()[:-3000])
    with pytest.raises(ProblemError, match="broken or cut short"):
        encode(inspect(path), tmp_path / "cache")


def test_a_file_is_named_by_its_photo_its_digest_and_its_width(tmp_path):
    picture = inspect(save(quarters(), tmp_path / "Plan.png"))
    names = [file.name for file in variants(picture)]
    assert names[0] == f"images/plan-{picture.digest}-400.avif"
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
    picture = Picture(Path("never-used"), "a", "0" * 12, width, 1000, "JPEG")
    assert [file.width for file in variants(picture) if file.format == "AVIF"] == widths


@pytest.mark.slow
def test_a_photo_in_an_article_weighs_at_most_30_000_bytes(tmp_path, made):
    _picture, _files = made(save(photo(), tmp_path / "a.jpg", quality=92))
    size = next((tmp_path / "output").glob("images/*-640.avif")).stat().st_size
    assert 8_000 < size <= 30_000


@pytest.mark.slow
def test_even_a_photo_of_noise_weighs_at_most_30_000_bytes(tmp_path, made):
    noise = Image.frombytes("RGB", (1600, 1000), random.Random(1).randbytes(1600 * 1000 * 3))
    made(save(noise, tmp_path / "a.png"))
    assert next((tmp_path / "output").glob("images/*-640.avif")).stat().st_size <= 30_000


@pytest.mark.slow
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
    assert {image.size for image in files.values()} == {(1, 1)}


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
