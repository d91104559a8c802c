"""Which texts of the site come from which blog, so that none is imported twice.

Neither the name of a folder nor its place tells a blog: each text keeps in its header a mark of the
blog, of its title and date, and of its body. A folder is the blog of an earlier import if most of
the texts that both have are still alike.
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
class _Known:
    """A text of the site: its file below the content folder, and the marks of its first import."""

    file: str
    head: str
    body: str


def part_known(content: Path, texts: list[SourceText]) -> tuple[list[SourceText], list[SourceText]]:
    """The texts that are new, and those that were imported before, each with its file.

    All new ones get the mark of their blog.
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


def _blogs(content: Path) -> dict[str, dict[str, _Known]]:
    """The texts of the site that were imported, by their blog and their path in it."""
    found: dict[str, dict[str, _Known]] = defaultdict(dict)
    for place in sorted(content.rglob("*.md")):
        lines = place.read_bytes().decode("utf-8", "replace").split("\n") if place.is_file() else []
        for line in lines[1:2]:
            if match := _LINE.fullmatch(line):
                file = place.relative_to(content).as_posix()
                found[match["blog"]][match["path"]] = _Known(file, match["head"], match["body"])
    return found


def _is_same(there: dict[str, _Known], texts: Iterable[SourceText]) -> bool:
    """Whether texts are those of a blog that was imported, some of them corrected since.

    A body or a dated title tells a text for certain; a title alone, such as "À propos", only if
    the blog has hardly any other text.
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
