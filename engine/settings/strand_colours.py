"""The colours of the strands that the owner gives: whether they can be seen, and on dark paper.

A strand that cannot be told from the paper shows nothing: both schemes need a contrast of 3:1
(WCAG 2.2, 1.4.11). No text has the colour of a strand; the thin underline of a link does.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from engine.faults import Message, ProblemError
from engine.messages.catalogue import format_number

if TYPE_CHECKING:
    from coloraide import Color

# The paper of both schemes, as theme/static/css/tokens.css has it.
LIGHT_PAPER, DARK_PAPER = "oklch(97.6% 0.011 85)", "oklch(20% 0.028 285)"
MIN_CONTRAST = 3
# As the theme's own dyes: lighter on dark paper, never darker than this, a little less vivid.
_LIGHTER, _DARKEST, _LESS_VIVID = 0.05, 0.6, 0.9


def read_colour(text: str) -> Color:
    """A CSS colour in OKLCH. Raises ProblemError if it is none, if it is transparent, or too pale.

    The remedy proposes the nearest colour of the same hue that has the contrast.
    """
    from coloraide import Color  # noqa: PLC0415 - a tenth of a second, which few sites need

    try:
        given = Color(text)
        is_known = all(map(isfinite, given.convert("oklch").coords(nans=False)))
    except ValueError:
        is_known = False
    if not is_known:
        problem = Message("“{text}” is not a CSS colour", text=text)
        raise ProblemError(problem, Message("write for example - '#b5302a'"))
    # What a screen can show of it, at most.
    shown = given.convert("display-p3").fit().convert("oklch")
    solid = Color("oklch", shown.coords(nans=False))
    if given.alpha(nans=False) < 1:
        problem = Message("“{text}” is transparent: strands would show through it", text=text)
        raise ProblemError(problem, Message("write - '{colour}'", colour=_nearest(solid)))
    if solid.contrast(LIGHT_PAPER) < MIN_CONTRAST:
        problem = Message(
            "“{text}” can hardly be seen on the paper: its contrast is {contrast}, and {least} is "
            "needed",
            text=text,
            contrast=format_number(int(10 * solid.contrast(LIGHT_PAPER)) / 10),
            least=MIN_CONTRAST,
        )
        raise ProblemError(problem, Message("write - '{colour}'", colour=_nearest(solid)))
    return solid


def on_dark_paper(colour: Color) -> Color:
    """The same colour for dark paper, where it is seen whatever it was."""
    dark = colour.clone()
    dark["lightness"] = max(dark["lightness"] + _LIGHTER, _DARKEST)
    dark["chroma"] *= _LESS_VIVID
    return dark


def css_colour(colour: Color) -> str:
    """The CSS of a strand's colour, for both schemes."""
    return f"light-dark({_css(colour)},{_css(on_dark_paper(colour))})"


def _css(colour: Color) -> str:
    return colour.to_string(precision=3, fit=False, none=False)


def _nearest(colour: Color) -> str:
    """The lightest colour of the same hue, as six digits, that is dark enough."""
    nearest = colour.clone()
    while True:
        digits = nearest.convert("srgb").to_string(hex=True, fit=True)
        if type(colour)(digits).contrast(LIGHT_PAPER) >= MIN_CONTRAST:
            return digits
        nearest["lightness"] -= 0.005
