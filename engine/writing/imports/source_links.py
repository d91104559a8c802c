"""Resolve the links of another blog's texts: to an imported text, or to a file to copy."""

import os
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from urllib.parse import urljoin

from engine.characters import decode_address
from engine.faults import Message, ProblemError
from engine.pictures.inspection import inspect
from engine.pictures.reading import decode_pixels
from engine.slugs import slugify
from engine.texts.content_files import STATIC_FOLDERS
from engine.writing.imports.source_folder import MAX_FILE_BYTES, TEXT_SUFFIXES, SourceFolder
from engine.writing.imports.source_text import SourceText

_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".heic", ".gif", ".svg")
_MARK = re.compile(r"(?:\{|%7B|\|)(?P<what>\w+)(?:\}|%7D|\|)(?P<path>.*)", re.IGNORECASE)
# Extensions of settings, in the blog's own folder or in Hugo's settings folder.
_OF_SETTINGS = ("", ".toml", ".yml", ".yaml", ".json", ".ini", ".cfg", ".conf", ".lock", ".sh")
_WHOLE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_KNOWN_SCHEMES = ("http:", "https:", "mailto:", "tel:")
# Pixels: enough to find that a picture is damaged.
_TRIAL_SIZE = (64, 64)
# The folders in which a generator looks for the file of an absolute path.
_ROOTS = {"hugo": ("static/", "assets/"), "jekyll": ("",), "pelican": ()}


class SourceLinks:
    """Finds the texts and files that the links of a blog lead to.

    `copies` maps each file that texts show or link to, by its path in the blog, to its new path
    below the content folder.
    """

    def __init__(self, source: SourceFolder, texts: Iterable[SourceText], content: Path):
        self.source = source
        # Some file systems ignore case.
        self._there = {
            path.relative_to(content).as_posix().casefold(): path
            for folder in STATIC_FOLDERS
            for path in (content / folder).rglob("*")
        }
        self.copies: dict[str, str] = {}
        self._taken: set[str] = set()
        # The number that the next file of a name and a suffix may have.
        self._numbers: dict[tuple[str, str], int] = defaultdict(lambda: 1)
        self._by_path = {text.path: text for text in texts}
        self._by_address: dict[str, SourceText] = {}
        self._by_name: dict[str, SourceText] = {}
        for text in self._by_path.values():
            for address in (text.old_address, *text.values["aliases"]):
                if address:
                    self._by_address.setdefault(_comparable(address), text)
            day = f"{text.day.isoformat()}-" if text.day else ""
            for name in (f"{day}{text.stem}", text.stem, f"{text.stem}.md", text.values["slug"]):
                self._by_name.setdefault(name.lower(), text)
        self._roots = (*_ROOTS.get(source.generator, ("", "static/")), source.content)

    def named(self, name: str) -> str | None:
        """Return the path of the text that a command of Jekyll or Hugo names."""
        path = name.strip("/")
        for place in (path, f"{self.source.content}{path}", f"{path}.md"):
            if place in self._by_path:
                return place
        for place in (path, path.rpartition("/")[2]):
            if text := self._by_name.get(place.lower().removesuffix(".md")):
                return text.path
        return None

    def resolve(self, address: str, text: SourceText) -> str | None:
        """Return the new address for an address in a text; None if it leads nowhere in the blog.

        Raises ProblemError for an address that leads out of the folder.
        """
        address = self._without_host(address)
        if mark := _MARK.fullmatch(address):
            if mark["what"] in ("tag", "category"):
                return f"{{tag}}{mark['path']}"
            address = "/" if mark["what"] == "index" else mark["path"]
        elif _WHOLE.match(address):
            address = f"https:{address}" if address.startswith("//") else address
            return address if address.startswith(_KNOWN_SCHEMES) else None
        elif address.startswith("#"):
            return address
        address, _, fragment = address.partition("#")
        path = decode_address(address.partition("?")[0])
        if path in ("/", f"{self.source.base}/"):
            return "/"
        found = None if mark else self._text_at(path, text)
        places = [] if found else self._places(path, text)
        place = next((place for place in places if place in self.source.files), "")
        found = found or self._by_path.get(place)
        if found is None:
            return f"/{self._copy_path(place)}" if place and not _is_private(place) else None
        fragment = f"#{fragment}" if fragment and found is text else ""
        return self._relative(found, text) + fragment

    def _without_host(self, address: str) -> str:
        """Return the path of an address of the blog itself; another address unchanged."""
        host, rest = self.source.address.partition("//")[2], address.partition("//")[2]
        if host and (rest == host or rest.startswith(f"{host}/")):
            return f"{self.source.base}{rest.removeprefix(host)}" or "/"
        return address

    def _text_at(self, path: str, text: SourceText) -> SourceText | None:
        whole = path if path.startswith("/") else urljoin(text.old_address or "/", path)
        for address in (whole, f"{self.source.base}{whole}"):
            if address.strip("/") and (found := self._by_address.get(_comparable(address))):
                return found
        return None

    def _places(self, path: str, text: SourceText) -> list[str]:
        """Return the possible paths of an address in the blog's folder. Raises ProblemError."""
        rest = path.removeprefix(self.source.base) if self.source.base else path
        if path.startswith("/"):
            return [os.path.normpath(f"{root}{rest.lstrip('/')}") for root in self._roots]
        beside = os.path.normpath(os.path.join(*text.folders, path))
        if beside.startswith(".."):
            raise ProblemError(
                Message("{address} leads out of the folder", address=path),
                Message("put the file into content/images/ and name it from there"),
            )
        address = urljoin(text.old_address or "/", path).lstrip("/")
        return [beside, *(os.path.normpath(f"{root}{address}") for root in self._roots)]

    def _relative(self, target: SourceText, text: SourceText) -> str:
        path = os.path.relpath(target.target, PurePosixPath(text.target).parent)
        return path.replace(os.sep, "/")

    def _copy_path(self, path: str) -> str:
        """Return the new path of a file, chosen at its first use. Raises ProblemError."""
        if path not in self.copies:
            data = self.source.read(path, MAX_FILE_BYTES)
            pure = PurePosixPath(path)
            is_picture = pure.suffix.lower() in _PICTURES
            if is_picture:
                picture = inspect(self.source.files[path])
                if picture.format != "SVG":
                    decode_pixels(picture, data, _TRIAL_SIZE)
            folder = "images" if is_picture else "files"
            suffix = re.sub("[^a-z0-9.]", "", pure.suffix.lower())
            self.copies[path] = self._free_path(
                f"{folder}/{slugify(pure.stem) or 'image'}", suffix, data
            )
        return self.copies[path]

    def _free_path(self, name: str, suffix: str, data: bytes) -> str:
        """Return a free path, or that of an identical file."""
        number = self._numbers[name, suffix]
        while True:
            place = f"{name}{f'-{number}' if number > 1 else ''}{suffix}"
            there = self._there.get(place)
            is_same = there and there.name == PurePosixPath(place).name and there.is_file()
            number += 1
            if place not in self._taken and (not there or (is_same and there.read_bytes() == data)):
                self._taken.add(place)
                self._numbers[name, suffix] = number
                return place


def _is_private(path: str) -> bool:
    """Whether a file was not published by the blog: settings, templates, sources of texts."""
    pure = PurePosixPath(path)
    kind = pure.suffix.lower()
    if kind in _PICTURES:
        return False
    is_of_settings = len(pure.parts) == 1 or pure.parts[0] == "config"
    return (
        any(name.startswith(("_", ".")) for name in pure.parts)
        or kind in (".py", *TEXT_SUFFIXES)
        or (is_of_settings and kind in _OF_SETTINGS)
    )


def _comparable(address: str) -> str:
    """Normalize an address for comparison."""
    path = decode_address(address).split("#")[0]
    return re.sub(r"(?:/index)?(?:\.html?)?/?$", "", path).lower() or "/"
