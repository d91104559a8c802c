"""Assign each project its strand, which gives its colour: by its key `colour`, else by order."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.faults import Message
from engine.languages import LANGUAGES
from engine.texts.documents import Document, Library, project_order


@dataclass
class _Strands:
    """The strands of projects, by `Document.key`: a project and its translation share one."""

    by_key: dict[str, int] = field(default_factory=dict)

    def lowest_free(self) -> int:
        """Return the lowest strand that no project has."""
        return min(set(range(len(self.by_key) + 1)) - set(self.by_key.values()))


def assign_strands(library: Library) -> None:
    """Number the visible projects; a text and its translation share a number.

    A colour in a header is reserved for its project, even for a draft. A colour below 1, or of two
    projects, is a fault.
    """
    strands = _named_strands(library, is_reported=True)
    for lang in LANGUAGES:
        for document in library.visible_of(lang, "project"):
            document.strand = strands.by_key.setdefault(document.key, strands.lowest_free())


def assign_hidden_strands(hidden: Iterable[Document], library: Library) -> None:
    """Number the hidden projects after the visible ones, whose colours do not change."""
    strands = _named_strands(library)
    strands.by_key |= {d.key: d.strand for d in library.visible if d.kind == "project"}
    for document in sorted((d for d in hidden if d.kind == "project"), key=project_order):
        document.strand = strands.by_key.setdefault(document.key, strands.lowest_free())


def lowest_free_colour(library: Library) -> int:
    """Return the lowest colour, from 1, that no project has, drafts included."""
    strands = _named_strands(library)
    for document in _projects(library):
        strands.by_key.setdefault(document.key, strands.lowest_free())
    return strands.lowest_free() + 1


def _projects(library: Library) -> list[Document]:
    """Return every project, the visible ones first: they take precedence."""
    found = [text for text in library.by_source.values() if text.kind == "project"]
    return sorted(found, key=lambda text: (text.status == "draft", project_order(text)))


def _named_strands(library: Library, *, is_reported: bool = False) -> _Strands:
    strands, owners = _Strands(), {}
    for document in _projects(library):
        colour = document.header["colour"]
        if colour is None or document.key in strands.by_key:
            continue
        owner = owners.setdefault(colour, document)
        if colour > 0 and owner is document:
            strands.by_key[document.key] = colour - 1
        elif is_reported and "colour" in document.lines:
            problem = Message("it is that of {file} already", file=owner.shown_path)
            if colour == 0:
                problem = Message("colours are counted from 1 on")
            remedy = Message(
                "write colour: {free}, or remove the line", free=lowest_free_colour(library)
            )
            library.add_fault(document, "colour", problem, remedy)
    return strands
