"""A page's elements, and the addresses that pages and style sheets name."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

# Element -> its attributes whose address a browser loads by itself.
LOADED = {
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "image": ("href", "xlink:href"),
    "img": ("src",),
    "input": ("src",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src",),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}
# Element -> its attributes whose address a visitor may follow, and no browser loads before.
FOLLOWED = {
    "a": ("href",),
    "area": ("href",),
    "blockquote": ("cite",),
    "del": ("cite",),
    # Whoever types into the search has its index loaded.
    "form": ("action", "data-index"),
    "ins": ("cite",),
    "q": ("cite",),
}
SOURCE_SETS = {"img": "srcset", "source": "srcset", "link": "imagesrcset"}
# A <link> of these kinds tells where something is, and loads nothing.
TELLING_LINKS = {"alternate", "author", "canonical", "help", "license", "me", "next", "prev"}
SHARE_PICTURES = {"og:image", "og:image:url", "og:image:secure_url", "twitter:image"}

_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_ADDRESS = re.compile(
    r"""(?:url\(\s*|@import\s+)(?:"([^"]*)"|'([^']*)')|url\(\s*([^"')\s]+)""", re.IGNORECASE
)
# An address of a srcset may hold commas, and never ends with one.
_SOURCE_OF_SET = re.compile(r"([^\s,](?:\S*[^\s,])?)(?:\s*,|\s+[^,]*(?:,|$)|$)")


@dataclass(frozen=True)
class Reference:
    """An address that a file names: `role` is "loaded", "followed", or "told" to machines."""

    line: int | None
    place: str  # such as "img src"
    address: str
    role: str

    def __str__(self) -> str:
        return f"“{self.address}” ({self.place})"


class Markup:
    """The elements of a page in their order, found by name; parsed and walked once."""

    def __init__(self, html: str):
        self._soup = BeautifulSoup(html, "html.parser", multi_valued_attributes=None)
        self.all: list[Tag] = self._soup.find_all(True)
        self._by_name = defaultdict(list)
        for tag in self.all:
            self._by_name[tag.name].append(tag)

    def named(self, *names: str) -> list[Tag]:
        """The elements of these names, name by name."""
        return [tag for name in names for tag in self._by_name[name]]

    def text_outside(self, *names: str) -> str:
        """The text, with a space between its pieces, without that of the elements of these names.

        Scripts and style sheets are no text.
        """
        left_out = {id(piece) for tag in self.named(*names) for piece in tag.descendants}
        return " ".join(piece for piece in self._soup.strings if id(piece) not in left_out)


def page_references(markup: Markup) -> Iterator[Reference]:
    """Every address that a page names, in elements, source sets, style elements and metadata."""
    yield from _attribute_references(markup, "loaded", LOADED)
    yield from _attribute_references(markup, "followed", FOLLOWED)
    for link in markup.named("link"):
        if link.has_attr("href"):
            role = "told" if rel(link) <= TELLING_LINKS else "loaded"
            yield Reference(link.sourceline, "link href", value(link, "href"), role)
    for tag in markup.named(*SOURCE_SETS):
        attribute = SOURCE_SETS[tag.name]
        for address in _SOURCE_OF_SET.findall(value(tag, attribute)):
            yield Reference(tag.sourceline, f"{tag.name} {attribute}", address, "loaded")
    for style in markup.named("style"):
        yield from style_references(style.string or "", "style", style.sourceline)
    for meta in share_pictures(markup):
        yield Reference(meta.sourceline, "meta og:image", value(meta, "content"), "told")


def _attribute_references(
    markup: Markup, role: str, attributes: dict[str, tuple[str, ...]]
) -> Iterator[Reference]:
    for tag in markup.named(*attributes):
        for attribute in attributes[tag.name]:
            if tag.has_attr(attribute):
                place = f"{tag.name} {attribute}"
                yield Reference(tag.sourceline, place, value(tag, attribute), role)


def share_pictures(markup: Markup) -> list[Tag]:
    """The metadata that name the picture shown where a page is shared."""
    return [
        meta
        for meta in markup.named("meta")
        if SHARE_PICTURES & {meta.get("property"), meta.get("name")}
    ]


def style_references(css: str, place: str, first_line: int) -> Iterator[Reference]:
    """Every address of a style sheet, save the fragments that mean the page that it dresses."""
    css = _CSS_COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), css)
    for match in _CSS_ADDRESS.finditer(css):
        address = match[1] or match[2] or match[3] or ""
        if not address.startswith("#"):
            line = first_line + css.count("\n", 0, match.start())
            yield Reference(line, place, address, "loaded")


def value(tag: Tag | None, attribute: str) -> str:
    """An attribute; "" where there is none."""
    return (tag.get(attribute) if tag else None) or ""


def rel(link: Tag) -> set[str]:
    """The kinds of a <link>."""
    return set(value(link, "rel").lower().split())


def meta_contents(markup: Markup, name: str) -> list[str]:
    """What each <meta> of a name says."""
    metas = (meta for meta in markup.named("meta") if meta.get("name") == name)
    return [value(meta, "content").strip() for meta in metas]


def scheme(address: str) -> str:
    """Such as "https"; "" where the address is relative. Never raises, as `urlsplit` does."""
    match = _SCHEME.match(address)
    return match[1].lower() if match else ""


def words(tag: Tag) -> str:
    """The text of an element, with single spaces."""
    return " ".join(tag.get_text().split())
