"""Make addresses from titles: « L’été à Besançon » gives `l-ete-a-besancon`."""

import re

from unidecode import unidecode

_MAX_LENGTH = 80


def slugify(words: str) -> str:
    """Transliterate `words` to a to z, 0 to 9 and hyphens; return "" if no character remains.

    An apostrophe separates two words, as in French. The slug is cut after a whole word, at 80
    characters.
    """
    plain = unidecode(words.replace("°", "o")).lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(slug) <= _MAX_LENGTH:
        return slug
    return slug[: _MAX_LENGTH + 1].rpartition("-")[0] or slug[:_MAX_LENGTH]
