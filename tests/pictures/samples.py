"""Pictures made for a test."""

import random
import struct
import zlib
from pathlib import Path

import pytest
from PIL import ExifTags, Image, ImageCms, ImageDraw

from engine.faults import ProblemError
from engine.pictures.cache import encode
from engine.pictures.inspection import inspect

RED, GREEN, BLUE = (220, 30, 30), (30, 180, 60), (30, 60, 200)


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


def refusal(path: Path) -> str:
    """Why a file cannot be taken; with what to do instead."""
    with pytest.raises(ProblemError) as error:
        encode(inspect(path), path.parent / "cache")
    assert not list(path.parent.glob("cache/*"))
    return str(error.value)
