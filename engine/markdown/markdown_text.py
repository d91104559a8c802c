"""Render the body of a text, in CommonMark, as HTML, in one pass over the tokens of the parser.

Extensions: tables, footnotes, `~~struck~~` words, definition lists, `[cluster]{lang=en}` for words
of another language, `## Title {#id}`, and an image or a video (`videos.py`) alone on its line,
whose title becomes a caption. `raw_html.py` reads HTML. To add a transformation, write a function
`(token, text)` and add it to STEPS, under its type of token.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.reference import reference
from markdown_it.rules_block.table import escapedSplit, getLine, table
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, backtick
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from engine.characters import with_plain_spaces
from engine.faults import Message
from engine.languages import ENGLISH, FRENCH
from engine.markdown import raw_html
from engine.markdown.figures import (
    IMAGE_MARKS,
    make_figures,
    name_figures,
    refuse_bare_video,
    show_image,
)
from engine.markdown.scrollers import focus_scrollers
from engine.markdown.text_body import LANGUAGE_TAG, RESERVED_ID, Body, Show, Text, line_ends
from engine.slugs import slugify
from engine.typography.typography import typeset
from engine.typography.typography_tokens import Words

_HEADING_MARK = re.compile(r"\s*\{(:?\s*(?:[#.]|[\w-]+=)[^{}]*)\}\s*$")
_HEADING_ID = re.compile(r"#(\S+)")
_ID = re.compile(r"[A-Za-z][\w-]*")
# Braces after a bracket, alone on their line, or in the syntax of other Markdown dialects.
_UNREAD_MARK = re.compile(
    r"\](?P<mark>\{[^{}]*\})|^(?P<line>\{(?:[#.]|[\w-]+=)[^{}]*\})|(?P<colon>\{:[^{}]*\})|^(?P<box>:::+\s*[\w{].*)"
)
_ELSEWHERE = re.compile(r"https?://|mailto:|tel:")
_UNKNOWN_NOTE = re.compile(r"\[\^([^\]]+)\]")
_UNKNOWN_LINK = re.compile(r"\]\[([^\]]*)\]")
_FOLDED_LINK = re.compile(r"\[([^\[\]]+)\]\[\]")
# An image or a link that CommonMark does not parse: spaces in its address, quotes in its caption.
# Both end at the next bracket: a longer search would take cubic time.
_UNREAD_LINK = re.compile(
    r"(!?\[[^\[\]]*\])\(\s*<?([^<>\"“«()\[\]]+?)>?"
    r"(?:\s+[\"'“«]\s*([^\[\]]{0,300}?)\s*[\"'”»])?\s*\)"
)
_MISPLACED_ADDRESS = re.compile(r"\[([^\]^]+)\]:\s+(\S+)")
_FILE_SIZE = re.compile(r"\d\s*(?:octets|bytes|[kMG][oB])\b")
_CODE_BAR = re.compile(r"`[^`\n]*`")
_ALIGNED = re.compile(r"text-align:(center|right)")
# Where a rule of the parser can begin or end.
_INLINE_MARK = re.compile(r"[\n\\`~*_\[\]<&{]|[!^](?=\[)")
# The placeholder of a piece of raw HTML: no text holds this character.
_RAW_MARK = "\0"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "store_labels": True}).enable(
        ["table", "strikethrough"]
    )
    parser.block.ruler.at("table", _parse_table, {"alt": ["paragraph", "reference"]})
    parser.block.ruler.at("reference", _parse_address)
    parser.use(deflist_plugin).use(footnote_plugin).use(
        attrs_plugin, spans=True, allowed=IMAGE_MARKS
    )
    parser.core.ruler.before("footnote_tail", "notes", _record_notes)
    parser.inline.ruler.at("backticks", _parse_code)
    parser.inline.terminator_re = _INLINE_MARK
    # A forbidden address becomes a fault, not plain text.
    parser.validateLink = lambda _url: True
    parser.add_render_rule("footnote_anchor", _footnote_return)
    parser.add_render_rule("footnote_ref", _footnote_reference)
    parser.add_render_rule("footnote_open", _footnote_opening)
    parser.add_render_rule("footnote_block_open", _footnotes_opening)
    parser.add_render_rule("html_inline", _render_html)
    parser.add_render_rule("html_block", _render_html)
    return parser


def _parse_table(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """Parse a table, and record each row with more cells than heads: GFM drops the rest."""
    begin = len(state.tokens)
    if not table(state, first, last, silent):
        return False
    if silent:
        return True
    heads = sum(token.type == "th_open" for token in state.tokens[begin:])
    for line in range(first + 2, state.line):
        row = getLine(state, line).strip()
        if any(cell.strip() for cell in _cells(row)[heads:]):
            state.env.setdefault("excess", []).append((line, row, heads))
    return True


def _cells(row: str) -> list[str]:
    """Return the cells of a row of a table, counted as by the parser."""
    cells = escapedSplit(row)
    return cells[not cells[0] : len(cells) - (not cells[-1])]


def _parse_code(state: StateInline, silent: bool) -> bool:
    """Parse inline code, and record its line ends, which become spaces."""
    begin = state.pos
    if not backtick(state, silent):
        return False
    if not silent and state.tokens and state.tokens[-1].type == "code_inline":
        state.tokens[-1].meta["line_ends"] = state.src.count("\n", begin, state.pos)
    return True


def _parse_address(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """Parse a line `[name]: address`, but not `[^a note]: words`."""
    begin = state.bMarks[first] + state.tShift[first]
    return not state.src.startswith("[^", begin) and reference(state, first, last, silent)


def _render_html(_renderer, tokens, index, _options, env) -> str:
    """Write a placeholder for raw HTML, or the HTML itself outside `_render`."""
    token = tokens[index]
    place = env["raw"].get(id(token))
    return token.content if place is None else f"{_RAW_MARK}{place}{_RAW_MARK}"


def _record_notes(state: StateCore) -> None:
    """Record the name and the line of each footnote before the parser drops uncalled ones."""
    state.env["notes"] = [
        (token.meta["label"], inner.map[0] if inner.map else 0)
        for token, inner in pairwise(state.tokens)
        if token.type == "footnote_reference_open"
    ]


def _footnote_number(tokens: list[Token], index: int) -> str:
    return str(tokens[index].meta["id"] + 1)


def _footnote_reference(_renderer, tokens, index, _options, _env) -> str:
    number = _footnote_number(tokens, index)
    again = tokens[index].meta.get("subId", 0)
    suffix = f"-{again + 1}" if again else ""
    return (
        f'<sup class="footnote-ref"><a href="#note-{number}" id="note-ref-{number}{suffix}" '
        f'role="doc-noteref">{number}</a></sup>'
    )


def _footnote_return(_renderer, tokens, index, _options, env) -> str:
    number = _footnote_number(tokens, index)
    again = tokens[index].meta.get("subId", 0)
    suffix = f"-{again + 1}" if again else ""
    words = {FRENCH: "Retour au texte, note", ENGLISH: "Back to the text, note"}[env["lang"]]
    times = f" ({again + 1})" if again else ""
    address = f"#note-ref-{number}{suffix}"
    return f' <a href="{address}" role="doc-backlink">{words}\u00a0{number}{times}</a>'


def _footnote_opening(_renderer, tokens, index, _options, _env) -> str:
    return f'<li id="note-{_footnote_number(tokens, index)}">'


def _footnotes_opening(_renderer, _tokens, _index, _options, _env) -> str:
    # The word is the same in both languages.
    return '<section class="footnotes" role="doc-endnotes" aria-label="Notes">\n<ol>\n'


_PARSER = _parser()


def _plain_image(address: str, alt: str, *, eager: bool, attributes: dict[str, str]) -> str:
    loading = {} if eager else {"loading": "lazy"}
    values = {"src": address, "alt": alt} | loading | attributes
    return "<img" + "".join(f' {name}="{escape(value)}"' for name, value in values.items()) + ">"


def parse_body(
    body: str, lang: str, links: dict[str, str] | None = None, env: dict | None = None
) -> list[Token]:
    """Parse a body into tokens, with its figures; the arguments are those of `read_body`.

    The parser records names, notes and tables in `env`.
    """
    env = {} if env is None else env
    names = {name.strip().upper(): address for name, address in (links or {}).items()}
    references = {name: {"href": address or "", "title": ""} for name, address in names.items()}
    env |= {"lang": lang, "references": references}
    return make_figures(_PARSER.parse(with_plain_spaces(body), env))


def read_body(
    body: str,
    *,
    lang: str,
    first_line: int = 1,
    links: dict[str, str] | None = None,
    resolve: Callable[[str], str] = lambda address: address,
    show: Show = _plain_image,
    describe: Callable[[str], str] = lambda _parse_address: "",
    taken_ids: Iterable[str] = (),
) -> Body:
    """Render the CommonMark of `body` as HTML. Raises nothing: the result holds the faults.

    `first_line` is the line of the body in its file. `links` are the named addresses of the header.
    `resolve` returns the address of a link on the page, `show` the HTML of an image; both may raise
    ProblemError. `describe` returns the format and size of a linked file, "" for a page.
    `taken_ids` are used by the rest of the page.
    """
    text = Text(lang, resolve, show, describe)
    text.body.ids |= set(taken_ids)
    env: dict = {}
    tokens = parse_body(body, lang, links, env)
    _check_notes(env, text, first_line)
    _check_named_addresses(env, tokens, text, first_line)
    _check_tables(env, text, first_line)
    if "]:" in body:
        _check_misplaced_addresses(tokens, text, first_line)
    _mark_lone_links(tokens)
    words = Words()
    first_paragraph = None
    opened = ""
    for token in tokens:
        if token.map:
            text.line = first_line + token.map[0]
        _run_steps(token, text)
        _add_words_of_html(token, text, words)
        if token.children:
            first, text.inline = text.line, token.content
            for child in token.children:
                words.add(child, text.language)
                ends = 0 if child.type == "text" else line_ends(child)
                _run_steps(child, text)
                text.line += ends
            if "{" in token.content:
                _merge_language_spans(token.children)
            if len(token.children) > 1:  # a link is several tokens
                kept = (child for child in token.children if not child.meta.get("dropped"))
                token.children = list(_with_described_files(kept))
            text.line = first
            text.at_top = False
            words.end_block()
            if first_paragraph is None and opened == "p" and _plain_words(token):
                first_paragraph = token
        opened = token.tag
    words.typeset()
    name_figures(tokens)
    if first_paragraph:
        text.body.first_paragraph = _plain_words(first_paragraph)
    text.body.html = focus_scrollers(_render(tokens, env, text), lang)
    return text.body


def _add_words_of_html(token: Token, text: Text, words: Words) -> None:
    """Add the words of a block of raw HTML."""
    if token.type == "html_block":
        for part, lang in text.raw_pieces[-1].parts:
            words.add(part, lang)
        words.end_block()


def _render(tokens: list[Token], env: dict, text: Text) -> str:
    """Return the HTML of a text; check the raw HTML in it, if any."""
    pieces = text.raw_pieces
    env["raw"] = {id(piece.token): number for number, piece in enumerate(pieces)}
    refused = raw_html.read_pieces(text)
    html = _PARSER.renderer.render(tokens, _PARSER.options, env)
    if not pieces:
        return html
    segments: list[tuple[str, int | None]] = []
    for number, part in enumerate(html.split(_RAW_MARK)):
        if number % 2:
            piece = pieces[int(part)]
            segments.append((piece.token.content, piece.line))
        else:
            segments.append((part, None))
    raw_html.check_structure(segments, text, refused)
    return "".join(part for part, _ in segments)


def _check_tables(env: dict, text: Text, first_line: int) -> None:
    """Add a fault for each row with more cells than heads: GFM drops the rest."""
    for line, row, heads in env.get("excess", ()):
        cells = len(_cells(row))
        problem = Message(
            "the row has {cells} cells, the first row {heads}: its last would not be shown",
            cells=cells,
            heads=heads,
        )
        fixed = _CODE_BAR.sub(lambda code: code[0].replace("|", "\\|"), row.replace("\\|", "|"))
        remedy = Message("write \\| for a | in a cell, or remove a cell")
        if len(_cells(fixed)) == heads:
            remedy = Message("write \\| for a | in a cell: {row}", row=fixed)
        text.add_fault("table", problem, remedy, first_line + line)


def _check_misplaced_addresses(tokens: list[Token], text: Text, first_line: int) -> None:
    """Add a fault for a line `[name]: address` directly below words, which is part of them."""
    for token in tokens:
        if token.type != "inline" or "]:" not in token.content:
            continue
        line = first_line + (token.map[0] if token.map else 0)
        for previous, child in pairwise(token.children):
            line += line_ends(previous)
            match = _MISPLACED_ADDRESS.fullmatch(child.content) if child.type == "text" else None
            if match and previous.type == "softbreak":
                text.reported_names.add(match[1].casefold())
                problem = Message(
                    "the line {line} is read as a part of the words above it", line=child.content
                )
                text.add_fault("link", problem, Message("leave an empty line before it"), line)


def _check_notes(env: dict, text: Text, first_line: int) -> None:
    """Add a fault for a note without a call, or with the name of another: it is not shown."""
    seen = set()
    for name, line in env["notes"]:
        if name in seen:
            problem = Message("the note [^{name}] is there twice", name=name)
            remedy = Message("give one another name")
            text.add_fault("footnote", problem, remedy, first_line + line)
        elif env["footnotes"]["refs"][f":{name}"] < 0:
            problem = Message("nothing calls the note [^{name}]", name=name)
            remedy = Message("write [^{name}] where it belongs, or remove the note", name=name)
            text.add_fault("footnote", problem, remedy, first_line + line)
        seen.add(name)


def _check_named_addresses(env: dict, tokens: list[Token], text: Text, first_line: int) -> None:
    """Add a fault for an unused line `[name]: words`: the parser reads the words as an address."""
    if not env["references"]:
        return
    inline = [child for token in tokens for child in token.children or ()]
    used = {str(child.attrs.get("href", child.attrs.get("src", ""))) for child in inline}
    for name, named in env["references"].items():
        address = named["href"]
        is_typed_here = "map" in named  # those of the header have no line
        if is_typed_here and not address:
            problem = Message("the line [{name}]: names no address", name=name.lower())
            remedy = Message("write it after the colon, or remove the line")
            text.add_fault("link", problem, remedy, first_line + named["map"][0])
        elif is_typed_here and address not in used and not _ELSEWHERE.match(address):
            problem = Message(
                "the line [{name}]: {address} is shown nowhere, and no link uses it",
                name=name.lower(),
                address=address,
            )
            remedy = Message("remove it, or write it without the brackets")
            text.add_fault("link", problem, remedy, first_line + named["map"][0])


def _check_note_names(token: Token, text: Text) -> None:
    for match in _UNKNOWN_NOTE.finditer(token.content):
        name = match[1]
        if f"^{name}" in text.reported_names:
            continue
        text.reported_names.add(f"^{name}")
        if dashed := "-".join(name.split()) if len(name.split()) > 1 else "":
            problem = Message("the name of the note [^{name}] holds a space", name=name)
            remedy = Message("write [^{name}] in each place, before its text too", name=dashed)
        else:
            problem = Message("there is no note [^{name}]", name=name)
            remedy = Message("write it on a line of its own: [^{name}]: its text", name=name)
        text.add_fault("footnote", problem, remedy)


def _run_steps(token: Token, text: Text) -> None:
    for step in STEPS.get(token.type, ()):
        step(token, text)


def _plain_words(token: Token) -> str:
    """Return the words of an inline token without markup."""
    words = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            words.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            words.append(" ")
    return " ".join("".join(words).split(" ")).strip()


def _mark_lone_links(tokens: list[Token]) -> None:
    """Mark each link alone in its paragraph: it needs a large target, unlike one in a sentence.

    WCAG 2.5.5: https://www.w3.org/TR/WCAG22/#target-size-enhanced
    """
    for token in tokens:
        children = token.children or [token]
        first, last = children[0], children[-1]
        if (first.type, last.type) == ("link_open", "link_close"):
            closings = sum(child.type == "link_close" for child in children)
            if closings == 1:
                first.attrJoin("class", "alone")


def _merge_language_spans(children: list[Token]) -> None:
    """Move the language of a span to the link alone in it, and drop the span."""
    for place, (mark, link) in enumerate(pairwise(children)):
        if (mark.type, link.type) != ("span_open", "link_open") or link.meta.get("dropped"):
            continue
        rest = children[place + 2 :]
        closing = next(at for at, token in enumerate(rest) if token.level == link.level)
        if rest[closing + 1].type == "span_close":
            link.attrs.update(mark.attrs)
            mark.meta["dropped"] = rest[closing + 1].meta["dropped"] = True


def _with_described_files(children: Iterable[Token]) -> Iterator[Token]:
    """Add the format and size of a file at the end of its link, unless the words give a size.

    A link around an image only has no words.
    """
    link, words = None, []
    for child in children:
        if child.type == "link_open":
            link, words = child, []
        elif child.type in ("text", "code_inline"):
            words.append(child.content)
        elif child.type == "link_close" and link is not None:
            said = "".join(words)
            about = link.meta.get("file", "")
            if about and said.strip() and not _FILE_SIZE.search(said):
                yield Token("text", "", 0, content=f" ({about})")
            link = None
        yield child


def _check_link_names(token: Token, text: Text) -> None:
    for match in _UNKNOWN_LINK.finditer(token.content):
        name = match[1]
        if not name:
            folded = _FOLDED_LINK.search(token.content) or _FOLDED_LINK.search(text.inline)
            name = folded[1] if folded else ""
        if name.casefold() in text.reported_names:
            continue
        text.reported_names.add(name.casefold())
        text.add_fault(
            "link",
            Message("no address is called “{name}”", name=name),
            Message("add it to the header, under links:, as {name}: https://…", name=name),
        )


def _check_link_syntax(token: Token, text: Text) -> None:
    if "](" not in token.content:
        return
    remedy = Message(
        "put an address that holds spaces between < and >, and a language mark around the "
        "whole link: [[Le Journal](…)]{{lang=fr}}"
    )
    remedies = []
    for match in _UNREAD_LINK.finditer(token.content):
        words, address, caption = match.groups()
        address = f"<{address}>" if re.search(r"\s", address) else address
        escaped = (caption or "").replace('"', '\\"')
        title = f' "{escaped}"' if caption else ""
        remedies.append(Message("write {link}", link=f"{words}({address}{title})"))
    for each in remedies or [remedy]:
        text.add_fault("link", Message("a link here cannot be read"), each)


def _check_marks(token: Token, text: Text) -> None:
    for match in _UNREAD_MARK.finditer(token.content):
        text.add_fault("mark", *_unknown_mark(match[match.lastgroup]))


def _unknown_mark(mark: str) -> tuple[Message, Message]:
    """Return the (problem, remedy) of an unknown mark."""
    if mark.startswith(":"):
        return (
            Message("{mark} opens no box here", mark=mark),
            Message("remove it, or write > before each line of a quotation"),
        )
    return (
        Message("what stands between the braces of {mark} cannot be read", mark=mark),
        Message(
            "write a language as [words]{{lang=en}}, the id of a heading as {{#id}}, or remove it"
        ),
    )


def _check_attributes(token: Token, text: Text) -> None:
    """Add a fault for unknown attributes between braces after words, a link or code."""
    if names := token.meta.get("insecure_attrs"):
        text.add_fault("mark", *_unknown_mark(f"{{{' '.join(names)}}}"))


def _check_words(token: Token, text: Text) -> None:
    """Add a fault for markup that the parser left as words."""
    words = token.content
    if "]" in words:
        _check_link_names(token, text)
        _check_note_names(token, text)
        _check_link_syntax(token, text)
    if "{" in words or words.startswith(":::"):
        _check_marks(token, text)


def _open_heading(token: Token, text: Text) -> None:
    level = int(token.tag[1])
    if level == 1:
        text.add_fault(
            "heading",
            Message("the title of the page is already its heading of level 1"),
            Message("begin with ## for the first headings of a text"),
        )
    text.heading = token


def _set_heading_id(token: Token, text: Text) -> None:
    """Set the id of the open heading: the writer's, else one made from its words."""
    heading, text.heading = text.heading, None
    if heading is None:
        return
    given = _take_heading_id(token, text)
    if given is None:
        base = slugify(_plain_words(token)) or "section"
        base = f"section-{base}" if RESERVED_ID.fullmatch(base) else base
        count = text.numbers_of_ids[base] or 1
        identifier = base
        while identifier in text.body.ids:
            count += 1
            identifier = f"{base}-{count}"
        text.numbers_of_ids[base] = count
        text.body.ids.add(identifier)
    else:
        identifier = given
        if _ID.fullmatch(given):
            text.add_id(given, "heading")
        else:
            problem = Message("the id “{id}” cannot be linked to", id=given)
            remedy = Message("begin with a letter, then letters, digits, - and _ only")
            text.add_fault("heading", problem, remedy)
    heading.attrSet("id", identifier)


def _take_heading_id(token: Token, text: Text) -> str | None:
    """Remove the id from the end of the words of a heading, and return it."""
    last = token.children[-1] if token.children else None
    if last is None or last.type != "text" or not (match := _HEADING_MARK.search(last.content)):
        return None
    last.content = last.content[: match.start()]
    if given := _HEADING_ID.fullmatch(match[1]):
        return given[1]
    text.add_fault("mark", *_unknown_mark(f"{{{match[1]}}}"))
    return None


def _open_link(token: Token, text: Text) -> None:
    address = str(token.attrs.get("href", ""))
    _open_language(token, text)
    if title := token.attrs.get("title"):
        token.attrs["title"] = typeset(str(title), text.language)
    # A name of the header may wait for its address.
    is_awaited = not address and "label" in token.meta
    resolved = "" if is_awaited else text.resolve_link(address)
    if resolved is None:
        return
    token.attrs["href"] = resolved
    token.meta["file"] = text.describe(address)
    if not resolved:
        token.meta["dropped"] = True
        text.plain_links.append(token.level)


def _close_link(token: Token, text: Text) -> None:
    _close_language(token, text)
    if text.plain_links and text.plain_links[-1] == token.level:
        text.plain_links.pop()
        token.meta["dropped"] = True


def _open_language(token: Token, text: Text) -> None:
    lang = token.attrs.get("lang")
    if lang is None:
        text.languages.append(text.language)
        return
    if not LANGUAGE_TAG.fullmatch(str(lang)):
        problem = Message("“{lang}” is not a language", lang=lang)
        text.add_fault("lang", problem, Message("write two letters, such as {{lang=en}}"))
    text.languages.append(str(lang))


def _close_language(_token: Token, text: Text) -> None:
    text.languages.pop()


def _add_id(token: Token, text: Text) -> None:
    if identifier := token.attrs.get("id"):
        text.add_id(str(identifier), "mark")


def _align_cell(token: Token, _text: Text) -> None:
    """Align a cell by a class: the policy of a page allows no inline style."""
    if match := _ALIGNED.fullmatch(str(token.attrs.pop("style", ""))):
        token.attrJoin("class", f"align-{match[1]}")


def _add_footnote_id(token: Token, text: Text) -> None:
    text.body.ids.add(f"note-{token.meta['id'] + 1}")


STEPS: dict[str, tuple[Callable[[Token, Text], None], ...]] = {
    "heading_open": (_open_heading,),
    "inline": (_set_heading_id, refuse_bare_video),
    "text": (_check_words,),
    "link_open": (_open_link, _add_id, _check_attributes),
    "link_close": (_close_link,),
    "image": (show_image, _add_id),
    "code_inline": (_check_attributes, _add_id),
    "span_open": (_open_language, _add_id, _check_attributes),
    "span_close": (_close_language,),
    "td_open": (_align_cell,),
    "th_open": (_align_cell,),
    "html_inline": (raw_html.collect,),
    "html_block": (raw_html.collect,),
    "footnote_open": (_add_footnote_id,),
}
