"""Signs and spaces as French and English print them; the source stays as typed.

A writer types on a plain keyboard; `typeset` puts the quotes, apostrophes, dashes, ellipses and
no-break spaces that the language asks for. What a rule cannot decide stays as typed, letters and
digits always: nothing here spells, numbers or abbreviates. The rules are in `typography_rules`.
"""

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate, pairwise

from engine.typography.typography_rules import OBJECT, RULES, Edit

# Addresses, paths and the names of emoji (":smile:") hold characters that are no punctuation.
_NOT_WORDS = re.compile(
    r"""[a-z][a-z0-9+.-]*://[^\s<>«»“”]+(?<![.,;:!?…)'"])
    |\bwww\.[^\s<>«»“”]+(?<![.,;:!?…)'"])
    |[\w.+-]+@[\w-]+(?:\.[\w-]+)+
    |\b[a-z]:\\\S*
    |(?<![\w:]):[a-z0-9_+-]+:(?![\w:])
    """
    + f"|{OBJECT}",
    re.VERBOSE | re.IGNORECASE,
)
_MARKS_OF_ADDRESSES = ("://", "www.", "@", ":\\")
_EMOJI_NAME = re.compile(r":[a-zA-Z0-9_+-]+:")


def without_addresses(text: str) -> str:
    """The same text with a space in the place of each address and path."""
    return _NOT_WORDS.sub(" ", text) if OBJECT in text or _may_hold_no_words(text) else text


def _may_hold_no_words(text: str) -> bool:
    """Whether a text may hold an address, a path or the name of an emoji: a quick look."""
    return any(mark in text for mark in _MARKS_OF_ADDRESSES) or (
        ":" in text and bool(_EMOJI_NAME.search(text))
    )


def typeset(text: str, lang: str) -> str:
    """The text with the spaces and punctuation that `lang` ("fr", "en", else unchanged) prints.

    Idempotent; letters and digits are never added nor removed, nor is a line broken.
    """
    return typeset_together([text], lang)[0]


def typeset_together(pieces: list[str], lang: str) -> list[str]:
    """As many pieces, set as the one text that they make: `*mot* !` is a word and its punctuation.

    A piece OBJECT stands for what is no word, such as code or an image, and stays. U+2028 is a
    line's end, U+2029 a paragraph's.
    """
    text = "".join(pieces)
    hidden: dict[int, list[str]] = {}
    if _may_hold_no_words(text):
        pieces = list(pieces)
        for number, piece in enumerate(pieces):
            if found := _NOT_WORDS.findall(piece):
                hidden[number] = found
                pieces[number] = _NOT_WORDS.sub(OBJECT, piece)
        text = "".join(pieces)
    ends = list(accumulate(map(len, pieces)))
    for rule in RULES.get(lang[:2], ()):
        if edits := rule(text):
            text, ends = _edited(text, edits), _moved(ends, edits)
    pieces = [text[start:end] for start, end in pairwise([0, *ends])]
    for number, found in hidden.items():
        words = pieces[number].split(OBJECT)
        pieces[number] = words[0] + "".join(map("".join, zip(found, words[1:], strict=True)))
    return pieces


def _edited(text: str, edits: list[Edit]) -> str:
    parts, done = [], 0
    for start, end, printed in edits:
        parts += (text[done:start], printed)
        done = end
    parts.append(text[done:])
    return "".join(parts)


def _moved(ends: list[int], edits: list[Edit]) -> list[int]:
    """Where the ends of pieces stand after the edits; what is put in at an end comes after it."""
    moved: list[int] = []
    grown = 0
    for start, end, printed in edits:
        if len(printed) == end - start:
            continue
        before = bisect_right(ends, start, len(moved))
        moved += [place + grown for place in ends[len(moved) : before]]
        inside = bisect_left(ends, end, before)
        moved += [min(place, start + len(printed)) + grown for place in ends[before:inside]]
        grown += len(printed) - (end - start)
    return moved + [place + grown for place in ends[len(moved) :]] if moved or grown else ends
