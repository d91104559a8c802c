"""Find typing mistakes in the lines of `site.yml`, and correct them.

A YAML parser reports a mistake below its line, as for headers (`engine/texts/header_mistakes.py`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.faults import Message
from engine.settings.site_schema import BLOCKS, EMPTY, SCHEMA
from engine.texts.header_mistakes import find_typing_mistake
from engine.texts.header_schema import AMBIGUOUS
from engine.texts.header_schema import Key as HeaderKey

_FIRST = {each.name: each for each in SCHEMA}
_LINE = re.compile(r"([ \t]*)([a-z_]+)\b(.*)$")
_AMBIGUOUS = re.compile(rf"[a-z_]+:\s+(?P<value>{AMBIGUOUS})$")
# An entry of a list or of links: its beginning, and a quote that is never closed.
_OPEN_QUOTE = re.compile(r"""\s*(?:-\s+)?(?:[^\s:'"#-][^:'"#]*:\s+)?(['"])(?:(?!\1).)+$""")
_OPEN_LIST = re.compile(r"[a-z_]+:\s+\[[^\[\]]*$")
_LINK = re.compile(r"(\s+)([^\s:#-][^:]*):((?:https?:|mailto:|tel:)\S+)\s*$")
_PAIR = re.compile(r"[a-z_]+:[ \t]+(?P<pair>[^\s'\"#\[{][^:]*:\s.*\S)\s*$")


@dataclass(frozen=True)
class Mistake:
    """A mistake of a line: its key, the problem, the remedy, the line to read in its place."""

    key: str
    problem: Message
    remedy: Message
    corrected: str


def correct_lines(lines: Sequence[str]) -> Iterator[tuple[str, Mistake | None]]:
    """Yield each line of the file, corrected, with its mistake, if any."""
    block: str | None = ""
    indent, deeper_than = "", None
    for number, line in enumerate(lines):
        match = _LINE.match(line)
        if not match:
            yield _correct_entry(line, block)
            continue
        spaces, name, rest = match.groups()
        known = {key.name: key for key in BLOCKS[block].keys} if block else {}
        is_deeper = deeper_than is not None and len(spaces) > len(deeper_than)
        is_own = name in known and (spaces or name not in _FIRST)
        if not is_own and (not spaces or (block is not None and spaces != indent)):
            known = _FIRST
            if not spaces or (name in _FIRST and not is_deeper):
                # Below an unknown key, nothing is known.
                block = (name if name in BLOCKS else "") if name in _FIRST else None
                indent, is_deeper = _indent_of(block, lines[number + 1 :]), False
        if name not in known or is_deeper:
            yield _correct_entry(line, block)
            continue
        meant = "" if known is _FIRST else indent
        following = [other.strip() for other in lines[number + 1 :]]
        type_ = getattr(known[name], "type", "block")
        key = name if known is _FIRST else f"{block}.{name}"
        mistake = _find_mistake(key, name + rest, following, type_)
        if mistake is None and spaces != meant:
            mistake = _wrong_indent(key, len(meant), name + rest.rstrip())
        corrected = f"{meant}{mistake.corrected if mistake else name + rest}"
        yield corrected, mistake
        is_open = type_ in EMPTY and rest.strip() == ":"
        deeper_than = meant if is_open else None


def _indent_of(block: str | None, following: Sequence[str]) -> str:
    """Return the indent of the keys of a block: the one that all have, else two spaces."""
    indents = set()
    for line in following if block else ():
        match = _LINE.match(line)
        if match and not match[1]:
            break
        if match and match[2] in (key.name for key in BLOCKS[block].keys):
            indents.add(match[1])
    (indent, *others) = sorted(indents, key=len) or ["  "]
    return "  " if others or "\t" in indent or len(indent) < 2 else indent


def _correct_entry(line: str, key: str | None) -> tuple[str, Mistake | None]:
    """Return a line without a key of the schema, corrected, and its mistake."""
    key = key or "settings"
    if match := _OPEN_QUOTE.fullmatch(line):
        meant, problem = line.rstrip() + match[1], Message("the quote that opens is never closed")
    elif match := _LINK.fullmatch(line):
        meant = f"{match[1]}{match[2]}: {match[3]}"
        problem = Message("there is no space after the colon")
    else:
        return line, None
    remedy = Message("write {line}", line=meant.strip())
    return meant, Mistake(key, problem, remedy, meant)


def _wrong_indent(key: str, width: int, line: str) -> Mistake:
    name = key.rpartition(".")[2]
    if not width:
        problem = Message("a space or a tab stands before {key}", key=name)
        return Mistake(key, problem, Message("write {line}", line=line), line)
    problem = Message(
        "{count} spaces, and nothing else, must stand before {key}", key=name, count=width
    )
    remedy = Message("write {count} spaces, then {line}", count=width, line=line)
    return Mistake(key, problem, remedy, line)


def _find_mistake(key: str, line: str, following: Sequence[str], type_: str) -> Mistake | None:
    name = key.rpartition(".")[2]
    if type_ in ("block", "links") and (match := _PAIR.match(line)):
        problem = Message("it holds values of its own, each on a line")
        remedy = Message(
            "write {key}: alone, and below it, two spaces to the right: {pair}",
            key=name,
            pair=match["pair"],
        )
        return Mistake(key, problem, remedy, f"{name}:")
    if line.strip() == name:
        problem = Message("there is no colon after {key}", key=name)
        return Mistake(key, problem, Message("write {line}", line=f"{name}:"), f"{name}:")
    if (
        type_ in EMPTY
        and _OPEN_LIST.fullmatch(line)
        and not (following and following[0].endswith(("]", ",")))
    ):
        problem = Message("one of the two brackets is missing")
        meant = f"{line.rstrip(', ')}]"
        return Mistake(key, problem, Message("write {line}", line=meant), meant)
    keys = {name: HeaderKey(name, type_, "", "")}
    if found := find_typing_mistake(line, following, keys):
        return Mistake(key, found.problem, found.remedy, found.corrected)
    if match := _AMBIGUOUS.match(line):
        quoted = "'" + match["value"].strip().replace("'", "''") + "'"
        problem = Message("this value holds a character that has another meaning here")
        remedy = Message("put it in quotes: {key}: {value}", key=name, value=quoted)
        return Mistake(key, problem, remedy, f"{name}: {quoted}")
    return None
