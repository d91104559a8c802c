"""Find the pages of which nothing that they read has changed since the last build.

What a page reads (`engine/dependencies.py`) is stored in groups: the attributes of one object that
one page reads, with the digest of their values. Many pages have the same groups, and each group is
compared once in a build.
"""

from array import array
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Protocol

from engine.dependencies import Reads, RecordedObject, RecordedTable, describe, digest_of
from engine.languages import LANGUAGES
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
            held = array("I")
            for group in groups:
                number = numbers.setdefault(group[0], len(numbers))
                if number == len(self.groups):
                    self.groups.append(group)
                held.append(number)
            self.reads[path], self.digests[path] = held, digest

    def only(self, paths: Collection[str]) -> "PageRecords":
        """Return the records of some of the pages."""
        if len(paths) == len(self.reads):
            return PageRecords(list(self.groups), dict(self.reads), dict(self.digests))
        used = sorted(set(chain.from_iterable(self.reads[path] for path in paths)))
        position = dict(zip(used, range(len(used)), strict=True)).__getitem__
        return PageRecords(
            [self.groups[number] for number in used],
            {path: array("I", map(position, self.reads[path])) for path in paths},
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
        # No other name begins with a slash.
        self._sources = {**sources, **{f"/{page.path}": page.values for page in requests}}
        self._names = {id(source): name for name, source in sources.items()}
        # The variables of a language are in many groups.
        self._described: dict[str, dict[str, object]] = {lang: {} for lang in LANGUAGES}
        self._digests: dict[str, dict[tuple[str, ...], bytes]] = {}
        # Sorted. Many objects are read alike.
        self._attributes: dict[frozenset[str], tuple[str, ...]] = {}
        self._groups: dict[tuple[int | str, tuple[str, ...]], Group] = {}
        self._shared: dict[tuple[int, str], tuple[Reads, list[Group]]] = {}

    def forget(self, name: str, variables: Collection[str] = ()) -> None:
        """Forget the values of an object, or some variables of a language: they have changed."""
        if not variables:
            self._digests.pop(name, None)
        elif name in self._described:
            for variable in variables:
                self._described[name].pop(variable, None)
            digests = self._digests.get(name, {})
            for attributes in [each for each in digests if not set(each).isdisjoint(variables)]:
                del digests[attributes]
        self._groups.clear()
        self._shared.clear()

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
            if f"/{path}" in self._sources and changed.isdisjoint(reads)
        }

    def groups(self, request: PageRequest, reads: Reads) -> list[Group]:
        """Return what a page read, with its digests. Raises TypeError, as `describe`."""
        # Others are set by templates.
        own = reads.own.intersection(request.values)
        groups = [*self._of_all(reads, request.lang), self._group(f"/{request.path}", own)]
        for shared in reads.shared:
            groups += self._of_shared(shared, request.lang)
        return groups

    def _of_shared(self, reads: Reads, lang: str) -> list[Group]:
        key = (id(reads), lang)
        if key not in self._shared:
            groups = self._of_all(reads, lang)
            for shared in reads.shared:
                groups += self._of_shared(shared, lang)
            # With the reads, so that no others get their `id`.
            self._shared[key] = reads, groups
        return self._shared[key][1]

    def _of_all(self, reads: Reads, lang: str) -> list[Group]:
        groups = [self._group(held, read) for held, read in reads.attributes.items()]
        groups.append(self._group(lang, reads.names))
        return groups

    def _group(self, held: int | str, read: set[str]) -> Group:
        """Return a group of attributes of an object, by its `id` or its name."""
        names = frozenset(read)
        if names not in self._attributes:
            # `isinstance` reads it.
            self._attributes[names] = tuple(sorted(names - {"__class__"}))
        attributes = self._attributes[names]
        key = (held, attributes)
        group = self._groups.get(key)
        if group is None:
            name = held if isinstance(held, str) else self._names[held]
            try:
                group = (self._digest(name, attributes), name, attributes)
            except TypeError as error:
                error.add_note(f"{', '.join(attributes)} of {name}")
                raise
            self._groups[key] = group
        return group

    def _digest(self, name: str, attributes: tuple[str, ...]) -> bytes:
        """Return the digest of the present values of some attributes, b"" without the object."""
        digests = self._digests.setdefault(name, {})
        if attributes not in digests:
            digests[attributes] = self._digest_anew(name, attributes)
        return digests[attributes]

    def _digest_anew(self, name: str, attributes: tuple[str, ...]) -> bytes:
        source = self._sources.get(name)
        if source is None:
            return b""
        if isinstance(source, RecordedObject):
            # Most are no properties. Nothing is to be noted.
            held = object.__getattribute__(source, "__dict__")
            values = [
                describe(held[each]) if each in held else _describe_property(source, each)
                for each in attributes
            ]
        elif isinstance(source, RecordedTable):
            values = [describe(source.look_up(each)) for each in attributes]
        else:
            described = self._described.get(name, {})
            for each in attributes:
                if each not in described:
                    described[each] = describe(source.get(each, _MISSING))
            values = [described[each] for each in attributes]
        return digest_of(f"{name} {attributes} {values}")


def _describe_property(source: RecordedObject, name: str) -> object:
    try:
        value = object.__getattribute__(source, source.described_by.get(name, name))
    except AttributeError:
        return _MISSING
    return describe(value)
