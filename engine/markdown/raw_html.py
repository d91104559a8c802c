"""Check the raw HTML in a text, and process its images and links like those of Markdown.

Markdown yields raw HTML in pieces: an inline tag or a block of lines. `read_pieces` checks the tags
of each piece. `check_structure` then compares the elements as typed with those that a browser makes
of the whole text: a tag that closes nothing, or hides the rest of the text, is a fault at its line.
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape

from markdown_it.token import Token

from engine.faults import Message
from engine.markdown import videos
from engine.markdown.figures import picture_html
from engine.markdown.text_body import LANGUAGE_TAG, MARKS, RawPiece, Text
from engine.typography.typography import typeset

_SPACE = r"[ \t\n\f\r]"
_ATTRIBUTE = rf"""([^\s"'<>/=]+)(?:{_SPACE}*={_SPACE}*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?"""
_TAG = re.compile(
    rf"""<(?P<end>/?)(?P<name>[A-Za-z][^\s/<>"'=]*)"""
    rf"(?P<attributes>(?:{_SPACE}+{_ATTRIBUTE})*){_SPACE}*(?P<slash>/?)>"
)
_COMMENT = re.compile(r"<!--(?!-?>)(?:(?!--!?>).)*-->", re.DOTALL)
# Any other < is text: https://html.spec.whatwg.org/multipage/parsing.html#tag-open-state
_MARKUP = re.compile(r"<(?=[A-Za-z!?/])")
_VISIBLE = re.compile(r"[^ \t\n\f\r]")
_MAX_SHOWN = 60
# The name of an unterminated tag.
BROKEN = ""


def _names(words: str) -> frozenset[str]:
    """Split a list of names."""
    return frozenset(words.split())


# https://html.spec.whatwg.org/multipage/indices.html#elements-3
_VOID = _names("br col hr img wbr")
_MATHML = _names(
    "annotation math menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded "
    "mphantom mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd "
    "mtext mtr munder munderover none semantics"
)
_ALLOWED = (
    _VOID
    | _MATHML
    | _names(
        "a abbr address article aside b bdi bdo blockquote caption cite code colgroup data dd "
        "del details dfn div dl dt em figcaption figure footer h2 h3 h4 h5 h6 header hgroup i "
        "ins kbd li mark menu meter nav ol p pre progress q rp rt ruby s samp search section "
        "small span strong sub summary sup table tbody td tfoot th thead time tr u ul var"
    )
)
# The content of these elements is not HTML, up to their own end tag.
_RAW_TEXT = _names("iframe noembed noframes noscript script style textarea title xmp")


def _outdated(tag: str) -> Message:
    return Message("<{tag}> is no longer in HTML", tag=tag)


# The problem and the remedy of a refused element, by its name.
_REFUSED: dict[str, tuple[Callable[[str], Message], Message]] = {
    name: (problem, remedy)
    for names, problem, remedy in (
        (
            "script noscript template canvas dialog slot",
            lambda tag: Message("<{tag}> belongs to a script", tag=tag),
            Message("remove it: pages of this site work without"),
        ),
        (
            "style",
            lambda tag: Message("<{tag}> holds a style", tag=tag),
            Message("remove it: the theme gives the style"),
        ),
        (
            "link meta base title head body html frameset frame doctype",
            lambda tag: Message("<{tag}> belongs to the head of a page", tag=tag),
            Message("remove it: the theme writes the head"),
        ),
        (
            "form input button select option optgroup textarea label fieldset legend output "
            "datalist",
            lambda tag: Message(
                "<{tag}> belongs to a form, and pages of this site send none", tag=tag
            ),
            Message("remove it, or give an address to write to: [Écrire](mailto:nom@exemple.org)"),
        ),
        (
            "map area",
            lambda tag: Message("<{tag}> makes a map of links", tag=tag),
            Message("write the links under the image"),
        ),
        (
            "svg",
            lambda tag: Message("<{tag}> holds a drawing", tag=tag),
            Message(
                "save the drawing as content/images/dessin.svg and show it: "
                "![Ce que l’on voit](/images/dessin.svg)"
            ),
        ),
        (
            "h1 main",
            lambda tag: Message("<{tag}> is already in the page, once", tag=tag),
            Message("begin with <h2>, and remove <main>"),
        ),
        ("strike", _outdated, Message("write ~~words~~")),
        ("tt", _outdated, Message("write `words`")),
        ("acronym", _outdated, Message("write <abbr> in its place")),
        ("xmp listing plaintext", _outdated, Message("put the code between two lines of ```")),
        (
            "big center font marquee blink nobr dir basefont bgsound noembed noframes image "
            "isindex keygen menuitem multicol nextid rb rtc spacer",
            _outdated,
            Message("remove its tags and keep the words"),
        ),
    )
    for name in names.split()
}
_TAG_END = re.compile("(?<!--)/?>$")
_BARE_SIGN = re.compile("<(?![A-Za-z/!?])")
_FRAMES = _names("iframe embed object applet param")
_ELEMENTS = (
    _ALLOWED | _RAW_TEXT | _FRAMES | _REFUSED.keys() | _names("audio picture source track video")
)
# The element in place of a link to a hidden page, and the attributes that it keeps.
_UNLINKED = "span"
_WITHOUT_HREF = _names("class dir id lang title translate")
_MEDIA = {"audio": "Écouter", "video": "Voir la vidéo", "source": "Écouter", "track": "Lire"}
# The attributes with an address, except href of <a>, src of <img> and cite.
_OTHER_ADDRESSES = _names(
    "action background data formaction longdesc ping poster profile usemap xlink:href"
)

# The tags that end an open element:
# https://html.spec.whatwg.org/multipage/syntax.html#optional-tags
_CELL_ENDS = _names("td th tr tbody thead tfoot")
_ENDED_BY = {
    "li": frozenset(["li"]),
    "dt": frozenset(["dt", "dd"]),
    "dd": frozenset(["dt", "dd"]),
    "rt": frozenset(["rt", "rp"]),
    "rp": frozenset(["rt", "rp"]),
    "td": _CELL_ENDS,
    "th": _CELL_ENDS,
    "tr": _CELL_ENDS - {"td", "th"},
    "thead": frozenset(["tbody", "tfoot"]),
    "tbody": frozenset(["tbody", "tfoot"]),
    "tfoot": frozenset(["tbody"]),
    "caption": _names("colgroup thead tbody tr tfoot"),
    "colgroup": _names("colgroup thead tbody tr tfoot"),
    "p": _names(
        "address article aside blockquote details div dl figcaption figure footer h2 h3 h4 h5 "
        "h6 header hgroup hr main menu nav ol p pre search section table ul"
    ),
}
# The elements inside a line of words: other tags of a block end a paragraph.
PHRASING = _MATHML | _names(
    "a abbr b bdi bdo cite code data del dfn em i img ins kbd mark meter progress q rp rt ruby s "
    "samp small span strong sub sup time u var wbr"
)
# A browser adds these elements if they are missing.
_ADDED = frozenset(["tbody", "colgroup"])


@dataclass(frozen=True)
class Tag:
    """A tag; if it is unterminated, `name` is BROKEN and `broken` is the rest of the HTML.

    `line` is the number of lines that end before it.
    """

    name: str
    is_end: bool
    attributes: dict[str, str]
    html: str
    start: int
    closes_itself: bool = False
    broken: str = ""
    line: int = 0

    @property
    def is_void(self) -> bool:
        """Whether the element can have no content."""
        return self.name in _VOID or (self.closes_itself and self.name in _MATHML)


def is_element(name: str) -> bool:
    """Whether HTML has, or had, an element with this lower-case name."""
    return name in _ELEMENTS


def read_tags(html: str) -> Iterator[Tag]:
    """Yield the tags of a piece of HTML in order, except in comments and scripts.

    If the HTML ends inside a tag or a comment, the last tag is BROKEN.
    """
    position = counted = line = 0
    while found := _MARKUP.search(html, position):
        start = found.start()
        line, counted = line + html.count("\n", counted, start), start
        if comment := _COMMENT.match(html, start):
            position = comment.end()
            continue
        match = _TAG.match(html, start)
        if not match:
            yield Tag(
                BROKEN,
                False,
                {},
                html[start : start + _MAX_SHOWN],
                start,
                broken=html[start:],
                line=line,
            )
            return
        name = match["name"].lower()
        attributes: dict[str, str] = {}
        for key, *values in re.findall(_ATTRIBUTE, match["attributes"]):
            attributes.setdefault(key.lower(), unescape("".join(values)))
        is_end = bool(match["end"])
        yield Tag(name, is_end, attributes, match[0], start, bool(match["slash"]), line=line)
        position = match.end()
        if name in _RAW_TEXT and not is_end:
            end = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(html, position)
            position = end.start() if end else position


def collect(token: Token, text: Text) -> None:
    """Record a piece of HTML for `read_pieces`, its ids, and its words with their languages."""
    piece = RawPiece(token, text.line, text.at_top, text.language)
    text.raw_pieces.append(piece)
    done = 0
    for tag in read_tags(token.content):
        if token.type == "html_block":
            _add_words(piece, token.content[done : tag.start], text.language)
            piece.parts.append((Token(_type_of(tag), "", 0, content=tag.html), text.language))
            done = tag.start + len(tag.html)
        if not tag.is_end and not tag.is_void:
            text.languages.append(tag.attributes.get("lang", text.language))
            text.raw_open.append(tag.name)
            text.raw_names[tag.name] += 1
        elif tag.is_end and text.raw_names[tag.name]:
            name = ""
            while name != tag.name:
                name = text.raw_open.pop()
                text.raw_names[name] -= 1
                text.languages.pop()
        names = [tag.attributes.get("id"), tag.attributes.get("name") if tag.name == "a" else None]
        for name in filter(None, dict.fromkeys(names)):
            text.add_id(name, "html", text.line + tag.line)
        if tag.broken:
            piece.parts.clear()
            return
    if piece.parts:
        _add_words(piece, token.content[done:], text.language)


def _add_words(piece: RawPiece, html: str, lang: str) -> None:
    """Add the words between two tags of a block, and the comments among them."""
    done = 0
    for comment in [*_COMMENT.finditer(html), None]:
        words = html[done : comment.start() if comment else len(html)]
        if words:
            piece.parts.append((Token("text", "", 0, content=unescape(words), info=words), lang))
        if comment:
            piece.parts.append((Token("html_inline", "", 0, content=comment[0]), lang))
            done = comment.end()


def _type_of(tag: Tag) -> str:
    """Return the type of the token of a tag inside a block, by what it does to a line of words."""
    if tag.name == "br":
        return "html_line_end"
    if tag.name == "img":
        return "image"
    return "html_inline" if tag.name in PHRASING else "html_block_end"


def _put_words(piece: RawPiece) -> None:
    """Put the words of a block, with their typography, back between its tags.

    A line end that has become a no-break space goes into the next tag: line numbers remain valid.
    """
    parts, lost = [], 0
    for part, _ in piece.parts:
        html = part.content
        if part.info:
            is_typed = html == unescape(part.info)
            html = part.info if is_typed else escape(html, quote=False)
            lost += part.info.count("\n") - html.count("\n")
        elif lost and (end := _TAG_END.search(html)):
            html = html[: end.start()] + "\n" * lost + html[end.start() :]
            lost = 0
        parts.append(html)
    if parts:
        piece.token.content = "".join(parts)


def read_pieces(text: Text) -> set[str]:
    """Refuse elements that this site does not allow; resolve images and links.

    Adds the faults to `text`, and writes the final HTML into the tokens. Returns the names of the
    refused elements, with BROKEN for unterminated markup.
    """
    refused: set[str] = set()
    for piece in text.raw_pieces:
        _put_words(piece)
    tags = [(piece, tag) for piece in text.raw_pieces for tag in read_tags(piece.token.content)]
    edits: dict[int, list[tuple[Tag, str]]] = {}
    ends = _ends(tags)
    begun: set[str] = set()
    refused_until = 0
    is_unlinked = False
    for number, (piece, tag) in enumerate(tags):
        begun |= set() if tag.is_end else {tag.name}
        text.line = piece.line + tag.line
        text.at_top = piece.at_top
        if number < refused_until:
            continue
        if tag.broken:
            refused.add(BROKEN)
            text.add_fault("html", *_unterminated(tag.broken))
        elif tag.name not in _ALLOWED:
            refused.add(tag.name)
            # The end tag of a refused element is reported already.
            if not (tag.is_end and tag.name in begun):
                inner = _inner(tags, number, ends.get(tag.name, ()))
                refused |= {each.name for each in inner or ()} - _ALLOWED
                text.add_fault("html", *_refusal(piece, tag, inner))
                refused_until = number + 1 + len(inner or ())
        else:
            if not tag.is_end:
                html = _final_html(tag, piece, text)
                is_unlinked = html.startswith(f"<{_UNLINKED}") if tag.name == "a" else is_unlinked
            else:
                html = f"</{_UNLINKED}>" if tag.name == "a" and is_unlinked else tag.html
            if html != tag.html:
                edits.setdefault(id(piece), []).append((tag, html))
    for piece in text.raw_pieces:
        _edit(piece, edits.get(id(piece), ()))
    return refused


def _ends(tags: list[tuple[RawPiece, Tag]]) -> dict[str, list[int]]:
    """Return the numbers of the end tags of each name."""
    ends: dict[str, list[int]] = defaultdict(list)
    for number, (_, tag) in enumerate(tags):
        if tag.is_end:
            ends[tag.name].append(number)
    return ends


def _edit(piece: RawPiece, edits: Iterable[tuple[Tag, str]]) -> None:
    """Replace tags of a piece, in their order, by other HTML."""
    content, done, parts = piece.token.content, 0, []
    for tag, html in edits:
        parts += [content[done : tag.start], html]
        done = tag.start + len(tag.html)
    # A browser shows an unescaped < too, as a parse error (HTML, 13.1.2.4).
    piece.token.content = _BARE_SIGN.sub("&lt;", "".join([*parts, content[done:]]))


def _inner(tags: list[tuple[RawPiece, Tag]], number: int, ends: Sequence[int]) -> list[Tag] | None:
    """Return the tags between a start tag and its end tag, None if there is no end tag.

    `ends` are the numbers of the end tags of its name.
    """
    after = bisect_right(ends, number)
    if tags[number][1].is_end or after == len(ends):
        return None
    return [tag for _, tag in tags[number + 1 : ends[after]]]


def _unterminated(html: str) -> tuple[Message, Message]:
    """Return the (problem, remedy) of unterminated markup."""
    first_line = html.partition("\n")[0][:_MAX_SHOWN]
    if html.startswith("<!--"):
        return (
            Message(
                "the comment {html} never ends: what follows would not be shown", html=first_line
            ),
            Message("end it with -->, without a space or another character in it, or remove it"),
        )
    if html.startswith(("<!", "<?", "</")):
        return (
            Message(
                "{html} is not HTML: a browser would not show what follows it", html=first_line
            ),
            Message("write &lt;{rest} to show it, or remove it", rest=first_line[1:]),
        )
    return (
        Message("the tag {html} never ends, or a quote in it does not close", html=first_line),
        Message("close each quote and the tag itself with >, or write &lt; to show a <"),
    )


def _refusal(piece: RawPiece, tag: Tag, inner: list[Tag] | None) -> tuple[Message, Message]:
    """Return the (problem, remedy) of an element that this site does not allow."""
    shown = " ".join(tag.html.split())
    shown = shown if len(shown) <= _MAX_SHOWN else f"{shown[:_MAX_SHOWN]}…"
    tags = [tag, *(inner or ())]
    if tag.name in _FRAMES:
        problem = Message("the HTML holds a frame from elsewhere, {html}", html=shown)
        return problem, _frame_remedy(tags)
    if tag.name in _MEDIA:
        problem = Message(
            "{html} would play in the page, and pages of this site play nothing", html=shown
        )
        return problem, _media_remedy(tag, tags)
    if tag.name == "picture":
        problem = Message("<picture> is made by the site, which chooses the sizes itself")
        return problem, _picture_remedy(inner or [])
    if tag.name not in _REFUSED:
        return (
            Message("{html} is not an element of HTML: it would not be shown", html=shown),
            Message(
                "write {words} to show it, or `{html}` as code",
                words=_escape_tag(piece, shown),
                html=shown,
            ),
        )
    problem_of, remedy = _REFUSED[tag.name]
    if inner is None and not tag.is_end:
        remedy = Message(
            "write `{html}` to show it as code, or {remedy}", html=shown, remedy=remedy
        )
    return problem_of(f"{'/' * tag.is_end}{tag.name}"), remedy


def _escape_tag(piece: RawPiece, shown: str) -> str:
    """Escape a tag; in a block of HTML a backslash escapes nothing."""
    if piece.token.type == "html_inline" or piece.token.content.strip() == shown:
        return f"\\{shown}"
    return shown.replace("<", "&lt;").replace(">", "&gt;")


def _first_address(tags: list[Tag], *keys: str) -> str:
    """Return the first address among the attributes of tags, for a link of Markdown."""
    found = (tag.attributes[key].strip() for tag in tags for key in keys if tag.attributes.get(key))
    address = next(found, "")
    return f"<{address}>" if " " in address else address


def _frame_remedy(tags: list[Tag]) -> Message:
    address = _first_address(tags, "src", "data")
    title = next((tag.attributes["title"] for tag in tags if tag.attributes.get("title")), "")
    address = f"https:{address}" if address.startswith("//") else address
    if address and videos.is_video(address, {}):
        return Message("write {video}", video=videos.markdown_example(address, title))
    link = f"[{title or 'Ce que montre la page'}]({address or 'https://…'})"
    return Message("make a link of it: {link}", link=link)


def _media_remedy(tag: Tag, tags: list[Tag]) -> Message:
    address = _first_address(tags, "src", "srcset") or "/files/…"
    if tag.name == "source" and "srcset" in tag.attributes:
        return Message("write ![Ce que l’on voit](/images/…): the site makes the sizes")
    link = f"[{_MEDIA[tag.name]}]({address})"
    return Message("put the file into content/files/ and make a link of it: {link}", link=link)


def _picture_remedy(tags: list[Tag]) -> Message:
    words = next((t.attributes["alt"] for t in tags if t.attributes.get("alt")), "")
    images = [tag for tag in tags if tag.name == "img"]
    image = f"![{words or 'Ce que l’on voit'}]({_first_address(images, 'src') or '/images/…'})"
    return Message("write {image}", image=image)


def _final_html(tag: Tag, piece: RawPiece, text: Text) -> str:
    """Return the final HTML of an allowed start tag; add its faults to `text`."""
    for key, value in tag.attributes.items():
        if fault := _attribute_fault(tag.name, key):
            text.add_fault("html", *fault)
        elif key == "lang" and not LANGUAGE_TAG.fullmatch(value):
            problem = Message("“{lang}” is not a language", lang=value)
            text.add_fault("lang", problem, Message('write two letters, as in lang="en"'))
    if tag.name == "img":
        return _image_html(tag, piece, text) + _lines_of(tag)
    addresses = ["cite", "href"] if tag.name == "a" else ["cite"]
    resolved = {
        key: text.resolve_link(tag.attributes[key]) for key in addresses if key in tag.attributes
    }
    if not resolved:
        return tag.html
    values = {key: value for key, value in (tag.attributes | resolved).items() if value is not None}
    name = tag.name
    if values.get("href") == "":  # its target is hidden: the words stay
        name, values = _UNLINKED, {k: v for k, v in values.items() if k in _WITHOUT_HREF}
    if values.get("cite") == "":
        del values["cite"]
    return _start_tag(name, values)[:-1] + _lines_of(tag) + ">"


def _attribute_fault(element: str, key: str) -> tuple[Message, Message] | None:
    """Return the (problem, remedy) of an attribute that this site does not allow, else None."""
    if key == "style":
        return (
            Message("the HTML holds a style attribute"),
            Message("remove it: the theme gives the style"),
        )
    if key.startswith("on"):
        return (
            Message("the HTML holds a script"),
            Message("remove the attribute {attribute}", attribute=key),
        )
    if key in ("hidden", "popover", "inert"):
        return (
            Message("the HTML holds words that {attribute} hides", attribute=key),
            Message("remove the attribute {attribute}, or the words", attribute=key),
        )
    if key in _OTHER_ADDRESSES or (key in ("src", "srcset") and element != "img"):
        problem = Message(
            "the HTML holds the attribute {attribute}, which names another file", attribute=key
        )
        return problem, Message("remove it")
    return None


def _lines_of(tag: Tag) -> str:
    """Return the line ends of a tag, so that line numbers after it remain valid."""
    return "\n" * tag.html.count("\n")


def _start_tag(name: str, values: dict[str, str]) -> str:
    return f"<{name}" + "".join(f' {key}="{escape(value)}"' for key, value in values.items()) + ">"


def _image_html(tag: Tag, piece: RawPiece, text: Text) -> str:
    """Return the HTML of an image, as for Markdown; "" if it is a fault."""
    source, words = tag.attributes.get("src", "").strip(), tag.attributes.get("alt")
    if not source:
        problem = Message("<img> names no file")
        text.add_fault("image", problem, Message('write it as src="/images/…"'))
        return ""
    if words is None:
        problem = Message(
            "{file} has no words for those who do not see it", file=source[:_MAX_SHOWN]
        )
        remedy = Message('write alt="…", or alt="" if the image says nothing')
        text.add_fault("image", problem, remedy)
        return ""
    kept = {key: tag.attributes[key] for key in (*MARKS, "title") if tag.attributes.get(key)}
    words = typeset(words, kept.get("lang", piece.lang))
    return picture_html(source, words, kept, text) or ""


# --- Comparison with a browser ------------------------------------------------------------------


@dataclass(frozen=True)
class _Open:
    """An open element; `line` is None if Markdown made it."""

    name: str
    line: int | None


# ("name", "/name" or "words", the line of the raw HTML in or before it)
_Event = tuple[str, int]


class _Outline:
    """Record the elements as typed, with optional end tags added; report each fault once."""

    def __init__(self, text: Text, refused: set[str]):
        self.text = text
        self.refused = refused
        self.open: list[_Open] = []
        # How many elements of raw HTML are open, by their names.
        self.raw_open: Counter[str] = Counter()
        self.events: list[_Event] = []
        self.line = 1
        # End tags whose start tag is reported already.
        self.reported: Counter[str] = Counter()

    def add_segment(self, html: str, line: int | None) -> None:
        """Add a part of the text, which is raw HTML if it has a line."""
        position = 0
        for tag in read_tags(html):
            if line is not None:
                self.line = line + tag.line
            self._add_words(html[position : tag.start])
            position = tag.start + len(tag.html)
            if tag.name in self.refused and line is not None:
                continue
            if tag.is_end:
                self._end(tag, line is not None)
            else:
                self._start(tag, line is not None)
        self._add_words(html[position:])

    def finish(self) -> None:
        """Close the open elements; report those whose end tag is required."""
        while self.open:
            self._pop()

    def _add_words(self, html: str) -> None:
        if _VISIBLE.search(unescape(_COMMENT.sub("", html))) and self._last() != "words":
            self.events.append(("words", self.line))

    def _last(self) -> str:
        return self.events[-1][0] if self.events else ""

    def _start(self, tag: Tag, is_raw: bool) -> None:
        while self.open and self.open[-1].line is not None:
            if tag.name not in _ENDED_BY.get(self.open[-1].name, ()):
                break
            self._close()
        self.events.append((tag.name, self.line))
        if tag.is_void or tag.name == "source":
            self.events.append((f"/{tag.name}", self.line))
        else:
            self.open.append(_Open(tag.name, self.line if is_raw else None))
            self.raw_open[tag.name] += is_raw

    def _end(self, tag: Tag, is_raw: bool) -> None:
        if is_raw:
            self._raw_end(tag)
            return
        while self.open and self.open[-1].line is not None:
            self._pop()
        self._close()

    def _raw_end(self, tag: Tag) -> None:
        """Close the element of an end tag, or report that there is none."""
        if tag.name in _VOID:
            problem = Message("</{tag}> closes nothing", tag=tag.name)
            remedy = Message("write <{tag}>", tag=tag.name)
            self.text.add_fault("html", problem, remedy, self.line)
            return
        if not self.raw_open[tag.name]:
            if self.reported[tag.name]:
                self.reported[tag.name] -= 1
                return
            problem = Message("</{tag}> closes nothing here", tag=tag.name)
            remedy = Message(
                "remove it, or close the quotes and the > of the <{tag}> before it", tag=tag.name
            )
            self.text.add_fault("html", problem, remedy, self.line)
            return
        crossed = False
        for element in reversed(self.open):
            crossed = crossed or element.line is None
            if element.line is not None and element.name == tag.name:
                break
        if crossed:
            problem = Message(
                "<{tag}> begins and ends in different paragraphs or marks", tag=tag.name
            )
            remedy = Message("put <{tag}> and </{tag}> into the same one", tag=tag.name)
            self.text.add_fault("html", problem, remedy, element.line)
            self.open.remove(element)
            self.raw_open[tag.name] -= 1
            return
        while self.open[-1] is not element:
            self._pop()
        self._close()

    def _pop(self) -> None:
        """Close an element without an end tag; report it if the tag is required."""
        element = self.open[-1]
        if element.line is not None and element.name not in _ENDED_BY:
            self.reported[element.name] += 1
            problem = Message("<{tag}> is not closed", tag=element.name)
            remedy = Message(
                "write </{tag}> after what it holds, in the same paragraph or block",
                tag=element.name,
            )
            self.text.add_fault("html", problem, remedy, element.line)
        self._close()

    def _close(self) -> None:
        element = self.open.pop()
        self.raw_open[element.name] -= element.line is not None
        self.events.append((f"/{element.name}", self.line))


def check_structure(segments: list[tuple[str, int | None]], text: Text, refused: set[str]) -> None:
    """Compare the elements of a text with those that a browser makes of its HTML.

    `segments` are the parts of the HTML in order; raw HTML has a line. `refused` is the result of
    `read_pieces`; unterminated markup prevents the comparison.
    """
    if BROKEN in refused:
        return
    outline = _Outline(text, refused)
    for html, line in segments:
        outline.add_segment(html, line)
    outline.finish()
    if any(rule == "html" for _, rule, *_ in text.body.faults):
        return
    typed = [event for event in outline.events if event[0].lstrip("/") not in _ADDED]
    made = _parse_as_browser("".join(html for html, _ in segments))
    for (event, line), other in zip(typed, [*made, *[""] * len(typed)], strict=False):
        if event != other:
            problem, remedy = _moved_element(event, other)
            text.add_fault("html", problem, remedy, line)
            return


def _moved_element(event: str, other: str) -> tuple[Message, Message]:
    """Return the (problem, remedy) of an element that a browser moves."""
    if event == "words":
        return (
            Message("words stand in a table outside its cells"),
            Message("put them into <td>…</td>"),
        )
    name = event.lstrip("/")
    problem = Message("a browser does not put <{tag}> where it is typed", tag=name)
    if other.startswith("/"):
        problem = Message(
            "a browser does not put <{tag}> where it is typed: it ends <{other}> before it",
            tag=name,
            other=other[1:],
        )
    return problem, Message(
        "put it and what it holds on lines of their own, with an empty line before and after"
    )


def _parse_as_browser(html: str) -> list[str]:
    """Parse HTML as a browser does; return its elements and words: "p", "words", "/p"."""
    # Only texts with raw HTML need the parser.
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415

    page = LexborHTMLParser(f"<!DOCTYPE html><body><div>{html}</div>")
    events: list[str] = []
    root = page.body.child
    node, is_back = root.child, False
    # Two nodes are compared by all their HTML, their places in memory at once.
    while node is not None and node.mem_id != root.mem_id:
        is_element = bool(node.tag) and node.tag[0].isalpha()
        if is_element and not is_back and node.tag not in _ADDED:
            events.append(node.tag)
        elif node.tag == "-text" and _VISIBLE.search(node.text_content or ""):
            events += [] if events[-1:] == ["words"] else ["words"]
        if is_element and not is_back and node.child is not None:
            node = node.child
            continue
        if is_element and node.tag not in _ADDED:
            events.append(f"/{node.tag}")
        is_back = node.next is None
        node = node.parent if is_back else node.next
    return events
