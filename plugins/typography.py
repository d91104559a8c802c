"""Spaces, apostrophes and ellipses as French and English print them; the source stays as typed.

French rules: Imprimerie nationale, « Lexique des règles typographiques ». A narrow no-break space
(U+202F) stands before ; ! ? and between the digits of a number; a no-break space (U+00A0) before
the colon, inside guillemets, and between a number and its unit.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

NARROW = "\u202f"
NO_BREAK = "\u00a0"
_SPACE = f"[ \t{NO_BREAK}{NARROW}]"
_UNITS = "%|€|[kMG]€|km|kg|m²|ha|h|millions?|milliards?"
_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"


@dataclass(frozen=True)
class Rule:
    """Replace a pattern; tried only on a text that holds one of `signs`, which is quick to see."""

    signs: str
    pattern: re.Pattern
    replacement: str | Callable[[re.Match], str]


def _rule(signs: str, pattern: str, replacement) -> Rule:
    return Rule(signs, re.compile(pattern), replacement)


_DIGITS = "0123456789"
_COMMON = (
    _rule(".", r"\.\.\.+", "…"),
    # At the start of a passage too: an apostrophe after words that bear a mark of their own.
    _rule("'", r"(?<=[\w»])'|^'(?=\w)", "’"),
)
_FRENCH = (
    _rule("'", r"(?<=[\s(«])'(?=\w)", "’"),
    _rule("«", rf"«{_SPACE}*", f"«{NO_BREAK}"),
    _rule("»", rf"{_SPACE}*»", f"{NO_BREAK}»"),
    _rule(";!?", rf"{_SPACE}+([;!?])", rf"{NARROW}\1"),
    # Without a space typed, only before a space or an end: "?!" and "a;b" keep their shape.
    _rule(";!?", r"(?<=[\w»)…])([;!?])(?=[\s!?»)]|$)", rf"{NARROW}\1"),
    _rule(":", rf"{_SPACE}+:(?!\w)", f"{NO_BREAK}:"),
    _rule(":", r"(?<=[\w»)]):(?=\s|$)", f"{NO_BREAK}:"),
    _rule("°º", rf"\bn[°º]{_SPACE}*(?=\d)", f"n°{NO_BREAK}"),
    _rule(
        _DIGITS,
        rf"(?<![\d{NO_BREAK}{NARROW}-])\d{{1,3}}(?:{_SPACE}\d{{3}})+(?![\d-])",
        lambda number: re.sub(_SPACE, NARROW, number[0]),
    ),
    _rule(_DIGITS, rf"(?<=\d){_SPACE}(?=(?:{_UNITS})(?!\w))", NO_BREAK),
    _rule(_DIGITS, rf"(?<=\d)(er)?{_SPACE}(?=(?:{_MONTHS})\b)", rf"\1{NO_BREAK}"),
    _rule("M", rf"\b(M\.|MM\.|Mme|Mmes|Mlle){_SPACE}(?=[A-ZÀ-Ý])", rf"\1{NO_BREAK}"),
)
_ENGLISH = (
    _rule(_DIGITS, rf"\bno\.{_SPACE}(?=\d)", f"no.{NO_BREAK}"),
    _rule(_DIGITS, rf"(?<=\d){_SPACE}(?=(?:million|billion)\b)", NO_BREAK),
)
# After the guillemets, which bring spaces of their own.
_AMPERSAND = (_rule("&", rf"{_SPACE}&{_SPACE}", f"{NO_BREAK}& "),)
_RULES = {"fr": _COMMON + _FRENCH + _AMPERSAND, "en": _COMMON + _ENGLISH + _AMPERSAND}


def typeset(text: str, lang: str) -> str:
    """The same text with the spaces and signs that `lang` ("fr", "en", else unchanged) prints.

    Idempotent; letters and digits are never added nor removed.
    """
    for rule in _RULES.get(lang[:2], ()):
        for sign in rule.signs:
            if sign in text:
                text = rule.pattern.sub(rule.replacement, text)
                break
    return text
