"""Record each page of a built site in a small object, with the addresses in it."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urljoin, urlsplit
from xml.etree import ElementTree

from engine.faults import Fault, Message
from engine.pages import redirects
from engine.pages.built_site import BuiltSite
from engine.pages.markup import (
    Markup,
    Reference,
    meta_contents,
    page_references,
    rel,
    scheme,
    value,
    words,
)

ATOM = "{http://www.w3.org/2005/Atom}"
# As engine/exports/search_index.py names it.
_INDEX = re.compile(r"(?:^|/)index-[0-9a-f]{12}\.json$")
# A check of one page: its path below the folder, its elements -> its faults.
PageCheck = Callable[[str, Markup], list[Fault]]


@dataclass(frozen=True)
class PageRecord:
    """The data of a page for the checks of the whole site, and the faults of the page.

    `alternates` holds the language and the address of each `<link rel=alternate hreflang>`.
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
        """Whether a search engine may list the page: neither noindex nor a 404 page."""
        return not self.noindex and PurePosixPath(self.path).name != "404.html"


@dataclass(frozen=True)
class SiteRecords:
    """The records of a built site; `address` is its future address, without a final slash."""

    address: str
    files: frozenset[str]
    pages: dict[str, PageRecord]
    # The file of each redirection page -> its target.
    redirects: dict[str, str]
    documents: dict[str, ElementTree.Element]
    # The index of each search -> the files and the pages that it names.
    indexes: dict[str, tuple[Reference, ...]]
    robots: str
    faults: tuple[Fault, ...]

    def url(self, path: str) -> str:
        """Return the absolute address of a file, without "index.html"."""
        folder, slash, name = path.rpartition("/")
        return f"{self.address}/{quote(folder + slash if name == 'index.html' else path)}"

    def inner_path(self, source: str, address: str) -> str | None:
        """Return the path below the output of an address in the file `source`.

        Returns None for another site, "" for the home page.
        """
        is_relative = not (address.startswith("/") or scheme(address))
        return _inner_path(self.address, self.url(source) if is_relative else "", address)

    def file_at(self, path: str | None) -> str | None:
        """Return the file that a web server sends for a path, None if there is none."""
        if path is None:
            return None
        file = f"{path}index.html" if path == "" or path.endswith("/") else path
        return file if file in self.files else None

    def page_at(self, address: str) -> PageRecord | None:
        """Return the page at an absolute address, None if there is none."""
        return self.pages.get(self.file_at(self.inner_path("index.html", address)))

    @cached_property
    def references(self) -> dict[str, tuple[Reference, ...]]:
        """The references of each page, with those of its inline style sheets, and of each index."""
        return {path: page.references for path, page in self.pages.items()} | self.indexes

    @cached_property
    def feeds(self) -> dict[str, ElementTree.Element]:
        """The Atom feeds, by file."""
        return {path: root for path, root in self.documents.items() if root.tag == f"{ATOM}feed"}


@cache
def _inner_path(home: str, base: str, address: str) -> str | None:
    """Resolve an address; cached, because the menus are the same on every page."""
    try:
        absolute = urlsplit(urljoin(base or f"{home}/", address.strip()))
    except ValueError:
        return address  # such as "https://[": reported, because no file has this name
    site = urlsplit(home)
    if absolute.netloc != site.netloc:
        return None
    # Outside the folder of the site, the path keeps its first slash, and matches no file.
    return unquote(absolute.path).removeprefix(f"{site.path}/")


def record_site(
    built: BuiltSite,
    site_address: str,
    page_checks: Sequence[PageCheck] = (),
    redirect_checks: Sequence[PageCheck] = (),
) -> SiteRecords:
    """Record each page of a built site, its XML files and its robots.txt.

    `page_checks` check one page, `redirect_checks` one redirection page. They run while the page is
    parsed, one page at a time; the records hold their faults.
    """
    documents, indexes, faults, pages, moved = {}, {}, [], {}, {}
    for path in sorted(built.files):
        file = built.files[path]
        if file.suffix == ".xml":
            try:
                # S314 warns of XML that strangers wrote; this is our own build's.
                documents[path] = ElementTree.fromstring(file.content)  # noqa: S314
            except ElementTree.ParseError as error:
                problem = Message("it cannot be read ({reason})", reason=error)
                remedy = Message("fix its template: escape & and <")
                faults.append(Fault(path, error.position[0], "xml", problem, remedy))
        elif _INDEX.search(path):
            indexes[path] = tuple(index_references(file.content))
        elif file.suffix == ".html":
            if new := redirects.target(file.text):
                moved[path] = new
                faults += [fault for check in redirect_checks for fault in check(path, file.markup)]
            else:
                pages[path] = record_page(path, file.markup, page_checks)
            file.forget_markup()
    robots = built.files["robots.txt"].text if "robots.txt" in built.files else ""
    return SiteRecords(
        site_address.rstrip("/"),
        frozenset(built.files),
        pages,
        moved,
        documents,
        indexes,
        robots,
        tuple(faults),
    )


def index_references(content: bytes) -> Iterator[Reference]:
    """Yield the references of an index of the search: its files of texts, the page of each text."""
    index = json.loads(content)
    for _first, name in index["files"]:
        yield Reference(None, "files", name, "loaded")
    for _title, address, *_more in index["texts"]:
        yield Reference(None, "texts", address, "followed")


def record_page(path: str, markup: Markup, checks: Sequence[PageCheck] = ()) -> PageRecord:
    """Record one page, with the faults that the checks of one page find."""
    links = markup.named("link")
    return PageRecord(
        path,
        lang=value(next(iter(markup.named("html")), None), "lang"),
        titles=tuple(words(t) for t in markup.named("title") if not t.find_parent("svg")),
        descriptions=tuple(meta_contents(markup, "description")),
        canonicals=tuple(value(link, "href") for link in links if "canonical" in rel(link)),
        alternates=tuple(
            (value(link, "hreflang"), value(link, "href"))
            for link in links
            if "alternate" in rel(link) and link.has_attr("hreflang") and not link.get("type")
        ),
        noindex="noindex" in " ".join(meta_contents(markup, "robots")),
        ids=frozenset(tag["id"] for tag in markup.elements if tag.get("id")),
        references=tuple(page_references(markup)),
        faults=tuple(fault for check in checks for fault in check(path, markup)),
    )
