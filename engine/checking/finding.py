"""A finding: what a check found, where, how grave it is, and what to write instead."""

from dataclasses import dataclass
from enum import StrEnum

from engine.faults import Fault, Message, sentence


class Severity(StrEnum):
    """How grave a finding is: only a fault fails the check."""

    FAULT = "fault"
    WARNING = "warning"
    ADVICE = "advice"


_SEVERITIES = {
    Severity.FAULT: Message("fault"),
    Severity.WARNING: Message("warning"),
    Severity.ADVICE: Message("advice"),
}


@dataclass(frozen=True)
class Finding:
    """One thing found; `path` is shown as it stands, relative to where the writer works.

    `line` counts from 1, and is 1 if the finding belongs to the whole file; `rule` is a name of
    `engine.checking.rules.RULES`; `key` is that of a fault, "" otherwise.
    """

    path: str
    line: int
    rule: str
    severity: Severity
    problem: Message
    remedy: Message
    key: str = ""

    @classmethod
    def of_fault(cls, fault: Fault, severity: Severity = Severity.FAULT) -> "Finding":
        """The finding that a fault is."""
        return cls(
            fault.path,
            fault.line or 1,
            fault.rule or fault.key,
            severity,
            fault.problem,
            fault.remedy,
            fault.key,
        )

    @property
    def sort_key(self) -> tuple[str, int, str, str]:
        """Sort by file, then line."""
        return (self.path, self.line, self.rule, str(self.problem))

    def __str__(self) -> str:
        """`path:line: key: what is wrong; what to write [rule]`: that of a fault, with its rule.

        What is no fault says its severity in the place of the key.
        """
        is_named = self.severity is Severity.FAULT and self.key
        name = self.key if is_named else _SEVERITIES[self.severity]
        said = sentence(self.problem, self.remedy)
        return f"{self.path}:{self.line}: {name}: {said} [{self.rule}]"
