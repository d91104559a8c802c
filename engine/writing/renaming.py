"""Rename a text, its file and its address; update links to it and redirect old addresses."""

import re
from collections.abc import Iterable

from engine.characters import compose_letters
from engine.faults import Fault, FaultsError, Message
from engine.languages import source_in
from engine.settings.site_settings import display_path
from engine.slugs import slugify
from engine.texts.content_files import SILENCES_FILE
from engine.texts.documents import Document, Library
from engine.texts.header_schema import SLUG_LENGTH
from engine.texts.translations import STAMP, digest_of_file, original_of
from engine.writing import source_edits, text_file
from engine.writing.file_changes import FileChanges
from engine.writing.new_text import free_address
from engine.writing.withdrawn_texts import (
    NamedText,
    find_target,
    find_text,
    links_to,
    news_of,
    old_addresses,
    redirect_target,
    take_aliases,
    write_aliases,
)

# The date before the name of a news item's file.
_DATE = re.compile(r"(?:[0-9]{4}(?:-[0-9]{2}){0,2}-)?")


def rename_text(file: str | None, name: str | None = None, to: str | None = None) -> list[str]:
    """Rename the file of a text and change its address; return the report in lines.

    Links to its file are updated. Its old addresses redirect to it, or to the text at the address
    `to`. Raises FaultsError; nothing was changed then.
    """
    named = find_text("rename", file)
    library, document = named.library, named.document
    slug = _slug_of(name)
    key = _new_key(named, slug)
    if slug == document.slug and key == document.key:
        problem = Message("it is called {name} already", name=slug)
        raise FaultsError(
            Fault(document.shown_path, None, "name", problem, Message("write another name"))
        )
    address = free_address(library, document.kind, slug, document.shown_path, renamed=document)
    address = address.removeprefix(library.base)
    renamed = _renamed_files(named, key)
    _refuse_taken(named, renamed)
    is_moved = slug != document.slug and library.is_visible(document)
    old = old_addresses(library, document) if is_moved else []
    target = find_target(named, to, [document]) if to and old else None

    texts: dict[str, str] = {}
    report = [
        str(Message("{old} is now {new}", old=text.shown_path, new=_new_path(text, renamed)))
        for text in named.with_translation
        if text.source in renamed
    ]
    changed = _with_links(named, renamed, texts)
    texts[document.source] = source_edits.with_key(
        library, document, _source(document, texts), "slug", slug
    )
    for news in news_of(named) if key != document.key else ():
        stem = key.rpartition("/")[2]
        source = _source(news, texts)
        texts[news.source] = source_edits.with_key(library, news, source, "project", stem)
        changed.append((news, news.lines["project"] - source_edits.added_lines(news, texts)))
    aliases = [alias for alias in old if alias != address]
    own = [alias for alias in document.header["aliases"] or () if alias != address]
    if target:
        write_aliases(library, texts, document, [alias for alias in own if alias not in aliases])
        taker = redirect_target(library, target, document, [document])
        take_aliases(library, texts, dict.fromkeys(aliases, taker))
        report += [_led(alias, taker.shown_path) for alias in aliases]
    elif old:
        write_aliases(library, texts, document, [*own, *(a for a in aliases if a not in own)])
        report += [_led(alias, address) for alias in aliases]
    typed = list(_typed_links(named, address, texts, renamed))
    changed += _with_stamps(library, texts)
    added = {text.source: source_edits.added_lines(text, texts) for text, _line in changed}
    _make(named, texts, renamed)
    for text, line in changed:
        place = f"{_new_path(text, renamed)}:{line + added[text.source]}"
        report.append(str(Message("changed {place}", place=place)))
    return [*report, *map(str, typed), *_title_hint(named, slug, texts, renamed)]


def _title_hint(
    named: NamedText, slug: str, texts: dict[str, str], renamed: dict[str, str]
) -> Iterable[str]:
    """Yield a line with the place of the title if it does not match the new name."""
    document = named.document
    _faults, header = source_edits.read_header(named.library, document, texts[document.source])
    title = header.values["title"]
    if title and slugify(title) != slug:
        line = header.lines["title"]
        told = Message("the title is still “{title}”; change it here", title=title)
        yield f"{_new_path(document, renamed)}:{line}: {told}"


def _led(old: str, new: str) -> str:
    return str(Message("{old} leads to {new}", old=old, new=new))


def _slug_of(name: str | None) -> str:
    typed = text_file.answer("rename", "name", name, "… un-lieu-pour-tous").strip()
    slug = slugify(typed.removesuffix(".md"))
    if not slug or re.search(r"[/\\]|\.\.", typed) or len(slug) > SLUG_LENGTH:
        problem = Message("“{name}” is no name of a text", name=typed)
        remedy = Message("write words alone, such as un-lieu-pour-tous: the file keeps its folder")
        raise FaultsError(Fault("rename", None, "name", problem, remedy))
    return slug


def _new_key(named: NamedText, slug: str) -> str:
    """Return the new common name of a text's and its translation's files.

    A renamed translation keeps the name of its file: only its address changes.
    """
    document = named.document
    if original_of(named.library, document) is not None:
        return document.key
    folder, slash, stem = document.key.rpartition("/")
    date = _DATE.match(stem)[0] if document.kind == "article" else ""
    return f"{folder}{slash}{date}{slug}"


def _renamed_files(named: NamedText, key: str) -> dict[str, str]:
    """Map the source of each renamed file to its new source."""
    if key == named.document.key:
        return {}
    return {text.source: source_in(text.lang, key) for text in named.with_translation}


def _refuse_taken(named: NamedText, renamed: dict[str, str]) -> None:
    for source, new in renamed.items():
        path = named.library.by_source[source].path
        taken = {compose_letters(other.name).casefold(): other for other in path.parent.iterdir()}
        other = taken.get(new.rpartition("/")[2])
        if other is not None and other != path:
            raise FaultsError(text_file.exists_fault(other))


def _new_path(document: Document, renamed: dict[str, str]) -> str:
    name = renamed.get(document.source, document.path.name).rpartition("/")[2]
    return display_path(document.path.with_name(name))


def _source(document: Document, texts: dict[str, str]) -> str:
    return texts.get(document.source) or source_edits.read_source(document)


def _with_links(
    named: NamedText, renamed: dict[str, str], texts: dict[str, str]
) -> list[tuple[Document, int]]:
    """Add each text with changed links to `texts`; return their lines. Raises FaultsError."""
    changed = []
    for document in named.library.by_source.values() if renamed else ():
        before = source_edits.read_source(document)
        after, lines = source_edits.with_renamed_links(named.library, document, before, renamed)
        if lines:
            texts[document.source] = after
            changed += [(document, line) for line in lines]
    return changed


def _with_stamps(library: Library, texts: dict[str, str]) -> list[tuple[Document, int]]:
    """Update the stamp of each translation that was up to date with one of `texts`.

    Returns the changed lines. Raises FaultsError.
    """
    changed = []
    for document in library.by_source.values():
        original = original_of(library, document)
        stamp = document.header.get(STAMP)
        if not stamp or document.is_stale or original is None or original.source not in texts:
            continue
        new = digest_of_file(original.kind, texts[original.source].encode())
        if new != stamp:
            source = _source(document, texts)
            texts[document.source] = source_edits.with_key(library, document, source, STAMP, new)
            line = document.lines[STAMP] - source_edits.added_lines(document, texts)
            changed.append((document, line))
    return changed


def _typed_links(
    named: NamedText, address: str, texts: dict[str, str], renamed: dict[str, str]
) -> Iterable[Fault]:
    """Return a fault for each link typed as the page's address, which is not updated."""
    old = named.library.site_path(named.document)
    for document, line, typed in links_to(named.library, [named.document], with_own=True):
        if typed.partition("#")[0] == old != address:
            problem = Message("{address} is an old address", address=typed)
            remedy = Message("write the new one, {address}", address=address)
            place = line + source_edits.added_lines(document, texts)
            yield Fault(_new_path(document, renamed), place, "link", problem, remedy)


def _make(named: NamedText, texts: dict[str, str], renamed: dict[str, str]) -> None:
    library = named.library
    by_path = {library.by_source[source].path: text for source, text in texts.items()}
    silences = library.folder / SILENCES_FILE
    if silences.is_file():
        before = silences.read_bytes().decode("utf-8", "surrogateescape")
        after = source_edits.with_renamed_silences(
            before, display_path(library.folder), renamed.items()
        )
        if after != before:
            by_path[silences] = after
    paths = {library.by_source[source].path: new for source, new in renamed.items()}
    moves = {path: path.with_name(new.rpartition("/")[2]) for path, new in paths.items()}
    FileChanges(by_path, {old: new for old, new in moves.items() if old != new}).make()
