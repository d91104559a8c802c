"""Inspect the file of a picture, and refuse files that no page can show."""

import hashlib
from pathlib import Path

from engine.faults import Message, ProblemError, unreadable_file_error
from engine.pictures.drawings import Drawing
from engine.pictures.encoding import RECIPE
from engine.pictures.reading import is_animated, open_picture, orientation_of
from engine.pictures.variants import Picture, variants
from engine.slugs import slugify

# The limit of the WebP format, in pixels.
_MAX_SIDE = 16_383


def inspect(path: Path) -> Picture:
    """Inspect a file by its header only: truncated data is found by the encoder.

    Raises ProblemError for a file that no page can show.
    """
    data, digest = read_picture(path)
    slug = slugify(path.stem) or "picture"
    if path.suffix.lower() == ".svg":
        return Picture(path, slug, digest, *Drawing(data).size, "SVG")
    with open_picture(data) as image:
        if is_animated(image):
            raise ProblemError(
                Message("it moves, and a reader could not stop it"),
                Message(
                    "put a still picture in its place, or put the file into content/files/ and "
                    "make a link of it, without the !"
                ),
            )
        orientation = orientation_of(image.info.get("exif"))
        width, height = image.size[::-1] if orientation > 4 else image.size
        has_alpha = image.has_transparency_data and not image.mode.startswith("I")
        picture = Picture(path, slug, digest, width, height, image.format, has_alpha, orientation)
    tallest = variants(picture)[-1].height
    if tallest > _MAX_SIDE:
        raise ProblemError(
            Message("it is {times} times as high as it is wide", times=height // width),
            Message("cut it into several pictures"),
        )
    return picture


def read_picture(path: Path) -> tuple[bytes, str]:
    """Return the bytes of a file, and a digest of them and of the encoding. Raises ProblemError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise unreadable_file_error(error) from error
    return data, hashlib.sha256(data + RECIPE).hexdigest()[:12]
