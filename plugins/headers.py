"""The reading of a text's header by its schema, with the line of each fault.

A header is YAML between two `---` lines. Every value is read as the writer typed it: YAML's own
guesses (`no` is False, `2012-03-01` a date, `12:30` a number) never apply.
"""

import difflib
import re
from dataclasses import dataclass, field

import yaml

from plugins import aliases, partial_dates
from plugins.faults import Fault
from plugins.header_schema import DIGEST, KINDS, SLUG, SLUG_LENGTH, Key, quote, typed

# libyaml reads a header ten times as fast; it is absent where PyYAML had to be compiled without.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Header:
    """The values of a header by key, and the line of each key (counted from 1 in the file)."""

    values: dict = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


def split(text: str) -> tuple[list[str], str, int]:
    """Part a file's text into the header's lines, the body, and the body's first line number.

    Raises ValueError, with `problem; remedy` as its message, where there is no header.
    """
    lines = text.split("\n")
    if not text.strip():
        raise ValueError("the file is empty; start it with ---, then title: and a text, then ---")
    if lines[0].rstrip() != "---":
        raise ValueError(
            "the first line is not ---; write --- alone on the very first line, above the title"
        )
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            return lines[1:number], "\n".join(lines[number + 1 :]), number + 2
    raise ValueError("the header never ends; write --- alone on the line after its last key")


def read(
    lines: list[str], kind: str, path: str, *, translation: bool
) -> tuple[Header, list[Fault]]:
    """Read the lines between the two `---` of a text of `kind` (a key of KINDS).

    `path` goes into the faults. `translation` tells that the file translates another, whose shared
    keys it may not repeat.
    """
    faults: list[Fault] = []
    header = Header()
    keys = {key.name: key for key in KINDS[kind]}
    for name, node, number in _entries(lines, path, faults):
        key = keys.get(name)
        if key is None:
            problem = f"no {kind} has this key"
            faults.append(Fault(path, number, name, problem, _nearest(name, keys), "header-key"))
        elif name in header.lines:
            first = header.lines[name]
            problem, remedy = f"it is already on line {first}", "keep one of the two"
            faults.append(Fault(path, number, name, problem, remedy, "header-key"))
        elif translation and key.shared:
            remedy = "remove this line: a translation takes it from the text it translates"
            problem = "it belongs to the original"
            faults.append(Fault(path, number, name, problem, remedy, "header-key"))
        else:
            header.lines[name] = number
            try:
                header.values[name] = _value(key, node)
            except ValueError as error:
                problem, _, remedy = str(error).partition("; ")
                remedy = remedy or f"write for example {typed(key, key.example)}"
                faults.append(Fault(path, number, name, problem, remedy, "header-value"))
    for key in keys.values():
        if key.required and key.name not in header.lines and not (translation and key.shared):
            remedy = f"add a line such as {typed(key, key.example)}"
            faults.append(Fault(path, 1, key.name, "it is missing", remedy, "header-missing"))
    return header, faults


def _nearest(name: str, keys: dict[str, Key]) -> str:
    near = difflib.get_close_matches(name.lower(), keys, n=1)
    if near:
        return f"did you mean {near[0]}?"
    return f"remove it, or use one of {', '.join(sorted(keys))}"


_PLAIN = re.compile(r"([^\s:#][^:]*):[ \t]+(.*?)\s*$")
_OPENING = "\"'[{|>"
_RESERVED = "&*!%@`"


def _quoted(line: str, number: int, path: str, faults: list[Fault]) -> str:
    """The line with its value in quotes where YAML would misread it, and the fault that says so."""
    match = _PLAIN.match(line)
    if not match or not match[2] or match[2][0] in _OPENING or match[2].startswith("#"):
        return line
    key, value = match[1], match[2]
    if " #" in value:
        problem = "what follows # would not be read"
    elif re.search(r":(\s|$)", value):
        problem = "the value holds a colon, which YAML reads as another key"
    elif value[0] in _RESERVED:
        problem = f"the value begins with {value[0]}, which YAML keeps for itself"
    else:
        return line
    quoted = quote(value)
    remedy = f"put the value in quotes: {key}: {quoted}"
    faults.append(Fault(path, number, key, problem, remedy, "header-quotes"))
    return f"{key}: {quoted}"


def _entries(lines: list[str], path: str, faults: list[Fault]):
    """Yield (key, value node, line number) of a header; what cannot be read becomes a fault."""
    source = "\n".join(
        _quoted(line, number, path, faults) for number, line in enumerate(lines, start=2)
    )
    try:
        root = yaml.compose(source, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        number = min(mark.line + 2 if mark else 1, len(lines) + 1)
        line = lines[number - 2].strip() if 2 <= number <= len(lines) + 1 else ""
        remedy = "write each key as key: value, with a value that holds signs in quotes"
        name = line.partition(":")[0] if ":" in line else "header"
        problem = f"it cannot be read ({error.problem})"
        faults.append(Fault(path, number, name, problem, remedy, "header"))
        return
    except yaml.YAMLError as error:
        problem = f"it cannot be read ({str(error).splitlines()[0]})"
        faults.append(Fault(path, 1, "header", problem, "type the header again"))
        return
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        problem = "it holds no key"
        faults.append(Fault(path, 2, "header", problem, "write lines such as title: Le Mixeur"))
        return
    for key_node, value_node in root.value:
        yield str(key_node.value), value_node, key_node.start_mark.line + 2


def _value(key: Key, node: yaml.Node):
    """What a key's value means. Raises ValueError("problem; remedy") where it means nothing."""
    if key.type == "list":
        return _list(node)
    if key.type == "addresses":
        return [aliases.normalised(item) for item in _list(node)]
    if key.type == "links":
        return _links(node)
    text = " ".join(_scalar(node).split())
    if text:
        return _READERS[key.type](key, text)
    if key.required or key.type not in ("text", "file"):
        raise ValueError("it is empty")
    return None


def _list(node: yaml.Node) -> list[str]:
    if isinstance(node, yaml.SequenceNode):
        items = [_scalar(item) for item in node.value]
    else:
        items = _scalar(node).split(",")
    items = [" ".join(item.split()) for item in items]
    if not all(items):
        raise ValueError("it holds an empty item")
    return items


def _text(_key: Key, text: str) -> str:
    return text


def _date(key: Key, text: str) -> partial_dates.PartialDate:
    try:
        return partial_dates.parse(text)
    except ValueError as error:
        raise ValueError(
            f"{error}; write year-month-day, as in {key.name}: 2012-03-24, "
            "or as much as is known: 2012-03, 2012, end of 2012"
        ) from error


def _whole_number(_key: Key, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise ValueError(f"“{text}” is not a whole number")
    return int(text)


def _choice(key: Key, text: str) -> str:
    if text in key.choices:
        return text
    near = difflib.get_close_matches(text.lower(), key.choices, n=1)
    remedy = f"did you mean {near[0]}?" if near else f"use one of {', '.join(key.choices)}"
    raise ValueError(f"“{text}” is not known; {remedy}")


def _slug(_key: Key, text: str) -> str:
    if SLUG.fullmatch(text) and len(text) <= SLUG_LENGTH:
        return text
    raise ValueError(
        f"“{text}” cannot stand in an address; use only a to z, 0 to 9 and single hyphens, "
        f"{SLUG_LENGTH} at most"
    )


def _digest(_key: Key, text: str) -> str:
    if DIGEST.fullmatch(text):
        return text
    raise ValueError(
        f"“{text}” is not what the command writes; put the line back as ./inv translate wrote it, "
        "or remove it"
    )


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
_READERS = {
    "text": _text,
    "file": _text,
    "date": _date,
    "whole number": _whole_number,
    "choice": _choice,
    "slug": _slug,
    "digest": _digest,
}


def _scalar(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise ValueError("it takes one value, not a list or several keys")
    if _CONTROL.search(node.value):
        raise ValueError("it holds a control character; type it again")
    # YAML's null is what a writer leaves empty.
    return "" if node.value in ("~", "null") and node.style is None else node.value.strip()


def _links(node: yaml.Node) -> dict[str, str]:
    if isinstance(node, yaml.ScalarNode) and not node.value:
        return {}
    if not isinstance(node, yaml.MappingNode):
        raise ValueError("it takes names with their addresses; write le-progres: https://…")
    links = {}
    for name_node, address_node in node.value:
        name, address = _scalar(name_node), _scalar(address_node)
        if address and not re.fullmatch(r"(?:https?://|mailto:|tel:)\S+", address):
            raise ValueError(f"“{address}”, of {name}, is not an address; write https://…")
        links[name] = address
    return links
