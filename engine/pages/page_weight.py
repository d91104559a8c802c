"""Measure the weight of each page of a built site, and check it against the limits of the site.

The weight is that of a first visit with an empty cache, at one device pixel per CSS pixel: the page
and all files that it loads, for a browser with Brotli and AVIF. The tests compare these figures
with those of a real browser and server.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from bs4 import BeautifulSoup, Tag

from engine.faults import Fault, Message, join_messages
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
# The script of the search, on its own page only.
MAX_SCRIPT_BYTES = 4_500
# The grade A is above it.
MIN_ECOINDEX = 80

# CSS pixels: the width of a photo on a wide screen, by the `sizes` of engine/pictures/markup.py.
_PHOTO_WIDTH = 608
# The document's own count leaves out their contents.
_NOT_COUNTED = ("svg", "template", "noscript")
_LOADING_LINKS = {"icon", "preload", "stylesheet"}
_CANDIDATE = re.compile(r"(\S+)\s+([0-9]+)w")
_LATER_PAGE = re.compile(r"page/[0-9]+/$")
_PLACEHOLDERS = {"{slug}": "[^/]+", "{year}": "[0-9]{4}"}


@dataclass(frozen=True)
class Weight:
    """A page with all that it loads: bytes as transferred, requests, elements of its document."""

    transferred: int
    requests: int
    elements: int
    photos: int = 0

    @property
    def ecoindex(self) -> int:
        """The EcoIndex, from 0 to 100, the lightest."""
        return ecoindex.score(self.elements, self.requests, self.transferred)


def byte_limit(kind: str, photos: int = 0) -> int:
    """Return the maximum bytes of a page by its kind and its number of photos."""
    script = MAX_SCRIPT_BYTES if kind == "search" else 0
    page = MAX_HOME_BYTES if kind == "home" else MAX_PAGE_BYTES
    return page + script + photos * MAX_PHOTO_BYTES


def request_limit(kind: str, photos: int = 0) -> int:
    """Return the maximum requests of a page by its kind and its number of photos."""
    return MAX_REQUESTS + (kind == "search") + photos


def kind_of(address: str, patterns: Mapping[str, str]) -> str:
    """Return the kind of a page by its address below the root of its language.

    The further pages of a list have its kind. A page that matches no other pattern is a "page".
    """
    address = _LATER_PAGE.sub("", address)
    found = {kind for kind, pattern in patterns.items() if _expression(pattern).fullmatch(address)}
    # "actualites/2014/" also matches the pattern of a news item, "projets/" that of a page.
    exact = [kind for kind in found if "{" not in patterns[kind]]
    return next(
        (kind for kind in (*exact, "year", "article", "project", "topic") if kind in found), "page"
    )


@cache
def _expression(pattern: str) -> re.Pattern:
    expression = re.escape(pattern)
    for name, what in _PLACEHOLDERS.items():
        expression = expression.replace(re.escape(name), what)
    return re.compile(expression)


def pages_by_kind(
    built: BuiltSite, lang: str, addresses: Mapping[str, Mapping[str, str]]
) -> dict[str, list[BuiltFile]]:
    """Return the pages of a language by kind, in the order of the patterns."""
    pages: dict[str, list[BuiltFile]] = {kind: [] for kind in addresses[lang]}
    for page in built.pages:
        language, kind = _language_and_kind(page, addresses)
        if language == lang:
            pages[kind].append(page)
    return {kind: found for kind, found in pages.items() if found}


def _language_and_kind(
    page: BuiltFile, addresses: Mapping[str, Mapping[str, str]]
) -> tuple[str, str]:
    """Return the language and the kind of a page; `addresses` is the setting ADDRESSES.

    Each language except the first has its own folder.
    """
    main, *others = addresses
    address = page.path.removesuffix("index.html")
    folder, slash, rest = address.partition("/")
    if slash and folder in others:
        return folder, kind_of(rest, addresses[folder])
    return main, kind_of(address, addresses[main])


@dataclass(frozen=True)
class Contents:
    """The addresses that a page loads, the number of its document's elements and of its photos."""

    loaded: list[str]
    elements: int
    photos: int


def read_contents(page: BuiltFile) -> Contents:
    """Read the contents of a page from its HTML."""
    markup = page.markup
    photos = {_chosen_file(image) for image in markup.named("img")}
    loaded = {
        address
        for address in (*_loaded_addresses(markup), *photos)
        if not address.startswith("data:")
    }
    elements = sum(1 for tag in markup.elements if tag.find_parent(_NOT_COUNTED) is None)
    return Contents(sorted(loaded), elements, len(photos))


def weigh(
    built: BuiltSite,
    page: BuiltFile,
    base: str = "",
    sent: Callable[[BuiltFile], int] = compression.sent_bytes,
    read: Callable[[BuiltFile], Contents] = read_contents,
) -> Weight:
    """Measure the weight of a page; `base` is the path of the site.

    `sent` returns the transferred bytes of a file, `read` the contents of a page. Raises KeyError
    if a file that the page loads is missing.
    """
    held = read(page)
    paths = (unquote(address.removeprefix(f"{base}/").lstrip("/")) for address in held.loaded)
    files = [built.files[path] for path in paths]
    return Weight(sum(map(sent, [page, *files])), 1 + len(files), held.elements, held.photos)


def _loaded_addresses(markup: Markup) -> Iterator[str]:
    for link in markup.named("link"):
        if rel(link) & _LOADING_LINKS:
            yield value(link, "href")
    for script in markup.named("script"):
        if address := value(script, "src"):
            yield address
    for style in markup.named("style"):
        for reference in style_references(style.string or "", "style", 1):
            yield reference.address


def _chosen_file(image: Tag) -> str:
    """Return the file that a browser chooses for an <img>."""
    picture = image.find_parent("picture")
    chosen = (picture.find("source") if picture else None) or image
    candidates = [(int(width), file) for file, width in _CANDIDATE.findall(value(chosen, "srcset"))]
    wide_enough = [each for each in candidates if each[0] >= _PHOTO_WIDTH]
    if not candidates:
        return value(image, "src")
    return (min(wide_enough) if wide_enough else max(candidates))[1]


# --- The limits ---------------------------------------------------------------------------------

# The texts of the writer: the body of a page, the introduction of the home page.
_TEXTS = ".prose, .trade > :not(.loom, svg)"
# The lists of the theme have one entry for each text; the first one shows the theme's part.
_MORE_ENTRIES = "main li ~ li"


def without_texts(html: str) -> str:
    """Remove the texts of a page, their photos, and all entries of each list except the first."""
    page = BeautifulSoup(html, "html.parser")
    for element in page.select(f"{_TEXTS}, {_MORE_ENTRIES}"):
        element.decompose()
    return str(page)


def weight_check(
    built: BuiltSite, addresses: Mapping[str, Mapping[str, str]], base: str = ""
) -> PageCheck:
    """Return the check of a page against its limits: rules "weight", "requests", "ecoindex".

    If only the texts of the page exceed a limit, the rule is "long-text", a piece of advice.
    """
    # Brotli at the highest quality is slow, and most pages are far below their limit.
    estimate = cache(compression.estimate_sent_bytes)

    def check_weight(path: str, _markup: Markup) -> list[Fault]:
        page = built.files[path]
        _language, kind = _language_and_kind(page, addresses)
        # `reference_checks` reports a missing file.
        with suppress(KeyError):
            weight = weigh(built, page, base, estimate)
            if weight.transferred > byte_limit(kind, weight.photos):
                weight = weigh(built, page, base)
            return list(_weight_faults(built, page, kind, weight, base))
        return []

    return check_weight


def _weight_faults(
    built: BuiltSite, page: BuiltFile, kind: str, weight: Weight, base: str
) -> Iterator[Fault]:
    if not (exceeded := _exceeded_limits(weight, kind)):
        return
    bare = BuiltFile(built.folder, page.path, without_texts(page.text).encode())
    of_the_theme = _exceeded_limits(weigh(built, bare, base), kind)
    for rule, of_all in of_the_theme.items():
        problem = Message("without its text {problem}", problem=of_all)
        remedy = Message("make what the theme adds to it lighter")
        yield Fault(page.path, None, rule, problem, remedy)
    if problems := [problem for rule, problem in exceeded.items() if rule not in of_the_theme]:
        remedy = Message(
            "nothing has to be done; shorter texts or lists, or fewer photos, load sooner"
        )
        yield Fault(page.path, None, "long-text", join_messages(problems), remedy)


def _exceeded_limits(weight: Weight, kind: str) -> dict[str, Message]:
    """Return the exceeded limits of a page: rule -> problem."""
    found = {}
    if weight.transferred > (limit := byte_limit(kind, weight.photos)):
        found["weight"] = Message(
            "it weighs {weight} bytes, above {limit}",
            weight=format_number(weight.transferred),
            limit=format_number(limit),
        )
    if weight.requests > (limit := request_limit(kind, weight.photos)):
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
