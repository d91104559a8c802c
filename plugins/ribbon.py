"""The ribbon: each project is a strand; together they tie the ampersand and run down the list.

Four strands make a hank. The first hank ties the ampersand (with fewer projects it has fewer
strands, and the same curves) and becomes the warp of the list, where each project takes its strand
out. After every fourth project a new hank begins, its ends cut: more than four strands side by
side would leave no room for words on a telephone. The four dyes come again in each hank, dipped
once more in ink, then washed towards paper: twelve colours, and never a colour without a name.
A project that is only announced is bare threads: on the loom, not woven. Without any project the
loom stands ready: a whole hank of bare threads.

One unit of the drawings is the style sheets' `--u`.
"""

import cmath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import pi, sqrt

from markupsafe import Markup
from pelican import signals

HANK = 4
DYES = ("garance", "carthame", "indigo", "gaude")
DIPS = (
    "var(--{})",
    "color-mix(in oklab, var(--{}) 66%, var(--ink))",
    "color-mix(in oklab, var(--{}) 66%, var(--paper))",
)

WIDTH, GAP = 20, 5
PITCH = WIDTH + GAP
# The three threads of an unwoven strand, and the slits between them.
THREAD = 4

# The ampersand's centre line: radii of its turns, lengths of its straights.
ARM, BOWL, LOOP, FOOT = 90, 132, 96, 78
# From the arm's turn to the lower crossing, from a crossing to the bowl or back, and from the
# upper crossing to the foot.
REACH, NECK, LEG = 150, 78 * sqrt(2), 300 * sqrt(2)
# The ribbon comes from outside the page, which clips it.
FAR = 4000
# The corner by which the band turns down into the warp: radius of its inner edge.
CORNER = 25


@dataclass(frozen=True)
class Strand:
    """A place on the loom that no project has taken."""

    strand: int
    status: str = "announced"


LOOM = tuple(Strand(number) for number in range(HANK))


def first_hank(projects: Sequence) -> Sequence:
    """The strands of the ampersand: the first four projects, or an empty loom."""
    return projects[:HANK] or LOOM


def strand_class(project) -> str:
    """The classes of an element that bears a project's strand."""
    bare = " announced" if project.status == "announced" else ""
    return f"strand-{project.strand}{bare}"


def colour(strand: int, suffix: str = "") -> str:
    """The CSS colour of a strand; the suffix "-line" asks for its shade for thin lines."""
    dip = DIPS[strand // HANK % len(DIPS)]
    return dip.format(DYES[strand % HANK] + suffix)


def strand_rules(projects: Sequence) -> str:
    """CSS: the colours of each project, and its lane, its place among the strands of its hank."""
    return "".join(
        f".strand-{project.strand}{{--strand:{colour(project.strand)};"
        f"--strand-line:{colour(project.strand, '-line')};--lane:{place % HANK}}}"
        for place, project in enumerate(projects or LOOM)
    )


def warp_rules(projects: Sequence) -> str:
    """CSS: what runs beside each project of the list, and the warp above the first."""
    hank = first_hank(projects)
    rules = [f":root{{--lanes:{len(hank)}}}", _rule(".band,.warp", _lanes(enumerate(hank)))]
    for place, project in enumerate(projects):
        begin = place - place % HANK
        later = list(enumerate(projects[begin : begin + HANK]))[place - begin + 1 :]
        declarations = _lanes(later)
        if len(later) > 1:
            # Plain weave: over the next strand, under the one after it.
            declarations += [
                f"--over:calc({2 * PITCH - GAP / 2:g}*var(--u))",
                f"--under:calc({3 * PITCH - GAP / 2:g}*var(--u))",
            ]
        if place and place == begin:
            declarations.append("--ends:var(--cut-ends)")
        rules.append(_rule(f".project.strand-{project.strand}", declarations))
    return "".join(rules)


def _lanes(strands: Iterable) -> list[str]:
    declarations = []
    for lane, project in strands:
        declarations.append(f"--warp-{lane}:{colour(project.strand)}")
        if project.status == "announced":
            declarations.append(f"--slit-{lane}:#0000")
    return declarations


def _rule(selector: str, declarations: list[str]) -> str:
    return f"{selector}{{{';'.join(declarations)}}}" if declarations else ""


def _steps() -> Iterator[tuple[str, float, float]]:
    """The centre line as a walk that comes in heading west: ("go", length, 0), ("turn", radius,
    degrees to the right) and ("cross", 0, 0) where it meets itself for the first time."""
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


# On screens y grows downwards: a heading turns clockwise, and a quarter turn to the right is 1j.
_WEST = -1 + 0j
_RISING, _FALLING = cmath.rect(1, -pi / 4), cmath.rect(1, pi / 4)


def _walk() -> Iterator[tuple[str, float, float, complex, complex]]:
    """Each step with the place and the heading at which it ends."""
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


_CROSSINGS = [place for step, _, _, place, _ in _walk() if step == "cross"]
_LOWER, _UPPER = _CROSSINGS
_HALF = (HANK * PITCH - GAP) / 2
# A whole hank just fits; fewer strands leave the drawing's scale, lower and right edges the same.
_DROP = (LEG / sqrt(2)) + FOOT * (1 + 1 / sqrt(2))
_BULGE = (LEG - FOOT) / sqrt(2) + FOOT
_LEFT = max(LOOP, NECK / sqrt(2) + BOWL * (1 - 1 / sqrt(2)))
SIZE = (round(_BULGE + _LEFT + 2 * _HALF), round(_DROP + LOOP * (1 + sqrt(2)) + 2 * _HALF))


def _offsets(strands: int) -> list[float]:
    """How far each strand lies to the right of the centre line; the first one lies outermost."""
    return [((strands - 1) / 2 - number) * PITCH for number in range(strands)]


def _shift(strands: int) -> complex:
    """Puts the upper crossing where the band's lower edge is the drawing's lower edge."""
    half = (strands * PITCH - GAP) / 2
    return complex(SIZE[0] - _BULGE - half, SIZE[1] - _DROP - half) - _UPPER


def _number(value: float) -> str:
    return f"{round(value, 1) + 0:g}"


def _point(place: complex) -> str:
    return f"{_number(place.real)} {_number(place.imag)}"


def strand_path(offset: float, shift: complex) -> str:
    """SVG path data of the strand that runs exactly `offset` to the right of the centre line."""
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
            # Only the last of several in a row matters: they lie on one line.
            straight = f"L{end}"
    return f"{path}H0"


def overpasses(strands: int, shift: complex, trim: float = 0) -> list[str]:
    """Path data, strand by strand, of the pieces that lie on top where the ribbon meets itself.

    Both crossings are plain weave. `trim` shortens the pieces at both ends: their casing, which
    cuts a slit into what passes below, must not touch the next strand.
    """
    half = PITCH / 2 - trim
    pieces = [""] * strands
    for crossing, heading in ((_UPPER, _RISING), (_LOWER, -_RISING)):
        for i, across in enumerate(_offsets(strands)):
            for j, along in enumerate(_offsets(strands)):
                place = crossing + shift + across * 1j * heading + along * 1j * _FALLING
                over, way = (i, _RISING) if (i + j) % 2 else (j, _FALLING)
                pieces[over] += f"M{_point(place - half * way)}l{_point(2 * half * way)}"
    return pieces


def _group(project, path: str) -> str:
    """A strand, drawn once, or thread by thread where it is not woven."""
    drawn = f'<path d="{path}"/>'
    if project.status == "announced":
        drawn += f'<path class="slits" d="{path}"/><path class="thread" d="{path}"/>'
    return f'<g class="{strand_class(project)}">{drawn}</g>'


def ampersand_svg(projects: Sequence) -> Markup:
    """The ampersand that the strands of the first hank tie, up to where the band begins."""
    hank = first_hank(projects)
    shift = _shift(len(hank))
    paths = [strand_path(offset, shift) for offset in _offsets(len(hank))]
    casing = "".join(overpasses(len(hank), shift, trim=1))
    parts = [
        *(_group(project, path) for project, path in zip(hank, paths, strict=True)),
        f'<path class="casing" d="{casing}"/>',
        *map(_group, hank, overpasses(len(hank), shift)),
    ]
    # Only numbers and class names made here: nothing that a writer typed.
    return Markup(  # noqa: S704
        f'<svg class="ampersand" viewBox="0 0 {SIZE[0]} {SIZE[1]}"'
        ' preserveAspectRatio="xMaxYMax" aria-hidden="true" focusable="false">'
        f"{''.join(parts)}</svg>"
    )


def corner_svg(projects: Sequence) -> Markup:
    """The corner by which the band comes in from the right and turns down into the warp."""
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


def add_ribbon(generators: list) -> None:
    """Put the drawings and the way to a project's classes into the context."""
    context = generators[0].context
    context["strand_class"] = strand_class
    context["ampersand"] = ampersand_svg(context["projects"])
    context["corner"] = corner_svg(context["projects"])


def register() -> None:
    """Connect to Pelican, after the projects."""
    signals.all_generators_finalized.connect(add_ribbon)
