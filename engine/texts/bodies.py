"""Render the bodies of texts as HTML, on all processors if there are many.

A preview renders the same texts again at each save: `BodyCache` keeps those that are unchanged.
"""

import hashlib
from collections.abc import Sequence
from functools import partial

from engine.markdown import markdown_text
from engine.pictures.variants import Picture
from engine.processes import map_in_forks
from engine.texts.documents import Document, Library
from engine.texts.links import LinkResolver

# A body, the linked files, the pictures by their address as typed.
RenderedBody = tuple[markdown_text.Body, set[str], dict[str, Picture]]
# For fewer texts, sharing the work costs more than it saves.
_MIN_SHARED_TEXTS = 60


class BodyCache:
    """The last rendered body of each file, with a digest of everything that it depends on.

    A body depends on its own text and on the targets of links: if the address, the themes or the
    visibility of any text changes, or any picture or file, all bodies are rendered again.
    """

    def __init__(self):
        self._stored: dict[str, tuple[str, RenderedBody]] = {}

    def find(self, document: Document, link_targets: str) -> RenderedBody | None:
        """Return the body of a document, None if it must be rendered."""
        key, body = self._stored.get(document.source, ("", None))
        return body if key == _digest_body(document, link_targets) else None

    def store(self, document: Document, link_targets: str, body: RenderedBody) -> None:
        """Store the body of a document in place of its previous one."""
        self._stored[document.source] = (_digest_body(document, link_targets), body)


def render_bodies(
    library: Library, documents: Sequence[Document], bodies: BodyCache | None = None
) -> list[RenderedBody]:
    """Render the body of each document, with links to the visible texts of the library."""
    if bodies is None:
        return _render_all(library, documents)
    link_targets = _digest_link_targets(library)
    changed = [document for document in documents if not bodies.find(document, link_targets)]
    for document, body in zip(changed, _render_all(library, changed), strict=True):
        bodies.store(document, link_targets, body)
    return [bodies.find(document, link_targets) for document in documents]


def _render_all(library: Library, documents: Sequence[Document]) -> list[RenderedBody]:
    render = partial(_render, library)
    return map_in_forks(render, documents, least=_MIN_SHARED_TEXTS)


def _render(library: Library, document: Document) -> RenderedBody:
    resolver = LinkResolver(library, document)
    # On the home page, the slug of each project is an id.
    projects = library.visible_of(document.lang, "project") if document.kind == "home" else ()
    body = markdown_text.read_body(
        document.body,
        lang=document.lang,
        first_line=document.body_line,
        links=document.header["links"],
        resolve=resolver,
        show=resolver.picture,
        describe=resolver.describe,
        taken_ids=[project.slug for project in projects],
    )
    return body, resolver.files, resolver.pictures


def _digest_link_targets(library: Library) -> str:
    """Return a digest of all possible targets of links and images."""
    shown = {document.source for document in library.visible}
    texts = [
        (source, document.url, source in shown, document.header.get("tags"))
        for source, document in sorted(library.by_source.items())
    ]
    files = []
    for source, path in sorted(library.files_found.items()):
        status = path.stat()
        files.append((source, status.st_size, status.st_mtime_ns, status.st_ctime_ns))
    site = (library.folder, library.base, library.addresses, sorted(library.themes.items()))
    return hashlib.sha256(repr((site, texts, files)).encode()).hexdigest()


def _digest_body(document: Document, link_targets: str) -> str:
    made_from = (document.body, document.body_line, document.header["links"], link_targets)
    return hashlib.sha256(repr(made_from).encode()).hexdigest()
