"""Describe a fault of a text, a setting or a page: its place, the problem and the remedy."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from engine.messages.catalogue import translate


class Message:
    """A sentence with named parameters: `Message("there is no file {file}", file=path)`.

    A catalogue of `engine/messages/` translates `text` as a whole. A literal brace in it is
    doubled. A value may be a message. `str` gives it in the language of messages.
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
    """Return the reason that the system gives, in the language of messages if it is known."""
    return _SYSTEM_REASONS.get(error.strerror, error.strerror)


def join_messages(parts: Iterable[object]) -> Message:
    """Join messages or values: “one and another”. Raises TypeError if `parts` is empty."""
    return reduce(lambda one, other: Message("{one} and {other}", one=one, other=other), parts)


def sentence(problem: Message, remedy: Message) -> Message:
    """Join a problem and its remedy in one line."""
    return Message("{problem}; {remedy}", problem=problem, remedy=remedy)


@dataclass(frozen=True)
class Fault:
    """A mistake that a writer has to fix.

    `path` is shown unchanged, relative to the current folder. `line` counts from 1; it is None if
    the fault concerns the whole file. `key` is a key of the header or the name of a rule.
    """

    path: str
    line: int | None
    key: str
    problem: Message
    remedy: Message
    # The name in `./inv check` and docs/verifications.md, if `key` is not the name of a rule.
    rule: str = ""

    @property
    def sort_key(self) -> tuple[str, int, str]:
        """Sort by file, then line."""
        return (self.path, self.line or 0, self.key)

    def __str__(self) -> str:
        """Return `path:line: key: problem; remedy`, a form that editors make clickable."""
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.key}: {sentence(self.problem, self.remedy)}"


class FaultsError(Exception):
    """A command stopped, with all its faults; its previous output is unchanged."""

    def __init__(self, *faults: Fault):
        super().__init__(*faults)
        self.faults = list(faults)

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


class ProblemError(ValueError):
    """The problem and the remedy of a value, raised by code that does not know its place."""

    def __init__(self, problem: Message, remedy: Message, rule: str = ""):
        super().__init__(problem, remedy, rule)
        self.problem, self.remedy, self.rule = problem, remedy, rule

    def __str__(self) -> str:
        return str(sentence(self.problem, self.remedy))

    def at(self, path: str, line: int | None, key: str) -> Fault:
        """Return the fault of the value at its place."""
        return Fault(path, line, key, self.problem, self.remedy, self.rule)


def unreadable_file_error(error: OSError) -> ProblemError:
    """Return the error of a file that the system does not let be read."""
    problem = Message("it cannot be read ({reason})", reason=system_reason(error))
    return ProblemError(problem, Message("fix its permissions"))


def unread_file_fault(error: OSError | UnicodeDecodeError, path: str, key: str) -> Fault:
    """Return the fault of a file that cannot be read, or is not UTF-8: at the line that is not."""
    if isinstance(error, OSError):
        return unreadable_file_error(error).at(path, None, key)
    line = error.object[: error.start].count(b"\n") + 1
    return foreign_letters_error().at(path, line, key)


def foreign_letters_error() -> ProblemError:
    """Return the error of a file that is not UTF-8."""
    problem = Message("its letters are not UTF-8")
    return ProblemError(problem, Message("save it again with the encoding UTF-8"))
