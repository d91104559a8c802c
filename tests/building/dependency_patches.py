"""Leave out what a build records, one kind at a time, so that tests can miss it.

A patch changes the code of the present process. The builds of `forked_builds.py` apply it.
"""

import copy
from collections.abc import Callable
from types import SimpleNamespace

from engine import dependencies, file_states
from engine.building import build_record, fingerprint, site, swap
from engine.pictures import cached_files
from engine.texts import bodies, content_files


class _NoSet(set):
    def add(self, _value: object) -> None:
        """Note nothing."""


class _NoDict(dict):
    def __missing__(self, _key: object) -> set:
        return set()


class _NoList(list):
    def append(self, _value: object) -> None:
        """Note nothing."""


def _unnoted(name: str, nothing: Callable) -> Callable:
    """Return a patch that notes nothing under an attribute of `Reads`."""

    def patch() -> None:
        initialise = dependencies.Reads.__init__

        def without(self) -> None:
            initialise(self)
            setattr(self, name, nothing())

        dependencies.Reads.__init__ = without

    return patch


def _unnoted_entries() -> None:
    dependencies.RecordedTable.__call__ = lambda self, key: self.look_up(key)


def _equal(module: object, name: str, value: object = "") -> Callable:
    """Return a patch after which a function always returns the same."""
    return lambda: setattr(module, name, lambda *_arguments, **_named: value)


def _without_part(module: object, name: str, position: int) -> Callable:
    """Return a patch that leaves a part out of what a function of a module returns."""

    def patch() -> None:
        complete = getattr(module, name)

        def without(*arguments: object) -> tuple | None:
            found = complete(*arguments)
            return found and (*found[:position], None, *found[position + 1 :])

        setattr(module, name, without)

    return patch


def _body_without_answers(kind: str) -> Callable:
    """Return a patch after which a body does not depend on a kind of answers."""

    def patch() -> None:
        find = bodies.BodyCache.find

        def without(self, library, document):
            key, answers, body = self._stored.get(document.source, ("", None, None))
            if answers:
                fewer = copy.copy(answers)
                setattr(fewer, kind, {})
                if kind == "pictures":
                    resolver = bodies.LinkResolver(library, document)
                    fewer.pictures = {
                        address: (picture, bodies._signature_of(resolver, address))
                        for address, (picture, _found) in answers.pictures.items()
                    }
                self._stored[document.source] = key, fewer, body
            try:
                return find(self, library, document)
            finally:
                if answers:
                    self._stored[document.source] = key, answers, body

        bodies.BodyCache.find = without

    return patch


def _inputs_without(folder: str) -> Callable:
    """Return a patch after which changes of a folder of the code are not seen.

    That of files of the project itself is "".
    """

    def patch() -> None:
        take_inputs = fingerprint.take_inputs

        def without(last: dict) -> dict:
            inputs = take_inputs(last)
            (left_out,) = (
                name for name in inputs if (name.endswith(folder) if folder else name == "")
            )
            return inputs | {left_out: {}}

        fingerprint.take_inputs = without

    return patch


def _without_content() -> None:
    """Let the command think that no text has changed."""
    same_content = fingerprint.same_content

    def without(one: dict, other: dict) -> bool:
        return "home.md" in one or same_content(one, other)

    fingerprint.same_content = without


def _trust_outputs() -> None:
    """Take the output for what the last build made."""

    def read_states(staging, tree, outputs, spare) -> None:
        staging.outputs, staging.spare = outputs, spare
        staging.previous |= {
            path: state[2] for path, state in outputs.items() if state[1] == swap._FILE_MODE
        }

    swap._read_states = read_states


def _trust_spare() -> None:
    """Take the spare folder for what the last build left."""
    read_states = swap._read_states

    def without(staging, tree, outputs, spare) -> None:
        read_states(staging, tree, outputs, spare)
        staging.spare = spare

    swap._read_states = without


def _trust_signatures(*names: str) -> Callable:
    """Return a patch after which a file with the same size, or time, counts as the same."""

    def patch() -> None:
        signature = file_states.signature
        fields = ("mode", "size", "modified", "changed", "inode")

        def without(path: str) -> tuple:
            found = signature(path)
            return tuple(
                0 if name in names else each for name, each in zip(fields, found, strict=True)
            )

        for module in (file_states, swap, bodies, content_files):
            module.signature = without
        file_states.is_settled = swap.is_settled = bodies.is_settled = lambda *_: True
        content_files.is_settled = lambda *_: True

    return patch


def _stay_the_day() -> None:
    fingerprint.time = SimpleNamespace(time=_FirstTime())


class _FirstTime:
    """The time at which the last record says that its day began."""

    def __call__(self) -> float:
        last = fingerprint.load(fingerprint.output_folder())
        return last.day[0] if last else 0.0


def _unchecked_cache() -> None:
    cached_files._checksum = lambda _data: b""


def _keep_record_of_changed_inputs() -> None:
    build_record._have_stayed = lambda *_: True


def _keep_font() -> None:
    subset = site.display_font.subset
    site.display_font.subset = lambda words, known=None: known or subset(words, known)


def _keep_copies() -> None:
    build_record.BuildRecord.is_copied = lambda self, _path, target: target in self.previous


PATCHES: dict[str, Callable[[], None]] = {
    "variables of one page": _unnoted("own", _NoSet),
    "variables of all pages": _unnoted("names", _NoSet),
    "attributes of texts": _unnoted("attributes", _NoDict),
    "entries of tables": _unnoted_entries,
    "reads of shared results": _unnoted("shared", _NoList),
    "body: the text": _without_part(bodies, "_made_from", 0),
    "body: the line where it begins": _without_part(bodies, "_made_from", 1),
    "body: the named links": _without_part(bodies, "_made_from", 2),
    "body: the projects' ids": _without_part(bodies, "_made_from", 6),
    "body: the path of the site": _without_part(bodies, "_made_from", 5),
    "body: where links lead": _body_without_answers("links"),
    "body: the files that links describe": _body_without_answers("descriptions"),
    "body: the files of pictures": _body_without_answers("pictures"),
    "document: the signature of the file": _without_part(content_files, "_key", 0),
    "document: the original of a translation": _without_part(content_files, "_key", 3),
    "command: the texts": _without_content,
    "command: the day": _stay_the_day,
    "command: the environment": _equal(fingerprint, "environment", ()),
    "command: what it says": _equal(fingerprint, "command_environment", ()),
    "code: engine": _inputs_without("/engine"),
    "code: plugins": _inputs_without("/plugins"),
    "code: theme": _inputs_without("/theme"),
    "code: files of the project": _inputs_without(""),
    "font: the words": _keep_font,
    "copied files": _keep_copies,
    "output: its files": _trust_outputs,
    "output: those of the site before": _trust_spare,
    "signature: time of change, inode": _trust_signatures("changed", "inode"),
    "inputs that change during a build": _keep_record_of_changed_inputs,
    "checksums of the cache": _unchecked_cache,
}
