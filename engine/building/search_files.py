"""Make the files of the search: an index for each language of the site, and the script."""

import hashlib
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from engine.building.swap import Staging
from engine.exports.search_index import (
    CountedWords,
    EncodedTexts,
    SearchedText,
    make_index,
    searched_texts,
)
from engine.languages import LANGUAGES, MAIN_LANGUAGE
from engine.pictures.cached_files import open_atomically, read_stored
from engine.processes import map_in_background
from engine.settings.site_settings import CACHE
from engine.texts.documents import Library

if TYPE_CHECKING:
    from engine.exports.stems import Stems


class SearchWords:
    """The words of a site's texts, which are counted once for many indexes.

    A process that makes indexes again and again keeps them, and may prepare the next indexes before
    they are needed: the texts must be the same then, or `count` be called. `folder` keeps the words
    for the next process with the same `code`.
    """

    def __init__(
        self, settings: dict, library: Library, folder: Path | None = None, code: str = ""
    ):
        self._library, self._has_contact = library, settings["SITE"].has_contact
        self._folder, self._code = folder, code
        self._bodies: dict[bytes, tuple[str, str]] = {}
        self._counted = {lang: CountedWords() for lang in _languages(library)}
        # For a process that makes indexes again and again; the index with its files.
        self._stems: dict[str, Stems] = {}
        self._encoded: dict[str, EncodedTexts] = {}
        self._prepared: dict[str, tuple[str, dict[str, bytes]]] = {}

    @property
    def is_prepared(self) -> bool:
        """Whether the indexes need only be written."""
        return self._prepared.keys() == self._counted.keys()

    def count(self, check: Callable[[], None]) -> None:
        """Count the words as they are now; `check` is that of `CountedWords.count`."""
        # If the check ends this, nothing is prepared.
        prepared, self._prepared = self._prepared, {}
        for lang, counted in self._counted.items():
            if not counted.count(self._texts(lang), check) and lang in prepared:
                self._prepared[lang] = prepared[lang]

    def prepare(self, check: Callable[[], None]) -> None:
        """Make the indexes of the texts as they are now in memory.

        `check` is called from time to time, and may raise an exception: the next call goes on.
        """
        self.count(check)
        for lang in self._counted:
            if lang in self._prepared:
                continue
            self._encoded.setdefault(lang, {})
            files: dict[str, bytes] = {}
            self._prepared[lang] = self._make_index(lang, files.__setitem__, check), files

    def make_index(self, lang: str, write: Callable[[str, bytes], None]) -> str:
        """Make the index of a language, as `search_index.make_index`, and return its name."""
        if lang in self._prepared:
            name, files = self._prepared[lang]
            for each, content in files.items():
                write(each, content)
            return name
        if self._folder:
            self._read_stored(lang, self._folder / f"words-{lang}")
        counted = self._counted[lang]
        is_new = counted.count(self._texts(lang))
        if self._folder and is_new:
            self._store(lang, self._folder / f"words-{lang}")
        return self._make_index(lang, write)

    def _make_index(
        self,
        lang: str,
        write: Callable[[str, bytes], None],
        check: Callable[[], None] = lambda: None,
    ) -> str:
        if lang not in self._stems:
            # It loads the stemmers of thirty languages.
            from engine.exports.stems import Stems  # noqa: PLC0415

            self._stems[lang] = Stems(lang, CACHE / f"stems-{lang}.json")
        stems_of, encoded = self._stems[lang].of, self._encoded.get(lang)
        return make_index(self._counted[lang], lang, stems_of, write, encoded=encoded, check=check)

    def _read_stored(self, lang: str, path: Path) -> None:
        code, _, data = (read_stored(path) or b"").partition(b"\n")
        # That of other code may hold other classes.
        if data and code == self._code.encode():
            bodies, self._counted[lang] = pickle.loads(data)  # noqa: S301 - its own file
            self._bodies |= bodies

    def _store(self, lang: str, path: Path) -> None:
        """Store the words of a language; if it is not possible, the next build takes longer."""
        shown = {text.encoded_html for text in self._library.visible if text.lang == lang}
        bodies = {body: words for body, words in self._bodies.items() if body in shown}
        with suppress(OSError), open_atomically(path) as file:
            file.write(self._code.encode() + b"\n")
            pickle.dump((bodies, self._counted[lang]), file)

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
    settings: dict, library: Library, staging: Staging, words: SearchWords | None = None
) -> Iterator[Callable[[], tuple[dict[str, str], set[str]]]]:
    """Write the files of the search into a site while the block runs, on the other processors.

    Yields a function to be called before the templates are rendered: it waits for the indexes, sets
    SEARCH of the settings, which maps each language to the address of its index, and returns the
    SHA-256 of each file that was written, and the paths of those that the output has already.
    SEARCH_SCRIPT is the address of the script. `words` are those of the library. Raises OSError if
    the script cannot be read, or a file or the cache of stems be written.
    """
    script = Path(settings["THEME"], "static", "search.js").read_bytes()
    path = f"{settings['MAIN_THEME_DIR']}/search-{hashlib.sha256(script).hexdigest()[:12]}.js"
    settings["SEARCH_SCRIPT"] = f"{library.base}/{path}"
    # The templates hold this mapping, also if the site is made again.
    settings.setdefault("SEARCH", {})
    langs = _languages(library)
    write = partial(
        _write_index, settings, library, staging, words or SearchWords(settings, library)
    )
    is_prepared = words is not None and words.is_prepared
    with (
        nullcontext(lambda: [write(lang) for lang in langs])
        if is_prepared
        else map_in_background(write, langs)
    ) as results:

        def wait() -> tuple[dict[str, str], set[str]]:
            files = _SearchFiles(staging)
            files.write(path, script)
            for lang, (address, digests, kept) in zip(langs, results(), strict=True):
                settings["SEARCH"][lang] = address
                files.digests |= digests
                files.kept |= kept
            return files.digests, files.kept

        yield wait


@dataclass
class _SearchFiles:
    """The files of a search, whose names hold digests of them.

    `digests` has the SHA-256 of those that were written, by path, `kept` the paths of those that
    the output has already.
    """

    staging: Staging
    digests: dict[str, str] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)

    def write(self, path: str, content: bytes) -> None:
        """Write a file, unless the output has it. Raises OSError."""
        if path in self.staging.previous:
            self.kept.add(path)
            return
        place = self.staging.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        self.digests[path] = hashlib.sha256(content).hexdigest()


def _write_index(
    settings: dict, library: Library, staging: Staging, words: SearchWords, lang: str
) -> tuple[str, dict[str, str], set[str]]:
    """Write the files of a language; return the address of its index, the digests, what is kept."""
    files = _SearchFiles(staging)
    url = settings["ADDRESSES"][lang]["search"]
    folder = LANGUAGES[lang].root + url
    name = words.make_index(lang, lambda name, content: files.write(folder + name, content))
    return library.address(lang, url + name), files.digests, files.kept
