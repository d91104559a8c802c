"""What each page of a built site weighs, and the limits that the site promises to keep.

A first visit with an empty cache, on a screen of one device pixel a CSS pixel: the page, and all
that it loads down to its end, as a browser that knows Brotli and AVIF is sent it. The tests hold
these figures against those of a real browser and server.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from bs4 import BeautifulSoup, Tag

from engine.faults import Fault, Message, joined
from engine.messages.catalogue import format_number
from engine.pages import compression, ecoindex
from engine.pages.built_site import BuiltFile, BuiltSite
from engine.pages.markup import Markup, rel, style_references, value
from engine.pages.page_records import PageCheck

# Bytes. A first view of 14 kB arrives in the ten packets that a server sends at once (RFC 6928).
MAX_HOME_BYTES, MAX_PAGE_BYTES = 14_000, 12_500
MAX_PHOTO_BYTES = 32_500
# The page, the headings' font, the icon; each photo is one more.
MAX_REQUESTS = 3
# Above it begins the grade A.
MIN_ECOINDEX = 80

# CSS pixels: the width of a photo on a wide screen, by the `sizes` of engine/pictures/markup.py.
_PHOTO_WIDTH = 608
_LOADING_LINKS = {"icon", "preload", "stylesheet"}
_CANDIDATE = re.compile(r"(\S+)\s+([0-9]+)w")
_LATER_PAGE = re.compile(r"page/[0-9]+/$")
_WILD = {"{slug}": "[^/]+", "{year}": "[0-9]{4}"}


@dataclass(frozen=True)
class Weight:
    """A page with all that it loads: bytes as transferred, requests, elements outside SVG."""

    transferred: int
    requests: int
    elements: int
    photos: int = 0

    @property
    def ecoindex(self) -> int:
        """From 0 to 100, the lightest."""
        return ecoindex.score(self.elements, self.requests, self.transferred)


def byte_limit(kind: str, photos: int = 0) -> int:
    """The limit of a page of a kind with so many photos."""
    return (MAX_HOME_BYTES if kind == "home" else MAX_PAGE_BYTES) + photos * MAX_PHOTO_BYTES


def request_limit(photos: int = 0) -> int:
    """The limit of a page with so many photos."""
    return MAX_REQUESTS + photos


def kind_of(address: str, patterns: Mapping[str, str]) -> str:
    """The kind of the page at an address below its language's root, by the address patterns.

    A list's later pages are of its kind. A page that no other pattern knows is a "page".
    """
    address = _LATER_PAGE.sub("", address)
    found = {kind for kind, pattern in patterns.items() if _expression(pattern).fullmatch(address)}
    # "actualites/2014/" could also be the address of a news item, and "projets/" that of a page.
    exact = [kind for kind in found if "{" not in patterns[kind]]
    return next(
        (kind for kind in (*exact, "year", "article", "project", "topic") if kind in found), "page"
    )


@cache
def _expression(pattern: str) -> re.Pattern:
    expression = re.escape(pattern)
    for name, what in _WILD.items():
        expression = expression.replace(re.escape(name), what)
    return re.compile(expression)


def pages_by_kind(
    built: BuiltSite, lang: str, addresses: Mapping[str, Mapping[str, str]]
) -> dict[str, list[BuiltFile]]:
    """The pages of one language's part of a built site, kind by kind in the patterns' order."""
    pages: dict[str, list[BuiltFile]] = {kind: [] for kind in addresses[lang]}
    for page in built.pages:
        language, kind = _language_and_kind(page, addresses)
        if language == lang:
            pages[kind].append(page)
    return {kind: found for kind, found in pages.items() if found}


def _language_and_kind(
    page: BuiltFile, addresses: Mapping[str, Mapping[str, str]]
) -> tuple[str, str]:
    """Of a page; `addresses` are the settings' ADDRESSES.

    All languages but the first stand in a folder of theirs.
    """
    main, *others = addresses
    address = page.path.removesuffix("index.html")
    folder, slash, rest = address.partition("/")
    if slash and folder in others:
        return folder, kind_of(rest, addresses[folder])
    return main, kind_of(address, addresses[main])


@dataclass(frozen=True)
class Contents:
    """What a page holds: the addresses that it loads, its elements outside SVG, its photos."""

    loaded: list[str]
    elements: int
    photos: int


def read_contents(page: BuiltFile) -> Contents:
    """What a page holds, by its HTML alone."""
    markup = page.markup
    photos = {_shown(image) for image in markup.named("img")}
    loaded = {address for address in (*_loaded(markup), *photos) if not address.startswith("data:")}
    elements = sum(1 for tag in markup.all if tag.find_parent("svg") is None)
    return Contents(sorted(loaded), elements, len(photos))


def weigh(
    built: BuiltSite,
    page: BuiltFile,
    base: str = "",
    sent: Callable[[BuiltFile], int] = compression.sent_bytes,
    read: Callable[[BuiltFile], Contents] = read_contents,
) -> Weight:
    """The weight of a page of a built site; `base` is the path below which the site stands.

    `sent` tells the bytes that a file is sent in, `read` what a page holds. Raises KeyError where a
    file that the page loads is not there.
    """
    held = read(page)
    paths = (unquote(address.removeprefix(f"{base}/").lstrip("/")) for address in held.loaded)
    files = [built.files[path] for path in paths]
    return Weight(sum(map(sent, [page, *files])), 1 + len(files), held.elements, held.photos)


def _loaded(markup: Markup) -> Iterator[str]:
    for link in markup.named("link"):
        if rel(link) & _LOADING_LINKS:
            yield value(link, "href")
    for style in markup.named("style"):
        for reference in style_references(style.string or "", "style", 1):
            yield reference.address


def _shown(image: Tag) -> str:
    """The file that a browser chooses for an <img>."""
    picture = image.find_parent("picture")
    chosen = (picture.find("source") if picture else None) or image
    candidates = [(int(width), file) for file, width in _CANDIDATE.findall(value(chosen, "srcset"))]
    wide_enough = [each for each in candidates if each[0] >= _PHOTO_WIDTH]
    if not candidates:
        return value(image, "src")
    return (min(wide_enough) if wide_enough else max(candidates))[1]


# --- The limits ---------------------------------------------------------------------------------

# Whatever the writer adds to a page: its body, and on the home page the introduction.
_TEXTS = ".prose, .trade > :not(.loom, svg)"
# The lists of the theme have an entry a text; the first shows what the theme adds to each.
_MORE_ENTRIES = "main li ~ li"


def without_texts(html: str) -> str:
    """A page as the theme makes it: no text, none of its photos, one entry in each list."""
    page = BeautifulSoup(html, "html.parser")
    for element in page.select(f"{_TEXTS}, {_MORE_ENTRIES}"):
        element.decompose()
    return str(page)


def weight_check(
    built: BuiltSite, addresses: Mapping[str, Mapping[str, str]], base: str = ""
) -> PageCheck:
    """The check of each page against its limits, by the rules "weight", "requests", "ecoindex".

    The rule of a page that keeps them without its texts is "long-text", which is advice: its writer
    may have that much to say.
    """
    # Brotli at its strongest is slow, and most pages are far from their limit.
    sent_at_most = cache(compression.sent_bytes_at_most)

    def check_weight(path: str, _markup: Markup) -> list[Fault]:
        page = built.files[path]
        _language, kind = _language_and_kind(page, addresses)
        # A missing file is a fault of its own, told by `reference_checks`.
        with suppress(KeyError):
            weight = weigh(built, page, base, sent_at_most)
            if weight.transferred > byte_limit(kind, weight.photos):
                weight = weigh(built, page, base)
            return list(_too_heavy(built, page, kind, weight, base))
        return []

    return check_weight


def _too_heavy(
    built: BuiltSite, page: BuiltFile, kind: str, weight: Weight, base: str
) -> Iterator[Fault]:
    if not (exceeded := _exceeded(weight, kind)):
        return
    bare = BuiltFile(built.folder, page.path, without_texts(page.text).encode())
    of_the_theme = _exceeded(weigh(built, bare, base), kind)
    for rule, of_all in of_the_theme.items():
        problem = Message("without its text {problem}", problem=of_all)
        remedy = Message("make what the theme adds to it lighter")
        yield Fault(page.path, None, rule, problem, remedy)
    if told := [problem for rule, problem in exceeded.items() if rule not in of_the_theme]:
        remedy = Message(
            "nothing has to be done; shorter texts or lists, or fewer photos, load sooner"
        )
        yield Fault(page.path, None, "long-text", joined(told), remedy)


def _exceeded(weight: Weight, kind: str) -> dict[str, Message]:
    """The rules that a page breaks, and how."""
    found = {}
    if weight.transferred > (limit := byte_limit(kind, weight.photos)):
        found["weight"] = Message(
            "it weighs {weight} bytes, above {limit}",
            weight=format_number(weight.transferred),
            limit=format_number(limit),
        )
    if weight.requests > (limit := request_limit(weight.photos)):
        found["requests"] = Message(
            "it asks for {requests} files, above {limit}", requests=weight.requests, limit=limit
        )
    if weight.ecoindex <= MIN_ECOINDEX:
        found["ecoindex"] = Message(
            "its EcoIndex is {ecoindex} with {elements} elements and {requests} files, "
            "below {limit}",
            ecoindex=weight.ecoindex,
            elements=weight.elements,
            requests=weight.requests,
            limit=MIN_ECOINDEX + 1,
        )
    return found
