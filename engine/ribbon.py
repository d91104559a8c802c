"""Draw the ribbon: the strands of the projects tie the ampersand and run down the list.

Four strands form a hank. The first hank ties the ampersand (with fewer projects it has fewer
strands, and the same curves) and continues as the warp of the list, where each strand ends at its
project. After every fourth project a new hank begins, its ends cut: more than four strands side by
side leave no room for words on a phone. Each hank uses the same four dyes, the second one mixed
with ink, the third one with paper: twelve colours. An announced project has bare threads. Without
any project, the ribbon is a hank of bare threads.

The unit of the drawings is `--u` of the style sheets.
"""

import cmath
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from math import pi, sqrt

from markupsafe import Markup

HANK = 4
DYES = ("garance", "carthame", "indigo", "gaude")
DIPS = (
    "var(--{})",
    "color-mix(in oklab, var(--{}) 66%, var(--ink))",
    "color-mix(in oklab, var(--{}) 66%, var(--paper))",
)

WIDTH, GAP = 20, 5
PITCH = WIDTH + GAP
# The centre line of the ampersand: radii of its turns, lengths of its straight parts.
ARM, BOWL, LOOP, FOOT = 90, 132, 96, 78
# From the arm's turn to the lower crossing, from a crossing to the bowl or back, and from the
# upper crossing to the foot.
REACH, NECK, LEG = 150, 110, 425
# The ribbon begins outside the page, which clips it.
FAR = 4000
# The inner radius of the corner where the band turns down into the warp.
CORNER = 25


@dataclass(frozen=True)
class Strand:
    """A strand without a project."""

    strand: int
    status: str = "announced"


LOOM = tuple(Strand(number) for number in range(HANK))


def first_hank(projects: Sequence) -> Sequence:
    """Return the strands of the ampersand: the first four projects, or an empty loom."""
    return projects[:HANK] or LOOM


def strand_class(project) -> str:
    """Return the classes of an element with the strand of a project."""
    bare = " announced" if project.status == "announced" else ""
    return f"strand-{project.strand}{bare}"


def colour(strand: int) -> str:
    """Return the CSS colour of a strand."""
    return DIPS[strand // HANK % len(DIPS)].format(DYES[strand % HANK])


def strand_rules(projects: Sequence, strands: Container[int]) -> str:
    """Return the CSS of strands: their colours and their lanes, the places in their hanks."""
    return "".join(
        f".strand-{project.strand}{{--strand:{colour(project.strand)};--lane:{place % HANK}}}"
        for place, project in enumerate(projects or LOOM)
        if project.strand in strands
    )


def warp_rules(projects: Sequence, comes_in: bool) -> str:
    """Return the CSS of the lanes of the warp, and of the strands beside each project of the list.

    The first hank applies to the whole page, each later one to its projects. The upper ends of a
    hank are cut, except those of the first one if `comes_in`: it continues the ampersand.
    """
    rules = [_warp(":root,.loom::before", first_hank(projects))]
    for begin in range(0, len(projects), HANK):
        hank = projects[begin : begin + HANK]
        if begin:
            rules.append(_warp(",".join(f".project.strand-{p.strand}" for p in hank), hank))
        if begin or not comes_in:
            rules.append(f".project.strand-{hank[0].strand}{{--begin:{_cut_ends(len(hank))}}}")
    return "".join(rules)


def _cut_ends(strands: int) -> str:
    """Return the upper edge of a hank, from the left: a swallow-tail cut for each strand."""
    tails = (
        f"{_units(left)} 0,{_units(left + WIDTH / 2)} var(--notch),{_units(left + WIDTH)} 0"
        for left in range(0, strands * PITCH, PITCH)
    )
    return ",".join((*tails, "100% 0"))


def _units(length: float) -> str:
    return f"calc({length:g}*var(--u))"


def _warp(selector: str, hank: Sequence) -> str:
    lanes = "".join(f";--warp-{lane}:{_cloth(project)}" for lane, project in enumerate(hank))
    free = "".join(f";--warp-{lane}:none" for lane in range(len(hank), HANK))
    return f"{selector}{{--lanes:{len(hank)}{lanes}{free}}}"


def _cloth(project) -> str:
    """Return a strand as a CSS image; `--turn` rotates its threads."""
    dyed = colour(project.strand)
    if project.status != "announced":
        # The W3C validator refuses a mixed colour with two positions, valid in CSS Images 4.
        return (
            f"linear-gradient({dyed},{dyed})" if "(in" in dyed else f"linear-gradient({dyed} 0 0)"
        )
    return (
        f"repeating-linear-gradient(var(--turn),{dyed} 0 var(--thread),"
        "#0000 0 calc(2*var(--thread)))"
    )


def _steps() -> Iterator[tuple[str, float, float]]:
    """Yield the steps of the centre line, which begins heading west.

    They are ("go", length, 0), ("turn", radius, degrees to the right), ("cross", 0, 0) at the two
    crossings.
    """
    yield "turn", ARM, -45
    yield "go", REACH, 0
    yield "cross", 0, 0
    yield "go", NECK, 0
    yield "turn", BOWL, 180
    yield "go", NECK, 0
    yield "cross", 0, 0
    yield "go", LOOP, 0
    yield "turn", LOOP, -270
    yield "go", LOOP + LEG, 0
    yield "turn", FOOT, 135


# The y axis points down: a quarter turn to the right is a multiplication by 1j.
_WEST = -1 + 0j


def _walk() -> Iterator[tuple[str, float, float, complex, complex]]:
    """Yield each step with the position and the heading at its end."""
    place, heading = 0j, _WEST
    for step, size, degrees in _steps():
        if step == "go":
            place += size * heading
        elif step == "turn":
            turned = heading * cmath.rect(1, degrees * pi / 180)
            side = 1j if degrees > 0 else -1j
            place += size * side * (heading - turned)
            heading = turned
        yield step, size, degrees, place, heading


_UPPER = [place for step, _, _, place, _ in _walk() if step == "cross"][1]
_HALF = (HANK * PITCH - GAP) / 2
# The size fits a whole hank; fewer strands keep the scale, the lower and the right edge.
_DROP = (LEG / sqrt(2)) + FOOT * (1 + 1 / sqrt(2))
_BULGE = (LEG - FOOT) / sqrt(2) + FOOT
_LEFT = max(LOOP, NECK / sqrt(2) + BOWL * (1 - 1 / sqrt(2)))
SIZE = (round(_BULGE + _LEFT + 2 * _HALF), round(_DROP + LOOP * (1 + sqrt(2)) + 2 * _HALF))


def _offsets(strands: int) -> list[float]:
    """Return the offset of each strand to the right of the centre line, the outermost first."""
    return [((strands - 1) / 2 - number) * PITCH for number in range(strands)]


def upper_crossing(strands: int) -> complex:
    """Return the upper crossing, placed so that the band leaves along the lower edge."""
    half = (strands * PITCH - GAP) / 2
    return complex(SIZE[0] - _BULGE - half, SIZE[1] - _DROP - half)


def _number(value: float) -> str:
    return f"{round(value, 1) + 0:g}"


def _point(place: complex) -> str:
    return f"{_number(place.real)} {_number(place.imag)}"


def strand_path(offset: float, shift: complex, band_end: float = 0) -> str:
    """Return the SVG path data of a strand at `offset` to the right of the centre line.

    `band_end` is the x coordinate of its end.
    """
    start = shift + offset * 1j * _WEST
    path = f"M{_point(start + FAR)}H{_number(start.real)}"
    straight = ""
    for step, size, degrees, place, heading in _walk():
        end = _point(place + shift + offset * 1j * heading)
        if step == "turn":
            radius = _number(size - offset if degrees > 0 else size + offset)
            arc = f"A{radius} {radius} 0 {int(abs(degrees) > 180)} {int(degrees > 0)} {end}"
            path, straight = path + straight + arc, ""
        else:
            # Consecutive straight parts are on one line: only the last end matters.
            straight = f"L{end}"
    return f"{path}H{_number(band_end)}"


def overpass(strand: int, strands: int) -> str:
    """Return the path data of the parts of a strand on top at the crossings: dashes of a pitch.

    Both crossings are plain weave: over one, under the next. Returns "" for a strand that is never
    on top. The coordinates are rotated by 45 degrees around the upper crossing.
    """
    offsets = _offsets(strands)
    own = offsets[strand]
    path = ""
    for crossing, way in ((0, 1), (2 * BOWL, -1)):
        rising = [offset for other, offset in enumerate(offsets) if (strand + other) % 2]
        falling = [
            crossing + way * offset
            for other, offset in enumerate(offsets)
            if not (strand + other) % 2
        ]
        if rising:
            begin, end = _ends(rising)
            path += f"M{_number(crossing + way * own)} {begin}V{end}"
        if falling:
            begin, end = _ends(falling)
            path += f"M{begin} {_number(own)}H{end}"
    return path


def _ends(middles: Sequence[float]) -> tuple[str, str]:
    """Return the begin and the end of a row of dashes; every second dash is a gap."""
    return _number(min(middles) - PITCH / 2), _number(max(middles) + PITCH / 2)


def _group(project, path: str) -> str:
    """Return the SVG of a strand, thread by thread if its project is announced."""
    if not path:
        return ""
    drawn = f'<path d="{path}"/>'
    if project.status == "announced":
        drawn += f'<path class="slits" d="{path}"/><path class="thread" d="{path}"/>'
    return f'<g class="{strand_class(project)}">{drawn}</g>'


def ampersand_strands(projects: Sequence, band_end: float = 0) -> str:
    """Return the elements of the ampersand of the strands of the first hank.

    `band_end` is the x coordinate of the end of the band, in the box of SIZE.
    """
    hank = first_hank(projects)
    crossing = upper_crossing(len(hank))
    paths = [strand_path(offset, crossing - _UPPER, band_end) for offset in _offsets(len(hank))]
    on_top = [overpass(strand, len(hank)) for strand in range(len(hank))]
    return (
        f"{''.join(map(_group, hank, paths))}"
        f'<g class="on-top" transform="translate({_point(crossing)}) rotate(45)">'
        f'<path class="casing" d="{"".join(on_top)}"/>{"".join(map(_group, hank, on_top))}</g>'
    )


def ampersand_svg(projects: Sequence) -> Markup:
    """Return the ampersand of the strands of the first hank, up to the begin of the band."""
    # It holds only numbers and class names, no text of a writer.
    return Markup(  # noqa: S704
        f'<svg class="ampersand" viewBox="0 0 {SIZE[0]} {SIZE[1]}"'
        ' preserveAspectRatio="xMaxYMax" aria-hidden="true" focusable="false">'
        f"{ampersand_strands(projects)}</svg>"
    )


def corner_svg(projects: Sequence) -> Markup:
    """Return the corner where the band comes in from the right and turns down into the warp."""
    hank = first_hank(projects)
    size = CORNER + len(hank) * PITCH - GAP
    parts = []
    for lane, project in enumerate(hank):
        edge = lane * PITCH + WIDTH / 2
        radius = _number(size - edge)
        parts.append(
            _group(
                project, f"M{size} {_number(edge)}A{radius} {radius} 0 0 0 {_number(edge)} {size}"
            )
        )
    return Markup(  # noqa: S704
        f'<svg class="corner" viewBox="0 0 {size} {size}" aria-hidden="true" focusable="false">'
        f"{''.join(parts)}</svg>"
    )
