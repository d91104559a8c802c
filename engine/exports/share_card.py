"""Define a share card: its words, its colours, the name of its file."""

import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version

from engine.exports.ribbon_colours import RibbonColours
from engine.paths import ROOT
from engine.pictures.variants import FOLDER

# Pixels: https://developers.facebook.com/docs/sharing/webmasters/images/
WIDTH, HEIGHT = 1200, 630
# What a card is drawn by: our own code, and packages.
_SOURCES = ("engine/exports/card_drawing.py", "engine/ribbon.py", "engine/typeface.py")
_PACKAGES = ("fontpkg-bricolage-grotesque", "pillow", "resvg-py", "uharfbuzz")


@dataclass(frozen=True)
class ShareCard:
    """The card of a text; `name` is the path of its file below the root of the site."""

    slug: str
    site: str
    title: str
    details: str
    colours: RibbonColours

    @cached_property
    def name(self) -> str:
        """The path below the root of the site, with a digest of all that is drawn."""
        drawn = (_recipe(), self.site, self.title, self.details, self.colours)
        digest = hashlib.sha256(repr(drawn).encode()).hexdigest()[:12]
        return f"{FOLDER}/{self.slug}-{digest}-{WIDTH}.png"

    @property
    def alt(self) -> str:
        """The alternative text: the words of the card, without the site's name."""
        return " · ".join(filter(None, (self.title, self.details)))


@cache
def _recipe() -> tuple[str, ...]:
    code = (hashlib.sha256((ROOT / source).read_bytes()).hexdigest() for source in _SOURCES)
    return (*code, *map(version, _PACKAGES))
