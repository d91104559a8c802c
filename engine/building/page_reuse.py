"""Find the pages of which nothing that they read has changed since the last build.

What a page reads (`engine/dependencies.py`) is stored in groups: the attributes of one object that
one page reads, with the digest of their values. Many pages have the same groups, and each group is
compared once in a build.
"""

from array import array
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Protocol

from engine.dependencies import RecordedObject, RecordedTable, Reads, describe, digest_of
from plugins.page_writer import PageRequest

# The digest of the values of some attributes of an object, its name, the sorted attributes.
Group = tuple[bytes, str, tuple[str, ...]]
_MISSING = ("missing",)


@dataclass
class PageRecords:
    """What the pages of a build read, and the SHA-256 of their files, by path.

    A path is relative to the output folder. `reads` holds positions in `groups`. All is valid for
    the same code and theme only.
    """

    groups: list[Group] = field(default_factory=list)
    reads: dict[str, array] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)

    def add(self, pages: Iterable[tuple[str, str, Iterable[Group]]]) -> None:
        """Add pages: the path of each, its SHA-256 and what it read."""
        numbers = {group[0]: number for number, group in enumerate(self.groups)}
        for path, digest, groups in pages:
            held = array("L")
            for group in groups:
                number = numbers.setdefault(group[0], len(numbers))
                if number == len(self.groups):
                    self.groups.append(group)
                held.append(number)
            self.reads[path], self.digests[path] = held, digest

    def only(self, paths: Collection[str]) -> "PageRecords":
        """Return the records of some of the pages."""
        if len(paths) == len(self.reads):
            return self
        used = sorted(set(chain.from_iterable(self.reads[path] for path in paths)))
        position = dict(zip(used, range(len(used)), strict=True)).__getitem__
        return PageRecords(
            [self.groups[number] for number in used],
            {path: array("L", map(position, self.reads[path])) for path in paths},
            {path: self.digests[path] for path in paths},
        )


class PreviousBuild(Protocol):
    """What the last build of the same output folder made, by the same code.

    `pages` is None if nothing is known of it.
    """

    pages: PageRecords | None

    def previous_file(self, path: str) -> Path | None:
        """Return the file of a page, None if it is not there or not as that build wrote it."""


class PageReads:
    """The objects, tables and variables that the pages of a build can read.

    `sources` maps each language to the variables of all its pages, and the name of an object or a
    table to it. Nothing of them may change while pages are rendered.
    """

    def __init__(self, sources: Mapping[str, object], requests: Iterable[PageRequest]):
        self._own = {request.path: request.values for request in requests}
        self._readers = {
            name: _reader(source) for name, source in chain(sources.items(), self._own.items())
        }
        self._names = {id(source): name for name, source in sources.items()}
        self._sorted: dict[frozenset[str], tuple[str, ...]] = {}
        self._groups: dict[tuple[str, frozenset[str]], Group] = {}
        self._shared: dict[tuple[int, str], list[Group]] = {}

    def unchanged(self, previous: PageRecords) -> set[str]:
        """Return the paths of the pages that read nothing that has changed since."""
        changed = {
            number
            for number, (digest, name, attributes) in enumerate(previous.groups)
            if self._digest(name, attributes) != digest
        }
        return {
            path
            for path, reads in previous.reads.items()
            if path in self._own and changed.isdisjoint(reads)
        }

    def groups(self, request: PageRequest, reads: Reads) -> list[Group]:
        """Return what a page read, with its digests. Raises TypeError, as `describe`."""
        # Others are set by templates.
        own = reads.own.intersection(request.values)
        groups = [*self._of_all(reads, request.lang), self._group(request.path, own)]
        for shared in reads.shared:
            groups += self._of_shared(shared, request.lang)
        return groups

    def _of_shared(self, reads: Reads, lang: str) -> list[Group]:
        key = (id(reads), lang)
        if key not in self._shared:
            groups = self._of_all(reads, lang)
            for shared in reads.shared:
                groups += self._of_shared(shared, lang)
            self._shared[key] = groups
        return self._shared[key]

    def _of_all(self, reads: Reads, lang: str) -> list[Group]:
        names = self._names
        groups = [self._group(names[held], read) for held, read in reads.attributes.items()]
        groups.append(self._group(lang, reads.names))
        return groups

    def _group(self, name: str, attributes: set[str]) -> Group:
        # `isinstance` reads it.
        attributes.discard("__class__")
        key = (name, frozenset(attributes))
        if key not in self._groups:
            if key[1] not in self._sorted:
                self._sorted[key[1]] = tuple(sorted(attributes))
            in_order = self._sorted[key[1]]
            try:
                self._groups[key] = (self._digest(name, in_order), name, in_order)
            except TypeError as error:
                error.add_note(f"{', '.join(in_order)} of {name}")
                raise
        return self._groups[key]

    def _digest(self, name: str, attributes: tuple[str, ...]) -> bytes:
        """Return the digest of the present values of some attributes, b"" without the object."""
        read = self._readers.get(name)
        return digest_of((name, attributes, read(attributes))) if read else b""


def _reader(source: object) -> Callable[[Iterable[str]], list]:
    """Return the function that describes attributes of a source."""
    if isinstance(source, RecordedTable):
        return lambda keys: [describe(source.look_up(key)) for key in keys]
    if isinstance(source, Mapping):
        described = _Described(source)
        return lambda names: [described[name] for name in names]
    # Nothing is to be noted, and most attributes are plain ones.
    held = object.__getattribute__(source, "__dict__")
    return lambda names: [
        describe(held[name]) if name in held else _property(source, name) for name in names
    ]


def _property(source: RecordedObject, name: str) -> object:
    try:
        return describe(object.__getattribute__(source, name))
    except AttributeError:
        return _MISSING


class _Described(dict):
    """Variables by name, each described the first time."""

    def __init__(self, variables: Mapping[str, object]):
        super().__init__()
        self._variables = variables

    def __missing__(self, name: str) -> object:
        held = self._variables
        self[name] = described = describe(held[name]) if name in held else _MISSING
        return described
