"""The files of the search: an index for each language of the site, and the script that reads it."""

import hashlib
from pathlib import Path

from engine.exports.search_index import make_index, searched_texts
from engine.exports.stems import Stems
from engine.languages import LANGUAGES, MAIN_LANGUAGE
from engine.settings.site_settings import CACHE
from engine.texts.documents import Library


def make_search_files(settings: dict, library: Library) -> dict[str, bytes]:
    """Make the files, by their path below the output; tell the templates where they will stand.

    SEARCH of the settings gives the address of each language's index, SEARCH_SCRIPT that of the
    script. Raises OSError if the script cannot be read, or the cache of stems cannot be written.
    """
    script = Path(settings["THEME"], "static", "search.js").read_bytes()
    folder, digest = settings["MAIN_THEME_DIR"], hashlib.sha256(script).hexdigest()[:12]
    path = f"{folder}/search-{digest}.js"
    settings["SEARCH"], settings["SEARCH_SCRIPT"] = {}, f"{library.base}/{path}"
    files = {path: script}
    for lang in LANGUAGES:
        if lang != MAIN_LANGUAGE and not library.language_is_used(lang):
            continue
        reachable = settings["SITE"].can_be_reached
        texts = list(searched_texts(library, lang, can_be_reached=reachable))
        index = make_index(texts, lang, Stems(lang, CACHE / f"stems-{lang}.json").of)
        url = settings["ADDRESSES"][lang]["search"]
        settings["SEARCH"][lang] = library.address(lang, url + index.name)
        for name, content in index.files.items():
            files[f"{LANGUAGES[lang].root}{url}{name}"] = content
    return files
