"""Report the languages of the settings that the site does not support."""

from collections.abc import Iterator, Mapping

from engine.faults import Fault, Message, join_messages
from engine.languages import LANGUAGES, MAIN_LANGUAGE, OTHER_LANGUAGE
from engine.paths import ROOT

_SETTINGS_FILE = "pelicanconf.py"


def language_faults(settings: Mapping) -> Iterator[Fault]:
    """Report each unsupported language once, a wrong main language, and each missing language."""
    site = (MAIN_LANGUAGE, OTHER_LANGUAGE)
    places = (
        ("engine/languages.py", "LANGUAGES", LANGUAGES),
        (_SETTINGS_FILE, "I18N_SUBSITES", settings["I18N_SUBSITES"]),
        (_SETTINGS_FILE, "ADDRESSES", settings["ADDRESSES"]),
    )
    unknown = {lang: (file, key) for file, key, named in reversed(places) for lang in named}
    for lang in site:
        unknown.pop(lang, None)
    for lang, (file, key) in unknown.items():
        problem = Message("“{language}” is no language of this site", language=lang)
        remedy = Message("remove it: the site is in {languages}", languages=join_messages(site))
        yield Fault(file, _line_of(f'"{lang}"', file), key, problem, remedy, "settings")
    if (lang := settings["DEFAULT_LANG"]) != MAIN_LANGUAGE:
        problem = Message("“{language}” is not the main language", language=lang)
        remedy = Message("write DEFAULT_LANG = MAIN_LANGUAGE")
        line = _line_of("DEFAULT_LANG =", _SETTINGS_FILE)
        yield Fault(_SETTINGS_FILE, line, "DEFAULT_LANG", problem, remedy, "settings")
    for lang in site:
        if lang not in settings["ADDRESSES"]:
            problem = Message("“{language}” has no addresses", language=lang)
            remedy = Message(
                'write them below "{language}", even if no text is in it', language=lang
            )
            line = _line_of("ADDRESSES =", _SETTINGS_FILE)
            yield Fault(_SETTINGS_FILE, line, "ADDRESSES", problem, remedy, "settings")


def _line_of(words: str, file: str) -> int | None:
    """Return the number of the first line of a file that contains `words`, None if none does."""
    lines = (ROOT / file).read_text("utf-8").replace("'", '"').split("\n")
    return next((number for number, line in enumerate(lines, start=1) if words in line), None)
