"""A fault: what is wrong in a text, a setting or a page, where, and what to write instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from engine.messages.catalogue import translate


class Message:
    """A sentence with named parameters: `Message("there is no file {file}", file=path)`.

    `text` is what a catalogue of `engine/messages/` translates, whole; a brace of its own is
    doubled. A value may be a message. The string is in the language of messages.
    """

    def __init__(self, text: str, /, **values: object):
        self.text, self.values = text, values

    def __str__(self) -> str:
        try:
            return translate(self.text).format_map(self.values)
        except (LookupError, ValueError, AttributeError):  # a mistake in the catalogue
            return self.text.format_map(self.values)

    def __repr__(self) -> str:
        return f"Message({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


# What systems say, as Python gives it.
_SYSTEM_REASONS = {
    each.text: each
    for each in (
        Message("Permission denied"),
        Message("Operation not permitted"),
        Message("No such file or directory"),
        Message("No space left on device"),
        Message("Disk quota exceeded"),
        Message("Read-only file system"),
        Message("Is a directory"),
        Message("Not a directory"),
        Message("Directory not empty"),
        Message("File exists"),
        Message("File name too long"),
        Message("Too many levels of symbolic links"),
        Message("Input/output error"),
    )
}


def system_reason(error: OSError) -> object:
    """Why the system refused something, in the language of messages if that is known."""
    return _SYSTEM_REASONS.get(error.strerror, error.strerror)


def joined(parts: Iterable[object]) -> Message:
    """Messages or values one after the other: “one and another”. Raises TypeError for none."""
    return reduce(lambda one, other: Message("{one} and {other}", one=one, other=other), parts)


def sentence(problem: Message, remedy: Message) -> Message:
    """What is wrong, and what to write, in one line."""
    return Message("{problem}; {remedy}", problem=problem, remedy=remedy)


@dataclass(frozen=True)
class Fault:
    """One thing that a writer has to fix.

    `path` is shown as it stands, relative to where the writer works; `line` counts from 1, or is
    None if the fault belongs to the whole file; `key` names the header's key or the rule.
    """

    path: str
    line: int | None
    key: str
    problem: Message
    remedy: Message
    # What `./inv check` and docs/verifications.md call it, where `key` is no rule's name.
    rule: str = ""

    @property
    def sort_key(self) -> tuple[str, int, str]:
        """Sort by file, then line."""
        return (self.path, self.line or 0, self.key)

    def __str__(self) -> str:
        """`path:line: key: what is wrong; what to write`, the form that editors make clickable."""
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.key}: {sentence(self.problem, self.remedy)}"


class FaultsError(Exception):
    """A command that was stopped, and all the reasons; what it would have replaced is whole."""

    def __init__(self, *faults: Fault):
        super().__init__(*faults)
        self.faults = list(faults)

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


class ProblemError(ValueError):
    """What is wrong with a value, and what to write instead, raised where its place is unknown."""

    def __init__(self, problem: Message, remedy: Message, rule: str = ""):
        super().__init__(problem, remedy, rule)
        self.problem, self.remedy, self.rule = problem, remedy, rule

    def __str__(self) -> str:
        return str(sentence(self.problem, self.remedy))

    def at(self, path: str, line: int | None, key: str) -> Fault:
        """The fault of the value in its place."""
        return Fault(path, line, key, self.problem, self.remedy, self.rule)
