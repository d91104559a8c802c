"""Format findings as text, as JSON, and as annotations of continuous integration."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict

from engine.checking.finding import Finding, Severity
from engine.faults import Message, sentence
from engine.messages.catalogue import is_singular

_LEVELS = {Severity.FAULT: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}


def as_text(findings: list[Finding], notes: Iterable[Message] = ()) -> str:
    """Format a line for each finding and note, then the counts; notes name skipped checks."""
    return "\n".join([*map(str, [*findings, *notes]), counted(findings)])


def as_json(findings: list[Finding], notes: Iterable[Message] = ()) -> str:
    """Format an object: `findings`, each with its fields, `notes`, `counts` by severity."""
    counts = Counter(finding.severity for finding in findings)
    document = {
        "findings": [asdict(finding) for finding in findings],
        "notes": list(notes),
        "counts": {severity.value: counts[severity] for severity in Severity},
    }
    return json.dumps(document, ensure_ascii=False, indent=2, default=str)


def as_github(findings: list[Finding], notes: Iterable[Message] = ()) -> str:
    """Format the workflow commands that GitHub and Forgejo show beside the lines.

    Their form: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    lines = [
        f"::{_LEVELS[finding.severity]} file={_property(finding.path)},line={finding.line},"
        f"title={_property(finding.rule)}::{_data(str(sentence(finding.problem, finding.remedy)))}"
        for finding in findings
    ]
    return "\n".join([*lines, *(f"::notice::{_data(str(note))}" for note in notes)])


def counted(findings: list[Finding]) -> str:
    """Return the counts by severity: “2 faults, 1 warning”."""
    counts = Counter(finding.severity for finding in findings)
    return ", ".join(
        str(_counted(severity, count))
        for severity in Severity
        if (count := counts[severity]) or severity is Severity.FAULT
    )


def _counted(severity: Severity, count: int) -> Message:
    one, many = {
        Severity.FAULT: (
            Message("{number} fault", number=count),
            Message("{number} faults", number=count),
        ),
        Severity.WARNING: (
            Message("{number} warning", number=count),
            Message("{number} warnings", number=count),
        ),
        Severity.ADVICE: (
            Message("{number} piece of advice", number=count),
            Message("{number} pieces of advice", number=count),
        ),
    }[severity]
    return one if is_singular(count) else many


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS: dict[str, Callable[[list[Finding], Iterable[Message]], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
}
