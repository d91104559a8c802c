"""The files of the content folder: which is a text of which kind, and what has no place there."""

import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from plugins import headers
from plugins.documents import MAIN_LANGUAGE, OTHER_LANGUAGE, Document, Library
from plugins.faults import Fault
from plugins.header_schema import KINDS

THEMES_FILE = "themes.yml"
# What the owner decides of the site (`building/site_file.py`).
SITE_FILE = "site.yml"
# What `inv check` leaves unsaid, and the words that no dictionary has (`checking/`).
SILENCES_FILE = "silences.yml"
WORDS_FILE = "mots.txt"
_OWN_FILES = (SITE_FILE, THEMES_FILE, SILENCES_FILE, WORDS_FILE)
STATIC_FOLDERS = ("images", "files")
# Kind of text -> the folder of its files; the home page has files of its own.
FOLDERS = {"article": "articles", "page": "pages", "project": "pages/projects"}
_HOME_FILES = ("home.md", f"home.{OTHER_LANGUAGE}.md")
_IGNORED = re.compile(r"\..*|Thumbs\.db|desktop\.ini|.*~|#.*#")
_OTHER_SUFFIX = f".{OTHER_LANGUAGE}"


def find_texts(library: Library, shown_folder: str) -> None:
    """Fill the library with every text and file of its folder, and a fault for each oddity."""
    seen: dict[str, str] = {}
    for path, source in _walk(library.folder):
        shown_path = f"{shown_folder}/{source}"
        alike = unicodedata.normalize("NFC", source).casefold()
        if path.is_symlink():
            problem, remedy = "it is a symbolic link", "put a copy of the file itself in its place"
        elif alike in seen:
            problem = f"its name is that of {seen[alike]} to some machines"
            remedy = "rename one of the two"
        elif path.is_dir() or source in _OWN_FILES:
            problem = remedy = ""
        elif source.split("/")[0] in STATIC_FOLDERS:
            problem = remedy = ""
            library.files_found.add(source)
        elif source.endswith(".md"):
            problem, remedy = _misplaced(source)
            if not problem:
                _read_text(library, path, source, shown_path)
        else:
            problem = "nothing reads a file of this kind here"
            remedy = "name a text NAME.md; put pictures into images/ and other files into files/"
        seen.setdefault(alike, source)
        if problem:
            library.faults.append(Fault(shown_path, None, "file", problem, remedy))


def _walk(folder: Path) -> Iterator[tuple[Path, str]]:
    """Each folder and file with its path below `folder`, in one order on every machine."""
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _IGNORED.fullmatch(name))
        for name in [*folders, *sorted(name for name in files if not _IGNORED.fullmatch(name))]:
            path = Path(root, name)
            yield path, path.relative_to(folder).as_posix()


def _kind(source: str) -> str | None:
    if source in _HOME_FILES:
        return "home"
    folder = source.rpartition("/")[0]
    return next((kind for kind, own in FOLDERS.items() if own == folder), None)


def _misplaced(source: str) -> tuple[str, str]:
    """Why no page comes of a Markdown file, and what to do; ("", "") where one does."""
    if _kind(source) is None:
        return (
            "no page is made from a text in this place",
            "move it to articles/, pages/ or pages/projects/",
        )
    suffix = re.search(r"\.([A-Za-z]{2})\.md$", source)
    if suffix and suffix[1] != OTHER_LANGUAGE:
        return (
            f"“.{suffix[1]}” is no language of this site",
            f"end the name in .md for French, in {_OTHER_SUFFIX}.md for English",
        )
    return "", ""


def decoded(data: bytes) -> str:
    """The text of a file, its lines ended by "\\n" alone. Raises UnicodeDecodeError."""
    return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def _read_text(library: Library, path: Path, source: str, shown_path: str) -> None:
    """Add the document of a Markdown file, or the reasons why it cannot be read."""
    name = source.removesuffix(".md")
    lang = OTHER_LANGUAGE if name.endswith(_OTHER_SUFFIX) else MAIN_LANGUAGE
    key = name.removesuffix(_OTHER_SUFFIX)
    kind = _kind(source)
    try:
        data = path.read_bytes()
        header_lines, body, body_line = headers.split(decoded(data))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        remedy = "save it again with the encoding UTF-8"
        fault = Fault(shown_path, line, "file", "its letters are not UTF-8", remedy)
    except OSError as error:
        problem = f"it cannot be read ({error.strerror})"
        fault = Fault(shown_path, None, "file", problem, "mend its rights")
    except ValueError as error:
        fault = Fault(shown_path, 1, "header", *str(error).split("; ", 1))
    else:
        fault = None
    if fault:
        library.faults.append(fault)
        return
    original = path.parent / f"{key.rpartition('/')[2]}.md"
    is_translation = lang == OTHER_LANGUAGE and original.exists()
    header, faults = headers.read(header_lines, kind, shown_path, translation=is_translation)
    library.faults += faults
    values = {key.name: None for key in KINDS[kind]} | {"status": None} | header.values
    document = Document(
        path, source, shown_path, kind, lang, key, values, header.lines, body, body_line
    )
    library.all[source] = document
    if values["lang"] and values["lang"] != lang:
        suffix = "" if values["lang"] == MAIN_LANGUAGE else _OTHER_SUFFIX
        library.fault(
            document,
            "lang",
            f"the file's name says “{lang}”",
            f"remove the line, or name the file {key.rpartition('/')[2]}{suffix}.md",
        )
