"""Check spelling with hunspell's dictionaries and the site's own words (`content/mots.txt`)."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from engine.characters import compose_letters
from engine.checking.finding import Finding
from engine.checking.rules import new_finding
from engine.checking.texts.parsed_text import ParsedText, Prose
from engine.faults import Message
from engine.languages import FRENCH, LANGUAGES
from engine.texts.content_files import WORDS_FILE
from engine.typography.typography import without_addresses

DICTIONARIES = {lang: language.dictionaries for lang, language in LANGUAGES.items()}
# "(co)entreprendre", "acteur·rices", "2e", "@nom": no dictionary has these forms.
_NON_WORD = re.compile(r"(?<=\w)\(\w+\)|\(\w+\)(?=\w)|[\w-]*·[\w·-]*|\w*\d\w*|[@#/]\w+|\{[^{}]*\}")
_NON_WORD_CHARACTER = re.compile(r"[\d(·@#/{]")
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
# The letters of French and English: https://www.unicode.org/charts/ (Latin blocks). Words without
# any, as in Greek or Arabic, are in no dictionary here.
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_PARTS = re.compile(r"[-’']")
# Elided words, written as one with the next.
_ELISION = re.compile(r"\b(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu)[’']", re.IGNORECASE)


def own_words(folder: Path) -> frozenset[str]:
    """Read the site's own words: one a line of `mots.txt`, in lower case, without comments (#)."""
    path = folder / WORDS_FILE
    if not path.is_file():
        return frozenset()
    text = path.read_text("utf-8-sig", errors="replace")
    lines = compose_letters(text).splitlines()
    words = (_ELISION.sub("", line.partition("#")[0]).strip() for line in lines)
    return frozenset(word.casefold().replace("’", "'") for word in words if word)


def missing_dictionaries() -> list[Message]:
    """Return a message for each language without a dictionary, naming the package to install."""
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


def spelling(parsed_texts: list[ParsedText], own: frozenset[str]) -> Iterator[Finding]:
    """Find the words that are in no dictionary and not the site's own, each once a line.

    Words of a header may be in any language of the site: they cannot be marked.
    """
    passages = [
        (parsed.document.shown_path, prose, _words(prose))
        for parsed in parsed_texts
        for prose in parsed.prose
    ]
    said: dict[str, set[str]] = {lang: set() for lang in DICTIONARIES}
    for _path, prose, words in passages:
        for lang in _languages(prose):
            said.setdefault(lang, set()).update(words)
    unknown = {lang: _unknown(words, own, lang) for lang, words in said.items()}
    reported = set()
    for path, prose, words in passages:
        nowhere_known = set(words).intersection(*(unknown[lang] for lang in _languages(prose)))
        for word in sorted(nowhere_known):
            place = (word, path, prose.line)
            if place not in reported:
                reported.add(place)
                problem = Message("“{word}” is in no dictionary", word=word)
                remedy = Message("correct it, or add it to content/{file}", file=WORDS_FILE)
                yield new_finding("spelling", path, prose.line, problem, remedy)


def _languages(prose: Prose) -> tuple[str, ...]:
    return tuple(DICTIONARIES) if prose.in_header else (prose.lang[:2],)


def _words(prose: Prose) -> list[str]:
    """Return the words of a passage that a dictionary may hold."""
    # The typography prints the ordinal mark of “nº” as a degree sign, which is no letter.
    text = without_addresses(prose.text).replace("º", "°")
    if _NON_WORD_CHARACTER.search(text):
        text = _NON_WORD.sub(" ", text)
    for word in prose.english:
        text = text.replace(word, " ")  # found by the rule english-unmarked
    if prose.lang == FRENCH:
        text = _ELISION.sub(" ", text)
    return [word.replace("’", "'") for word in _WORD.findall(text) if _LATIN.search(word)]


def _unknown(words: set[str], own: frozenset[str], lang: str) -> set[str]:
    """Return the words that a language's dictionary lacks; none without a dictionary."""
    name = dictionary(lang) if lang in DICTIONARIES else None
    if not words or not name:
        return set()
    misspelt = _misspelt({part for word in words for part in (word, *_PARTS.split(word))}, name)

    def is_known(word: str) -> bool:
        # hunspell splits English words at hyphens.
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
    """Return the words that hunspell reports as misspelt."""
    done = subprocess.run(
        ["hunspell", "-l", "-i", "utf-8", "-d", name],  # noqa: S607 - the user's own
        # The English dictionary accepts only the curly apostrophe inside a word.
        input="\n".join(sorted(words)).replace("'", "’"),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return set(done.stdout.replace("’", "'").split())


@cache
def dictionary(lang: str) -> str | None:
    """Return the name of an installed dictionary of a language, None if there is none."""
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
