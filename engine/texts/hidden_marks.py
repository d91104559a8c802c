"""Mark the texts that only a preview shows: drafts and scheduled texts.

The mark is part of the title, so that every list, menu and heading shows it, and a screen reader
reads it.
"""

from engine.languages import ENGLISH, FRENCH
from engine.texts.documents import Document, Library
from engine.texts.partial_dates import PartialDate
from engine.typography.typography import typeset

_DRAFT = {FRENCH: "brouillon", ENGLISH: "draft"}
_WAITS = {FRENCH: "en attente jusqu'au {}", ENGLISH: "waits until {}"}


def mark_hidden(revealed: Library) -> None:
    """Mark each hidden text of a library made by `engine.texts.library.with_hidden_texts`."""
    for hidden in (*revealed.drafts, *revealed.scheduled):
        document = revealed.by_source[hidden.source]
        document.header["title"] = (
            f"{document.header['title']} [{hidden_mark(document, document.lang)}]"
        )


def hidden_mark(document: Document, lang: str) -> str:
    """Return the mark of a hidden text: "brouillon", or "en attente jusqu’au 12 mai 2027"."""
    if document.status == "draft":
        return _DRAFT[lang]
    day = document.header["date"].first_day
    text = PartialDate(day.year, day.month, day.day).text(lang)
    return typeset(_WAITS[lang].format(text), lang)
