"""Reads `content/site.yml`: what the owner decides of the site and no text holds.

Every value is read as it was typed, as in the headers of the texts: YAML's own guesses (`no` is
False, `0145` is octal) never apply. A folder without the file gives a site that can be built, under
a neutral name; engine/publishing/readiness.py refuses to publish that one.
"""

import difflib
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from engine.characters import decode_text
from engine.faults import Fault, Message
from engine.languages import ENGLISH, FRENCH, LANGUAGES, MAIN_LANGUAGE, OTHER_LANGUAGE
from engine.settings.site_settings import is_site_address, shown
from engine.texts.content_files import SITE_FILE
from engine.texts.header_mistakes import with_spaces_of_yaml

NEUTRAL_NAMES = {FRENCH: "Mon site", ENGLISH: "My site"}
NEUTRAL_ID = "00000000-0000-4000-8000-000000000000"
# The keys of each block; the values of `publication` are checked by engine/settings/publication.py.
BLOCKS = {
    "names": tuple(LANGUAGES),
    "owner": (
        "name",
        "trading_form",
        "address",
        "email",
        "phone",
        "siret",
        "director",
        "host_name",
        "host_address",
        "host_phone",
    ),
    "publication": (
        "host",
        "user",
        "folder",
        "mode",
        "port",
        "keep",
        "patience",
        "key",
        "known_hosts",
    ),
    "software": ("address", "key"),
}
_RULE = "settings"
# A value that YAML would cut, or read as something of its own: https://yaml.org/spec/1.2.2/#53
_AMBIGUOUS = re.compile(r"\s*[a-z_]+:\s+(?!['\"#\[{])(?P<value>[&*!%@`].*|.*(?::\s|\s#).*)$")


def _time_zone_exists(text: str) -> bool:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


# Key -> whether a value is valid, what is wrong with an invalid one, a valid line.
_VALUES: dict[str, tuple[Callable[[str], bool], Callable[[str], Message], str]] = {
    "address": (
        is_site_address,
        lambda text: Message("“{text}” is not the address of a site", text=text),
        "address: https://example.org",
    ),
    "id": (
        _is_id,
        lambda text: Message("“{text}” is not an identifier", text=text),
        f"id: {uuid.uuid4()}",
    ),
    "time_zone": (
        _time_zone_exists,
        lambda text: Message("“{text}” is not a time zone", text=text),
        "time_zone: Europe/Paris",
    ),
}


@dataclass(frozen=True)
class SiteFile:
    """The values of a `site.yml`, and its faults; a key that is not given has an empty value.

    `path` is the file as faults show it; `lines` gives the line of each key, such as "owner.phone".
    """

    path: str = f"content/{SITE_FILE}"
    values: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    def block(self, name: str) -> dict[str, str]:
        """All keys of a block of BLOCKS with their values, "" for those that are not given."""
        return {key: self.values.get(f"{name}.{key}", "") for key in BLOCKS[name]}

    @property
    def names(self) -> dict[str, str]:
        """The name of the site in each language; without an English one, the French one."""
        given = self.block("names")
        one = given[MAIN_LANGUAGE] or given[OTHER_LANGUAGE]
        return {lang: given[lang] or one or name for lang, name in NEUTRAL_NAMES.items()}

    @property
    def address(self) -> str:
        """The address at which the site stands, "" where none is given."""
        return self.values.get("address", "")

    @property
    def id(self) -> str:
        """The identifier of the site, from which those of its feeds are made."""
        return self.values.get("id") or NEUTRAL_ID

    @property
    def time_zone(self) -> str:
        """The name of the time zone that says which day it is."""
        return self.values.get("time_zone") or "Europe/Paris"

    def fault(self, key: str, problem: Message, remedy: Message) -> Fault:
        """A fault of the value of a key, on its line, else on that of its block."""
        line = self.lines.get(key) or self.lines.get(key.partition(".")[0])
        return Fault(self.path, line, key, problem, remedy, _RULE)


def read_site_file(folder: Path, path: str | None = None) -> SiteFile:
    """Read the `site.yml` of a content folder. Nothing is raised: the result holds the faults.

    `path` is how faults show the file.
    """
    file = folder / SITE_FILE
    path = path or shown(file)
    if not file.is_file():
        return SiteFile(path)
    try:
        typed = decode_text(file.read_bytes())
        text = "\n".join(map(with_spaces_of_yaml, typed.split("\n")))
    except UnicodeDecodeError:
        problem, remedy = Message("it is not UTF-8"), Message("save it with the encoding UTF-8")
        return SiteFile(path, faults=(Fault(path, None, "file", problem, remedy),))
    except OSError as error:
        problem = Message("it cannot be read ({reason})", reason=error.strerror)
        remedy = Message("fix its permissions")
        return SiteFile(path, faults=(Fault(path, None, "file", problem, remedy),))
    faults = list(_ambiguous_values(text, path))
    if faults:
        return SiteFile(path, faults=tuple(faults))
    values, lines = {}, {}
    for key, node, line in _entries(text, path, faults):
        if key in lines:
            problem = Message("it is already on line {line}", line=lines[key])
            remedy = Message("keep one of the two")
            faults.append(Fault(path, line, key, problem, remedy, _RULE))
            continue
        lines[key] = line
        if problem := _problem_of(key, node):
            faults.append(Fault(path, line, key, *problem, _RULE))
        elif isinstance(node, yaml.ScalarNode):
            values[key] = _text(node)
    return SiteFile(path, values, lines, tuple(faults))


def _ambiguous_values(text: str, path: str) -> Iterator[Fault]:
    for number, line in enumerate(text.split("\n"), start=1):
        if match := _AMBIGUOUS.match(line):
            key = line.partition(":")[0].strip()
            quoted = "'" + match["value"].strip().replace("'", "''") + "'"
            problem = Message("YAML reads this value as something else")
            remedy = Message("put it in quotes: {key}: {value}", key=key, value=quoted)
            yield Fault(path, number, key, problem, remedy, _RULE)


def _entries(
    text: str, path: str, faults: list[Fault]
) -> Iterator[tuple[str, yaml.Node | None, int]]:
    """Each key, such as "address" or "owner.phone", its value and its line; None is a block's."""
    remedy = Message("write each value as key: value, and those of a block two spaces to the right")
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        if isinstance(error, RecursionError):
            problem = Message("it cannot be read (too many brackets or braces are open at once)")
        elif reason := getattr(error, "problem", None):
            problem = Message("it cannot be read ({reason})", reason=reason)
        else:
            problem = Message("it cannot be read (it holds a control character)")
        line = min(mark.line + 1, text.rstrip("\n").count("\n") + 1) if mark else None
        faults.append(Fault(path, line, "settings", problem, remedy, _RULE))
        return
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        faults.append(Fault(path, 1, "settings", Message("it holds no key"), remedy, _RULE))
        return
    for name_node, node in root.value:
        name, line = str(name_node.value), name_node.start_mark.line + 1
        if name not in BLOCKS or not isinstance(node, yaml.MappingNode):
            yield name, node, line
            continue
        yield name, None, line
        for key_node, value in node.value:
            yield f"{name}.{key_node.value}", value, key_node.start_mark.line + 1


def _problem_of(key: str, node: yaml.Node | None) -> tuple[Message, Message] | None:
    """What is wrong with a key or its value, and the remedy."""
    block, dot, name = key.partition(".")
    known = BLOCKS[block] if dot and block in BLOCKS else (*BLOCKS, *_VALUES)
    name = name if dot else key
    if name not in known:
        remedy = Message("the keys are {keys}", keys=", ".join(known))
        if near := difflib.get_close_matches(name.lower(), known, n=1):
            remedy = Message("did you mean {key}?", key=near[0])
        return Message("there is no such setting"), remedy
    if key in BLOCKS:
        if node is None or (isinstance(node, yaml.ScalarNode) and not _text(node)):
            return None
        problem = Message("it holds values of its own, each on a line")
        first = BLOCKS[key][0]
        return problem, Message("write below it, two spaces to the right: {key}: …", key=first)
    if not isinstance(node, yaml.ScalarNode):
        problem = Message("it takes one value, not a list or several keys")
        return problem, Message("write {key}: and the value", key=name)
    text = _text(node)
    if key in _VALUES and text and not _VALUES[key][0](text):
        _is_valid, problem, example = _VALUES[key]
        return problem(text), Message("write for example {line}", line=example)
    return None


def _text(node: yaml.ScalarNode) -> str:
    """The value on one line; YAML's null is what the owner leaves empty."""
    if node.style is None and node.value in ("~", "null"):
        return ""
    return " ".join(node.value.split())
