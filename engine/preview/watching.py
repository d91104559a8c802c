"""Watch folders for changes, also after one was replaced.

A folder that git, a synchroniser or a restored backup replaces has another inode, which the system
does not watch: it is watched again.
"""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from watchfiles import watch

from engine.paths import is_temporary

# Milliseconds between two checks whether a watched folder was replaced.
REPLACEMENT_CHECK = 500
# Milliseconds without another change after which one is told: a program that saves a file in
# several steps takes less. A longer burst is told after _MAX_BURST.
_STEP, _MAX_BURST = 10, 200


def watch_folders(
    paths: list[Path],
    is_wanted: Callable[[object, str], bool],
    stop: threading.Event,
    *,
    recursive: bool = True,
) -> Iterator[set[str]]:
    """Yield the paths that changed, until `stop` is set; none of them if a folder was replaced."""
    is_new = False
    while not stop.is_set():
        watched = _identities(paths)
        there = [path for path in paths if path.is_dir()]
        for changes in watch(
            *there,
            recursive=recursive,
            watch_filter=is_wanted,
            debounce=_MAX_BURST,
            step=_STEP,
            stop_event=stop,
            raise_interrupt=False,
            ignore_permission_denied=True,
            rust_timeout=REPLACEMENT_CHECK,
            yield_on_timeout=True,
        ):
            if is_new:
                # Told once it is watched: what is written from now on is seen.
                yield set()
            if changes:
                yield {path for _kind, path in changes}
            is_new = _identities(paths) != watched
            if is_new:
                break


def _identities(paths: list[Path]) -> list[tuple[int, int] | None]:
    """Return the device and inode of each path, None if it does not exist."""
    found = []
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            found.append(None)
        else:
            found.append((status.st_dev, status.st_ino))
    return found


def is_source(_change: object, path: str) -> bool:
    """Whether a file is a source, and not a temporary file of an editor or of Python."""
    name = os.path.basename(path)
    parts = Path(path).parts
    return not (
        is_temporary(name) or name.endswith((".swp", ".pyc", ".tmp")) or "__pycache__" in parts
    )
