"""Recognise vague texts of links and images, and English words in French texts.

Link texts: WCAG 2.4.4 and RGAA 6.1 (links must be clear out of context).
Alternatives: WCAG 1.1.1, failure F30 (a file name or “image” as the alternative).
Words of another language: WCAG 3.1.2 and RGAA 8.7; words that French has adopted are exempt.
"""

import re
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from engine.slugs import slugify
from engine.typography.typography import without_addresses

# As `normalize_words` leaves them: lower case, no accent, single hyphens.
_LINK_WORDS = frozenset(
    """
    ici cliquez-ici cliquer-ici clique-ici cliquez clic la la-bas par-ici c-est-ici c-est-par-ici
    suite la-suite lire lire-la-suite lire-plus lire-ici lire-l-article voir voir-ici voir-plus
    voir-la-suite plus plus-d-infos plus-d-info plus-d-informations en-savoir-plus savoir-plus
    en-lire-plus decouvrir details lien ce-lien le-lien lien-ici suivre-ce-lien page cette-page
    la-page site ce-site le-site article cet-article document ce-document telecharger
    here click-here click this this-link this-page this-article link the-link more read-more
    learn-more see-more find-out-more more-info more-information details continue continue-reading
    go website download read see
    """.split()  # noqa: SIM905 - a list of words
)
_ALTERNATIVES = frozenset(
    """
    image images img photo photos photographie picture pictures pic illustration figure graphic
    graphique visuel icone icon dessin schema capture capture-d-ecran screenshot alt texte text
    texte-alternatif alt-text sans-titre untitled une-image une-photo l-image la-photo an-image
    a-photo a-picture the-image vignette thumbnail banniere banner logo decoration
    """.split()  # noqa: SIM905 - a list of words
)
# File names that cameras and telephones give.
_CAMERA = re.compile(
    r"(?:img|dsc[fn]?|dscn|pict?|photo|image|screenshot|capture)?[-_ ]?[0-9]+(?:-[0-9]+)*"
)
_NUMBERED = re.compile(r"-[0-9]+$")


def normalize_words(words: str) -> str:
    """Remove case, accents, punctuation and outer spaces: “Cliquez ici !” is cliquez-ici."""
    return slugify(words)


def is_vague_link(words: str) -> bool:
    """Whether a link's words do not describe its target."""
    return normalize_words(words) in _LINK_WORDS


def is_vague_alternative(words: str, address: str) -> bool:
    """Whether an image's alternative is a generic word or the name of its file."""
    said, path = normalize_words(words), PurePosixPath(unquote(address))
    return (
        _NUMBERED.sub("", said) in _ALTERNATIVES
        or bool(_CAMERA.fullmatch(said))
        or words.strip().casefold() in (path.name.casefold(), path.stem.casefold())
    )


def english_words(text: str) -> list[str]:
    """Return the English words of a French text, as typed, each once."""
    return list(dict.fromkeys(_ENGLISH.findall(without_addresses(text))))


def _listed_words() -> list[str]:
    lines = Path(__file__).with_name("english_words.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


# The longest first: “design thinking” is one finding.
_ENGLISH = re.compile(
    rf"(?<![\w-])(?:{'|'.join(sorted(map(re.escape, _listed_words()), key=len, reverse=True))})s?"
    r"(?![\w-])",
    re.IGNORECASE,
)
