"""Read the English names of themes from `content/themes.yml`, and assign themes to texts."""

import difflib
import re
from collections.abc import Iterable
from functools import cache

import yaml

from engine.characters import FORBIDDEN, decode_text
from engine.faults import Fault, Message, unread_file_fault
from engine.languages import LANGUAGES, MAIN_LANGUAGE
from engine.slugs import slugify
from engine.texts.content_files import THEMES_FILE
from engine.texts.documents import Document, Library, Topic
from engine.texts.header_mistakes import YAML_LOADER, with_spaces_of_yaml
from engine.texts.header_schema import quote
from engine.typography.typography import typeset

_QUOTED = re.compile(r"""\s*(["'“«]?)\s*(.+?)\s*(["'”»]?)\s*:(?:\s+|$)(.*)$""")
_UNCLEAR = re.compile(r"(\W?)([\w’' -]+?)(\W?)\s*[:=：]+\s*(.*)$")
# Words for characters that an address drops.
_CHARACTER_WORDS = {"+": " plus", "#": " sharp", "&": " et ", "@": " arobase "}


def read_themes(library: Library, shown_folder: str) -> None:
    """Read the English names of the themes, one a line, each line parsed alone."""
    path, shown_path = library.folder / THEMES_FILE, f"{shown_folder}/{THEMES_FILE}"
    data = library.unsaved.get(THEMES_FILE)
    if data is None and not path.is_file():
        return
    try:
        text = decode_text(path.read_bytes() if data is None else data)
    except (OSError, UnicodeDecodeError) as error:
        library.faults.append(unread_file_fault(error, shown_path, "themes"))
        return
    for number, typed in enumerate(text.split("\n"), start=1):
        line = with_spaces_of_yaml(FORBIDDEN.sub(" ", typed))
        if not line.strip() or line.lstrip().startswith("#") or line.strip() == "---":
            continue
        if (names := _parse_names(line)) is None:
            french, english = _guess_names(line)
            remedy = Message(
                "write a line for each theme, with its French name, a colon, its English name"
            )
            if french and english:
                line = f"{_plain_or_quoted(french)}: {_plain_or_quoted(english)}"
                remedy = Message("write {line}", line=line)
            elif french:
                remedy = Message("write {name}: its English name", name=_plain_or_quoted(french))
            problem = Message("the line cannot be read")
            library.faults.append(Fault(shown_path, number, "themes", problem, remedy))
            # Added, so that no text with this theme is reported too.
            library.themes.setdefault(french, english or french)
        elif names[0] in library.themes:
            problem = Message("this theme is already named above")
            remedy = Message("keep one of the two")
            library.faults.append(Fault(shown_path, number, names[0], problem, remedy, "themes"))
        else:
            library.themes[names[0]] = names[1]
            library.theme_lines[names[0]] = number


def _parse_names(line: str) -> tuple[str, str] | None:
    """Parse a line into a French and an English name; return None if it is invalid."""
    try:
        root = yaml.compose(line, Loader=YAML_LOADER)
    except yaml.YAMLError:
        return None
    if not isinstance(root, yaml.MappingNode) or len(root.value) != 1 or line[0] in " \t":
        return None
    french, english = root.value[0]
    if not isinstance(french, yaml.ScalarNode) or not isinstance(english, yaml.ScalarNode):
        return None
    names = " ".join(french.value.split()), " ".join(english.value.split())
    return names if all(names) and not re.search("[“”«»]", "".join(names)) else None


def _guess_names(line: str) -> tuple[str, str]:
    """Guess the French and the English name of an invalid line, "" if unknown."""
    line = line.strip().removeprefix("- ")
    match = _QUOTED.match(line) or _UNCLEAR.match(line)
    if not match:
        return "", ""
    return match[2].strip("\"'“”«»"), match[4].strip(" \t\"'“”«»[]{},;")


def _plain_or_quoted(name: str) -> str:
    return name if re.fullmatch(r"[\w][\w ’'&+-]*", name) else quote(name)


def assign_topics(library: Library, document: Document) -> None:
    """Set the themes of a document, in its language.

    A theme without an English name is reported once; one that is perhaps misspelt, in each text.
    """
    for name in document.header.get("tags") or ():
        if topic := topic_of(library, name, document.lang):
            document.topics.append(topic)
            continue
        original = library.by_source.get(f"{document.key}.md", document)
        if not slugify(name):
            problem = Message("no address can be made from “{theme}”", theme=name)
            remedy = Message("use letters or digits")
        else:
            problem = Message("“{theme}” has no English name", theme=name)
            typed = _plain_or_quoted(name)
            remedy = Message(
                "add a line to content/{file}: {theme}: its English name",
                file=THEMES_FILE,
                theme=typed,
            )
            near = find_similar(name, library.themes)
            if not near and name in library.unnamed_themes:
                continue
            library.unnamed_themes.add(name)
            if near:
                remedy = Message(
                    "write {near}, or add a line to content/{file}: {theme}: its English name",
                    near=near,
                    file=THEMES_FILE,
                    theme=typed,
                )
        library.add_fault(original, "tags", problem, remedy, "theme")


def topic_of(library: Library, french_name: str, lang: str) -> Topic | None:
    """Return the theme `french_name` in a language, None if it has no name or address there."""
    name = french_name if lang == MAIN_LANGUAGE else library.themes.get(french_name)
    return _topic(name, lang) if name else None


@cache
def _topic(name: str, lang: str) -> Topic | None:
    slug = slugify(name)
    return Topic(typeset(name, lang), slug) if slug else None


def find_similar(name: str, themes: Iterable[str]) -> str | None:
    """Return the theme most similar to a misspelt name, else None."""
    others = [theme for theme in themes if theme != name]
    return next(iter(difflib.get_close_matches(name, others, n=1, cutoff=0.8)), None)


def refuse_topic_clashes(library: Library) -> None:
    """Add a fault for two themes with the same address: “C++” and “C#”, “pêche” and “péché”.

    The fault is reported once, at the first text with the second of them by name; for two English
    names, in themes.yml.
    """
    for lang in LANGUAGES:
        bearers: dict[str, Document] = {}
        for document in library.visible:
            if document.lang == lang:
                for name in document.header.get("tags") or ():
                    bearers.setdefault(name, document)
        first: dict[str, str] = {}
        for name in sorted(bearers):
            topic = topic_of(library, name, lang)
            if topic is None or first.setdefault(topic.slug, name) == name:
                continue
            _refuse_topic_clash(library, lang, first[topic.slug], name, bearers[name])


def _refuse_topic_clash(
    library: Library, lang: str, one: str, other: str, document: Document
) -> None:
    if lang == MAIN_LANGUAGE:
        problem = Message(
            "the themes “{one}” and “{other}” would have one address", one=one, other=other
        )
        remedy = Message("give one another name, such as {name}", name=_distinct_name(other))
        if one.casefold() == other.casefold():
            remedy = Message("write {theme} here too", theme=one)
        library.add_fault(document, "tags", problem, remedy, "theme")
        return
    if slugify(one) == slugify(other):
        return  # reported for the French names
    shown_path = document.shown_path.removesuffix(
        document.path.relative_to(library.folder).as_posix()
    )
    english = library.themes[other]
    problem = Message(
        "the themes “{one}” and “{other}” would have one address in English", one=one, other=other
    )
    meant = f"{_plain_or_quoted(other)}: {_distinct_name(english, 'other')}"
    remedy = Message("write {line}", line=meant)
    line = library.theme_lines.get(other)
    library.faults.append(
        Fault(f"{shown_path}{THEMES_FILE}", line, other, problem, remedy, "theme")
    )


def _distinct_name(name: str, suffix: str = "bis") -> str:
    """Return a variant of a name with another address: its characters in words, or a suffix."""
    said = "".join(_CHARACTER_WORDS.get(character, character) for character in name)
    said = " ".join(said.split())
    return said if slugify(said) != slugify(name) else f"{name} {suffix}"
