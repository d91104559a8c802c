"""A finding: its place, its severity, the problem and the remedy."""

from dataclasses import dataclass
from enum import StrEnum

from engine.faults import Fault, Message, sentence


class Severity(StrEnum):
    """The severity of a finding: only a fault fails the check."""

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
    """One finding; `path` is relative to the project's folder.

    `line` counts from 1, and is 1 if the finding concerns the whole file. `rule` is a name of
    `engine.checking.rules.RULES`. `key` is the key of a fault, else "".
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
        """Convert a fault to a finding."""
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
        """Format as `path:line: key: problem; remedy [rule]`.

        A warning or advice has its severity in place of the key.
        """
        is_named = self.severity is Severity.FAULT and self.key
        name = self.key if is_named else _SEVERITIES[self.severity]
        said = sentence(self.problem, self.remedy)
        return f"{self.path}:{self.line}: {name}: {said} [{self.rule}]"
