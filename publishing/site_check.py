"""Check the built site as its visitors, search engines and feed readers meet it.

A folder is read once (`read_site`): each page becomes a small record, `Page`, together with the
faults that it shows by itself; then the records are held against each other and against the files.
A check is a function that returns a list of faults. To add one, write it and name it in
`PAGE_CHECKS` or in `SITE_CHECKS`.
"""

import argparse
import datetime
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit
from xml.etree import ElementTree

from bs4 import BeautifulSoup, Tag

from plugins.faults import Fault

# Language -> the folder of its pages, below the output, and its feed. The main language comes last:
# its folder holds the others'.
LANGUAGES = {"en": ("en/", "en/feed.xml"), "fr": ("", "flux.xml")}

# Files that are fetched by a name known beforehand, so that no page has to lead to them.
FOUND_BY_NAME = (
    "index.html",
    "404.html",
    "*/404.html",
    "robots.txt",
    "sitemap.xml",
    "version.txt",
    "favicon.ico",
    ".well-known/*",
    "theme/fonts/*.txt",  # a font's licence has to travel with it
    *(feed for _folder, feed in LANGUAGES.values()),
)
# A web server finds these beside the file that they are made from.
COMPRESSED = (".br", ".gz", ".zst")

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
    "form": ("action",),
    "ins": ("cite",),
    "q": ("cite",),
}
SOURCE_SETS = {"img": "srcset", "source": "srcset", "link": "imagesrcset"}
# A <link> of these kinds tells where something is, and loads nothing.
TELLING_LINKS = {"alternate", "author", "canonical", "help", "license", "me", "next", "prev"}
SHARE_PICTURES = {"og:image", "og:image:url", "og:image:secure_url", "twitter:image"}

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"

# The key, the problem and the remedy of a fault whose place is known elsewhere.
Complaint = tuple[str, str, str]

_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_ADDRESS = re.compile(
    r"""(?:url\(\s*|@import\s+)(?:"([^"]*)"|'([^']*)')|url\(\s*([^"')\s]+)""", re.IGNORECASE
)
# An address of a srcset may hold commas, and never ends with one.
_SOURCE_OF_SET = re.compile(r"([^\s,](?:\S*[^\s,])?)(?:\s*,|\s+[^,]*(?:,|$)|$)")
# What a sitemap may say (https://www.w3.org/TR/NOTE-datetime), and of it what Atom may (RFC 3339).
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?|\d{4}-\d\d-\d\dT\d\d:\d\d(Z|[+-]\d\d:\d\d)")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


# --- What is read ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Reference:
    """An address that a file names: `role` is "loaded", "followed", or "told" to machines."""

    line: int | None
    place: str  # such as "img src"
    address: str
    role: str


@dataclass(frozen=True)
class Page:
    """What the site-wide checks need to know of a page, and its own faults.

    `alternates` are the pairs of language and address of its `<link rel=alternate hreflang>`.
    """

    path: str
    lang: str
    titles: tuple[str, ...]
    descriptions: tuple[str, ...]
    canonicals: tuple[str, ...]
    alternates: tuple[tuple[str, str], ...]
    noindex: bool
    ids: frozenset[str]
    references: tuple[Reference, ...]
    faults: tuple[Fault, ...]

    @property
    def is_indexable(self) -> bool:
        """Whether a search engine may list it. A 404 page answers at any address but its own."""
        return not self.noindex and Path(self.path).name != "404.html"


@dataclass(frozen=True)
class Site:
    """The files of an output folder, read; `address` is where they will stand, without slash."""

    address: str
    files: frozenset[str]
    pages: dict[str, Page]
    style_sheets: dict[str, tuple[Reference, ...]]
    documents: dict[str, ElementTree.Element]
    robots: str
    faults: tuple[Fault, ...]

    def url(self, path: str) -> str:
        """The absolute address of a file: a folder's, where the file is its index.html."""
        folder, slash, name = path.rpartition("/")
        return f"{self.address}/{quote(folder + slash if name == 'index.html' else path)}"

    def inner_path(self, source: str, address: str) -> str | None:
        """The path, below the output, that an address written in the file `source` means.

        None where it leaves the site; "" for the home page.
        """
        is_relative = not (address.startswith("/") or _scheme(address))
        return _inner_path(self.address, self.url(source) if is_relative else "", address)

    def file_at(self, path: str | None) -> str | None:
        """The file that a web server sends for a path, None where there is none."""
        if path is None:
            return None
        file = f"{path}index.html" if path == "" or path.endswith("/") else path
        return file if file in self.files else None

    def page_at(self, address: str) -> Page | None:
        """The page at an absolute address, None where there is none."""
        return self.pages.get(self.file_at(self.inner_path("index.html", address)))

    @cached_property
    def references(self) -> dict[str, tuple[Reference, ...]]:
        """File -> what it names, for all pages and style sheets."""
        return {path: page.references for path, page in self.pages.items()} | self.style_sheets

    @cached_property
    def feeds(self) -> dict[str, ElementTree.Element]:
        """File -> Atom feed."""
        return {path: root for path, root in self.documents.items() if root.tag == f"{ATOM}feed"}


@cache
def _inner_path(home: str, base: str, address: str) -> str | None:
    """Remembered, since the same menus stand on every page."""
    try:
        absolute = urlsplit(urljoin(base or f"{home}/", address.strip()))
    except ValueError:
        return address  # such as "https://[": no file has this name, which is told as a fault
    site = urlsplit(home)
    if absolute.netloc != site.netloc:
        return None
    # Beside the folder that the site stands in, the path keeps its slash: no file is there.
    return unquote(absolute.path).removeprefix(f"{site.path}/")


class Markup:
    """The elements of a page in their order, found by name; parsed and walked once."""

    def __init__(self, html: str):
        soup = BeautifulSoup(html, "html.parser", multi_valued_attributes=None)
        self.all: list[Tag] = soup.find_all(True)
        self._by_name = defaultdict(list)
        for tag in self.all:
            self._by_name[tag.name].append(tag)

    def named(self, *names: str) -> list[Tag]:
        """The elements of these names, name by name."""
        return [tag for name in names for tag in self._by_name[name]]


def read_site(output: Path, site_address: str) -> Site:
    """Read every file that can name another."""
    files = sorted(p.relative_to(output).as_posix() for p in output.rglob("*") if p.is_file())

    def text(path: str) -> str:
        return (output / path).read_text("utf-8", errors="replace")

    documents, faults = {}, []
    for path in (path for path in files if path.endswith(".xml")):
        try:
            # S314 warns of XML that strangers wrote; this is our own build's.
            documents[path] = ElementTree.fromstring((output / path).read_bytes())  # noqa: S314
        except ElementTree.ParseError as error:
            problem, remedy = f"it cannot be read ({error})", "mend its template: escape & and <"
            faults.append(Fault(path, error.position[0], "xml", problem, remedy))
    return Site(
        site_address.rstrip("/"),
        frozenset(files),
        {path: read_page(path, text(path)) for path in files if path.endswith(".html")},
        {
            path: tuple(style_references(text(path), "style sheet", 1))
            for path in files
            if path.endswith(".css")
        },
        documents,
        text("robots.txt") if "robots.txt" in files else "",
        tuple(faults),
    )


def read_page(path: str, html: str) -> Page:
    """Read one page, and check what can be told from it alone."""
    markup = Markup(html)
    links = markup.named("link")
    return Page(
        path,
        lang=_value(next(iter(markup.named("html")), None), "lang"),
        titles=tuple(_words(t) for t in markup.named("title") if not t.find_parent("svg")),
        descriptions=tuple(_meta(markup, "description")),
        canonicals=tuple(_value(link, "href") for link in links if "canonical" in _rel(link)),
        alternates=tuple(
            (_value(link, "hreflang"), _value(link, "href"))
            for link in links
            if "alternate" in _rel(link) and link.has_attr("hreflang") and not link.get("type")
        ),
        noindex="noindex" in " ".join(_meta(markup, "robots")),
        ids=frozenset(tag["id"] for tag in markup.all if tag.get("id")),
        references=tuple(page_references(markup)),
        faults=tuple(fault for check in PAGE_CHECKS for fault in check(path, markup)),
    )


def page_references(markup: Markup) -> Iterator[Reference]:
    """Every address that a page names, in elements, source sets, style elements and metadata."""
    yield from _attribute_references(markup, "loaded", LOADED)
    yield from _attribute_references(markup, "followed", FOLLOWED)
    for link in markup.named("link"):
        if link.has_attr("href"):
            role = "told" if _rel(link) <= TELLING_LINKS else "loaded"
            yield Reference(link.sourceline, "link href", _value(link, "href"), role)
    for tag in markup.named(*SOURCE_SETS):
        attribute = SOURCE_SETS[tag.name]
        for address in _SOURCE_OF_SET.findall(_value(tag, attribute)):
            yield Reference(tag.sourceline, f"{tag.name} {attribute}", address, "loaded")
    for style in markup.named("style"):
        yield from style_references(style.string or "", "style", style.sourceline)
    for meta in share_pictures(markup):
        yield Reference(meta.sourceline, "meta og:image", _value(meta, "content"), "told")


def _attribute_references(
    markup: Markup, role: str, attributes: dict[str, tuple[str, ...]]
) -> Iterator[Reference]:
    for tag in markup.named(*attributes):
        for attribute in attributes[tag.name]:
            if tag.has_attr(attribute):
                place = f"{tag.name} {attribute}"
                yield Reference(tag.sourceline, place, _value(tag, attribute), role)


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


def language_of(path: str) -> str:
    """The language that a page's folder promises."""
    return next(lang for lang, (folder, _) in LANGUAGES.items() if path.startswith(folder))


def _value(tag: Tag | None, attribute: str) -> str:
    """An attribute; "" where there is none."""
    return (tag.get(attribute) if tag else None) or ""


def _rel(link: Tag) -> set[str]:
    return set(_value(link, "rel").lower().split())


def _meta(markup: Markup, name: str) -> list[str]:
    metas = (meta for meta in markup.named("meta") if meta.get("name") == name)
    return [_value(meta, "content").strip() for meta in metas]


def _scheme(address: str) -> str:
    """Such as "https"; "" where the address is relative. Never raises, as `urlsplit` does."""
    match = _SCHEME.match(address)
    return match[1].lower() if match else ""


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


# --- Checks of one page ---------------------------------------------------------------------


def check_language(path: str, markup: Markup) -> list[Fault]:
    """`<html lang>` is the language of the page's folder."""
    html = next(iter(markup.named("html")), None)
    lang, expected = _value(html, "lang"), language_of(path)
    if lang == expected:
        return []
    problem = f"<html> says “{lang}”, and its folder is that of “{expected}”"
    return [Fault(path, html and html.sourceline, "lang", problem, f'write lang="{expected}"')]


def check_headings(path: str, markup: Markup) -> list[Fault]:
    """One h1, at the top; no level is skipped on the way down."""
    faults = []
    tops = markup.named("h1")
    if len(tops) != 1:
        line = tops[1].sourceline if tops else None
        problem, remedy = f"there are {len(tops)} h1 elements", "leave one, the page's title"
        faults.append(Fault(path, line, "one-h1", problem, remedy))
    headings = [tag for tag in markup.all if tag.name in HEADINGS]
    levels = [0, *(int(heading.name[1]) for heading in headings)]
    for heading, (above, level) in zip(headings, pairwise(levels), strict=True):
        if level > above + 1:
            before = f"h{above}" if above else "the start of the page"
            problem = f"“{_words(heading)}” is an h{level} after {before}"
            remedy = f"make it an h{above + 1}"
            faults.append(Fault(path, heading.sourceline, "heading-level", problem, remedy))
    return faults


def check_ids(path: str, markup: Markup) -> list[Fault]:
    """An id names one element."""
    faults, seen = [], set()
    for tag in markup.all:
        name = tag.get("id")
        if name in seen and name is not None:
            problem = f"“{name}” names a second element"
            remedy = "give each element its own id"
            faults.append(Fault(path, tag.sourceline, "duplicate-id", problem, remedy))
        seen.add(name)
    return faults


def check_images(path: str, markup: Markup) -> list[Fault]:
    """Each image has an alternative, and the room that it takes is known before it is there."""
    faults = []
    for image in markup.named("img"):
        address = _value(image, "src")
        if not image.has_attr("alt"):
            problem = f"the image “{address}” has no alt attribute"
            remedy = 'describe it, or write alt="" where it only decorates'
            faults.append(Fault(path, image.sourceline, "img-alt", problem, remedy))
        sizes = (_value(image, "width"), _value(image, "height"))
        if not address.startswith("data:") and not all(size.isdecimal() for size in sizes):
            problem = f"the image “{address}” does not tell its width and height"
            remedy = "write both, in pixels: the text then does not move when it arrives"
            faults.append(Fault(path, image.sourceline, "img-size", problem, remedy))
    return faults


def check_scripts_and_styles(path: str, markup: Markup) -> list[Fault]:
    """Nothing that the content security policy of the site forbids."""
    faults = []

    def complain(tag: Tag, key: str, problem: str, remedy: str) -> None:
        faults.append(Fault(path, tag.sourceline, key, problem, remedy))

    for tag in markup.all:
        if tag.name == "script":
            complain(tag, "script", "there is a script", "leave it out: no page needs one")
        for attribute in tag.attrs:
            place = f"<{tag.name} {attribute}>"
            if attribute == "style":
                remedy = "put the rule into the theme's style sheet"
                complain(tag, "style-attribute", f"{place} holds a style", remedy)
            elif attribute.startswith("on"):
                complain(tag, "event-handler", f"{place} holds a script", "leave it out")
            elif _value(tag, attribute).lstrip().lower().startswith("javascript:"):
                complain(tag, "script", f"{place} holds a script", "write a real address")
    return faults


def check_share_pictures(path: str, markup: Markup) -> list[Fault]:
    """The picture shown where a page is shared is named by its whole address."""
    remedy = "write its whole address, from https:// on: other sites load it"
    return [
        Fault(path, meta.sourceline, "share-picture", f"“{address}” is not absolute", remedy)
        for meta in share_pictures(markup)
        if not _scheme(address := _value(meta, "content"))
    ]


# --- Checks of the whole site ---------------------------------------------------------------


def check_references(site: Site) -> list[Fault]:
    """Each address leads to a file of the output, or rightly elsewhere."""
    return [
        Fault(source, reference.line, *complaint)
        for source, references in site.references.items()
        for reference in references
        if (complaint := _wrong_address(site, source, reference))
    ]


def _wrong_address(site: Site, source: str, reference: Reference) -> Complaint | None:
    if not reference.address.strip():
        return "empty-address", f"{reference.place} is empty", "write the address"
    path = site.inner_path(source, reference.address)
    if path is None:
        return _third_party(reference)
    file = site.file_at(path)
    if file is None:
        return _missing_file(site, path, reference)
    return _missing_fragment(site, file, reference)


def _third_party(reference: Reference) -> Complaint | None:
    if reference.role != "loaded" or _scheme(reference.address) == "data":
        return None
    problem = f"“{reference.address}” ({reference.place}) is loaded from elsewhere"
    return "third-party", problem, "put the file into the site: others need not know its visitors"


def _missing_file(site: Site, path: str, reference: Reference) -> Complaint:
    shown = f"“{reference.address}” ({reference.place})"
    if site.file_at(f"{path}/"):
        return "missing-slash", f"{shown} is a folder's address", "end it with a slash"
    if reference.role == "followed":
        return "broken-link", f"{shown} leads to no file", "mend the address, or make the page"
    return "missing-file", f"{shown} is not there", "mend the address, or add the file"


def _missing_fragment(site: Site, file: str, reference: Reference) -> Complaint | None:
    fragment = unquote(reference.address.partition("#")[2].partition(":~:")[0].strip())
    page = site.pages.get(file)
    # "#top" is the top of any page, by the HTML standard.
    if page is None or fragment in ("", "top") or fragment in page.ids:
        return None
    problem = f"“{reference.address}” ({reference.place}) names no element of {file}"
    return "missing-fragment", problem, "mend the part after #, or give the element that id"


def check_orphans(site: Site) -> list[Fault]:
    """Each file can be reached from the home page or by its name, and is not published in vain."""
    waiting = [file for file in site.files if _is_found_by_name(file)] + list(site.feeds)
    reached = set(waiting)
    while waiting:
        source = waiting.pop()
        for reference in site.references.get(source, ()):
            file = site.file_at(site.inner_path(source, reference.address))
            # That a page is told to be another's translation brings no visitor to it.
            brings = reference.role != "told" or file not in site.pages
            if file is not None and brings and file not in reached:
                reached.add(file)
                waiting.append(file)
    remedy = "link to it, or leave it out of the output"
    return [
        Fault(file, None, "orphan", "no page leads to it", remedy)
        for file in site.files - reached
        if not (file.endswith(COMPRESSED) and file.rpartition(".")[0] in site.files)
    ]


def _is_found_by_name(file: str) -> bool:
    return any(fnmatchcase(file, pattern) for pattern in FOUND_BY_NAME)


def check_canonicals(site: Site) -> list[Fault]:
    """Each page that may be listed names its own address, whole, once."""
    faults = []
    for path, page in site.pages.items():
        expected = site.url(path)
        if page.canonicals == (expected,) or (not page.canonicals and not page.is_indexable):
            continue
        told = " and ".join(f"“{address}”" for address in page.canonicals) or "nothing"
        problem = f"the page calls itself {told}"
        faults.append(Fault(path, None, "canonical", problem, f"write “{expected}”, once"))
    return faults


def check_alternates(site: Site) -> list[Fault]:
    """Pages in two languages name each other, themselves and a default, and agree on it."""
    return [
        Fault(path, None, "hreflang", problem, remedy)
        for path, page in site.pages.items()
        if page.alternates
        for problem, remedy in _wrong_alternates(site, page)
    ]


def _wrong_alternates(site: Site, page: Page) -> Iterator[tuple[str, str]]:
    named = dict(page.alternates)
    if len(named) != len(page.alternates):
        yield "a language is named twice", "leave one address a language"
    if "x-default" not in named:
        yield "there is no x-default", "name the page for readers of any other language"
    if named.get(page.lang) != site.url(page.path):
        yield f"it does not name itself as “{page.lang}”", f"name {site.url(page.path)}"
    for lang, address in named.items():
        other = site.page_at(address)
        if other is None or site.url(other.path) != address:
            yield f"“{address}” is no page's own address", "write that of the counterpart, whole"
        elif dict(other.alternates) != named:
            remedy = "each page of a group has to name the same pages"
            yield f"{other.path} does not name the same counterparts", remedy
        elif lang not in ("x-default", other.lang):
            yield f"{other.path} is in “{other.lang}”, not in “{lang}”", "name the right page"


def check_titles_and_descriptions(site: Site) -> list[Fault]:
    """Each page has one title and one description, which no other page has."""
    faults = []
    for key in ("title", "description"):
        first: dict[str, str] = {}
        for path, page in site.pages.items():
            texts = getattr(page, f"{key}s")
            if len(texts) != 1 or not texts[0]:
                problem = f"there are {len(texts)} of them" if len(texts) > 1 else "there is none"
                faults.append(Fault(path, None, key, problem, "write one, of this page alone"))
            elif first.setdefault(texts[0], path) != path:
                problem = f"“{texts[0]}” is also that of {first[texts[0]]}"
                remedy = "say what this page has of its own, such as its number"
                faults.append(Fault(path, None, f"same-{key}", problem, remedy))
    return faults


def check_robots(site: Site) -> list[Fault]:
    """robots.txt tells where the sitemap is."""
    lines = {line.strip() for line in site.robots.splitlines()}
    expected = f"Sitemap: {site.address}/sitemap.xml"
    if expected in lines:
        return []
    problem = "it does not name the sitemap" if site.robots else "there is none"
    return [Fault("robots.txt", None, "robots", problem, f"write “{expected}”")]


def check_sitemap(site: Site) -> list[Fault]:
    """The sitemap lists every page that may be listed, no other, as each page tells of itself."""
    root = site.documents.get("sitemap.xml")
    if root is None:
        if "sitemap.xml" in site.files:
            return []  # not well-formed, which is told already
        return [Fault("sitemap.xml", None, "sitemap", "there is none", "write it in the theme")]
    complaints, listed = [], set()
    for entry in root.iter(f"{SITEMAP}url"):
        address = (entry.findtext(f"{SITEMAP}loc") or "").strip()
        if address in listed:
            complaints.append((f"“{address}” is listed twice", "list it once"))
        listed.add(address)
        complaints += _wrong_sitemap_entry(site, address, entry)
    for path, page in site.pages.items():
        address = site.url(path)
        if page.is_indexable and address not in listed:
            complaints.append((f"{path} is not in it", f"list “{address}”"))
    return [Fault("sitemap.xml", None, "sitemap", *complaint) for complaint in complaints]


def _wrong_sitemap_entry(
    site: Site, address: str, entry: ElementTree.Element
) -> Iterator[tuple[str, str]]:
    page = site.page_at(address)
    if page is None or site.url(page.path) != address:
        yield f"“{address}” is no page's own address", "list what its canonical link says"
        return
    if not page.is_indexable:
        yield f"“{address}” is not to be indexed", "leave it out"
    modified = entry.findtext(f"{SITEMAP}lastmod")
    if modified is not None and not is_date(modified):
        yield f"“{modified}” of “{address}” is no date", "write a year, a month, a day or a moment"
    links = entry.findall(f"{XHTML}link[@rel='alternate']")
    told = {link.get("hreflang"): link.get("href") for link in links}
    if told != dict(page.alternates):
        problem = f"the alternates of “{address}” are not those that its page names"
        yield problem, "name the same languages and addresses in both"


def is_moment(text: str) -> bool:
    """Whether Atom may say it: a second that exists, with its zone."""
    return bool(_MOMENT.fullmatch(text)) and _is_in_the_calendar(text)


def is_date(text: str) -> bool:
    """Whether a sitemap may say it: a year, a month, a day, a minute or a second that exists."""
    if not _DATE.fullmatch(text):
        return is_moment(text)
    return _is_in_the_calendar(text + "0000-01-01"[len(text) :])


def _is_in_the_calendar(text: str) -> bool:
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def check_feeds(site: Site) -> list[Fault]:
    """Each language has its feed, and each entry is whole and leads to its page."""
    faults = []
    for lang, (folder, feed) in LANGUAGES.items():
        if f"{folder}index.html" in site.files and feed not in site.files:
            problem = f"there is no feed in “{lang}”"
            faults.append(Fault(feed, None, "feed", problem, "write it in the theme"))
    for path, root in site.feeds.items():
        complaints = [*_wrong_feed(site, path, root), *_wrong_entries(site, root)]
        faults += [Fault(path, None, "feed", *complaint) for complaint in complaints]
    return faults


def _wrong_feed(site: Site, path: str, root: ElementTree.Element) -> Iterator[tuple[str, str]]:
    yield from _missing_parts(root, "the feed")
    own = [link.get("href") for link in root.findall(f"{ATOM}link[@rel='self']")]
    if own != [site.url(path)]:
        yield "it does not name its own address", f"write it, rel=self: “{site.url(path)}”"


def _wrong_entries(site: Site, root: ElementTree.Element) -> Iterator[tuple[str, str]]:
    seen = set()
    for number, entry in enumerate(root.findall(f"{ATOM}entry"), 1):
        name = f"entry {number} (“{entry.findtext(f'{ATOM}title') or ''}”)"
        yield from _missing_parts(entry, name)
        identity = entry.findtext(f"{ATOM}id")
        if identity in seen:
            yield f"{name} has the id of another", "give each entry an id of its own"
        seen.add(identity)
        yield from _wrong_entry_link(site, entry, name)
        yield from _wrong_content(site, entry, name)


def _missing_parts(element: ElementTree.Element, name: str) -> Iterator[tuple[str, str]]:
    for part in ("id", "title", "updated"):
        if not (element.findtext(f"{ATOM}{part}") or "").strip():
            yield f"{name} has no {part}", "write it: Atom requires it"
    for part in ("updated", "published"):
        moment = element.findtext(f"{ATOM}{part}")
        if moment and not is_moment(moment.strip()):
            problem = f"“{moment}”, {part} of {name}, is no moment"
            yield problem, "write it as 2012-03-01T00:00:00+01:00"


def _wrong_entry_link(
    site: Site, entry: ElementTree.Element, name: str
) -> Iterator[tuple[str, str]]:
    links = [
        link.get("href", "")
        for link in entry.findall(f"{ATOM}link")
        if link.get("rel", "alternate") == "alternate"
    ]
    if not links:
        yield f"{name} has no link", "link to its page"
    for address in links:
        page = site.page_at(address)
        if page is None or site.url(page.path) != address:
            problem = f"“{address}”, the link of {name}, is no page's own address"
            yield problem, "write the whole address of its page"


def _wrong_content(site: Site, entry: ElementTree.Element, name: str) -> Iterator[tuple[str, str]]:
    content = entry.find(f"{ATOM}content")
    if content is None or not "".join(content.itertext()).strip():
        yield f"{name} has no content", "write the whole text: a reader may never come to the site"
        return
    if content.get("type") != "html":
        yield f"the content of {name} is not HTML", 'write type="html", and escape the text'
    # In an element: Beautiful Soup takes bare words for a file's name, and warns.
    markup = Markup(f"<div>{content.text or ''}</div>")
    for reference in page_references(markup):
        shown = f"“{reference.address}” ({reference.place}) in {name}"
        if not _scheme(reference.address):
            yield f"{shown} is not absolute", "write whole addresses: a feed is read elsewhere"
        elif complaint := _wrong_address(site, "index.html", reference):
            _key, problem, remedy = complaint
            yield f"{problem}, in {name}", remedy


PAGE_CHECKS = (
    check_language,
    check_headings,
    check_ids,
    check_images,
    check_share_pictures,
    check_scripts_and_styles,
)
SITE_CHECKS = (
    check_references,
    check_orphans,
    check_canonicals,
    check_alternates,
    check_titles_and_descriptions,
    check_robots,
    check_sitemap,
    check_feeds,
)


# --- All of it ------------------------------------------------------------------------------


def faults_of(site: Site) -> list[Fault]:
    """Every fault of a site that was read, by file and line."""
    if "index.html" not in site.pages:
        return [Fault("index.html", None, "home", "there is no home page", "build the site first")]
    faults = list(site.faults)
    for page in site.pages.values():
        faults += page.faults
    for check in SITE_CHECKS:
        faults += check(site)
    return sorted(faults, key=lambda fault: fault.sort_key)


def check_site(output: Path, site_address: str) -> list[Fault]:
    """Every fault of the site in a folder, which will stand at `site_address`."""
    return faults_of(read_site(output, site_address))


def main(arguments: list[str] | None = None) -> int:
    """Check a folder, print what is wrong or that nothing is; the exit code is 0 or 1."""
    parser = argparse.ArgumentParser(prog="site_check", description=__doc__.partition("\n")[0])
    parser.add_argument("output", type=Path, help="the folder of the built site")
    parser.add_argument("--site-address", help="where it will stand (else that of pelicanconf.py)")
    options = parser.parse_args(arguments)
    site = read_site(options.output, options.site_address or _configured_address())
    faults = faults_of(site)
    if faults:
        print(*faults, sep="\n")
        return 1
    links = sum(map(len, site.references.values()))
    print(f"{len(site.pages)} pages, {links} links: no fault")
    return 0


def _configured_address() -> str:
    from pelicanconf import SITE_URL  # noqa: PLC0415 - it loads Pelican, which no check needs

    return SITE_URL


if __name__ == "__main__":
    sys.exit(main())
