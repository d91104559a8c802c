"""A photo that a text links to keeps its pixels and tells nothing else."""

import io
import struct
import zlib

import pytest
from PIL import ExifTags, Image, ImageChops, PngImagePlugin

from engine.faults import ProblemError
from engine.pictures.metadata import copy_without_metadata
from engine.pictures.reading import orientation_of
from tests import sites
from tests.pictures.samples import chunk, quarters, tagged
from tests.sites import article


def cleaned(path):
    copy_without_metadata(path, path.parent / "new" / path.name)
    return path.parent / "new" / path.name


def same_pixels(one, other) -> bool:
    with Image.open(one) as first, Image.open(other) as second:
        return not ImageChops.difference(first.convert("RGBA"), second.convert("RGBA")).getbbox()


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {"comment": b"SECRET-COMMENT"}),
        ("JPEG", {"progressive": True, "restart_marker_rows": 1}),
        ("PNG", {}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
    ],
)
def test_a_linked_photo_keeps_its_pixels_and_colours_and_tells_no_place(tmp_path, kind, options):
    if kind == "PNG":
        options = {"pnginfo": PngImagePlugin.PngInfo()}
        options["pnginfo"].add_text("Author", "SECRET-AUTHOR")
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", "SECRET-XMP", zip=False)
    path = tagged(tmp_path / "a", format=kind, **options)
    new = cleaned(path)
    assert same_pixels(path, new)
    data = new.read_bytes()
    for mark in (b"SECRET", b"Exif", b"EXIF", b"eXIf", b"http://ns.adobe.com", b"xmp"):
        assert mark not in data, mark
    with Image.open(path) as before, Image.open(new) as after:
        assert not after.getexif()
        assert after.info["icc_profile"] == before.info["icc_profile"]


def test_a_webp_does_not_promise_the_parts_that_went(tmp_path):
    new = cleaned(tagged(tmp_path / "a", format="WEBP")).read_bytes()
    assert new[12:16] == b"VP8X"
    assert new[20] & 0x0C == 0


def test_a_cmyk_jpeg_still_says_how_its_inks_are_written(tmp_path):
    path = tmp_path / "a"
    quarters("CMYK").save(path, format="JPEG")
    assert b"Adobe" in cleaned(path).read_bytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_stays_turned_and_tells_nothing_else(tmp_path, kind, orientation):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "SECRET-CAMERA"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSMapDatum] = "SECRET-PLACE"
    path = tmp_path / "a"
    quarters().save(path, format=kind, exif=exif)
    new = cleaned(path)
    assert b"SECRET" not in new.read_bytes()
    with Image.open(new) as image:
        assert orientation_of(image.info.get("exif")) == orientation
        assert set(image.getexif()) <= {ExifTags.Base.Orientation}
    assert same_pixels(path, new)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("PNG", "P"),
        ("PNG", "RGBA"),
        ("PNG", "I;16"),
        ("WEBP", "RGBA"),
    ],
)
def test_any_photo_is_the_same_afterwards(tmp_path, kind, mode):
    path = tmp_path / "a"
    image = quarters("I").convert("I;16") if mode == "I;16" else quarters(mode)
    image.save(path, format=kind)
    assert same_pixels(path, cleaned(path))
    once = cleaned(path).read_bytes()
    assert cleaned(tmp_path / "new" / "a").read_bytes() == once


def test_what_a_phone_puts_after_its_photo_goes_too(tmp_path):
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "SECRET-CAMERA"
    second = io.BytesIO()
    quarters(size=(80, 40)).save(second, "JPEG", exif=exif)
    path = tmp_path / "a.jpg"
    quarters().save(path, format="MPO", save_all=True, append_images=[quarters(size=(80, 40))])
    path.write_bytes(path.read_bytes() + second.getvalue())
    new = cleaned(path)
    assert b"SECRET" not in new.read_bytes()
    assert b"MPF" not in new.read_bytes()
    with Image.open(new) as image:
        assert (image.format, image.size) == ("JPEG", (800, 400))
    assert same_pixels(path, new)


def test_pictures_that_move_still_move(tmp_path):
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "green", "blue")]
    for kind in ("PNG", "WEBP"):
        path = tmp_path / kind
        frames[0].save(path, format=kind, save_all=True, append_images=frames[1:], duration=100)
        with Image.open(cleaned(path)) as image:
            assert image.n_frames == 3


def test_other_files_are_copied_byte_by_byte(tmp_path):
    for name, data in {"a.pdf": b"%PDF-1.7 Author", "empty": b"", "a.jpg": b"a text"}.items():
        (tmp_path / name).write_bytes(data)
        assert cleaned(tmp_path / name).read_bytes() == data


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_cut_short_anywhere_is_refused(tmp_path, kind):
    whole = tagged(tmp_path / "whole", format=kind).read_bytes()
    path = tmp_path / "a"
    for length in [*range(16, 1000, 7), *range(1000, len(whole), 997), len(whole) - 1]:
        path.write_bytes(whole[:length])
        with pytest.raises(ProblemError, match="broken or cut short"):
            cleaned(path)


def test_a_part_that_lies_about_its_length_is_refused(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"\xff\xd8\xff\xe1\x00\x00" + bytes(20))
    with pytest.raises(ProblemError, match="broken or cut short"):
        cleaned(path)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 2**32 - 1) + b"IDAT" + bytes(20))
    with pytest.raises(ProblemError, match="broken or cut short"):
        cleaned(path)


MP4 = b"\0\0\0\x18ftypisom\0\0\2\0isommp42"
UNCLEANED = {
    "a.jxl": b"\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl ",
    "naked.jxl": b"\xff\x0a\xfa\x1f",
    "jxl without ending": b"\0\0\0\x0cJXL \r\n\x87\n",
    "a.cr3": b"\0\0\0\x18ftypcrx \0\0\0\1crx isom",
    "a.mov": b"\0\0\0\x14ftypqt  \0\0\0\0qt  ",
    "old.mov": b"\0\0\0\x08wide\0\0\0\0mdat",
    "named otherwise": b"\0\0\0\x14ftypqt  \0\0\0\0qt  ",
    "a.jp2": b"\0\0\0\x0cjP  \r\n\x87\n",
    "a.nef": b"MM\0*\0\0\0\x08",
    "a.raf": b"FUJIFILMCCD-RAW 0201",
    "a.RW2": b"IIU\0\x18\0\0\0",
    "a.psd": b"8BPS\0\1",
    "a.avi": b"RIFF\0\0\0\0AVI LIST",
    "a.mts": b"\0\0\0\0G@\0",
    "place.mp4": MP4 + b"\0\0\0\x20moov\0\0\0\x18udta\0\0\0\x10\xa9xyz+45.4397",
    "late.mp4": MP4 + b"\0\0\0\x0cmdat1234\0\0\0\x14moov\0\0\0\x0cloci1234",
}


@pytest.mark.parametrize("name", UNCLEANED)
def test_a_file_that_may_tell_its_place_and_cannot_be_cleaned_is_refused(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(UNCLEANED[name] + bytes(40))
    with pytest.raises(ProblemError, match="it may say where it was taken") as error:
        cleaned(path)
    assert str(error.value).partition("; ")[2].startswith("save it as ")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.mp4", MP4 + b"\0\0\0\x08moov\0\0\0\x0cmdatloci"),
        ("a.txt", b"The free lunch of MMORPG players"),
        ("a.pdf", b"%PDF-1.7"),
        ("a.m4a", b"\0\0\0\x18ftypM4A \0\0\2\0"),
        ("a.zip", b"PK\3\4"),
        ("empty.txt", b""),
    ],
)
def test_a_file_that_tells_no_place_is_copied_to_the_byte(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    assert cleaned(path).read_bytes() == data


def test_a_linked_photo_that_cannot_be_cleaned_stops_the_build(build):
    body = "La [photo entière](/files/photo.jxl)."
    built = build({"articles/a.md": article(body=body), "files/photo.jxl": UNCLEANED["a.jxl"]})
    assert built.code == 1
    assert "content/files/photo.jxl: file: it may say where it was taken" in built.complaints


@pytest.mark.parametrize("kind", ["AVIF", "TIFF", "HEIC"])
def test_a_photo_that_cannot_be_cleaned_is_refused(tmp_path, kind):
    path = tmp_path / "a"
    if kind == "HEIC":
        path.write_bytes(b"\0\0\0\x18ftypheic" + bytes(200))
    else:
        quarters().save(path, format=kind)
    with pytest.raises(ProblemError, match=r"may say where it was taken.*; save it as JPEG"):
        cleaned(path)


def test_an_orientation_beside_an_unknown_part_of_a_png_is_kept(tmp_path):
    path = tmp_path / "a"
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    quarters().save(path, format="PNG", exif=exif)
    data = path.read_bytes()
    path.write_bytes(data[:33] + chunk(b"seCr", b"SECRET") + data[33:] + b"SECRET")
    new = cleaned(path).read_bytes()
    assert b"SECRET" not in new
    start = new.index(b"eXIf")
    length = int.from_bytes(new[start - 4 : start], "big")
    checksum = new[start + 4 + length : start + 8 + length]
    assert zlib.crc32(new[start : start + 4 + length]) == int.from_bytes(checksum, "big")


def test_the_site_holds_a_linked_photo_without_its_place(build, tmp_path):
    photo = tagged(tmp_path / "a.jpg", format="JPEG").read_bytes()
    body = "[la photo](../images/photo.jpg), [le dossier](/files/a.pdf)"
    built = build(
        {
            "articles/a.md": article(body=body),
            "images/photo.jpg": photo,
            "images/unnamed.jpg": photo,
            "files/a.pdf": b"%PDF",
        }
    )
    assert built.code == 0, built.complaints
    assert b"SECRET" not in (built.site.folder / "images/photo.jpg").read_bytes()
    assert (built.site.folder / "files/a.pdf").read_bytes() == b"%PDF"
    assert not built.site.has("/images/unnamed.jpg")
    assert not built.site.has("/en/images/photo.jpg")


def test_all_broken_files_are_told_in_one_run(build):
    built = build(
        {
            "articles/a.md": article(body="[a](/images/a.jpg) ![b](/images/b.jpg)"),
            "images/a.jpg": sites.photo(200, 90)[:900],
            "images/b.jpg": sites.photo(300, 90)[:900],
        }
    )
    assert built.code == 1
    assert "images/a.jpg: file: the file is broken or cut short; " in built.complaints
    assert "images/b.jpg: image: the file is broken or cut short; " in built.complaints
