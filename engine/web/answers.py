"""Convert findings and schemas to JSON."""

from collections.abc import Iterable, Mapping

from engine.checking.finding import Finding, Severity
from engine.faults import Fault
from engine.languages import LANGUAGES
from engine.settings import site_schema
from engine.texts.header_schema import KINDS
from engine.texts.header_schema import Key as HeaderKey
from engine.typography.typography import typeset
from engine.web.form_values import SETTINGS
from engine.writing.header_reference import french


def findings(
    found: Iterable[Finding | Fault], shown_folder: str, body_lines: Mapping[str, int] | None = None
) -> list[dict]:
    """Convert findings and faults; `body_lines` gives the first line of the body of a source."""
    return [_finding(each, shown_folder, body_lines or {}) for each in found]


def _finding(found: Finding | Fault, shown_folder: str, body_lines: Mapping[str, int]) -> dict:
    source = found.path.removeprefix(f"{shown_folder}/")
    first = body_lines.get(source)
    is_of_body = first is not None and found.line is not None and found.line >= first
    return {
        "severity": getattr(found, "severity", Severity.FAULT).value,
        "source": source,
        "line": found.line,
        "body_line": found.line - first + 1 if is_of_body else None,
        "key": "" if is_of_body else found.key,
        "rule": found.rule or found.key,
        "problem": str(found.problem),
        "remedy": str(found.remedy),
    }


def schemas() -> dict[str, dict]:
    """Convert the keys of every kind of text and of `site.yml`."""
    kinds = {
        kind: {"keys": [_header_key(key) for key in keys if key.name != "lang"]}
        for kind, keys in KINDS.items()
    }
    keys = [
        _key(name, key) | {"required": not key.is_optional, "shared": False} | _block(name)
        for name, key in site_schema.KEYS.items()
    ]
    return {**kinds, SETTINGS: {"keys": keys}}


def _header_key(key: HeaderKey) -> dict:
    return _key(key.name, key) | {"required": key.required, "shared": key.shared, "block": ""}


def _key(name: str, key: HeaderKey | site_schema.Key) -> dict:
    choices = [{"value": each, "meaning": french(words)} for each, words in key.choices.items()]
    return {
        "name": name,
        "type": key.type,
        "meaning": french(key.meaning),
        "example": key.example,
        "choices": choices,
    }


def _block(name: str) -> dict:
    block, _dot, last = name.rpartition(".")
    if not block:
        return {"block": ""}
    said = {"block": block, "block_meaning": french(site_schema.BLOCKS[block].meaning)}
    if last in LANGUAGES:
        # The key of a language means what its block does.
        said["meaning"] = typeset(LANGUAGES[last].name, last)
    return said
