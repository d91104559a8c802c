"""Which text stood at an address that a publication would lose, and what keeps its readers.

A text that was renamed by hand is known by its words: the live page is compared with each page
that the new site adds. One that was made a draft by hand is known by its address.
"""

import difflib
from collections.abc import Callable, Iterable
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
            "its text is a draft now: say where its readers go with ./inv hide {file}, "
            "or call with --gone={lost}",
            file=texts[address].shown_path,
            lost=address,
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
            lost=address,
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
    new = {address: _words(new_page(address)) for address in added if address in texts}
    found = {}
    for address in lost[:MAX_ADDRESSES] if new else ():
        try:
            words = _words(live_page(address))
        except (OSError, HTTPException):
            break
        alike = {each: _similarity(words, others) for each, others in new.items()}
        best = max(alike, key=alike.get)
        if alike[best] >= MIN_SIMILARITY:
            found[address] = texts[best]
    return found


def _words(page: str) -> list[str]:
    """The words of a text's title and body; none for a page that shows no text."""
    soup = BeautifulSoup(page, "html.parser")
    parts = soup.select("main h1, main .prose")
    return " ".join(part.get_text(" ") for part in parts).split() if soup.select(".prose") else []


def _similarity(words: list[str], others: list[str]) -> float:
    matcher = difflib.SequenceMatcher(None, words, others, autojunk=False)
    is_near = words and others and matcher.quick_ratio() >= MIN_SIMILARITY
    return matcher.ratio() if is_near else 0
