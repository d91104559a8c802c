"""A text's body: what is known while it is read, and what comes out."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from markdown_it.token import Token

from engine.faults import Message, ProblemError

LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
# What a writer may say of words in brackets, and of an image.
MARKS = ("lang", "id", "class")
# The ids of footnotes and of their calls, and those of the theme's own templates.
RESERVED_ID = re.compile(r"note-(?:ref-)?[0-9][0-9-]*|page_content|topic_\w+")


@dataclass
class RawPiece:
    """HTML as it was typed: a tag in a line or a block of lines, its first line and its place."""

    token: Token
    line: int
    at_top: bool
    lang: str


@dataclass
class Body:
    """What comes out of a text's body."""

    # Its HTML in UTF-8: as characters, one “’” would double its memory.
    encoded_html: bytes = b""
    # The ids that a link can lead to.
    ids: set[str] = field(default_factory=set)
    # (line, rule, problem, remedy)
    faults: list[tuple[int, str, Message, Message]] = field(default_factory=list)
    # (line, address) of each link to a heading, of this text or another
    fragments: list[tuple[int, str]] = field(default_factory=list)
    # Its words without any mark.
    first_paragraph: str = ""
    # (address as typed, words) of each image that says something, in their order
    pictures: list[tuple[str, str]] = field(default_factory=list)

    @property
    def html(self) -> str:
        """Its HTML."""
        return self.encoded_html.decode()

    @html.setter
    def html(self, html: str) -> None:
        self.encoded_html = html.encode()


@dataclass
class Text:
    """A body while it is read: what the steps know and share."""

    lang: str
    # Turns a link's address into the one of the page, "" for plain text; raises ProblemError.
    resolve: Callable[[str], str]
    # Turns an image's address, words, place at the top and attributes into HTML; raises
    # ProblemError.
    show: "Show"
    # What a link's address leads to, such as "PDF, 120 ko" for a file, "" for a page.
    describe: Callable[[str], str] = lambda _address: ""
    body: Body = field(default_factory=Body)
    line: int = 1
    # The source of the words that are being read.
    inline: str = ""
    # Whether what is read stands at the top of the page.
    at_top: bool = True
    # Languages of the marks that are open, outermost first.
    languages: list[str] = field(default_factory=list)
    # The heading whose words come next, and the levels of the links that stay plain text.
    heading: Token | None = None
    plain_links: list[int] = field(default_factory=list)
    # The HTML that the writer typed, in its order.
    raw_pieces: list[RawPiece] = field(default_factory=list)
    # The elements of it that are open, outermost first: each has its language among `languages`.
    raw_open: list[str] = field(default_factory=list)
    # Names of notes and links that a fault was told of.
    told_names: set[str] = field(default_factory=set)

    def fault(self, rule: str, problem: Message, remedy: Message, line: int | None = None) -> None:
        """Remember a fault, at the line that is being read unless another is named."""
        self.body.faults.append((line or self.line, rule, problem, remedy))

    def add_id(self, identifier: str, rule: str, line: int | None = None) -> None:
        """Register the id that an element is given; a fault of `rule` where another has it."""
        remedy = Message("write another, such as {id}-bis", id=identifier)
        if RESERVED_ID.fullmatch(identifier):
            problem = Message(
                "the id “{id}” is that of a footnote or of the page itself", id=identifier
            )
            self.fault(rule, problem, remedy, line)
        elif identifier in self.body.ids:
            self.fault(rule, Message("the id “{id}” is used twice", id=identifier), remedy, line)
        self.body.ids.add(identifier)

    def resolve_link(self, address: str) -> str | None:
        """The address that a link has on the page, None if it is a fault."""
        try:
            resolved = self.resolve(address) if address else ""
        except ProblemError as error:
            self.fault("link", error.problem, error.remedy)
            return None
        if "#" in resolved and not resolved.startswith(("http", "mailto", "tel")):
            self.body.fragments.append((self.line, resolved))
        return resolved

    @property
    def language(self) -> str:
        """The language of the words that are being read: of the innermost mark, else the text's."""
        return self.languages[-1] if self.languages else self.lang


def line_ends(token: Token) -> int:
    """How many lines of its source an inline token ends."""
    if token.type in ("softbreak", "hardbreak"):
        return 1
    if token.type == "html_inline":
        return token.content.count("\n")
    if token.type == "image":
        return sum(map(line_ends, token.children or ()))
    return token.meta.get("line_ends", 0)


class Show(Protocol):
    """What makes the HTML of an image."""

    def __call__(self, address: str, alt: str, *, eager: bool, attributes: dict[str, str]) -> str:
        """The HTML of the image at an address. Raises ProblemError."""
