"""Which text stood at an address that a publication would lose, and what keeps its readers.

A text that was renamed by hand is known by its title and date, or by its words: the live page is
compared with each page that the new site adds. One that was made a draft by hand is known by its
address.
"""

import difflib
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.client import HTTPException

from bs4 import BeautifulSoup

from engine.faults import Message
from engine.texts.documents import Document, Library

# Two pages with this share of common words are one text, corrected here and there.
MIN_SIMILARITY = 0.8
# Addresses that are looked at: where more are lost, the site itself has changed.
MAX_ADDRESSES = 20


def remedies(
    lost: Iterable[str],
    added: Iterable[str],
    library: Library,
    live_page: Callable[[str], str],
    new_page: Callable[[str], str],
) -> dict[str, Message]:
    """What to write so that an address leads on, for each of `lost` whose text is known.

    `added` are the addresses that only the new site has. `live_page` and `new_page` give the HTML
    at an address; the first may raise OSError, which ends the search.
    """
    texts = {library.site_path(text): text for text in library.by_source.values()}
    found = {
        address: Message(
            "its text is a draft now: say where its readers go, as in ./inv hide {file} --to=/, "
            "or call with --gone={lost}",
            file=shlex.quote(texts[address].shown_path),
            lost=shlex.quote(address),
        )
        for address in lost
        if address in texts and texts[address].status == "draft"
    }
    moved = _moved([each for each in lost if each not in found], texts, added, live_page, new_page)
    for address, text in moved.items():
        own = [other for other in moved if moved[other] is text]
        kept = [alias for alias in text.header["aliases"] or () if alias not in own]
        found[address] = Message(
            "write aliases: [{addresses}] in the header of {file}, where the text is now, "
            "or call with --gone={lost}",
            addresses=", ".join([*kept, *own]),
            file=text.shown_path,
            lost=shlex.quote(address),
        )
    return found


def _moved(
    lost: list[str],
    texts: dict[str, Document],
    added: Iterable[str],
    live_page: Callable[[str], str],
    new_page: Callable[[str], str],
) -> dict[str, Document]:
    """The text of each lost address whose words stand at a new one."""
    new = {address: _read(new_page(address)) for address in added if address in texts}
    found = {}
    for address in lost[:MAX_ADDRESSES] if new else ():
        try:
            page = _read(live_page(address))
        except (OSError, HTTPException):
            break
        alike = {each: _similarity(page, other) for each, other in new.items()}
        best = max(alike, key=alike.get)
        if alike[best] >= MIN_SIMILARITY:
            found[address] = texts[best]
    return found


@dataclass(frozen=True)
class _Page:
    """The title of a page that shows a text, its date, "" for none, and its words."""

    title: str
    date: str
    words: list[str]


def _read(page: str) -> _Page:
    """What is known of a page by its HTML; nothing of one that shows no text."""
    soup = BeautifulSoup(page, "html.parser")
    title, body = soup.select_one("main h1"), soup.select_one("main .prose")
    if not title or not body:
        return _Page("", "", [])
    time = soup.select_one("main time[datetime]")
    date = str(time["datetime"]) if time else ""
    return _Page(title.get_text(), date, body.get_text(" ").split())


def _similarity(one: _Page, other: _Page) -> float:
    """Which share of their words two pages have in common; 1 for one title on one date."""
    if not one.title or not other.title:
        return 0
    if (one.title, one.date) == (other.title, other.date):
        return 1
    matcher = difflib.SequenceMatcher(None, one.words, other.words, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= MIN_SIMILARITY else 0
