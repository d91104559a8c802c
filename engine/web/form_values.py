"""Read the values of a header or of `site.yml` for a form, and write new ones into the source.

A form knows what the schema knows. All else of the source stays as it is: keys that nothing knows,
comments, the order, the quotes, the line ends. A new value takes the place of the previous one, in
the same quotes where they can hold it.
"""

import contextlib
import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from engine.characters import decode_text
from engine.faults import Message
from engine.settings import site_schema
from engine.texts import header_mistakes, headers
from engine.texts.header_schema import KINDS, NULLS, quote
from engine.web.refusal import RefusalError
from engine.writing.new_text import DRAFT
from engine.writing.source_edits import LINE

# What a form holds for a key: a text; items; names with their addresses.
Value = str | list | dict[str, str]
# The kind of `site.yml`, and that of a list without a form: a line for each word or theme.
SETTINGS, LINES = "settings", "lines"
_SPLIT = ("list", "addresses")
# What the header's own reading, or YAML, would take for something else than a text.
_ODD = re.compile(r"^#|[:#](?:\s|$)|\s#|[\"'“”«»„‘`;{}\[\],&*!|>%@]|^[-?](?:\s|$)|^$")


@dataclass(frozen=True)
class Form:
    """A source as a form shows it: `values` by key, the body with "\\n" for every line end."""

    values: dict[str, Value]
    body: str
    body_line: int
    is_readable: bool


def types_of(kind: str) -> dict[str, str]:
    """Return the type of each key of a kind, in the order of the schema."""
    if kind == SETTINGS:
        return {name: key.type for name, key in site_schema.KEYS.items()}
    if kind == LINES:
        return {}
    return {key.name: key.type for key in KINDS[kind]}


def read_form(source: str, kind: str) -> Form:
    """Read the values and the body of a source; no values if its header cannot be parsed."""
    if kind == LINES:
        return Form({}, "", 1, is_readable=False)
    try:
        if kind == SETTINGS:
            return Form(dict(_settings(source)), "", 1, is_readable=True)
        lines, _body, body_line = headers.split_header(_plain(source))
    except (headers.HeaderError, yaml.YAMLError, RecursionError):
        return Form({}, "", 1, is_readable=False)
    body = "".join(LINE.findall(source)[body_line - 1 :])
    return Form(dict(_header(lines, kind)), one_line_end(body), body_line, is_readable=True)


def one_line_end(text: str) -> str:
    """Return the text with the line ends of a browser's text area."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def with_body(source: str, body: str) -> str:
    """Return the source with another body; unchanged lines keep their line ends.

    Raises RefusalError if the source has no header that can be read.
    """
    lines, begin = LINE.findall(source), _body_line(source) - 1
    ending = _ending(lines)
    new = [f"{line}\n" for line in one_line_end(body).removesuffix("\n").split("\n")]
    new = new if body else []
    if begin >= len(lines) and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += ending if new else ""
    old = lines[begin:]
    plain = [f"{line.rstrip(chr(13) + chr(10))}\n" for line in old]
    made = []
    matcher = difflib.SequenceMatcher(None, plain, new, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            made += old[first:last]
        else:
            made += [line[:-1] + ending for line in new[start:end]]
    return "".join([*lines[:begin], *made])


def with_values(source: str, kind: str, values: Mapping[str, Value | None]) -> str:
    """Return the source with other values; a key whose value is empty or None is removed.

    In `site.yml` its line stays, without a value. Raises RefusalError if a key is none of the
    form's, or cannot be written without touching what stands beside it.
    """
    types = types_of(kind)
    before = read_form(source, kind)
    if not before.is_readable or not set(values) <= set(types):
        raise _cannot_edit(next(iter(values), ""))
    changed = source
    for name, value in values.items():
        if not _is_same(before.values.get(name), value):
            change = _with_setting if kind == SETTINGS else _with_header_value
            try:
                changed = change(changed, kind, name, None if _is_empty(value) else value)
            except yaml.YAMLError as error:
                raise _cannot_edit(name) from error
    after = read_form(changed, kind)
    for name in types:
        wanted = values.get(name) if name in values else before.values.get(name)
        if not _is_same(after.values.get(name), wanted):
            raise _cannot_edit(name)
    return changed


def _cannot_edit(key: str) -> RefusalError:
    why = Message(
        "the form cannot write {key} without touching other lines: edit the whole text instead",
        key=key or "…",
    )
    return RefusalError(422, why)


def _is_empty(value: Value | None) -> bool:
    return not value or (isinstance(value, str) and not value.strip())


def _is_same(one: Value | None, other: Value | None) -> bool:
    if _is_empty(one) or _is_empty(other):
        return _is_empty(one) and _is_empty(other)
    if isinstance(one, str) and isinstance(other, str):
        return one.split() == other.split()
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one.items()) == list(other.items())
    return one == other


def _plain(source: str) -> str:
    return decode_text(source.encode("utf-8", "replace"))


def _body_line(source: str) -> int:
    try:
        return headers.split_header(_plain(source))[2]
    except headers.HeaderError as error:
        raise _cannot_edit("") from error


def _ending(lines: list[str]) -> str:
    return "\r\n" if lines and lines[0].endswith("\r\n") else "\n"


# What a header or site.yml says, as it was typed.


def _header(lines: list[str], kind: str) -> Iterator[tuple[str, Value]]:
    types = types_of(kind)
    for _place, block in _blocks(lines, kind):
        name, node = _pair("\n".join(block))
        if name in types:
            text = "\n".join(block).partition(":")[2].strip()
            yield name, text if node is None else _value_of(node, types[name])


def _blocks(lines: list[str], kind: str) -> Iterator[tuple[int, list[str]]]:
    """Split a corrected header into keys: the place of the first line, and the lines."""
    keys = {key.name: key for key in KINDS[kind]}
    meant = [line for line, _mistake in header_mistakes.correct_lines(lines, keys)]
    return header_mistakes.split_keys(meant)


def _pair(text: str) -> tuple[str, yaml.Node | None]:
    """Return the key of a block of a header, and its node if YAML can parse it."""
    with contextlib.suppress(yaml.YAMLError, RecursionError):
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if isinstance(root, yaml.MappingNode) and len(root.value) == 1:
            return str(root.value[0][0].value), root.value[0][1]
    return text.partition(":")[0].strip(), None


def _settings(source: str) -> Iterator[tuple[str, Value]]:
    for name, node in _setting_nodes(source):
        if name in site_schema.KEYS:
            yield name, _value_of(node, site_schema.KEYS[name].type)


def _setting_nodes(source: str) -> Iterator[tuple[str, yaml.Node]]:
    """Yield each key of `site.yml`, such as "owner.phone", and each block, with its node."""
    root = yaml.compose(source, Loader=yaml.SafeLoader)
    for key, node in root.value if isinstance(root, yaml.MappingNode) else ():
        yield str(key.value), node
        if key.value in site_schema.BLOCKS and isinstance(node, yaml.MappingNode):
            yield from ((f"{key.value}.{each.value}", value) for each, value in node.value)


def _value_of(node: yaml.Node, type_: str) -> Value:
    if isinstance(node, yaml.MappingNode):
        return {str(name.value): _scalar(address) for name, address in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_entry_of(each) if type_ == "menu" else _scalar(each) for each in node.value]
    text = _scalar(node)
    if type_ in _SPLIT:
        return [item.strip() for item in text.split(",") if item.strip()]
    return text


def _scalar(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode) or (node.style is None and node.value in NULLS):
        return ""
    return " ".join(node.value.split())


def _entry_of(node: yaml.Node) -> list[str]:
    if isinstance(node, yaml.MappingNode) and node.value:
        return [_scalar(part) for part in node.value[0]]
    return [_scalar(node), ""]


# A header or site.yml with another value.


def _with_header_value(source: str, kind: str, name: str, value: Value | None) -> str:
    lines, type_ = LINE.findall(source), types_of(kind)[name]
    header = lines[1 : _body_line(source) - 2]
    first, last = _place_of_key(header, kind, name)
    if value is None:
        if name == "status" and first > 0 and header[first - 1].strip() == DRAFT:
            first -= 1
        new = []
    else:
        new = [f"{name}: {_written(value, type_)}{_ending(lines)}"]
        block = "".join(header[first:last])
        found, node = _pair(block)
        if found == name and node is not None:
            new = [_with_node(block, node, value, type_)]
    lines[first + 1 : last + 1] = new
    return "".join(lines)


def _place_of_key(header: list[str], kind: str, name: str) -> tuple[int, int]:
    """Return the first line of a key of a header and the line after it; for a new key, its place.

    That is below the nearest key that the schema names before it.
    """
    found = {}
    for place, block in _blocks([line.rstrip("\r\n") for line in header], kind):
        last = place + len(block)
        while last > place + 1 and (not header[last - 1].strip() or header[last - 1][0] == "#"):
            last -= 1
        found.setdefault(_pair("\n".join(block))[0], (place, last))
    if name in found:
        return found[name]
    order = list(types_of(kind))
    earlier = [found[key][1] for key in order[: order.index(name)] if key in found]
    return (max(earlier), max(earlier)) if earlier else (0, 0)


def _with_setting(source: str, _kind: str, name: str, value: Value | None) -> str:
    nodes, lines = dict(_setting_nodes(source)), LINE.findall(source)
    type_, ending = site_schema.KEYS[name].type, _ending(lines)
    block, _dot, last = name.rpartition(".")
    indent = "    " if block else "  "
    if name in nodes:
        node = nodes[name]
        if value and not isinstance(value, str) and isinstance(node, yaml.ScalarNode):
            new = "".join(f"{ending}{indent}{entry}" for entry in _entries(value).values())
            return source[: node.start_mark.index] + new + source[node.end_mark.index :]
        return _with_node(source, node, value, type_)
    if isinstance(value, str):
        line = f"{indent[2:]}{last}: {_written(value, type_)}"
    else:
        lines_of_it = (f"{ending}{indent}{entry}" for entry in _entries(value).values())
        line = f"{indent[2:]}{last}:{''.join(lines_of_it)}"
    if block not in nodes:
        start = "" if not lines or lines[-1].endswith(("\n", "\r")) else ending
        return f"{source}{start}{f'{block}:{ending}' if block else ''}{line}{ending}"
    end = _end_of(nodes[block])
    return source[:end] + re.sub(r"^[^\r\n]*", rf"\g<0>{ending}{_escaped(line)}", source[end:])


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\")


def _with_node(source: str, node: yaml.Node, value: Value | None, type_: str) -> str:
    """Return the source with another value in the place of a node, in its style if possible."""
    start, end = node.start_mark.index, _end_of(node)
    is_block = isinstance(node, yaml.CollectionNode) and not node.flow_style
    if getattr(node, "style", None) in ("|", ">"):
        end = start + len(source[start:end].rstrip())
    elif is_block:
        end = re.compile("$", re.MULTILINE).search(source, end).start()
    if value is None:
        # The value stands after a space, or below its key.
        return source[:start].rstrip() + source[end:]
    if is_block:
        new = _lines_of(source, node, value, end)
    else:
        new = _written(value, type_, getattr(node, "style", None) or "plain")
    return source[:start] + (" " if source[:start].endswith(":") else "") + new + source[end:]


def _end_of(node: yaml.Node) -> int:
    """Return where a node ends: PyYAML says that a block ends where the next key begins."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end_of(last[1] if isinstance(last, tuple) else last)
    return node.end_mark.index


def _lines_of(source: str, node: yaml.CollectionNode, value: Value, end: int) -> str:
    """Return the lines of a block of YAML; an entry that is the same is left as it was typed."""
    if isinstance(node, yaml.MappingNode):
        starts = [name.start_mark.index for name, _address in node.value]
        known = [(str(name.value), _scalar(address)) for name, address in node.value]
    else:
        starts = [source.rindex("-", 0, each.start_mark.index) for each in node.value]
        known = [tuple(_entry_of(each)) for each in node.value]
    ends = [*starts[1:], end]
    typed = {
        entry: source[start:last].rstrip()
        for entry, start, last in zip(known, starts, ends, strict=True)
    }
    lines = [typed.get(key, line) for key, line in _entries(value).items()]
    return f"{_ending(LINE.findall(source))}{' ' * node.start_mark.column}".join(lines)


def _entries(value: list | dict[str, str]) -> dict[tuple[str, str], str]:
    """Return the line of each entry of a block of YAML, by its name and its words."""
    if isinstance(value, dict):
        return {
            (name, at): f"{_plain_or_quoted(name)}: {_plain_or_quoted(at)}"
            for name, at in value.items()
        }
    pairs = [(each, "") if isinstance(each, str) else tuple(each) for each in value]
    return {
        (name, words): f"- {_plain_or_quoted(name)}"
        + (f": {_plain_or_quoted(words)}" if words else "")
        for name, words in pairs
    }


def _written(value: Value, type_: str, style: str = "") -> str:
    """Return a value as it is written after the colon; `style` is the previous quote."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quote(n)}: {quote(at)}" for n, at in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_plain_or_quoted, value))}]"
    text = " ".join(value.split())
    if style == "'":
        return "'" + text.replace("'", "''") + "'"
    if style == '"' or (type_ == "text" and style != "plain"):
        return quote(text)
    return _plain_or_quoted(text)


def _plain_or_quoted(text: str) -> str:
    return quote(text) if _ODD.search(text) or text in NULLS else text
