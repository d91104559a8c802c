"""What machines read: robots.txt, the sitemap, the feeds."""

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
# What a sitemap may say (https://www.w3.org/TR/NOTE-datetime), and of it what Atom may (RFC 3339).
_DATE = re.compile(
    r"[0-9]{4}(-[0-9][0-9](-[0-9][0-9])?)?|[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9](Z|[+-][0-9][0-9]:[0-9][0-9])"
)
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9](\.[0-9]+)?(Z|[+-][0-9][0-9]:[0-9][0-9])"
)


def check_robots(site: SiteRecords) -> list[Fault]:
    """robots.txt tells where the sitemap is."""
    lines = {line.strip() for line in site.robots.splitlines()}
    expected = f"Sitemap: {site.address}/sitemap.xml"
    if expected in lines:
        return []
    problem = Message("it does not name the sitemap") if site.robots else Message("there is none")
    remedy = Message("write “{line}”", line=expected)
    return [Fault("robots.txt", None, "robots", problem, remedy)]


def check_sitemap(site: SiteRecords) -> list[Fault]:
    """The sitemap lists every page that may be listed, no other, as each page tells of itself."""
    root = site.documents.get("sitemap.xml")
    if root is None:
        if "sitemap.xml" in site.files:
            return []  # not well-formed, which is told already
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
    if modified is not None and not is_date(modified):
        problem = Message("“{date}” of “{address}” is no date", date=modified, address=address)
        yield problem, Message("write a year, a month, a day or a moment")
    links = entry.findall(f"{XHTML}link[@rel='alternate']")
    told = {link.get("hreflang"): link.get("href") for link in links}
    if told != dict(page.alternates):
        problem = Message(
            "the alternates of “{address}” are not those that its page names", address=address
        )
        yield problem, Message("name the same languages and addresses in both")


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


def check_feeds(site: SiteRecords) -> list[Fault]:
    """Each language has its feed, and each entry is whole and leads to its page."""
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
        if moment and not is_moment(moment.strip()):
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
    # In an element: Beautiful Soup takes bare words for a file's name, and warns.
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
