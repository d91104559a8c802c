"""A text's body: CommonMark to HTML, in one pass over the parser's tokens.

Besides CommonMark the writer has tables, footnotes, `[cluster]{lang=en}` for words of another
language, `## Title {#id}`, and an image or a video (`videos.py`) alone in its paragraph, whose
title becomes a caption.
A new transformation is a function `(token, text)` in STEPS, beside the type of token it takes.
"""

import re
from collections.abc import Callable
from html import escape
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.footnote import footnote_plugin

from plugins.characters import with_plain_spaces
from plugins.figures import IMAGE_MARKS, make_figures, refuse_bare_video, show_image
from plugins.slugs import slugify
from plugins.text_body import LANGUAGE_TAG, Body, Show, Text
from plugins.typography_tokens import Words

_HEADING_ID = re.compile(r"\s*\{#([^\s{}]+)\}\s*$")
_ID = re.compile(r"[A-Za-z][\w-]*")
_UNREAD_MARK = re.compile(r"\]\{([^{}]*)\}")
_ELSEWHERE = re.compile(r"https?://|mailto:|tel:")
_UNKNOWN_NOTE = re.compile(r"\[\^([^\]\s]+)\]")
_UNKNOWN_LINK = re.compile(r"\]\[([^\]]*)\]")


def _never_bare(_url: str) -> bool:
    """Let every address through the parser: a forbidden one becomes a fault, not plain text."""
    return True


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    parser.use(footnote_plugin).use(attrs_plugin, spans=True, allowed=IMAGE_MARKS)
    parser.core.ruler.before("footnote_tail", "notes", _remember_notes)
    parser.validateLink = _never_bare
    parser.add_render_rule("footnote_anchor", _footnote_return)
    parser.add_render_rule("footnote_ref", _footnote_reference)
    return parser


def _remember_notes(state: StateCore) -> None:
    """Note each footnote's name and line, before those that nothing calls are dropped."""
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
    label = {"fr": "Retour au texte, note", "en": "Back to the text, note"}[env["lang"]]
    return (
        f' <a href="#note-ref-{number}{suffix}" role="doc-backlink" '
        f'aria-label="{label} {number}">↑</a>'
    )


def _footnote_opening(_renderer, tokens, index, _options, _env) -> str:
    return f'<li id="note-{_footnote_number(tokens, index)}">'


def _footnotes_opening(_renderer, _tokens, _index, _options, env) -> str:
    label = {"fr": "Notes", "en": "Notes"}[env["lang"]]
    return f'<section class="footnotes" role="doc-endnotes" aria-label="{label}">\n<ol>\n'


_PARSER = _parser()
_PARSER.add_render_rule("footnote_open", _footnote_opening)
_PARSER.add_render_rule("footnote_block_open", _footnotes_opening)


def _plain_image(address: str, alt: str, *, eager: bool, attributes: dict[str, str]) -> str:
    loading = {} if eager else {"loading": "lazy"}
    values = {"src": address, "alt": alt} | loading | attributes
    return "<img" + "".join(f' {name}="{escape(value)}"' for name, value in values.items()) + ">"


def parse(
    body: str, lang: str, links: dict[str, str] | None = None, env: dict | None = None
) -> list[Token]:
    """The tokens of a body as it was typed, its figures made; the arguments are those of `read`.

    What the parser notes beside the tokens goes into `env`.
    """
    env = {} if env is None else env
    names = {name.strip().upper(): address for name, address in (links or {}).items()}
    references = {name: {"href": address, "title": ""} for name, address in names.items()}
    env |= {"lang": lang, "references": references}
    tokens = _PARSER.parse(with_plain_spaces(body), env)
    make_figures(tokens)
    return tokens


def read(
    body: str,
    *,
    lang: str,
    first_line: int = 1,
    links: dict[str, str] | None = None,
    resolve: Callable[[str], str] = lambda address: address,
    show: Show = _plain_image,
) -> Body:
    """Turn the CommonMark of `body` into HTML.

    `first_line` is the body's first line in its file, `links` the named addresses of the header;
    `resolve` gives the address that a link gets on the page, `show` the HTML of an image; both may
    raise ValueError("problem; remedy"). Nothing is raised here: the faults come with the result.
    """
    text = Text(lang, resolve, show)
    env: dict = {}
    tokens = parse(body, lang, links, env)
    _check_notes(env, text, first_line)
    _check_named_addresses(env, tokens, text, first_line)
    _lone_links(tokens)
    words = Words()
    first_paragraph = None
    opened = ""
    for token in tokens:
        if token.map:
            text.line = first_line + token.map[0]
        _step(token, text)
        if token.children:
            first = text.line
            for child in token.children:
                words.add(child, text.language)
                _step(child, text)
                if child.type in ("softbreak", "hardbreak"):
                    text.line += 1
            _mark_links(token.children)
            token.children = [child for child in token.children if not child.meta.get("dropped")]
            text.line = first
            text.at_top = False
            words.end_block()
            if first_paragraph is None and opened == "p" and _plain(token):
                first_paragraph = token
        opened = token.tag
    words.typeset()
    if first_paragraph:
        text.body.first_paragraph = _plain(first_paragraph)
    text.body.html = _PARSER.renderer.render(tokens, _PARSER.options, env)
    return text.body


def _check_notes(env: dict, text: Text, first_line: int) -> None:
    """A note that nothing calls would not be shown, nor the first of two with one name."""
    seen = set()
    for name, line in env["notes"]:
        if name in seen:
            problem, remedy = f"the note [^{name}] is there twice", "give one another name"
            text.fault("footnote", problem, remedy, first_line + line)
        elif env["footnotes"]["refs"][f":{name}"] < 0:
            problem = f"nothing calls the note [^{name}]"
            remedy = f"write [^{name}] where it belongs, or remove the note"
            text.fault("footnote", problem, remedy, first_line + line)
        seen.add(name)


def _check_named_addresses(env: dict, tokens: list[Token], text: Text, first_line: int) -> None:
    """A line `[name]: words` is an address to the parser, and shown nowhere."""
    inline = [child for token in tokens for child in token.children or ()]
    used = {str(child.attrs.get("href", child.attrs.get("src", ""))) for child in inline}
    for name, named in env["references"].items():
        address = named["href"]
        is_typed_here = "map" in named  # those of the header have no line
        if is_typed_here and address not in used and not _ELSEWHERE.match(address):
            problem = f"the line [{name.lower()}]: {address} is shown nowhere, and no link uses it"
            remedy = "remove it, or write it without the brackets"
            text.fault("link", problem, remedy, first_line + named["map"][0])


def _unknown_note(token: Token, text: Text) -> None:
    if match := _UNKNOWN_NOTE.search(token.content):
        problem = f"there is no note [^{match[1]}]"
        text.fault("footnote", problem, f"write it on a line of its own: [^{match[1]}]: its text")


def _step(token: Token, text: Text) -> None:
    for step in STEPS.get(token.type, ()):
        step(token, text)


def _plain(token: Token) -> str:
    """The words of an inline token, without any mark."""
    words = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            words.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            words.append(" ")
    return " ".join("".join(words).split(" ")).strip()


def _lone_links(tokens: list[Token]) -> None:
    """Mark each link that is all there is of its paragraph: no sentence excuses a small target.

    The rule and its exception: WCAG 2.5.5, https://www.w3.org/TR/WCAG22/#target-size-enhanced
    """
    for token in tokens:
        children = token.children or [token]
        first, last = children[0], children[-1]
        closings = sum(child.type == "link_close" for child in children)
        if (first.type, last.type, closings) == ("link_open", "link_close", 1):
            first.attrJoin("class", "alone")


def _mark_links(children: list[Token]) -> None:
    """Give a link that is all there is of a language mark the language: one element says both."""
    for place, (mark, link) in enumerate(pairwise(children)):
        if (mark.type, link.type) != ("span_open", "link_open") or link.meta.get("dropped"):
            continue
        rest = children[place + 2 :]
        closing = next(at for at, token in enumerate(rest) if token.level == link.level)
        if rest[closing + 1].type == "span_close":
            link.attrs.update(mark.attrs)
            mark.meta["dropped"] = rest[closing + 1].meta["dropped"] = True


def _undefined_link(token: Token, text: Text) -> None:
    if match := _UNKNOWN_LINK.search(token.content):
        name = match[1]
        text.fault(
            "link",
            f"no address is called “{name}”",
            f"add it to the header, under links:, as {name}: https://…",
        )


def _unread_link(token: Token, text: Text) -> None:
    if "](" in token.content:
        text.fault(
            "link",
            "a link here cannot be read",
            "put an address that holds spaces between < and >, and a language mark around the "
            "whole link: [[Le Progrès](…)]{lang=fr}",
        )


def _unread_mark(token: Token, text: Text) -> None:
    if match := _UNREAD_MARK.search(token.content):
        text.fault(
            "mark",
            f"what stands between the braces of {{{match[1]}}} cannot be read",
            "write a language as {lang=en}",
        )


def _heading(token: Token, text: Text) -> None:
    level = int(token.tag[1])
    if level == 1:
        text.fault(
            "heading",
            "the title of the page is already its heading of level 1",
            "begin with ## for the first headings of a text",
        )
    text.heading = token


def _heading_words(token: Token, text: Text) -> None:
    """Give the heading just opened its id: the one the writer gave, else made from its words."""
    heading, text.heading = text.heading, None
    if heading is None:
        return
    given = None
    if token.children and token.children[-1].type == "text":
        last = token.children[-1]
        if match := _HEADING_ID.search(last.content):
            given = match[1]
            last.content = last.content[: match.start()]
    if given is not None:
        if not _ID.fullmatch(given):
            remedy = "begin with a letter, then letters, digits, - and _ only"
            text.fault("heading", f"the id “{given}” cannot be linked to", remedy)
        elif given in text.body.ids:
            text.fault("heading", f"the id “{given}” is used twice", "give this heading another id")
        identifier = given
    else:
        base = slugify(_plain(token)) or "section"
        identifier, count = base, 1
        while identifier in text.body.ids:
            count += 1
            identifier = f"{base}-{count}"
    text.body.ids.add(identifier)
    heading.attrSet("id", identifier)


def _link(token: Token, text: Text) -> None:
    address = str(token.attrs.get("href", ""))
    try:
        resolved = text.resolve(address) if address else ""
    except ValueError as error:
        problem, _, remedy = str(error).partition("; ")
        text.fault("link", problem, remedy)
        return
    if "#" in resolved and not resolved.startswith(("http", "mailto", "tel")):
        text.body.fragments.append((text.line, resolved))
    token.attrs["href"] = resolved
    if not resolved:
        token.meta["dropped"] = True
        text.plain_links.append(token.level)


def _link_end(token: Token, text: Text) -> None:
    if text.plain_links and text.plain_links[-1] == token.level:
        text.plain_links.pop()
        token.meta["dropped"] = True


def _language_begins(token: Token, text: Text) -> None:
    lang = token.attrs.get("lang")
    if lang is None:
        text.languages.append(text.language)
        return
    if not LANGUAGE_TAG.fullmatch(str(lang)):
        text.fault("lang", f"“{lang}” is not a language", "write two letters, such as {lang=en}")
    text.languages.append(str(lang))


def _language_ends(_token: Token, text: Text) -> None:
    text.languages.pop()


def _identifiers(token: Token, text: Text) -> None:
    if identifier := token.attrs.get("id"):
        text.body.ids.add(str(identifier))


def _raw_identifiers(token: Token, text: Text) -> None:
    text.body.ids.update(re.findall(r"\sid=[\"']?([^\"'\s>]+)", token.content))


def _forbidden_html(token: Token, text: Text) -> None:
    """A page has no script and no inline style: the site's security policy would block them."""
    for pattern, what, remedy in (
        (r"<\s*script\b", "a script", "remove it: pages of this site work without"),
        (r"<\s*iframe\b", "a frame from elsewhere", "link to the address instead"),
        (r"<[^>]*\sstyle\s*=", "a style attribute", "remove it: the theme gives the style"),
        (r"<[^>]*\son\w+\s*=", "a script", "remove the on… attribute"),
    ):
        if re.search(pattern, token.content, re.I):
            text.fault("html", f"the HTML holds {what}", remedy)


def _footnote_ids(token: Token, text: Text) -> None:
    text.body.ids.add(f"note-{token.meta['id'] + 1}")


STEPS: dict[str, tuple[Callable[[Token, Text], None], ...]] = {
    "heading_open": (_heading,),
    "inline": (_heading_words, refuse_bare_video),
    "text": (_undefined_link, _unknown_note, _unread_link, _unread_mark),
    "link_open": (_link,),
    "link_close": (_link_end,),
    "image": (show_image, _identifiers),
    "span_open": (_language_begins, _identifiers),
    "span_close": (_language_ends,),
    "html_inline": (_raw_identifiers, _forbidden_html),
    "html_block": (_raw_identifiers, _forbidden_html),
    "footnote_open": (_footnote_ids,),
}
