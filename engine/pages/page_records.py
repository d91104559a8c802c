"""The built site as a whole: each page once parsed and kept as a small record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit
from xml.etree import ElementTree

from engine.faults import Fault
from engine.pages import redirects
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
# A check of one page: its path below the output, its elements -> its faults.
PageCheck = Callable[[str, Markup], list[Fault]]


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
    # The file of each page that only leads elsewhere -> the address where it leads.
    redirects: dict[str, str]
    documents: dict[str, ElementTree.Element]
    robots: str
    faults: tuple[Fault, ...]

    def url(self, path: str) -> str:
        """The absolute address of a file: a folder's, where the file is its index.html."""
        folder, slash, name = path.rpartition("/")
        return f"{self.address}/{quote(folder + slash if name == 'index.html' else path)}"

    def inner_path(self, source: str, address: str) -> str | None:
        """The path, below the output, that an address written in the file `source` means.

        None if it leaves the site; "" for the home page.
        """
        is_relative = not (address.startswith("/") or scheme(address))
        return _inner_path(self.address, self.url(source) if is_relative else "", address)

    def file_at(self, path: str | None) -> str | None:
        """The file that a web server sends for a path, None if there is none."""
        if path is None:
            return None
        file = f"{path}index.html" if path == "" or path.endswith("/") else path
        return file if file in self.files else None

    def page_at(self, address: str) -> Page | None:
        """The page at an absolute address, None if there is none."""
        return self.pages.get(self.file_at(self.inner_path("index.html", address)))

    @cached_property
    def references(self) -> dict[str, tuple[Reference, ...]]:
        """Page -> what it names, in its style sheets too: its policy allows none in a file."""
        return {path: page.references for path, page in self.pages.items()}

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


def read_site(
    output: Path,
    site_address: str,
    page_checks: Sequence[PageCheck] = (),
    redirect_checks: Sequence[PageCheck] = (),
) -> Site:
    """Read every file that can name another.

    The checks are of one page alone, and of one page that leads elsewhere: they are made here,
    while the page is parsed, and their faults are kept with it.
    """
    files = sorted(p.relative_to(output).as_posix() for p in output.rglob("*") if p.is_file())

    def text(path: str) -> str:
        return (output / path).read_text("utf-8", errors="replace")

    documents, faults = {}, []
    for path in (path for path in files if path.endswith(".xml")):
        try:
            # S314 warns of XML that strangers wrote; this is our own build's.
            documents[path] = ElementTree.fromstring((output / path).read_bytes())  # noqa: S314
        except ElementTree.ParseError as error:
            problem, remedy = f"it cannot be read ({error})", "fix its template: escape & and <"
            faults.append(Fault(path, error.position[0], "xml", problem, remedy))
    pages = {path: text(path) for path in files if path.endswith(".html")}
    moved = {path: new for path, html in pages.items() if (new := redirects.target(html))}
    for path in moved:
        markup = Markup(pages[path])
        faults += [fault for check in redirect_checks for fault in check(path, markup)]
    return Site(
        site_address.rstrip("/"),
        frozenset(files),
        {
            path: read_page(path, html, page_checks)
            for path, html in pages.items()
            if path not in moved
        },
        moved,
        documents,
        text("robots.txt") if "robots.txt" in files else "",
        tuple(faults),
    )


def read_page(path: str, html: str, checks: Sequence[PageCheck] = ()) -> Page:
    """Read one page, and check what can be told from it alone."""
    markup = Markup(html)
    links = markup.named("link")
    return Page(
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
        ids=frozenset(tag["id"] for tag in markup.all if tag.get("id")),
        references=tuple(page_references(markup)),
        faults=tuple(fault for check in checks for fault in check(path, markup)),
    )
