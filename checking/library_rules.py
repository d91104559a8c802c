"""What is looked for across the texts, in the pictures, and in what only the owner can give."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from checking.finding import Finding
from checking.reading import Reading
from checking.rules import found
from plugins.documents import Library
from plugins.links import Resolver
from plugins.slugs import slugify

# Bytes: a photo of 24 million pixels, as a camera writes it with little loss.
HEAVY = 8_000_000
_IMAGES = "images/"
# Said only where another person than the owner is meant.
_MAY_BE_EMPTY = ("director",)


def titles(library: Library) -> Iterator[Finding]:
    """Two texts of one language under one title."""
    first: dict[tuple[str, str], str] = {}
    for document in sorted(library.all.values(), key=lambda document: document.source):
        title = document.values["title"]
        if not title:
            continue
        other = first.setdefault((document.lang, slugify(title) or title), document.shown_path)
        if other != document.shown_path:
            line = document.lines.get("title", 1)
            remedy = "say what this text has of its own"
            problem = f"“{title}” is also the title of {other}"
            yield found("title-twice", document.shown_path, line, problem, remedy)


def pictures(library: Library, readings: list[Reading], shown_folder: str) -> Iterator[Finding]:
    """Heavy files, and images that no text uses, drafts counted."""
    used = set()
    for reading in readings:
        resolver = Resolver(library, reading.document)
        used |= {resolver.source(address) for address in reading.addresses}
    for source in sorted(library.files_found):
        if not source.startswith(_IMAGES):
            continue
        path = f"{shown_folder}/{source}"
        size = (library.folder / source).stat().st_size
        if size > HEAVY:
            problem = f"the file has {size / 1e6:.1f} MB, and {HEAVY / 1e6:.0f} are enough"
            remedy = "export it again, at most 4,000 pixels wide"
            yield found("image-heavy", path, 1, problem, remedy)
        if source not in used:
            remedy = f"show it, as in ![What one sees](/{source}), or remove the file"
            yield found("image-unused", path, 1, "no text uses this image", remedy)


def owner(values: Mapping[str, str], settings: Path) -> Iterator[Finding]:
    """What only the owner can give and has not: the empty values of OWNER in the settings."""
    lines = _lines_of_keys("OWNER", settings)
    for name, value in values.items():
        if not value and name not in _MAY_BE_EMPTY:
            problem, remedy = f"OWNER has no {name} yet", f'write it once known: "{name}": "…"'
            yield found("owner", settings.name, lines.get(name, 1), problem, remedy)


def _lines_of_keys(name: str, settings: Path) -> dict[str, int]:
    """The line of each key of the dictionary called `name` in a Python file."""
    return {
        str(key.value): key.lineno
        for node in ast.parse(settings.read_text("utf-8")).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
        if any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
        for key in node.value.keys
        if isinstance(key, ast.Constant)
    }
