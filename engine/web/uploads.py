"""Store the pictures and documents that the writing page uploads, under plain names.

The bytes tell what a file is, never its name or what the browser says. A picture is looked at as
the build does it, so that none comes in that a page could not show.
"""

import re
import shutil
import unicodedata
from contextlib import suppress
from pathlib import Path

from engine.characters import FORBIDDEN
from engine.faults import Message, ProblemError
from engine.pictures.inspection import inspect
from engine.slugs import slugify
from engine.texts.content_files import STATIC_FOLDERS
from engine.web.desk import Desk
from engine.web.refusal import RefusalError
from engine.web.safe_files import name_problem

IMAGES, FILES = STATIC_FOLDERS
# Bytes of one file.
MAX_BYTES = 50 * 1024 * 1024
_BY_FORMAT = {
    "JPEG": ".jpg",
    "MPO": ".jpg",
    "PNG": ".png",
    "WEBP": ".webp",
    "AVIF": ".avif",
    "GIF": ".gif",
    "HEIF": ".heic",
    "SVG": ".svg",
}
_DRAWING = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml|<!--|<!DOCTYPE svg|<svg)", re.IGNORECASE)
# What begins a document -> the endings that it may have, the first where its name has another.
_DOCUMENTS: tuple[tuple[bytes, tuple[str, ...]], ...] = (
    (rb"%PDF-", (".pdf",)),
    (rb"PK\x03\x04", (".zip", ".odt", ".ods", ".odp", ".docx", ".xlsx", ".pptx", ".epub")),
    (rb"ID3|\xff[\xfb\xf3\xf2]", (".mp3",)),
    (rb"OggS", (".ogg", ".oga", ".opus")),
    (rb"fLaC", (".flac",)),
    (rb"RIFF....WAVE", (".wav",)),
    (rb"....ftyp(?:isom|iso[2-9]|mp4[12]|avc1|M4V |dash)", (".mp4", ".m4v")),
    (rb"....ftypM4A ", (".m4a",)),
    (rb"\x1a\x45\xdf\xa3", (".webm",)),
)
_TEXTS = (".txt", ".csv", ".vtt", ".srt", ".ics", ".gpx")
_HIDDEN_LETTERS = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def upload(desk: Desk, name: str, path: str) -> dict:
    """Store a received file below `images/` or `files/`; return its place and messages."""
    received = Path(path)
    data = received.read_bytes()
    stem, ending = _parts(name)
    told = _told_of_name(name)
    kind, ending, width, height = _type_of(received, data, ending)
    clean = slugify(stem) or kind
    if name_problem(f"{clean}{ending}"):
        clean = f"{kind}-{clean}"
    folder = IMAGES if kind == "image" else FILES
    source, is_there = _free(desk, folder, clean, ending, data)
    if not is_there:
        desk.folder.write(source, data, None)
    new = source.rpartition("/")[2]
    if is_there:
        told.append(Message("the same file is there already: {file}", file=source))
    return {
        "source": source,
        "link": f"/{source}",
        "kind": kind,
        "width": width,
        "height": height,
        "bytes": len(data),
        "renamed": new != name,
        "existed": is_there,
        "told": [str(each) for each in told],
    }


def _parts(name: str) -> tuple[str, str]:
    """Split a file name into stem and lower-case suffix, without folders."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    stem, dot, ending = last.rpartition(".")
    return (stem, f".{ending.lower()}") if stem and dot else (last, "")


def _told_of_name(name: str) -> list[Message]:
    told = []
    if _HIDDEN_LETTERS.search(name) or FORBIDDEN.search(name):
        told.append(
            Message(
                "its name held characters that cannot be seen, or turn its direction: it is new"
            )
        )
    elif name != unicodedata.normalize("NFC", name):
        told.append(Message("its name had accents in a form that not every machine reads"))
    return told


def _type_of(path: Path, data: bytes, ending: str) -> tuple[str, str, int | None, int | None]:
    """Return "image" or "file" by the bytes of a file, its suffix, and its size in pixels.

    Raises RefusalError.
    """
    if _DRAWING.match(data):
        drawing = path.with_suffix(".svg")
        shutil.copyfile(path, drawing)
        try:
            return _picture(drawing)
        finally:
            drawing.unlink()
    for pattern, endings in _DOCUMENTS:
        if re.match(pattern, data, re.DOTALL):
            return "file", ending if ending in endings else endings[0], None, None
    if ending in _TEXTS and _is_text(data):
        return "file", ending, None, None
    return _picture(path)


def _picture(path: Path) -> tuple[str, str, int, int]:
    try:
        picture = inspect(path)
    except ProblemError as error:
        why = Message("{problem}; {remedy}", problem=error.problem, remedy=error.remedy)
        raise RefusalError(422, why) from error
    return "image", _BY_FORMAT[picture.format], picture.width, picture.height


def _is_text(data: bytes) -> bool:
    try:
        return not FORBIDDEN.search(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return False


def _free(desk: Desk, folder: str, stem: str, ending: str, data: bytes) -> tuple[str, bool]:
    """Return a path that is free whatever the letter case, or that of the same bytes and True."""
    taken = {name.casefold(): name for name in desk.folder.names(folder)}
    number = 1
    while True:
        name = f"{stem}{f'-{number}' if number > 1 else ''}{ending}"
        there = taken.get(name.casefold())
        if there is None:
            return f"{folder}/{name}", False
        if not name_problem(there) and desk.folder.read(f"{folder}/{there}") == data:
            return f"{folder}/{there}", True
        number += 1


def files(desk: Desk) -> dict:
    """List the pictures and documents that a text can show or link to."""
    found = []
    for source, path in sorted(desk.read_headers().files_found.items()):
        kind = "image" if source.startswith(f"{IMAGES}/") else "file"
        width = height = None
        if kind == "image":
            with suppress(ProblemError):
                picture = inspect(path)
                width, height = picture.width, picture.height
        size = path.stat().st_size
        if not path.name.startswith("."):
            found.append(
                {"source": source, "kind": kind, "bytes": size, "width": width, "height": height}
            )
    return {"files": found}
