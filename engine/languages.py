"""The languages of the site: which they are, in which order, and what differs between them.

Words in each language stand beside their use, in tables whose keys are FRENCH and ENGLISH; those of
the templates are gettext's.
"""

from dataclasses import dataclass

# As HTML's `lang`, a header and the settings name them (BCP 47).
FRENCH, ENGLISH = "fr", "en"
# That of the originals, and that of their translations.
MAIN_LANGUAGE, OTHER_LANGUAGE = FRENCH, ENGLISH


@dataclass(frozen=True)
class Language:
    """What the site has to know of a language.

    `name` and `home_link` are in the language itself; `locale` is that of its dates (Unicode CLDR);
    `root` is the folder of its pages, and the prefix of their addresses; `suffix` is what the files
    of its texts have before `.md`. `dictionaries` are those of hunspell, the best first.
    """

    name: str
    home_link: str
    locale: str
    root: str
    suffix: str
    dictionaries: tuple[str, ...]


# In their order. Settings, words and templates are made for these two:
# engine/settings/language_faults.py refuses a third.
LANGUAGES = {
    FRENCH: Language(
        name="Français",
        home_link="Accueil en français",
        locale="fr_FR",
        root="",
        suffix="",
        dictionaries=("fr_FR", "fr", "fr-toutesvariantes"),
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
    """The file of a text in a language, by what its versions share: "articles/a.en.md"."""
    return f"{key}{LANGUAGES[lang].suffix}.md"


def language_of(path: str) -> str:
    """The language of a page, by its path below the output folder."""
    return OTHER_LANGUAGE if path.startswith(LANGUAGES[OTHER_LANGUAGE].root) else MAIN_LANGUAGE
