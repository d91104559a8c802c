"""Find the colours of a ribbon outside of pages, where no style sheet applies."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import lightningcss

from engine.ribbon import DYES, colour

_TOKEN = re.compile(r"--([a-z-]+): light-dark\((.*?\)), oklch\(.*\)\);")
_VARIABLE = re.compile(r"var\(--([a-z-]+)\)")
_LIGHT = re.compile(r"light-dark\((.*?\)),.*\)")


@dataclass(frozen=True)
class StrandColour:
    """A strand: its number, its colour as #rrggbb, and "announced" or "published"."""

    strand: int
    colour: str
    status: str


@dataclass(frozen=True)
class RibbonColours:
    """The colours of a ribbon and of what is beside it, as #rrggbb."""

    paper: str
    ink: str
    strands: tuple[StrandColour, ...]


class ColourPalette:
    """The colours of the light scheme as #rrggbb: of the theme's tokens, and of the strands.

    `dyes` are the owner's colours, `paper` replaces that of the theme.
    """

    def __init__(self, theme: Path, dyes: Sequence[str], paper: str = ""):
        css = (theme / "static/css/tokens.css").read_text(encoding="utf-8")
        self._tokens = dict(_TOKEN.findall(css))
        light = (_LIGHT.sub(r"\1", dye) for dye in dyes)
        self._tokens |= dict(zip(DYES, light, strict=False))
        if paper:
            self._tokens["paper"] = paper
        self._known: dict[str, str] = {}

    def colours(self, strands: Sequence) -> RibbonColours:
        """Return the colours of a ribbon of strands."""
        return RibbonColours(
            self._colour("var(--paper)"),
            self._colour("var(--ink)"),
            tuple(
                StrandColour(strand.strand, self._colour(colour(strand.strand)), strand.status)
                for strand in strands
            ),
        )

    def _colour(self, css: str) -> str:
        """Convert a CSS colour to sRGB; lightningcss does so for a browser without oklch()."""
        if css not in self._known:
            value = _VARIABLE.sub(lambda found: self._tokens[found[1]], css)
            rule = lightningcss.process_stylesheet(
                f"a{{color:{value}}}", browsers_list=["chrome 80"]
            )
            self._known[css] = re.search(r"color:([^;}]+)", rule)[1]
        return self._known[css]
