"""Tell whether a build would change nothing: compare what it reads and made with the last record.

`inv` calls `main` before it starts a build: this module may import little, and only from Python's
standard library and `engine/file_states.py`.
"""

import fcntl
import hashlib
import marshal
import os
import stat
import sys
import time

from engine.file_states import Snapshot, same_content, take_snapshot, take_states

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
# The folders of the code, besides the files _ROOT/*.py and the locks, _ROOT/*.txt.
_CODE = ("engine", "plugins", "theme")
# Of the environment, what Python, its libraries and this site read.
_PREFIXES = ("SITE_", "PYTHON", "LC_")
_NAMES = ("LANG", "LANGUAGE", "SOURCE_DATE_EPOCH", "TZ")
# They change what a command says, or where a site is put, and nothing in the site.
_OF_THE_COMMAND = ("SITE_MESSAGES", "SITE_OUTPUT")
_PACKAGES = ("site-packages", "dist-packages")
_FILE = "fingerprint"


class Fingerprint:
    """What a build read and made, of which each change asks for another build."""

    def __init__(
        self,
        *,
        environment: tuple,
        inputs: dict[str, Snapshot],
        outputs: Snapshot,
        spare: Snapshot,
        day: tuple[float, float],
        command: tuple,
        said: str,
        results: str,
    ):
        self.environment = environment
        # As `take_inputs` returns them.
        self.inputs = inputs
        # The output folder, and the folder that the next build replaces it by.
        self.outputs, self.spare = outputs, spare
        # When the day of the site began and ends, in seconds since the epoch.
        self.day = day
        # As `command_environment` returns it, and what the command said, "" if each build says it.
        self.command, self.said = command, said
        # The end of the names of the files of results (`build_record.py`).
        self.results = results


def output_folder() -> str:
    """Return the output folder, links resolved, if the settings do not name another one."""
    return os.path.realpath(os.environ.get("SITE_OUTPUT") or f"{_ROOT}/output")


def content_folder() -> str:
    """Return the folder of the texts."""
    return os.path.abspath(os.environ.get("SITE_CONTENT") or f"{_ROOT}/content")


def record_folder(output: str) -> str:
    """Return the folder beside `output` that holds its record and the previous site."""
    return os.path.join(os.path.dirname(output), f".{os.path.basename(output)}.build")


def environment() -> tuple:
    """Return what the site depends on besides files: Python and variables."""
    variables = (
        item
        for item in sorted(os.environ.items())
        if (item[0].startswith(_PREFIXES) or item[0] in _NAMES) and item[0] not in _OF_THE_COMMAND
    )
    return (sys.version, *variables)


def command_environment() -> tuple:
    """Return what the words of the command depend on, besides the site."""
    return (os.getcwd(), *(os.environ.get(name, "") for name in _OF_THE_COMMAND))


def take_inputs(last: dict[str, Snapshot]) -> dict[str, Snapshot]:
    """Return the state of all that a build reads: a snapshot of each folder.

    That of "" has whole paths: files of the project, and the folders of installed packages, whose
    names hold the versions. Files with the signature of `last` are not read.
    """
    content = content_folder()
    inputs = {
        folder: take_snapshot(folder, last.get(folder, {}), hidden=False)
        for folder in (content, *(f"{_ROOT}/{name}" for name in _CODE))
    }
    # `inv` does not know those of this process, whose names do not change.
    known = last.get("", {})
    packages = [path for path in (*sys.path, *known) if path.endswith(_PACKAGES)]
    files = [f"{_ROOT}/{name}" for name in os.listdir(_ROOT) if name.endswith((".py", ".txt"))]
    inputs[""] = take_states([*packages, *files], known)
    return inputs


def is_input(folder: str) -> bool:
    """Whether all files of a folder are inputs: the settings may name another one."""
    folders = (content_folder(), *(f"{_ROOT}/{name}" for name in _CODE))
    return os.path.realpath(folder) in map(os.path.realpath, folders)


def code_digest(environment: tuple, inputs: dict[str, Snapshot]) -> str:
    """Return a digest of the environment and of all inputs but those of the content folder."""
    content = content_folder()
    code = [
        (folder, path, *state[1:])
        for folder, snapshot in inputs.items()
        for path, state in sorted(snapshot.items())
        if folder != content
    ]
    return hashlib.sha256(repr((environment, content, code)).encode()).hexdigest()


def is_private(folder: str) -> bool:
    """Whether nobody else can have put a file into a folder."""
    try:
        status = os.lstat(folder)
    except OSError:
        return False
    is_ours = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
    return is_ours and not status.st_mode & 0o022


def is_recorded(output: str) -> bool:
    """Whether there is a record of a build of `output`, valid or not."""
    return os.path.exists(os.path.join(record_folder(output), _FILE))


def load(output: str) -> Fingerprint | None:
    """Return the record of the last build of `output`, None if there is no valid one."""
    # What a record holds can run code.
    if not is_private(record_folder(output)):
        return None
    try:
        with open(os.path.join(record_folder(output), _FILE), "rb") as file:
            digest, payload = file.read(64), file.read()
        if digest.decode() == hashlib.sha256(payload).hexdigest():
            return Fingerprint(**marshal.loads(payload))  # noqa: S302 - it is our own
    # Corrupt, or written by another version of this module or of Python.
    except (OSError, ValueError, EOFError, TypeError):
        pass
    return None


def save(output: str, fingerprint: Fingerprint) -> None:
    """Write the record of a build; the caller holds the lock of `output`. Raises OSError."""
    payload = marshal.dumps(vars(fingerprint))
    digest = hashlib.sha256(payload).hexdigest()
    write_into(record_folder(output), _FILE, digest.encode() + payload)


def write_into(folder: str, name: str, data: bytes) -> None:
    """Write a file of a record atomically. Raises OSError."""
    os.makedirs(folder, mode=0o700, exist_ok=True)
    part = os.path.join(folder, f"{name}.part")
    with open(part, "wb") as file:
        file.write(data)
    os.replace(part, os.path.join(folder, name))


def words_if_unchanged(output: str) -> str | None:
    """Return what the last build said if a build would change nothing, else None."""
    last = load(output)
    if (
        last is None
        or not last.said
        or (last.environment, last.command) != (environment(), command_environment())
        or not last.day[0] <= time.time() < last.day[1]
    ):
        return None
    inputs = take_inputs(last.inputs)
    if inputs.keys() != last.inputs.keys() or not all(
        same_content(inputs[folder], last.inputs[folder]) for folder in inputs
    ):
        return None
    outputs = take_snapshot(output, last.outputs)
    if not same_content(outputs, last.outputs):
        return None
    if (inputs, outputs) != (last.inputs, last.outputs):
        _store_signatures(output, last, inputs, outputs)
    return last.said


def _store_signatures(
    output: str, last: Fingerprint, inputs: dict[str, Snapshot], outputs: Snapshot
) -> None:
    """Store the signatures of files that had to be read, unless a build is running."""
    try:
        lock = os.open(os.path.dirname(output), os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            current = load(output)
            if current and vars(current) == vars(last):
                last.inputs, last.outputs = inputs, outputs
                save(output, last)
        finally:
            os.close(lock)
    except OSError:
        pass


def main() -> int:
    """Say what the last build said if a build would change nothing; return 0, else 1."""
    words = words_if_unchanged(output_folder())
    if words is None:
        return 1
    # As tasks.py does.
    sys.stdout.reconfigure(line_buffering=True, errors="backslashreplace")
    print(words)
    return 0
