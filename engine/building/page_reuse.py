"""Find the pages of which nothing that they read has changed since the last build.

What a page reads (`engine/dependencies.py`) is stored in groups: the attributes of one object that
one page reads, with the digest of their values. Many pages have the same groups, and each group is
compared once in a build.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from engine.dependencies import Reads, RecordedTable, describe, digest_of
from plugins.page_writer import PageRequest

# The name of an object, the sorted names of some of its attributes, the digest of their values.
Group = tuple[str, tuple[str, ...], bytes]
_MISSING = "missing"


@dataclass
class PageRecords:
    """What the pages of a build read, and the SHA-256 of their files, by path.

    A path is relative to the output folder. `reads` holds the positions in `groups`. Both are valid
    for the same code and theme only.
    """

    groups: list[Group] = field(default_factory=list)
    reads: dict[str, array] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)

    def add(self, pages: Iterable[tuple[str, str, Iterable[Group]]]) -> None:
        """Add pages: the path of each, its SHA-256 and what it read."""
        numbers = {group: number for number, group in enumerate(self.groups)}
        for path, digest, groups in pages:
            self.digests[path] = digest
            self.reads[path] = array("L", [numbers.setdefault(g, len(numbers)) for g in groups])
        self.groups = list(numbers)

    def of(self, paths: Iterable[str]) -> Iterator[tuple[str, str, Iterable[Group]]]:
        """Yield pages, as `add` takes them."""
        for path in paths:
            yield path, self.digests[path], [self.groups[number] for number in self.reads[path]]


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
        self._sources = dict(sources)
        # Pages of years have a context of their own.
        bases = {id(sources[request.lang].maps[0]): {} for request in requests}
        for request in requests:
            base = sources[request.lang]
            if id(request.context) not in bases:
                bases[id(request.context)] = {
                    name: value
                    for name, value in request.context.items()
                    if base.get(name) is not value
                }
            self._sources[request.path] = {
                **bases[id(request.context)],
                **request.values,
                "output_file": request.name,
            }
        self._names = {id(source): name for name, source in self._sources.items()}
        self._digests: dict[tuple[str, tuple[str, ...]], bytes] = {}
        self._variables: dict[tuple[str, str], object] = {}

    def unchanged(self, previous: PageRecords) -> set[str]:
        """Return the paths of the pages that read nothing that has changed since."""
        changed = {
            number
            for number, (name, attributes, digest) in enumerate(previous.groups)
            if self._digest(name, attributes) != digest
        }
        return {
            path
            for path, reads in previous.reads.items()
            if path in self._sources and changed.isdisjoint(reads)
        }

    def groups(self, request: PageRequest, reads: Reads) -> list[Group]:
        """Return what a page read, with its digests. Raises TypeError, as `describe`."""
        attributes = defaultdict(list)
        for number, attribute in reads.attributes:
            # `isinstance` reads it.
            if attribute != "__class__":
                attributes[number].append(attribute)
        own = self._sources[request.path]
        for name in reads.names:
            attributes[request.path if name in own else request.lang].append(name)
        groups = []
        for source, names in attributes.items():
            name = self._names.get(source, source)
            parts = tuple(sorted(names))
            try:
                groups.append((name, parts, self._digest(name, parts)))
            except TypeError as error:
                error.add_note(f"{request.path} reads {', '.join(parts)} of {name}")
                raise
        return groups

    def _digest(self, name: str, attributes: tuple[str, ...]) -> bytes:
        """Return the digest of the present values of some attributes, b"" without the object."""
        key = (name, attributes)
        if key not in self._digests:
            source = self._sources.get(name)
            self._digests[key] = (
                b""
                if source is None
                else digest_of([self._value(name, source, attribute) for attribute in attributes])
            )
        return self._digests[key]

    def _value(self, name: str, source: object, attribute: str) -> object:
        if isinstance(source, RecordedTable):
            return describe(source(attribute))
        if isinstance(source, Mapping):
            key = (name, attribute)
            if key not in self._variables:
                held = source.get(attribute, _MISSING)
                self._variables[key] = describe(held)
            return self._variables[key]
        try:
            return describe(getattr(source, attribute))
        except AttributeError:
            return _MISSING
