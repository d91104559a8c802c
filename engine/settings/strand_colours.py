"""Validate the owner's colours of the strands, and derive their variants for dark paper.

A strand needs a contrast of 3:1 with the paper of both schemes (WCAG 2.2, 1.4.11). No text has the
colour of a strand, only the underline of a link.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from engine.faults import Message, ProblemError
from engine.messages.catalogue import format_number

if TYPE_CHECKING:
    from coloraide import Color

# The paper of both schemes in theme/static/css/tokens.css.
LIGHT_PAPER, DARK_PAPER = "oklch(97.6% 0.011 85)", "oklch(20% 0.028 285)"
MIN_CONTRAST = 3
# The adaptation to dark paper, as for the theme's own dyes.
_ADDED_LIGHTNESS, _MIN_LIGHTNESS, _CHROMA_FACTOR = 0.05, 0.6, 0.9


def parse_colour(text: str) -> Color:
    """Parse a CSS colour into OKLCH. Raises ProblemError if it is invalid, transparent or too pale.

    The remedy proposes the nearest colour of the same hue with enough contrast.
    """
    from coloraide import Color  # noqa: PLC0415 - takes 0.1 s, needed by few sites

    try:
        given = Color(text)
        is_known = all(map(isfinite, given.convert("oklch").coords(nans=False)))
    except ValueError:
        is_known = False
    if not is_known:
        problem = Message("“{text}” is not a CSS colour", text=text)
        raise ProblemError(problem, Message("write for example - '#b5302a'"))
    # The gamut of wide-gamut screens.
    shown = given.convert("display-p3").fit().convert("oklch")
    solid = Color("oklch", shown.coords(nans=False))
    if given.alpha(nans=False) < 1:
        problem = Message("“{text}” is transparent: strands would show through it", text=text)
        raise ProblemError(problem, Message("write - '{colour}'", colour=_nearest_readable(solid)))
    if solid.contrast(LIGHT_PAPER) < MIN_CONTRAST:
        problem = Message(
            "“{text}” can hardly be seen on the paper: its contrast is {contrast}, and {least} is "
            "needed",
            text=text,
            contrast=format_number(int(10 * solid.contrast(LIGHT_PAPER)) / 10),
            least=MIN_CONTRAST,
        )
        raise ProblemError(problem, Message("write - '{colour}'", colour=_nearest_readable(solid)))
    return solid


def adapt_to_dark_paper(colour: Color) -> Color:
    """Return the variant for dark paper, light enough for the contrast."""
    dark = colour.clone()
    dark["lightness"] = max(dark["lightness"] + _ADDED_LIGHTNESS, _MIN_LIGHTNESS)
    dark["chroma"] *= _CHROMA_FACTOR
    return dark


def css_colour(colour: Color) -> str:
    """Return the CSS of a strand's colour for both schemes."""
    return f"light-dark({_css(colour)},{_css(adapt_to_dark_paper(colour))})"


def _css(colour: Color) -> str:
    return colour.to_string(precision=3, fit=False, none=False)


def _nearest_readable(colour: Color) -> str:
    """Return the lightest colour of the same hue with enough contrast, in hexadecimal."""
    nearest = colour.clone()
    while True:
        digits = nearest.convert("srgb").to_string(hex=True, fit=True)
        if type(colour)(digits).contrast(LIGHT_PAPER) >= MIN_CONTRAST:
            return digits
        nearest["lightness"] -= 0.005
