"""Make a share card for each text without a photo: other sites show it with a link to the page.

The name of a card has a digest of everything that it is drawn from, so that unchanged cards are
copied from the cache.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from functools import partial
from pathlib import Path

from engine.exports.ribbon_colours import ColourPalette, RibbonColours
from engine.exports.share_card import ShareCard
from engine.languages import LANGUAGES
from engine.pictures.cached_files import is_stored, put_into, remove_unused, write_atomically
from engine.pictures.variants import variants
from engine.processes import map_in_forks
from engine.ribbon import first_hank
from engine.texts.documents import Document, Library
from engine.texts.partial_dates import format_period

# For fewer cards, sharing the work costs more than it saves.
_MIN_SHARED_CARDS = 16


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


def put_cards(
    cards: Mapping[str, ShareCard], cache: Path, output: Path, present: Container[str] = ()
) -> None:
    """Draw the missing cards into the cache, on all processors; put all into `output`.

    Those whose names are `present` need not be put there.
    """
    by_name = {card.name: card for card in cards.values()}
    wanted = {name: card for name, card in by_name.items() if name not in present}
    missing = [card for name, card in wanted.items() if not is_stored(cache / Path(name).name)]
    if missing:
        _draw_missing(missing, cache)
    for name in wanted:
        put_into(output / name, cache / Path(name).name)
    remove_unused(cache, {Path(name).name for name in by_name})


def _draw_missing(cards: Sequence[ShareCard], cache: Path) -> None:
    # It loads what draws, which a build with all cards in the cache does not need.
    from engine.exports import card_drawing  # noqa: PLC0415

    colours = list(dict.fromkeys(card.colours for card in cards))
    drawn = map_in_forks(card_drawing.draw_ribbon, colours, least=2)
    ribbons = dict(zip(colours, drawn, strict=True))
    draw = partial(_draw_card, card_drawing.draw_card, ribbons, cache)
    map_in_forks(draw, cards, least=_MIN_SHARED_CARDS)


def _draw_card(
    draw: Callable[[ShareCard, bytes], bytes],
    ribbons: Mapping[RibbonColours, bytes],
    cache: Path,
    card: ShareCard,
) -> None:
    write_atomically(draw(card, ribbons[card.colours]), cache / Path(card.name).name)


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
