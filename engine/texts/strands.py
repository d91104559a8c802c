"""The strand of each project, which gives its colour: by its key `colour`, else by its place."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.faults import Message
from engine.languages import LANGUAGES
from engine.texts.documents import Document, Library, project_order


@dataclass
class _Strands:
    """The strands that are taken, by what a project and its translation share (`Document.key`)."""

    of: dict[str, int] = field(default_factory=dict)

    def free(self) -> int:
        """The lowest that no project has."""
        return min(set(range(len(self.of) + 1)) - set(self.of.values()))


def give_strands(library: Library) -> None:
    """Number the visible projects; a text and its translation share a number.

    Colours that a header names are kept for it, if it is a draft too. A fault tells one that two
    projects name, or that is none.
    """
    strands = _named_strands(library, told=True)
    for lang in LANGUAGES:
        for document in library.visible_of(lang, "project"):
            document.strand = strands.of.setdefault(document.key, strands.free())


def give_more_strands(hidden: Iterable[Document], library: Library) -> None:
    """Number the hidden projects after those that are shown, which keep their colours."""
    strands = _named_strands(library)
    strands.of |= {d.key: d.strand for d in library.visible if d.kind == "project"}
    for document in sorted((d for d in hidden if d.kind == "project"), key=project_order):
        document.strand = strands.of.setdefault(document.key, strands.free())


def free_colour(library: Library) -> int:
    """The lowest colour, from 1 on, that no project has or would have once it is published."""
    strands = _named_strands(library)
    for document in _projects(library):
        strands.of.setdefault(document.key, strands.free())
    return strands.free() + 1


def _projects(library: Library) -> list[Document]:
    """Every project, the visible ones first: what two of them want goes to the visible one."""
    found = [text for text in library.by_source.values() if text.kind == "project"]
    return sorted(found, key=lambda text: (text.status == "draft", project_order(text)))


def _named_strands(library: Library, *, told: bool = False) -> _Strands:
    strands, owners = _Strands(), {}
    for document in _projects(library):
        colour = document.header["colour"]
        if colour is None or document.key in strands.of:
            continue
        owner = owners.setdefault(colour, document)
        if colour > 0 and owner is document:
            strands.of[document.key] = colour - 1
        elif told and "colour" in document.lines:
            problem = Message("it is that of {file} already", file=owner.shown_path)
            if colour == 0:
                problem = Message("colours are counted from 1 on")
            remedy = Message("write colour: {free}, or remove the line", free=free_colour(library))
            library.fault(document, "colour", problem, remedy)
    return strands
