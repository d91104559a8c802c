"""What machines read: robots.txt, the sitemap, the feeds."""

import datetime
import re
from collections.abc import Iterator
from xml.etree import ElementTree

from engine.checking.pages.page_checks import feeds
from engine.checking.pages.reference_checks import wrong_address
from engine.faults import Fault
from engine.languages import LANGUAGES
from engine.pages.built_site import ATOM, Site
from engine.pages.markup import Markup, page_references, scheme

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
# What a sitemap may say (https://www.w3.org/TR/NOTE-datetime), and of it what Atom may (RFC 3339).
_DATE = re.compile(
    r"[0-9]{4}(-[0-9][0-9](-[0-9][0-9])?)?|[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9](Z|[+-][0-9][0-9]:[0-9][0-9])"
)
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9](\.[0-9]+)?(Z|[+-][0-9][0-9]:[0-9][0-9])"
)


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
    for lang, feed in feeds().items():
        if f"{LANGUAGES[lang].root}index.html" in site.files and feed not in site.files:
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
        if not scheme(reference.address):
            yield f"{shown} is not absolute", "write whole addresses: a feed is read elsewhere"
        elif complaint := wrong_address(site, "index.html", reference):
            _key, problem, remedy = complaint
            yield f"{problem}, in {name}", remedy
