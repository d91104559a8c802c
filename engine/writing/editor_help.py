"""Make JSON Schemas and snippets for text editors from the schemas of headers and settings.

docs/editeur.md lists the editors that use them.
"""

import json
import re
from collections.abc import Sequence

from engine.languages import MAIN_LANGUAGE
from engine.settings.site_file import MAX_COLOURS
from engine.settings.site_schema import SCHEMA, TYPES, Block
from engine.settings.site_schema import Key as SiteKey
from engine.settings.site_values import EMAIL, TELEPHONE
from engine.texts import partial_dates
from engine.texts.aliases import ADDRESS as ALIAS
from engine.texts.header_schema import DIGEST, KINDS, SLUG, SLUG_LENGTH, Key, quote
from engine.writing.header_reference import form, french

# YAML reads an unquoted 2012 as a number and an empty value as null.
_TEXT = {"type": ["string", "number", "null"]}
_DATE = rf"^(?:{partial_dates.ISO.pattern}|{partial_dates.PART_OF_YEAR.pattern})$"
_ADDRESS = {"type": ["string", "null"], "pattern": r"^((https?://|mailto:|tel:)\S+)?$"}
_FORMS = {
    "text": _TEXT,
    "file": _TEXT,
    "theme": _TEXT,
    "slug": {"type": "string", "pattern": f"^{SLUG.pattern}$", "maxLength": SLUG_LENGTH},
    "date": {
        "anyOf": [
            {"type": "string", "pattern": _DATE},
            {"type": "integer", "minimum": 1000, "maximum": 9999},
        ]
    },
    "list": {"type": ["array", "string"], "items": {"type": ["string", "number"], "minLength": 1}},
    "addresses": {
        "type": ["array", "string"],
        "items": {"type": "string", "pattern": f"^{ALIAS.pattern}$"},
    },
    "links": {"type": ["object", "null"], "additionalProperties": _ADDRESS},
    "whole number": {
        "anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": "^[0-9]{1,6}$"}]
    },
    "digest": {"type": "string", "pattern": f"^{DIGEST.pattern}$"},
}

# Each key of site.yml may be empty.
_SITE_FORMS = {
    "e-mail": {"type": ["string", "null"], "pattern": f"^({EMAIL.pattern})?$"},
    "telephone": {"type": ["string", "integer", "null"], "pattern": f"^({TELEPHONE.pattern})?$"},
    "sign": {"type": ["string", "null"], "maxLength": 3},
    "small number": {"anyOf": [{"type": "null"}, {"type": "integer", "minimum": 1, "maximum": 99}]},
    "colours": {
        "type": ["array", "null"],
        "items": {"type": "string", "minLength": 1},
        "maxItems": MAX_COLOURS,
    },
    "menu": {
        "type": ["array", "null"],
        "items": {
            "anyOf": [
                {"type": "string"},
                {"type": "object", "minProperties": 1, "maxProperties": 1},
            ]
        },
    },
    "site address": {"type": ["string", "null"], "pattern": r"^(https://\S+)?$"},
    "siret": {
        "type": ["string", "integer", "null"],
        "pattern": "^$|^( *[0-9]){14}$",
        # Unquoted digits are a number.
        "minimum": 10**11,
    },
    "vat number": {
        "type": ["string", "null"],
        "pattern": "^([Ff][Rr] ?[0-9A-Za-z]{2}( ?[0-9]){9})?$",
    },
    "picture": {"type": ["string", "null"], "pattern": "^(/?images/.+)?$"},
    "links": {
        "type": ["object", "null"],
        "additionalProperties": {"type": "string", "pattern": r"^https://\S+$"},
    },
}


def json_schema(kind: str, lang: str = MAIN_LANGUAGE) -> dict:
    """Return the JSON Schema (draft 7, the one that most editors support) of a kind's header.

    In an English header, inherited keys are optional. They are forbidden only if the header has
    `translated_from`: otherwise the original may be missing, which the schema cannot know.
    """
    keys = KINDS[kind]
    is_original = lang == MAIN_LANGUAGE
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"{kind} ({lang})",
        "type": "object",
        "properties": {key.name: _property(key) for key in keys},
        "required": [key.name for key in keys if key.required and (is_original or not key.shared)],
        "additionalProperties": False,
    }
    if not is_original:
        schema["if"] = {"required": ["translated_from"]}
        schema["then"] = {"properties": {key.name: False for key in keys if key.shared}}
    return schema


def _property(key: Key) -> dict:
    meaning = french(f"{key.meaning} Forme : {form(key)}.").replace("`", "")
    values = {"enum": list(key.choices)} if key.choices else dict(_FORMS[key.type])
    if key.required and key.type == "text":
        values = {"type": ["string", "number"], "minLength": 1}
    return {"description": meaning, **values}


def site_json_schema() -> dict:
    """Return the JSON Schema of `content/site.yml`."""
    schema = _site_object(SCHEMA)
    schema["properties"] = {
        each.name: (
            {"description": _plain(each.meaning), **_site_object(each.keys)}
            if isinstance(each, Block)
            else _site_property(each)
        )
        for each in SCHEMA
    }
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": "site.yml", **schema}


def _site_object(keys: Sequence[SiteKey | Block]) -> dict:
    """Return the schema of an object whose keys are all optional."""
    properties = {key.name: _site_property(key) for key in keys if isinstance(key, SiteKey)}
    return {"type": ["object", "null"], "properties": properties, "additionalProperties": False}


def _site_property(key: SiteKey) -> dict:
    values = dict(_SITE_FORMS.get(key.type, _TEXT))
    if key.choices:
        values = {"enum": [*key.choices, None]}
        # Editors read an unquoted yes or no as a boolean (YAML 1.1).
        values["enum"] += [True, False] if "yes" in key.choices else []
    return {"description": _plain(f"{key.meaning} Forme : {TYPES[key.type]}."), **values}


def _plain(words: str) -> str:
    return french(words.strip()).replace("`", "")


def snippets() -> dict:
    """Return snippets for Markdown files: the whole header of each kind, and each key.

    https://code.visualstudio.com/docs/editing/userdefinedsnippets
    """
    found = {}
    for kind, keys in KINDS.items():
        lines = [_line(key, stop) for stop, key in enumerate(_initial_keys(keys), start=1)]
        found[f"header of {kind}"] = {
            "prefix": f"entete-{kind}",
            "scope": "markdown",
            "description": french(f"L'en-tête d'un texte ({kind})"),
            "body": ["---", *lines, "---", "$0"],
        }
        for key in keys:
            name = key.name if key.name not in found else f"{key.name} ({kind})"
            snippet = {
                "prefix": key.name,
                "scope": "markdown",
                "description": french(key.meaning).replace("`", ""),
                "body": [_line(key, 1)],
            }
            if snippet not in found.values():
                found[name] = snippet
    return found


def _initial_keys(keys: tuple[Key, ...]) -> list[Key]:
    """Return the keys of a new file's header."""
    return [key for key in keys if key.required or key.name in ("slug", "status", "summary")]


def _line(key: Key, stop: int) -> str:
    if key.choices:
        return f"{key.name}: ${{{stop}|{','.join(key.choices)}|}}"
    if key.required and key.type == "date":
        return f"{key.name}: ${{{stop}:$CURRENT_YEAR-$CURRENT_MONTH-$CURRENT_DATE}}"
    example = re.sub(r"([\\$}])", r"\\\1", key.example)
    place = f"${{{stop}:{example}}}"
    return f"{key.name}: {quote(place) if key.type == 'text' else place}"


def as_json(value: dict) -> str:
    """Format a value as an indented JSON file."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
