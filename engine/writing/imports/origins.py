"""Recognise the texts of an earlier import, so that none is imported twice.

The name and the place of a blog's folder may change. So each imported text keeps in its header
digests of the blog, of its title and date, and of its body. A folder is the blog of an earlier
import if most of the common texts have the same digests.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from engine.writing.imports.source_text import ORIGIN, SourceText

_MARK_LENGTH = 12
_LINE = re.compile(
    rf"{ORIGIN}[^/]*/(?P<path>.*) "
    r"\((?P<blog>[0-9a-f]+)-(?P<head>[0-9a-f]+)-(?P<body>[0-9a-f]*)\)\s*"
)


@dataclass(frozen=True)
class _ImportedText:
    """A text of the site: its file below the content folder, and its digests when imported."""

    file: str
    head: str
    body: str


def split_known(
    content: Path, texts: list[SourceText]
) -> tuple[list[SourceText], list[SourceText]]:
    """Separate new texts from those imported before; the latter get their file.

    The new ones get the digest of their blog.
    """
    blogs = _blogs(content)
    mine = [blog for blog, there in blogs.items() if _is_same(there, texts)]
    heads = sorted(f"{text.path} {_head(text)} {_body(text)}" for text in texts)
    blog = mine[0] if mine else _digest("\n".join(heads))
    files = {path: known.file for name in reversed(mine) for path, known in blogs[name].items()}
    new, known = [], []
    for text in texts:
        if file := files.get(_path(text)):
            text.target = file
            known.append(text)
        else:
            text.mark = f"{blog}-{_head(text)}-{_body(text)}"
            new.append(text)
    return new, known


def _blogs(content: Path) -> dict[str, dict[str, _ImportedText]]:
    """Return the imported texts of the site, by blog and path in the blog."""
    found: dict[str, dict[str, _ImportedText]] = defaultdict(dict)
    for place in sorted(content.rglob("*.md")):
        lines = place.read_bytes().decode("utf-8", "replace").split("\n") if place.is_file() else []
        for line in lines[1:2]:
            if match := _LINE.fullmatch(line):
                file = place.relative_to(content).as_posix()
                found[match["blog"]][match["path"]] = _ImportedText(
                    file, match["head"], match["body"]
                )
    return found


def _is_same(there: dict[str, _ImportedText], texts: Iterable[SourceText]) -> bool:
    """Whether texts are those of an imported blog, some of them corrected since.

    A body or a dated title identifies a text. A title alone, such as "À propos", does so only if
    half of the blog's texts match.
    """
    shared = sure = alike = 0
    for text in texts:
        if known := there.get(_path(text)):
            has_title, has_body = known.head == _head(text), known.body == _body(text) != ""
            shared += 1
            sure += has_body or (has_title and text.day is not None)
            alike += has_body or has_title
    return sure * 2 > shared or bool(alike and alike * 2 >= len(there))


def _path(text: SourceText) -> str:
    return text.values["origin"].partition("/")[2]


def _head(text: SourceText) -> str:
    return _digest(f"{text.day or ''} {text.values['title']}")


def _body(text: SourceText) -> str:
    body = text.front.body.strip()
    return _digest(body) if body else ""


def _digest(words: str) -> str:
    data = words.encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()[:_MARK_LENGTH]
