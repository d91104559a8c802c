"""Write files into a folder of `.cache`, put them into a site, delete the unused ones."""

import hashlib
import os
import shutil
import time
from collections.abc import Container, Mapping
from contextlib import suppress
from pathlib import Path

_DAY = 86_400
# Seconds after which an unused file of the cache is deleted.
_MAX_UNUSED_SECONDS = 90 * _DAY


def is_stored(path: Path) -> bool:
    """Whether a file is in the cache; after a power failure it may be empty."""
    return path.is_file() and path.stat().st_size > 0


def write_atomically(data: bytes, path: Path) -> None:
    """Write a file atomically: a build may be killed, and two builds may run at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


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
            if path.name in used and age > _DAY:
                os.utime(path)
            elif age > _MAX_UNUSED_SECONDS:
                path.unlink()


def forget_altered(cache: Path, altered: Mapping[str, str]) -> None:
    """Delete the files that are no longer those that were put into a site.

    `altered` has the SHA-256 that files of the site had before they were altered there, by path. A
    link shares its bytes with the file of the cache.
    """
    for path, digest in altered.items():
        stored = cache / Path(path).name
        if stored.is_file() and hashlib.sha256(stored.read_bytes()).hexdigest() != digest:
            stored.unlink()
