"""Describe a fault of a text, a setting or a page: its place, the problem and the remedy."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce


class Message:
    """A sentence with named parameters: `Message("there is no file {file}", file=path)`.

    A gettext catalogue translates `text` as a whole. A literal brace in it is doubled. A value may
    be a message.
    """

    def __init__(self, text: str, /, **values: object):
        self.text, self.values = text, values

    def __str__(self) -> str:
        return self.text.format_map(self.values)

    def __repr__(self) -> str:
        return f"Message({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


def join_messages(parts: Iterable[object]) -> Message:
    """Join messages or values: “one and another”. Raises TypeError if `parts` is empty."""
    return reduce(lambda one, other: Message("{one} and {other}", one=one, other=other), parts)


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
        return f"{place}: {self.key}: {self.problem}; {self.remedy}"


class FaultsError(Exception):
    """A command stopped, with all its faults; its previous output is unchanged."""

    def __init__(self, *faults: Fault):
        super().__init__("\n".join(map(str, faults)))
        self.faults = list(faults)


class ProblemError(ValueError):
    """The problem and the remedy of a value, raised by code that does not know its place."""

    def __init__(self, problem: Message, remedy: Message, rule: str = ""):
        super().__init__(f"{problem}; {remedy}")
        self.problem, self.remedy, self.rule = problem, remedy, rule

    def at(self, path: str, line: int | None, key: str) -> Fault:
        """Return the fault of the value at its place."""
        return Fault(path, line, key, self.problem, self.remedy, self.rule)
