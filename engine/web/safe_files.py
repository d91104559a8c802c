"""Read and write files below one folder without following links; write atomically.

A name that comes from the page is checked by `name_problem` first; a link that takes the place of a
folder between the check and the writing is refused by the system: each step is opened by itself,
relative to the one above it (https://man7.org/linux/man-pages/man2/open.2.html, O_NOFOLLOW).
"""

import contextlib
import errno
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from engine.characters import FORBIDDEN, compose_letters
from engine.faults import Message, system_reason
from engine.web.refusal import RefusalError, not_found

# What turns the direction of writing, or cannot be seen: one name would look like another
# (Unicode Technical Report 36, 2.10).
_BIDI = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# What Windows, and disks formatted by it, keep for devices:
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_NOT_IN_A_NAME = re.compile(r'[\t\n\r<>:"/\\|?*]')
# What systems and editors write for themselves (`engine.texts.content_files`).
_LEFT_OUT = re.compile(r"\..*|Thumbs\.db|desktop\.ini|Icon\r|~\$.*|.*~|#.*#", re.IGNORECASE)
# Most file systems stop at 255 bytes a name.
MAX_NAME_BYTES = 200
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_LINK = {errno.ELOOP, errno.ENOTDIR, errno.EMLINK}


def digest_of(data: bytes | None) -> str:
    """Return the SHA-256 of bytes in hexadecimal, by which a save names the version it read.

    That of a file that is not there is "".
    """
    return "" if data is None else hashlib.sha256(data).hexdigest()


def name_problem(name: str) -> Message | None:
    """Return why a step of a path is refused, None if it is not."""
    if name in ("", ".", "..") or _NOT_IN_A_NAME.search(name) or FORBIDDEN.search(name):
        return Message('a name cannot hold any of these: / \\ : * ? " < > |, nor be .. or empty')
    if _BIDI.search(name):
        return Message("a name holds characters that cannot be seen, or turn its direction")
    if _LEFT_OUT.fullmatch(name):
        return Message("the site leaves out files with such a name")
    if _DEVICE.fullmatch(name) or name != name.strip(" ."):
        return Message("some machines have no files with such a name")
    if len(name.encode()) > MAX_NAME_BYTES:
        return Message("a name is too long")
    return None


def disk_refusal(error: OSError) -> RefusalError:
    """Return the refusal for an error of the disk; the previous file is intact."""
    if error.errno in _FULL:
        return RefusalError(
            507, Message("the disk is full: nothing was written, free some room and save again")
        )
    if error.errno in _LINK:
        return RefusalError(403, Message("a link leads out of the folder of the texts"))
    reason = Message("nothing was written ({reason})", reason=system_reason(error) or error)
    return RefusalError(500, reason)


class SafeFolder:
    """A folder that may be a link itself; below it no link is followed.

    Each method takes a path with slashes, and raises RefusalError.
    """

    def __init__(self, folder: Path):
        self.folder = Path(os.path.realpath(folder))

    def read(self, path: str) -> bytes | None:
        """Return the bytes of a file, None if there is none."""
        with self._parent(path) as (parent, name):
            if parent is None:
                return None
            return _read(parent, _name_there(parent, name))

    def write(self, path: str, data: bytes, before: bytes | None) -> None:
        """Replace a file that holds `before` (None: that is not there), atomically.

        The new one has the permissions of the old. Raises RefusalError with 409 if it holds
        something else by now.
        """
        with self._parent(path, make=True) as (parent, typed):
            name = _name_there(parent, typed)
            new = f".{secrets.token_hex(8)}.new"
            try:
                mode = 0o644 if before is None else stat.S_IMODE(_status(parent, name).st_mode)
                _create(parent, new, data, mode)
                if _read(parent, name) != before:
                    raise RefusalError(409, Message("the file was changed meanwhile"))
                os.rename(new, name, src_dir_fd=parent, dst_dir_fd=parent)
                os.fsync(parent)
            except FileNotFoundError:
                raise RefusalError(409, Message("the file was removed meanwhile")) from None
            finally:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(new, dir_fd=parent)

    def names(self, path: str) -> list[str]:
        """Return the names in a folder below this one, none if it does not exist."""
        with self._parent(f"{path}/x") as (parent, _name):
            return [] if parent is None else sorted(os.listdir(parent))

    @contextlib.contextmanager
    def _parent(self, path: str, *, make: bool = False) -> Iterator[tuple[int | None, str]]:
        """Open the folder of a file, None if it does not exist; yield it and the file's name."""
        *steps, name = path.split("/")
        for each in (*steps, name):
            if problem := name_problem(each):
                raise RefusalError(403, problem)
        try:
            folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError as error:
            raise disk_refusal(error) from error
        try:
            for step in steps:
                step = _name_there(folder, step)  # noqa: PLW2901 - the name on the disk
                if make:
                    with contextlib.suppress(FileExistsError):
                        os.mkdir(step, dir_fd=folder)
                inner = os.open(step, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
                os.close(folder)
                folder = inner
        except FileNotFoundError:
            os.close(folder)
            yield None, name
            return
        except OSError as error:
            os.close(folder)
            raise disk_refusal(error) from error
        try:
            yield folder, name
        except OSError as error:
            raise disk_refusal(error) from error
        finally:
            os.close(folder)


def _name_there(folder: int, name: str) -> str:
    """Return a name as it is on the disk, which may be decomposed (NFD)."""
    if name.isascii():
        return name
    known = os.listdir(folder)
    if name in known:
        return name
    return next((each for each in known if compose_letters(each) == name), name)


def _status(folder: int, name: str) -> os.stat_result:
    return os.stat(name, dir_fd=folder, follow_symlinks=False)


def _read(folder: int, name: str) -> bytes | None:
    # A pipe would else be waited for.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        file = os.open(name, flags, dir_fd=folder)
    except FileNotFoundError:
        return None
    with os.fdopen(file, "rb") as opened:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise not_found()
        return opened.read()


def _create(folder: int, name: str, data: bytes, mode: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(name, flags, mode, dir_fd=folder), "wb") as file:
        file.write(data)
        file.flush()
        # Not the umask of the server, but what the file had.
        os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())
