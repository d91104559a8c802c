"""Provide the picture that other sites show for a shared page: the first photo of its text."""

from dataclasses import dataclass

from pelican import signals

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


def share_pictures(library: Library) -> dict[str, SharePicture]:
    """Map the path-absolute address of each page to its picture, if it has one."""
    return {
        library.address(document.lang, document.url): picture
        for document in library.visible
        if (picture := share_picture(document, library.base))
    }


def add_share_pictures(generators: list) -> None:
    """Put `share_picture(output_file)` into the context."""
    context = generators[0].context
    pictures = share_pictures(context["LIBRARY"])
    context["share_picture"] = lambda output_file: pictures.get(
        context["page_address"](output_file)
    )


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(add_share_pictures)
