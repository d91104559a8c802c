"""Take a snapshot of files: a later one shows which have changed, without reading the others.

As the index of git does: https://git-scm.com/docs/racy-git. `inv` imports this module before it
starts a build: it may import little, and only from Python's standard library.
"""

import hashlib
import os
import stat
import time

# st_mode, st_size, st_mtime_ns, st_ctime_ns, st_ino
Signature = tuple[int, int, int, int, int]
# Of a file: its signature, its mode, its SHA-256 in hexadecimal. Of a folder: the names in it, in
# place of the digest. The signature is None if a later change might not show in it.
State = tuple[Signature | None, int, str | tuple[str, ...]]
# The states by path below the folder of the snapshot, with slashes; "" is the folder itself.
Snapshot = dict[str, State]
# Nanoseconds. A file may change twice in one tick of the clock of its file system; those without
# parts of seconds, such as FAT, have ticks of 2 seconds.
_TICK, _COARSE_TICK = 50_000_000, 2_000_000_000
_SECOND = 1_000_000_000


def signature(path: str) -> Signature:
    """Return the signature of a file or folder, of a link itself. Raises OSError."""
    status = os.lstat(path)
    return (
        status.st_mode,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
        status.st_ino,
    )


def is_settled(found: Signature, now: int) -> bool:
    """Whether any change after `now`, in nanoseconds of the clock, shows in the signature."""
    _mode, _size, modified, changed, _inode = found
    tick = _TICK if changed % _SECOND else _COARSE_TICK
    return max(modified, changed) + tick < now


def state_of(path: str, previous: State | None, now: int, hidden: bool = True) -> State:
    """Return the state of a file or folder; read it only if its signature is not `previous`.

    `now` is a time before the call. Without `hidden`, a folder has no names that begin with a dot
    and no __pycache__. What cannot be read, and a link, equals nothing. Raises FileNotFoundError.
    """
    found = signature(path)
    if previous and previous[0] == found:
        return previous
    mode = found[0]
    try:
        if stat.S_ISDIR(mode):
            names = os.listdir(path)
            if not hidden:
                names = [name for name in names if name[0] != "." and name != "__pycache__"]
            content = tuple(sorted(names))
        elif stat.S_ISREG(mode):
            with open(path, "rb") as file:
                content = hashlib.sha256(file.read()).hexdigest()
        else:
            return None, mode, f"unknown at {time.time_ns()}"
    except FileNotFoundError:
        raise
    except OSError:
        return None, mode, f"unreadable at {time.time_ns()}"
    return found if is_settled(found, now) else None, mode, content


def take_snapshot(folder: str, previous: Snapshot, *, hidden: bool = True) -> Snapshot:
    """Return the state of a folder and of all below it, empty if there is no such folder.

    Files with the signature of `previous` are not read. `hidden` is that of `state_of`.
    """
    now = time.time_ns()
    found: Snapshot = {}
    waiting = [""]
    while waiting:
        path = waiting.pop()
        try:
            # A slash after the folder follows a link to it.
            state = state_of(f"{folder}/{path}", previous.get(path), now, hidden)
        except OSError:  # it was deleted since its folder was read
            continue
        found[path] = state
        if isinstance(state[2], tuple):
            waiting += [f"{path}/{name}" for name in state[2]] if path else state[2]
    return found


def take_states(paths: list[str], previous: Snapshot) -> Snapshot:
    """Return the state of each of these files and folders that exists, by its path."""
    now = time.time_ns()
    found: Snapshot = {}
    for path in paths:
        try:
            found[path] = state_of(path, previous.get(path), now, hidden=False)
        except OSError:
            continue
    return found


def same_content(one: Snapshot, other: Snapshot) -> bool:
    """Whether two snapshots have the same files, with the same modes and bytes."""
    return one == other or (
        one.keys() == other.keys()
        and all(state[1:] == other[path][1:] for path, state in one.items())
    )
