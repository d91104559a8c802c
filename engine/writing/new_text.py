"""Create a news item, a project or a page: a draft with its header and a free address."""

import re
from collections.abc import Mapping
from pathlib import Path

from engine.characters import compose_letters
from engine.faults import Fault, FaultsError, Message
from engine.languages import LANGUAGES, MAIN_LANGUAGE, source_in
from engine.settings.site_settings import display_path, read_site_settings
from engine.slugs import slugify
from engine.texts import headers
from engine.texts.addresses import reserved_addresses, years_of_news
from engine.texts.content_files import FOLDERS
from engine.texts.documents import Document, Library
from engine.texts.header_schema import KINDS, NULLS, header_line, quote
from engine.texts.library import read_headers
from engine.texts.partial_dates import PartialDate
from engine.texts.strands import lowest_free_colour
from engine.writing import text_file
from engine.writing.text_file import NewFile
from plugins.library_reader import read_library

DRAFT = (
    "# Brouillon, que les visiteurs ne voient pas. Pour publier, ôtez cette ligne et la suivante."
)
_OFFER = "# Facultatif : pour vous servir d’une ligne, ôtez le # et l’espace qui la précèdent."


def source_of(kind: str, slug: str, date: PartialDate) -> str:
    """Return the file of a new text below the content folder: "articles/2026-05-un-lieu.md"."""
    name = f"{date.year:04}-{date.month:02}-{slug}" if kind == "article" else slug
    return f"{FOLDERS[kind]}/{name}.md"


def compose(kind: str, values: dict[str, str], known: Mapping[str, str] | None = None) -> str:
    """Return the text of a new file: the keys of `values`, and the optional keys as comments.

    `known` gives a key an existing name instead of its example; "" leaves the key out.
    """
    examples = {key.name: key.example for key in KINDS[kind]} | (known or {})
    lines, offered = [], []
    for key in KINDS[kind]:
        if key.name == "status":
            lines.append(DRAFT)
        if key.name in values:
            lines.append(header_line(key, values[key.name]))
        elif key.offered and examples[key.name]:
            offered.append(f"# {header_line(key, examples[key.name])}")
    return text_file.header([*lines, _OFFER, *offered])


def start_text(kind: str, title: str | None) -> NewFile:
    """Create the file of a new text of `kind` ("article", "project", "page").

    A missing title is asked for. Raises FaultsError if the title or the settings are invalid.
    """
    title = text_file.answer(kind, "title", title, '"Un lieu pour essayer"')
    title = text_file.single_line(kind, "title", title)
    settings = read_site_settings()
    content = Path(settings["PATH"])
    library = read_library(settings, display_path(content), read_headers)
    today = PartialDate(library.today.year, library.today.month, library.today.day)
    slug = slugify(title)
    if not slug:
        problem = Message("no address can be made from it")
        remedy = Message("write a title with a letter or a digit")
        raise FaultsError(Fault(kind, None, "title", problem, remedy))
    source = source_of(kind, slug, today)
    path = content / source
    _refuse_existing(path)
    year = today.year if kind == "article" else None
    address = free_address(library, kind, slug, kind, year=year)
    values = {"title": title, "slug": slug, "date": today.iso, "status": "draft"}
    if kind == "project":
        values["colour"] = str(lowest_free_colour(library))
    text = compose(kind, values, _known(library))
    _refuse_altered(text, kind, title)
    text_file.create(path, text, content)
    next_step = Message("draft: write the text, then remove the line “status: draft” to publish it")
    return NewFile(path, address, next_step)


def _known(library: Library) -> dict[str, str]:
    """Return the existing themes and a project, for the keys that name them."""
    texts = sorted(library.by_source.values(), key=lambda text: text.source)
    borne = {name for text in texts for name in text.header.get("tags") or ()}
    themes = [_item(name) for name in sorted({*library.themes, *borne})]
    projects = [text for text in texts if text.kind == "project" and text.lang == MAIN_LANGUAGE]
    return {
        "tags": f"[{', '.join(themes)}]" if themes else "",
        "project": next((text.key.rpartition("/")[2] for text in projects), ""),
    }


def _item(name: str) -> str:
    """Format a theme as an item of a list in a header."""
    is_plain = re.fullmatch(r"\w[\w ’-]*", name) and name not in NULLS
    return name if is_plain else quote(name)


def _refuse_existing(path: Path) -> None:
    """Raise FaultsError for a file of that name, in any case, or its translation."""
    there = sorted(path.parent.iterdir()) if path.parent.is_dir() else []
    for name in (source_in(lang, path.stem) for lang in LANGUAGES):
        for other in there:
            if compose_letters(other.name).casefold() == name:
                raise FaultsError(text_file.exists_fault(other))


def free_address(
    library: Library,
    kind: str,
    slug: str,
    place: str,
    *,
    year: int | None = None,
    renamed: Document | None = None,
) -> str:
    """Return the address of a text. Raises FaultsError if another text, even hidden, has it.

    `place` is the place of the fault. A new news item has its `year`; a `renamed` text has its
    language, and may take back one of its old addresses.
    """
    lang = renamed.lang if renamed else MAIN_LANGUAGE
    years = years_of_news(library.by_source.values())
    if year is not None:
        years[lang].add(year)
    taken, redirected = reserved_addresses(library, years), {}
    for document in library.by_source.values():
        if renamed and document.source == renamed.source:
            continue
        if document.slug and document.kind != "home":
            taken.setdefault(_address(library, document), document.shown_path)
        for alias in document.header.get("aliases") or ():
            redirected.setdefault(f"{library.base}{alias}", document.shown_path)
    address = library.address(lang, library.addresses[lang][kind].format(slug=slug))
    if address in taken:
        problem = Message(
            "the address {address} is already that of {owner}",
            address=address,
            owner=taken[address],
        )
    elif address in redirected:
        problem = Message(
            "the address {address} is already that of a redirection to {file}",
            address=address,
            file=redirected[address],
        )
    else:
        return address
    if renamed:
        key, remedy = "name", Message("write another name, with a word more for example")
    else:
        key, remedy = "title", Message("write another title, with a word more for example")
    raise FaultsError(Fault(place, None, key, problem, remedy))


def _address(library: Library, document: Document) -> str:
    """Return the address that a text has once published, even of an announced project."""
    pattern = library.addresses[document.lang][document.kind]
    return library.address(document.lang, pattern.format(slug=document.slug))


def _refuse_altered(text: str, kind: str, title: str) -> None:
    lines, _body, _line = headers.split_header(text)
    header, faults = headers.parse_header(lines, kind, kind, translation=False)
    if faults or header.values["title"] != title:
        problem = Message("a header cannot hold it")
        remedy = Message("write it with ordinary letters and punctuation")
        raise FaultsError(Fault(kind, None, "title", problem, remedy))


def main(kind: str, title: str | None = None) -> int:
    """Create the file, print its path and open it in the editor; return the exit code."""
    return text_file.run(lambda: start_text(kind, title))
