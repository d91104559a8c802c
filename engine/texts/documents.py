"""A text of the content folder, and the library that holds them all."""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from engine.faults import Fault, Message
from engine.languages import LANGUAGES, MAIN_LANGUAGE, OTHER_LANGUAGE
from engine.pictures.variants import Picture


@dataclass(frozen=True)
class Topic:
    """A theme of one language: its name and the last part of its address."""

    name: str
    slug: str


@dataclass
class Document:
    """One text in one language, with its header's values (None if the header has none)."""

    path: Path
    # Relative to the content folder, with slashes and composed letters (NFC):
    # "articles/2012-03-rencontres.en.md".
    source: str
    shown_path: str
    kind: str
    lang: str
    # The same for a text and its translation: the source without language and ending.
    key: str
    header: dict
    lines: dict[str, int]
    body: str
    body_line: int
    slug: str = ""
    # Relative to the root of its language's site: "projets/un-lieu/".
    url: str = ""
    html: str = ""
    ids: set[str] = field(default_factory=set)
    description: str = ""
    topics: list[Topic] = field(default_factory=list)
    # The pictures that say something, with their words, in their order.
    pictures: list[tuple[Picture, str]] = field(default_factory=list)
    # Of a translation: whether its original says something else by now.
    is_stale: bool = False
    # Of a project, the same in both languages (`strands.py`): it gives the colour.
    strand: int | None = None

    @property
    def status(self) -> str:
        """published, draft or announced."""
        return self.header["status"] or "published"

    @property
    def is_announced(self) -> bool:
        """Whether the text is still to come."""
        return self.status == "announced"

    @property
    def has_what_a_page_needs(self) -> bool:
        """Whether its header gives a title, an address, and the date of a news item."""
        has_address = bool(self.slug) or self.kind == "home"
        return (
            bool(self.header["title"]) and has_address and self.header.get("date", True) is not None
        )

    @property
    def save_as(self) -> str:
        """The file of its page in its language's site; "" where it has no page of its own."""
        return "" if self.is_announced or self.kind == "home" else f"{self.url}index.html"


@dataclass
class Library:
    """The texts of a content folder. `visible` holds what visitors see, sorted by source."""

    folder: Path
    addresses: dict[str, dict[str, str]]
    today: datetime.date
    base: str = ""
    # Source -> the bytes that are read in place of its file's: what is typed and not saved yet.
    unsaved: Mapping[str, bytes] = field(default_factory=dict)
    visible: list[Document] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    drafts: list[Document] = field(default_factory=list)
    scheduled: list[Document] = field(default_factory=list)
    # Relative to the content folder: the files that a visible text links to.
    files: set[str] = field(default_factory=set)
    # Those that a visible text shows.
    pictures: set[Picture] = field(default_factory=set)
    # What no build stops at and a writer should know: of drafts, and of files that nothing reads.
    warnings: list[Fault] = field(default_factory=list)
    # Every file that could be shown or linked to, by its source.
    files_found: dict[str, Path] = field(default_factory=dict)
    # French theme -> English name, and the line of each.
    themes: dict[str, str] = field(default_factory=dict)
    theme_lines: dict[str, int] = field(default_factory=dict)
    # The path-absolute address of each page that visitors can see.
    pages: set[str] = field(default_factory=set)
    # Every text, visible or not, by its source.
    by_source: dict[str, Document] = field(default_factory=dict)

    def visible_of(self, lang: str, kind: str) -> list[Document]:
        """The visible texts of a kind in a language; projects in their order."""
        found = [d for d in self.visible if d.lang == lang and d.kind == kind]
        return sorted(found, key=project_order) if kind == "project" else found

    def counterpart(self, document: Document) -> Document | None:
        """The same text in the other language, where visitors can see it."""
        other = OTHER_LANGUAGE if document.lang == MAIN_LANGUAGE else MAIN_LANGUAGE
        return self.in_language(document, other)

    def in_language(self, document: Document, lang: str) -> Document | None:
        """The same text in a language, where visitors can see it there."""
        return next((d for d in self._by_key.get(document.key, ()) if d.lang == lang), None)

    def language_is_used(self, lang: str) -> bool:
        """Whether any visible text is in this language."""
        return any(document.lang == lang for document in self.visible)

    def address(self, lang: str, url: str) -> str:
        """The path-absolute address of `url`, which is relative to its language's root."""
        return f"{self.base}/{LANGUAGES[lang].root}{url}"

    def site_path(self, document: Document) -> str:
        """Where a text stands, from the first slash after the site's address on."""
        return self.address(document.lang, document.url).removeprefix(self.base)

    def is_visible(self, document: Document) -> bool:
        """Whether visitors can see this very text."""
        return self.in_language(document, document.lang) is not None

    def document(self, source: str) -> Document:
        """The text of a source file. Raises KeyError if there is none."""
        return self.by_source[source]

    def fault(
        self,
        document: Document,
        key: str,
        problem: Message,
        remedy: Message,
        rule: str = "header-value",
    ) -> None:
        """Remember a fault of a document's header, at the line of `key`."""
        line = document.lines.get(key, 1)
        self.faults.append(Fault(document.shown_path, line, key, problem, remedy, rule))

    @cached_property
    def _by_key(self) -> dict[str, list[Document]]:
        keys = defaultdict(list)
        for document in self.visible:
            keys[document.key].append(document)
        return keys


def list_position(order: int | None, title: str, name: str) -> tuple:
    """Where an entry stands in a list: by `order`, those without one last; equal ones by title."""
    return (order is None, order or 0, title, name)


def project_order(document: Document) -> tuple:
    """Where a project stands among all."""
    return list_position(document.header["order"], document.header["title"] or "", document.key)
