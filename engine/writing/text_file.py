"""A new file of the content folder: written whole or not at all, told, opened in the editor."""

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

from engine.characters import compose_letters
from engine.faults import Fault, FaultsError, Message
from engine.settings.site_settings import shown
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
    """A file that was made, the address of its page, and what is left to do."""

    path: Path
    address: str
    next_step: Message

    def __str__(self) -> str:
        address = Message("address: {address}", address=self.address)
        return f"{shown(self.path)}\n{address}\n{self.next_step}"


def header(lines: list[str]) -> str:
    """The lines of a header between their marks."""
    return "\n".join(["---", *lines, "---", ""])


def answer(command: str, what: str, given: str | None, example: str) -> str:
    """What was `given`, else what a person at the terminal types.

    Raises FaultsError if there is nobody to ask, or no answer.
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


def named_text(
    library: Library, content: Path, file: str, *, is_faultless: bool = False
) -> Document:
    """The text that a path means, from here or from the content folder.

    Raises FaultsError if there is none, or if it `is_faultless` that must be and has faults.
    """
    path = next((place for place in (Path(file), content / file) if place.exists()), None)
    if path is None:
        remedy = Message("name a text of {folder}", folder=shown(content))
        known = [document.shown_path for document in library.by_source.values()]
        if near := difflib.get_close_matches(file, known, n=1, cutoff=0.5):
            remedy = Message("did you mean {file}?", file=near[0])
        raise FaultsError(Fault(file, None, "file", Message("there is no such file"), remedy))
    source = source_of(content, path)
    document = library.by_source.get(source)
    faults = [
        fault
        for fault in library.faults
        if compose_letters(fault.path.removeprefix(f"{shown(content)}/")) == source
    ]
    if faults and (is_faultless or document is None):
        raise FaultsError(*sorted(faults, key=lambda fault: fault.sort_key))
    if document is None:
        problem = Message("it is no text of the site")
        remedy = Message("name a .md file of {folder}", folder=shown(content))
        raise FaultsError(Fault(shown(path), None, "file", problem, remedy))
    return document


def create(path: Path, text: str | bytes, content: Path) -> None:
    """Write a new file below the folder `content`, in UTF-8 with the system's usual permissions.

    It appears whole or not at all, and replaces nothing. Raises FaultsError if it exists, lies
    outside (by a symbolic link), or cannot be written.
    """
    folder = path.parent
    draft = folder / f".{path.name}.{os.getpid()}.new"
    if not folder.resolve().is_relative_to(content.resolve()):
        problem = Message("it is a symbolic link out of {folder}", folder=shown(content))
        remedy = Message("put the folder itself in its place")
        raise FaultsError(Fault(shown(folder), None, "folder", problem, remedy))
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
            raise FaultsError(exists(path)) from error
        problem = Message("it cannot be written ({reason})", reason=error.strerror)
        remedy = Message("free some room or fix the permissions of the folder, then call again")
        raise FaultsError(Fault(shown(path), None, "file", problem, remedy)) from error


def _name(draft: Path, path: Path) -> None:
    """Give a written file its name, unless that is taken: a link refuses where a move replaces."""
    try:
        os.link(draft, path)
    except OSError as error:
        # Some disks, such as a USB stick's, have no links.
        if error.errno not in _NO_LINKS or path.exists():
            raise
        draft.rename(path)


def exists(path: Path) -> Fault:
    """The fault of a file that is there already."""
    remedy = Message("open it: {file} in your editor", file=shown(path))
    if command := _editor():
        remedy = Message("open it: {command}", command=f"{command} {shlex.quote(shown(path))}")
    return Fault(shown(path), None, "file", Message("it exists already"), remedy)


def _editor() -> str:
    """The command of the owner's editor; VISUAL goes first, as for every command that asks."""
    return (os.environ.get("VISUAL") or os.environ.get("EDITOR") or "").strip()


def open_in_editor(path: Path) -> Message | None:
    """Open a file in the owner's editor and wait for it; what went wrong, if anything did."""
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
    """Make a file, tell where it is, open it; the exit code is 0, or 1 with the reasons."""
    try:
        made = start()
    except FaultsError as error:
        print(error, file=sys.stderr)
        return 1
    print(made, flush=True)
    if problem := open_in_editor(made.path):
        remedy = Message("open the file yourself, and fix VISUAL or EDITOR in the environment")
        print(Fault(shown(made.path), None, "editor", problem, remedy), file=sys.stderr)
        return 1
    return 0
