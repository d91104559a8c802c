"""Represent the built folder as one object.

Each file is read and hashed once, each page is parsed once. Add or change a file by
`BuiltSite.write`: then no file is read again.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.pages.markup import Markup

# Text files are kept in memory. Of photos and videos, only the size and the digest are kept.
TEXT_SUFFIXES = frozenset((".html", ".xml", ".svg", ".css", ".txt", ".js", ".json", ".vcf"))


class BuiltFile:
    """A file of a built folder, read on demand.

    `path` is relative to the folder, with slashes. A known `content` or `digest` is not read.
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
        """The bytes of the file. Only those of a text file are kept in memory."""
        if self._text is not None:
            return self._text
        content = self.place.read_bytes()
        self._remember(content)
        return content

    @property
    def text(self) -> str:
        """The decoded text, with "\\n" as line end."""
        words = self.content.decode("utf-8", errors="replace")
        return words.replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def size(self) -> int:
        """The size in bytes."""
        return self.place.stat().st_size

    @property
    def digest(self) -> str:
        """The SHA-256 of the bytes, in hexadecimal."""
        if self._digest is None:
            content = self.content
            # `content` sets the digest of a file that is not kept.
            self._digest = self._digest or hashlib.sha256(content).hexdigest()
        return self._digest

    @cached_property
    def markup(self) -> "Markup":
        """The parsed page, kept until `forget_markup`: it needs more memory than the bytes."""
        # A build parses no page, and to import the parser takes a thirtieth of its time.
        from engine.pages.markup import Markup  # noqa: PLC0415

        return Markup(self.text)

    def forget_markup(self) -> None:
        """Free the memory of the parsed page after all checks of it."""
        self.__dict__.pop("markup", None)


class BuiltSite:
    """The files of a built folder, by path; iteration is sorted by path.

    `digests` are those that are known of files, by path. `previous` has the SHA-256 of
    the files of `previous_folder`, by path, which need not be made again.
    """

    def __init__(
        self,
        folder: Path,
        digests: Mapping[str, str] | None = None,
        previous: Mapping[str, str] | None = None,
        previous_folder: Path | None = None,
    ):
        self.folder = folder
        self.files: dict[str, BuiltFile] = {}
        self._previous, self._previous_folder = previous or {}, previous_folder
        for root, _folders, names in os.walk(folder):
            for place in (os.path.join(root, name) for name in names):
                # As texts: paths of thousands of files would take a fiftieth of a build.
                if os.path.isfile(place):  # noqa: PTH113
                    path = place[len(str(folder)) + 1 :].replace(os.sep, "/")
                    digest = (digests or {}).get(path)
                    self.files[path] = BuiltFile(folder, path, digest=digest)

    def __iter__(self) -> Iterator[BuiltFile]:
        """Iterate over the files, sorted by the parts of their paths."""
        return iter(sorted(self.files.values(), key=lambda file: file.path.split("/")))

    @property
    def pages(self) -> list[BuiltFile]:
        """The HTML files, with those at old addresses."""
        return [file for file in self if file.suffix == ".html"]

    def write(self, path: str, content: bytes) -> BuiltFile:
        """Write a file, and add it or replace it here. Raises OSError."""
        file = BuiltFile(self.folder, path, content)
        self.files[path] = file
        if self._previous.get(path) == file.digest:
            # What was written before must not be taken for it.
            (self.folder / path).unlink(missing_ok=True)
            file.folder = self._previous_folder
            return file
        file.place.parent.mkdir(parents=True, exist_ok=True)
        file.place.write_bytes(content)
        file.place.chmod(0o644)
        return file

    def keep(self, path: str) -> None:
        """Add a file of the previous folder."""
        digest = self._previous[path]
        self.files[path] = BuiltFile(self._previous_folder, path, digest=digest)

    def remove(self, path: str) -> None:
        """Remove a file from the folder and from here."""
        self.files.pop(path).place.unlink()

    def set_folder(self, folder: Path) -> None:
        """Set the new path of the folder, after it was moved."""
        self.folder, self._previous = folder, {}
        for file in self.files.values():
            file.folder = folder
