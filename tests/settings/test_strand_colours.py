"""The colours of the strands: any of CSS, seen on both papers, or a fault that proposes one."""

import re

import pytest
from coloraide import Color
from hypothesis import given
from hypothesis import strategies as st

from engine.faults import ProblemError
from engine.settings import site_file, strand_colours
from engine.settings.strand_colours import (
    DARK_PAPER,
    LIGHT_PAPER,
    MIN_CONTRAST,
    adapt_to_dark_paper,
)
from tests import sites

COLOURS = st.tuples(*[st.integers(0, 255)] * 3).map("#{0[0]:02x}{0[1]:02x}{0[2]:02x}".format)


def read(tmp_path, *lines: str) -> site_file.SiteFile:
    text = "\n".join(("colours:", *(f"  - {line}" for line in lines), ""))
    return site_file.read_site_file(sites.write(tmp_path, {"site.yml": text}), "site.yml")


@given(COLOURS)
def test_each_colour_is_seen_in_both_schemes_or_another_of_its_hue_is_proposed(text):
    try:
        colour = strand_colours.parse_colour(text)
    except ProblemError as error:
        proposed = re.fullmatch(r"write - '(#[0-9a-f]{6})'", str(error.remedy))[1]
        colour = strand_colours.parse_colour(proposed)
        assert colour.contrast(LIGHT_PAPER) < MIN_CONTRAST + 0.2, "the nearest, no darker one"
    assert colour.contrast(LIGHT_PAPER) >= MIN_CONTRAST
    assert adapt_to_dark_paper(colour).contrast(DARK_PAPER) >= MIN_CONTRAST


@pytest.mark.parametrize(
    "text", ["darkcyan", "rgb(10 90 30)", "hsl(120 50% 30%)", "oklch(50% 0.1 30)", "'#b5302a'"]
)
def test_any_form_of_css_is_taken(tmp_path, text):
    site = read(tmp_path, text)
    assert site.faults == ()
    (css,) = site.value("colours")
    light, dark = re.fullmatch(r"light-dark\((oklch\(.*\)),(oklch\(.*\))\)", css).groups()
    assert Color(light).delta_e(text.strip("'"), method="2000") < 1
    assert Color(dark).luminance() > Color(light).luminance()


@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        (
            ["gold"],
            2,
            "“gold” can hardly be seen on the paper: its contrast is 1.3, and 3 is needed",
        ),
        (["navy", "red violet"], 3, "“red violet” is not a CSS colour; write for example - '#"),
        (["rgb(0 0 90 / 50%)"], 2, "is transparent: strands would show through it; write - '#00"),
        (["#b5302a"], 2, "there is no colour; write each on a line of its own, in quotes: - '#"),
        (["navy"] * 5, 6, "there are more than 4 colours; remove the rest"),
        (["[navy]"], 2, "there is no colour"),
    ],
)
def test_a_colour_that_cannot_be_taken_is_one_fault_at_its_line(tmp_path, lines, line, words):
    (fault,) = read(tmp_path, *lines).faults
    assert (fault.line, fault.key) == (line, "colours")
    assert words in f"{fault.problem}; {fault.remedy}"
    assert "Traceback" not in str(fault)


@given(
    st.sampled_from(["oklch", "lab", "rgb", "hsl", "color(xyz", "color(srgb"]),
    st.lists(
        st.sampled_from(["none", "0", "50%", "-9", "9e9", "1e400", "nan", "-1e400"]), max_size=4
    ),
)
def test_whatever_is_typed_is_a_colour_that_is_seen_or_a_fault(function, values):
    text = f"{function}({' '.join(values)})"
    if function.startswith("color("):
        text = f"{function} {' '.join(values)})"
    try:
        colour = strand_colours.parse_colour(text)
    except ProblemError:
        return
    assert re.fullmatch(
        r"light-dark\((oklch\([\d.e -]+\)),(oklch\([\d.e -]+\))\)",
        strand_colours.css_colour(colour),
    )
    assert colour.contrast(LIGHT_PAPER) >= MIN_CONTRAST


def test_the_papers_are_those_of_the_theme():
    tokens = (sites.ROOT / "theme/static/css/tokens.css").read_text("utf-8")
    assert f"--paper: light-dark({LIGHT_PAPER}, {DARK_PAPER});" in tokens
