"""The reading of a text's header by its schema, with the line of each fault.

A header is YAML between two `---` lines. Every value is read as the writer typed it: YAML's own
guesses (`no` is False, `2012-03-01` a date, `12:30` a number) never apply.
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from engine.characters import FORBIDDEN
from engine.faults import Fault, Message, ProblemError
from engine.texts import aliases, partial_dates
from engine.texts.header_mistakes import LOADER, blocks, read_as_meant
from engine.texts.header_schema import DIGEST, KINDS, NULLS, SLUG, SLUG_LENGTH, Key, typed
from engine.texts.unknown_keys import remedy_of_unknown_key

# What a translation holds alone.
_STAMP = "translated_from"
# Values of `status` that say elsewhere, or in French, that nobody sees the text.
_HIDDEN = re.compile(
    r"(?:un|non|not|no|dé|de|pas|in|hidden|private|privé|brouillon|wip|pending|future|false|archiv)",
    re.IGNORECASE,
)


class HeaderError(ProblemError):
    """A file without a header that can be read: the line, what is wrong, what to write."""

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
    """The values of a header by key, and the line of each key (counted from 1 in the file)."""

    values: dict = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


def split(text: str) -> tuple[list[str], str, int]:
    """Part a file's text into the header's lines, the body, and the body's first line number.

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


# What a text program makes of ---, and what is typed for it.
_RULE = re.compile(r"[-–—_=]{1,}|\.\.\.|\+\+\+")


def _last_header_line(lines: list[str]) -> int:
    """The number of the last line that gives a key its value, before the first empty line."""
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
    """Read the lines between the two `---` of a text of `kind` (a key of KINDS).

    `path` goes into the faults. `translation` tells that the file translates another, whose shared
    keys it may not repeat; `lost_original` is the file that it would translate, where that is not
    there.
    """
    faults: list[Fault] = []
    header = Header()
    keys = {key.name: key for key in KINDS[kind]}
    # The keys whose fault is told already: they are there in another form, or cannot be.
    told: set[str] = set()
    for name, node, number in _entries(lines, keys, path, faults):
        if name not in keys:
            remedy, meant = remedy_of_unknown_key(name, node, keys)
            told.add(meant)
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
                _take_value(header, keys[name], node, path, faults)
    if lost_original and _STAMP in header.lines:
        problem = Message(
            "the French text {original}, which it translates, is not there", original=lost_original
        )
        remedy = Message("put {original} back, or remove this file too", original=lost_original)
        faults.append(Fault(path, header.lines[_STAMP], _STAMP, problem, remedy, "header-missing"))
        told |= {name for name, key in keys.items() if key.shared}
    there = {*header.lines, *told}
    faults += [
        _missing(path, key, lost_original)
        for key in keys.values()
        if key.required and key.name not in there and not (translation and key.shared)
    ]
    return header, faults


def _take_value(header: Header, key: Key, node: yaml.Node, path: str, faults: list[Fault]) -> None:
    """Give a header the value of a key, or tell why it means nothing."""
    try:
        header.values[key.name] = _value(key, node)
    except ProblemError as error:
        line = header.lines[key.name]
        faults.append(Fault(path, line, key.name, error.problem, error.remedy, "header-value"))
        if key.type == "links" and isinstance(node, yaml.MappingNode):
            # The links of the text that bear these names are no other mistakes.
            header.values[key.name] = {str(name.value): None for name, _address in node.value}


def _missing(path: str, key: Key, lost_original: str) -> Fault:
    problem = Message("it is missing")
    if lost_original and key.shared:
        problem = Message(
            "it is missing, and there is no {original} to take it from", original=lost_original
        )
    remedy = Message("add a line such as {line}", line=typed(key, key.example))
    return Fault(path, 1, key.name, problem, remedy, "header-missing")


def _entries(
    lines: list[str], keys: dict[str, Key], path: str, faults: list[Fault]
) -> Iterator[tuple[str, yaml.Node | None, int]]:
    """Yield (key, value node, line number) of a header; what cannot be read becomes a fault.

    The node is None if a key is there and its value cannot be read.
    """
    meant = []
    for number, (line, mistake) in enumerate(read_as_meant(lines, keys), start=2):
        meant.append(line)
        if mistake:
            faults.append(
                Fault(path, number, mistake.key, mistake.problem, mistake.remedy, mistake.rule)
            )
    try:
        yield from _of_node(yaml.compose("\n".join(meant), Loader=LOADER), 2)
        return
    except (yaml.YAMLError, _NoKeyError):
        pass
    # One key by itself: its fault is told at its own line, and the others are read.
    if not any(":" in line for line in meant if not line.startswith("#")):
        problem = Message("it holds no key")
        remedy = Message("write lines such as title: Un lieu pour essayer")
        faults.append(Fault(path, 2, "header", problem, remedy))
        return
    for place, block in blocks(meant):
        try:
            yield from _of_node(yaml.compose("\n".join(block), Loader=LOADER), place + 2)
        except yaml.YAMLError:
            name = block[0].partition(":")[0].strip()
            remedy = Message("write each key as key: value")
            if name in keys:
                line = typed(keys[name], keys[name].example)
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
    """YAML that holds no key."""


def _of_node(root: yaml.Node | None, first_line: int) -> Iterator[tuple[str, yaml.Node, int]]:
    """The keys of a header, or of a part of it that begins on a line of the file."""
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        raise _NoKeyError
    for key_node, value_node in root.value:
        name = " ".join(str(key_node.value).split()) if key_node.tag else ""
        yield name, value_node, key_node.start_mark.line + first_line


def _value(key: Key, node: yaml.Node):
    """What a key's value means. Raises ProblemError where it means nothing."""
    if key.type == "list":
        return _list(key, node)
    if key.type == "addresses":
        return [aliases.normalised(item) for item in _list(key, node)]
    if key.type == "links":
        return _links(key, node)
    text = " ".join(_scalar(key, node).split())
    if text:
        return _READERS[key.type](key, text)
    if key.required or key.type not in ("text", "file"):
        raise ProblemError(Message("it is empty"), _example(key))
    return None


def _example(key: Key) -> Message:
    return Message("write for example {line}", line=typed(key, key.example))


def _list(key: Key, node: yaml.Node) -> list[str]:
    if isinstance(node, yaml.SequenceNode):
        items = [_scalar(key, item) for item in node.value]
    else:
        text = _scalar(key, node)
        items = text.split(",") if text else []
    items = [" ".join(item.split()) for item in items]
    if not all(items):
        raise ProblemError(Message("it holds an empty item"), _example(key))
    return items


def _text(_key: Key, text: str) -> str:
    return text


def _date(key: Key, text: str) -> partial_dates.PartialDate:
    return partial_dates.parse_date(text, key.name)


def _whole_number(key: Key, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise ProblemError(Message("“{value}” is not a whole number", value=text), _example(key))
    return int(text)


def _choice(key: Key, text: str) -> str:
    if text in key.choices:
        return text
    near = difflib.get_close_matches(text.lower(), key.choices, n=1)
    if key.name == "status" and _HIDDEN.match(text):
        # What is not visible must not become so by a remedy.
        near = ["draft"]
    remedy = Message("use one of {choices}", choices=", ".join(key.choices))
    if near:
        remedy = Message("did you mean {choice}?", choice=near[0])
    raise ProblemError(Message("“{value}” is not known", value=text), remedy)


def _slug(_key: Key, text: str) -> str:
    if SLUG.fullmatch(text) and len(text) <= SLUG_LENGTH:
        return text
    raise ProblemError(
        Message("“{value}” cannot stand in an address", value=text),
        Message("use only a to z, 0 to 9 and single hyphens, {length} at most", length=SLUG_LENGTH),
    )


def _digest(_key: Key, text: str) -> str:
    if DIGEST.fullmatch(text):
        return text
    raise ProblemError(
        Message("“{value}” is not what the command writes", value=text),
        Message("put the line back as ./inv translate wrote it, or remove it"),
    )


_READERS = {
    "text": _text,
    "file": _text,
    "date": _date,
    "whole number": _whole_number,
    "choice": _choice,
    "slug": _slug,
    "digest": _digest,
}


def _scalar(key: Key, node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        problem = Message("it takes one value, not a list or several keys")
        raise ProblemError(problem, _example(key))
    if FORBIDDEN.search(node.value):
        raise ProblemError(Message("it holds a control character"), Message("type it again"))
    # What is null is left empty. libyaml gives a plain scalar the style "", Python's reader None.
    return "" if not node.style and node.value in NULLS else node.value.strip()


def _links(key: Key, node: yaml.Node) -> dict[str, str]:
    if isinstance(node, yaml.ScalarNode) and not _scalar(key, node):
        return {}
    if not isinstance(node, yaml.MappingNode):
        raise ProblemError(
            Message("it takes names with their addresses"),
            Message("write le-progres: https://…"),
        )
    links = {}
    for name_node, address_node in node.value:
        name, address = _scalar(key, name_node), _scalar(key, address_node)
        if address and not re.fullmatch(r"(?:https?://|mailto:|tel:)\S+", address):
            raise ProblemError(
                Message("“{address}”, of {name}, is not an address", address=address, name=name),
                Message("write https://…"),
            )
        links[name] = address
    return links
