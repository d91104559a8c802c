"""The themes: French names in the headers, English ones in `content/themes.yml`."""

from functools import cache

import yaml

from plugins.content_files import THEMES_FILE
from plugins.documents import MAIN_LANGUAGE, Document, Library, Topic
from plugins.faults import Fault
from plugins.slugs import slugify
from plugins.typography import typeset


def read_themes(library: Library, shown_folder: str) -> None:
    """Read the English names of the themes."""
    path, shown_path = library.folder / THEMES_FILE, f"{shown_folder}/{THEMES_FILE}"
    if not path.is_file():
        return
    remedy = "write a line for each theme: its French name, a colon, its English name"
    try:
        root = yaml.compose(path.read_text("utf-8-sig"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        library.faults.append(Fault(shown_path, line, "themes", "it cannot be read", remedy))
        return
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        library.faults.append(Fault(shown_path, 1, "themes", "it holds no theme", remedy))
        return
    for french, english in root.value:
        line = french.start_mark.line + 1
        if not isinstance(french, yaml.ScalarNode) or not isinstance(english, yaml.ScalarNode):
            library.faults.append(Fault(shown_path, line, "themes", "a line is unclear", remedy))
        elif french.value in library.themes:
            remedy = "keep one of the two"
            problem = "this theme is already named above"
            fault = Fault(shown_path, line, french.value, problem, remedy, "themes")
            library.faults.append(fault)
        else:
            library.themes[french.value] = english.value


def give_topics(library: Library, document: Document) -> None:
    """Give a document its themes, in its language."""
    for name in document.values.get("tags") or ():
        if topic := topic_of(library, name, document.lang):
            document.topics.append(topic)
            continue
        original = library.all.get(f"{document.key}.md", document)
        if not slugify(name):
            problem, remedy = f"no address can be made from “{name}”", "use letters or digits"
        else:
            problem = f"“{name}” has no English name"
            remedy = f"add a line to content/{THEMES_FILE}: {name}: its English name"
        library.fault(original, "tags", problem, remedy, "theme")


def topic_of(library: Library, french_name: str, lang: str) -> Topic | None:
    """The theme called `french_name` in a language; None where it cannot have an address there."""
    name = french_name if lang == MAIN_LANGUAGE else library.themes.get(french_name)
    return _topic(name, lang) if name else None


@cache
def _topic(name: str, lang: str) -> Topic | None:
    slug = slugify(name)
    return Topic(typeset(name, lang), slug) if slug else None
