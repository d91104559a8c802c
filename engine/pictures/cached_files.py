"""Write files into a folder of `.cache`, put them into a site, delete the unused ones."""

import hashlib
import os
import shutil
import time
from collections.abc import Container
from contextlib import suppress
from pathlib import Path

_DAY = 86_400
# Seconds after which an unused file of the cache is deleted.
_MAX_UNUSED_SECONDS = 90 * _DAY
_DIGEST = ".sha256"


def read_stored(path: Path) -> bytes | None:
    """Return the bytes of a file of the cache, None if it is missing or not as it was written.

    It may be cut after a power failure, or a site may have a link to it that was written into.
    """
    try:
        data = path.read_bytes()
        digest = _digest_file(path).read_text("ascii")
    except (OSError, UnicodeDecodeError):
        return None
    return data if hashlib.sha256(data).hexdigest() == digest else None


def store(data: bytes, path: Path) -> None:
    """Write a file, and its SHA-256 beside it, each atomically.

    A build may be killed, and two builds may run at the same time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(data).hexdigest().encode()
    for content, target in ((data, path), (digest, _digest_file(path))):
        part = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            part.write_bytes(content)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


def _digest_file(path: Path) -> Path:
    return path.with_name(f"{path.name}{_DIGEST}")


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
    for path in cache.iterdir() if cache.is_dir() else ():
        # Another build may rename or delete the file at the same time.
        with suppress(FileNotFoundError):
            age = now - path.stat().st_mtime
            if path.name.removesuffix(_DIGEST) in used and age > _DAY:
                os.utime(path)
            elif age > _MAX_UNUSED_SECONDS:
                path.unlink()
