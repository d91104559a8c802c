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
from engine.faults import Message
from engine.markdown import videos
from engine.texts.library import DESCRIPTION_LENGTH

Complaint = tuple[int, Message, Message]
_ADDRESS = re.compile(r"(?:https?://|\bwww\.)[^\s<>«»“”]+(?<![.,;:!?…)'\"])", re.IGNORECASE)

_NAMED_ADDRESS = re.compile(r"\[[^\]]+\]:")


def summary_missing(text: Reading) -> Iterator[Complaint]:
    """A text without a summary is shared by its first words, which were not made for that."""
    if not text.document.header["summary"] and "title" in text.document.lines:
        yield (
            text.document.lines["title"],
            Message("the header has no summary"),
            Message(
                'add a line such as summary: "…", of {limit} characters at most',
                limit=DESCRIPTION_LENGTH,
            ),
        )


def summary_long(text: Reading) -> Iterator[Complaint]:
    """A summary that is cut where it is shown."""
    length = len(text.document.header["summary"] or "")
    if length > DESCRIPTION_LENGTH:
        problem = Message(
            "the summary has {length} characters, and {limit} are shown elsewhere",
            length=length,
            limit=DESCRIPTION_LENGTH,
        )
        yield text.document.lines["summary"], problem, Message("say it shorter")


def heading_skipped(text: Reading) -> Iterator[Complaint]:
    """A level of headings skipped on the way down; the page's title is the level 1."""
    levels = [1, *(heading.level for heading in text.headings)]
    for heading, (above, level) in zip(text.headings, pairwise(levels), strict=True):
        if level > above + 1:
            typed = f"{'#' * level} {heading.words}"
            problem = Message("“{heading}” comes right after the title of the page", heading=typed)
            if above > 1:
                problem = Message(
                    "“{heading}” comes right after {marks}", heading=typed, marks="#" * above
                )
            right = f"{'#' * (above + 1)} {heading.words}"
            yield heading.line, problem, Message("write {heading}", heading=right)


def alt_says_nothing(text: Reading) -> Iterator[Complaint]:
    """An alternative that only says that there is an image."""
    for image in text.images:
        if image.is_decorative or not image.words:
            continue
        if says_nothing_of_an_image(image.words, image.address):
            problem = Message(
                "the alternative “{words}” says nothing of the image", words=image.words
            )
            remedy = Message(
                "say what one sees, or write {{.decorative}} after it where the image says nothing"
            )
            if image.is_html:
                remedy = Message('say what one sees, or write alt="" where the image says nothing')
            yield image.line, problem, remedy


def link_says_nothing(text: Reading) -> Iterator[Complaint]:
    """A link whose words do not say where it leads."""
    for link in text.links:
        if not link.words.strip() or says_nothing_of_a_link(link.words):
            problem = Message(
                "the link “{words}” does not say where it leads", words=link.words.strip()
            )
            remedy = Message("put the link on the words that name what one will find there")
            yield link.line, problem, remedy


def bare_address(text: Reading) -> Iterator[Complaint]:
    """An address among the words: it is spelled out by screen readers, and tells nobody much."""
    remedy = Message(
        "write the words that say what it is, with the address behind: [words](address)"
    )
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
            yield line, Message("the address {address} stands bare", address=address), remedy


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
                remedy = Message("write [{word}]{{lang=en}}, or say it in French", word=word)
                yield prose.line, Message("“{word}” is English", word=word), remedy


def date_ahead(text: Reading) -> Iterator[Complaint]:
    """A news item that waits for its day."""
    if text.is_ahead(date := text.document.header.get("date")):
        problem = Message("the text appears on {day}, not before", day=date.first_day.isoformat())
        remedy = Message("change the date if it should show today")
        yield text.document.lines.get("date", 1), problem, remedy


def modified_ahead(text: Reading) -> Iterator[Complaint]:
    """A change that is still to come."""
    if (
        text.is_ahead(date := text.document.header["modified"])
        and "modified" in text.document.lines
    ):
        problem = Message("{date} is still to come", date=date.iso)
        yield text.document.lines["modified"], problem, Message("write the day of the last change")


def link_without_address(text: Reading) -> Iterator[Complaint]:
    """A named link whose address is still to be given."""
    for name, address in (text.document.header["links"] or {}).items():
        # None is an address that was given and means nothing, which is a fault already.
        if address == "":
            problem = Message("“{name}” has no address yet", name=name)
            remedy = Message("write it once known: {name}: https://…", name=name)
            yield text.document.lines.get("links", 1), problem, remedy


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
