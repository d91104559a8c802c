"""The picture that other sites show where somebody shares a page: the first photo of its text."""

from dataclasses import dataclass

from pelican import signals

from engine.pictures.variants import variants
from engine.texts.documents import Document, Library


@dataclass(frozen=True)
class SharePicture:
    """A file by its path-absolute address, its sizes in pixels, and the words for it."""

    address: str
    width: int
    height: int
    alt: str


def share_picture(document: Document, base: str) -> SharePicture | None:
    """The first picture that says something, in the widest file that any site can show.

    Drawings are left aside: hardly any site shows an SVG. `base` is the path below which the site
    stands.
    """
    for picture, words in document.pictures:
        widest = variants(picture)[-1]
        if widest.format != "SVG":
            return SharePicture(f"{base}/{widest.name}", widest.width, widest.height, words)
    return None


def share_pictures(library: Library) -> dict[str, SharePicture]:
    """The path-absolute address of a text's page -> its picture, where it has one."""
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
