"""Addresses from titles: « L’été à Besançon » gives `l-ete-a-besancon`."""

import re

from unidecode import unidecode

_LENGTH = 80


def slugify(words: str) -> str:
    """The part of an address that says `words`: a to z, 0 to 9 and hyphens; "" where none is left.

    An apostrophe parts two words, as a reader of French expects. Cut after a whole word at 80
    characters.
    """
    plain = unidecode(words.replace("°", "o")).lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(slug) <= _LENGTH:
        return slug
    return slug[: _LENGTH + 1].rpartition("-")[0] or slug[:_LENGTH]
