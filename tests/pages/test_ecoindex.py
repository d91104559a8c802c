"""EcoIndex as its authors compute it."""

import pytest

from engine.pages.ecoindex import grade, score


# The figures of ecoindex-compute 5.10.0, the authors' own package.
@pytest.mark.parametrize(
    ("elements", "requests", "transferred", "expected"),
    [
        (100, 100, 100_000, 72),
        (172, 3, 14_661, 89),
        (0, 0, 0, 100),
        (600_000, 5_000, 300_000_000, 0),
        (47, 281, 937_910, 60),
        (233, 147, 1_098_620, 57),
        (417, 105, 1_265_470, 53),
        (603, 78, 1_448_320, 50),
        (843, 56, 1_648_270, 47),
        (1_237, 34, 1_876_080, 43),
        (2_479, 2, 2_142_060, 40),
    ],
)
def test_the_score_is_that_of_the_published_formula(elements, requests, transferred, expected):
    assert score(elements, requests, transferred) == expected


@pytest.mark.parametrize(
    ("value", "letter"),
    [(100, "A"), (81, "A"), (80, "B"), (70, "C"), (41, "D"), (30, "E"), (11, "F"), (10, "G")],
)
def test_the_grade_follows_the_score(value, letter):
    assert grade(value) == letter
