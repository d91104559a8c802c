"""Check robots.txt, the sitemap and the feeds."""

import datetime
import re
from collections.abc import Iterator
from xml.etree import ElementTree

from engine.checking.pages.page_checks import feeds
from engine.checking.pages.reference_checks import wrong_address
from engine.faults import Fault, Message
from engine.languages import LANGUAGES
from engine.pages.markup import Markup, page_references, scheme
from engine.pages.page_records import ATOM, SiteRecords

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
# Pairs of a problem and its remedy.
Complaints = Iterator[tuple[Message, Message]]
# Dates of a sitemap: https://www.w3.org/TR/NOTE-datetime.
_SITEMAP_DATE = re.compile(
    r"[0-9]{4}(-[0-9][0-9](-[0-9][0-9])?)?|[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9](Z|[+-][0-9][0-9]:[0-9][0-9])"
)
# Dates of an Atom feed: RFC 3339.
_ATOM_DATE = re.compile(
    r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9](\.[0-9]+)?(Z|[+-][0-9][0-9]:[0-9][0-9])"
)


def check_robots(site: SiteRecords) -> list[Fault]:
    """Check that robots.txt names the sitemap."""
    lines = {line.strip() for line in site.robots.splitlines()}
    expected = f"Sitemap: {site.address}/sitemap.xml"
    if expected in lines:
        return []
    problem = Message("it does not name the sitemap") if site.robots else Message("there is none")
    remedy = Message("write “{line}”", line=expected)
    return [Fault("robots.txt", None, "robots", problem, remedy)]


def check_sitemap(site: SiteRecords) -> list[Fault]:
    """Check that the sitemap lists each indexable page, no other, with the page's alternates."""
    root = site.documents.get("sitemap.xml")
    if root is None:
        if "sitemap.xml" in site.files:
            return []  # not well-formed: already a fault
        problem, remedy = Message("there is none"), Message("write it in the theme")
        return [Fault("sitemap.xml", None, "sitemap", problem, remedy)]
    complaints, listed = [], set()
    for entry in root.iter(f"{SITEMAP}url"):
        address = (entry.findtext(f"{SITEMAP}loc") or "").strip()
        if address in listed:
            problem = Message("“{address}” is listed twice", address=address)
            complaints.append((problem, Message("list it once")))
        listed.add(address)
        complaints += _wrong_sitemap_entry(site, address, entry)
    for path, page in site.pages.items():
        address = site.url(path)
        if page.is_indexable and address not in listed:
            problem = Message("{page} is not in it", page=path)
            complaints.append((problem, Message("list “{address}”", address=address)))
    return [Fault("sitemap.xml", None, "sitemap", *complaint) for complaint in complaints]


def _wrong_sitemap_entry(site: SiteRecords, address: str, entry: ElementTree.Element) -> Complaints:
    page = site.page_at(address)
    if page is None or site.url(page.path) != address:
        problem = Message("“{address}” is no page's own address", address=address)
        yield problem, Message("list what its canonical link says")
        return
    if not page.is_indexable:
        yield Message("“{address}” is not to be indexed", address=address), Message("leave it out")
    modified = entry.findtext(f"{SITEMAP}lastmod")
    if modified is not None and not is_sitemap_date(modified):
        problem = Message("“{date}” of “{address}” is no date", date=modified, address=address)
        yield problem, Message("write a year, a month, a day or a moment")
    links = entry.findall(f"{XHTML}link[@rel='alternate']")
    listed = {link.get("hreflang"): link.get("href") for link in links}
    if listed != dict(page.alternates):
        problem = Message(
            "the alternates of “{address}” are not those that its page names", address=address
        )
        yield problem, Message("name the same languages and addresses in both")


def is_atom_date(text: str) -> bool:
    """Whether a text is a date of Atom: an existing second, with its time zone."""
    return bool(_ATOM_DATE.fullmatch(text)) and _exists_in_calendar(text)


def is_sitemap_date(text: str) -> bool:
    """Whether a text is a date of a sitemap: an existing year, month, day, minute or second."""
    if not _SITEMAP_DATE.fullmatch(text):
        return is_atom_date(text)
    return _exists_in_calendar(text + "0000-01-01"[len(text) :])


def _exists_in_calendar(text: str) -> bool:
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def check_feeds(site: SiteRecords) -> list[Fault]:
    """Check that each language has a feed, and each entry its content and a link to its page."""
    faults = []
    for lang, feed in feeds().items():
        if f"{LANGUAGES[lang].root}index.html" in site.files and feed not in site.files:
            problem = Message("there is no feed in “{language}”", language=lang)
            remedy = Message("write it in the theme")
            faults.append(Fault(feed, None, "feed", problem, remedy))
    for path, root in site.feeds.items():
        complaints = [*_wrong_feed(site, path, root), *_wrong_entries(site, root)]
        faults += [Fault(path, None, "feed", *complaint) for complaint in complaints]
    return faults


def _wrong_feed(site: SiteRecords, path: str, root: ElementTree.Element) -> Complaints:
    yield from _missing_parts(root, Message("the feed"))
    own = [link.get("href") for link in root.findall(f"{ATOM}link[@rel='self']")]
    if own != [site.url(path)]:
        problem = Message("it does not name its own address")
        yield problem, Message("write it, rel=self: “{address}”", address=site.url(path))


def _wrong_entries(site: SiteRecords, root: ElementTree.Element) -> Complaints:
    seen = set()
    for number, entry in enumerate(root.findall(f"{ATOM}entry"), 1):
        title = entry.findtext(f"{ATOM}title") or ""
        name = Message("entry {number} (“{title}”)", number=number, title=title)
        yield from _missing_parts(entry, name)
        identity = entry.findtext(f"{ATOM}id")
        if identity in seen:
            problem = Message("{entry} has the id of another", entry=name)
            yield problem, Message("give each entry an id of its own")
        seen.add(identity)
        yield from _wrong_entry_link(site, entry, name)
        yield from _wrong_content(site, entry, name)


def _missing_parts(element: ElementTree.Element, name: Message) -> Complaints:
    for part in ("id", "title", "updated"):
        if not (element.findtext(f"{ATOM}{part}") or "").strip():
            problem = Message("{element} has no {part}", element=name, part=part)
            yield problem, Message("write it: Atom requires it")
    for part in ("updated", "published"):
        moment = element.findtext(f"{ATOM}{part}")
        if moment and not is_atom_date(moment.strip()):
            problem = Message(
                "“{moment}”, {part} of {element}, is no moment",
                moment=moment,
                part=part,
                element=name,
            )
            yield problem, Message("write it as 2012-03-01T00:00:00+01:00")


def _wrong_entry_link(site: SiteRecords, entry: ElementTree.Element, name: Message) -> Complaints:
    links = [
        link.get("href", "")
        for link in entry.findall(f"{ATOM}link")
        if link.get("rel", "alternate") == "alternate"
    ]
    if not links:
        yield Message("{entry} has no link", entry=name), Message("link to its page")
    for address in links:
        page = site.page_at(address)
        if page is None or site.url(page.path) != address:
            problem = Message(
                "“{address}”, the link of {entry}, is no page's own address",
                address=address,
                entry=name,
            )
            yield problem, Message("write the whole address of its page")


def _wrong_content(site: SiteRecords, entry: ElementTree.Element, name: Message) -> Complaints:
    content = entry.find(f"{ATOM}content")
    if content is None or not "".join(content.itertext()).strip():
        remedy = Message("write the whole text: a reader may never come to the site")
        yield Message("{entry} has no content", entry=name), remedy
        return
    if content.get("type") != "html":
        problem = Message("the content of {entry} is not HTML", entry=name)
        yield problem, Message('write type="html", and escape the text')
    # Beautiful Soup takes text without an element for a file's name, and warns.
    markup = Markup(f"<div>{content.text or ''}</div>")
    for reference in page_references(markup):
        if not scheme(reference.address):
            problem = Message(
                "{reference} in {entry} is not absolute", reference=reference, entry=name
            )
            yield problem, Message("write whole addresses: a feed is read elsewhere")
        elif complaint := wrong_address(site, "index.html", reference):
            _key, problem, remedy = complaint
            yield Message("{problem}, in {entry}", problem=problem, entry=name), remedy
