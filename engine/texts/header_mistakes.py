"""What is mistyped in a line of a header, and the line as it was meant.

YAML stops far from a mistake, and blames what follows. So each line is looked at by itself: the
line as it was meant is read in its place, and the fault tells how to write it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import yaml

from engine.characters import ODD_SPACES
from engine.faults import Message
from engine.texts.header_schema import Key, quote, typed

# libyaml reads a header ten times as fast; it is absent where PyYAML had to be compiled without.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
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
# Lines and values that need no closer look, as most.
_SOUND = re.compile(
    r"""[a-z_]+:[ ]+(?:"[^"\\]*"|\w[\w./-]*(?:[ ][\w./-]+)*|\[[\w ,/.-]*\])|\#.*|""", re.VERBOSE
)
_PLAIN_LIST = re.compile(r"\[[\w ,/.-]*\]")
_LISTS = ("list", "addresses")


@dataclass(frozen=True)
class Mistake:
    """A fault of one line: its key, what is wrong, what to write, and the line as it was meant."""

    key: str
    problem: Message
    meant: str
    rule: str = "header-quotes"

    @property
    def remedy(self) -> Message:
        """What to write in its place."""
        return Message("write {line}", line=self.meant)


def with_spaces_of_yaml(line: str) -> str:
    """The line with plain spaces where YAML needs them: before a key, and beside its colon.

    U+2028, U+2029 and U+FEFF, which nobody sees, are no line ends here.
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


def read_as_meant(
    lines: Sequence[str], keys: Mapping[str, Key]
) -> Iterator[tuple[str, Mistake | None]]:
    """Yield each line of a header as it was meant, and the mistake in it, if any.

    `keys` are those of the text's kind, by their names.
    """
    lines = [with_spaces_of_yaml(line) for line in lines]
    # What the last key at the line's start was given on its own line.
    value = ""
    for number, line in enumerate(lines):
        mistake = _mistake(line, lines[number + 1 :], value, keys)
        meant = mistake.meant if mistake else line
        yield meant, mistake
        if match := _KEY_LINE.match(meant):
            value = match[2] or ""


def _mistake(
    line: str, following: Sequence[str], value_above: str, keys: Mapping[str, Key]
) -> Mistake | None:
    if _SOUND.fullmatch(line):
        return None
    if match := _INDENTED.match(line):
        # Below "links:" or ">" it belongs to the key above.
        if match[1] not in keys or not value_above or value_above[0] in "|>\"'{[":
            return None
        problem = Message("a space or a tab stands before {key}", key=match[1])
        return Mistake(match[1], problem, line.strip(), "header")
    if found := _colon(line, following, keys):
        return found
    match = _KEY_LINE.match(line)
    if not match or not match[2]:
        return None
    key = keys.get(match[1], Key(match[1], "text", "", ""))
    finders = (_curly_quotes, _list_signs, _open_quote, _open_bracket, _reserved)
    return next((found for find in finders if (found := find(key, match[2], following))), None)


def _colon(line: str, following: Sequence[str], keys: Mapping[str, Key]) -> Mistake | None:
    """A colon that is missing, or that no space follows."""
    match = _NO_COLON.match(line)
    if match and match[1] in keys:
        key = keys[match[1]]
        meant = _meant(key, _without_quotes(match[2]))
        problem = Message("there is no colon after {key}", key=key.name)
        return Mistake(key.name, problem, meant, "header")
    match = _NO_SPACE.match(line)
    if match and match[1] in keys:
        meant = f"{match[1]}: {match[2]}"
        inner = _mistake(meant, following, "", keys)
        problem = Message("there is no space after the colon")
        return Mistake(match[1], problem, inner.meant if inner else meant, "header")
    return None


def _curly_quotes(key: Key, value: str, _following: Sequence[str]) -> Mistake | None:
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
    return Mistake(key.name, problem, _meant(key, match[2]))


def _list_signs(key: Key, value: str, _following: Sequence[str]) -> Mistake | None:
    """Semicolons between the items of a list, number signs before them, one bracket of two."""
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
    """Whether a list that opens goes on in the indented lines below, and ends there."""
    if not value.startswith("["):
        return False
    for line in following:
        if not line.startswith((" ", "\t")) and not line.startswith("]"):
            return False
        if "]" in line:
            return True
    return False


def _open_quote(key: Key, value: str, following: Sequence[str]) -> Mistake | None:
    """A quote that never ends, or that ends before the value does."""
    whole = _WHOLE.get(value[0])
    if whole is None:
        return None
    if whole.match(value):
        if "\\" not in value or _composes(f"{key.name}: {value}"):
            return None
        inner = value.rpartition('"')[0][1:]
        problem = Message("a backslash begins an unknown code here")
        return Mistake(key.name, problem, _meant(key, inner))
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
    return Mistake(key.name, problem, _meant(key, _without_quotes(value)))


def _without_quotes(value: str) -> str:
    """What stands between a quote and the one that ends the value, whether each is there or not."""
    sign = value[0]
    if sign not in "\"'":
        return value
    if value[1:].count(sign) and not value.endswith((sign, "”", "’")):
        return value  # '"A" (suite)': a part of it is quoted
    inner = re.sub(rf"[{sign}”]$", "", value[1:])
    return inner.replace("''", "'") if sign == "'" else inner.replace('\\"', '"')


def _open_bracket(key: Key, value: str, following: Sequence[str]) -> Mistake | None:
    """A text that begins as a list or a mapping does, or one that is never closed."""
    if value[0] not in "[{" or _PLAIN_LIST.fullmatch(value):
        return None
    if _composes(f"{key.name}: {value}"):
        return None
    if any(line.startswith((" ", "\t", "]", "}")) for line in following[:1]):
        return None  # it goes on below
    if key.type == "links" and not value.endswith("}") and _composes(f"a: {value}}}"):
        problem = Message("the brace is never closed")
        return Mistake(key.name, problem, f"{key.name}: {value}}}", "header")
    if key.type != "text":
        return None
    return Mistake(key.name, _kept_by_yaml(value), _meant(key, value))


def _kept_by_yaml(value: str) -> Message:
    return Message("the value begins with {sign}, which has another meaning here", sign=value[0])


def _reserved(key: Key, value: str, _following: Sequence[str]) -> Mistake | None:
    """A character that YAML would read as something else than the words that stand there."""
    if value[0] in "\"'[{|>" or key.type not in ("text", "list"):
        return None
    if re.match(r"#\s|#$", value):
        return None  # a comment
    if value[0] == "#" or " #" in value:
        problem = Message("what follows # would not be read")
    elif re.search(r":(\s|$)", value):
        problem = Message("the value holds a colon and a space, which would begin another key")
    elif value[0] in _RESERVED or re.match(r"[-?](?:\s|$)", value):
        problem = _kept_by_yaml(value)
    else:
        return None
    return Mistake(key.name, problem, f"{key.name}: {quote(value)}")


def _meant(key: Key, value: str) -> str:
    return typed(key, value.strip())


def _composes(source: str) -> bool:
    try:
        yaml.compose(source, Loader=LOADER)
    except yaml.YAMLError:
        return False
    return True


def blocks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Part a header into its keys: each with the lines below that belong to it.

    Yields the place of each block's first line, counted from 0, and its lines.
    """
    begin = 0
    for place in range(1, len(lines) + 1):
        if place == len(lines) or _KEY_LINE.match(lines[place]) or re.match(r"\w", lines[place]):
            yield begin, list(lines[begin:place])
            begin = place
