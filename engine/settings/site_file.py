"""Read `content/site.yml`, the settings of the owner.

Each value stays a string, as in the headers of the texts: YAML's implicit types (`no` is False,
`0145` is octal) never apply. Without the file, the site is built under a neutral name, and
engine/publishing/readiness.py refuses to publish it.
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from engine.characters import decode_text
from engine.faults import Fault, Message, ProblemError, unread_file_fault
from engine.languages import ENGLISH, FRENCH, MAIN_LANGUAGE, OTHER_LANGUAGE
from engine.settings.site_mistakes import correct_lines
from engine.settings.site_schema import BLOCKS, EMPTY, KEYS, SCHEMA, Key
from engine.settings.site_settings import display_path
from engine.settings.site_values import problem_of_link, problem_of_value
from engine.settings.strand_colours import css_colour, parse_colour
from engine.texts.content_files import SITE_FILE
from engine.texts.header_mistakes import with_spaces_of_yaml
from engine.typography.typography import typeset
from engine.typography.typography_rules import NARROW

NEUTRAL_NAMES = {FRENCH: "Mon site", ENGLISH: "My site"}
NEUTRAL_ID = "00000000-0000-4000-8000-000000000000"
_FIRST_KEYS = [each.name for each in SCHEMA]
# The number of strands of a hank (engine/ribbon.py).
MAX_COLOURS = 4
_RULE = "settings"
# The types of numbers that are read in groups.
_NUMBERS = ("telephone", "siret", "vat number")


@dataclass(frozen=True)
class MenuEntry:
    """An entry of a menu: the name of a list or a page, its words ("" for the page's own)."""

    name: str
    words: str
    line: int


# A text; addresses by name; the entries of a menu; colours.
Value = str | dict[str, str] | tuple[MenuEntry | str, ...]
# The line of a mistake (None for the line of the key), the problem, the remedy.
_Mistake = tuple[int | None, Message, Message]


@dataclass(frozen=True)
class SiteFile:
    """The values of a `site.yml` and its faults.

    `value` and `block` return what is typed; `names`, `tagline`, `menu` and `owner` return the
    words of a page, with the typography of its language.
    `path` is shown in faults. `lines` gives the line of each key, such as "owner.phone".
    """

    path: str = f"content/{SITE_FILE}"
    values: Mapping[str, Value] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    def value(self, name: str) -> Value:
        """Return the value of a key such as "owner.phone", an empty value if it is not given."""
        return self.values.get(name) or EMPTY.get(KEYS[name].type, "")

    def block(self, name: str) -> dict[str, Value]:
        """Return each key of a block of BLOCKS with its value, empty if it is not given."""
        return {key.name: self.value(f"{name}.{key.name}") for key in BLOCKS[name].keys}

    @property
    def typed_names(self) -> dict[str, str]:
        """The name of the site in each language; a missing one is taken from the other language."""
        given = self.block("names")
        one = given[MAIN_LANGUAGE] or given[OTHER_LANGUAGE]
        return {lang: given[lang] or one or name for lang, name in NEUTRAL_NAMES.items()}

    @property
    def names(self) -> dict[str, str]:
        """The name of the site on the pages of each language."""
        return {lang: typeset(name, lang) for lang, name in self.typed_names.items()}

    def tagline(self, lang: str) -> str:
        """Return the tagline of a language, "" if it is not given."""
        return typeset(self.value(f"taglines.{lang}"), lang)

    def owner(self, lang: str) -> dict[str, str | dict[str, str]]:
        """Return the values of the owner for the pages of a language; addresses stay as typed."""
        owner = self.block("owner")
        for key in BLOCKS["owner"].keys:
            if key.type == "text":
                owner[key.name] = typeset(owner[key.name], lang)
            elif key.type in _NUMBERS:
                owner[key.name] = owner[key.name].replace(" ", NARROW)
        links = owner["links"].items()
        return owner | {"links": {typeset(name, lang): address for name, address in links}}

    @property
    def has_contact(self) -> bool:
        """Whether the owner gives an address, a number or a link for answers."""
        return any(self.value(f"owner.{key}") for key in ("email", "phone", "address", "links"))

    @property
    def address(self) -> str:
        """The public address of the site, "" if it is not given."""
        return self.values.get("address", "")

    @property
    def id(self) -> str:
        """The identifier of the site, from which those of its feeds are derived."""
        return self.values.get("id") or NEUTRAL_ID

    @property
    def time_zone(self) -> str:
        """The name of the time zone that determines the current day."""
        return self.values.get("time_zone") or "Europe/Paris"

    def menu(self, lang: str) -> tuple[MenuEntry, ...]:
        """Return the menu of a language, by default the entries of the main language."""
        own = self.value(f"menu.{lang}")
        plain = (replace(entry, words="") for entry in self.value(f"menu.{MAIN_LANGUAGE}"))
        return tuple(replace(entry, words=typeset(entry.words, lang)) for entry in own or plain)

    @property
    def sign(self) -> str:
        """The characters before the name of the site, at the top of each page."""
        return self.value("sign") or "&"

    @property
    def news_on_home(self) -> int:
        """The maximum number of news items on the home page."""
        return int(self.value("news_on_home") or 5)

    @property
    def has_portfolio(self) -> bool:
        """Whether the site has its portfolio as a PDF."""
        return self.value("portfolio") == "yes"

    @property
    def hsts_preload(self) -> bool:
        """Whether HSTS covers every subdomain and asks for the preload lists of browsers."""
        return self.value("hsts_preload") == "yes"

    @property
    def reserves_mining(self) -> bool:
        """Whether the owner reserves text and data mining: so unless it is allowed.

        A reservation can be lifted any day; what was copied before one cannot be taken back.
        """
        return self.value("text_and_data_mining") != "allowed"

    def fault(self, key: str, problem: Message, remedy: Message) -> Fault:
        """Return a fault at the line of a key, else at the line of its block."""
        line = self.lines.get(key) or self.lines.get(key.partition(".")[0])
        return Fault(self.path, line, key, problem, remedy, _RULE)


def read_site_file(folder: Path, path: str | None = None, data: bytes | None = None) -> SiteFile:
    """Read the `site.yml` of a content folder. Raises nothing: the result holds the faults.

    `path` is shown in faults; `data` is read in place of the bytes of the file.
    """
    file = folder / SITE_FILE
    path = path or display_path(file)
    if data is None and not file.is_file():
        return SiteFile(path)
    try:
        typed = decode_text(file.read_bytes() if data is None else data)
        lines = [with_spaces_of_yaml(line) for line in typed.split("\n")]
    except (OSError, UnicodeDecodeError) as error:
        return SiteFile(path, faults=(unread_file_fault(error, path, "file"),))
    corrected = list(correct_lines(lines))
    faults = [
        Fault(path, number, mistake.key, mistake.problem, mistake.remedy, _RULE)
        for number, (_line, mistake) in enumerate(corrected, start=1)
        if mistake
    ]
    values, lines = {}, {}
    for name, node, line in _entries("\n".join(line for line, _ in corrected), path, faults):
        if name in lines:
            problem = Message("it is already on line {line}", line=lines[name])
            remedy = Message("keep one of the two")
            faults.append(Fault(path, line, name, problem, remedy, _RULE))
            continue
        lines[name] = line
        if problem := _problem_of_key(name, node):
            faults.append(Fault(path, line, name, *problem, _RULE))
        elif name in KEYS:
            read = _READERS.get(KEYS[name].type, _read_text)
            value, mistakes = read(KEYS[name], node, folder)
            if not mistakes:
                values[name] = value
            faults += [Fault(path, at or line, name, *said, _RULE) for at, *said in mistakes]
    return SiteFile(path, values, lines, tuple(faults))


def _entries(
    text: str, path: str, faults: list[Fault]
) -> Iterator[tuple[str, yaml.Node | None, int]]:
    """Yield each key, such as "owner.phone", its value (None for a block) and its line."""
    remedy = Message("write each value as key: value, and those of a block two spaces to the right")
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        if isinstance(error, RecursionError):
            problem = Message("it cannot be read (too many brackets or braces are open at once)")
        elif mark:
            problem = Message("a quote, a bracket, a colon or a space is not in its place")
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


def _problem_of_key(name: str, node: yaml.Node | None) -> tuple[Message, Message] | None:
    """Return the problem and the remedy of an unknown key, or of a block without keys."""
    block, dot, last = name.rpartition(".")
    known = [key.name for key in BLOCKS[block].keys] if dot and block in BLOCKS else _FIRST_KEYS
    if last not in known:
        remedy = Message("the keys are {keys}", keys=", ".join(known))
        if near := difflib.get_close_matches(last.lower(), known, n=1):
            remedy = Message("did you mean {key}?", key=near[0])
        return Message("there is no such setting"), remedy
    if name in BLOCKS and node is not None and not _is_empty(node):
        problem = Message("it holds values of its own, each on a line")
        first = BLOCKS[name].keys[0].name
        return problem, Message("write below it, two spaces to the right: {key}: …", key=first)
    return None


def _read_text(key: Key, node: yaml.Node, folder: Path) -> tuple[str, list[_Mistake]]:
    """Read a value on one line, and its mistakes."""
    if not isinstance(node, yaml.ScalarNode):
        problem = Message("it takes one value, not a list or several keys")
        return "", [(None, problem, Message("write {key}: and the value", key=key.name))]
    text = _text(node)
    problem = problem_of_value(key, text, folder)
    return text, [(None, *problem)] if problem else []


def _read_links(key: Key, node: yaml.Node, _folder: Path) -> tuple[dict[str, str], list[_Mistake]]:
    """Read addresses by name, and their mistakes."""
    if _is_empty(node):
        return {}, []
    if not isinstance(node, yaml.MappingNode):
        problem = Message("it takes a name and an address on each line")
        remedy = Message("write below it, two spaces to the right: Mastodon: https://…")
        return {}, [(None, problem, remedy)]
    links, mistakes = {}, []
    for name_node, address_node in node.value:
        line = name_node.start_mark.line + 1
        name, address = (
            _text(each) if isinstance(each, yaml.ScalarNode) else ""
            for each in (name_node, address_node)
        )
        if name in links:
            problem = Message("“{name}” is there twice", name=name)
            mistakes.append((line, problem, Message("give each address a name of its own")))
        elif problem := problem_of_link(name, address):
            mistakes.append((line, *problem))
        links[name] = address
    return links, mistakes


def _read_menu(
    key: Key, node: yaml.Node, _folder: Path
) -> tuple[tuple[MenuEntry, ...], list[_Mistake]]:
    """Read the entries of a menu, and their mistakes."""
    if _is_empty(node):
        return (), []
    remedy = Message("write each entry on a line of its own, as in - news, or - news: its words")
    if not isinstance(node, yaml.SequenceNode):
        return (), [(None, Message("it takes a list of entries"), remedy)]
    entries, mistakes = [], []
    for each in node.value:
        line = each.start_mark.line + 1
        pair = [each]
        if isinstance(each, yaml.MappingNode) and len(each.value) == 1:
            pair = list(each.value[0])
        if not all(isinstance(part, yaml.ScalarNode) for part in pair):
            mistakes.append((line, Message("this is no entry of a menu"), remedy))
            continue
        name, words = [*map(_text, pair), ""][:2]
        if name in (entry.name for entry in entries):
            problem = Message("“{name}” is there twice", name=name)
            mistakes.append((line, problem, Message("keep one of the two")))
        entries.append(MenuEntry(name, words, line))
    return tuple(entries), mistakes


def _read_colours(
    key: Key, node: yaml.Node, _folder: Path
) -> tuple[tuple[str, ...], list[_Mistake]]:
    """Read the colours of the strands as CSS for both schemes, and their mistakes."""
    if _is_empty(node):
        return (), []
    example = Message("write each on a line of its own, in quotes: - '#b5302a'")
    if not isinstance(node, yaml.SequenceNode):
        return (), [(None, Message("it takes a list of colours"), example)]
    colours, mistakes = [], []
    for number, each in enumerate(node.value):
        line = each.start_mark.line + 1
        if not isinstance(each, yaml.ScalarNode) or not _text(each):
            mistakes.append((line, Message("there is no colour"), example))
        elif number == MAX_COLOURS:
            problem = Message("there are more than {count} colours", count=MAX_COLOURS)
            remedy = Message("remove the rest: the next projects take them darker, then lighter")
            mistakes.append((line, problem, remedy))
            break
        else:
            try:
                colours.append(css_colour(parse_colour(_text(each))))
            except ProblemError as error:
                mistakes.append((line, error.problem, error.remedy))
    return tuple(colours), mistakes


_READERS = {"links": _read_links, "menu": _read_menu, "colours": _read_colours}


def _is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not _text(node)


def _text(node: yaml.ScalarNode) -> str:
    """Return a value on one line, "" for YAML's null."""
    if node.style is None and node.value in ("~", "null"):
        return ""
    return " ".join(node.value.split())
