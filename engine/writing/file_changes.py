"""Change several files of the content folder: all of them or none."""

import contextlib
import datetime
import itertools
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.faults import Fault, FaultsError, Message, system_reason
from engine.settings.site_settings import display_path


def timestamped_folder(parent: Path, time_zone: str) -> Path:
    """Return a free path in `parent`, named after the current date and time in a time zone."""
    moment = datetime.datetime.now(ZoneInfo(time_zone)).strftime("%Y-%m-%dT%H%M%S")
    names = itertools.chain([moment], (f"{moment}-{number}" for number in itertools.count(2)))
    return next(parent / name for name in names if not (parent / name).exists())


@dataclass
class FileChanges:
    """New texts of files, then moves of files; a move never replaces a file."""

    texts: dict[Path, str] = field(default_factory=dict)
    moves: dict[Path, Path] = field(default_factory=dict)

    def make(self) -> None:
        """Make all changes. Raises FaultsError if one fails; the others are then undone."""
        try:
            self._make()
        except OSError as error:
            path = Path(error.filename or next(iter((*self.texts, *self.moves))))
            problem = Message("it cannot be changed ({reason})", reason=system_reason(error))
            remedy = Message(
                "nothing was changed: free some room or fix the permissions, then call again"
            )
            raise FaultsError(Fault(display_path(path), None, "file", problem, remedy)) from error

    def _make(self) -> None:
        before = {path: path.read_bytes() for path in self.texts}
        with contextlib.ExitStack() as drafts, contextlib.ExitStack() as undo:
            new = {path: _draft(path, text, drafts) for path, text in self.texts.items()}
            for path, draft in new.items():
                undo.callback(_replace, path, before[path])
                draft.replace(path)
            for old, path in self.moves.items():
                if os.path.lexists(path):
                    raise FileExistsError(
                        17, str(Message("there is a file of that name")), str(path)
                    )
                path.parent.mkdir(parents=True, exist_ok=True)
                undo.callback(_move_back, old, path)
                shutil.move(old, path)
            undo.pop_all()


def _draft(path: Path, text: str, drafts: contextlib.ExitStack) -> Path:
    """Write the new text to a temporary file beside the original, with its permissions."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    drafts.callback(draft.unlink, missing_ok=True)
    with draft.open("wb") as file:
        file.write(text.encode("utf-8", "surrogateescape"))
        file.flush()
        os.fsync(file.fileno())
    draft.chmod(path.stat().st_mode)
    return draft


def _replace(path: Path, data: bytes) -> None:
    if path.read_bytes() != data:
        path.write_bytes(data)


def _move_back(old: Path, path: Path) -> None:
    if not os.path.lexists(old):
        shutil.move(path, old)
