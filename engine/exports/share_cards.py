"""Make a share card for each text without a photo: other sites show it with a link to the page.

The name of a card has a digest of everything that it is drawn from, so that unchanged cards are
copied from the cache.
"""

import datetime
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from engine.exports.ribbon_colours import ColourPalette
from engine.exports.share_card import ShareCard
from engine.languages import LANGUAGES
from engine.pictures.cached_files import is_stored, put_into, remove_unused, write_atomically
from engine.pictures.variants import variants
from engine.processes import map_in_forks
from engine.ribbon import first_hank
from engine.texts.documents import Document, Library
from engine.texts.partial_dates import format_period

# Cards with the same ribbon that one process draws; to share fewer costs more than it saves.
_BATCH = 32
_MIN_SHARED_BATCHES = 2


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
    projects = {lang: library.visible_of(lang, "project") for lang in LANGUAGES}
    cards = {}
    for document in texts:
        strands = first_hank(_strands(document, projects[document.lang]))
        cards[library.address(document.lang, document.url)] = ShareCard(
            document.slug or document.kind,
            sites[document.lang],
            document.header["title"] or "",
            _details(document, library.today),
            palette.colours(strands),
        )
    return cards


def put_cards(
    cards: Mapping[str, ShareCard], cache: Path, output: Path, present: Container[str] = ()
) -> None:
    """Put all cards into `output`, on all processors.

    Those whose names are `present` need not be put there; those that the cache lacks are drawn into
    it.
    """
    by_name = {card.name: card for card in cards.values()}
    wanted = [card for name, card in by_name.items() if name not in present]
    map_in_forks(partial(_put, cache, output), _batches(wanted), least=_MIN_SHARED_BATCHES)
    remove_unused(cache, {Path(name).name for name in by_name})


def _batches(cards: Iterable[ShareCard]) -> list[list[ShareCard]]:
    """Return batches of cards with the same ribbon."""
    by_colours = defaultdict(list)
    for card in cards:
        by_colours[card.colours].append(card)
    return [
        same[begin : begin + _BATCH]
        for same in by_colours.values()
        for begin in range(0, len(same), _BATCH)
    ]


def _put(cache: Path, output: Path, cards: Sequence[ShareCard]) -> None:
    for card in cards:
        stored = cache / Path(card.name).name
        if not is_stored(stored):
            # It loads what draws, which a build with all cards in the cache does not need.
            from engine.exports import card_drawing  # noqa: PLC0415

            ribbon = card_drawing.draw_ribbon(card.colours)
            write_atomically(card_drawing.draw_card(card, ribbon), stored)
        put_into(output / card.name, stored)


def _strands(document: Document, projects: Sequence[Document]) -> Sequence[Document]:
    """Return the projects whose strands tie the ampersand: its own, else all of the language."""
    if document.kind == "project":
        return [document]
    key = f"pages/projects/{document.header.get('project')}"
    return [project for project in projects if project.key == key] or projects


def _details(document: Document, today: datetime.date) -> str:
    header, lang = document.header, document.lang
    if document.kind == "project":
        date = format_period(header["start"], header["end"], lang, today)
    else:
        date = header["date"].text(lang) if header.get("date") else ""
    return " · ".join(filter(None, (date, LANGUAGES[lang].name)))
