"""What is looked for in one text: a rule is a function that yields (line, problem, remedy).

To add one, write it, name it in TEXT_CHECKS and in `engine.checking.rules`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from engine.checking.texts.other_syntax import BROKEN_LINK, markdown_in_html
from engine.checking.texts.other_syntax import other_syntax as syntax_of
from engine.checking.texts.reading import Reading
from engine.checking.texts.vague_words import says_nothing_of_a_link, says_nothing_of_an_image
from engine.markdown import videos
from engine.texts.library import DESCRIPTION_LENGTH

Complaint = tuple[int, str, str]
_ADDRESS = re.compile(r"(?:https?://|\bwww\.)[^\s<>«»“”]+(?<![.,;:!?…)'\"])", re.IGNORECASE)

_NAMED_ADDRESS = re.compile(r"\[[^\]]+\]:")


def summary_missing(text: Reading) -> Iterator[Complaint]:
    """A text without a summary is shared by its first words, which were not made for that."""
    if not text.document.header["summary"] and "title" in text.document.lines:
        yield (
            text.document.lines["title"],
            "the header has no summary",
            f'add a line such as summary: "…", of {DESCRIPTION_LENGTH} characters at most',
        )


def summary_long(text: Reading) -> Iterator[Complaint]:
    """A summary that is cut where it is shown."""
    length = len(text.document.header["summary"] or "")
    if length > DESCRIPTION_LENGTH:
        problem = (
            f"the summary has {length} characters, and {DESCRIPTION_LENGTH} are shown elsewhere"
        )
        yield text.document.lines["summary"], problem, "say it shorter"


def heading_skipped(text: Reading) -> Iterator[Complaint]:
    """A level of headings skipped on the way down; the page's title is the level 1."""
    levels = [1, *(heading.level for heading in text.headings)]
    for heading, (above, level) in zip(text.headings, pairwise(levels), strict=True):
        if level > above + 1:
            marks, right = "#" * level, "#" * (above + 1)
            before = "#" * above if above > 1 else "the title of the page"
            problem = f"“{marks} {heading.words}” comes right after {before}"
            yield heading.line, problem, f"write {right} {heading.words}"


def alt_says_nothing(text: Reading) -> Iterator[Complaint]:
    """An alternative that only says that there is an image."""
    for image in text.images:
        if image.is_decorative or not image.words:
            continue
        if says_nothing_of_an_image(image.words, image.address):
            none = 'alt=""' if image.is_html else "{.decorative} after it"
            remedy = f"say what one sees, or write {none} where the image says nothing"
            yield image.line, f"the alternative “{image.words}” says nothing of the image", remedy


def link_says_nothing(text: Reading) -> Iterator[Complaint]:
    """A link whose words do not say where it leads."""
    for link in text.links:
        if not link.words.strip() or says_nothing_of_a_link(link.words):
            problem = f"the link “{link.words.strip()}” does not say where it leads"
            yield link.line, problem, "put the link on the words that name what one will find there"


def bare_address(text: Reading) -> Iterator[Complaint]:
    """An address among the words: it is spelled out by screen readers, and tells nobody much."""
    remedy = "write the words that say what it is, with the address behind: [words](address)"
    found = [(link.line, link.address) for link in text.links if link.is_bare]
    found += [
        (prose.line, address)
        for prose in text.prose
        if not prose.in_header and not videos.bare_address(prose.text)
        # Told by other rules.
        if not BROKEN_LINK.search(prose.text) and not _NAMED_ADDRESS.match(prose.text)
        for address in _ADDRESS.findall(prose.text)
    ]
    for line, address in found:
        if not address.startswith("mailto:"):
            yield line, f"the address {address} stands bare", remedy


def other_syntax(text: Reading) -> Iterator[Complaint]:
    """What another program would read, and this site prints as it stands."""
    for prose in text.prose:
        if not prose.in_header:
            for problem, remedy in syntax_of(prose.text):
                yield prose.line, problem, remedy
    for line, html in text.html_blocks:
        for offset, problem, remedy in markdown_in_html(html):
            yield line + offset, problem, remedy


def english_unmarked(text: Reading) -> Iterator[Complaint]:
    """An English word in French words, which a screen reader reads as French."""
    told = set()
    for prose in text.prose:
        if prose.in_header:
            continue
        for word in prose.english:
            if word not in told and word.casefold() not in text.own_words:
                told.add(word)
                remedy = f"write [{word}]{{lang=en}}, or say it in French"
                yield prose.line, f"“{word}” is English", remedy


def date_ahead(text: Reading) -> Iterator[Complaint]:
    """A news item that waits for its day."""
    if text.is_ahead(date := text.document.header.get("date")):
        problem = f"the text appears on {date.first_day.isoformat()}, not before"
        yield text.document.lines.get("date", 1), problem, "change the date if it should show today"


def modified_ahead(text: Reading) -> Iterator[Complaint]:
    """A change that is still to come."""
    if (
        text.is_ahead(date := text.document.header["modified"])
        and "modified" in text.document.lines
    ):
        problem = f"{date.iso} is still to come"
        yield text.document.lines["modified"], problem, "write the day of the last change"


def link_without_address(text: Reading) -> Iterator[Complaint]:
    """A named link whose address is still to be given."""
    for name, address in (text.document.header["links"] or {}).items():
        # None is an address that was given and means nothing, which is a fault already.
        if address == "":
            line = text.document.lines.get("links", 1)
            yield line, f"“{name}” has no address yet", f"write it once known: {name}: https://…"


TEXT_CHECKS: dict[str, Callable[[Reading], Iterable[Complaint]]] = {
    "summary-missing": summary_missing,
    "summary-long": summary_long,
    "heading-skipped": heading_skipped,
    "alt-says-nothing": alt_says_nothing,
    "link-says-nothing": link_says_nothing,
    "bare-address": bare_address,
    "other-syntax": other_syntax,
    "english-unmarked": english_unmarked,
    "date-ahead": date_ahead,
    "modified-ahead": modified_ahead,
    "link-without-address": link_without_address,
}
