"""The built folder as one object, handed to everything that looks at a built site.

Each file is read once, its digest is taken once, each page is parsed once. Whoever adds or changes
a file does it by `BuiltSite.write`, so that nothing has to be read again.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.pages.markup import Markup

# Texts are kept once they are read. Photos and films are too large: their size and digest are kept.
TEXT_SUFFIXES = frozenset((".html", ".xml", ".svg", ".css", ".txt", ".js", ".json"))


class BuiltFile:
    """A file of a built folder; nothing is read before it is asked for.

    `path` is relative to the folder, with slashes. Its `content` or its `digest`, where it is
    known, need not be read.
    """

    def __init__(
        self, folder: Path, path: str, content: bytes | None = None, digest: str | None = None
    ):
        self.folder, self.path = folder, path
        self._text: bytes | None = None
        self._digest = digest
        if content is not None:
            self._remember(content)

    def _remember(self, content: bytes) -> None:
        self.size = len(content)
        if self.suffix in TEXT_SUFFIXES:
            self._text = content
        elif self._digest is None:
            self._digest = hashlib.sha256(content).hexdigest()

    @property
    def place(self) -> Path:
        """Where it stands on this machine."""
        return self.folder / self.path

    @property
    def suffix(self) -> str:
        """The ending of its name, such as ".html"."""
        return PurePosixPath(self.path).suffix

    @property
    def content(self) -> bytes:
        """Its bytes. Those of a text are kept; any other file is read each time."""
        if self._text is not None:
            return self._text
        content = self.place.read_bytes()
        self._remember(content)
        return content

    @property
    def text(self) -> str:
        """Its words, with "\\n" at the end of each line."""
        words = self.content.decode("utf-8", errors="replace")
        return words.replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def size(self) -> int:
        """How many bytes it has."""
        return self.place.stat().st_size

    @property
    def digest(self) -> str:
        """The SHA-256 of its bytes, in hexadecimal."""
        if self._digest is None:
            content = self.content
            # Reading what is not kept has taken its digest.
            self._digest = self._digest or hashlib.sha256(content).hexdigest()
        return self._digest

    @cached_property
    def markup(self) -> "Markup":
        """Its elements, kept until `forget_markup`: they take much more memory than its bytes."""
        # A build parses no page, and loading the parser takes a thirtieth of its time.
        from engine.pages.markup import Markup  # noqa: PLC0415

        return Markup(self.text)

    def forget_markup(self) -> None:
        """Free the memory of the elements, once every check of the page has seen them."""
        self.__dict__.pop("markup", None)


class BuiltSite:
    """The files of a built folder: `files` by their path, the loop in the order of their paths.

    `digests` are those that are known of files, by their whole path.
    """

    def __init__(self, folder: Path, digests: Mapping[str, str] | None = None):
        self.folder = folder
        self.files: dict[str, BuiltFile] = {}
        for root, _folders, names in os.walk(folder):
            for place in (os.path.join(root, name) for name in names):
                # As texts: paths of thousands of files would take a fiftieth of a build.
                if os.path.isfile(place):  # noqa: PTH113
                    path = place[len(str(folder)) + 1 :].replace(os.sep, "/")
                    digest = (digests or {}).get(place)
                    self.files[path] = BuiltFile(folder, path, digest=digest)

    def __iter__(self) -> Iterator[BuiltFile]:
        """Each file, sorted by the names of its folders and its own."""
        return iter(sorted(self.files.values(), key=lambda file: file.path.split("/")))

    @property
    def pages(self) -> list[BuiltFile]:
        """The files in HTML, those at old addresses among them."""
        return [file for file in self if file.suffix == ".html"]

    def write(self, path: str, content: bytes) -> BuiltFile:
        """Add a file, or replace one, in its folder and here. Raises OSError."""
        file = BuiltFile(self.folder, path, content)
        file.place.parent.mkdir(parents=True, exist_ok=True)
        file.place.write_bytes(content)
        file.place.chmod(0o644)
        self.files[path] = file
        return file

    def remove(self, path: str) -> None:
        """Remove a file, from its folder and here."""
        self.files.pop(path).place.unlink()

    def move(self, folder: Path) -> None:
        """Say where the folder stands now."""
        self.folder = folder
        for file in self.files.values():
            file.folder = folder
