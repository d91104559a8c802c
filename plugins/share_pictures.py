"""Provide the picture that other sites show for a shared page: a photo of its text, else its card.

The build draws the cards (`engine/exports/share_cards.py`); a preview has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pelican import signals

from engine.exports import share_card
from engine.exports.share_card import ShareCard
from engine.pictures.variants import variants
from engine.texts.documents import Document, Library


@dataclass(frozen=True)
class SharePicture:
    """A file: its path-absolute address, its size in pixels, and its alternative text."""

    address: str
    width: int
    height: int
    alt: str


def share_picture(document: Document, base: str) -> SharePicture | None:
    """Return the first photo with an alternative text, in its widest file for any browser.

    Drawings are skipped: few sites show an SVG. `base` is the path of the site.
    """
    for picture, words in document.pictures:
        widest = variants(picture)[-1]
        if widest.format != "SVG":
            return SharePicture(f"{base}/{widest.name}", widest.width, widest.height, words)
    return None


def share_pictures(library: Library, cards: Mapping[str, ShareCard]) -> dict[str, SharePicture]:
    """Map the path-absolute address of each page to its picture, if it has one.

    `cards` has the card of each page without a photo.
    """
    photos = {
        library.address(document.lang, document.url): picture
        for document in library.visible
        if (picture := share_picture(document, library.base))
    }
    size = (share_card.WIDTH, share_card.HEIGHT)
    return photos | {
        address: SharePicture(f"{library.base}/{card.name}", *size, card.alt)
        for address, card in cards.items()
    }


def add_share_pictures(generators: list) -> None:
    """Give each page its `share_picture`."""
    context = generators[0].context
    pictures = share_pictures(context["LIBRARY"], context["SHARE_CARDS"])
    context.setdefault("by_address", {})["share_picture"] = pictures


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(add_share_pictures)
