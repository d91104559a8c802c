"""The language in which commands speak to the owner, and each message in it."""

import os
import re
from functools import cache
from pathlib import Path

from engine.languages import LANGUAGES, MAIN_LANGUAGE
from engine.paths import ROOT

FOLDER = Path(__file__).resolve().parent
# A command may speak before settings can be read: this line is found without YAML.
_LINE = re.compile(r"^messages:[ \t]*['\"]?([a-z]+)", re.MULTILINE)


def message_language() -> str:
    """The language of messages: that of SITE_MESSAGES, of `messages` in site.yml, of the site.

    An unknown or empty SITE_MESSAGES counts for nothing.
    """
    named = os.environ.get("SITE_MESSAGES", "")
    if named in LANGUAGES:
        return named
    return _language_of_site(os.environ.get("SITE_CONTENT") or str(ROOT / "content"))


@cache
def _language_of_site(content: str) -> str:
    try:
        found = _LINE.search(Path(content, "site.yml").read_text("utf-8", errors="replace"))
    except OSError:
        return MAIN_LANGUAGE
    return found[1] if found and found[1] in LANGUAGES else MAIN_LANGUAGE


def translate(text: str) -> str:
    """The message `text` in the language of messages; itself where there is no translation."""
    return _words(message_language()).get(text) or text


def format_number(number: float) -> str:
    """A number as the language of messages writes it: “1,234.5” in English."""
    # As in `_words`.
    from babel.numbers import format_decimal  # noqa: PLC0415

    return format_decimal(number, locale=message_language())


@cache
def _words(lang: str) -> dict[str, str]:
    """The translations of a language by their English text; none if the catalogue is unreadable."""
    try:
        # Babel takes time to load: only where a message is shown.
        from babel.messages.pofile import read_po  # noqa: PLC0415

        with (FOLDER / f"{lang}.po").open("rb") as file:
            catalogue = read_po(file, locale=lang)
    # English has no catalogue. What is wrong with one may not stop a command that has more to say.
    except Exception:
        return {}
    return {each.id: each.string for each in catalogue if each.id and not each.fuzzy}
