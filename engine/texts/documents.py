"""Define a text of the content folder, and the library of all texts."""

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
    """A theme in one language: its name and the last part of its address."""

    name: str
    slug: str


@dataclass
class Document:
    """A text in one language; a key without a value is None in `header`."""

    path: Path
    # Relative to the content folder, with slashes and composed letters (NFC):
    # "articles/2012-03-rencontres.en.md".
    source: str
    shown_path: str
    kind: str
    lang: str
    # The source without language and suffix, the same for a text and its translation.
    key: str
    header: dict
    lines: dict[str, int]
    body: str
    body_line: int
    # The lines between the two `---`.
    typed_header: list[str] = field(default_factory=list)
    # The keys of the header that have a fault.
    unread: set[str] = field(default_factory=set)
    slug: str = ""
    # Relative to the root of its language's site: "projets/un-lieu/".
    url: str = ""
    # As that of `Body`, which see.
    encoded_html: bytes = b""
    ids: set[str] = field(default_factory=set)
    description: str = ""
    topics: list[Topic] = field(default_factory=list)
    # The pictures with an alternative text, and this text, in their order.
    pictures: list[tuple[Picture, str]] = field(default_factory=list)
    # Whether the original of a translation has changed since.
    is_stale: bool = False
    # The number of a project's colour, the same in both languages (`strands.py`).
    strand: int | None = None

    @property
    def html(self) -> str:
        """Its body as HTML."""
        return self.encoded_html.decode()

    @property
    def status(self) -> str:
        """The value "published", "draft" or "announced"."""
        return self.header["status"] or "published"

    @property
    def is_announced(self) -> bool:
        """Whether the text is still to be written."""
        return self.status == "announced"

    @property
    def has_required_values(self) -> bool:
        """Whether the document has a title, an address and, for a news item, a date."""
        has_address = bool(self.slug) or self.kind == "home"
        return (
            bool(self.header["title"]) and has_address and self.header.get("date", True) is not None
        )

    @property
    def save_as(self) -> str:
        """The file of the page in the site of its language, "" if it has no page of its own."""
        has_none = self.is_announced or self.kind == "home" or self.header.get("theme")
        return "" if has_none else f"{self.url}index.html"


@dataclass
class Library:
    """The texts of a content folder. `visible` holds those for visitors, sorted by source."""

    folder: Path
    addresses: dict[str, dict[str, str]]
    today: datetime.date
    base: str = ""
    # Source -> the bytes to read in place of its file: typed in an editor, not saved yet.
    unsaved: Mapping[str, bytes] = field(default_factory=dict)
    visible: list[Document] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    drafts: list[Document] = field(default_factory=list)
    scheduled: list[Document] = field(default_factory=list)
    # The files that visible texts link to, relative to the content folder.
    files: set[str] = field(default_factory=set)
    # The pictures of visible texts.
    pictures: set[Picture] = field(default_factory=set)
    # Faults that stop no build: those of drafts and of unused files.
    warnings: list[Fault] = field(default_factory=list)
    # Every file that a text can show or link to, by its source.
    files_found: dict[str, Path] = field(default_factory=dict)
    # The English name of each French theme, and its line.
    themes: dict[str, str] = field(default_factory=dict)
    theme_lines: dict[str, int] = field(default_factory=dict)
    # The themes whose missing English name has been reported.
    unnamed_themes: set[str] = field(default_factory=set)
    # The path-absolute address of each page that visitors can see.
    pages: set[str] = field(default_factory=set)
    # Every text, visible or not, by its source.
    by_source: dict[str, Document] = field(default_factory=dict)
    # The sources of the texts without a header that can be read.
    unread: set[str] = field(default_factory=set)

    def visible_of(self, lang: str, kind: str) -> list[Document]:
        """Return the visible texts of a kind in a language, projects in their order."""
        found = [d for d in self.visible if d.lang == lang and d.kind == kind]
        return sorted(found, key=project_order) if kind == "project" else found

    def counterpart(self, document: Document) -> Document | None:
        """Return the same text in the other language, None if it is not visible."""
        other = OTHER_LANGUAGE if document.lang == MAIN_LANGUAGE else MAIN_LANGUAGE
        return self.in_language(document, other)

    def in_language(self, document: Document, lang: str) -> Document | None:
        """Return the same text in a language, None if it is not visible."""
        return next((d for d in self._by_key.get(document.key, ()) if d.lang == lang), None)

    def language_is_used(self, lang: str) -> bool:
        """Whether any visible text is in the language."""
        return any(document.lang == lang for document in self.visible)

    def address(self, lang: str, url: str) -> str:
        """Return the path-absolute address of `url`, relative to the root of its language."""
        return f"{self.base}/{LANGUAGES[lang].root}{url}"

    def site_path(self, document: Document) -> str:
        """Return the address of a text as a path below the address of the site."""
        return self.address(document.lang, document.url).removeprefix(self.base)

    def is_visible(self, document: Document) -> bool:
        """Whether visitors can see the text."""
        return self.in_language(document, document.lang) is not None

    def add_fault(
        self,
        document: Document,
        key: str,
        problem: Message,
        remedy: Message,
        rule: str = "header-value",
    ) -> None:
        """Add a fault of the header of a document, at the line of `key`."""
        line = document.lines.get(key, 1)
        self.faults.append(Fault(document.shown_path, line, key, problem, remedy, rule))

    @cached_property
    def _by_key(self) -> dict[str, list[Document]]:
        keys = defaultdict(list)
        for document in self.visible:
            keys[document.key].append(document)
        return keys


def list_position(order: int | None, title: str, name: str) -> tuple:
    """Return a sort key for lists: by `order`, entries without it last, then by title."""
    return (order is None, order or 0, title, name)


def project_order(document: Document) -> tuple:
    """Return the sort key of a project."""
    return list_position(document.header["order"], document.header["title"] or "", document.key)
