"""Atomically replace the output folder."""

import contextlib
import ctypes
import errno
import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from engine.faults import Fault, FaultsError, Message

_RENAME_EXCHANGE = 2  # the same value: Linux's renameat2, macOS's RENAME_SWAP
_AT_FDCWD = -100
_UNSUPPORTED = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}


def refuse_unsafe(output: Path, *sources: Path) -> None:
    """Raise FaultsError if replacing `output` would delete files that no build created.

    `sources` are folders: the output may neither be nor contain one of them or the user's home, nor
    be inside one except the first. A folder that is not empty must contain an index.html.
    """
    output = output.resolve()

    def refuse(problem: Message) -> None:
        remedy = Message("name another folder in SITE_OUTPUT")
        raise FaultsError(Fault(str(output), None, "SITE_OUTPUT", problem, remedy, "settings"))

    for folder in (*sources, Path.home()):
        if folder.resolve().is_relative_to(output):
            refuse(Message("it holds {folder}, which a build would erase", folder=folder))
    for folder in sources[1:]:
        if output.is_relative_to(folder.resolve()):
            refuse(Message("it lies inside {folder}, which a build reads", folder=folder))
    if output.exists() and not output.is_dir():
        refuse(Message("it is a file"))
    if output.is_dir() and any(output.iterdir()) and not (output / "index.html").is_file():
        refuse(Message("it holds files, and no index.html: no build of this site made it"))


@contextlib.contextmanager
def aside(output: Path) -> Iterator[Path]:
    """Yield an empty folder beside `output`; replace `output` by it if the block succeeds.

    If the block raises, or the process is killed, `output` is unchanged, and the next build removes
    the incomplete folder. Builds of the same output wait for each other. Raises OSError if the disk
    is full or the folder is not writable.
    """
    output = Path(os.path.realpath(output))
    output.parent.mkdir(parents=True, exist_ok=True)
    new = output.with_name(f".{output.name}.new")
    lock = os.open(output.parent, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir()
        # The umask may deny a web server the permission to read it.
        new.chmod(0o755)
        try:
            yield new
            replace(new, output)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    finally:
        os.close(lock)


def replace(new: Path, target: Path) -> None:
    """Replace the folder `target` by `new`; a previous `target` may remain at `new`.

    Uses one system call if the system can exchange two names (Linux, macOS), else two renames.
    """
    if not target.exists():
        new.rename(target)
    elif not _exchange(new, target):
        old = target.with_name(f".{target.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        target.rename(old)
        new.rename(target)
        shutil.rmtree(old, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two names; return False if the system or the file system does not support it."""
    libc = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin":
        failed = libc.renamex_np(*names, _RENAME_EXCHANGE)
    elif hasattr(libc, "renameat2"):
        failed = libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE)
    else:
        return False
    if not failed:
        return True
    code = ctypes.get_errno()
    if code in _UNSUPPORTED:
        return False
    raise OSError(code, os.strerror(code), str(other))
