"""Tell whether two pictures of a page show the same, whichever Chromium drew them.

Two versions of a browser smooth the edges of letters and curves differently, by up to a third of
the contrast, and agree on all else. So edges and the rest are held to measures of their own:

- a surface is where neither picture has an edge within a pixel. There the colours must be the
  same, but for rounding: so a colour that is a little off is seen.
- a shape is what remains of the edges once BLOCK × BLOCK pixels are one. What smoothing adds on
  one side of an edge it takes from the other, so the mean of a block hardly moves; an edge that
  moves by a pixel carries the mean with it.

A comparison pixel by pixel with one threshold (pixelmatch, as Playwright has it) must choose: one
that forgives smoothing forgives the wrong colour too.
"""

from dataclasses import dataclass
from functools import reduce

from PIL import Image, ImageChops, ImageFilter

# Of 255, for each of red, green and blue. Colours in oklch are rounded to whole numbers.
SURFACE_TOLERANCE = 2
# Pixels of the snapshot. Noise leaves single ones.
SURFACE_AREA = 12
# Pixels of the snapshot: 16 of the page, about a line of its text.
BLOCK = 8
# Of 255, for the mean of a block.
SHAPE_TOLERANCE = 12
# What all blocks of a page may be above the tolerance, added up: a few blocks by a little are
# smoothing, one by much is a sign that has gone, many by a little are an edge that has moved.
SHAPE_EXCESS = 32
# Of 255.
GRAIN = 32


@dataclass(frozen=True)
class Difference:
    """How two pictures differ: what is said of it, and where, white on black, None for a size."""

    words: str
    places: Image.Image | None = None


def difference(expected: Image.Image, actual: Image.Image) -> Difference | None:
    """How `actual` differs from `expected`, None if a visitor would see the same."""
    if expected.size != actual.size:
        sizes = (f"{2 * image.width} × {2 * image.height}" for image in (actual, expected))
        return Difference("the page is {} pixels, it was {}".format(*sizes))
    raw = ImageChops.difference(expected, actual)
    if not raw.getbbox():
        return None
    edges = ImageChops.lighter(_edges(expected), _edges(actual))
    surfaces = ImageChops.subtract(_over(raw, SURFACE_TOLERANCE), edges)
    blocks = ImageChops.difference(expected.reduce(BLOCK), actual.reduce(BLOCK))
    excess = _highest_band(blocks).point(lambda value: max(0, value - SHAPE_TOLERANCE))
    total = sum(value * count for value, count in enumerate(excess.histogram()))
    area = surfaces.histogram()[255]
    found = []
    if area > SURFACE_AREA:
        found.append(f"surfaces: {area} pixels of another colour")
    if total > SHAPE_EXCESS:
        found.append(f"shapes: {total} above the tolerance")
    if not found:
        return None
    shapes = _over(blocks, SHAPE_TOLERANCE).resize(raw.size, Image.Resampling.NEAREST)
    return Difference("; ".join(found), ImageChops.lighter(surfaces, shapes))


def without_grain(image: Image.Image) -> Image.Image:
    """The picture with the pixels that are like none of their neighbours in steps of GRAIN.

    So are most pixels of letters, and it halves the bytes to store. Whatever has a colour of its
    own stays as it is, and the means of blocks too: about as much is rounded up as down.
    """
    alone = reduce(ImageChops.darker, _steps(image))
    rounded = image.point(lambda value: min(255, (value + GRAIN // 2) // GRAIN * GRAIN))
    return Image.composite(rounded, image, alone)


def _highest_band(image: Image.Image) -> Image.Image:
    return reduce(ImageChops.lighter, image.split())


def _over(image: Image.Image, tolerance: int) -> Image.Image:
    """White where any band of `image` is above the tolerance, else black."""
    return _highest_band(image).point(lambda value: 255 if value > tolerance else 0)


def _steps(image: Image.Image) -> list[Image.Image]:
    """For each of the four neighbours: white where a pixel differs from it, else black."""
    return [
        _over(ImageChops.difference(image, ImageChops.offset(image, x, y)), SURFACE_TOLERANCE)
        for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1))
    ]


def _edges(image: Image.Image) -> Image.Image:
    """White on an edge and on every pixel that touches one, else black."""
    return reduce(ImageChops.lighter, _steps(image)).filter(ImageFilter.MaxFilter(3))
