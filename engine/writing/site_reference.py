"""Make the French reference page of `content/site.yml`, and the file of a new site."""

import textwrap
from collections.abc import Mapping, Sequence

from engine.settings.site_schema import SCHEMA, TYPES, Block, Key
from engine.writing.header_reference import french

# Columns of a comment.
_WIDTH = 100
_FIRST_COMMENT = (
    "Ce que vous décidez du site et qui ne se lit dans aucun texte. Une valeur se met après les "
    "deux points ; laissée vide, elle ne paraît sur aucune page, et « ./inv check » dit ce qui "
    "manque. Mettez entre guillemets une valeur qui contient un # ou deux points suivis d'une "
    "espace."
)
_INTRODUCTION = """\
# Les réglages du site

<!-- `./inv headers` writes this file from `engine/settings/site_schema.py` -->

`content/site.yml` contient ce que vous décidez du site et qui ne se lit dans aucun texte. Une \
valeur laissée vide ne paraît sur aucune page. Une clé inconnue, ou une valeur qui ne peut pas \
être juste, arrête la construction du site avec le fichier, la ligne et la correction.
"""
_HEAD = "| clé | ce qu'elle dit | ce qu'elle prend | exemple |\n| --- | --- | --- | --- |"
_STARTER = """\
## Le fichier d'un site neuf

Pour repartir d'un fichier vide, copiez celui-ci.
"""


def markdown() -> str:
    """Return the whole page: each key, then the file of a new site."""
    alone = [each for each in SCHEMA if isinstance(each, Key)]
    parts = [_INTRODUCTION, f"## Les clés seules\n\n{_table(alone)}\n"]
    for block in (each for each in SCHEMA if isinstance(each, Block)):
        table = _table(block.keys, block.meaning)
        parts.append(f"## `{block.name}`\n\n{block.meaning}\n\n{table}\n")
    parts.append(f"{_STARTER}\n```yaml\n{site_file({})}```\n")
    return french("\n".join(parts))


def _table(keys: Sequence[Key], meaning: str = "") -> str:
    return "\n".join([_HEAD, *(_row(key, meaning) for key in keys)])


def _row(key: Key, meaning: str) -> str:
    form = TYPES[key.type]
    if key.choices:
        form = " ; ".join(f"`{value}` ({words})" for value, words in key.choices.items())
    cells = (f"`{key.name}`", key.meaning or meaning, form, f"`{' '.join(key.example.split())}`")
    return "| {} |".format(" | ".join(cell.replace("|", r"\|") for cell in cells))


def site_file(values: Mapping[str, str]) -> str:
    """Return the text of a `site.yml` with a comment above each key.

    `values` are as typed, by names such as "owner.phone"; other keys have their preset.
    """
    parts = [_comment(_FIRST_COMMENT, "")]
    for each in SCHEMA:
        parts.append("\n" + _comment(each.meaning, ""))
        if isinstance(each, Key):
            parts.append(_line(each, each.name, values, ""))
            continue
        parts.append(f"{each.name}:\n")
        for key in each.keys:
            parts.append(_comment(key.meaning, "  "))
            parts.append(_line(key, f"{each.name}.{key.name}", values, "  "))
    return "".join(parts)


def _line(key: Key, name: str, values: Mapping[str, str], indent: str) -> str:
    return f"{indent}{key.name}: {values.get(name, key.preset)}".rstrip() + "\n"


def _comment(words: str, indent: str) -> str:
    lines = textwrap.wrap(french(words).replace("`", ""), _WIDTH - len(indent) - 2)
    # No no-break spaces: the owner edits this file, and the lines are already broken.
    plain = str.maketrans("\u00a0\u202f", "  ")
    return "".join(f"{indent}# {line.translate(plain)}\n" for line in lines)
