"""Find the language of messages, and translate a message into it."""

import os
import re
from functools import cache
from pathlib import Path

from engine.languages import LANGUAGES, MAIN_LANGUAGE
from engine.paths import content_folder

FOLDER = Path(__file__).resolve().parent
# Messages are shown before the settings are read, and if they cannot be.
_LINE = re.compile(r"^messages:[ \t]*['\"]?([a-z]+)", re.MULTILINE)


def message_language() -> str:
    """Return SITE_MESSAGES, else `messages` of site.yml, else the site's main language.

    A variable that is empty or names another language is ignored.
    """
    named = os.environ.get("SITE_MESSAGES", "")
    if named in LANGUAGES:
        return named
    return _language_of_site(content_folder())


@cache
def _language_of_site(content: Path) -> str:
    try:
        found = _LINE.search((content / "site.yml").read_text("utf-8", errors="replace"))
    except OSError:
        return MAIN_LANGUAGE
    return found[1] if found and found[1] in LANGUAGES else MAIN_LANGUAGE


def translate(text: str) -> str:
    """Return `text` in the language of messages, unchanged if it has no translation."""
    return _words(message_language()).get(text) or text


def is_singular(number: int) -> bool:
    """Whether the noun after a number is in the singular, in the language of messages."""
    return number in LANGUAGES[message_language()].singular


def format_number(number: float) -> str:
    """Format a number for the language of messages: “1,234.5” in English."""
    # Babel takes time to load.
    from babel.numbers import format_decimal  # noqa: PLC0415

    return format_decimal(number, locale=message_language())


@cache
def _words(lang: str) -> dict[str, str]:
    """Map each English text to its translation; empty if there is no readable catalogue."""
    try:
        with (FOLDER / f"{lang}.po").open("rb") as file:
            # Babel takes time to load.
            from babel.messages.pofile import read_po  # noqa: PLC0415

            catalogue = read_po(file, locale=lang)
    # English has no catalogue. A broken one may not stop a command that has a fault to report.
    except Exception:
        return {}
    return {each.id: each.string for each in catalogue if each.id and not each.fuzzy}
