"""Write files into a folder of `.cache`, put them into a site, delete the unused ones.

A file beside each holds its checksum: what was cut or altered is made again.
"""

import os
import shutil
import tempfile
import time
import zlib
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_DAY = 86_400
# Seconds after which an unused file of the cache is deleted.
_MAX_UNUSED_SECONDS = 90 * _DAY
# Of the file that holds the CRC-32 of another, in hexadecimal.
_CHECKSUM = ".crc32"


@contextmanager
def writable_folder(cache: Path) -> Iterator[Path]:
    """Yield a folder of the cache, or a temporary one if nothing can be written there."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=cache):
            pass
    except OSError:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
    else:
        yield cache


def read_stored(path: Path) -> bytes | None:
    """Return the bytes of a file of the cache, None if they are not those that were written.

    A power failure may cut it, and who edits the built site may write into it, through a link.
    """
    with suppress(OSError):
        data = path.read_bytes()
        if path.with_name(path.name + _CHECKSUM).read_bytes() == _checksum(data):
            return data
    return None


def is_stored(path: Path) -> bool:
    """Whether a file is in the cache as it was written."""
    return read_stored(path) is not None


def write_atomically(data: bytes, path: Path) -> None:
    """Write a file atomically: a build may be killed, and two builds may run at the same time."""
    with open_atomically(path) as file:
        file.write(data)


class CheckedFile:
    """A file that is being written; `checksum` is that of what was written into it."""

    def __init__(self, file: BinaryIO):
        self._file, self._crc = file, 0

    def write(self, data: bytes) -> None:
        """Write some bytes. Raises OSError."""
        self._crc = zlib.crc32(data, self._crc)
        self._file.write(data)

    @property
    def checksum(self) -> bytes:
        """The CRC-32, in hexadecimal."""
        return b"%08x" % self._crc


@contextmanager
def open_atomically(path: Path) -> Iterator[CheckedFile]:
    """Yield a file to be written piece by piece, which takes the place of `path` at the end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    checksum = path.with_name(path.name + _CHECKSUM)
    parts = {each: each.with_name(f".{each.name}.{os.getpid()}") for each in (path, checksum)}
    try:
        with parts[path].open("wb") as file:
            checked = CheckedFile(file)
            yield checked
        parts[checksum].write_bytes(checked.checksum)
        for each, part in parts.items():
            part.replace(each)
    except BaseException:
        for part in parts.values():
            part.unlink(missing_ok=True)
        raise


def _checksum(data: bytes) -> bytes:
    return b"%08x" % zlib.crc32(data)


def put_into(target: Path, source: Path) -> None:
    """Put a file of the cache into a built folder, unless it is there: a link if possible."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.hardlink_to(source)
    except OSError:  # another disk, or a file system without hard links
        shutil.copyfile(source, target)


def remove_unused(cache: Path, used: Container[str]) -> None:
    """Delete the files that no build has used for 90 days; `used` has the names for this build."""
    now = time.time()
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(cache) as entries:
        for entry in entries:
            # Another build may rename or delete the file at the same time.
            with suppress(FileNotFoundError):
                age = now - entry.stat().st_mtime
                if age > _DAY and entry.name.removesuffix(_CHECKSUM) in used:
                    os.utime(entry)
                elif age > _MAX_UNUSED_SECONDS:
                    os.unlink(entry)  # noqa: PTH108 - a Path each would take longer
