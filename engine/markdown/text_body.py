"""Hold the state of a body while it is rendered, and the result."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from markdown_it.token import Token

from engine.faults import Message, ProblemError

LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
# The attributes that a writer may set on words in brackets and on an image.
MARKS = ("lang", "id", "class")
# The ids of footnotes, of their calls and of the templates of the theme.
RESERVED_ID = re.compile(r"note-(?:ref-)?[0-9][0-9-]*|page_content|topic_\w+")


@dataclass
class RawPiece:
    """A piece of raw HTML: an inline tag or a block of lines, with its first line."""

    token: Token
    line: int
    at_top: bool
    lang: str


@dataclass
class Body:
    """A rendered body."""

    # UTF-8: a string would need two bytes for each character if one of them is “’”.
    encoded_html: bytes = b""
    # The ids of its elements, targets of links.
    ids: set[str] = field(default_factory=set)
    # (line, rule, problem, remedy)
    faults: list[tuple[int, str, Message, Message]] = field(default_factory=list)
    # (line, address) of each link to a heading of any text
    fragments: list[tuple[int, str]] = field(default_factory=list)
    # The first paragraph without markup.
    first_paragraph: str = ""
    # (address as typed, alternative text) of each image with such a text, in order
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
    """The state of a body while it is rendered, shared by the steps."""

    lang: str
    # Returns the address of a link on the page, "" for plain text; raises ProblemError.
    resolve: Callable[[str], str]
    # Returns the HTML of an image; raises ProblemError.
    show: "Show"
    # Describes the file at the address of a link, such as "PDF, 120 ko"; "" for a page.
    describe: Callable[[str], str] = lambda _address: ""
    body: Body = field(default_factory=Body)
    line: int = 1
    # The source of the current inline token.
    inline: str = ""
    # Whether the current token is at the top of the page.
    at_top: bool = True
    # Languages of the open marks, outermost first.
    languages: list[str] = field(default_factory=list)
    # The open heading, and the levels of the links that become plain text.
    heading: Token | None = None
    # The last number of the ids made of the same words.
    numbers_of_ids: Counter[str] = field(default_factory=Counter)
    plain_links: list[int] = field(default_factory=list)
    # The raw HTML, in order.
    raw_pieces: list[RawPiece] = field(default_factory=list)
    # The open elements of raw HTML, outermost first; each has its language in `languages`.
    raw_open: list[str] = field(default_factory=list)
    raw_names: Counter[str] = field(default_factory=Counter)
    # Names of notes and links that are reported already.
    reported_names: set[str] = field(default_factory=set)

    def add_fault(
        self, rule: str, problem: Message, remedy: Message, line: int | None = None
    ) -> None:
        """Add a fault, by default at the current line."""
        self.body.faults.append((line or self.line, rule, problem, remedy))

    def add_id(self, identifier: str, rule: str, line: int | None = None) -> None:
        """Add the id of an element; add a fault of `rule` if it is taken."""
        remedy = Message("write another, such as {id}-bis", id=identifier)
        if RESERVED_ID.fullmatch(identifier):
            problem = Message(
                "the id “{id}” is that of a footnote or of the page itself", id=identifier
            )
            self.add_fault(rule, problem, remedy, line)
        elif identifier in self.body.ids:
            self.add_fault(
                rule, Message("the id “{id}” is used twice", id=identifier), remedy, line
            )
        self.body.ids.add(identifier)

    def resolve_link(self, address: str) -> str | None:
        """Return the address of a link on the page, None if it is a fault."""
        if not address.strip():
            problem = Message("a link names no address")
            remedy = Message("write its address, or its words alone")
            self.add_fault("link", problem, remedy)
            return None
        try:
            resolved = self.resolve(address)
        except ProblemError as error:
            self.add_fault("link", error.problem, error.remedy)
            return None
        if "#" in resolved and not resolved.startswith(("http", "mailto", "tel")):
            self.body.fragments.append((self.line, resolved))
        return resolved

    @property
    def language(self) -> str:
        """The language of the current words: that of the innermost mark, else of the text."""
        return self.languages[-1] if self.languages else self.lang


def line_ends(token: Token) -> int:
    """Count the line ends in the source of an inline token."""
    if token.type in ("softbreak", "hardbreak"):
        return 1
    if token.type == "html_inline":
        return token.content.count("\n")
    if token.type == "image":
        return sum(map(line_ends, token.children or ()))
    return token.meta.get("line_ends", 0)


class Show(Protocol):
    """A function that returns the HTML of an image."""

    def __call__(self, address: str, alt: str, *, eager: bool, attributes: dict[str, str]) -> str:
        """Return the HTML of the image at an address. Raises ProblemError."""
