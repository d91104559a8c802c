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
        with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
            kept = json.loads(cache_file.read_text("utf-8"))
            self._known = dict(kept[_SNOWBALL])

    def of(self, words: Iterable[str]) -> dict[str, str]:
        """The stem of each of these words, in lower case. Raises OSError if the cache cannot be
        written; another build may write it at the same time.
        """
        words = list(words)
        if missing := [word for word in words if word not in self._known]:
            for word in missing:
                self._known[word] = self._stemmer.stemWord(word)
            self._cache_file.parent.mkdir(parents=True, exist_ok=True)
            folder = self._cache_file.parent
            with tempfile.NamedTemporaryFile("w", dir=folder, delete=False) as new:
                json.dump({_SNOWBALL: self._known}, new, sort_keys=True)
            Path(new.name).replace(self._cache_file)
        return {word: self._known[word] for word in words}
