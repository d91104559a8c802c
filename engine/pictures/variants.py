"""A picture that can be shown, and the files that are made of it."""

from dataclasses import dataclass
from pathlib import Path

# Pixels. The text column is 30.5rem at 17 to 20 px: 400 and 640 for it at a density of 1, 960 and
# 1280 at 2.
WIDTHS = (400, 640, 960, 1280)
FOLDER = "images"
_ENDINGS = {"AVIF": "avif", "WEBP": "webp", "JPEG": "jpg", "PNG": "png", "SVG": "svg"}


@dataclass(frozen=True)
class Picture:
    """A file that can be shown. `width` and `height` are in pixels, as a reader sees it: turned.

    `orientation` is EXIF's, 1 to 8; `digest` changes with the file and with the way it is encoded.
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
    """One file to make of a picture: `name` is its path below the site's root, sizes in pixels."""

    format: str
    width: int
    height: int
    name: str


def variants(picture: Picture) -> list[Variant]:
    """The files of a picture: by format, the last being for any browser; the narrowest first.

    No file is wider than the picture itself.
    """
    name = f"{FOLDER}/{picture.slug}-{picture.digest}"
    if picture.format == "SVG":
        file = f"{name}-{picture.width}.svg"
        return [Variant("SVG", picture.width, picture.height, file)]
    widest = min(picture.width, max(WIDTHS))
    # One that is hardly narrower than the widest would spare nothing.
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
