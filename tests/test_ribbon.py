"""The strands of the projects: their colours, the drawings, and the warp of the list."""

import re
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup

from engine.checking.pages.w3c_check import check_markup
from engine.paths import ROOT
from engine.ribbon import (
    DIPS,
    DYES,
    HANK,
    PITCH,
    SIZE,
    WIDTH,
    ampersand_svg,
    colour,
    corner_svg,
    overpass,
    strand_class,
    strand_path,
    strand_rules,
    warp_rules,
)
from tests.sites import write


@dataclass
class Project:
    strand: int
    status: str = "published"


def projects(count, *announced):
    return [
        Project(number, "announced" if number in announced else "published")
        for number in range(count)
    ]


def strands_of(svg):
    """The classes of the strands of a drawing, each once, in their order."""
    groups = BeautifulSoup(svg, "html.parser").select("g[class*=strand-]")
    return list(dict.fromkeys(" ".join(group["class"]) for group in groups))


def test_each_project_has_a_colour_of_its_own_up_to_twelve():
    colours = [colour(number) for number in range(len(DYES) * len(DIPS))]
    assert len(set(colours)) == len(colours)
    assert colours[:HANK] == [f"var(--{dye})" for dye in DYES]
    assert colour(len(colours)) == colour(0)


def test_a_project_keeps_its_colour_where_another_is_missing():
    english = [Project(0), Project(2)]
    assert ".strand-2{--strand:var(--indigo);" in strand_rules(english, range(30))


def test_the_lane_is_the_place_in_the_list():
    assert "--lane:1}" in strand_rules([Project(0), Project(2)], range(30)).split(".strand-2")[1]


@pytest.mark.needs("java", "vnu")
def test_the_rules_of_any_number_of_projects_are_valid_css(tmp_path):
    write(tmp_path, {"index.html": "<!doctype html><html lang=fr><title>Un titre</title>"})
    for count in range(2 * len(DYES) * len(DIPS)):
        for announced in ([], range(count)):
            some = projects(count, *announced)
            rules = strand_rules(some, range(count)) + warp_rules(some, comes_in=True)
            write(tmp_path, {f"{count}-{len(announced)}.css": rules})
    assert [str(fault) for fault in check_markup(tmp_path)] == []


def test_a_fifth_project_begins_a_new_hank():
    rules = strand_rules(projects(5), range(30))
    assert rules.split(".strand-4")[1].endswith("--lane:0}")
    assert ".project.strand-4{--begin:" in warp_rules(projects(5), comes_in=True)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 30])
def test_the_ampersand_has_as_many_strands_as_projects_up_to_four(count):
    expected = [f"strand-{number}" for number in range(min(count, HANK))]
    assert strands_of(ampersand_svg(projects(count))) == expected
    assert strands_of(corner_svg(projects(count))) == expected


def test_without_a_project_the_loom_stands_ready():
    assert strands_of(ampersand_svg([])) == [f"strand-{n} announced" for n in range(HANK)]
    assert "--lanes:4" in warp_rules([], comes_in=True)
    assert ".strand-3{" in strand_rules([], range(30))


def test_an_announced_project_is_bare_threads():
    assert strand_class(Project(3, "announced")) == "strand-3 announced"
    assert strand_class(Project(3)) == "strand-3"
    group = BeautifulSoup(ampersand_svg(projects(2, 1)), "html.parser").select_one(".announced")
    assert [path.get("class") for path in group("path")] == [None, ["slits"], ["thread"]]
    assert "--warp-1:repeating-" in warp_rules(projects(2, 1), comes_in=True)


def test_each_hank_has_its_own_warp():
    rules = warp_rules(projects(6), comes_in=True)
    assert dict(re.findall(r"([^{}]+)\{--lanes:(\d)", rules)) == {
        ":root,.loom::before": "4",
        ".project.strand-4,.project.strand-5": "2",
    }
    assert rules.count("--warp-2:none;--warp-3:none") == 1


def test_only_a_warp_that_comes_in_from_the_ampersand_has_no_cut_ends():
    assert "--begin" not in warp_rules(projects(4), comes_in=True)
    assert warp_rules(projects(3), comes_in=False).count("var(--notch)") == 3


def points(path):
    """The ends of the segments of path data of ours, as complex numbers."""
    found, place = [], 0j
    for command, text in re.findall(r"([MLAH])([^MLAH]*)", path):
        numbers = [float(number) for number in text.split()]
        place = complex(numbers[0], place.imag) if command == "H" else complex(*numbers[-2:])
        found.append(place)
    return found


def test_strands_lie_side_by_side_all_the_way():
    outer, inner = points(strand_path(PITCH / 2, 0j)), points(strand_path(-PITCH / 2, 0j))
    assert len(outer) > 2
    for one, other in zip(outer[1:-1], inner[1:-1], strict=True):
        assert abs(one - other) == pytest.approx(PITCH, abs=0.3)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_the_band_leaves_along_the_lower_edge_of_the_drawing(count):
    svg = BeautifulSoup(ampersand_svg(projects(count)), "html.parser")
    lowest = points(svg("g")[count - 1].path["d"])[-1]
    assert lowest == pytest.approx(complex(0, SIZE[1] - WIDTH / 2), abs=0.6)


def test_the_style_sheet_gives_the_drawing_its_size():
    css = (ROOT / "theme/static/css/introduction.css").read_text("utf-8")
    for way, units in zip(("inline", "block"), SIZE, strict=True):
        assert f"  {way}-size: calc({units} * var(--u));" in css.split("\n  .ampersand {")[1]


def dashes(path):
    """The middles of the dashes of a row, with the way in which each runs."""
    found = []
    for x, y, way, end in re.findall(r"M(\S+) ([^HV]+)([HV])([^M]+)", path):
        place = complex(float(x), float(y))
        step = PITCH if way == "H" else PITCH * 1j
        length = float(end) - (place.real if way == "H" else place.imag)
        found += [
            (place + step / 2 + 2 * step * number, way)
            for number in range(round((length / PITCH + 1) / 2))
        ]
    return found


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_both_crossings_are_plain_weave(count):
    ways = [dict(dashes(overpass(strand, count))) for strand in range(count)]
    places = [place for way in ways for place in way]
    assert len(places) == len(set(places)) == 2 * count**2, "one strand is on top of each other"
    on_top = {place: way for strand in ways for place, way in strand.items()}
    for place, way in on_top.items():
        for neighbour in (place + PITCH, place + PITCH * 1j):
            assert on_top.get(neighbour) != way, "over one, under the next"


def test_the_drawings_have_no_ids_that_a_project_could_bear_too():
    for drawing in (ampersand_svg(projects(4, 1)), corner_svg(projects(4, 1))):
        assert " id=" not in drawing
        assert 'aria-hidden="true"' in drawing
