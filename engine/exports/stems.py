"""Reduce words to their stems by Snowball; a cache file keeps them, since each takes 50 µs.

https://snowballstem.org/algorithms/french/stemmer.html and …/english/stemmer.html.
"""

import contextlib
import json
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import snowballstemmer

from engine.languages import ENGLISH, FRENCH
from engine.pictures.cached_files import read_stored, store

_ALGORITHMS = {FRENCH: "french", ENGLISH: "english"}
_SNOWBALL = f"snowballstemmer {version('snowballstemmer')}"


class Stems:
    """The stems of the words of a language; `cache_file` keeps them from build to build."""

    def __init__(self, lang: str, cache_file: Path):
        self._stemmer = snowballstemmer.stemmer(_ALGORITHMS[lang])
        self._cache_file = cache_file
        self._known: dict[str, str] = {}
        # One of another version may have another form.
        with contextlib.suppress(ValueError, TypeError, LookupError):
            self._known = dict(json.loads(read_stored(cache_file) or "{}")[_SNOWBALL])

    def of(self, words: Iterable[str]) -> dict[str, str]:
        """Return the stem of each of these words, in lower case, and write them into the cache.

        Another build may write the file at the same time. Raises OSError if it cannot be written.
        """
        stems = {word: self._known.get(word) or self._stemmer.stemWord(word) for word in words}
        if stems.keys() - self._known.keys():
            store(json.dumps({_SNOWBALL: stems}, sort_keys=True).encode(), self._cache_file)
        return stems
