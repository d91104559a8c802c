"""Create a file of the content folder atomically, and open it in the editor."""

import contextlib
import difflib
import errno
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.characters import FORBIDDEN, compose_letters
from engine.faults import Fault, FaultsError, Message, system_reason
from engine.settings.site_settings import display_path
from engine.texts.content_files import source_of
from engine.texts.documents import Document, Library

_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}

# What `answer` may ask for.
_QUESTIONS = {
    "title": Message("title: "),
    "file": Message("file: "),
    "folder": Message("folder: "),
    "name": Message("name: "),
}


@dataclass(frozen=True)
class NewFile:
    """A created file, the address of its page, and the next step of the writer."""

    path: Path
    address: str
    next_step: Message

    def __str__(self) -> str:
        address = Message("address: {address}", address=self.address)
        return f"{display_path(self.path)}\n{address}\n{self.next_step}"


def header(lines: list[str]) -> str:
    """Return a header with its delimiters."""
    return "\n".join(["---", *lines, "---", ""])


def answer(command: str, what: str, given: str | None, example: str) -> str:
    """Return the given value, else ask for it at the terminal.

    Raises FaultsError if there is no terminal or no answer.
    """
    if not (given or "").strip() and sys.stdin.isatty():
        with contextlib.suppress(EOFError):
            given = input(_QUESTIONS[what])
    if not (given or "").strip():
        remedy = Message(
            "write it after the name, as in ./inv {command} {example}",
            command=command,
            example=example,
        )
        raise FaultsError(Fault(command, None, what, Message("it is missing"), remedy))
    return given


def single_line(command: str, key: str, typed: str) -> str:
    """Join a typed value to one line with single spaces, as the header's parser does.

    Raises FaultsError for a character that no page can show.
    """
    text = compose_letters(" ".join(typed.split()))
    if FORBIDDEN.search(text) or "\ufeff" in text:
        problem = Message("it holds a character that cannot be shown")
        remedy = Message("type it again, in a terminal set to UTF-8")
        raise FaultsError(Fault(command, None, key, problem, remedy))
    return text


def named_text(
    library: Library, content: Path, file: str, *, is_faultless: bool = False
) -> Document:
    """Return the text at a path, relative to the working directory or to the content folder.

    Raises FaultsError if there is none, or if it has faults and `is_faultless` is set.
    """
    path = next((place for place in (Path(file), content / file) if place.exists()), None)
    if path is None:
        remedy = Message("name a text of {folder}", folder=display_path(content))
        known = [document.shown_path for document in library.by_source.values()]
        if near := difflib.get_close_matches(file, known, n=1, cutoff=0.5):
            remedy = Message("did you mean {file}?", file=near[0])
        raise FaultsError(Fault(file, None, "file", Message("there is no such file"), remedy))
    source = source_of(content, path)
    document = library.by_source.get(source)
    faults = [
        fault
        for fault in library.faults
        if compose_letters(fault.path.removeprefix(f"{display_path(content)}/")) == source
    ]
    if faults and (is_faultless or document is None):
        raise FaultsError(*sorted(faults, key=lambda fault: fault.sort_key))
    if document is None:
        problem = Message("it is no text of the site")
        remedy = Message("name a .md file of {folder}", folder=display_path(content))
        raise FaultsError(Fault(display_path(path), None, "file", problem, remedy))
    return document


def create(path: Path, text: str | bytes, content: Path) -> None:
    """Atomically write a new file below the folder `content`, in UTF-8.

    No file is replaced. Raises FaultsError if it exists, is outside the folder (by a symbolic
    link), or cannot be written.
    """
    folder = path.parent
    draft = folder / f".{path.name}.{os.getpid()}.new"
    if not folder.resolve().is_relative_to(content.resolve()):
        problem = Message("it is a symbolic link out of {folder}", folder=display_path(content))
        remedy = Message("put the folder itself in its place")
        raise FaultsError(Fault(display_path(folder), None, "folder", problem, remedy))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with draft.open("wb") as file:
                file.write(text if isinstance(text, bytes) else text.encode())
                file.flush()
                os.fsync(file.fileno())
            _name(draft, path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        if os.path.lexists(path):
            raise FaultsError(exists_fault(path)) from error
        problem = Message("it cannot be written ({reason})", reason=system_reason(error))
        remedy = Message("free some room or fix the permissions of the folder, then call again")
        raise FaultsError(Fault(display_path(path), None, "file", problem, remedy)) from error


def _name(draft: Path, path: Path) -> None:
    """Move a file to a free path: `link` fails if the path exists, where `rename` replaces it."""
    try:
        os.link(draft, path)
    except OSError as error:
        # Some file systems, such as FAT, have no links.
        if error.errno not in _NO_LINKS or path.exists():
            raise
        draft.rename(path)


def exists_fault(path: Path) -> Fault:
    """Return the fault of an existing file."""
    remedy = Message("open it: {file} in your editor", file=display_path(path))
    if command := _editor():
        remedy = Message(
            "open it: {command}", command=f"{command} {shlex.quote(display_path(path))}"
        )
    return Fault(display_path(path), None, "file", Message("it exists already"), remedy)


def _editor() -> str:
    """Return the command of the owner's editor; VISUAL comes before EDITOR, as in other tools."""
    return (os.environ.get("VISUAL") or os.environ.get("EDITOR") or "").strip()


def open_in_editor(path: Path) -> Message | None:
    """Open a file in the owner's editor and wait; return the problem, None if there is none."""
    try:
        command = shlex.split(_editor())
        done = subprocess.run([*command, str(path)], check=False) if command else None
    except (OSError, ValueError) as error:
        return Message(
            "the editor “{editor}” could not be started ({reason})", editor=_editor(), reason=error
        )
    if done and done.returncode:
        return Message(
            "the editor “{editor}” ended with {code}", editor=_editor(), code=done.returncode
        )
    return None


def run(start: Callable[[], NewFile]) -> int:
    """Create a file, print its path and open it in the editor; return the exit code."""
    try:
        made = start()
    except FaultsError as error:
        print(error, file=sys.stderr)
        return 1
    print(made, flush=True)
    if problem := open_in_editor(made.path):
        remedy = Message("open the file yourself, and fix VISUAL or EDITOR in the environment")
        print(Fault(display_path(made.path), None, "editor", problem, remedy), file=sys.stderr)
        return 1
    return 0
