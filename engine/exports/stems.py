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
from engine.pictures.cached_files import read_stored, write_atomically

_ALGORITHMS = {FRENCH: "french", ENGLISH: "english"}
_SNOWBALL = f"snowballstemmer {version('snowballstemmer')}"


class Stems:
    """The stems of the words of a language; `cache_file` keeps them from build to build."""

    def __init__(self, lang: str, cache_file: Path):
        self._stemmer = snowballstemmer.stemmer(_ALGORITHMS[lang])
        self._cache_file = cache_file
        self._known: dict[str, str] = {}
        # That of another version is replaced.
        with contextlib.suppress(LookupError):
            self._known = json.loads(read_stored(cache_file) or b"{}")[_SNOWBALL]

    def of(self, words: Iterable[str]) -> dict[str, str]:
        """Return the stem of each of these words, in lower case, and write them into the cache.

        If it cannot be written, the next build takes longer.
        """
        stems = {word: self._known.get(word) or self._stemmer.stemWord(word) for word in words}
        if stems.keys() - self._known.keys():
            data = json.dumps({_SNOWBALL: stems}, sort_keys=True).encode()
            with contextlib.suppress(OSError):
                write_atomically(data, self._cache_file)
            self._known = stems
        return stems
