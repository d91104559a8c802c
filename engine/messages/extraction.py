"""Extract the messages of the code into the catalogues, for `./inv headers`.

A message is the text of a `Message("…")`, or the docstring or a `help` of a task of tasks.py.
"""

import ast
from collections.abc import Iterator
from io import SEEK_END, BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from engine.messages.catalogue import FOLDER
from engine.paths import ROOT

_SOURCES = ("engine/**/*.py", "plugins/*.py", "tasks.py", "pelicanconf.py", "publishconf.py")
_KEYWORDS = {"Message": None}
_HEADER = """msgid ""
msgstr ""
"Language: {lang}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def messages(root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Yield each message with its file relative to `root`, as often as it occurs."""
    for pattern in _SOURCES:
        for path in sorted(root.glob(pattern)):
            name = path.relative_to(root).as_posix()
            for _line, text, _comments, _context in extract_from_file("python", path, _KEYWORDS):
                yield text, name
    yield from ((text, "tasks.py") for text in _task_texts(root / "tasks.py"))


def _task_texts(path: Path) -> Iterator[str]:
    """Yield the docstring of each task, and the texts of each dictionary: the help of options."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            yield ast.get_docstring(node)
        elif isinstance(node, ast.Dict):
            yield from (each.value for each in node.values if isinstance(each, ast.Constant))


def updated(catalogue: Catalog, root: Path = ROOT) -> Catalog:
    """Return a catalogue of the messages of the code, with the translations that are known."""
    renewed = Catalog(locale=catalogue.locale)
    for text, name in messages(root):
        known = catalogue.get(text)
        renewed.add(text, known.string if known else "", locations=[(name, 1)])
    return renewed


def read_catalogue(path: Path) -> Catalog:
    """Read a `.po` file, named by its language. Raises OSError, ValueError, PoFileError."""
    with path.open("rb") as file:
        return read_po(file, locale=path.stem, abort_invalid=True)


def files() -> dict[str, str]:
    """Map the path of each catalogue, relative to the project, to its updated text."""
    found = {}
    for path in sorted(FOLDER.glob("*.po")):
        text = BytesIO(_HEADER.format(lang=path.stem).encode())
        text.seek(0, SEEK_END)
        write_po(
            text,
            updated(read_catalogue(path)),
            width=None,
            omit_header=True,
            sort_by_file=True,
            include_lineno=False,
        )
        found[path.relative_to(ROOT).as_posix()] = text.getvalue().decode()
    return found
