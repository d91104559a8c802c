"""Spaces, apostrophes and ellipses as French and English print them; the source stays as typed.

French rules: Imprimerie nationale, « Lexique des règles typographiques ». A narrow no-break space
(U+202F) stands before ; ! ? and between the digits of a number; a no-break space (U+00A0) before
the colon, inside guillemets, and between a number and its unit.
"""

import re

NARROW = "\u202f"
NO_BREAK = "\u00a0"
_SPACE = f"[ \t{NO_BREAK}{NARROW}]"
_UNITS = "%|€|[kMG]€|km|kg|m²|ha|h|millions?|milliards?"
_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"

_COMMON = (
    (re.compile(r"\.\.\.+"), "…"),
    # At the start of a passage too: an apostrophe after words that bear a mark of their own.
    (re.compile(r"(?<=[\w»])'|^'(?=\w)"), "’"),
)
_FRENCH = (
    (re.compile(r"(?<=[\s(«])'(?=\w)"), "’"),
    (re.compile(rf"«{_SPACE}*"), f"«{NO_BREAK}"),
    (re.compile(rf"{_SPACE}*»"), f"{NO_BREAK}»"),
    # Without a space typed, only before a space or an end: "12:30" and "?!" keep their shape.
    (re.compile(rf"{_SPACE}+([;!?])"), rf"{NARROW}\1"),
    (re.compile(r"(?<=[\w»)…])([;!?])(?=[\s!?»)]|$)"), rf"{NARROW}\1"),
    (re.compile(rf"{_SPACE}+:(?!\w)"), f"{NO_BREAK}:"),
    (re.compile(r"(?<=[\w»)]):(?=\s|$)"), f"{NO_BREAK}:"),
    (re.compile(rf"\bn[°º]{_SPACE}*(?=\d)"), f"n°{NO_BREAK}"),
    (
        re.compile(rf"(?<![\d{NO_BREAK}{NARROW}-])\d{{1,3}}(?:{_SPACE}\d{{3}})+(?![\d-])"),
        lambda number: re.sub(_SPACE, NARROW, number[0]),
    ),
    (re.compile(rf"(?<=\d){_SPACE}(?=(?:{_UNITS})(?!\w))"), NO_BREAK),
    (re.compile(rf"(?<=\d)(er)?{_SPACE}(?=(?:{_MONTHS})\b)"), rf"\1{NO_BREAK}"),
    (re.compile(rf"\b(M\.|MM\.|Mme|Mmes|Mlle){_SPACE}(?=[A-ZÀ-Ý])"), rf"\1{NO_BREAK}"),
    (re.compile(rf"{_SPACE}&{_SPACE}"), f"{NO_BREAK}& "),
)
_ENGLISH = (
    (re.compile(rf"\bno\.{_SPACE}(?=\d)"), f"no.{NO_BREAK}"),
    (re.compile(rf"(?<=\d){_SPACE}(?=(?:million|billion)\b)"), NO_BREAK),
    (re.compile(rf"{_SPACE}&{_SPACE}"), f"{NO_BREAK}& "),
)
_RULES = {"fr": _COMMON + _FRENCH, "en": _COMMON + _ENGLISH}


def typeset(text: str, lang: str) -> str:
    """The same text with the spaces and signs that `lang` ("fr", "en", else unchanged) prints.

    Idempotent; letters and digits are never added nor removed.
    """
    for pattern, replacement in _RULES.get(lang.split("-")[0], ()):
        text = pattern.sub(replacement, text)
    return text
