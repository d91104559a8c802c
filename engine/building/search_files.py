"""Make the files of the search: an index for each language of the site, and the script."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from engine.exports.search_index import (
    CountedWords,
    SearchedText,
    SearchIndex,
    make_index,
    searched_texts,
)
from engine.languages import LANGUAGES, MAIN_LANGUAGE
from engine.processes import map_in_background
from engine.settings.site_settings import CACHE
from engine.texts.documents import Library


class SearchWords:
    """The words of a site's texts, for a process that makes their indexes again and again."""

    def __init__(self, settings: dict, library: Library):
        self._library, self._has_contact = library, settings["SITE"].has_contact
        self._bodies: dict[bytes, tuple[str, str]] = {}
        self._counted = {lang: CountedWords() for lang in _languages(library)}

    def count_in_steps(self) -> Iterator[None]:
        """Count the words as they are now, and yield after each text that was not counted."""
        for lang, counted in self._counted.items():
            yield from counted.count_in_steps(self._texts(lang))

    def make_index(self, lang: str) -> SearchIndex:
        """Make the index of a language. Raises OSError if the cache of stems cannot be written."""
        # It loads the stemmers of thirty languages.
        from engine.exports.stems import Stems  # noqa: PLC0415

        stems = Stems(lang, CACHE / f"stems-{lang}.json")
        return make_index(self._texts(lang), lang, stems.of, self._counted[lang])

    def _texts(self, lang: str) -> list[SearchedText]:
        if len(self._bodies) > 2 * len(self._library.visible):
            self._bodies.clear()
        found = searched_texts(
            self._library, lang, has_contact=self._has_contact, bodies=self._bodies
        )
        return list(found)


def _languages(library: Library) -> list[str]:
    return [lang for lang in LANGUAGES if lang == MAIN_LANGUAGE or library.language_is_used(lang)]


@contextmanager
def make_search_files(
    settings: dict, library: Library, output: Path, words: SearchWords | None = None
) -> Iterator[Callable[[], dict[str, str]]]:
    """Write the files of the search into `output` while the block runs, on the other processors.

    Yields a function to be called before the templates are rendered: it waits for the indexes, sets
    SEARCH of the settings, which maps each language to the address of its index, and returns the
    SHA-256 of each file by its whole path. SEARCH_SCRIPT is the address of the script. `words` are
    those of the library. Raises OSError if the script cannot be read, or a file or the cache of
    stems be written.
    """
    script = Path(settings["THEME"], "static", "search.js").read_bytes()
    digest = hashlib.sha256(script).hexdigest()
    path = f"{settings['MAIN_THEME_DIR']}/search-{digest[:12]}.js"
    settings["SEARCH_SCRIPT"] = f"{library.base}/{path}"
    # The templates hold this mapping, also if the site is made again.
    settings.setdefault("SEARCH", {})
    langs = _languages(library)
    write = partial(
        _write_index, settings, library, output, words or SearchWords(settings, library)
    )
    with map_in_background(write, langs) as results:

        def wait() -> dict[str, str]:
            digests = _write(output, {path: script})
            for lang, (address, of_index) in zip(langs, results(), strict=True):
                settings["SEARCH"][lang] = address
                digests |= of_index
            return digests

        yield wait


def _write_index(
    settings: dict, library: Library, output: Path, words: SearchWords, lang: str
) -> tuple[str, dict[str, str]]:
    """Return the address of a language's index, and the digests of its files."""
    index = words.make_index(lang)
    url = settings["ADDRESSES"][lang]["search"]
    root = LANGUAGES[lang].root + url
    digests = _write(output, {root + name: content for name, content in index.files.items()})
    return library.address(lang, url + index.name), digests


def _write(output: Path, files: dict[str, bytes]) -> dict[str, str]:
    digests = {}
    for path, content in files.items():
        place = output / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        digests[str(place)] = hashlib.sha256(content).hexdigest()
    return digests
