"""The rules of French and English typography that a machine can follow without guessing.

French: Imprimerie nationale, « Lexique des règles typographiques » (2002), but for the space inside
guillemets, which is narrow here and a word space there. English: New Hart's Rules and the Chicago
Manual of Style. The cases of tests/typography/typography_cases.py name the rule of each.

A pattern is tried only where one of its characters stands, looks behind it for what must stand
before, and ahead for what must follow.
"""

import re
from collections.abc import Callable, Iterable

from engine.languages import ENGLISH, FRENCH

NARROW = "\u202f"
NO_BREAK = "\u00a0"
# Unicode's OBJECT REPLACEMENT CHARACTER: something inside a text that is no word of it.
OBJECT = "\ufffc"
# The spaces that text programs and other pages bring, thin or wide; none of them keeps a line.
_TYPESETTERS_SPACES = "\u2000-\u200a\u205f\u3000"
_SPACES = f" \t\n{NO_BREAK}{NARROW}" + "".join(map(chr, [*range(0x2000, 0x200B), 0x205F, 0x3000]))

# (start, end, what is printed in place of the characters between)
Edit = tuple[int, int, str]
# What a text prints otherwise than it is typed, from its start to its end.
Rule = Callable[[str], list[Edit]]


def _at_signs(
    signs: Iterable[str], pattern: str, edits_of: Callable[[str, re.Match], Iterable[Edit]]
) -> Rule:
    """Try a pattern where a sign stands; a search for plain signs is the quickest that there is."""
    match_at = re.compile(pattern, re.DOTALL).match
    signs = tuple(signs)

    def find(text: str) -> list[Edit]:
        edits: list[Edit] = []
        for sign in signs:
            place = text.find(sign)
            while place >= 0:
                after = place + 1
                if match := match_at(text, place):
                    edits += edits_of(text, match)
                    after = max(after, match.end())
                place = text.find(sign, after)
        edits.sort()
        return edits

    return find


def _print(signs: Iterable[str], pattern: str, *printed: str) -> Rule:
    """Print each group of a pattern as given; without groups the whole."""
    if len(printed) == 1 and not re.compile(pattern, re.DOTALL).groups:
        return _at_signs(signs, pattern, lambda _text, match: [(*match.span(), *printed)])

    def groups(_text: str, match: re.Match) -> list[Edit]:
        spans = zip(match.regs[1:], printed, strict=True)
        return [(start, end, new) for (start, end), new in spans if start >= 0]

    return _at_signs(signs, pattern, groups)


def _space_before(signs: Iterable[str], pattern: str, space: str) -> Rule:
    """Print `space` before what the pattern finds, in place of the spaces typed there, if any."""

    def before(text: str, match: re.Match) -> list[Edit]:
        start = end = match.start()
        while start and text[start - 1] in _SPACES:
            start -= 1
        return [(start, end, space)]

    return _at_signs(signs, pattern, before)


# Quotation marks

_QUOTE = re.compile('["«»]')
_OPENING = re.compile(rf"(?<![^\s(\[{{«“‘’'/–—-])\"(?=[\w(\[«“‘'…$€#@{OBJECT}])")
_CLOSING = re.compile(r"(?<=[^\s(\[{«“‘])\"(?=[\s)\]}»”’'.,;:!?…/–—-]|$)")


def _straight_quotes(*levels: tuple[str, str]) -> Rule:
    """Pair the straight quotes of each paragraph, or leave them where one could be either."""

    def find(text: str) -> list[Edit]:
        edits: list[Edit] = []
        start = 0
        for paragraph in text.split("\u2029") if '"' in text else ():
            edits += [(start + at, start + at + 1, new) for at, new in _paired(paragraph, levels)]
            start += len(paragraph) + 1
        return edits

    return find


def _paired(text: str, levels: tuple[tuple[str, str], ...]) -> list[tuple[int, str]]:
    """Each straight quote's place and what it becomes, if all are pairs; guillemets count too."""
    found: list[tuple[int, str]] = []
    open_signs: list[str] = []
    for match in _QUOTE.finditer(text):
        place, sign = match.start(), match[0]
        if sign == "«":
            open_signs.append(sign)
        elif sign == "»":
            if open_signs[-1:] == ["«"]:
                open_signs.pop()
        else:
            opens, closes = _OPENING.match(text, place), _CLOSING.match(text, place)
            if bool(opens) == bool(closes) or (closes and open_signs[-1:] != ['"']):
                return []
            level = len(open_signs) - bool(closes)
            if level >= len(levels):
                return []
            found.append((place, levels[level][bool(closes)]))
            open_signs[level:] = ['"'] if opens else []
    return [] if '"' in open_signs else found


# Both languages

_DIGITS = "0123456789"
_S = f"[{_SPACES}]"
_IN_LINE = f"[ {NO_BREAK}{NARROW}{_TYPESETTERS_SPACES}]"
_CAPITAL = "[A-ZÀ-ÖØ-Þ]"
_UNITS = (
    "%|‰|[kMG]?€|[kMG]?[$£]|Md€|[kcm]?m[²³]?|ha|[km]?g|[cm]?[lL]|h|min|s|°[CF]?"
    "|k?W|[kMG]Wh|[kMGT]o|[kMG]?Hz"
)

_ELLIPSIS = _print(("...",), r"\.\.\.(?<![./\\]\.\.\.)(?![./\\])", "…")
_ROCK_N_ROLL = _print(("'n'",), r"'n'(?<=\s'n')(?=\s)", "’n’")
_AMPERSAND = _space_before("&", rf"&(?<={_S}&)(?={_S})", NO_BREAK)
# A dash beside another, or before a sign of punctuation, is part of something else.
_NEAR_DASH = r"[^\s;:!?»–—-]"
_DASHES = (
    _print("-", rf"(?<={_NEAR_DASH}{_S})---(?={_S}{_NEAR_DASH})", "—"),
    # Between two numbers one hyphen may be a minus.
    _print(
        "-",
        rf"(?<={_NEAR_DASH}{_S})(?:--|(?<![0-9].)-|-(?!.[0-9]))(?={_S}{_NEAR_DASH})",
        "–",
    ),
)
# Of a king, a volume, a chapter; alone, I is a word of English.
_NUMBERED = _space_before(
    "IVX", rf"(?<=[^\W\d]{{3}}{_S})(?:[IVX]{{2,}}|[VX]|I(?:er|re))\b", NO_BREAK
)


def _after_point(*, before_number: str, before_name: str) -> Rule:
    """No break after the point of these abbreviations, of initials, and of "av. J.-C."."""

    def one_of(words: str) -> str:
        return "|".join(rf"(?<=\b{word}\.{_S})" for word in words.split())

    return _print(
        (".",),
        rf"\.({_S})(?:(?=[0-9]|[IVX]+\b)(?:{one_of(before_number)})"
        rf"|(?={_CAPITAL})(?:{one_of(before_name)}|(?<=\b[A-Z]\.{_S}[A-Z]..)|(?<=\b[A-Z]\.-[A-Z]..))"
        rf"|(?=[A-Z]\.)(?<=\b[A-Z]..)|(?=J\.-C\.)(?:{one_of('av apr')}))",
        NO_BREAK,
    )


def _after_number(counted: str, *, unspaced: str = "(?!)") -> Rule:
    """No break between a number in figures, "1er" and "20e" too, and what it counts."""
    pattern = rf"[0-9](?:er|re|e|ème)?({_S}(?=(?:{counted})(?![\w’']))|(?={unspaced}))"
    return _print(_DIGITS, pattern, NO_BREAK)


# French

_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_ORDERED = "siècles?|République|Empire|arrondissement"
_WORD_END = rf"[\w»”)\]…%€°’{OBJECT}]"
_GROUPED = (
    # Telephone numbers; then groups of three digits, but no year nor code nor part of one.
    rf"(?<![\w{NO_BREAK}{NARROW}-])(?<![0-9] )(?:"
    rf"(?:0|\+[0-9]{{2}}{_IN_LINE})[0-9](?:{_IN_LINE}[0-9]{{2}}){{4}}(?!\w)"
    rf"|[0-9]{{1,3}}(?:{_IN_LINE}[0-9]{{3}})+(?![\w-]|{_IN_LINE}[0-9]))"
)


def _narrow_spaces(_text: str, number: re.Match) -> list[Edit]:
    return [(*number.span(), re.sub(_IN_LINE, NARROW, number[0]))]


# The second of two hours: "9h-12h", "9h30-12h30", "9-12h".
_AFTER_HOUR = (
    rf"(?<=h-.)|(?<=h[0-5][0-9]-.)|(?<=h{_S}[0-5][0-9]-.)|(?<=\b[0-9]-.)|(?<=\b[0-9][0-9]-.)"
)
_FRENCH = (
    _print(".…", r"(?<=\betc)(\.{3,4}|\.?…)(?![.…])", "."),
    _ELLIPSIS,
    _print("'", rf"'(?:(?<=[^\W\d]')(?=[\w«“\"{OBJECT}])|(?<={OBJECT}')(?=[^\W\d]))", "’"),
    _straight_quotes(("«", "»"), ("“", "”")),
    _print("«", rf"«{_S}*(?=\S)", f"«{NARROW}"),
    _space_before("»", r"»(?<=[^\u2028\u2029]»)", NARROW),
    _ROCK_N_ROLL,
    _AMPERSAND,
    *_DASHES,
    # Inside an aside between two dashes, and after the dash of a dialogue.
    _print(
        "–—",
        rf"[–—](?<={_S}.)({_S})(?=[^\s–—])[^–—.!?;:\u2028\u2029]*[^\s–—.!?;:]({_S})[–—]"
        rf"(?=[\s,.;:!?…)]|$)",
        NO_BREAK,
        NO_BREAK,
    ),
    _print("–—", rf"(?<![^\u2028\u2029])[–—]({_S})", NO_BREAK),
    # A sign that a word follows at once is no end of a phrase, and ";)" is a face.
    _space_before(
        ";!?",
        rf"[;!?](?:(?<={_S}.)|(?<={_WORD_END}.))"
        rf"(?:(?=[\s»”{OBJECT}]|$)|(?<!;)(?=[!?,…)\]]))",
        NARROW,
    ),
    _space_before(":", rf":(?:(?<={_S}.)(?=[\s«“]|$)|(?<={_WORD_END}.)(?=\s|$))", NO_BREAK),
    _print("°º", rf"(?<=\b[nN])[°º]{_S}*(?=[0-9])", f"°{NO_BREAK}"),
    _print("§", rf"§{_S}*(?=[0-9])", f"§{NO_BREAK}"),
    _print(
        _DIGITS,
        rf"[0-9](?:(?<![\w.,:/-].)|{_AFTER_HOUR})[0-9]{{0,2}}({_S}?)h(?:({_S}?)[0-5][0-9])?"
        rf"(?![\w/’']|{_S}?h)",
        NO_BREAK,
        NO_BREAK,
    ),
    _at_signs(_DIGITS + "+", _GROUPED, _narrow_spaces),
    _after_number(
        rf"{_UNITS}|millions?|milliards?|euros?|{_MONTHS}|{_ORDERED}",
        unspaced=r"[%‰€](?!\w)|°[CF]\b",
    ),
    _after_point(before_number="p t pp ch al art vol fig chap", before_name="M MM"),
    _print(
        "MDP",
        rf"[MDP](?<!\w.)(?:(?<=M)(?:mes?|lles?|gr|e)|(?<=[DP])r)({_S})(?={_CAPITAL})",
        NO_BREAK,
    ),
    _print("IVX", rf"(?<!\w)[IVX]+(?:er|re|e|ème)({_S})(?=(?:{_ORDERED})\b)", NO_BREAK),
    _NUMBERED,
)

# English

_ENGLISH_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
)
_ELIDED = r"(?:tis|twas|em|til|cause|round|[0-9]0s?)\b"
_ENGLISH = (
    _ELLIPSIS,
    _ROCK_N_ROLL,
    _print("'", rf"'(?<![^\s(“\"]')(?={_ELIDED})", "’"),
    _print(
        "'",
        r"(')(?<![^\s(\[“\"‘—–/]')\w(?:(?:[^'’\u2028\u2029]|['’](?=\w))*[^\s'’])?(')(?!\w)",
        "‘",
        "’",
    ),
    _print(
        "'",
        rf"'(?:(?<=[^\W\d]')|(?<=[0-9{OBJECT}]')(?=[^\W\d])|(?<![^\s(“\"‘]')(?=[^\W\d]))",
        "’",
    ),
    _straight_quotes(("“", "”"), ("‘", "’")),
    _AMPERSAND,
    *_DASHES,
    _print(("--",), r"--(?<=[^\W\d]--)(?=[^\W\d])", "—"),
    _space_before(";:!?", rf"[;:!?](?<={_S}.)(?=[\s!?”’»{OBJECT}]|$)", ""),
    _after_number(rf"{_UNITS}|million|billion|euros?|{_ENGLISH_MONTHS}"),
    _after_point(
        before_number="p pp [Nn]o [Vv]ol art [Ff]ig chap", before_name="Mr Ms Dr St Mrs Prof"
    ),
    _print(
        "MDS",
        rf"[MDS](?<!\w.)(?:(?<=M)(?:rs?|s)|(?<=D)r|(?<=S)t)({_S})(?={_CAPITAL})",
        NO_BREAK,
    ),
    _NUMBERED,
)
RULES = {FRENCH: _FRENCH, ENGLISH: _ENGLISH}
