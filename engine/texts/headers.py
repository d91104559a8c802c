"""Parse the header of a text by its schema; report each fault with its line.

A header is YAML between two `---` lines. Each value stays a string: YAML's implicit types (`no` is
False, `2012-03-01` a date, `12:30` a number) never apply.
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from engine.characters import FORBIDDEN
from engine.faults import Fault, Message, ProblemError
from engine.texts import aliases, partial_dates
from engine.texts.header_mistakes import YAML_LOADER, correct_lines, split_keys
from engine.texts.header_schema import DIGEST, KINDS, NULLS, SLUG, SLUG_LENGTH, Key, header_line
from engine.texts.unknown_keys import remedy_of_unknown_key

# The key of a translation that holds the digest of its original.
STAMP = "translated_from"
# Values of `status` that hide a text in other programs, or in French.
_HIDDEN = re.compile(
    r"(?:un|non|not|no|dé|de|pas|in|hidden|private|privé|brouillon|wip|pending|future|false|archiv)",
    re.IGNORECASE,
)


# Lines typed in place of ---, or made of it by a word processor.
_RULE = re.compile(r"[-–—_=]{1,}|\.\.\.|\+\+\+")


class HeaderError(ProblemError):
    """The problem and the remedy of a file whose header cannot be found, with the line."""

    def __init__(self, line: int, problem: Message, remedy: Message, rule: str = "header"):
        super().__init__(problem, remedy, rule)
        self.line = line


_KINDS = {
    "article": Message("article"),
    "project": Message("project"),
    "page": Message("page"),
    "home": Message("home page"),
}


@dataclass
class Header:
    """The values of a header by key, and the line of each key (from 1 in the file)."""

    values: dict = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    # The keys that have a fault, by their right names.
    unread: set[str] = field(default_factory=set)


def split_header(text: str) -> tuple[list[str], str, int]:
    """Split a file into the lines of the header, the body, and the first line of the body.

    Raises HeaderError if there is no header.
    """
    lines = text.split("\n")
    if not text.strip():
        raise HeaderError(
            1,
            Message("the file is empty"),
            Message("start it with ---, then title: and a text, then ---"),
        )
    if lines[0].rstrip() != "---":
        remedy = Message("write --- alone on the very first line, above the title")
        if _RULE.fullmatch(lines[0].strip()):
            remedy = Message("write --- alone on the very first line")
        raise HeaderError(1, Message("the first line is not ---"), remedy)
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            return lines[1:number], "\n".join(lines[number + 1 :]), number + 2
    for number, line in enumerate(lines[1:], start=2):
        if _RULE.fullmatch(line.strip()):
            problem = Message("the header never ends: “{line}” is not ---", line=line.strip())
            raise HeaderError(number, problem, Message("write --- alone on this line"))
    raise HeaderError(
        _last_header_line(lines),
        Message("the header never ends"),
        Message("write --- alone on the line after its last key"),
    )


def _last_header_line(lines: list[str]) -> int:
    """Return the number of the last line with a key, before the first empty line."""
    last = 1
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            break
        if re.match(r"[\w-]+[ \t]*:", line):
            last = number
    return last


def parse_header(
    lines: list[str], kind: str, path: str, *, translation: bool, lost_original: str = ""
) -> tuple[Header, list[Fault]]:
    """Parse the lines between the two `---` of a text of `kind` (a key of KINDS).

    `path` is shown in faults. If `translation` is true, the file translates another and may not
    repeat its shared keys. `lost_original` is the file of a missing original.
    """
    faults: list[Fault] = []
    header = Header()
    keys = {key.name: key for key in KINDS[kind]}
    # Values under a name that is not that of their key.
    renamed: dict[str, tuple[yaml.Node | None, int]] = {}
    for name, node, number in _entries(lines, keys, path, faults):
        if name not in keys:
            remedy, meant = remedy_of_unknown_key(name, node, keys)
            header.unread.add(meant)
            renamed.setdefault(meant, (node, number))
            problem = Message("no {kind} has this key", kind=_KINDS[kind])
            faults.append(Fault(path, number, name, problem, remedy, "header-key"))
        elif name in header.lines:
            first = header.lines[name]
            problem = Message("it is already on line {line}", line=first)
            remedy = Message("keep one of the two")
            faults.append(Fault(path, number, name, problem, remedy, "header-key"))
        elif translation and keys[name].shared:
            problem = Message("it belongs to the original")
            remedy = Message("remove this line: a translation takes it from the text it translates")
            faults.append(Fault(path, number, name, problem, remedy, "header-key"))
        else:
            header.lines[name] = number
            if node is not None:
                _set_value(header, keys[name], node, path, faults)
    # Without them, what is said of the text would be wrong too.
    for name in ("title", "date", "summary"):
        node, number = renamed.get(name, (None, 0))
        if (
            node is not None
            and name not in header.lines
            and not (translation and keys[name].shared)
        ):
            header.lines[name] = number
            _set_value(header, keys[name], node, path, [])
    if lost_original and STAMP in header.lines:
        problem = Message(
            "the French text {original}, which it translates, is not there", original=lost_original
        )
        remedy = Message("put {original} back, or remove this file too", original=lost_original)
        faults.append(Fault(path, header.lines[STAMP], STAMP, problem, remedy, "header-missing"))
        header.unread |= {name for name, key in keys.items() if key.shared}
    there = {*header.lines, *header.unread}
    missing = [
        key
        for key in keys.values()
        if key.required and key.name not in there and not (translation and key.shared)
    ]
    faults += [_missing(path, key, lost_original) for key in missing]
    header.unread |= {key.name for key in missing}
    return header, faults


def _set_value(header: Header, key: Key, node: yaml.Node, path: str, faults: list[Fault]) -> None:
    """Set the value of a key, or add a fault if it is invalid."""
    try:
        header.values[key.name] = _parse_value(key, node)
    except ProblemError as error:
        header.unread.add(key.name)
        line = header.lines[key.name]
        faults.append(Fault(path, line, key.name, error.problem, error.remedy, "header-value"))
        if key.type == "links" and isinstance(node, yaml.MappingNode):
            # The links of the text with these names are not reported too.
            header.values[key.name] = {str(name.value): None for name, _address in node.value}


def _missing(path: str, key: Key, lost_original: str) -> Fault:
    problem = Message("it is missing")
    if lost_original and key.shared:
        problem = Message(
            "it is missing, and there is no {original} to take it from", original=lost_original
        )
    remedy = Message("add a line such as {line}", line=header_line(key, key.example))
    return Fault(path, 1, key.name, problem, remedy, "header-missing")


def _entries(
    lines: list[str], keys: dict[str, Key], path: str, faults: list[Fault]
) -> Iterator[tuple[str, yaml.Node | None, int]]:
    """Yield (key, value node, line number) of a header; invalid YAML becomes a fault.

    The node of an invalid value is None.
    """
    meant = []
    for number, (line, mistake) in enumerate(correct_lines(lines, keys), start=2):
        meant.append(line)
        if mistake:
            faults.append(
                Fault(path, number, mistake.key, mistake.problem, mistake.remedy, mistake.rule)
            )
    try:
        yield from _entries_of(yaml.compose("\n".join(meant), Loader=YAML_LOADER), 2)
        return
    except (yaml.YAMLError, _NoKeyError):
        pass
    # Each key alone: the fault has the line of its key, and the other keys are read.
    if not any(":" in line for line in meant if not line.startswith("#")):
        problem = Message("it holds no key")
        remedy = Message("write lines such as title: Un lieu pour essayer")
        faults.append(Fault(path, 2, "header", problem, remedy))
        return
    for place, block in split_keys(meant):
        try:
            yield from _entries_of(yaml.compose("\n".join(block), Loader=YAML_LOADER), place + 2)
        except yaml.YAMLError:
            name = block[0].partition(":")[0].strip()
            remedy = Message("write each key as key: value")
            if name in keys:
                line = header_line(keys[name], keys[name].example)
                remedy = Message("write it as in {line}", line=line)
                yield name, None, place + 2
            problem = Message("a quote, a bracket, a colon or a space is not in its place")
            key = name if re.fullmatch(r"[\w-]+", name) else "header"
            faults.append(Fault(path, place + 2, key, problem, remedy, "header"))
        except _NoKeyError:
            problem = Message("“{line}” is no key with its value", line=block[0].strip())
            remedy = Message("remove the line, or write it as key: value")
            faults.append(Fault(path, place + 2, "header", problem, remedy, "header"))


class _NoKeyError(Exception):
    """YAML without any key."""


def _entries_of(root: yaml.Node | None, first_line: int) -> Iterator[tuple[str, yaml.Node, int]]:
    """Yield the keys of a header or of a part of it; `first_line` is its line in the file."""
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        raise _NoKeyError
    for key_node, value_node in root.value:
        name = " ".join(str(key_node.value).split()) if key_node.tag else ""
        yield name, value_node, key_node.start_mark.line + first_line


def _parse_value(key: Key, node: yaml.Node):
    """Parse the value of a key. Raises ProblemError if it is invalid."""
    if key.type == "list":
        return _parse_list(key, node)
    if key.type == "addresses":
        return [aliases.normalise_alias(item) for item in _parse_list(key, node)]
    if key.type == "links":
        return _parse_links(key, node)
    text = " ".join(_scalar_text(key, node).split())
    if text:
        return _PARSERS[key.type](key, text)
    if key.required or key.type not in ("text", "file", "theme"):
        raise ProblemError(Message("it is empty"), _example(key))
    return None


def _example(key: Key) -> Message:
    return Message("write for example {line}", line=header_line(key, key.example))


def _parse_list(key: Key, node: yaml.Node) -> list[str]:
    if isinstance(node, yaml.SequenceNode):
        items = [_scalar_text(key, item) for item in node.value]
    else:
        text = _scalar_text(key, node)
        items = [item.strip(' "') for item in text.split(",")] if text else []
    items = [" ".join(item.split()) for item in items]
    if not all(items):
        raise ProblemError(Message("it holds an empty item"), _example(key))
    return items


def _parse_text(_key: Key, text: str) -> str:
    return text


def _parse_date(key: Key, text: str) -> partial_dates.PartialDate:
    return partial_dates.parse_date(text, key.name)


def _parse_whole_number(key: Key, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise ProblemError(Message("“{value}” is not a whole number", value=text), _example(key))
    return int(text)


def _parse_choice(key: Key, text: str) -> str:
    if text in key.choices:
        return text
    near = difflib.get_close_matches(text.lower(), key.choices, n=1)
    if key.name == "status" and _HIDDEN.match(text):
        # A remedy must never publish a hidden text.
        near = ["draft"]
    remedy = Message("use one of {choices}", choices=", ".join(key.choices))
    if near:
        remedy = Message("did you mean {choice}?", choice=near[0])
    raise ProblemError(Message("“{value}” is not known", value=text), remedy)


def _parse_slug(_key: Key, text: str) -> str:
    if SLUG.fullmatch(text) and len(text) <= SLUG_LENGTH:
        return text
    raise ProblemError(
        Message("“{value}” cannot stand in an address", value=text),
        Message("use only a to z, 0 to 9 and single hyphens, {length} at most", length=SLUG_LENGTH),
    )


def _parse_digest(_key: Key, text: str) -> str:
    if DIGEST.fullmatch(text):
        return text
    raise ProblemError(
        Message("“{value}” is not what the command writes", value=text),
        Message("put the line back as ./inv translate wrote it, or remove it"),
    )


_PARSERS = {
    "text": _parse_text,
    "file": _parse_text,
    "theme": _parse_text,
    "date": _parse_date,
    "whole number": _parse_whole_number,
    "choice": _parse_choice,
    "slug": _parse_slug,
    "digest": _parse_digest,
}


def _scalar_text(key: Key, node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        problem = Message("it takes one value, not a list or several keys")
        raise ProblemError(problem, _example(key))
    if FORBIDDEN.search(node.value):
        raise ProblemError(Message("it holds a control character"), Message("type it again"))
    # A plain scalar has the style "" in libyaml, None in PyYAML's own parser.
    return "" if not node.style and node.value in NULLS else node.value.strip()


def _parse_links(key: Key, node: yaml.Node) -> dict[str, str]:
    if isinstance(node, yaml.ScalarNode) and not _scalar_text(key, node):
        return {}
    if not isinstance(node, yaml.MappingNode):
        raise ProblemError(
            Message("it takes names with their addresses"),
            _example(key),
        )
    links = {}
    for name_node, address_node in node.value:
        name, address = _scalar_text(key, name_node), _scalar_text(key, address_node)
        if address and not re.fullmatch(r"(?:https?://|mailto:|tel:)\S+", address):
            raise ProblemError(
                Message("“{address}”, of {name}, is not an address", address=address, name=name),
                Message("write https://…"),
            )
        links[name] = address
    return links
