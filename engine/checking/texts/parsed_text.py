"""Parse a text for its checks: its prose, headings, images and links, each with its line."""

import datetime
import re
from dataclasses import dataclass, field
from functools import cached_property

from markdown_it.token import Token

from engine.checking.texts.vague_words import english_words
from engine.languages import FRENCH
from engine.markdown import markdown_text
from engine.markdown.figures import DECORATIVE
from engine.markdown.raw_html import read_tags
from engine.markdown.text_body import line_ends
from engine.texts.documents import Document
from engine.texts.header_schema import KINDS
from engine.texts.partial_dates import PartialDate
from engine.typography.typography_rules import OBJECT

_HEADING_ID = re.compile(r"\s*\{#[^{}]*\}\s*$")


@dataclass
class Prose:
    """Words of one language on one line; code and images are replaced by the character OBJECT."""

    line: int
    lang: str
    text: str
    # Words of the header, whose language cannot be marked.
    in_header: bool = False

    @cached_property
    def english(self) -> list[str]:
        """The English words of a French passage, each once; none in another language."""
        return english_words(self.text) if self.lang == FRENCH else []


@dataclass(frozen=True)
class Heading:
    """A heading, its level (1 to 6) and its words."""

    line: int
    level: int
    words: str


@dataclass(frozen=True)
class Image:
    """An image or a video, its address as typed and its alternative."""

    line: int
    address: str
    words: str
    is_decorative: bool = False
    # Typed as <img>.
    is_html: bool = False


@dataclass
class Link:
    """A link, its address as typed and its words; an image in it is the character OBJECT."""

    line: int
    address: str
    words: str = ""
    # Typed as an address between < and >.
    is_bare: bool = False


@dataclass
class ParsedText:
    """The parts of a text in their order, for the checks."""

    document: Document
    today: datetime.date
    # The site's own words, from mots.txt, in lower case.
    own_words: frozenset[str] = frozenset()
    prose: list[Prose] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    # Links typed as <a>, with the address in place of the words.
    html_links: list[Link] = field(default_factory=list)
    # Each block of HTML with the number of its first line.
    html_blocks: list[tuple[int, str]] = field(default_factory=list)
    # Every address in the text, as typed.
    addresses: list[str] = field(default_factory=list)

    def is_ahead(self, date: PartialDate | None) -> bool:
        """Whether a date is given and in the future."""
        return date is not None and date.first_day > self.today


def parse_text(
    document: Document, *, today: datetime.date, own_words: frozenset[str] = frozenset()
) -> ParsedText:
    """Parse a document's header and body as typed."""
    reader = _Parser(ParsedText(document, today, own_words))
    reader.header(document)
    links = document.header["links"]
    for token in markdown_text.parse_body(document.body, document.lang, links):
        reader.block(token)
    return reader.parsed


class _Parser:
    """Collects the parts of a text from the tokens of the Markdown parser."""

    def __init__(self, parsed: ParsedText):
        self.parsed = parsed
        self.first_line = self.line = parsed.document.body_line
        # (name of the element, language), outermost first
        self.languages = [("", parsed.document.lang)]
        self.open_links: list[Link] = []
        self.level = 0
        self.starts_new_prose = True

    def header(self, document: Document) -> None:
        """Add the texts of the header."""
        for key in KINDS[document.kind]:
            value = document.header.get(key.name)
            if key.type == "text" and value and key.name in document.lines:
                line = document.lines[key.name]
                self.parsed.prose.append(Prose(line, document.lang, value, in_header=True))

    def block(self, token: Token) -> None:
        """Add a block and its content."""
        if token.map:
            self.line = self.first_line + token.map[0]
        if token.type == "heading_open":
            self.level = int(token.tag[1])
        elif token.type == "heading_close":
            self.level = 0
        elif token.type == "html_block":
            self._tags(token.content)
            self.parsed.html_blocks.append((self.line, token.content))
        if not token.children:
            return
        first, begin, languages = self.line, len(self.parsed.prose), len(self.languages)
        self.starts_new_prose = True
        for child in token.children:
            self.inline(child)
        if self.level:
            words = " ".join(prose.text for prose in self.parsed.prose[begin:])
            self.parsed.headings.append(Heading(first, self.level, words.strip()))
        self.line = first
        del self.languages[languages:], self.open_links[:]

    def inline(self, token: Token) -> None:
        """Add an inline token."""
        ends = line_ends(token)
        if token.type == "text":
            self._words(_HEADING_ID.sub("", token.content) if self.level else token.content)
        elif token.type in ("softbreak", "hardbreak"):
            self._words(" ")
        elif token.type in ("code_inline", "footnote_ref"):
            self._words(OBJECT)
        elif token.type == "image":
            self._image(token)
        elif token.type == "html_inline":
            self._tags(token.content)
        elif token.type == "span_open":
            self.languages.append(("span", str(token.attrs.get("lang", self.lang))))
        elif token.type == "span_close" and len(self.languages) > 1:
            self.languages.pop()
        elif token.type == "link_open":
            address = str(token.attrs.get("href", ""))
            link = Link(self.line, address, is_bare=token.markup == "autolink")
            self.parsed.links.append(link)
            self.parsed.addresses.append(address)
            self.open_links.append(link)
            self.languages.append(("link", str(token.attrs.get("lang", self.lang))))
        elif token.type == "link_close" and self.open_links:
            self.open_links.pop()
            self.languages.pop()
        self.line += ends

    @property
    def lang(self) -> str:
        """The language of the innermost element, else that of the text."""
        return self.languages[-1][1]

    def _words(self, text: str) -> None:
        for link in self.open_links:
            link.words += text
        if any(link.is_bare for link in self.open_links):
            text = OBJECT
        prose = self.parsed.prose
        last = prose[-1] if prose and not self.starts_new_prose else None
        if last and (last.line, last.lang) == (self.line, self.lang):
            last.text += text
        else:
            prose.append(Prose(self.line, self.lang, text))
        self.starts_new_prose = False

    def _image(self, token: Token) -> None:
        address = str(token.attrs.get("src", ""))
        words = "".join(child.content for child in token.children or ()).strip()
        classes = str(token.attrs.get("class", "")).split()
        self.parsed.images.append(Image(self.line, address, words, DECORATIVE in classes))
        self.parsed.addresses += [address, str(token.attrs.get("poster", ""))]
        self._words(OBJECT)
        lang = str(token.attrs.get("lang", self.lang))
        self.parsed.prose.append(Prose(self.line, lang, words))
        self.starts_new_prose = True

    def _tags(self, html: str) -> None:
        for tag in read_tags(html):
            self.parsed.addresses += [tag.attributes.get(key, "") for key in ("src", "href")]
            names = [name for name, _ in self.languages]
            line = self.line + html.count("\n", 0, tag.start)
            if tag.name == "img" and (words := tag.attributes.get("alt", "").strip()):
                address = tag.attributes.get("src", "")
                self.parsed.images.append(Image(line, address, words, is_html=True))
            if tag.name == "a" and (address := tag.attributes.get("href")):
                self.parsed.html_links.append(Link(line, address, address))
            if tag.name == "br":
                self._words(OBJECT)
            elif not tag.is_end and not tag.is_void:
                self.languages.append((tag.name, tag.attributes.get("lang", self.lang)))
            elif tag.is_end and tag.name in names:
                del self.languages[len(names) - 1 - names[::-1].index(tag.name) :]
