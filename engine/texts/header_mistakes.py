"""Find typing mistakes in the lines of a header, and correct them.

A YAML parser reports a mistake far below its line. So each line is examined alone: the corrected
line is parsed in its place, and the fault proposes it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import yaml

from engine.characters import ODD_SPACES
from engine.faults import Message
from engine.texts.header_schema import Key, header_line, quote

# libyaml is ten times as fast; PyYAML may be compiled without it.
YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESERVED = "&*!%@`"
_SPACES = f"[ \t{ODD_SPACES}]*"
_KEY_LINE = re.compile(r"([^\s:#'\"\[\]{}>|-][^:]*?)[ \t]*:(?:[ \t]+(.*?))?[ \t]*$")
_ODD_KEY = re.compile(rf"({_SPACES}(?:-{_SPACES})?)([^\s:#'\"\[\]{{}}]+){_SPACES}:{_SPACES}(.*)$")
_NO_COLON = re.compile(r"([A-Za-z_]+)(?:[ \t]*[=：][ \t]*|[ \t]+)([^:=：\s].*?)\s*$")
_NO_SPACE = re.compile(r"([A-Za-z_]+)[ \t]*:([^\s/].*?)\s*$")
_INDENTED = re.compile(r"[ \t]+([A-Za-z_]+)[ \t]*:(?:[ \t]|$)")
_WHOLE = {
    '"': re.compile(r'"(?:[^"\\]|\\.)*"\s*(?:\s#.*)?$', re.DOTALL),
    "'": re.compile(r"'(?:[^']|'')*'\s*(?:\s#.*)?$", re.DOTALL),
}
_CURLY = re.compile(r"([“«‘„])\s*([^“«„]*?)\s*[”»’“\"]$")
# Most lines and values match these patterns, and need no further test.
_VALID = re.compile(
    r"""[a-z_]+:[ ]+(?:"[^"\\]*"|\w[\w./-]*(?:[ ][\w./-]+)*|\[[\w ,/.-]*\])|\#.*|""", re.VERBOSE
)
_PLAIN_LIST = re.compile(r"\[[\w ,/.-]*\]")
_LISTS = ("list", "addresses")


@dataclass(frozen=True)
class Mistake:
    """A mistake of a line: its key, the problem, the corrected line."""

    key: str
    problem: Message
    corrected: str
    rule: str = "header-quotes"

    @property
    def remedy(self) -> Message:
        """Propose the corrected line."""
        return Message("write {line}", line=self.corrected)


def with_spaces_of_yaml(line: str) -> str:
    """Replace odd spaces by plain ones where YAML requires them: before a key, around its colon.

    The invisible U+2028, U+2029 and U+FEFF do not end a line here.
    """
    if line.isascii():
        return line
    line = re.sub("[\u2028\u2029]", " ", line).replace("\ufeff", "")
    if not re.search(f"[{ODD_SPACES}]", line):
        return line
    if line.startswith("links"):
        return re.sub(f"[{ODD_SPACES}]", " ", line)
    match = _ODD_KEY.match(line)
    if not match:
        return line
    return f"{re.sub(f'[{ODD_SPACES}]', ' ', match[1])}{match[2]}: {match[3]}".rstrip(" ")


def correct_lines(
    lines: Sequence[str], keys: Mapping[str, Key]
) -> Iterator[tuple[str, Mistake | None]]:
    """Yield each line of a header, corrected, with its mistake, if any.

    `keys` are the keys of the kind of text, by name.
    """
    lines = [with_spaces_of_yaml(line) for line in lines]
    # The value on the line of the last key that is not indented.
    value = ""
    for number, line in enumerate(lines):
        mistake = _find_mistake(line, lines[number + 1 :], value, keys)
        meant = mistake.corrected if mistake else line
        yield meant, mistake
        if match := _KEY_LINE.match(meant):
            value = match[2] or ""


def _find_mistake(
    line: str, following: Sequence[str], value_above: str, keys: Mapping[str, Key]
) -> Mistake | None:
    if _VALID.fullmatch(line):
        return None
    if match := _INDENTED.match(line):
        # Below "links:" or ">" an indented line belongs to the key above.
        if match[1] not in keys or not value_above or value_above[0] in "|>\"'{[":
            return None
        problem = Message("a space or a tab stands before {key}", key=match[1])
        return Mistake(match[1], problem, line.strip(), "header")
    if found := _find_colon_mistake(line, following, keys):
        return found
    match = _KEY_LINE.match(line)
    if not match or not match[2]:
        return None
    key = keys.get(match[1], Key(match[1], "text", "", ""))
    finders = (
        _find_curly_quotes,
        _find_list_mistake,
        _find_open_quote,
        _find_open_bracket,
        _find_reserved_character,
    )
    return next((found for find in finders if (found := find(key, match[2], following))), None)


def find_typing_mistake(
    line: str, following: Sequence[str], keys: Mapping[str, Key]
) -> Mistake | None:
    """Find a missing colon, space, quote or bracket in a line that begins with a key."""
    if found := _find_colon_mistake(line, following, keys):
        return found
    match = _KEY_LINE.match(line)
    if not match or not match[2] or match[1] not in keys:
        return None
    finders = (_find_open_quote, _find_open_bracket)
    key, value = keys[match[1]], match[2]
    return next((found for find in finders if (found := find(key, value, following))), None)


def _find_colon_mistake(
    line: str, following: Sequence[str], keys: Mapping[str, Key]
) -> Mistake | None:
    """Find a missing colon, or a colon without a space."""
    match = _NO_COLON.match(line)
    if match and match[1] in keys:
        key = keys[match[1]]
        meant = _correct_line(key, _without_quotes(match[2]))
        problem = Message("there is no colon after {key}", key=key.name)
        return Mistake(key.name, problem, meant, "header")
    match = _NO_SPACE.match(line)
    if match and match[1] in keys:
        meant = f"{match[1]}: {match[2]}"
        inner = _find_mistake(meant, following, "", keys)
        problem = Message("there is no space after the colon")
        return Mistake(match[1], problem, inner.corrected if inner else meant, "header")
    return None


def _find_curly_quotes(key: Key, value: str, _following: Sequence[str]) -> Mistake | None:
    if key.type in _LISTS and re.search("[“”«»„]", value):
        meant = re.sub(r"[“«„]\s*|\s*[”»]", "", value)
        problem = Message("curly quotes are no quotes here")
        return Mistake(key.name, problem, f"{key.name}: {meant}")
    match = _CURLY.match(value)
    if not match:
        return None
    problem = Message("the value stands between curly quotes, which are part of it here")
    if match[1] == "«":
        problem = Message("the value stands between French quotes, which are part of it here")
    return Mistake(key.name, problem, _correct_line(key, match[2]))


def _find_list_mistake(key: Key, value: str, _following: Sequence[str]) -> Mistake | None:
    """Find semicolons or number signs between the items of a list, or a missing bracket."""
    if key.type not in _LISTS or value[0] in "\"'":
        return None
    if key.type == "list" and re.match(r"\[?\s*#\w", value):
        words = re.findall(r"#([^#\[\],;]+)", value)
        meant = f"{key.name}: [{', '.join(word.strip() for word in words)}]"
        return Mistake(key.name, Message("what follows # would not be read"), meant)
    plain = value.split(" #", maxsplit=1)[0].rstrip()
    if plain.startswith("[") != plain.endswith("]") and _is_closed_by(value, _following) is False:
        problem = Message("one of the two brackets is missing")
        items = plain.strip("[] ").replace(";", ",").rstrip(", ")
        return Mistake(key.name, problem, f"{key.name}: [{items}]", "header")
    if ";" in plain and '"' not in plain and "'" not in plain:
        meant = f"{key.name}: {plain.replace(';', ',')}"
        problem = Message("commas part what a list holds, not semicolons")
        return Mistake(key.name, problem, meant, "header")
    return None


def _is_closed_by(value: str, following: Sequence[str]) -> bool:
    """Whether an open list continues in the indented lines below, and ends there."""
    if not value.startswith("["):
        return False
    for line in following:
        if not line.startswith((" ", "\t")) and not line.startswith("]"):
            return False
        if "]" in line:
            return True
    return False


def _find_open_quote(key: Key, value: str, following: Sequence[str]) -> Mistake | None:
    """Find a quote that is never closed, or closed before the end of the value."""
    whole = _WHOLE.get(value[0])
    if whole is None:
        return None
    if whole.match(value):
        if "\\" not in value or _is_valid_yaml(f"{key.name}: {value}"):
            return None
        inner = value.rpartition('"')[0][1:]
        problem = Message("a backslash begins an unknown code here")
        return Mistake(key.name, problem, _correct_line(key, inner))
    if value[0] not in value[1:]:
        continued = value
        for line in following:
            if _KEY_LINE.match(line):
                break
            continued += f"\n{line}"
            if whole.match(continued):
                return None
        problem = Message("the quote that opens is never closed")
    else:
        problem = Message("the value goes on after the quote that ends it")
    return Mistake(key.name, problem, _correct_line(key, _without_quotes(value)))


def _without_quotes(value: str) -> str:
    """Remove the quotes around a value, even if the closing one is missing."""
    sign = value[0]
    if sign not in "\"'":
        return value
    if value[1:].count(sign) and not value.endswith((sign, "”", "’")):
        return value  # '"A" (suite)': a part of it is quoted
    inner = re.sub(rf"[{sign}”]$", "", value[1:])
    return inner.replace("''", "'") if sign == "'" else inner.replace('\\"', '"')


def _find_open_bracket(key: Key, value: str, following: Sequence[str]) -> Mistake | None:
    """Find a bracket or a brace that is never closed."""
    if value[0] not in "[{" or _PLAIN_LIST.fullmatch(value):
        return None
    if _is_valid_yaml(f"{key.name}: {value}"):
        return None
    if any(line.startswith((" ", "\t", "]", "}")) for line in following[:1]):
        return None  # it continues below
    if key.type == "links" and not value.endswith("}") and _is_valid_yaml(f"a: {value}}}"):
        problem = Message("the brace is never closed")
        return Mistake(key.name, problem, f"{key.name}: {value}}}", "header")
    if key.type != "text":
        return None
    return Mistake(key.name, _reserved_problem(value), _correct_line(key, value))


def _reserved_problem(value: str) -> Message:
    return Message("the value begins with {sign}, which has another meaning here", sign=value[0])


def _find_reserved_character(key: Key, value: str, _following: Sequence[str]) -> Mistake | None:
    """Find a character that YAML does not read as text."""
    if value[0] in "\"'[{|>" or key.type not in ("text", "list"):
        return None
    if re.match(r"#\s|#$", value):
        return None  # a comment
    if value[0] == "#" or " #" in value:
        problem = Message("what follows # would not be read")
    elif re.search(r":(\s|$)", value):
        problem = Message("the value holds a colon and a space, which would begin another key")
    elif value[0] in _RESERVED or re.match(r"[-?](?:\s|$)", value):
        problem = _reserved_problem(value)
    else:
        return None
    return Mistake(key.name, problem, f"{key.name}: {quote(value)}")


def _correct_line(key: Key, value: str) -> str:
    return header_line(key, value.strip())


def _is_valid_yaml(source: str) -> bool:
    try:
        yaml.compose(source, Loader=YAML_LOADER)
    except yaml.YAMLError:
        return False
    return True


def split_keys(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Split a header into its keys; yield the index of the first line of each, and its lines."""
    begin = 0
    for place in range(1, len(lines) + 1):
        if place == len(lines) or _KEY_LINE.match(lines[place]) or re.match(r"\w", lines[place]):
            yield begin, list(lines[begin:place])
            begin = place
