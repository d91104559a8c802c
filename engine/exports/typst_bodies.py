"""Convert the HTML of a body to Typst, for the portfolio in PDF.

The result is code, not markup: every word is a string literal, so that no text can become code.
The HTML of `engine/markdown` is the source, since it also has what tokens lack: typography,
figures, the HTML that was typed.
"""

import re
from collections.abc import Callable, Iterable
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, NavigableString, PageElement, Tag
from bs4.element import PreformattedString

# Element -> the function of Typst with the same meaning: https://typst.app/docs/reference/
_FUNCTIONS = {
    "em": "emph",
    "i": "emph",
    "cite": "emph",
    "dfn": "emph",
    "strong": "strong",
    "b": "strong",
    "del": "strike",
    "s": "strike",
    "sub": "sub",
    "sup": "super",
    "u": "underline",
    "ins": "underline",
    "mark": "highlight",
    "small": "text.with(size: 0.85em)",
    "p": "par",
    "blockquote": "quote.with(block: true)",
    "summary": "strong",
    "figcaption": "par",
    "caption": "par",
}
_HEADING = re.compile("h[1-6]")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-(?:[A-Za-z]{4}-)?([A-Z]{2}))?")
# Elements without words.
_SKIPPED = frozenset(
    ("script", "style", "template", "svg", "iframe", "object", "audio", "canvas", "source", "track")
)
_BLOCKS = frozenset(
    (
        *("p", "ul", "ol", "dl", "table", "figure", "blockquote", "pre", "hr", "div", "section"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "details", "summary", "aside", "header", "footer"),
        *("article", "video", "figcaption"),
    )
)


def string(text: str) -> str:
    """Return a string literal of Typst; control characters are left out."""
    shown = "".join(letter for letter in text if letter >= " " or letter in "\n\t")
    escaped = shown.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\t", "\\t") + '"'


def call(function: str, *arguments: str) -> str:
    """Return the call of a function of Typst."""
    return f"{function}({', '.join(arguments)})"


def sequence(parts: Iterable[str]) -> str:
    """Return a block of code that joins expressions."""
    return "{" + "; ".join(filter(None, parts)) + "}" if parts else "[]"


class BodyConverter:
    """Converts the body of one text.

    `address` is the whole address of its page: links are relative to it. `find_image` returns the
    path of the file of a picture by its address on the page, None if it cannot be shown. `prefix`
    distinguishes the footnotes of the texts. The first headings have `level`.
    """

    def __init__(
        self, address: str, find_image: Callable[[str], str | None], prefix: str, level: int = 2
    ):
        self._address, self._find_image, self._prefix = address, find_image, prefix
        self._level = self._last_level = level - 1
        self._notes: dict[str, Tag] = {}
        self._used_notes: set[str] = set()

    def convert(self, html: str) -> str:
        """Return an expression of Typst, whose value is the content of the body."""
        soup = BeautifulSoup(html, "html.parser")
        for notes in soup.select("section.footnotes"):
            for link in notes.select('[role="doc-backlink"]'):
                link.decompose()
            self._notes |= {note["id"]: note for note in notes.select("li[id]")}
            notes.extract()
        return self._children(soup)

    def _children(self, element: Tag) -> str:
        """Return the content of an element; white space beside blocks is left out."""
        children = [child for child in element.children if self._is_shown(child)]
        parts = []
        for place, child in enumerate(children):
            if isinstance(child, Tag):
                parts.append(self._element(child))
                continue
            text = re.sub(r"[ \t\r\n\f]+", " ", str(child))
            if place == 0 or _is_block(children[place - 1]):
                text = text.lstrip(" ") if _is_block(element) or place else text
            if place == len(children) - 1 or _is_block(children[place + 1]):
                text = text.rstrip(" ") if _is_block(element) or place < len(children) - 1 else text
            parts.append(string(text) if text else "")
        return sequence([part for part in parts if part])

    @staticmethod
    def _is_shown(child: PageElement) -> bool:
        if isinstance(child, Tag):
            return child.name not in _SKIPPED
        return isinstance(child, NavigableString) and not isinstance(child, PreformattedString)

    def _element(self, element: Tag) -> str:
        special = getattr(self, f"_{element.name}", None)
        if _HEADING.fullmatch(element.name):
            made = self._heading(element)
        elif special:
            made = special(element)
        elif function := _FUNCTIONS.get(element.name):
            made = call(function, self._children(element))
        else:
            made = self._children(element)
        return self._in_language(element, made)

    @staticmethod
    def _in_language(element: Tag, made: str) -> str:
        found = _LANGUAGE.fullmatch(element.get("lang", ""))
        if not found:
            return made
        # Else it would be the region of the document: en-FR.
        region = string(found[2]) if found[2] else "none"
        return call("text", f"lang: {string(found[1])}", f"region: {region}", made)

    def _heading(self, element: Tag) -> str:
        # PDF/UA forbids to leave out a level (ISO 14289-1, 7.4.2).
        level = min(self._level + int(element.name[1]) - 1, self._last_level + 1)
        self._last_level = max(level, self._level + 1)
        return call("heading", f"level: {self._last_level}", self._children(element))

    def _br(self, _element: Tag) -> str:
        return "linebreak()"

    def _hr(self, _element: Tag) -> str:
        return "pdf.artifact(line(length: 20%))"

    def _q(self, element: Tag) -> str:
        return call("quote", self._children(element))

    def _ul(self, element: Tag) -> str:
        return call("list", *self._items(element))

    def _ol(self, element: Tag) -> str:
        start = element.get("start", "")
        start = [f"start: {int(start)}"] if re.fullmatch("[0-9]{1,9}", start) else []
        return call("enum", *start, *self._items(element))

    def _items(self, element: Tag) -> list[str]:
        return [self._children(item) for item in element.find_all("li", recursive=False)]

    def _dl(self, element: Tag) -> str:
        items, terms = [], []
        for part in element.find_all(["dt", "dd"]):
            if part.name == "dt":
                terms += [string(", ")] if terms else []
                terms.append(self._in_language(part, self._children(part)))
            else:
                items.append(
                    call("terms.item", sequence(terms) if terms else "[]", self._children(part))
                )
                terms = []
        return call("terms", *items)

    def _pre(self, element: Tag) -> str:
        return call("raw", string(element.get_text().removesuffix("\n")), "block: true")

    def _code(self, element: Tag) -> str:
        return call("raw", string(element.get_text()))

    def _a(self, element: Tag) -> str:
        href = element.get("href", "")
        note = href.removeprefix("#")
        if element.get("role") == "doc-noteref" and note in self._notes:
            return self._footnote(note)
        inner = self._children(element)
        address = self._whole_address(href)
        return call("link", string(address), inner) if address else inner

    def _whole_address(self, href: str) -> str:
        """Return the whole address of a link, "" if it leads nowhere from a PDF."""
        try:
            address = urljoin(self._address, href) if href else ""
            is_known = urlsplit(address).scheme in ("http", "https", "mailto", "tel")
        except ValueError:  # brackets that hold no IPv6 address
            return ""
        return address if is_known else ""

    def _sup(self, element: Tag) -> str:
        call_of_note = element.find("a", role="doc-noteref")
        return self._a(call_of_note) if call_of_note else call("super", self._children(element))

    def _footnote(self, name: str) -> str:
        label = f"{self._prefix}-{re.sub('[^a-z0-9-]', '', name)}"
        if name in self._used_notes:
            return f"footnote(<{label}>)"
        self._used_notes.add(name)
        note = self._notes[name]
        # A paragraph would begin a line of its own.
        for paragraph in note.find_all("p", recursive=False)[:1]:
            paragraph.unwrap()
        return f"[#footnote({self._children(note)})<{label}>]"

    def _table(self, element: Tag) -> str:
        rows = [row.find_all(["th", "td"], recursive=False) for row in element.find_all("tr")]
        head = len(element.select("thead tr"))
        columns = max((sum(_span(cell, "colspan") for cell in row) for row in rows), default=1)
        cells = [", ".join(map(self._cell, row)) for row in rows]
        header = [call("table.header", *filter(None, cells[:head]))] if head else []
        table = call("table", f"columns: {columns}", *header, *filter(None, cells[head:]))
        caption = element.find("caption")
        return sequence([self._element(caption) if caption else "", table])

    def _cell(self, cell: Tag) -> str:
        spans = [f"{name}: {_span(cell, name)}" for name in ("colspan", "rowspan")]
        inner = self._children(cell)
        return call("table.cell", *spans, call("strong", inner) if cell.name == "th" else inner)

    def _figure(self, element: Tag) -> str:
        """Return the content of a figure with its caption."""
        return call("block", "breakable: false", self._children(element))

    def _img(self, element: Tag) -> str:
        sizes = [element.get(name, "") for name in ("width", "height")]
        width = 100
        if all(re.fullmatch("[1-9][0-9]{0,5}", size) for size in sizes):
            # A picture that is higher than wide must fit on a page.
            width = min(100, round(110 * int(sizes[0]) / int(sizes[1])))
        return self._image(element.get("src", ""), element.get("alt", ""), width)

    def _video(self, element: Tag) -> str:
        words = (
            element.get("aria-label") or element.get("title") or element.get_text(" ", strip=True)
        )
        source = element.get("src") or (element.source or {}).get("src", "")
        address = self._whole_address(source)
        link = call("link", string(address), string(words or source)) if address else string(words)
        return sequence([self._image(element.get("poster", ""), words), call("par", link)])

    def _image(self, address: str, alt: str, width: int = 100) -> str:
        path = self._find_image(urlsplit(self._whole_address(address)).path) if address else None
        if path is None:
            return string(alt) if alt else ""
        place = (string(path), f"width: {max(width, 5)}%")
        # Without an alternative text it is decorative.
        if not alt.strip():
            return f"pdf.artifact({call('image', *place)})"
        return call("image", *place, f"alt: {string(alt)}")


def _is_block(element: PageElement) -> bool:
    return isinstance(element, Tag) and element.name in (
        *_BLOCKS,
        "li",
        "dd",
        "dt",
        "td",
        "th",
        "[document]",
        "br",
    )


def _span(cell: Tag, name: str) -> int:
    value = cell.get(name, "1")
    return max(1, int(value)) if re.fullmatch("[0-9]{1,3}", value) else 1
