"""Check one text: a rule is a function that yields (line, problem, remedy).

To add a rule, write it and name it in TEXT_CHECKS and in `engine.checking.rules`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from engine.checking.texts.other_syntax import BROKEN_LINK, markdown_in_html
from engine.checking.texts.other_syntax import other_syntax as syntax_of
from engine.checking.texts.parsed_text import ParsedText
from engine.checking.texts.vague_words import is_vague_alternative, is_vague_link
from engine.faults import Message
from engine.markdown import videos
from engine.texts.library import DESCRIPTION_LENGTH

Complaint = tuple[int, Message, Message]
_ADDRESS = re.compile(r"(?:https?://|\bwww\.)[^\s<>«»“”]+(?<![.,;:!?…)'\"])", re.IGNORECASE)

_NAMED_ADDRESS = re.compile(r"\[[^\]]+\]:")


def summary_missing(text: ParsedText) -> Iterator[Complaint]:
    """Find a missing summary: the description is then the text's first words."""
    document = text.document
    if (
        not document.header["summary"]
        and "title" in document.lines
        and "summary" not in document.unread
        and not document.is_announced
    ):
        yield (
            text.document.lines["title"],
            Message("the header has no summary"),
            Message(
                'add a line such as summary: "…", of {limit} characters at most',
                limit=DESCRIPTION_LENGTH,
            ),
        )


def summary_long(text: ParsedText) -> Iterator[Complaint]:
    """Find a summary longer than search engines and sharing sites show."""
    length = len(text.document.header["summary"] or "")
    if length > DESCRIPTION_LENGTH:
        problem = Message(
            "the summary has {length} characters, and {limit} are shown elsewhere",
            length=length,
            limit=DESCRIPTION_LENGTH,
        )
        yield text.document.lines["summary"], problem, Message("say it shorter")


def heading_skipped(text: ParsedText) -> Iterator[Complaint]:
    """Find a heading that skips a level downwards; the page's title has level 1."""
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


def alt_says_nothing(text: ParsedText) -> Iterator[Complaint]:
    """Find an alternative that does not describe the image."""
    for image in text.images:
        if image.is_decorative or not image.words:
            continue
        if is_vague_alternative(image.words, image.address):
            problem = Message(
                "the alternative “{words}” says nothing of the image", words=image.words
            )
            remedy = Message(
                "say what one sees, or write {{.decorative}} after it where the image says nothing"
            )
            if image.is_html:
                remedy = Message('say what one sees, or write alt="" where the image says nothing')
            yield image.line, problem, remedy


def link_says_nothing(text: ParsedText) -> Iterator[Complaint]:
    """Find a link whose words do not describe its target."""
    for link in text.links:
        if not link.words.strip() or is_vague_link(link.words):
            problem = Message(
                "the link “{words}” does not say where it leads", words=link.words.strip()
            )
            remedy = Message("put the link on the words that name what one will find there")
            yield link.line, problem, remedy


def bare_address(text: ParsedText) -> Iterator[Complaint]:
    """Find an address as the words of a link: screen readers spell it out."""
    remedy = Message(
        "write the words that say what it is, with the address behind: [words](address)"
    )
    found = [(link.line, link.address) for link in text.links if link.is_bare]
    found += [
        (prose.line, address)
        for prose in text.prose
        if not prose.in_header and not videos.bare_address(prose.text)
        # Other rules report these.
        if not BROKEN_LINK.search(prose.text) and not _NAMED_ADDRESS.match(prose.text)
        for address in _ADDRESS.findall(prose.text)
    ]
    for line, address in found:
        if not address.startswith("mailto:"):
            yield line, Message("the address {address} stands bare", address=address), remedy


def other_syntax(text: ParsedText) -> Iterator[Complaint]:
    """Find syntax of other programs, which this site prints as text."""
    for prose in text.prose:
        if not prose.in_header:
            for problem, remedy in syntax_of(prose.text):
                yield prose.line, problem, remedy
    for line, html in text.html_blocks:
        for offset, problem, remedy in markdown_in_html(html):
            yield line + offset, problem, remedy


def english_unmarked(text: ParsedText) -> Iterator[Complaint]:
    """Find an unmarked English word in a French text: screen readers pronounce it as French."""
    reported = set()
    for prose in text.prose:
        if prose.in_header:
            continue
        for word in prose.english:
            if word not in reported and word.casefold() not in text.own_words:
                reported.add(word)
                remedy = Message("write [{word}]{{lang=en}}, or say it in French", word=word)
                yield prose.line, Message("“{word}” is English", word=word), remedy


def date_ahead(text: ParsedText) -> Iterator[Complaint]:
    """Find a date in the future: the text is published on that day."""
    if text.is_ahead(date := text.document.header.get("date")):
        problem = Message("the text appears on {day}, not before", day=date.first_day.isoformat())
        remedy = Message("change the date if it should show today")
        yield text.document.lines.get("date", 1), problem, remedy


def modified_ahead(text: ParsedText) -> Iterator[Complaint]:
    """Find a date of change in the future."""
    if (
        text.is_ahead(date := text.document.header["modified"])
        and "modified" in text.document.lines
    ):
        problem = Message("{date} is still to come", date=date.iso)
        yield text.document.lines["modified"], problem, Message("write the day of the last change")


def link_without_address(text: ParsedText) -> Iterator[Complaint]:
    """Find an entry of `links` without an address."""
    for name, address in (text.document.header["links"] or {}).items():
        # None is an invalid address: already a fault.
        if address == "":
            problem = Message("“{name}” has no address yet", name=name)
            remedy = Message("write it once known: {name}: https://…", name=name)
            yield text.document.lines.get("links", 1), problem, remedy


TEXT_CHECKS: dict[str, Callable[[ParsedText], Iterable[Complaint]]] = {
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
