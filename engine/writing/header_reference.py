"""Make the French reference page of the headers from their schema."""

import re

from engine.languages import FRENCH
from engine.texts.header_schema import KINDS, TYPES, Key, header_line
from engine.typography.typography import typeset

_KINDS = {
    "article": ("Une actualité", "`content/articles/2026-05-nom.md`", "article"),
    "project": ("Un projet", "`content/pages/projects/nom.md`", "project"),
    "page": ("Une page", "`content/pages/nom.md`", "page"),
    "home": ("La page d'accueil", "`content/home.md`", ""),
}
_INTRODUCTION = """\
# Les en-têtes des textes

<!-- `./inv headers` writes this file from `engine/texts/header_schema.py` -->

Un texte commence par son en-tête : entre deux lignes `---`, une ligne par clé. Les clés \
**obligatoires** le sont toujours, les autres servent au besoin. Une clé inconnue, ou une valeur \
qui ne se lit pas, arrête la construction du site avec le fichier, la ligne et la correction.

La version anglaise d'un texte est le fichier `nom.en.md`, à côté de `nom.md` ; \
`./inv translate` le prépare. Les clés *reprises* y valent ce que dit le texte français : \
elles n'y sont jamais récrites.
"""
_HEAD = "| clé | ce qu'elle dit | ce qu'elle prend | exemple |\n| --- | --- | --- | --- |"

_CODE = re.compile(r"(```.*?```|`[^`]*`|^\|[ |-]+\|$)", re.DOTALL | re.MULTILINE)


def french(text: str) -> str:
    """Add French typography to plain Markdown, except in code and in separator rows of tables."""
    parts = _CODE.split(text)
    return "".join(
        part if number % 2 else typeset(part, FRENCH) for number, part in enumerate(parts)
    )


def form(key: Key) -> str:
    """Describe a key's values in French Markdown: the form of its type, or its choices."""
    if not key.choices:
        return TYPES[key.type]
    return " ; ".join(f"`{value}` ({meaning})" for value, meaning in key.choices.items())


def markdown() -> str:
    """Return the whole page: the keys of every header, then those of each kind of text."""
    everywhere = [key for key in KINDS["article"] if all(key in keys for keys in KINDS.values())]
    parts = [_INTRODUCTION, f"## Dans tous les textes\n\n{_table(everywhere)}\n"]
    for kind, (title, place, task) in _KINDS.items():
        start = f' `./inv {task} "Titre"` en prépare un.' if task else ""
        table = _table([key for key in KINDS[kind] if key not in everywhere])
        parts.append(f"## {title}\n\nFichier : {place}.{start}\n\n{table}\n")
    return french("\n".join(parts))


def _table(keys: list[Key]) -> str:
    return "\n".join([_HEAD, *map(_row, keys)])


def _row(key: Key) -> str:
    marks = ["**obligatoire**"] * key.required + ["*reprise*"] * key.shared
    name = ", ".join([f"`{key.name}`", *marks])
    cells = (name, key.meaning, form(key), f"`{header_line(key, key.example)}`")
    return "| {} |".format(" | ".join(cell.replace("|", r"\|") for cell in cells))
