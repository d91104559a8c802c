"""Render the bodies of texts as HTML, on all processors if there are many.

`BodyCache` keeps the bodies of a build for the next one: it renders those again of which the text,
or what a link or an image leads to, has changed.
"""

import time
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from functools import partial

from engine.faults import ProblemError
from engine.file_states import Signature, is_settled, signature
from engine.markdown import markdown_text
from engine.pictures.variants import Picture
from engine.processes import map_in_forks
from engine.texts.content_files import DocumentCache
from engine.texts.documents import Document, Library
from engine.texts.links import LinkResolver

# A body, the linked files, the pictures by their address as typed.
RenderedBody = tuple[markdown_text.Body, set[str], dict[str, Picture]]
# For fewer texts, sharing the work costs more than it saves.
_MIN_SHARED_TEXTS = 60


@dataclass
class _Answers:
    """What a body asked of its LinkResolver, and the answers; `is_whole` if none was a fault."""

    links: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    # The picture of each address, with the signature of its file if it is certain.
    pictures: dict[str, tuple[Picture, Signature | None]] = field(default_factory=dict)
    is_whole: bool = True


class _AskedResolver:
    """A LinkResolver that records what it is asked."""

    def __init__(self, resolver: LinkResolver):
        self._resolver = resolver
        self.answers = _Answers()

    def __call__(self, address: str) -> str:
        try:
            answer = self.answers.links[address] = self._resolver(address)
        except ProblemError:
            self.answers.is_whole = False
            raise
        return answer

    def describe(self, address: str) -> str:
        answer = self.answers.descriptions[address] = self._resolver.describe(address)
        return answer

    def picture(self, address: str, alt: str, *, eager: bool, attributes: dict[str, str]) -> str:
        now = time.time_ns()
        found = _signature_of(self._resolver, address)
        try:
            html = self._resolver.picture(address, alt, eager=eager, attributes=attributes)
        except ProblemError:
            self.answers.is_whole = False
            raise
        picture = self._resolver.pictures[address]
        is_certain = found and is_settled(found, now)
        self.answers.pictures[address] = picture, found if is_certain else None
        return html


def _signature_of(resolver: LinkResolver, address: str) -> Signature | None:
    path = resolver.library.files_found.get(resolver.source(address))
    try:
        return signature(str(path)) if path else None
    except OSError:
        return None


class BodyCache:
    """The last rendered body of each file, with all that it depends on.

    A body depends on its own text, and on what its links and images lead to: they are resolved
    again, so that a link to nothing depends on what is not there. `documents` keeps the headers and
    the texts of the files.
    """

    def __init__(self):
        self.documents = DocumentCache()
        self._stored: dict[str, tuple[tuple, _Answers, markdown_text.Body]] = {}

    def find(self, library: Library, document: Document) -> RenderedBody | None:
        """Return the body of a document, None if it must be rendered."""
        key, answers, body = self._stored.get(document.source, (None, None, None))
        if body is None or key != _made_from(library, document):
            return None
        resolver = LinkResolver(library, document)
        try:
            if any(resolver(address) != answer for address, answer in answers.links.items()):
                return None
        except ProblemError:
            return None
        for address, answer in answers.descriptions.items():
            if resolver.describe(address) != answer:
                return None
        for address, (picture, found) in answers.pictures.items():
            path = library.files_found.get(resolver.source(address))
            if path != picture.path or not found or _signature_of(resolver, address) != found:
                return None
            resolver.pictures[address] = picture
        return body, resolver.files, resolver.pictures

    def forget_others(self, sources: Container[str]) -> None:
        """Forget the files that have none of these sources."""
        self.documents.forget_others(sources)
        self._stored = {name: kept for name, kept in self._stored.items() if name in sources}

    def store(
        self, library: Library, document: Document, answers: _Answers, body: markdown_text.Body
    ) -> None:
        """Store the body of a document in place of its previous one."""
        if answers.is_whole:
            key = _made_from(library, document)
            self._stored[document.source] = (key, answers, body)
        else:
            self._stored.pop(document.source, None)


def render_bodies(
    library: Library, documents: Sequence[Document], bodies: BodyCache | None = None
) -> list[RenderedBody]:
    """Render the body of each document, with links to the visible texts of the library."""
    bodies = bodies or BodyCache()
    found = {document.source: bodies.find(library, document) for document in documents}
    changed = [document for document in documents if not found[document.source]]
    rendered = map_in_forks(partial(_render, library), changed, least=_MIN_SHARED_TEXTS)
    for document, (body, files, pictures, answers) in zip(changed, rendered, strict=True):
        found[document.source] = body, files, pictures
        bodies.store(library, document, answers, body)
    return [found[document.source] for document in documents]


def _render(library: Library, document: Document) -> tuple:
    resolver = LinkResolver(library, document)
    asked = _AskedResolver(resolver)
    body = markdown_text.read_body(
        document.body,
        lang=document.lang,
        first_line=document.body_line,
        links=document.header["links"],
        resolve=asked,
        show=asked.picture,
        describe=asked.describe,
        taken_ids=_taken_ids(library, document),
    )
    return body, resolver.files, resolver.pictures, asked.answers


def _taken_ids(library: Library, document: Document) -> list[str]:
    """Return the slug of each project, which is an id on the home page."""
    projects = library.visible_of(document.lang, "project") if document.kind == "home" else ()
    return [project.slug for project in projects]


def _made_from(library: Library, document: Document) -> tuple:
    """Return what a body depends on, besides the answers of its LinkResolver."""
    return (
        document.body,
        document.body_line,
        document.header["links"],
        document.kind,
        document.lang,
        library.base,
        _taken_ids(library, document),
    )
