"""Import the texts and pictures of another blog: `./inv import FOLDER`.

The blog is only read, and nothing of `content/` is replaced. The result is checked in a copy of
`content/` first: a text that would stop a build becomes a draft, with the reason in its header.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from engine.faults import Fault, FaultsError, Message, ProblemError, sentence
from engine.languages import LANGUAGES, MAIN_LANGUAGE, OTHER_LANGUAGE
from engine.settings.site_settings import display_path, read_site_settings
from engine.slugs import slugify
from engine.terminal import locked
from engine.texts.addresses import reserved_addresses, years_of_news
from engine.texts.content_files import STATIC_FOLDERS, THEMES_FILE
from engine.texts.documents import Library
from engine.texts.header_schema import quote
from engine.texts.library import read_headers
from engine.writing import text_file
from engine.writing.imports.bodies import BodyImport
from engine.writing.imports.front_matter import parse_front_matter
from engine.writing.imports.old_addresses import set_addresses
from engine.writing.imports.origins import split_known
from engine.writing.imports.source_folder import (
    MAX_FILE_BYTES,
    MAX_TEXT_BYTES,
    SourceFolder,
    open_folder,
)
from engine.writing.imports.source_links import SourceLinks
from engine.writing.imports.source_text import (
    SourceText,
    file_of,
    is_in_other_language,
    one_line,
    read_source_text,
)
from plugins.library_reader import read_library

_SUFFIX = LANGUAGES[OTHER_LANGUAGE].suffix
# Folders of static files: an alias cannot be there.
_FILES = tuple(f"/{name}/" for name in ("theme", *STATIC_FOLDERS))


def import_folder(folder: str | None, language: str = "", addresses: str = "") -> int:
    """Import the texts of a folder and print a report; return the exit code.

    `language` is the language of texts whose header has none. `addresses` is the pattern of the
    addresses of posts, such as `/%year%/%postname%/`.

    Raises FaultsError if there is no such folder, or the settings are invalid.
    """
    folder = text_file.answer("import", "folder", folder, "~/mon-ancien-blog")
    if language and language not in LANGUAGES:
        problem = Message("“{language}” is no language of this site", language=language)
        remedy = Message("write one of {languages}", languages=", ".join(LANGUAGES))
        raise FaultsError(Fault("import", None, "language", problem, remedy))
    settings = read_site_settings()
    content = Path(settings["PATH"])
    with locked(content, "import", Message("another import is running")):
        return _import(open_folder(folder, content, addresses), settings, content, language)


def _import(source: SourceFolder, settings: dict, content: Path, language: str) -> int:
    library = read_library(settings, display_path(content), read_headers)
    texts, known = _read_texts(source, library, language)
    if texts and not source.generator:
        problem = Message(
            "if it comes from WordPress, nothing in it says what was not public there"
        )
        remedy = Message("make a draft of each private, pending or protected text (docs/import.md)")
        source.note("", "folder", problem, remedy)
    _pair_translations(texts)
    _assign_files(source, library, texts)
    links = SourceLinks(source, [*texts, *known], content)
    for text in texts:
        BodyImport(source, text, links).rewrite()
    themes = _themes(source, library, texts)
    with tempfile.TemporaryDirectory(prefix="import-") as place:
        trial = Path(place, "content")
        shutil.copytree(content, trial, copy_function=_link_or_copy, symlinks=True)
        _write(source, trial, texts, links.copies, themes)
        _hide_faulty(settings, trial, content, texts)
    _write(source, content, texts, links.copies, themes)
    _report(source, content, texts, links.copies, len(known))
    return 1 if source.faults else 0


def _read_texts(
    source: SourceFolder, library: Library, language: str
) -> tuple[list[SourceText], list[SourceText]]:
    """Return the texts to import, and those imported before with their files."""
    texts, notes = [], {}
    for path in source.texts():
        first_note = len(source.notes)
        try:
            text = _read_text(source, path, library, language)
        except ProblemError as error:
            source.fault(path, "header", error.problem, error.remedy)
            continue
        if text:
            texts.append(text)
            notes[path] = source.notes[first_note:]
            del source.notes[first_note:]
    new, known = split_known(library.folder, texts)
    for text in new:
        source.notes += notes[text.path]
    return new, known


def _read_text(
    source: SourceFolder, path: str, library: Library, language: str
) -> SourceText | None:
    """Read the header of a text; None for a file that is not a text. Raises ProblemError."""
    front = parse_front_matter(source.read(path, MAX_TEXT_BYTES))
    if front is None:
        problem = Message("it has no header, and is not imported")
        remedy = Message("if it is a text, begin it with ---, then title: and a text, then ---")
        source.note(path, "header", problem, remedy)
        return None
    if not front.body.strip() and "title" not in front.values:
        problem = Message("it has neither title nor text, and is not imported")
        source.note(path, "header", problem, Message("nothing is to be done"))
        return None
    if is_in_other_language(source, path):
        problem = Message("its language is none of this site, and it is not imported")
        source.note(path, "lang", problem, Message("give its file another name if this is wrong"))
        return None
    text = read_source_text(source, path, front, library.today, language)
    set_addresses(source, text)
    return text


def _pair_translations(texts: list[SourceText]) -> None:
    """Set the original of each English text: the French text that it translates.

    Both have the same folder and name, or in Pelican the same `Slug`.
    """
    french = {key: text for text in texts if text.lang == MAIN_LANGUAGE for key in _keys(text)}
    translated: set[str] = set()
    for text in texts:
        keys = _keys(text) if text.lang == OTHER_LANGUAGE else []
        original = next((french[key] for key in keys if key in french), None)
        if original and original.kind == text.kind and original.path not in translated:
            translated.add(original.path)
            text.original = original
            text.is_hidden = text.is_hidden or original.is_hidden


def _keys(text: SourceText) -> list[tuple[str, ...]]:
    """Return the keys by which a text and its translation match, the most reliable first."""
    folders = [name for name in text.folders if name not in LANGUAGES]
    slug = text.old["slug"] if "lang" in text.front.values else ""
    by_slug = [(text.kind, slug)] if slug else []
    return [*by_slug, (text.kind, *folders, "", text.stem)]


def _assign_files(source: SourceFolder, library: Library, texts: list[SourceText]) -> None:
    """Give each text a unique file and address, and drop aliases that are taken."""
    years = years_of_news(library.by_source.values())
    for text in texts:
        if text.day:
            years[text.lang].add(text.day.year)
    taken = {address.casefold() for address in reserved_addresses(library, years)}
    paths = library.folder.rglob("*.md")
    names = {_without_language(path.relative_to(library.folder).as_posix()) for path in paths}
    for document in library.by_source.values():
        taken.add(library.address(document.lang, document.url).casefold())
        aliases = document.header.get("aliases") or ()
        taken |= {f"{library.base}{alias}".casefold() for alias in aliases}
    for text in sorted(texts, key=lambda text: text.original is not None):
        slug, number = text.values["slug"], 1
        while _address(library, text) in taken or (
            not text.original and _without_language(file_of(text)) in names
        ):
            number += 1
            text.values["slug"] = f"{slug}-{number}"
        text.target = file_of(text)
        if text.original:
            text.target = text.original.target.removesuffix(".md") + f"{_SUFFIX}.md"
        taken.add(_address(library, text))
        names.add(_without_language(text.target))
    for text in texts:
        _drop_taken_aliases(source, library, text, taken)


def _without_language(name: str) -> str:
    """Return the part of a file name that a text and its translation share."""
    return name.casefold().removesuffix(".md").removesuffix(_SUFFIX)


def _address(library: Library, text: SourceText) -> str:
    pattern = library.addresses[text.lang][text.kind]
    return library.address(text.lang, pattern.format(slug=text.values["slug"])).casefold()


def _drop_taken_aliases(
    source: SourceFolder, library: Library, text: SourceText, taken: set[str]
) -> None:
    kept = []
    for alias in text.values["aliases"]:
        whole = f"{library.base}{alias}".casefold()
        if whole in taken or alias.casefold().startswith(_FILES):
            if whole != _address(library, text):
                problem = Message("{alias} is the address of something else here", alias=alias)
                remedy = Message("readers of the old address find another page")
                source.note(text.path, "aliases", problem, remedy)
        else:
            kept.append(alias)
            taken.add(whole)
    text.values["aliases"] = kept


def _themes(source: SourceFolder, library: Library, texts: list[SourceText]) -> list[str]:
    """Return the lines to add to `themes.yml`; give all texts the same spelling of each theme."""
    tags = (document.header.get("tags") or () for document in library.by_source.values())
    names = [*library.themes, *(name for each in tags for name in each)]
    spelling = {slugify(name): name for name in reversed(names)}
    lines = []
    for text in texts:
        found = []
        for name in text.values.get("tags") or ():
            other = spelling.setdefault(slugify(name), name) if slugify(name) else ""
            if other.casefold() != name.casefold():
                problem = Message(
                    "the theme “{theme}” would have the address of another, or none", theme=name
                )
                remedy = Message("give it another name in the tags of the text")
                source.note(text.path, "tags", problem, remedy, 1)
            elif other not in found:
                found.append(other)
        text.values["tags"] = found
        if text.lang == OTHER_LANGUAGE:
            for name in (text.original or text).values["tags"]:
                if name not in library.themes:
                    library.themes[name] = name
                    lines.append(f"{quote(name)}: {quote(name)}")
    return lines


def _link_or_copy(one: str, other: str) -> None:
    """Make a hard link to a file, or a copy if the file system has no links."""
    try:
        os.link(one, other, follow_symlinks=False)
    except OSError:
        shutil.copy2(one, other, follow_symlinks=False)


def _write(
    source: SourceFolder,
    content: Path,
    texts: Iterable[SourceText],
    copies: dict[str, str],
    themes: list[str],
) -> None:
    """Write all new files, the texts last, so that an interrupted import can be repeated."""
    for path, place in copies.items():
        if not (content / place).exists():
            text_file.create(content / place, source.read(path, MAX_FILE_BYTES), content)
    if themes:
        _add_themes(content / THEMES_FILE, themes, content)
    for text in texts:
        text_file.create(content / text.target, text.compose(), content)


def _add_themes(path: Path, lines: list[str], content: Path) -> None:
    """Append lines to the file of the themes."""
    added = "".join(f"{line}\n" for line in lines)
    if not path.exists():
        text_file.create(path, added, content)
        return
    there = path.read_bytes()
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(there + (b"" if there.endswith(b"\n") or not there else b"\n") + added.encode())
    new.replace(path)


def _hide_faulty(settings: dict, trial: Path, content: Path, texts: list[SourceText]) -> None:
    """Make a draft of each text that would stop a build, with the reasons in its header.

    One pass is enough: a link to a hidden text is no fault.
    """
    by_path = {f"{display_path(content)}/{text.target}": text for text in texts}
    library = read_library({**settings, "PATH": str(trial)}, display_path(content))
    for fault in library.faults:
        if text := by_path.get(fault.path):
            text.reasons.append(one_line(f"{fault.key}: {sentence(fault.problem, fault.remedy)}"))


def _report(
    source: SourceFolder,
    content: Path,
    texts: list[SourceText],
    copies: dict[str, str],
    known: int,
) -> None:
    """Print each new file with its origin, then the notes and faults, then the counts."""
    for text in texts:
        place, origin = display_path(content / text.target), text.values["origin"]
        told = Message("{file}: from {origin}", file=place, origin=origin)
        if text.is_draft:
            told = Message("{file} (draft): from {origin}", file=place, origin=origin)
        print(told)
        for reason in text.reasons:
            print(Message("    draft because of {reason}", reason=reason))
    for path, place in copies.items():
        origin = f"{source.name}/{path}"
        print(Message("{file}: from {origin}", file=display_path(content / place), origin=origin))
    for fault in sorted(source.notes, key=lambda fault: fault.sort_key):
        print(fault)
    for fault in sorted(source.faults, key=lambda fault: fault.sort_key):
        print(fault, file=sys.stderr)
    drafts = sum(text.is_draft for text in texts)
    told = Message(
        "{texts} texts imported, {drafts} of them as drafts; {files} files copied; "
        "{known} texts were imported before; {refused} things refused",
        texts=len(texts),
        drafts=drafts,
        files=len(copies),
        known=known,
        refused=len(source.faults),
    )
    print(told)


def main(folder: str | None = None, language: str = "", addresses: str = "") -> int:
    """Import a folder; return the exit code, 1 if anything was refused."""
    try:
        return import_folder(folder, language, addresses)
    except FaultsError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        problem = Message("it cannot be copied ({reason})", reason=error)
        remedy = Message("free some room or fix the permissions, then call again")
        print(Fault("import", None, "folder", problem, remedy), file=sys.stderr)
    return 1
