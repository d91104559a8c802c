"""What a translation was made from: a digest of the words of its original."""

import hashlib
import json

from plugins.header_schema import KINDS


def digest(kind: str, values: dict, body: str) -> str:
    """The value of a translation's `translated_from`, for an original of `kind`.

    It tells a change of what a translator works on: the body, and the texts of the header as
    they were typed, before any typography. What a translation inherits plays no part, nor do the
    spaces around. The form is that of `header_schema.DIGEST`.
    """
    words = [[key.name, values.get(key.name)] for key in KINDS[kind] if key.type == "text"]
    text = json.dumps([sorted(words), body.strip()], ensure_ascii=False)
    return f"sha256-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
