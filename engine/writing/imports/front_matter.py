"""Read the header of another program's text: YAML, TOML, JSON, or the `Title:` lines of Pelican."""

import datetime
import json
import re
import tomllib
from dataclasses import dataclass, field

import yaml

from engine.characters import FORBIDDEN, decode_text
from engine.faults import Message, ProblemError, foreign_letters_error

# As Python-Markdown reads them: https://python-markdown.github.io/extensions/meta_data/
_META_LINE = re.compile(r" {0,3}(?P<key>[A-Za-z0-9_-]+):(?P<value>(?:[ \t].*)?)$")
_FENCED = re.compile(
    r"(?P<fence>---|\+\+\+)[ \t]*\n(?P<header>.*?)^(?:(?P=fence)|\.\.\.)[ \t]*(?:\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
# A command of Liquid, such as {% include %}, is no JSON.
_JSON = re.compile(r'\{\s*(?:"|\}|\Z)')
_KEY = re.compile(r"[\"']?([\w-]+)[\"']?[ \t]*[:=]")
_DAY = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
# "24 March 2012", "Mar. 24th, 2012".
_WORDED_DAY = re.compile(
    r"\b(?:([0-9]{1,2}) )?([A-Za-z]{3})[a-z]*\.?(?: ([0-9]{1,2})(?:st|nd|rd|th)?,?)? ([0-9]{4})\b"
)


class _RefusedError(ProblemError):
    """Well-formed YAML with a tag or an alias, which is refused."""


@dataclass
class FrontMatter:
    """The values of a header by key in lower case, the line of each key, and the body.

    A value is a text, a list or a mapping: `no` and `12:30` are texts.
    """

    values: dict = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    body: str = ""
    body_line: int = 1


def parse_front_matter(data: bytes) -> FrontMatter | None:
    """Split a file into its header and its body; None if it has no header.

    Raises ProblemError if the header cannot be read.
    """
    try:
        text = FORBIDDEN.sub(" ", decode_text(data)).lstrip("\n")
    except UnicodeDecodeError as error:
        raise foreign_letters_error() from error
    if match := _FENCED.match(text):
        read = _read_toml if match["fence"] == "+++" else _read_yaml_or_lines
        values, header, body = read(match["header"]), match["header"], text[match.end() :]
        first_line = 2
    elif _JSON.match(text):
        values, header, body = _read_json(text)
        first_line = 1
    else:
        values, header, body = _read_meta_lines(text)
        first_line = 1
        if "title" not in values:
            return None
    found = FrontMatter(body=body, body_line=text.count("\n", 0, len(text) - len(body)) + 1)
    for number, line in enumerate(header.split("\n"), start=first_line):
        if match := _KEY.match(line.lstrip() if header.startswith("{") else line):
            found.lines.setdefault(match[1].lower(), number)
    found.values = {str(key).lower(): value for key, value in values.items()}
    return found


def load_yaml(text: str) -> object:
    """Load a YAML document; scalar values are texts.

    Raises ProblemError for tags, which may run code, and for aliases, which may expand to gigabytes
    (YAML 1.2, 3.2.1.2 and 7.1).
    """
    try:
        for token in yaml.scan(text, Loader=yaml.BaseLoader):
            if isinstance(token, yaml.TagToken | yaml.AliasToken):
                raise _RefusedError(
                    Message("it holds a tag or an alias of YAML, which is not read"),
                    Message("write the value itself"),
                )
        return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it makes texts only
    except ProblemError:
        raise
    except (yaml.YAMLError, RecursionError, TypeError, ValueError) as error:
        reason = getattr(error, "problem", None) or type(error).__name__
        raise ProblemError(
            Message("it cannot be read as YAML ({reason})", reason=reason),
            Message("put its values between quotes"),
        ) from error


def load_toml(text: str) -> dict:
    """Load a TOML document; scalar values are texts. Raises ProblemError."""
    try:
        return _as_texts(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise ProblemError(
            Message("it cannot be read as TOML ({reason})", reason=error),
            Message("put its values between quotes"),
        ) from error


def load_json(text: str) -> object:
    """Return the values of a JSON document, numbers as texts, null as "". Raises ProblemError."""
    values, _header, rest = _read_json(text)
    if rest.strip():
        raise ProblemError(
            Message(
                "it cannot be read as JSON ({reason})", reason=Message("words stand after its end")
            ),
            Message("remove them"),
        )
    return values


def _read_json(text: str) -> tuple[dict, str, str]:
    """Split a text into the values of the JSON object at its start, its lines, and the rest.

    https://gohugo.io/content-management/front-matter/
    """
    try:
        values, end = json.JSONDecoder(parse_int=str, parse_float=str).raw_decode(text)
        return _as_texts(values), text[:end], text[end:].removeprefix("\n")
    except (ValueError, RecursionError) as error:
        raise ProblemError(
            Message("it cannot be read as JSON ({reason})", reason=error),
            Message("put its keys and values between quotes, and a comma after each but the last"),
        ) from error


def _as_texts(value: object) -> object:
    if isinstance(value, dict):
        return {key: _as_texts(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_texts(inner) for inner in value]
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read_toml(header: str) -> dict:
    return load_toml(header)


def _read_yaml_or_lines(header: str) -> dict:
    """Read YAML, or Pelican's `Key: value` lines, which may have the same delimiters."""
    try:
        values = load_yaml(header)
    except _RefusedError:
        raise
    except ProblemError:
        values, _header, rest = _read_meta_lines(header)
        if "title" not in {key.lower() for key in values} or rest.strip():
            raise
    if values in (None, ""):
        return {}
    if not isinstance(values, dict):
        raise ProblemError(
            Message("its header holds no key"),
            Message("write lines such as title: Un lieu pour essayer"),
        )
    return values


def _read_meta_lines(text: str) -> tuple[dict, str, str]:
    """Split a text into the values of its first `Key: value` lines, the lines, and the rest."""
    values: dict[str, list[str]] = {}
    key, lines = "", text.split("\n")
    end = rest = len(lines)
    for number, line in enumerate(lines):
        if match := _META_LINE.match(line):
            key = match["key"].lower()
            values[key] = [match["value"].strip()]
        elif key and line.startswith("    ") and line.strip():
            values[key].append(line.strip())
        else:
            end, rest = number, number + (not line.strip())
            break
    joined = {key: " ".join(parts).strip() for key, parts in values.items()}
    return joined, "\n".join(lines[:end]), "\n".join(lines[rest:])


def read_day(value: str) -> datetime.date | None:
    """Return the day at the start of a value, in the usual forms; None if there is none."""
    try:
        if match := _DAY.match(value):
            return datetime.date(*map(int, match.groups()))
        for before, month, after, year in _WORDED_DAY.findall(value):
            return datetime.date(int(year), _MONTHS.index(month.lower()) + 1, int(before or after))
    except ValueError:  # no such day, or no such month
        pass
    return None
