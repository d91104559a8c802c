"""What a translation was made from: a digest of the words of its original."""

import hashlib
import json

from engine.characters import decode_text
from engine.languages import MAIN_LANGUAGE, OTHER_LANGUAGE, source_in
from engine.texts import headers
from engine.texts.documents import Document, Library
from engine.texts.header_schema import KINDS

STAMP = "translated_from"


def digest(kind: str, values: dict, body: str) -> str:
    """The value of a translation's `translated_from`, for an original of `kind`.

    It tells a change of what a translator works on: the body, and the texts of the header as
    they were typed, before any typography. What a translation inherits plays no part, nor do the
    spaces around. The form is that of `header_schema.DIGEST`.
    """
    words = [[key.name, values.get(key.name)] for key in KINDS[kind] if key.type == "text"]
    text = json.dumps([sorted(words), body.strip()], ensure_ascii=False)
    return f"sha256-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def digest_of_file(kind: str, data: bytes) -> str:
    """The same for a whole file. Raises ValueError if it is no text, or has no header."""
    header_lines, body, _line = headers.split(decode_text(data))
    header, _faults = headers.parse_header(header_lines, kind, "", translation=False)
    return digest(kind, header.values, body)


def original_of(library: Library, document: Document) -> Document | None:
    """The French text that an English one translates; None if it stands alone."""
    if document.lang != OTHER_LANGUAGE:
        return None
    return library.by_source.get(source_in(MAIN_LANGUAGE, document.key))


def mark_stale(library: Library) -> None:
    """Tell each translation whose original has changed since, before typography touches either."""
    for document in library.by_source.values():
        original, stamp = original_of(library, document), document.header.get(STAMP)
        if original and stamp:
            document.is_stale = stamp != digest(original.kind, original.header, original.body)
