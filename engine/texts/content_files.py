"""Find the files of the content folder, and report those that have no place there."""

import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from engine.characters import FORBIDDEN, compose_letters, decode_text, holds_forbidden
from engine.faults import Fault, Message, system_reason
from engine.languages import LANGUAGES, MAIN_LANGUAGE, OTHER_LANGUAGE, source_in
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
_IGNORED = re.compile(r"\..*|Thumbs\.db|desktop\.ini|Icon\r|~\$.*|.*~|#.*#", re.IGNORECASE)
_OTHER_SUFFIX = LANGUAGES[OTHER_LANGUAGE].suffix
# Nanoseconds in which a second write may leave a file's times as they are: two seconds on FAT.
_COARSEST_TIME = 2 * 10**9
# “.en”, or “.en-GB”, at the end of a text's name.
_LANGUAGE = re.compile(r"\.([A-Za-z]{2}(?:[-_][A-Za-z]{2})?)\.md$")
_DRAFT_LINE = re.compile(r"^status[ \t]*:[ \t]*[\"']?draft\b", re.MULTILINE)


class HeaderCache:
    """The last reading of each text: its document or its faults, for a process that reads again.

    A file whose size, times and inode are the same is not read again, unless it had just been
    written when it was read: a second write could leave its times as they were, as in git's index
    (https://git-scm.com/docs/racy-git).
    """

    def __init__(self):
        self._read: dict[str, tuple[object, Library]] = {}

    def find(self, source: str, made_from: object) -> Library | None:
        """Return what was read from `made_from`, None if the text must be read."""
        known, found = self._read.get(source, (None, None))
        return found if known is not None and known == made_from else None

    def store(self, source: str, made_from: object, found: Library) -> None:
        """Store what was read of a text in place of its previous reading."""
        self._read[source] = (made_from, found)


def find_texts(library: Library, shown_folder: str, cache: HeaderCache | None = None) -> None:
    """Add every text and file of the folder to the library, and a fault for each unusable one."""
    entries = [
        (path, compose_letters(name), f"{shown_folder}/{name}") for path, name in _walk(library)
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
    for found in _read_texts(library, sources, texts, cache):
        library.by_source |= found.by_source
        library.faults += found.faults


def _read_texts(
    library: Library, sources: set[str], texts: Sequence[_Entry], cache: HeaderCache | None
) -> list[Library]:
    """Return what each text holds; `cache` keeps it for the next call."""
    read = partial(_read_into_own_library, library, sources)
    if cache is None:
        return map_in_forks(read, texts, least=_MIN_SHARED_TEXTS)
    begin = time.time_ns()
    made_from = [(entry, _made_from(library, sources, entry)) for entry in texts]
    changed = [
        (entry, origin) for entry, origin in made_from if cache.find(entry[1], origin) is None
    ]
    anew = map_in_forks(read, [entry for entry, _origin in changed], least=_MIN_SHARED_TEXTS)
    results = {}
    for (entry, origin), found in zip(changed, anew, strict=True):
        results[entry[1]] = found
        is_settled = origin is not None and origin[-1] < begin - _COARSEST_TIME
        cache.store(entry[1], origin if is_settled else None, found)
    return [
        _own_copy(results.get(entry[1]) or cache.find(entry[1], origin))
        for entry, origin in made_from
    ]


def _made_from(library: Library, sources: set[str], entry: _Entry) -> tuple | None:
    """Return what a text is read from, its last change at the end; None if it cannot be told."""
    path, source, shown_path = entry
    original = source_in(MAIN_LANGUAGE, _key_of(source))
    context = (path, shown_path, original in sources)
    if source in library.unsaved:
        return (*context, library.unsaved[source], 0)
    try:
        status = os.stat(path)  # noqa: PTH116 - of thousands of files
    except OSError:
        return None
    times = (status.st_mtime_ns, status.st_ctime_ns)
    return (*context, status.st_dev, status.st_ino, status.st_size, *times, max(times))


def _own_copy(found: Library) -> Library:
    """Return a reading whose document can be changed without changing that of the cache."""
    documents = {
        source: replace(document, header=dict(document.header), topics=[], pictures=[])
        for source, document in found.by_source.items()
    }
    return replace(found, by_source=documents)


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


def _walk(library: Library) -> Iterator[tuple[Path, str]]:
    """Yield each folder and file with its relative path, in the same order on every machine."""
    for root, folders, files in os.walk(library.folder):
        folders[:] = sorted(name for name in folders if not _IGNORED.fullmatch(name))
        for name in [*folders, *sorted(name for name in files if not _IGNORED.fullmatch(name))]:
            path = Path(root, name)
            yield path, path.relative_to(library.folder).as_posix()


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


def _key_of(source: str) -> str:
    """Return `Document.key` of a text."""
    return source.removesuffix(".md").removesuffix(_OTHER_SUFFIX)


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
    key = _key_of(source)
    lang = MAIN_LANGUAGE if source == source_in(MAIN_LANGUAGE, key) else OTHER_LANGUAGE
    kind = kind_of(source)
    try:
        data = library.unsaved[source] if source in library.unsaved else path.read_bytes()
        text = _replace_forbidden(library, decode_text(data), shown_path)
        refuse_conflict_marks(text, lang)
        header_lines, body, body_line = headers.split_header(text)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problem = Message("its letters are not UTF-8")
        remedy = Message("save it again with the encoding UTF-8")
        fault = Fault(shown_path, line, "file", problem, remedy)
    except OSError as error:
        problem = Message("it cannot be read ({reason})", reason=system_reason(error))
        fault = Fault(shown_path, None, "file", problem, Message("fix its permissions"))
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
