"""Calculate the EcoIndex of a page, from 0 to 100, and its grade.

The formula and its tables are published by the collective Conception numérique responsable
(https://www.ecoindex.fr/comment-ca-marche/, https://github.com/cnumr/ecoindex_python). For three
measures, they give the rank of a page among 500,000 pages of the HTTP Archive, in twentieths.
"""

from bisect import bisect_right
from collections.abc import Sequence

_ELEMENTS = (
    *(0, 47, 75, 159, 233, 298, 358, 417, 476, 537, 603),
    *(674, 753, 843, 949, 1076, 1237, 1459, 1801, 2479, 594601),
)
_REQUESTS = (
    *(0, 2, 15, 25, 34, 42, 49, 56, 63, 70, 78),
    *(86, 95, 105, 117, 130, 147, 170, 205, 281, 3920),
)
_KILOBYTES = (
    *(0, 1.37, 144.7, 319.53, 479.46, 631.97, 783.38, 937.91, 1098.62, 1265.47, 1448.32),
    *(1648.27, 1876.08, 2142.06, 2465.37, 2866.31, 3401.59, 4155.73, 5400.08, 8037.54, 223212.26),
)
_GRADES = ((80, "A"), (70, "B"), (55, "C"), (40, "D"), (25, "E"), (10, "F"))


def score(elements: int, requests: int, transferred: int) -> int:
    """Return the score of a page from its elements outside SVG, its requests, its bytes."""
    places = (
        3 * _interpolate(_ELEMENTS, elements)
        + 2 * _interpolate(_REQUESTS, requests)
        + _interpolate(_KILOBYTES, transferred / 1000)
    )
    return round(100 - 5 * places / 6)


def grade(score: int) -> str:
    """Return the grade of a score, from A, the best, to G."""
    return next((letter for least, letter in _GRADES if score > least), "G")


def _interpolate(twentieths: Sequence[float], value: float) -> float:
    """Interpolate the rank of a value among the twentieths, from 0 to 20."""
    above = bisect_right(twentieths, value)
    if above == len(twentieths):
        return above - 1
    lower, upper = twentieths[above - 1], twentieths[above]
    return above - 1 + (value - lower) / (upper - lower)
