"""Let the keyboard reach, and so scroll, each table and code that may be wider than the page.

WCAG 2.1.1: https://www.w3.org/WAI/WCAG22/Techniques/css/C34. Safari, unlike Chromium and Firefox,
focuses no scroller by itself. What takes the focus needs a name, and a role.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from html import unescape

from engine.languages import ENGLISH, FRENCH
from engine.markdown.raw_html import PHRASING, Tag, read_tags

# Characters that fit side by side in the narrowest column, 320 px wide, with enlarged letters.
_SURE_WIDTH = 20
_NAMES = {
    "table": {FRENCH: "Tableau", ENGLISH: "Table"},
    "code": {FRENCH: "Code", ENGLISH: "Code"},
    "pre": {FRENCH: "Texte", ENGLISH: "Text"},
}
_SCROLLER = re.compile(r"<(?:table|pre)\b", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# A no-break space is none.
_SPACES = re.compile(r"[ \t\n\f\r]+")
# What makes a column wider than its words, or puts cells into other columns.
_WIDENING = frozenset(("colspan", "rowspan", "nowrap", "width"))


def focus_scrollers(html: str, lang: str) -> str:
    """Return the HTML of a body, in which what may scroll takes the focus."""
    if not _SCROLLER.search(html):
        return html
    parts, done = [], 0
    tags = read_tags(html)
    for tag in tags:
        if tag.name not in ("table", "pre") or tag.is_end:
            continue
        inner = list(_inner(tags, tag.name))
        pieces = list(_pieces(html, tag, inner))
        width = _code_width(pieces) if tag.name == "pre" else _table_width(pieces)
        if width > _SURE_WIDTH:
            place = tag.start + 1 + len(tag.name)
            begun = {each.name for each in inner if not each.is_end}
            parts += [html[done:place], _attributes(tag, begun, lang)]
            done = place
    return "".join([*parts, html[done:]])


def _inner(tags: Iterable[Tag], name: str) -> Iterator[Tag]:
    """Yield the tags up to the end tag of an element, and that."""
    depth = 1
    for tag in tags:
        yield tag
        if tag.name == name:
            depth += -1 if tag.is_end else 1
        if not depth:
            return


def _pieces(html: str, first: Tag, inner: Iterable[Tag]) -> Iterator[tuple[str, Tag]]:
    """Yield each tag in an element with the words before it."""
    done = first.start + len(first.html)
    for tag in inner:
        yield unescape(_COMMENT.sub("", html[done : tag.start])), tag
        done = tag.start + len(tag.html)


def _code_width(pieces: Iterable[tuple[str, Tag]]) -> int:
    words = "".join(words + "\n" * (tag.name == "br") for words, tag in pieces)
    return max(map(len, words.expandtabs().split("\n")))


def _table_width(pieces: Iterable[tuple[str, Tag]]) -> int:
    """Return the sum of the longest words of the columns, with a space beside each cell."""
    columns: dict[int, str] = defaultdict(str)
    column = 0
    for words, tag in pieces:
        columns[column] += words
        if tag.name not in PHRASING or tag.name == "wbr":
            columns[column] += " "
        if tag.is_end:
            continue
        if tag.name in ("table", "pre") or not _WIDENING.isdisjoint(tag.attributes):
            return _SURE_WIDTH + 1
        if tag.name in ("caption", "tr"):
            column = 0
        elif tag.name in ("td", "th"):
            column += 1
    columns.pop(0, "")
    return sum(1 + max(map(len, _SPACES.split(words))) for words in columns.values())


def _attributes(tag: Tag, inner: set[str], lang: str) -> str:
    """Return the attributes that an element lacks, to take the focus with a name and a role."""
    kind = "code" if tag.name == "pre" and "code" in inner else tag.name
    values = {"tabindex": "0", "aria-label": _NAMES[kind][lang]}
    if tag.name == "pre":
        values["role"] = "group"
    # The caption may be that of a table in this one.
    has_caption = "caption" in inner and "table" not in inner
    if has_caption or "aria-labelledby" in tag.attributes:
        del values["aria-label"]
    missing = values.keys() - tag.attributes.keys()
    return "".join(f' {name}="{value}"' for name, value in values.items() if name in missing)
