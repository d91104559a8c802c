"""Set the punctuation and spaces of French and English; the source is not changed.

`typeset` sets the quotes, apostrophes, dashes, ellipses and no-break spaces of the language.
Ambiguous cases are left as typed. Letters and digits never change. The rules are in
`typography_rules`.
"""

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from itertools import accumulate, pairwise

from engine.typography.typography_rules import OBJECT, RULES, Edit

# Characters of addresses, paths and emoji names (":smile:") are not punctuation.
_ADDRESSES = re.compile(
    r"""[a-z][a-z0-9+.-]*://[^\s<>«»“”]+(?<![.,;:!?…)'"])
    |\bwww\.[^\s<>«»“”]+(?<![.,;:!?…)'"])
    |[\w.+-]+@[\w-]+(?:\.[\w-]+)+
    |\b[a-z]:\\\S*
    |(?<![\w:]):[a-z0-9_+-]+:(?![\w:])
    """
    + f"|{OBJECT}",
    re.VERBOSE | re.IGNORECASE,
)
_ADDRESS_MARKS = ("://", "www.", "@", ":\\")
_EMOJI_NAME = re.compile(r":[a-zA-Z0-9_+-]+:")


def without_addresses(text: str) -> str:
    """Replace each address and path by a space."""
    return _ADDRESSES.sub(" ", text) if OBJECT in text or _may_hold_addresses(text) else text


def _may_hold_addresses(text: str) -> bool:
    """Whether a text may hold an address, a path or the name of an emoji: a fast test."""
    return any(mark in text for mark in _ADDRESS_MARKS) or (
        ":" in text and bool(_EMOJI_NAME.search(text))
    )


# A preview sets the same titles again at each save.
@lru_cache(maxsize=20_000)
def typeset(text: str, lang: str) -> str:
    """Set the spaces and punctuation of a text in `lang` ("fr", "en", else unchanged).

    Idempotent. Letters, digits and line breaks are neither added nor removed.
    """
    return typeset_together([text], lang)[0]


def typeset_together(pieces: list[str], lang: str) -> list[str]:
    """Set pieces as one text, and return as many pieces: `*mot* !` is a word and its punctuation.

    OBJECT is a placeholder for code or an image, and does not change. U+2028 ends a line, U+2029 a
    paragraph.
    """
    text = "".join(pieces)
    hidden: dict[int, list[str]] = {}
    if _may_hold_addresses(text):
        pieces = list(pieces)
        for number, piece in enumerate(pieces):
            if found := _ADDRESSES.findall(piece):
                hidden[number] = found
                pieces[number] = _ADDRESSES.sub(OBJECT, piece)
        text = "".join(pieces)
    ends = list(accumulate(map(len, pieces)))
    for rule in RULES.get(lang[:2], ()):
        if edits := rule(text):
            text, ends = _apply_edits(text, edits), _move_ends(ends, edits)
    pieces = [text[start:end] for start, end in pairwise([0, *ends])]
    for number, found in hidden.items():
        words = pieces[number].split(OBJECT)
        pieces[number] = words[0] + "".join(map("".join, zip(found, words[1:], strict=True)))
    return pieces


def _apply_edits(text: str, edits: list[Edit]) -> str:
    parts, done = [], 0
    for start, end, printed in edits:
        parts += (text[done:start], printed)
        done = end
    parts.append(text[done:])
    return "".join(parts)


def _move_ends(ends: list[int], edits: list[Edit]) -> list[int]:
    """Return the ends of pieces after the edits; an insertion at an end goes after it."""
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
