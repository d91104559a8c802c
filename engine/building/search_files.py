"""Make the files of the search: an index for each language of the site, and the script."""

import hashlib
from pathlib import Path

from engine.exports.search_index import make_index, searched_texts
from engine.exports.stems import Stems
from engine.languages import LANGUAGES, MAIN_LANGUAGE
from engine.settings.site_settings import CACHE
from engine.texts.documents import Library


def search_script(settings: dict, library: Library) -> dict[str, bytes]:
    """Return the script by its path below the output; set SEARCH_SCRIPT, its address.

    SEARCH of the settings is for `search_indexes`. Raises OSError if the script cannot be read.
    """
    script = Path(settings["THEME"], "static", "search.js").read_bytes()
    folder, digest = settings["MAIN_THEME_DIR"], hashlib.sha256(script).hexdigest()[:12]
    path = f"{folder}/search-{digest}.js"
    settings["SEARCH"], settings["SEARCH_SCRIPT"] = {}, f"{library.base}/{path}"
    return {path: script}


def search_indexes(settings: dict, library: Library) -> dict[str, bytes]:
    """Return the files of the indexes by their path below the output.

    Add the address of each language's index to SEARCH, which the search pages read: they must be
    written later. Raises OSError if the cache of stems cannot be written.
    """
    files = {}
    for lang in LANGUAGES:
        if lang != MAIN_LANGUAGE and not library.language_is_used(lang):
            continue
        has_contact = settings["SITE"].has_contact
        texts = list(searched_texts(library, lang, has_contact=has_contact))
        index = make_index(texts, lang, Stems(lang, CACHE / f"stems-{lang}.json").of)
        url = settings["ADDRESSES"][lang]["search"]
        settings["SEARCH"][lang] = library.address(lang, url + index.name)
        for name, content in index.files.items():
            files[f"{LANGUAGES[lang].root}{url}{name}"] = content
    return files
