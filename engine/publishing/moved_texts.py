"""Find the text of a lost address, and the remedy that keeps the address valid.

A text that was renamed by hand is recognised by its title and date, or by its words: the live page
is compared with each new page. A text that was made a draft by hand is recognised by its address.
"""

import difflib
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.client import HTTPException

from bs4 import BeautifulSoup

from engine.faults import Message
from engine.texts.documents import Document, Library

# Two pages with this share of common words are the same text.
MIN_SIMILARITY = 0.8
# Lost addresses that are compared: more mean a change of the whole site.
MAX_ADDRESSES = 20


def remedies(
    lost: Iterable[str],
    added: Iterable[str],
    library: Library,
    live_page: Callable[[str], str],
    new_page: Callable[[str], str],
) -> dict[str, Message]:
    """Return a remedy for each lost address whose text is found.

    `added` are the addresses that only the new site has. `live_page` and `new_page` return the HTML
    at an address; `live_page` may raise OSError, which ends the search.
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
    """Map each lost address to the text that has its words at a new address."""
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
    """The title, the date ("" for none) and the words of a text's page."""

    title: str
    date: str
    words: list[str]


def _read(page: str) -> _Page:
    """Parse the HTML of a page; all fields are empty for a page without a text."""
    soup = BeautifulSoup(page, "html.parser")
    title, body = soup.select_one("main h1"), soup.select_one("main .prose")
    if not title or not body:
        return _Page("", "", [])
    time = soup.select_one("main time[datetime]")
    date = str(time["datetime"]) if time else ""
    return _Page(title.get_text(), date, body.get_text(" ").split())


def _similarity(one: _Page, other: _Page) -> float:
    """Return the share of common words, from 0 to 1; 1 for the same title and date."""
    if not one.title or not other.title:
        return 0
    if (one.title, one.date) == (other.title, other.date):
        return 1
    matcher = difflib.SequenceMatcher(None, one.words, other.words, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= MIN_SIMILARITY else 0
