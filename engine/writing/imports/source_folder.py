"""Read the folder of another blog: its settings, its texts, its files. Nothing is written."""

import ast
import contextlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from engine.characters import FORBIDDEN, compose_letters, decode_text
from engine.faults import Fault, FaultsError, Message, ProblemError, unreadable_file_error
from engine.messages.catalogue import format_number
from engine.settings.site_settings import display_path
from engine.writing.imports.front_matter import load_json, load_toml, load_yaml

MAX_TEXT_BYTES = 1_000_000
MAX_FILE_BYTES = 50_000_000
TEXT_SUFFIXES = (".md", ".markdown", ".mkd", ".mdown")
# Texts in formats that are not imported; each gets a note.
OTHER_SUFFIXES = (".rst", ".textile", ".asciidoc", ".adoc", ".org", ".ipynb")
_PARTS_FOLDER = "config/_default/"
# The settings of each generator; the first existing file is read.
_SETTINGS = {
    "jekyll": ("_config.yml", "_config.yaml", "_config.toml"),
    "hugo": tuple(
        f"{folder}{name}.{kind}"
        for folder in ("", _PARTS_FOLDER)
        for name in ("hugo", "config")
        for kind in ("toml", "yaml", "yml", "json")
    ),
    "pelican": ("pelicanconf.py",),
}
# Settings of Pelican that may hide texts.
_HIDING = (
    *("DEFAULT_METADATA", "IGNORE_FILES", "ARTICLE_PATHS", "ARTICLE_EXCLUDES"),
    *("PAGE_PATHS", "PAGE_EXCLUDES"),
)
_UNREAD = ":unread"
# Folders of programs, which hold no texts.
_PROGRAMS = (
    *("_includes", "_layouts", "_plugins", "_sass", "_site", "__pycache__", "archetypes"),
    *("bower_components", "layouts", "node_modules", "output", "plugins", "public"),
    *("resources", "theme", "themes", "vendor"),
)


@dataclass
class SourceFolder:
    """The folder of a blog.

    `files` maps each path below the folder, with slashes and composed letters, to its file;
    `pattern` is the pattern of the addresses of posts, perhaps with the blog's own address, if no
    settings give it;
    `generator` is "jekyll", "hugo", "pelican" or "" if unknown; `settings` are those that can be
    read without running code.
    """

    root: Path
    name: str
    pattern: str = ""
    generator: str = ""
    settings: dict = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    # Settings that may hide texts and cannot be read.
    unread: list[str] = field(default_factory=list)
    # The values that sections of Hugo pass on to their texts, by folder; None until they are read.
    cascades: dict[str, list] | None = None
    # Refusals, and losses in what was imported.
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)

    @property
    def content(self) -> str:
        """The folder of the texts, relative to the blog's: "" or "content/"."""
        names = {"hugo": self.settings.get("contentdir"), "pelican": self.settings.get("path")}
        if self.generator not in names:
            return ""
        name = f"{PurePosixPath(str(names[self.generator] or 'content'))}/".removeprefix("./")
        return name if any(path.startswith(name) for path in self.files) else ""

    @property
    def address(self) -> str:
        """The address of the blog, without a final slash; "" if unknown."""
        names = {"jekyll": "url", "hugo": "baseurl", "pelican": "siteurl"}
        address = str(self.settings.get(names.get(self.generator, ""), "") or "")
        if not address and (host := re.match("https?://[^/]+", self.pattern)):
            return host[0]
        base = self.settings.get("baseurl") if self.generator == "jekyll" else ""
        return f"{address.rstrip('/')}{base or ''}".rstrip("/")

    @property
    def base(self) -> str:
        """The path of the blog's address: "" or "/blog"."""
        try:
            return urlsplit(self.address).path
        except ValueError:
            return ""

    def languages(self) -> dict[str, str]:
        """Map each language of a blog of Hugo to the folder of its texts, "" if it has none.

        https://gohugo.io/content-management/multilingual/
        """
        typed = self.settings.get("languages")
        if self.generator != "hugo" or not isinstance(typed, dict):
            return {}
        found = {}
        for code, said in typed.items():
            values = said.items() if isinstance(said, dict) else ()
            folders = [str(value) for key, value in values if str(key).lower() == "contentdir"]
            found[str(code).lower()] = "".join(f"{PurePosixPath(name)}/" for name in folders)
        return found

    @property
    def names_by_file(self) -> bool:
        """Whether Pelican makes addresses from file names."""
        by_pattern = "(?P<slug>" in str(self.settings.get("filename_metadata"))
        return by_pattern or self.settings.get("slugify_source") == "basename"

    def texts(self) -> list[str]:
        """Return the sorted paths of the files that may be texts."""
        return [
            path
            for path in sorted(self.files)
            if path.startswith(self.content) and path.lower().endswith(TEXT_SUFFIXES)
        ]

    def read(self, path: str, max_bytes: int) -> bytes:
        """Read a file. Raises ProblemError if it is too large or cannot be read."""
        place = self.files[path]
        try:
            if place.stat().st_size > max_bytes:
                raise ProblemError(
                    Message("it has more than {limit} bytes", limit=format_number(max_bytes)),
                    Message("make it smaller, or part it"),
                )
            return place.read_bytes()
        except OSError as error:
            raise unreadable_file_error(error) from error

    def fault(
        self, path: str, key: str, problem: Message, remedy: Message, line: int | None = None
    ) -> None:
        """Add a refusal of a file, or of another file that it names."""
        shown_path = " ".join(FORBIDDEN.sub("?", f"{self.name}/{path}").split())
        self.faults.append(Fault(shown_path, line, key, problem, remedy))

    def note(
        self, path: str, key: str, problem: Message, remedy: Message, line: int | None = None
    ) -> None:
        """Add a note about a loss in an imported file."""
        self.notes.append(Fault(f"{self.name}/{path}", line, key, problem, remedy))


def open_folder(folder: str, content: Path, pattern: str = "") -> SourceFolder:
    """Open the folder of a blog. Raises FaultsError if there is none, or it is the site's own.

    `content` is the site's content folder; `pattern` as in `SourceFolder`.
    """
    root = Path(os.path.expanduser(folder))  # noqa: PTH111 - Path raises where there is no such user
    if not root.is_dir():
        problem, remedy = Message("there is no such folder"), Message("name the folder of a blog")
        raise FaultsError(Fault(folder, None, "folder", problem, remedy))
    real, own = root.resolve(), content.resolve()
    if own.is_relative_to(real) or real.is_relative_to(own):
        problem = Message("it is the content folder of this site, or holds it")
        remedy = Message("name the folder of another blog")
        raise FaultsError(Fault(display_path(root), None, "folder", problem, remedy))
    source = SourceFolder(real, real.name or "blog", pattern)
    for path, place in _walk(source):
        source.files[path] = place
    _read_settings(source)
    return source


def _walk(source: SourceFolder) -> Iterator[tuple[str, Path]]:
    """Yield the path and the file of each readable file; a link that leads out is a fault."""
    for parent, folders, files in os.walk(source.root):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name not in _PROGRAMS
        )
        for name in [*folders, *sorted(files)]:
            place = Path(parent, name)
            path = compose_letters(place.relative_to(source.root).as_posix())
            if place.is_symlink() and not place.resolve().is_relative_to(source.root):
                problem = Message("it is a symbolic link out of the folder")
                remedy = Message("put a copy of the file itself in its place")
                source.fault(path, "file", problem, remedy)
            elif re.search(r"\s", path.replace(" ", "")) or FORBIDDEN.search(path):
                problem = Message("its name holds a character that cannot be shown")
                source.fault(path, "file", problem, Message("give it another name"))
            elif name in files and not name.startswith(".") and _is_file(place):
                if path.lower().endswith(OTHER_SUFFIXES):
                    problem = Message("it is not in Markdown, and is not imported")
                    remedy = Message("make Markdown of it first, for example with pandoc")
                    source.note(path, "file", problem, remedy)
                yield path, place


def _is_file(place: Path) -> bool:
    """Whether it is a regular file: reading a pipe would block, and a link may be broken."""
    try:
        return stat.S_ISREG(place.stat().st_mode)
    except OSError:
        return False


def _read_settings(source: SourceFolder) -> None:
    """Find the generator by its settings file, and read the settings that are literal values."""
    for generator, names in _SETTINGS.items():
        if path := next((name for name in names if name in source.files), None):
            source.generator = generator
            settings = _settings_of(source, path)
            settings = settings if isinstance(settings, dict) else {}
            source.unread += settings.pop(_UNREAD, [])
            source.settings = {str(key).lower(): value for key, value in settings.items()}
            if generator == "hugo":
                _read_parts(source)
            return
    if any("_posts" in path.split("/") for path in source.files):
        source.generator = "jekyll"


def _settings_of(source: SourceFolder, path: str) -> object:
    """Load a settings file; None, with a fault, if it cannot be read."""
    try:
        text = decode_text(source.read(path, MAX_TEXT_BYTES))
        return _SETTINGS_READERS[PurePosixPath(path).suffix](text)
    except (ProblemError, UnicodeDecodeError) as error:
        problem = Message("it cannot be read ({reason})", reason=error)
        remedy = Message("old addresses are not known; add them as aliases")
        source.fault(path, "settings", problem, remedy)
        source.unread.append(path)
        return None


def _read_parts(source: SourceFolder) -> None:
    """Read the separate settings files of Hugo that this program needs.

    https://gohugo.io/configuration/introduction/#configuration-directory
    """
    for name in ("languages", "permalinks", "cascade"):
        for kind in (".toml", ".yaml", ".yml", ".json"):
            path = f"{_PARTS_FOLDER}{name}{kind}"
            if path in source.files and (value := _settings_of(source, path)):
                whole = isinstance(value, dict) and {str(key).lower() for key in value} == {name}
                source.settings[name] = next(iter(value.values())) if whole else value


def _literal_values(text: str) -> dict:
    """Return the literal values assigned in a Python file, without running it."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ProblemError(
            Message("it is no Python ({reason})", reason=error), Message("fix it")
        ) from error
    values = {}
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in targets:
            if isinstance(target, ast.Name):
                with contextlib.suppress(ValueError, TypeError, RecursionError, MemoryError):
                    values[target.id] = ast.literal_eval(node.value)
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    unread = [name for name in _HIDING if names.count(name) > (name in values)]
    return {**values, _UNREAD: unread}


_SETTINGS_READERS = {
    ".py": _literal_values,
    ".toml": load_toml,
    ".yml": load_yaml,
    ".yaml": load_yaml,
    ".json": load_json,
}
