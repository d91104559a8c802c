"""Make a share card for each text without a photo: other sites show it with a link to the page.

The name of a card has a digest of everything that it is drawn from, so that unchanged cards are
copied from the cache.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import lightningcss

from engine.exports import card_drawing
from engine.exports.card_drawing import CardColours, CardStrand
from engine.languages import LANGUAGES
from engine.pictures.cache import put_into, remove_unused, write_atomically
from engine.pictures.variants import FOLDER, variants
from engine.processes import map_in_forks
from engine.ribbon import DYES, colour, first_hank
from engine.texts.documents import Document, Library
from engine.texts.partial_dates import format_period

# For fewer cards, sharing the work costs more than it saves.
_MIN_SHARED_CARDS = 16
_TOKEN = re.compile(r"--([a-z-]+): light-dark\((.*?\)), oklch\(.*\)\);")
_VARIABLE = re.compile(r"var\(--([a-z-]+)\)")
_LIGHT = re.compile(r"light-dark\((.*?\)),.*\)")


@dataclass(frozen=True)
class ShareCard:
    """The card of a text; `name` is the path of its file below the root of the site."""

    slug: str
    site: str
    title: str
    details: str
    colours: CardColours

    @cached_property
    def name(self) -> str:
        """The path below the root of the site, with a digest of all that is drawn."""
        drawn = (card_drawing.RECIPE, self.site, self.title, self.details, self.colours)
        digest = hashlib.sha256(repr(drawn).encode()).hexdigest()[:12]
        return f"{FOLDER}/{self.slug}-{digest}-{card_drawing.WIDTH}.png"

    @property
    def alt(self) -> str:
        """The alternative text: the words of the card, without the site's name."""
        return " · ".join(filter(None, (self.title, self.details)))


def has_photo(document: Document) -> bool:
    """Whether the text shows a photo with an alternative text; drawings do not count."""
    return any(variants(picture)[-1].format != "SVG" for picture, _words in document.pictures)


def plan_cards(
    library: Library, sites: Mapping[str, str], theme: Path, dyes: Sequence[str] = ()
) -> dict[str, ShareCard]:
    """Return the card of each text with a page and without a photo, by its path-absolute address.

    `sites` has the name of the site in each language, `dyes` the owner's colours (`colours` of
    site.yml), which replace those of the theme.
    """
    texts = [
        document
        for document in library.visible
        if (document.save_as or document.kind == "home") and not has_photo(document)
    ]
    palette = ColourPalette(theme, dyes)
    cards = {}
    for document in texts:
        strands = first_hank(_strands(document, library))
        cards[library.address(document.lang, document.url)] = ShareCard(
            document.slug or document.kind,
            sites[document.lang],
            document.header["title"] or "",
            " · ".join(filter(None, (_date(document), LANGUAGES[document.lang].name))),
            palette.colours(strands),
        )
    return cards


def put_cards(cards: Mapping[str, ShareCard], cache: Path, output: Path) -> None:
    """Draw the missing cards into the cache, on all processors; put all into `output`."""
    by_name = {card.name: card for card in cards.values()}
    missing = [card for name, card in by_name.items() if not _is_stored(cache / Path(name).name)]
    colours = list(dict.fromkeys(card.colours for card in missing))
    ribbons = dict(
        zip(colours, map_in_forks(card_drawing.draw_ribbon, colours, least=2), strict=True)
    )
    map_in_forks(partial(_draw, ribbons, cache), missing, least=_MIN_SHARED_CARDS)
    for name in by_name:
        put_into(output / name, cache / Path(name).name)
    remove_unused(cache, {Path(name).name for name in by_name})


def _draw(ribbons: Mapping[CardColours, bytes], cache: Path, card: ShareCard) -> None:
    png = card_drawing.draw_card(
        card.site, card.title, card.details, card.colours, ribbons[card.colours]
    )
    write_atomically(png, cache / Path(card.name).name)


def _is_stored(path: Path) -> bool:
    # After a power failure a file may be empty.
    return path.is_file() and path.stat().st_size > 0


def _strands(document: Document, library: Library) -> Sequence[Document]:
    """Return the projects whose strands tie the ampersand: its own, else all of the language."""
    if document.kind == "project":
        return [document]
    projects = library.visible_of(document.lang, "project")
    key = f"pages/projects/{document.header.get('project')}"
    return [project for project in projects if project.key == key] or projects


def _date(document: Document) -> str:
    if document.kind == "project":
        return format_period(document.header["start"], document.header["end"], document.lang)
    date = document.header.get("date")
    return date.text(document.lang) if date else ""


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

    def colours(self, strands: Sequence) -> CardColours:
        """Return the colours of a card with strands."""
        return CardColours(
            self._colour("var(--paper)"),
            self._colour("var(--ink)"),
            tuple(
                CardStrand(strand.strand, self._colour(colour(strand.strand)), strand.status)
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
