"""What a file is, and why it cannot be taken."""

import hashlib
from pathlib import Path

from engine.faults import Message, ProblemError
from engine.pictures.drawings import Drawing
from engine.pictures.encoding import RECIPE
from engine.pictures.reading import moves, opened, orientation_of, unreadable
from engine.pictures.variants import Picture, variants
from engine.slugs import slugify

# Pixels; a limit of the WebP format.
_MAX_SIDE = 16_383


def inspect(path: Path) -> Picture:
    """What a file holds, by its head only: whether the rest is whole shows when it is encoded.

    Raises ProblemError for a file that no page can show.
    """
    data, digest = read_picture(path)
    slug = slugify(path.stem) or "picture"
    if path.suffix.lower() == ".svg":
        return Picture(path, slug, digest, *Drawing(data).size, "SVG")
    with opened(data) as image:
        if moves(image):
            raise ProblemError(
                Message("it moves, and a reader could not stop it"),
                Message("take one still picture of it, or put a video into files/ and link to it"),
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
    """A file's bytes, and a digest of them and of the way they are encoded. Raises ProblemError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise unreadable(error) from error
    return data, hashlib.sha256(data + RECIPE).hexdigest()[:12]
