"""Define a picture and its encoded files."""

from dataclasses import dataclass
from pathlib import Path

# Pixels. The text column is 30.5rem at 17 to 20 px: 400 and 640 for it at a density of 1, 960 and
# 1280 at 2.
WIDTHS = (400, 640, 960, 1280)
FOLDER = "images"
_ENDINGS = {"AVIF": "avif", "WEBP": "webp", "JPEG": "jpg", "PNG": "png", "SVG": "svg"}


@dataclass(frozen=True)
class Picture:
    """A picture. `width` and `height` are in pixels, after the rotation by `orientation`.

    `orientation` is the value of EXIF, 1 to 8. `digest` depends on the file and on the encoding.
    """

    path: Path
    slug: str
    digest: str
    width: int
    height: int
    format: str
    has_alpha: bool = False
    orientation: int = 1


@dataclass(frozen=True)
class Variant:
    """An encoded file of a picture: `name` is its path below the root, sizes are in pixels."""

    format: str
    width: int
    height: int
    name: str


def variants(picture: Picture) -> list[Variant]:
    """Return the files of a picture, by format (the last for any browser), then by width.

    No file is wider than the picture.
    """
    name = f"{FOLDER}/{picture.slug}-{picture.digest}"
    if picture.format == "SVG":
        file = f"{name}-{picture.width}.svg"
        return [Variant("SVG", picture.width, picture.height, file)]
    widest = min(picture.width, max(WIDTHS))
    # A file only a little narrower than the widest saves nothing.
    widths = [*(width for width in WIDTHS if width * 1.15 < widest), widest]
    return [
        Variant(
            kind,
            width,
            max(1, round(picture.height * width / picture.width)),
            f"{name}-{width}.{_ENDINGS[kind]}",
        )
        for kind in ("AVIF", "WEBP", "PNG" if picture.has_alpha else "JPEG")
        for width in widths
    ]
