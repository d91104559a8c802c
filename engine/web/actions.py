"""Create, translate, hide, delete and restore texts for the writing page.

Each takes the desk, then what the page sends; each raises FaultsError as the command does, or
RefusalError. Nothing is changed then.
"""

import contextlib
import datetime
from collections.abc import Iterator
from pathlib import Path

from engine.checking.texts.spelling import own_words
from engine.faults import Fault, FaultsError, Message
from engine.languages import MAIN_LANGUAGE
from engine.slugs import slugify
from engine.texts.content_files import WORDS_FILE, kind_of, source_of
from engine.texts.documents import Document
from engine.texts.header_schema import KINDS
from engine.texts.partial_dates import PartialDate
from engine.web.desk import Desk, decode, encode, kind_of_source
from engine.web.form_values import read_form, with_values
from engine.web.refusal import RefusalError, not_found
from engine.web.safe_files import digest_of, name_problem
from engine.writing import (
    deletion,
    new_text,
    text_file,
    translation,
    translation_status,
)
from engine.writing.deletion import DELETED_FOLDER
from engine.writing.file_changes import FileChanges
from engine.writing.withdrawn_texts import old_addresses, write_aliases

_KINDS = ("article", "page", "project")
# A folder of what was deleted is named by the moment, with a number for the second of one second.
_MOMENT = "%Y-%m-%dT%H%M%S"
_MOMENT_LENGTH = len("2026-11-27T024000")
# What `./inv hide` leaves above the status of a project that was announced.
_WAS_ANNOUNCED = "# status: announced"


def new(desk: Desk, kind: str, title: str) -> dict:
    """Create a text and return its source."""
    if kind not in _KINDS:
        raise not_found()
    if not title.strip():
        raise FaultsError(
            Fault(kind, None, "title", Message("it is missing"), Message("write a title"))
        )
    return _made(desk, new_text.start_text(kind, title).path)


def translate(desk: Desk, source: str) -> dict:
    """Create the translation of a text and return its source."""
    return _made(desk, translation.start_translation(_path(desk, source)).path)


def _made(desk: Desk, path: Path) -> dict:
    return {"source": path.relative_to(desk.content).as_posix()}


def _path(desk: Desk, source: str) -> str:
    """Return the path of an existing text, as a command takes it."""
    kind_of_source(source)
    if desk.folder.read(source) is None:
        raise not_found()
    return str(desk.content / source)


def duplicate(desk: Desk, source: str, title: str) -> dict:
    """Create a draft with the body of a text and another title; return its source."""
    library = desk.read_headers()
    original = library.by_source.get(source)
    if original is None or original.kind not in _KINDS or original.lang != MAIN_LANGUAGE:
        raise not_found()
    kind, title = original.kind, text_file.single_line(original.kind, "title", title)
    slug = slugify(title)
    if not slug:
        problem, remedy = Message("no address can be made from it"), Message("write another title")
        raise FaultsError(Fault(kind, None, "title", problem, remedy))
    today = PartialDate(library.today.year, library.today.month, library.today.day)
    year = today.year if kind == "article" else None
    new_text.free_address(library, kind, slug, kind, year=year)
    values = {"title": title, "slug": slug, "status": "draft", "date": today.iso}
    # What belongs to the other text alone.
    values |= dict.fromkeys(("aliases", "modified", "colour", "order", "menu"))
    known = {key.name for key in KINDS[kind]}
    words = decode(original.path.read_bytes())
    words = with_values(words, kind, {key: each for key, each in values.items() if key in known})
    path = desk.content / new_text.source_of(kind, slug, today)
    text_file.create(path, encode(words), desk.content)
    return _made(desk, path)


def hide(desk: Desk, source: str, to: str | None = None) -> dict:
    """Make a draft of a text, and redirect its readers to the address `to`.

    What the command of the terminal tells, the page shows: links that lead nowhere among the
    findings, lost addresses before a publication.
    """
    with _versions_kept(desk):
        deletion.hide_text(_path(desk, source), to)
    return {"told": []}


def delete(desk: Desk, source: str, to: str | None = None) -> dict:
    """Delete a text and redirect its readers to the address `to`; return what restores it."""
    before = set(_folders(desk))
    with _versions_kept(desk):
        deletion.delete_text(_path(desk, source), to)
    made = sorted(set(_folders(desk)) - before)
    return {"told": [], "deleted": made[-1] if made else ""}


def show(desk: Desk, source: str) -> dict:
    """Show a draft, and remove the redirections of its addresses."""
    words = _words(desk, source)
    status = "announced" if _WAS_ANNOUNCED in words.split("\n") else None
    return _with_status(desk, source, words, status)


def announce(desk: Desk, source: str) -> dict:
    """Announce a project: list it without a page."""
    words = _words(desk, source)
    kind = kind_of_source(source)
    if kind != "project":
        raise RefusalError(422, Message("only a project can be announced"))
    if read_form(words, kind).body.strip():
        raise RefusalError(
            422, Message("a project that is announced has no text yet: show it instead")
        )
    return _with_status(desk, source, words, "announced")


def _words(desk: Desk, source: str) -> str:
    kind_of_source(source)
    data = desk.folder.read(source)
    if data is None:
        raise not_found()
    return decode(data)


def _with_status(desk: Desk, source: str, words: str, status: str | None) -> dict:
    new = with_values(words, kind_of_source(source), {"status": status})
    desk.store(source, encode(new), digest_of(encode(words)), new)
    return {"told": _take_addresses_back(desk, [source])}


@contextlib.contextmanager
def _versions_kept(desk: Desk) -> Iterator[None]:
    """Store the previous and the new version of each text that a command changes."""
    before = _data_of_texts(desk)
    yield
    after = _data_of_texts(desk)
    for source in before:
        if after.get(source) != before[source]:
            desk.state.keep(source, before[source], "file")
            if source in after:
                desk.state.keep(source, after[source], "page")


def _data_of_texts(desk: Desk) -> dict[str, bytes]:
    paths = (path for path in desk.content.rglob("*.md") if path.is_file())
    found = {source_of(desk.content, path): path.read_bytes() for path in paths}
    return {source: data for source, data in found.items() if source and kind_of(source)}


# What was deleted


def _folders(desk: Desk) -> list[str]:
    """Return the names of the folders of deleted texts, the oldest first."""
    folder = desk.content.parent / DELETED_FOLDER
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def deleted(desk: Desk) -> dict:
    """List the deleted texts, the newest first."""
    found = []
    for name in reversed(_folders(desk)):
        sources = _sources(desk, name)
        try:
            moment = datetime.datetime.strptime(name[:_MOMENT_LENGTH], _MOMENT)
        except ValueError:
            continue
        if sources:
            words = decode((desk.content.parent / DELETED_FOLDER / name / sources[0]).read_bytes())
            values = read_form(words, kind_of_source(sources[0])).values
            title = str(values.get("title") or sources[0])
            found.append({"id": name, "sources": sources, "title": title})
            found[-1]["deleted_at"] = moment.isoformat()
    return {"deleted": found}


def _sources(desk: Desk, name: str) -> list[str]:
    if name_problem(name):
        return []
    folder = desk.content.parent / DELETED_FOLDER / name
    sources = (path.relative_to(folder).as_posix() for path in folder.rglob("*.md"))
    # The original stands before its translation.
    return sorted(filter(kind_of, sources), key=lambda source: (len(source), source))


def undelete(desk: Desk, id: str) -> dict:  # noqa: A002 - the name in the API
    """Restore a deleted text, and remove the redirections of its addresses."""
    folder, sources = desk.content.parent / DELETED_FOLDER / id, _sources(desk, id)
    if not sources:
        raise not_found()
    FileChanges({}, {folder / source: desk.content / source for source in sources}).make()
    return {"sources": sources, "told": _take_addresses_back(desk, sources)}


def _take_addresses_back(desk: Desk, sources: list[str]) -> list[str]:
    """Remove the addresses of some texts from the aliases of others; return messages."""
    library = desk.read_headers()
    own = [library.by_source[source] for source in sources if source in library.by_source]
    own += [text for text in library.by_source.values() if _shares_key(text, own)]
    addresses = {address for text in own for address in old_addresses(library, text)}
    texts: dict[str, str] = {}
    told = []
    for other in library.by_source.values():
        aliases = other.header["aliases"] or []
        if other in own or not addresses & set(aliases):
            continue
        kept = [alias for alias in aliases if alias not in addresses]
        write_aliases(library, texts, other, kept)
        taken = ", ".join(sorted(addresses & set(aliases)))
        message = Message(
            "{file} leads readers of {addresses} on no more", file=other.shown_path, addresses=taken
        )
        told.append(str(message))
    with _versions_kept(desk):
        FileChanges({library.by_source[source].path: text for source, text in texts.items()}).make()
    return told


def _shares_key(text: Document, own: list[Document]) -> bool:
    return text not in own and text.key in {each.key for each in own}


def accept(desk: Desk, source: str) -> dict:
    """Mark a translation as up to date."""
    with _versions_kept(desk):
        translation_status.accept(_path(desk, source))
    return {"source": source}


def accept_word(desk: Desk, word: str) -> dict:
    """Add a word to those that the spelling accepts, unless it is one of them."""
    line = " ".join(word.split())
    if not line or "#" in line:
        raise not_found()
    if line.casefold() not in own_words(desk.content):
        data = desk.folder.read(WORDS_FILE)
        words = decode(data or b"")
        new = f"{words}\n{line}\n" if words and not words.endswith("\n") else f"{words}{line}\n"
        # Another window may type into the list: it is told that the file has changed.
        desk.store(WORDS_FILE, encode(new), digest_of(data), new, keeps_unsaved=True)
    return {"source": WORDS_FILE}
