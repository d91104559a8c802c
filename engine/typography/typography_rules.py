"""Define the rules of French and English typography that are unambiguous.

French: Imprimerie nationale, « Lexique des règles typographiques » (2002), except the space inside
guillemets, which is narrow here and a word space there. English: New Hart's Rules and the Chicago
Manual of Style. Each case of tests/typography/typography_cases.py names its rule.

A pattern is matched only at its own characters; lookbehind and lookahead test the context.
"""

import re
from collections.abc import Callable, Iterable

from engine.languages import ENGLISH, FRENCH

NARROW = "\u202f"
NO_BREAK = "\u00a0"
# Unicode's OBJECT REPLACEMENT CHARACTER: code or an image inside a text.
OBJECT = "\ufffc"
# Spaces pasted from other programs, thin or wide; a line may break at each of them.
_TYPESETTERS_SPACES = "\u2000-\u200a\u205f\u3000"
_SPACES = f" \t\n{NO_BREAK}{NARROW}" + "".join(map(chr, [*range(0x2000, 0x200B), 0x205F, 0x3000]))

# (start, end, the replacement of the characters between)
Edit = tuple[int, int, str]
# Finds the edits of a text, in order.
Rule = Callable[[str], list[Edit]]


def _match_at(
    signs: Iterable[str], pattern: str, edits_of: Callable[[str, re.Match], Iterable[Edit]]
) -> Rule:
    """Match a pattern only at `signs`, because `str.find` is much faster than a search."""
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


def _replace(signs: Iterable[str], pattern: str, *printed: str) -> Rule:
    """Replace each group of a pattern, or the whole match if there is no group."""
    if len(printed) == 1 and not re.compile(pattern, re.DOTALL).groups:
        return _match_at(signs, pattern, lambda _text, match: [(*match.span(), *printed)])

    def groups(_text: str, match: re.Match) -> list[Edit]:
        spans = zip(match.regs[1:], printed, strict=True)
        return [(start, end, new) for (start, end), new in spans if start >= 0]

    return _match_at(signs, pattern, groups)


def _space_before(signs: Iterable[str], pattern: str, space: str) -> Rule:
    """Put `space` before each match, in place of the spaces typed there."""

    def before(text: str, match: re.Match) -> list[Edit]:
        start = end = match.start()
        while start and text[start - 1] in _SPACES:
            start -= 1
        return [(start, end, space)]

    return _match_at(signs, pattern, before)


# Quotation marks

_QUOTE = re.compile('["«»]')
_LOOSE = '" '
_OPEN_QUOTES = (['"'], [_LOOSE])
_BEFORE_QUOTE = rf"(?<![^\s(\[{{«“‘’'/–—{OBJECT}-])"
_AFTER_QUOTE = rf"(?=[\s)\]}}»”’'.,;:!?…/–—{OBJECT}-]|$)"
_OPENING = re.compile(rf"{_BEFORE_QUOTE}\"(?=[\w(\[«“‘'…$€#@{OBJECT}])")
_CLOSING = re.compile(rf"(?<=[^\s(\[{{«“‘])\"{_AFTER_QUOTE}")
# With spaces inside; after a number and a space, a quote means inches.
_LOOSE_OPENING = re.compile(rf"{_BEFORE_QUOTE}(?<![0-9][{_SPACES}])\"[{_SPACES}]+(?=[^\s\"])")
_LOOSE_CLOSING = re.compile(rf"(?<=[^\s\"][{_SPACES}])\"{_AFTER_QUOTE}")


def _straight_quotes(*levels: tuple[str, str]) -> Rule:
    """Replace the straight quotes of each paragraph, unless one is ambiguous."""

    def find(text: str) -> list[Edit]:
        edits: list[Edit] = []
        start = 0
        for paragraph in text.split("\u2029") if '"' in text else ():
            pairs = _paired(paragraph, levels)
            edits += [(start + begin, start + end, new) for begin, end, new in pairs]
            start += len(paragraph) + 1
        return edits

    return find


def _paired(text: str, levels: tuple[tuple[str, str], ...]) -> list[Edit]:
    """Return the replacement of each straight quote and its inner spaces, [] if one has no pair.

    Guillemets count as a level of quotation. Two quotes with spaces inside make a pair.
    """
    found: list[Edit] = []
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
            start, end = place, place + 1
            if not opens and not closes:
                if open_signs[-1:] == [_LOOSE]:
                    closes = _LOOSE_CLOSING.match(text, place)
                    start = len(text[:place].rstrip(_SPACES))
                elif open_signs[-1:] != ['"'] and (opens := _LOOSE_OPENING.match(text, place)):
                    sign, end = _LOOSE, opens.end()
            if bool(opens) == bool(closes) or (closes and open_signs[-1:] not in _OPEN_QUOTES):
                return []
            level = len(open_signs) - bool(closes)
            if level >= len(levels):
                return []
            found.append((start, end, levels[level][bool(closes)]))
            open_signs[level:] = [sign] if opens else []
    return [] if '"' in open_signs or _LOOSE in open_signs else found


# Both languages

_DIGITS = "0123456789"
_S = f"[{_SPACES}]"
_IN_LINE = f"[ {NO_BREAK}{NARROW}{_TYPESETTERS_SPACES}]"
_CAPITAL = f"[{''.join(filter(str.isupper, map(chr, range(0x250))))}]"
# A family name, also with a particle: "d'Argent", "von Arx"; or an office: "le maire".
_NAME = rf"(?:(?:(?:de|du|des|di|la|le|van|von){_S})*(?:[dl]['’])?{_CAPITAL}|l(?:es?|a){_S})"
_UNITS = (
    "%|‰|[kMG]?€|[kMG]?[$£]|Md€|[kdcmµ]?m[²³23]?|ha|[km]?g|t|[cdhm]?[lL]|h|min|s|°[CF]?"
    "|[mkMG]?[VW]|[kMGT]?Wh|mA|dB|[kMGT]o|[kMG]?Hz|[hk]?Pa|k?J|k?cal|EUR|CHF|USD|GBP"
)

_ELLIPSIS = _replace(("...",), r"\.\.\.(?<![./\\]\.\.\.)(?![./\\])", "…")
_ROCK_N_ROLL = _replace(("'n'",), r"'n'(?<=\s'n')(?=\s)", "’n’")
_AMPERSAND = _space_before("&", rf"&(?<={_S}&)(?={_S})", NO_BREAK)
_LINE_START = r"(?<![^\u2028\u2029])"
_TYPED_LINE_START = r"(?<![^\n\u2028\u2029])"
# A dash beside another dash or before punctuation is not a dash between words.
_NEAR_DASH = r"[^\s;:!?»–—-]"
_DASHES = (
    _replace("-", rf"(?:(?<=[^\s–—-]{_S})|{_TYPED_LINE_START})---(?={_S}{_NEAR_DASH})", "—"),
    # Between two numbers one hyphen may be a minus.
    _replace(
        "-",
        rf"(?:(?<={_NEAR_DASH}{_S})(?:(?<![0-9].)-|-(?!.[0-9]))|(?<=[^\s–—-]{_S})--"
        rf"|{_TYPED_LINE_START}--)"
        rf"(?={_S}{_NEAR_DASH})",
        "–",
    ),
)
# Roman numerals after a name, a volume, a chapter; I alone is an English word.
_NUMBERED = _space_before(
    "IVX", rf"(?<=[^\W\d]{{3}}{_S})(?:[IVX]{{2,}}|[VX]|I(?:er|re))\b", NO_BREAK
)


def _after_point(*, before_number: str, before_name: str) -> Rule:
    """Put a no-break space after these abbreviations, initials, and in "av. J.-C.", "p. ex."."""

    def one_of(words: str) -> str:
        return "|".join(rf"(?<=\b{word}\.{_S})" for word in words.split())

    return _replace(
        (".",),
        rf"\.({_S})(?:(?=[0-9]|[IVX]+\b|[ADLR]\.)(?:{one_of(before_number)})"
        rf"|(?={_NAME})(?:{one_of(before_name)}|(?<=\b[A-Z]\.{_S}[A-Z]..)|(?<=\b[A-Z]\.-[A-Z]..))"
        rf"|(?=[A-Z]\.)(?<=\b[A-Z]..)|(?=J\.-C\.)(?:{one_of('av apr ap')})"
        rf"|(?=ex\.){one_of('p')}|(?=cit\.)(?:{one_of('op loc')})"
        rf"|(?<=\bc\.{_S})à({_S})(?=[cds]\.|soupe|café))",
        NO_BREAK,
        NO_BREAK,
    )


def _after_number(counted: str, *, unspaced: str = "(?!)") -> Rule:
    """Put a no-break space between a number in figures, also "1er" or "20th", and its noun."""
    pattern = rf"[0-9](?:er|re|e|ème|st|nd|rd|th)?({_S}(?=(?:{counted})(?![\w’']))|(?={unspaced}))"
    return _replace(_DIGITS, pattern, NO_BREAK)


_TELEPHONE = (
    rf"(?:0|\+[0-9]{{2}}{_IN_LINE}(?:\(0\){_IN_LINE}?)?)[0-9](?:{_IN_LINE}[0-9]{{2}}){{4}}(?!\w)"
)
_NUMBER_START = rf"(?<![\w-])(?<![0-9]{_IN_LINE})"


def _narrow_spaces(_text: str, number: re.Match) -> list[Edit]:
    return [(*number.span(), re.sub(_IN_LINE, NARROW, number[0]))]


# French

_MONTHS = (
    "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    r"|(?:janv|févr?|avr|juill?|sept|oct|nov|déc)\."
)
_ORDERED = r"siècles?|s(?=\.)|millénaires?|République|Empire|arrondissement"
# Abbreviations before a number; a capital is the part of a code of law: "article L. 121-1".
_REFERENCES = (
    "[Pp] [Pp]p [Tt] [Cc]h [Aa]l [Aa]rt [Vv]ol [Ff]ig [Cc]hap [Oo]p [Pp]l [Cc]ol [Ff]asc A D L R"
)
_STOP = r"[.,…](?![\w./\\()])"
_WORD_END = rf"[\w»”)\]…%€°’{OBJECT}]"
# The point of an abbreviation: "Tél. : ".
_SHORTENED = r"[^\W\d]\."
_GROUPS = rf"[0-9]{{1,3}}(?:{_IN_LINE}[0-9]{{3}})"
_GROUPED = (
    # Telephone numbers; groups of three digits, but not a year, a code or a part of one.
    rf"{_NUMBER_START}(?:{_TELEPHONE}"
    rf"|(?:{_GROUPS}*-)?{_GROUPS}+(?:-{_GROUPS}*)?(?![\w-]|{_IN_LINE}[0-9]))"
)


# The second of two times: "9h-12h", "9h30-12h30", "9-12h".
_AFTER_HOUR = (
    rf"(?<=h-.)|(?<=h[0-5][0-9]-.)|(?<=h{_S}[0-5][0-9]-.)|(?<=\b[0-9]-.)|(?<=\b[0-9][0-9]-.)"
)
_FRENCH = (
    _replace(".…", r"(?<=\betc)(\.{3,4}|\.?…)(?![.…])", "."),
    _ELLIPSIS,
    _replace(
        "'",
        rf"'(?:(?<=[^\W\d]')(?=[\w«“\"{OBJECT}])|(?<={OBJECT}')(?=[^\W\d])"
        # An elision before a sign; "f'(x)" is none.
        r"|(?=[(\[…@#-])(?<!'.')(?:(?<=\b[cdjlmnstCDJLMNST]')|(?<=[qQ][uU]'))"
        # Two digits of a year, unless a single quote closes after them.
        rf"|(?=[0-9]{{2}}(?!\w|{_S}h\b))(?<![^\s(«\"–-]')(?<![0-9]{_S}')"
        r"(?!(?:[^'\u2029]|'(?=\w)){0,99}[^\s']'(?!\w)))",
        "’",
    ),
    _straight_quotes(("«", "»"), ("“", "”")),
    _replace("«", rf"«{_S}*(?=\S)", f"«{NARROW}"),
    _space_before("»", r"»(?<=[^\u2028\u2029]»)", NARROW),
    _ROCK_N_ROLL,
    _AMPERSAND,
    *_DASHES,
    # The inner spaces of an aside between two dashes; then the space after the dash of a dialogue.
    _replace(
        "–—",
        rf"[–—](?<={_S}.)({_S})(?=[^\s–—])[^–—.!?;:\u2028\u2029]*[^\s–—.!?;:]({_S})[–—]"
        rf"(?=[\s,.;:!?…)]|$)",
        NO_BREAK,
        NO_BREAK,
    ),
    _replace("–—", rf"{_LINE_START}[–—]({_S})", NO_BREAK),
    # Punctuation directly before a word does not end a phrase, and ";)" is an emoticon.
    _space_before(
        ";!?",
        rf"[;!?](?:(?<={_S}.)|(?<={_WORD_END}.)|(?<={_SHORTENED}.))"
        rf"(?:(?=[\s»”{OBJECT}]|{_STOP}|$)|(?<!;)(?=[!?,…)\]]|[;:'\"’/–—-](?!\w)))",
        NARROW,
    ),
    _space_before(
        ":",
        rf":(?:(?<={_S}.)(?=[\s«“]|{_STOP}|$)"
        rf"|(?:(?<={_WORD_END}.)|(?<={_SHORTENED}.))(?=\s|{_STOP}|$))",
        NO_BREAK,
    ),
    # "n° 5", and the number of a file: "n° Z 18-21.323".
    _replace(
        "°º",
        rf"(?<=\b[nN])([°º]{_S}*)(?:[A-Z](?:({_S})|-)?)?(?=[0-9])",
        f"°{NO_BREAK}",
        NO_BREAK,
    ),
    _replace("°º", rf"[°º](?<=\b[nN].)s({_S})(?=[0-9])", NO_BREAK),
    _replace("§", rf"§{_S}*(?=[0-9])", f"§{NO_BREAK}"),
    _replace(
        _DIGITS,
        rf"[0-9](?:(?<![\w.,:/-].)|{_AFTER_HOUR})[0-9]{{0,2}}({_S}?)h(?:({_S}?)[0-5][0-9])?"
        rf"(?![\w/’']|{_S}?h)",
        NO_BREAK,
        NO_BREAK,
    ),
    _match_at(_DIGITS + "+", _GROUPED, _narrow_spaces),
    _after_number(
        rf"{_UNITS}|millions?|milliards?|euros?|c\.(?={_S}à)|{_MONTHS}|{_ORDERED}",
        unspaced=r"[%‰€](?!\w)|°[CF]\b",
    ),
    _after_point(before_number=_REFERENCES, before_name="M MM Ch Ph Th Chr"),
    _replace(
        "MDP",
        rf"[MDP](?<!\w.)(?:(?<=M)(?:mes?|lles?|gr|e)|(?<=[DP])r)({_S})(?={_NAME})",
        NO_BREAK,
    ),
    _replace("IVX", rf"(?<!\w)[IVX]+(?:er|re|e|ème)({_S})(?=(?:{_ORDERED})\b)", NO_BREAK),
    _NUMBERED,
)

# English

_ENGLISH_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\."
)
_ELIDED = r"(?:[Tt]is|[Tt]was|[Ee]m|[Tt]il|[Cc]ause|[Rr]ound|[0-9]0s?)\b"
_ENGLISH = (
    _ELLIPSIS,
    _ROCK_N_ROLL,
    _replace("'", rf"'(?<![^\s(“\"]')(?={_ELIDED})", "’"),
    _replace(
        "'",
        rf"(')(?<![^\s(\[“\"‘—–/{OBJECT}]')(?!(?<={OBJECT}')(?:s|d|ll)\b)"
        r"\w(?:(?:[^'’\u2028\u2029]|['’](?=\w))*[^\s'’])?(')(?!\w)",
        "‘",
        "’",
    ),
    _replace(
        "'",
        rf"'(?:(?<=[^\W\d]')|(?<=[0-9{OBJECT}]')(?=[^\W\d])|(?<![^\s(“\"‘]')(?=[^\W\d]))",
        "’",
    ),
    _straight_quotes(("“", "”"), ("‘", "’")),
    _AMPERSAND,
    *_DASHES,
    _replace(("--",), r"--(?<=[^\W\d]--)(?=[^\W\d])", "—"),
    _space_before(
        ";:!?",
        rf"[;:!?](?<={_S}.)(?:(?=[\s!?”’»{OBJECT}]|{_STOP}|$)|(?<![;:])(?=[,…)\]\"]))",
        "",
    ),
    _space_before("%", rf"%(?<=[0-9]{_S}%)", ""),
    _match_at("0+", f"{_NUMBER_START}{_TELEPHONE}", _narrow_spaces),
    _after_number(
        rf"{_UNITS}|million|billion|euros?|[ap]\.?m\.?|[AP]M|ft|lb|oz|mph|{_ENGLISH_MONTHS}"
    ),
    _after_point(
        before_number="p pp [Nn]o [Vv]ol art [Ff]ig chap c ca [Oo]p [Pp]l",
        before_name="Mr Ms Dr St Mrs Prof",
    ),
    _replace(
        "MDS",
        rf"[MDS](?<!\w.)(?:(?<=M)(?:rs?|s)|(?<=D)r|(?<=S)t)({_S})(?={_NAME})",
        NO_BREAK,
    ),
    _NUMBERED,
)
RULES = {FRENCH: _FRENCH, ENGLISH: _ENGLISH}
