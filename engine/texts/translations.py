"""Detect stale translations by a digest of the words of their originals."""

import hashlib
import json

from engine.characters import decode_text
from engine.languages import MAIN_LANGUAGE, OTHER_LANGUAGE, source_in
from engine.texts import headers
from engine.texts.documents import Document, Library
from engine.texts.header_schema import KINDS
from engine.texts.headers import STAMP


def digest(kind: str, values: dict, body: str) -> str:
    """Return the `translated_from` of a translation whose original is of `kind`.

    The digest covers the words that are translated: the body, and the texts of the header before
    typography. It ignores inherited keys and surrounding spaces. Its form is
    `header_schema.DIGEST`.
    """
    words = [[key.name, values.get(key.name)] for key in KINDS[kind] if key.type == "text"]
    text = json.dumps([sorted(words), body.strip()], ensure_ascii=False)
    return f"sha256-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def digest_of_file(kind: str, data: bytes) -> str:
    """Return the digest of a file. Raises ValueError if it is not UTF-8 or has no header."""
    header_lines, body, _line = headers.split_header(decode_text(data))
    header, _faults = headers.parse_header(header_lines, kind, "", translation=False)
    return digest(kind, header.values, body)


def original_of(library: Library, document: Document) -> Document | None:
    """Return the French original of an English text, None if there is none."""
    if document.lang != OTHER_LANGUAGE:
        return None
    return library.by_source.get(source_in(MAIN_LANGUAGE, document.key))


def mark_stale(library: Library) -> None:
    """Mark each translation whose original has changed since; call it before typography."""
    for document in library.by_source.values():
        original, stamp = original_of(library, document), document.header.get(STAMP)
        if original and stamp:
            document.is_stale = stamp != digest(original.kind, original.header, original.body)
