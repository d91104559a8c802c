"""Encode the files of a picture."""

import io
from collections.abc import Iterator

import PIL
from PIL import Image, features

from engine.pictures.reading import decode_pixels
from engine.pictures.variants import WIDTHS, Picture, Variant, variants

_OPTIONS = {
    # With more threads, the bytes would depend on the machine. Speed 8 takes a fifth of the time of
    # speed 6, for a tenth more bytes.
    "AVIF": {"speed": 8, "max_threads": 1, "autotiling": False},
    "WEBP": {"method": 4},
    "JPEG": {"progressive": True, "optimize": True},
    "PNG": {},
}
# The first quality below the limit of bytes is used, else the last.
_QUALITIES = {"AVIF": (60, 52, 44, 36, 28), "WEBP": (76, 66, 56, 46), "JPEG": (80, 70, 60)}
# Bytes for each pixel, plus 1,000 for the file header: 640 × 400 pixels in AVIF make 29,672.
_BYTES_PER_PIXEL = {"AVIF": 0.112, "WEBP": 0.16, "JPEG": 0.22}
_VERSIONS = tuple(
    features.version(name) for name in ("avif", "webp", "libjpeg_turbo", "littlecms2")
)
RECIPE = repr(
    (1, PIL.__version__, _VERSIONS, WIDTHS, _OPTIONS, _QUALITIES, _BYTES_PER_PIXEL)
).encode()


def encode_variants(
    picture: Picture, data: bytes, files: list[Variant]
) -> Iterator[tuple[Variant, bytes]]:
    """Yield each of `files` with its bytes, encoded from `data`. Raises ProblemError."""
    if picture.format == "SVG":
        yield files[0], data
        return
    widest = variants(picture)[-1]
    image = decode_pixels(picture, data, (widest.width, widest.height))
    for file in files:
        smaller = image.resize((file.width, file.height), Image.Resampling.LANCZOS)
        yield file, _compress(smaller, file.format)


def _compress(image: Image.Image, kind: str) -> bytes:
    """Encode a file at the best quality below the limit of bytes."""
    byte_limit = 1_000 + _BYTES_PER_PIXEL.get(kind, 0) * image.width * image.height
    for quality in _QUALITIES.get(kind, (0,)):
        file = io.BytesIO()
        image.save(file, kind, quality=quality, **_OPTIONS[kind])
        if file.tell() <= byte_limit:
            break
    return file.getvalue()
