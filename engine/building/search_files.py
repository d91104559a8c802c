"""Make the files of the search: an index for each language of the site, and the script."""

import hashlib
from pathlib import Path

from engine.exports.search_index import make_index, searched_texts
from engine.exports.stems import Stems
from engine.languages import LANGUAGES, MAIN_LANGUAGE
from engine.settings.site_settings import CACHE
from engine.texts.documents import Library


def make_search_files(settings: dict, library: Library) -> dict[str, bytes]:
    """Return the files by their path below the output, and set their addresses for the templates.

    SEARCH of the settings maps each language to the address of its index, SEARCH_SCRIPT is that of
    the script. Raises OSError if the script cannot be read or the cache of stems be written.
    """
    script = Path(settings["THEME"], "static", "search.js").read_bytes()
    folder, digest = settings["MAIN_THEME_DIR"], hashlib.sha256(script).hexdigest()[:12]
    path = f"{folder}/search-{digest}.js"
    settings["SEARCH"], settings["SEARCH_SCRIPT"] = {}, f"{library.base}/{path}"
    files = {path: script}
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
