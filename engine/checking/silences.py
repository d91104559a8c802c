"""Silences: findings that the writer accepts, each with its reason.

`silences.yml`, beside the texts, is a list:

    - rule: image-heavy
      file: images/affiche.png
      text: affiche        # optional: only the findings whose message holds this
      reason: "Imprimée en grand par le musée."
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from engine.characters import compose_letters, decode_text
from engine.checking.finding import Finding
from engine.checking.rules import PAGE_RULES, RULES, new_finding
from engine.faults import Message, sentence
from engine.texts.content_files import SILENCES_FILE

_KEYS = ("rule", "file", "text", "reason")
_EXAMPLE = Message(
    'write - rule: spelling, then file: articles/a.md and reason: "…" on lines of their own'
)


@dataclass(frozen=True)
class Silence:
    """One entry of the file: it hides findings of `rule` in `file` whose message holds `text`."""

    line: int
    rule: str
    # Relative to the content folder, or as findings show it.
    file: str
    text: str = ""
    reason: str = ""

    def covers(self, finding: Finding, files: set[str]) -> bool:
        """Whether the silence hides a finding, whose file has one of the names `files`."""
        words = str(sentence(finding.problem, finding.remedy))
        is_in_file = self.file in {compose_letters(file) for file in files}
        return self.rule == finding.rule and is_in_file and self.text in compose_letters(words)


class Silences:
    """The silences of a content folder, and the findings about the file itself."""

    def __init__(self, folder: Path, shown_folder: str):
        self.shown_folder = shown_folder
        self.shown_path = f"{shown_folder}/{SILENCES_FILE}"
        self.findings: list[Finding] = []
        self.silences: list[Silence] = []
        self._used: set[Silence] = set()
        path = folder / SILENCES_FILE
        if path.is_file():
            self._read(path)

    def apply(self, findings: list[Finding], sources: Mapping[str, str] | None = None):
        """Return the findings that no silence covers; `sources` maps a page to its text."""
        return [finding for finding in findings if not self._is_silenced(finding, sources or {})]

    def unused(self, *, with_pages: bool = False) -> list[Finding]:
        """Return a finding for each silence that has hidden nothing.

        Silences of page rules are omitted unless the pages were checked.
        """
        problem = Message("it silences nothing")
        remedy = Message("remove it, or fix its rule, file and text")
        return [
            self._found("silence-unused", silence.line, problem, remedy)
            for silence in self.silences
            if silence not in self._used and (with_pages or silence.rule not in PAGE_RULES)
        ]

    def _is_silenced(self, finding: Finding, sources: Mapping[str, str]) -> bool:
        files = {finding.path, finding.path.removeprefix(f"{self.shown_folder}/")}
        files |= {sources.get(finding.path, finding.path)}
        covering = [silence for silence in self.silences if silence.covers(finding, files)]
        self._used.update(covering)
        return bool(covering)

    def _found(self, rule: str, line: int, problem: Message, remedy: Message) -> Finding:
        return new_finding(rule, self.shown_path, line, problem, remedy)

    def _read(self, path: Path) -> None:
        try:
            root = yaml.compose(decode_text(path.read_bytes()), Loader=yaml.SafeLoader)
        except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            problem = Message("it cannot be read")
            self.findings.append(self._found("silence", line, problem, _EXAMPLE))
            return
        if root is None:
            return
        if not isinstance(root, yaml.SequenceNode):
            problem = Message("it holds no list")
            self.findings.append(self._found("silence", 1, problem, _EXAMPLE))
            return
        for entry in root.value:
            self._read_entry(entry)

    def _read_entry(self, entry: yaml.Node) -> None:
        line = entry.start_mark.line + 1
        if not isinstance(entry, yaml.MappingNode) or not all(
            isinstance(node, yaml.ScalarNode) for pair in entry.value for node in pair
        ):
            problem = Message("an entry is unclear")
            self.findings.append(self._found("silence", line, problem, _EXAMPLE))
            return
        said = {key.value: value.value.strip() for key, value in entry.value}
        if complaint := _wrong_entry(said):
            self.findings.append(self._found("silence", line, *complaint))
        elif not said.get("reason"):
            problem = Message(
                "the silence of {rule} in {file} has no reason",
                rule=said["rule"],
                file=said["file"],
            )
            remedy = Message('add a line such as reason: "…"; without one it silences nothing')
            self.findings.append(self._found("silence-without-reason", line, problem, remedy))
        else:
            self.silences.append(Silence(line, **said))


def _wrong_entry(said: dict[str, str]) -> tuple[Message, Message] | None:
    """Return the problem and the remedy of an invalid entry, None for a valid one."""
    for key in said:
        if key not in _KEYS:
            problem = Message("“{key}” is no key of a silence", key=key)
            return problem, Message("use {keys}", keys=", ".join(_KEYS))
    if not said.get("rule") or not said.get("file"):
        return Message("an entry lacks its rule or its file"), _EXAMPLE
    rule = RULES.get(said["rule"])
    if rule is None:
        remedy = Message("take one of docs/verifications.md")
        if near := difflib.get_close_matches(said["rule"], RULES, n=1):
            remedy = Message("did you mean {rule}?", rule=near[0])
        return Message("no rule is called “{rule}”", rule=said["rule"]), remedy
    if not rule.can_be_silenced:
        problem = Message("{rule} cannot be silenced", rule=said["rule"])
        return problem, Message("fix what it reports: the site could not be built")
    return None
