"""The strands of the projects: their colours, the drawings, and the warp of the list."""

import re
from dataclasses import dataclass
from math import dist

import pytest
from bs4 import BeautifulSoup

from plugins.ribbon import (
    DIPS,
    DYES,
    HANK,
    PITCH,
    SIZE,
    WIDTH,
    ampersand_svg,
    colour,
    corner_svg,
    overpasses,
    strand_class,
    strand_path,
    strand_rules,
    warp_rules,
)


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
    return list(
        dict.fromkeys(" ".join(group["class"]) for group in BeautifulSoup(svg, "html.parser")("g"))
    )


def test_each_project_has_a_colour_of_its_own_up_to_twelve():
    colours = [colour(number) for number in range(len(DYES) * len(DIPS))]
    assert len(set(colours)) == 12
    assert colours[:HANK] == [f"var(--{dye})" for dye in DYES]
    assert colour(12) == colour(0)


def test_a_project_keeps_its_colour_where_another_is_missing():
    english = [Project(0), Project(2)]
    assert ".strand-2{--strand:var(--indigo);" in strand_rules(english)


def test_the_lane_is_the_place_in_the_list():
    assert "--lane:1}" in strand_rules([Project(0), Project(2)]).split(".strand-2")[1]


def test_a_fifth_project_begins_a_new_hank():
    rules = strand_rules(projects(5))
    assert rules.split(".strand-4")[1].endswith("--lane:0}")
    assert ".project.strand-4{--ends:var(--cut-ends)}" in warp_rules(projects(5))


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 30])
def test_the_ampersand_has_as_many_strands_as_projects_up_to_four(count):
    expected = [f"strand-{number}" for number in range(min(count, HANK))]
    assert strands_of(ampersand_svg(projects(count))) == expected
    assert strands_of(corner_svg(projects(count))) == expected


def test_without_a_project_the_loom_stands_ready():
    assert strands_of(ampersand_svg([])) == [f"strand-{n} announced" for n in range(HANK)]
    assert "--lanes:4" in warp_rules([])
    assert ".strand-3{" in strand_rules([])


def test_an_announced_project_is_bare_threads():
    assert strand_class(Project(3, "announced")) == "strand-3 announced"
    assert strand_class(Project(3)) == "strand-3"
    group = BeautifulSoup(ampersand_svg(projects(2, 1)), "html.parser").select_one(".announced")
    assert [path.get("class") for path in group("path")] == [None, ["slits"], ["thread"]]
    assert "--slit-1:#0000" in warp_rules(projects(2, 1))


def test_beside_a_project_run_the_later_ones_of_its_hank_and_no_others():
    rules = dict(re.findall(r"\.project\.(strand-\d+)\{(.*?)\}", warp_rules(projects(6))))
    lanes = {name: re.findall(r"--warp-(\d)", rule) for name, rule in rules.items()}
    assert lanes["strand-0"] == ["1", "2", "3"]
    assert lanes["strand-2"] == ["3"]
    assert "strand-3" not in lanes
    assert lanes["strand-4"] == ["1"]


def test_a_weft_that_meets_two_strands_goes_over_one_and_under_the_next():
    rules = dict(re.findall(r"\.project\.(strand-\d+)\{(.*?)\}", warp_rules(projects(4))))
    assert "--over" in rules["strand-1"]
    assert "--over" not in rules["strand-2"]


def points(path):
    """The ends of the segments of path data of ours, as (x, y); H keeps the last y."""
    found, y = [], 0.0
    for command, numbers in re.findall(r"([MLHA])([^MLHA]*)", path):
        values = [float(number) for number in numbers.split()]
        x, y = (values[0], y) if command == "H" else values[-2:]
        found.append((x, y))
    return found


def test_strands_lie_side_by_side_all_the_way():
    outer = points(strand_path(PITCH / 2, 0j))
    inner = points(strand_path(-PITCH / 2, 0j))
    assert len(outer) == len(inner) == 10
    for one, other in zip(outer[1:-1], inner[1:-1], strict=True):
        assert dist(one, other) == pytest.approx(PITCH, abs=0.3)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_the_band_leaves_along_the_lower_edge_of_the_drawing(count):
    svg = BeautifulSoup(ampersand_svg(projects(count)), "html.parser")
    lowest = points(svg("g")[count - 1].path["d"])[-1]
    assert lowest == (0, pytest.approx(SIZE[1] - WIDTH / 2, abs=0.6))


def test_both_crossings_are_plain_weave():
    pieces = overpasses(HANK, 0j)
    assert [piece.count("M") for piece in pieces] == [8, 8, 8, 8]


def test_the_drawings_have_no_ids_that_a_project_could_bear_too():
    for drawing in (ampersand_svg(projects(4, 1)), corner_svg(projects(4, 1))):
        assert " id=" not in drawing
        assert 'aria-hidden="true"' in drawing
