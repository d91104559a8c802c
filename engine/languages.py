"""List the languages of the site in their order, with the properties that differ.

Words of Python code are beside their use, in tables whose keys are FRENCH and ENGLISH. Words of the
templates are in the gettext catalogues.
"""

from dataclasses import dataclass

# The names in HTML's `lang`, in headers and in settings (BCP 47).
FRENCH, ENGLISH = "fr", "en"
# The language of the originals, and the language of their translations.
MAIN_LANGUAGE, OTHER_LANGUAGE = FRENCH, ENGLISH


@dataclass(frozen=True)
class Language:
    """The properties of a language.

    `name` and `home_link` are written in the language itself. `locale` formats its dates (Unicode
    CLDR). `root` is the folder of its pages and the prefix of their addresses. `suffix` precedes
    `.md` in the names of its texts. `dictionaries` are names of hunspell, the best first.
    `singular` are the numbers whose noun has no plural (Unicode CLDR).
    """

    name: str
    home_link: str
    locale: str
    root: str
    suffix: str
    dictionaries: tuple[str, ...]
    singular: tuple[int, ...] = (1,)


# Settings, words and templates exist for these two: engine/settings/language_faults.py refuses a
# third.
LANGUAGES = {
    FRENCH: Language(
        name="Français",
        home_link="Accueil en français",
        locale="fr_FR",
        root="",
        suffix="",
        dictionaries=("fr_FR", "fr", "fr-toutesvariantes"),
        singular=(0, 1),
    ),
    ENGLISH: Language(
        name="English",
        home_link="English home page",
        locale="en_GB",
        root="en/",
        suffix=".en",
        dictionaries=("en_GB", "en_US", "en"),
    ),
}


def source_in(lang: str, key: str) -> str:
    """Return the file of a text in a language, such as "articles/a.en.md" for "articles/a"."""
    return f"{key}{LANGUAGES[lang].suffix}.md"


def language_of(path: str) -> str:
    """Return the language of a page by its path below the output folder."""
    return OTHER_LANGUAGE if path.startswith(LANGUAGES[OTHER_LANGUAGE].root) else MAIN_LANGUAGE
