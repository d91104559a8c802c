"""Find the files of the content folder, and report those that have no place there."""

import os
import re
import time
from collections.abc import Container, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from engine.characters import FORBIDDEN, compose_letters, decode_text, holds_forbidden
from engine.faults import Fault, Message, unread_file_fault
from engine.file_states import is_settled, signature
from engine.languages import LANGUAGES, MAIN_LANGUAGE, OTHER_LANGUAGE, source_in
from engine.paths import is_temporary
from engine.processes import map_in_forks
from engine.texts import headers
from engine.texts.conflict_copies import find_conflict_copies
from engine.texts.conflict_marks import refuse_conflict_marks
from engine.texts.documents import Document, Library
from engine.texts.header_schema import KINDS

THEMES_FILE = "themes.yml"
# The settings of the owner (`engine/settings/site_file.py`).
SITE_FILE = "site.yml"
# The findings that `./inv check` omits, and the owner's dictionary (`engine/checking/`).
SILENCES_FILE = "silences.yml"
WORDS_FILE = "mots.txt"
# The public keys of the server (`engine/publishing/ssh.py`).
KNOWN_HOSTS_FILE = "known_hosts"
_OWN_FILES = (SITE_FILE, THEMES_FILE, SILENCES_FILE, WORDS_FILE, KNOWN_HOSTS_FILE)
STATIC_FOLDERS = ("images", "files")
# The path of a text, its source, its name in faults.
_Entry = tuple[Path, str, str]
# For fewer texts, sharing the reading of headers costs more than it saves.
_MIN_SHARED_TEXTS = 300
# Kind of text -> its folder; the home page is a file of the content folder itself.
FOLDERS = {"article": "articles", "page": "pages", "project": "pages/projects"}
_OTHER_SUFFIX = LANGUAGES[OTHER_LANGUAGE].suffix
# “.en”, or “.en-GB”, at the end of a text's name.
_LANGUAGE = re.compile(r"\.([A-Za-z]{2}(?:[-_][A-Za-z]{2})?)\.md$")
_DRAFT_LINE = re.compile(r"^status[ \t]*:[ \t]*[\"']?draft\b", re.MULTILINE)


class DocumentCache:
    """The documents of the files that were read last without a fault, by source."""

    def __init__(self):
        self._stored: dict[str, tuple[tuple, Document]] = {}

    def find(self, source: str, key: tuple | None) -> Document | None:
        """Return a copy of a document as it was read, None if its file must be read."""
        stored_key, document = self._stored.get(source, (None, None))
        return None if key is None or stored_key != key else _copy(document)

    def store(self, document: Document, key: tuple) -> None:
        """Store a document that has just been read, with what it depends on."""
        self._stored[document.source] = (key, _copy(document))

    def forget_others(self, sources: Container[str]) -> None:
        """Forget the documents that have none of these sources."""
        self._stored = {name: kept for name, kept in self._stored.items() if name in sources}


def _copy(document: Document) -> Document:
    """Return a copy of a document that has just been read; what is set later is its own."""
    return replace(document, header=dict(document.header), topics=[], pictures=[])


def find_texts(library: Library, shown_folder: str, documents: DocumentCache | None = None) -> None:
    """Add every text and file of the folder to the library, and a fault for each unusable one.

    `documents` keeps those of unchanged files for the next call.
    """
    entries = [
        (path, compose_letters(name), f"{shown_folder}/{name}")
        for path, name in _walk(library, shown_folder)
    ]
    sources = {source for _path, source, _shown_path in entries}
    copies = find_conflict_copies({source: path for path, source, _shown_path in entries})
    seen: dict[str, Path] = {}
    texts: list[_Entry] = []
    for path, source, shown_path in entries:
        other = seen.setdefault(source.casefold(), path)
        if path.is_symlink():
            problem = Message("it is a symbolic link")
            remedy = Message("put a copy of the file itself in its place")
            library.faults.append(Fault(shown_path, None, "file", problem, remedy))
        elif other != path:
            name = other.relative_to(library.folder).as_posix()
            problem = Message("its name is that of {file} to some machines", file=name)
            remedy = Message("rename one of the two")
            library.faults.append(Fault(shown_path, None, "file", problem, remedy))
        elif source in copies:
            warning = Fault(shown_path, None, "file", *copies[source], "conflict-copy")
            library.warnings.append(warning)
        elif not path.is_dir() and source not in _OWN_FILES:
            _classify_file(library, path, source, shown_path, texts)
    _add_documents(library, sources, texts, documents or DocumentCache())


def _add_documents(
    library: Library, sources: set[str], texts: list[_Entry], documents: DocumentCache
) -> None:
    """Read the files that have changed since the previous call; add the documents of all."""
    now = time.time_ns()
    keys = {entry[1]: _key(library, entry, sources, now) for entry in texts}
    stored = {source: documents.find(source, key) for source, key in keys.items()}
    changed = [entry for entry in texts if not stored[entry[1]]]
    read = partial(_read_into_own_library, library, sources)
    found = iter(map_in_forks(read, changed, least=_MIN_SHARED_TEXTS))
    for _path, source, _shown_path in texts:
        if document := stored[source]:
            library.by_source[source] = document
            continue
        own = next(found)
        library.by_source |= own.by_source
        library.faults += own.faults
        if keys[source] and not own.faults:
            documents.store(own.by_source[source], keys[source])
    library.unread = {entry[1] for entry in texts} - library.by_source.keys()


def _key(library: Library, entry: _Entry, sources: set[str], now: int) -> tuple | None:
    """Return what the document of a file depends on, None if that is not certain.

    `now` is a time before the file is read.
    """
    path, source, shown_path = entry
    try:
        found = signature(str(path))
    except OSError:
        return None
    if source in library.unsaved or not is_settled(found, now):
        return None
    original = source_in(MAIN_LANGUAGE, source.removesuffix(".md").removesuffix(_OTHER_SUFFIX))
    return found, str(path), shown_path, original in sources


def _classify_file(
    library: Library, path: Path, source: str, shown_path: str, texts: list[_Entry]
) -> None:
    """Add a file to the library or to `texts`, or report that it has no use at its place."""
    if source.split("/", maxsplit=1)[0] in STATIC_FOLDERS:
        library.files_found[source] = path
    elif not source.endswith(".md"):
        problem = Message("nothing reads a file of this kind here")
        remedy = Message(
            "name a text NAME.md; put pictures into images/ and other files into files/"
        )
        library.warnings.append(Fault(shown_path, None, "file", problem, remedy, "file-unread"))
    elif misplaced := _problem_of_place(source):
        found = library.warnings if _is_draft(path) else library.faults
        found.append(Fault(shown_path, None, "file", *misplaced))
    else:
        texts.append((path, source, shown_path))


def _walk(library: Library, shown_folder: str) -> Iterator[tuple[Path, str]]:
    """Yield each folder and file with its relative path, in the same order on every machine.

    Adds a fault for each name that is not UTF-8.
    """
    for root, folders, files in os.walk(library.folder):
        for names in (folders, files):
            found = sorted(name for name in names if not is_temporary(name))
            names[:] = filter(_is_utf8, found)
            for name in sorted({*found} - {*names}):
                place = Path(root, name).relative_to(library.folder)
                library.faults.append(_fault_of_name(f"{shown_folder}/{place}"))
        for name in [*folders, *files]:
            path = Path(root, name)
            yield path, path.relative_to(library.folder).as_posix()


def _is_utf8(name: str) -> bool:
    try:
        os.fsencode(name).decode()
    except UnicodeDecodeError:
        return False
    return True


def _fault_of_name(shown_path: str) -> Fault:
    data = os.fsencode(shown_path)
    problem = Message("its name is not UTF-8")
    # The encoding of most systems that had another one.
    name = data.decode("cp1252", "ignore").rpartition("/")[2]
    remedy = Message("rename it, for example to {name}", name=name)
    return Fault(data.decode("utf-8", "backslashreplace"), None, "file", problem, remedy)


def source_of(folder: Path, path: Path) -> str | None:
    """Return the source of a file, symbolic links resolved; None outside the content folder."""
    real_folder = os.path.realpath(folder)
    whole = Path(os.path.realpath(path.parent), path.name)
    if not whole.is_relative_to(real_folder):
        return None
    return compose_letters(whole.relative_to(real_folder).as_posix())


def _is_draft(path: Path) -> bool:
    """Whether a misplaced text is a draft."""
    try:
        return bool(_DRAFT_LINE.search(decode_text(path.read_bytes())))
    except (OSError, UnicodeDecodeError):
        return False


def kind_of(source: str) -> str | None:
    """Return the kind of a text by its place in the content folder, None if it has no page."""
    if _LANGUAGE.sub(".md", source) == "home.md":
        return "home"
    folder = source.rpartition("/")[0]
    return next((kind for kind, own in FOLDERS.items() if own == folder), None)


def _problem_of_place(source: str) -> tuple[Message, Message] | None:
    """Return the problem and the remedy of a Markdown file that has no page, else None."""
    if kind_of(source) is None:
        return (
            Message("no page is made from a text in this place"),
            Message("move it to articles/, pages/ or pages/projects/"),
        )
    suffix = _LANGUAGE.search(source)
    if suffix and f".{suffix[1]}" != _OTHER_SUFFIX:
        problem = Message("“.{lang}” is no language of this site", lang=suffix[1])
        if suffix[1] == MAIN_LANGUAGE:
            problem = Message("the name of a French text does not say its language")
        return (
            problem,
            Message(
                "end the name in .md for French, in {suffix}.md for English", suffix=_OTHER_SUFFIX
            ),
        )
    return None


def _read_into_own_library(library: Library, sources: set[str], entry: _Entry) -> Library:
    """Return a library with the document of one text, or with its faults."""
    found = Library(library.folder, library.addresses, library.today, unsaved=library.unsaved)
    read_text(found, *entry, sources)
    return found


def read_text(
    library: Library, path: Path, source: str, shown_path: str, sources: set[str]
) -> None:
    """Add the document of a Markdown file, or its faults.

    `sources` are those of all files: the original of a translation may be read later.
    """
    name = source.removesuffix(".md")
    lang = OTHER_LANGUAGE if name.endswith(_OTHER_SUFFIX) else MAIN_LANGUAGE
    key = name.removesuffix(_OTHER_SUFFIX)
    kind = kind_of(source)
    try:
        data = library.unsaved[source] if source in library.unsaved else path.read_bytes()
        text = _replace_forbidden(library, decode_text(data), shown_path)
        refuse_conflict_marks(text, lang)
        header_lines, body, body_line = headers.split_header(text)
    except (OSError, UnicodeDecodeError) as error:
        fault = unread_file_fault(error, shown_path, "file")
    except headers.HeaderError as error:
        fault = error.at(shown_path, error.line, error.rule)
    else:
        fault = None
    if fault:
        library.faults.append(fault)
        return
    original = source_in(MAIN_LANGUAGE, key) if lang == OTHER_LANGUAGE else ""
    header, faults = headers.parse_header(
        header_lines,
        kind,
        shown_path,
        translation=original in sources,
        lost_original="" if original in sources else original,
    )
    library.faults += faults
    values = {key.name: None for key in KINDS[kind]} | {"status": None} | header.values
    document = Document(
        path,
        source,
        shown_path,
        kind,
        lang,
        key,
        values,
        header.lines,
        body,
        body_line,
        header_lines,
        header.unread,
    )
    library.by_source[source] = document
    if values["lang"] and values["lang"] != lang:
        suffix = "" if values["lang"] == MAIN_LANGUAGE else _OTHER_SUFFIX
        library.add_fault(
            document,
            "lang",
            Message("the file's name says “{lang}”", lang=lang),
            Message(
                "remove the line, or name the file {name}.md",
                name=f"{key.rpartition('/')[2]}{suffix}",
            ),
        )


def _replace_forbidden(library: Library, text: str, shown_path: str) -> str:
    """Replace each forbidden character by a space, and add a fault for each line with one."""
    if not holds_forbidden(text):
        return text
    for number, line in enumerate(text.split("\n"), start=1):
        if match := FORBIDDEN.search(line):
            before = "".join(FORBIDDEN.sub(" ", line[: match.start()]).split(" ")[-1:])
            after = FORBIDDEN.sub(" ", line[match.end() :]).split(" ")[0]
            problem = Message(
                "an invisible character, U+{code}, cannot be in a page", code=f"{ord(match[0]):04X}"
            )
            remedy = Message("type the line again")
            if before + after:
                remedy = Message("type “{words}” again", words=f"{before} {after}")
            library.faults.append(Fault(shown_path, number, "character", problem, remedy))
    return FORBIDDEN.sub(" ", text)
