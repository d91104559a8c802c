"""Parse pages, and find the addresses in pages and style sheets."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

# Element -> its attributes whose address a browser loads.
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
# Element -> its attributes whose address a browser loads only if the visitor follows it.
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
# A <link> of these types loads nothing.
METADATA_LINKS = {"alternate", "author", "canonical", "help", "license", "me", "next", "prev"}
SHARE_PICTURES = {"og:image", "og:image:url", "og:image:secure_url", "twitter:image"}

_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_ADDRESS = re.compile(
    r"""(?:url\(\s*|@import\s+)(?:"([^"]*)"|'([^']*)')|url\(\s*([^"')\s]+)""", re.IGNORECASE
)
# An address in a srcset may contain commas, but not at its end.
_SOURCE_OF_SET = re.compile(r"([^\s,](?:\S*[^\s,])?)(?:\s*,|\s+[^,]*(?:,|$)|$)")


@dataclass(frozen=True)
class Reference:
    """An address in a file; `role` is "loaded", "followed", or "metadata"."""

    line: int | None
    place: str  # such as "img src"
    address: str
    role: str

    def __str__(self) -> str:
        return f"“{self.address}” ({self.place})"


class Markup:
    """The elements of a page in order, indexed by name."""

    def __init__(self, html: str):
        self._soup = BeautifulSoup(html, "html.parser", multi_valued_attributes=None)
        self.elements: list[Tag] = self._soup.find_all(True)
        self._by_name = defaultdict(list)
        for tag in self.elements:
            self._by_name[tag.name].append(tag)

    def named(self, *names: str) -> list[Tag]:
        """Return the elements with these names, grouped by name."""
        return [tag for name in names for tag in self._by_name[name]]

    def text_outside(self, *names: str) -> str:
        """Return the text outside the elements with these names, its pieces joined by spaces.

        Scripts and style sheets are not text.
        """
        left_out = {id(piece) for tag in self.named(*names) for piece in tag.descendants}
        return " ".join(piece for piece in self._soup.strings if id(piece) not in left_out)


def page_references(markup: Markup) -> Iterator[Reference]:
    """Yield every address in the elements, source sets, style elements and metadata of a page."""
    yield from _attribute_references(markup, "loaded", LOADED)
    yield from _attribute_references(markup, "followed", FOLLOWED)
    for link in markup.named("link"):
        if link.has_attr("href"):
            role = "metadata" if rel(link) <= METADATA_LINKS else "loaded"
            yield Reference(link.sourceline, "link href", value(link, "href"), role)
    for tag in markup.named(*SOURCE_SETS):
        attribute = SOURCE_SETS[tag.name]
        for address in _SOURCE_OF_SET.findall(value(tag, attribute)):
            yield Reference(tag.sourceline, f"{tag.name} {attribute}", address, "loaded")
    for style in markup.named("style"):
        yield from style_references(style.string or "", "style", style.sourceline)
    for meta in share_pictures(markup):
        yield Reference(meta.sourceline, "meta og:image", value(meta, "content"), "metadata")


def _attribute_references(
    markup: Markup, role: str, attributes: dict[str, tuple[str, ...]]
) -> Iterator[Reference]:
    for tag in markup.named(*attributes):
        for attribute in attributes[tag.name]:
            if tag.has_attr(attribute):
                place = f"{tag.name} {attribute}"
                yield Reference(tag.sourceline, place, value(tag, attribute), role)


def share_pictures(markup: Markup) -> list[Tag]:
    """Return the <meta> elements with the picture of a shared page."""
    return [
        meta
        for meta in markup.named("meta")
        if SHARE_PICTURES & {meta.get("property"), meta.get("name")}
    ]


def style_references(css: str, place: str, first_line: int) -> Iterator[Reference]:
    """Yield every address in a style sheet, except fragments of the page itself."""
    css = _CSS_COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), css)
    for match in _CSS_ADDRESS.finditer(css):
        address = match[1] or match[2] or match[3] or ""
        if not address.startswith("#"):
            line = first_line + css.count("\n", 0, match.start())
            yield Reference(line, place, address, "loaded")


def value(tag: Tag | None, attribute: str) -> str:
    """Return the value of an attribute, "" if there is none."""
    return (tag.get(attribute) if tag else None) or ""


def rel(link: Tag) -> set[str]:
    """Return the types of a <link>."""
    return set(value(link, "rel").lower().split())


def meta_contents(markup: Markup, name: str) -> list[str]:
    """Return the content of each <meta> with this name."""
    metas = (meta for meta in markup.named("meta") if meta.get("name") == name)
    return [value(meta, "content").strip() for meta in metas]


def scheme(address: str) -> str:
    """Return the scheme of an address, "" if it is relative. Never raises, unlike `urlsplit`."""
    match = _SCHEME.match(address)
    return match[1].lower() if match else ""


def words(tag: Tag) -> str:
    """Return the text of an element, with single spaces."""
    return " ".join(tag.get_text().split())
