"""A fault: what is wrong in a text, a setting or a page, where, and what to write instead."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that a writer has to fix.

    `path` is shown as it stands, relative to where the writer works; `line` counts from 1, or is
    None if the fault belongs to the whole file; `key` names the header's key or the rule.
    """

    path: str
    line: int | None
    key: str
    problem: str
    remedy: str
    # What `./inv check` and docs/verifications.md call it, where `key` is no rule's name.
    rule: str = ""

    @property
    def sort_key(self) -> tuple[str, int, str]:
        """Sort by file, then line."""
        return (self.path, self.line or 0, self.key)

    def __str__(self) -> str:
        """`path:line: key: what is wrong; what to write`, the form that editors make clickable."""
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.key}: {self.problem}; {self.remedy}"
