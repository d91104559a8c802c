"""Turns the bodies of texts into HTML, on all processors where there are many.

A preview reads the same texts again at each save: `Bodies` gives back those that nothing has
touched since.
"""

import hashlib
from collections.abc import Sequence
from functools import partial

from engine.markdown import markdown_text
from engine.pictures.variants import Picture
from engine.processes import map_in_forks
from engine.texts.documents import Document, Library
from engine.texts.links import Resolver

# A body, the files that it links to, the pictures that it shows by their address as typed.
ReadBody = tuple[markdown_text.Body, set[str], dict[str, Picture]]
# From this number of texts on, sharing the work costs less than it saves.
_MIN_SHARED_TEXTS = 60


class Bodies:
    """The bodies that were read last, by their file and by all that they were made from.

    A body is made from its words and from what its links can lead to: where any text changes its
    address, its themes or whether it is shown, or any picture or file changes, all are read anew.
    """

    def __init__(self):
        self._kept: dict[str, tuple[str, ReadBody]] = {}

    def known(self, document: Document, surroundings: str) -> ReadBody | None:
        """The body of a document, None if it must be read."""
        key, body = self._kept.get(document.source, ("", None))
        return body if key == _digest(document, surroundings) else None

    def keep(self, document: Document, surroundings: str, body: ReadBody) -> None:
        """Remember the body of a document, and forget the one before."""
        self._kept[document.source] = (_digest(document, surroundings), body)


def read_bodies(
    library: Library, documents: Sequence[Document], bodies: Bodies | None = None
) -> list[ReadBody]:
    """The body of each document, with links that lead to what the library shows."""
    if bodies is None:
        return _read_all(library, documents)
    surroundings = _surroundings(library)
    changed = [document for document in documents if not bodies.known(document, surroundings)]
    for document, body in zip(changed, _read_all(library, changed), strict=True):
        bodies.keep(document, surroundings, body)
    return [bodies.known(document, surroundings) for document in documents]


def _read_all(library: Library, documents: Sequence[Document]) -> list[ReadBody]:
    read = partial(_read, library)
    return map_in_forks(read, documents, chunk=20, least=_MIN_SHARED_TEXTS)


def _read(library: Library, document: Document) -> ReadBody:
    resolver = Resolver(library, document)
    # The home page gives each project its slug as an id.
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


def _surroundings(library: Library) -> str:
    """A digest of all that the links and images of any text can meet."""
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


def _digest(document: Document, surroundings: str) -> str:
    made_from = (document.body, document.body_line, document.header["links"], surroundings)
    return hashlib.sha256(repr(made_from).encode()).hexdigest()
