"""Marks the texts that only a preview shows: drafts, and those that wait for their day.

The mark stands in the title, so that every list, menu and heading that names the text says it, in
the page's language, to the eye and to the ear alike.
"""

from engine.languages import ENGLISH, FRENCH
from engine.texts.documents import Document, Library
from engine.texts.partial_dates import PartialDate
from engine.typography.typography import typeset

_DRAFT = {FRENCH: "brouillon", ENGLISH: "draft"}
_WAITS = {FRENCH: "en attente jusqu'au {}", ENGLISH: "waits until {}"}


def mark_hidden(revealed: Library) -> None:
    """Mark each hidden text of a library that `engine.texts.library.with_hidden_texts` gave."""
    for hidden in (*revealed.drafts, *revealed.scheduled):
        document = revealed.by_source[hidden.source]
        document.header["title"] = f"{document.header['title']} [{mark(document, document.lang)}]"


def mark(document: Document, lang: str) -> str:
    """What a hidden text is: "brouillon", or "en attente jusqu’au 12 mai 2027"."""
    if document.status == "draft":
        return _DRAFT[lang]
    day = document.header["date"].first_day
    text = PartialDate(day.year, day.month, day.day).text(lang)
    return typeset(_WAITS[lang].format(text), lang)
