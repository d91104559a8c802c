"""Convert findings and schemas to JSON."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from engine.checking.finding import Finding, Severity
from engine.faults import Fault
from engine.languages import LANGUAGES, MAIN_LANGUAGE
from engine.messages.catalogue import message_language
from engine.settings import site_schema
from engine.texts.content_files import THEMES_FILE
from engine.texts.documents import Document
from engine.texts.header_schema import KINDS
from engine.texts.header_schema import Key as HeaderKey
from engine.texts.translations import STAMP
from engine.web.form_values import SETTINGS
from engine.writing.header_reference import french

_PAGE_FOLDER = Path(__file__).parent / "page"
# The block of a key in the form of a text: "first" above it, "main" below, else "more".
_FIRST = {"title"}
_MAIN = {
    *("date", "project", "tags", "summary", "status", "definition", "projects"),
    *("start", "end", "place", "role"),
}
# Rules that report a summary at another line, if there is none.
_ABOUT_THE_SUMMARY = {"summary-missing", "description-twice"}
# What a file's name or a command gives.
_BY_COMMAND = {"lang", STAMP}
# The control says by itself how a value is given.
_WITHOUT_EXAMPLE = {"date", "list", "file", "links", "whole number", "small number"}
# The choice that holds without the line.
_STANDARD = {
    "status": "published",
    "template": "page",
    "hsts_preload": "no",
    "messages": MAIN_LANGUAGE,
    "portfolio": "no",
    "text_and_data_mining": "reserved",
    "publication.mode": "symlink",
}


def findings(
    found: Iterable[Finding | Fault],
    shown_folder: str,
    documents: Mapping[str, Document] | None = None,
) -> list[dict]:
    """Convert findings and faults of texts; `documents` are those that were read, by source."""
    return [_finding(each, shown_folder, documents or {}) for each in found]


def _finding(found: Finding | Fault, shown_folder: str, documents: Mapping[str, Document]) -> dict:
    source = found.path.removeprefix(f"{shown_folder}/")
    document = documents.get(source)
    first = document and document.body_line
    is_of_body = document is not None and found.line is not None and found.line >= first
    return {
        "severity": getattr(found, "severity", Severity.FAULT).value,
        "source": source,
        "line": found.line,
        "body_line": found.line - first + 1 if is_of_body else None,
        "key": "" if is_of_body else found.key or _key_of(found, document),
        "rule": found.rule or found.key,
        "problem": str(found.problem),
        "remedy": str(found.remedy),
        # What the owner may accept, and the list that needs another line.
        "word": found.problem.values.get("word", "") if found.rule == "spelling" else "",
        "list": THEMES_FILE if document and is_unnamed_theme(found) else "",
    }


def is_unnamed_theme(found: Finding | Fault) -> bool:
    """Whether a theme of a text lacks its English name, or seems to."""
    return (found.rule, found.key) == ("theme", "tags")


def _key_of(found: Finding | Fault, document: Document | None) -> str:
    """Return the key that a finding in a header is about, "" if it is about none."""
    if found.rule in _ABOUT_THE_SUMMARY:
        return "summary"
    lines = document.lines if document else {}
    return next((key for key, line in lines.items() if line == found.line), "")


def schemas() -> dict[str, dict]:
    """Convert the keys of every kind of text and of `site.yml` that a form has."""
    kinds = {
        kind: {"keys": [_header_key(key) for key in keys if key.name not in _BY_COMMAND]}
        for kind, keys in KINDS.items()
    }
    # An incomplete site is built: the checks ask for what a publication needs.
    keys = [
        _key(name, key) | {"required": False, "shared": False} | _block(name)
        for name, key in site_schema.KEYS.items()
    ]
    return {**kinds, SETTINGS: {"keys": keys}}


@cache
def _words(lang: str) -> dict[str, str]:
    """Map words of the schemas, which are French, to a language of messages."""
    return json.loads((_PAGE_FOLDER / f"{lang}.json").read_text("utf-8"))


def _said(text: str) -> str:
    """Return words of a schema in the language of messages."""
    words = french(text)
    return _words(message_language()).get(words, words)


def _header_key(key: HeaderKey) -> dict:
    block = "first" if key.name in _FIRST else "main" if key.name in _MAIN else "more"
    return _key(key.name, key) | {"required": key.required, "shared": key.shared, "block": block}


def _key(name: str, key: HeaderKey | site_schema.Key) -> dict:
    choices = [{"value": each, "meaning": _said(words)} for each, words in key.choices.items()]
    has_example = not choices and key.type not in _WITHOUT_EXAMPLE
    return {
        "name": name,
        "type": key.type,
        "meaning": _said(key.meaning),
        "example": " ".join(key.example.split()) if has_example else "",
        "choices": choices,
        "standard": _STANDARD.get(name, ""),
    }


def _block(name: str) -> dict:
    block, _dot, last = name.rpartition(".")
    if not block:
        return {"block": "first"}
    said = {"block": block, "block_meaning": _said(site_schema.BLOCKS[block].meaning)}
    if last in LANGUAGES:
        # The key of a language means what its block does, and its name says which it is.
        said["meaning"] = ""
    return said
