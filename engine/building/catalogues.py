"""Read the gettext catalogue of the theme, and report missing translations."""

from collections.abc import Mapping
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from jinja2 import nodes
from jinja2.ext import extract_from_ast

from engine.faults import Fault, Message

DOMAIN = "messages"


def template_words(
    templates: Mapping[str, nodes.Template],
) -> dict[str | tuple, tuple[str, int]]:
    """Return every message of the templates with the name and the line of its first use."""
    words = {}
    for name, template in templates.items():
        for line, _function, strings in extract_from_ast(template, babel_style=False):
            message = strings[0] if len(strings) == 1 else strings
            words.setdefault(message, (name, line))
    return words


def _catalogue_path(theme: Path, lang: str) -> Path:
    return theme / "translations" / lang / "LC_MESSAGES" / f"{DOMAIN}.po"


def load_catalogue(
    theme: Path, lang: str, shown_theme: str, templates: Mapping[str, nodes.Template]
) -> tuple[Catalog, list[Fault]]:
    """Read the catalogue of a language; report each message of the templates that it lacks."""
    path = _catalogue_path(theme, lang)
    shown = f"{shown_theme}/{path.relative_to(theme)}"
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, locale=lang, domain=DOMAIN, abort_invalid=True)
    except FileNotFoundError:
        problem = Message("there is no such file")
        remedy = Message("restore it from the repository")
        return Catalog(), [Fault(shown, None, "catalogue", problem, remedy)]
    except (PoFileError, UnicodeDecodeError, ValueError) as error:
        line = getattr(error, "lineno", None)
        problem = Message("it cannot be read ({reason})", reason=error)
        remedy = Message('write msgid "…" and msgstr "…" on lines of their own')
        return Catalog(), [Fault(shown, line, "catalogue", problem, remedy)]
    faults = []
    for message, (name, line) in template_words(templates).items():
        entry = catalogue.get(message)
        words = message if isinstance(message, str) else message[0]
        where = f"{shown_theme}/templates/{name}:{line}"
        if entry is None:
            problem = Message("“{words}”, of {place}, is not there", words=words, place=where)
            remedy = Message('add msgid "{words}" with its msgstr', words=words)
            faults.append(Fault(shown, None, "msgid", problem, remedy, "catalogue"))
        elif not entry.string or (isinstance(entry.string, tuple) and not all(entry.string)):
            problem = Message(
                "“{words}”, of {place}, has no words in “{lang}”",
                words=words,
                place=where,
                lang=lang,
            )
            remedy = Message("write its msgstr")
            faults.append(Fault(shown, entry.lineno, "msgstr", problem, remedy, "catalogue"))
        elif entry.fuzzy:
            problem = Message("“{words}” is marked as unsure", words=words)
            remedy = Message("read its msgstr, then remove the line #, fuzzy")
            faults.append(Fault(shown, entry.lineno, "fuzzy", problem, remedy, "catalogue"))
    return catalogue, faults


def compile_into(folder: Path, lang: str, catalogue: Catalog) -> None:
    """Write the compiled catalogue below `folder`, at the path that gettext expects."""
    path = folder / lang / "LC_MESSAGES" / f"{DOMAIN}.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)
