"""Define the schema of headers: every key of every kind of text, with its type and its meaning.

The checks (`headers.py`) use it. `engine/writing/` makes new files, the reference and the editor
help from it. Meanings and examples are in French, for the writer; `typography.typeset` adds their
typographic spaces.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.languages import ENGLISH, FRENCH

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# Most file systems limit a name to 255 bytes, and a long address is hard to share.
SLUG_LENGTH = 100
DIGEST = re.compile(r"sha256-[0-9a-f]{16}")

# The spellings of null in YAML, unless quoted (YAML 1.2, 10.3.2).
NULLS = ("~", "null", "Null", "NULL")

# The form of a value, by the type of its key.
TYPES = {
    "text": 'un texte, entre guillemets droits : `"…"`',
    "slug": "des lettres sans accent, des chiffres, et des traits d'union entre eux",
    "choice": "un mot parmi ceux-ci",
    "date": "`2026-05-12`, `2026-05`, `2026`, `start of 2026` ou `end of 2026`",
    "list": "des mots entre crochets, séparés par des virgules",
    "addresses": "des adresses entre crochets, séparées par des virgules, qui commencent par `/`",
    "links": "des noms et leurs adresses, entre accolades",
    "file": "le nom d'un fichier de `content/pages/projects/`, sans `.md`",
    "theme": "un thème que portent des textes, en français",
    "whole number": "un nombre entier",
    "digest": "une empreinte, que la commande écrit",
}


@dataclass(frozen=True)
class Key:
    """A key of a header: its name, its type, its meaning."""

    name: str
    # One of TYPES.
    type: str
    meaning: str
    # As typed after the colon, a text without its quotes.
    example: str
    required: bool = False
    # A translation inherits a shared key from its original and must not repeat it.
    shared: bool = False
    # Whether a new file contains the key as a comment.
    offered: bool = False
    # Each value of a choice, with its meaning.
    choices: Mapping[str, str] = field(default_factory=dict)


# A value that YAML would cut or interpret: https://yaml.org/spec/1.2.2/#53-indicator-characters
AMBIGUOUS = r"(?!['\"#\[{])(?:[&*!%@`].*|.*(?::\s|\s#).*)"


def quote(text: str) -> str:
    """Quote a text for YAML, between double quotes."""
    return '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))


def header_line(key: Key, value: str) -> str:
    """Return the line of a key and its value; a text is always quoted."""
    is_quoted = key.type == "text" or value in NULLS or re.fullmatch(AMBIGUOUS, value)
    return f"{key.name}: {quote(value) if is_quoted else value}"


_TITLE = Key(
    "title",
    "text",
    "Le titre, tel que les visiteurs le lisent.",
    "Un lieu pour essayer",
    required=True,
)
_SLUG = Key(
    "slug",
    "slug",
    "La fin de l'adresse ; sans elle, l'adresse vient du titre. "
    "Une fois le texte publié, ne la changez plus : les liens des autres sites y mènent.",
    "un-lieu-pour-essayer",
)
_SUMMARY = Key(
    "summary",
    "text",
    "Une ou deux phrases pour les listes, les moteurs de recherche et les partages ; "
    "sans elles, le début du texte en tient lieu.",
    "Ce qui est arrivé, et ce qui vient ensuite.",
    offered=True,
)
_MODIFIED = Key(
    "modified",
    "date",
    "La date du dernier changement notable.",
    "2026-03-02",
    shared=True,
)
_LINKS = Key(
    "links",
    "links",
    "Les adresses des liens que le texte nomme, comme `[Le Journal][le-journal]` ; "
    "tant qu'une adresse manque, les mots restent sans lien.",
    "{le-journal: https://example.org}",
)
_ALIASES = Key(
    "aliases",
    "addresses",
    "Les adresses que le texte avait avant, sans le nom du site : "
    "qui les suit est mené à la nouvelle.",
    "[/ancien/nom/, /ancienne-page.html]",
)
_LANG = Key(
    "lang",
    "choice",
    "La langue. Le nom du fichier la dit déjà : cette ligne n'est jamais nécessaire.",
    FRENCH,
    choices={FRENCH: "français, `nom.md`", ENGLISH: "anglais, `nom.en.md`"},
)
_TRANSLATED_FROM = Key(
    "translated_from",
    "digest",
    "L'empreinte du texte français d'où vient la traduction : "
    "elle dira si celui-ci a changé depuis. `./inv translate` l'écrit ; n'y touchez pas.",
    "sha256-0123456789abcdef",
)
_TAGS = Key(
    "tags",
    "list",
    "Les thèmes, en français ; `content/themes.yml` donne leur nom anglais.",
    "[culture, design]",
    shared=True,
    offered=True,
)


def _status(**more: str) -> Key:
    choices = {
        "published": "visible ; c'est aussi ce qui vaut sans cette ligne",
        "draft": "brouillon, que les visiteurs ne voient pas",
        **more,
    }
    return Key("status", "choice", "Si les visiteurs voient le texte.", "draft", choices=choices)


def _order(place: str) -> Key:
    return Key(
        "order", "whole number", f"Sa place {place}, à partir de 1.", "1", shared=True, offered=True
    )


_LAST = (_MODIFIED, _ALIASES, _LINKS, _LANG, _TRANSLATED_FROM)
# In the order of a new file and of the reference.
KINDS: dict[str, tuple[Key, ...]] = {
    "article": (
        _TITLE,
        _SLUG,
        Key(
            "date",
            "date",
            "La date de l'actualité, aussi précise qu'elle est connue.",
            "2012-03",
            required=True,
            shared=True,
        ),
        _status(),
        Key(
            "project",
            "file",
            "Le projet auquel l'actualité se rattache.",
            "un-lieu",
            shared=True,
            offered=True,
        ),
        _TAGS,
        _SUMMARY,
        *_LAST,
    ),
    "page": (
        _TITLE,
        _SLUG,
        _status(),
        Key(
            "menu",
            "choice",
            "Le menu qui nomme la page ; sans cette ligne, aucun.",
            "main",
            shared=True,
            offered=True,
            choices={"main": "en haut de chaque page", "footer": "au bas de chaque page"},
        ),
        _order("dans le menu"),
        Key(
            "theme",
            "theme",
            "Le thème dont le texte est l'introduction : il est montré en haut de la page du thème "
            "et n'a pas de page à lui.",
            "coopération",
            shared=True,
        ),
        Key(
            "template",
            "choice",
            "Ce que la page montre autour du texte.",
            "contact",
            shared=True,
            choices={
                "page": "rien de plus ; c'est aussi ce qui vaut sans cette ligne",
                "about": "votre nom, votre portrait et vos pages ailleurs",
                "contact": "vos coordonnées ; le texte n'est montré que si on peut vous répondre",
                "legal": "qui édite et qui héberge le site",
                "sobriety": "le poids de chaque sorte de page",
                "accessibility": "l'état d'accessibilité du site et les voies de recours",
            },
        ),
        _SUMMARY,
        *_LAST,
    ),
    "project": (
        _TITLE,
        _SLUG,
        _status(announced="annoncé : nommé dans la liste des projets, encore sans texte"),
        _order("dans la liste des projets"),
        Key(
            "colour",
            "whole number",
            "Le numéro de sa couleur, à partir de 1 ; les douze premières diffèrent. "
            "Sans cette ligne, la couleur vient de sa place parmi les projets.",
            "5",
            shared=True,
        ),
        Key("short", "text", "Un nom plus court.", "L'Atelier", offered=True),
        Key("start", "date", "Son début.", "2010", shared=True, offered=True),
        Key(
            "end",
            "date",
            "Sa fin ; pas de ligne tant qu'il dure.",
            "2016",
            shared=True,
            offered=True,
        ),
        Key("place", "text", "Où il se tient.", "Rennes", offered=True),
        Key("role", "text", "Ce que vous y faites.", "Direction", offered=True),
        Key("form", "text", "Sa forme, juridique ou pratique.", "Association", offered=True),
        Key("partners", "text", "Avec qui.", "La ville, deux associations", offered=True),
        _TAGS,
        _SUMMARY,
        *_LAST,
    ),
    "home": (
        _TITLE,
        Key(
            "definition",
            "text",
            "La phrase sous le titre de la page d'accueil.",
            "Des meubles réparés plutôt que remplacés.",
        ),
        Key(
            "projects",
            "text",
            "La phrase sous le titre de la page des projets.",
            "Des chantiers, grands et petits, menés avec d'autres.",
        ),
        _SUMMARY,
        _SLUG,
        _status(),
        *_LAST,
    ),
}
