"""Spelling, by hunspell's dictionaries and the site's own words (`content/mots.txt`)."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from engine.characters import compose_letters
from engine.checking.finding import Finding
from engine.checking.rules import found
from engine.checking.texts.reading import Prose, Reading
from engine.faults import Message
from engine.languages import FRENCH, LANGUAGES
from engine.texts.content_files import WORDS_FILE
from engine.typography.typography import without_addresses

DICTIONARIES = {lang: language.dictionaries for lang, language in LANGUAGES.items()}
# "(co)entreprendre", "acteur·rices", "2e", a mention: no dictionary has these forms.
_NO_WORD = re.compile(r"(?<=\w)\(\w+\)|\(\w+\)(?=\w)|[\w-]*·[\w·-]*|\w*\d\w*|[@#/]\w+|\{[^{}]*\}")
_SIGN_OF_NO_WORD = re.compile(r"[\d(·@#/{]")
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_PARTS = re.compile(r"[-’']")
# What French writes as one with the word that follows.
_ELISION = re.compile(r"\b(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu)[’']", re.IGNORECASE)


def own_words(folder: Path) -> frozenset[str]:
    """The site's own words, in lower case: one a line of `mots.txt`, what follows # left out."""
    path = folder / WORDS_FILE
    if not path.is_file():
        return frozenset()
    text = path.read_text("utf-8-sig", errors="replace")
    lines = compose_letters(text).splitlines()
    words = (_ELISION.sub("", line.partition("#")[0]).strip() for line in lines)
    return frozenset(word.casefold().replace("’", "'") for word in words if word)


def skipped() -> list[Message]:
    """One message for each language whose spelling cannot be looked at, with what to install."""
    if not shutil.which("hunspell"):
        return [
            Message(
                "spelling not checked: hunspell is absent; install hunspell, hunspell-fr and "
                "hunspell-en-gb, as Debian calls them"
            )
        ]
    return [
        Message(
            "spelling of “{lang}” not checked: hunspell has no dictionary {name}; install one",
            lang=lang,
            name=names[0],
        )
        for lang, names in DICTIONARIES.items()
        if not dictionary(lang)
    ]


def spelling(readings: list[Reading], own: frozenset[str]) -> Iterator[Finding]:
    """The words that neither a dictionary nor the site knows, each once a line.

    Those of a header may be of any language of the site, since they cannot be marked.
    """
    passages = [
        (reading.document.shown_path, prose, _words(prose))
        for reading in readings
        for prose in reading.prose
    ]
    said: dict[str, set[str]] = {lang: set() for lang in DICTIONARIES}
    for _path, prose, words in passages:
        for lang in _languages(prose):
            said.setdefault(lang, set()).update(words)
    unknown = {lang: _unknown(words, own, lang) for lang, words in said.items()}
    told = set()
    for path, prose, words in passages:
        nowhere_known = set(words).intersection(*(unknown[lang] for lang in _languages(prose)))
        for word in sorted(nowhere_known):
            place = (word, path, prose.line)
            if place not in told:
                told.add(place)
                problem = Message("“{word}” is in no dictionary", word=word)
                remedy = Message("correct it, or add it to content/{file}", file=WORDS_FILE)
                yield found("spelling", path, prose.line, problem, remedy)


def _languages(prose: Prose) -> tuple[str, ...]:
    return tuple(DICTIONARIES) if prose.in_header else (prose.lang[:2],)


def _words(prose: Prose) -> list[str]:
    """The words of a passage that a dictionary could know."""
    text = without_addresses(prose.text)
    if _SIGN_OF_NO_WORD.search(text):
        text = _NO_WORD.sub(" ", text)
    for word in prose.english:
        text = text.replace(word, " ")  # another rule tells these
    if prose.lang == FRENCH:
        text = _ELISION.sub(" ", text)
    return [word.replace("’", "'") for word in _WORD.findall(text)]


def _unknown(words: set[str], own: frozenset[str], lang: str) -> set[str]:
    """The words that a language's dictionary does not know; none where it is absent."""
    name = dictionary(lang) if lang in DICTIONARIES else None
    if not words or not name:
        return set()
    misspelt = _misspelt({part for word in words for part in (word, *_PARTS.split(word))}, name)

    def is_known(word: str) -> bool:
        # The English dictionary takes a hyphen for the end of a word.
        is_whole = lang == FRENCH or "-" not in word
        return word.casefold() in own or (is_whole and word not in misspelt)

    def is_known_part(part: str) -> bool:
        # "PTCE", "PTCEs", "XXe"
        is_initials = part.isupper() or part[:-1].isupper()
        return len(part) == 1 or is_initials or is_known(part)

    return {
        word
        for word in words
        if not is_known(word) and not all(map(is_known_part, _PARTS.split(word)))
    }


def _misspelt(words: set[str], name: str) -> set[str]:
    """The words, or parts of words, that hunspell does not know; they go by standard input."""
    done = subprocess.run(
        ["hunspell", "-l", "-i", "utf-8", "-d", name],  # noqa: S607 - the user's own
        # The English dictionary takes only the curved apostrophe for a letter.
        input="\n".join(sorted(words)).replace("'", "’"),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return set(done.stdout.replace("’", "'").split())


@cache
def dictionary(lang: str) -> str | None:
    """The name of an installed dictionary of a language, None if there is none."""
    if not shutil.which("hunspell"):
        return None
    listed = subprocess.run(
        ["hunspell", "-D"],  # noqa: S607 - the user's own
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    installed = {line.rpartition("/")[2] for line in (listed.stderr + listed.stdout).splitlines()}
    return next((name for name in DICTIONARIES[lang] if name in installed), None)
