"""Atomically replace the output folder."""

import contextlib
import ctypes
import errno
import fcntl
import os
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from engine.building.fingerprint import is_private, is_recorded, record_folder
from engine.faults import Fault, FaultsError, Message
from engine.file_states import Snapshot, State, is_settled, signature, take_snapshot

_RENAME_EXCHANGE = 2  # the same value: Linux's renameat2, macOS's RENAME_SWAP
_AT_FDCWD = -100
# What a web server reads, whatever the umask.
_FILE_MODE, _FOLDER_MODE = stat.S_IFREG | 0o644, stat.S_IFDIR | 0o755
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


def remove(output: Path, *sources: Path) -> None:
    """Delete an output folder and its record. Raises FaultsError, as `refuse_unsafe`."""
    refuse_unsafe(output, *sources)
    with lock(output):
        for folder in (output, record_folder(str(output))):
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def lock(output: Path) -> Iterator[None]:
    """Let builds of the same output wait for each other. Raises OSError."""
    parent = Path(os.path.realpath(output)).parent
    parent.mkdir(parents=True, exist_ok=True)
    held = os.open(parent, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


@dataclass
class Staging:
    """The next site of an output folder.

    `folder` is empty, and gets the files that are made; what is beside it is removed. `previous`
    has the SHA-256 of each file of the output that is still as the last build left it, by path.
    `digests` gets those of all files of the next site: one that is not in `folder` is taken from
    `output`.
    """

    output: Path
    folder: Path
    previous: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    # The states of the output folder, and of the one that replaces it.
    outputs: Snapshot = field(default_factory=dict)
    spare: Snapshot = field(default_factory=dict)


@contextlib.contextmanager
def staged_output(
    output: Path, known: tuple[Snapshot, Snapshot] | None = None
) -> Iterator[Staging]:
    """Yield the next site, with an empty folder; replace `output` by it if the block succeeds.

    If the block raises, or the process is killed, `output` is unchanged, and the next build removes
    what is incomplete. The caller holds the lock. With the `known` states of the output and of the
    spare folder, the replaced folder is kept as the spare one, which the next build changes: to
    make a folder takes longer than to write a page. Raises OSError if the disk is full or the
    folder is not writable.
    """
    output = Path(os.path.realpath(output))
    own = Path(record_folder(str(output)))
    new, tree = own / "new", own / "tree"
    removed = own if known is None else new
    shutil.rmtree(removed, ignore_errors=True)
    if not is_private(str(own)):
        shutil.rmtree(own, ignore_errors=True)
        own.unlink(missing_ok=True)
        own.mkdir(mode=0o700)
    site = new / "site"
    site.mkdir(parents=True)
    # The umask may deny a web server the permission to read it.
    site.chmod(0o755)
    staging = Staging(output, site)
    if known:
        _read_states(staging, tree, *known)
    try:
        yield staging
        if known is None:
            replace(site, output)
        else:
            _replace_by_change(staging, tree)
    except BaseException:
        # What is stored there belongs to no record.
        if not is_recorded(str(output)):
            removed = own
        raise
    finally:
        shutil.rmtree(removed, ignore_errors=True)
        # It stays if there is a record or a spare folder.
        with contextlib.suppress(OSError):
            own.rmdir()


def _read_states(staging: Staging, tree: Path, outputs: Snapshot, spare: Snapshot) -> None:
    if outputs:
        staging.outputs = take_snapshot(str(staging.output), outputs)
    if spare:
        staging.spare = take_snapshot(str(tree), spare)
    for path, state in outputs.items():
        if state[1] == _FILE_MODE and state[1:] == staging.outputs.get(path, ())[1:]:
            staging.previous[path] = state[2]


def _replace_by_change(staging: Staging, tree: Path) -> None:
    """Give the spare folder the files of the next site, and exchange it with the output."""
    wanted = _states_of_site(staging.digests)
    if {path: state[1:] for path, state in staging.outputs.items()} == wanted:
        return
    if not staging.spare:
        # The folder of the files that were made becomes the spare one.
        shutil.rmtree(tree, ignore_errors=True)
        staging.folder.rename(tree)
        staging.spare = _states_of_made(tree, staging.digests)
        staging.folder = tree
    linked = _change(staging, tree, wanted)
    outputs = _new_states(str(tree), wanted)
    replace(tree, staging.output)
    # A link changes the time in the signature of both its names.
    staging.spare = staging.outputs | {path: outputs[path] for path in linked}
    staging.outputs = outputs
    if not staging.spare:
        shutil.rmtree(tree, ignore_errors=True)


def _states_of_site(digests: dict[str, str]) -> dict[str, tuple[int, str | tuple[str, ...]]]:
    """Return the mode and the content of each file and folder of a site, as in a Snapshot."""
    states, names = {}, {"": set()}
    for path, digest in digests.items():
        states[path] = (_FILE_MODE, digest)
        below, is_new = path, True
        while below and is_new:
            below, _, name = below.rpartition("/")
            is_new = name not in names.setdefault(below, set())
            names[below].add(name)
    states |= {path: (_FOLDER_MODE, tuple(sorted(found))) for path, found in names.items()}
    return states


def _states_of_made(folder: Path, digests: dict[str, str]) -> Snapshot:
    """Return the states of a folder whose files have just been made, without their signatures."""
    made = {path: digest for path, digest in digests.items() if (folder / path).exists()}
    return {path: (None, *state) for path, state in _states_of_site(made).items()}


def _change(staging: Staging, tree: Path, wanted: dict[str, tuple]) -> list[str]:
    """Give a folder the wanted files; return those that are links to files of the output.

    Files are replaced, never written: they may have a second name in the output.
    """
    linked = []
    spare = dict(staging.spare)
    for path in sorted(spare, reverse=True):
        mode = spare[path][1]
        if path not in wanted or stat.S_IFMT(mode) != stat.S_IFMT(wanted[path][0]):
            _remove(tree / path, spare.pop(path))
    for path in sorted(wanted):
        content, present, current = wanted[path], spare.get(path), staging.outputs.get(path)
        if content[0] == _FOLDER_MODE:
            if not present or present[1] != _FOLDER_MODE:
                # One that a file was written into and removed from is not among the states.
                (tree / path).mkdir(exist_ok=True)
                (tree / path).chmod(_FOLDER_MODE & 0o777)
        elif current and current[1:] == content:
            if present and _is_same_file(present, current):
                continue
            (tree / path).unlink(missing_ok=True)
            linked.append(path)
            _link_or_copy(staging.output / path, tree / path)
        elif not present or present[1:] != content:
            (staging.folder / path).replace(tree / path)
    return linked


def _remove(place: Path, state: State) -> None:
    """Remove a file, or a folder below which all that is in its state was removed."""
    if not stat.S_ISDIR(state[1]):
        place.unlink()
    elif isinstance(state[2], tuple):
        place.rmdir()
    else:  # what it holds could not be listed
        place.chmod(0o700)
        shutil.rmtree(place)


def _is_same_file(one: State, other: State) -> bool:
    """Whether two states are of the same inode."""
    return None not in (one[0], other[0]) and one[0][-1] == other[0][-1]


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:  # a file system without hard links, or too many of one file
        shutil.copyfile(source, target)
        target.chmod(0o644)


def _new_states(folder: str, wanted: dict[str, tuple]) -> Snapshot:
    now = time.time_ns()
    states = {}
    for path, content in wanted.items():
        found = signature(f"{folder}/{path}")
        is_certain = found[0] == content[0] and is_settled(found, now)
        states[path] = (found if is_certain else None, *content)
    return states


def replace(new: Path, target: Path) -> None:
    """Replace the folder `target` by `new`; a previous `target` is then at `new`.

    Uses one system call if the system can exchange two names (Linux, macOS), else three renames.
    """
    if not target.exists():
        new.rename(target)
    elif not _exchange(new, target):
        old = target.with_name(f".{target.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        target.rename(old)
        new.rename(target)
        old.rename(new)


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
