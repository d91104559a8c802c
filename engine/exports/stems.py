"""The stems of words by Snowball, kept in a cache file: each takes some 50 µs to find.

https://snowballstem.org/algorithms/french/stemmer.html and …/english/stemmer.html.
"""

import contextlib
import json
import tempfile
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import snowballstemmer

from engine.languages import ENGLISH, FRENCH

_ALGORITHMS = {FRENCH: "french", ENGLISH: "english"}
_SNOWBALL = f"snowballstemmer {version('snowballstemmer')}"


class Stems:
    """The stem of each word of a language; `cache_file` keeps them from build to build."""

    def __init__(self, lang: str, cache_file: Path):
        self._stemmer = snowballstemmer.stemmer(_ALGORITHMS[lang])
        self._cache_file = cache_file
        self._known: dict[str, str] = {}
        # A damaged file is made again.
        with contextlib.suppress(OSError, ValueError, TypeError, LookupError):
            kept = json.loads(cache_file.read_text("utf-8"))
            self._known = dict(kept[_SNOWBALL])

    def of(self, words: Iterable[str]) -> dict[str, str]:
        """The stem of each of these words, in lower case; the cache file keeps these and no others.

        Another build may write it at the same time. Raises OSError if it cannot be written.
        """
        stems = {word: self._known.get(word) or self._stemmer.stemWord(word) for word in words}
        if stems.keys() - self._known.keys():
            folder = self._cache_file.parent
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=folder, delete=False) as new:
                json.dump({_SNOWBALL: stems}, new, sort_keys=True)
            Path(new.name).replace(self._cache_file)
        return stems
