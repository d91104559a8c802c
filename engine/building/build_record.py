"""The record of the last build of an output folder: what it read, and what need not be made again.

It lies beside the output, in the folder that `fingerprint.record_folder` names. A record that is
cut, of another version or not there, and one that cannot be written, costs time only: whatever it
tells is compared with the files before it is used.
"""

import contextlib
import datetime
import pickle
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.building import fingerprint
from engine.building.display_font import DisplayFont
from engine.building.fingerprint import Fingerprint
from engine.building.page_reuse import PageRecords
from engine.building.search_files import SearchWords
from engine.building.swap import Staging
from engine.building.theme import ThemeCache
from engine.file_states import Snapshot, same_content
from engine.pictures.cached_files import open_atomically, read_stored
from engine.texts.bodies import BodyCache
from engine.texts.documents import Library

# The files of a record, whose names end alike: what is known of the texts, and of what is made.
_TEXTS, _RESULTS = "texts-", "results-"


@dataclass
class BuildRecord:
    """What a build need not read and make again; empty for a clean build.

    A process that builds one site again and again keeps it in memory, and calls `begin` each time.
    """

    # Whether it is also written beside the output.
    is_stored: bool = True
    bodies: BodyCache = field(default_factory=BodyCache)
    theme_words: ThemeCache = field(default_factory=ThemeCache)
    font: DisplayFont | None = None
    # What pages read (`page_reuse.py`).
    pages: PageRecords | None = None
    # The output folder, and the SHA-256 of each of its files that is still as the last build left
    # it, by path; set once the build holds the lock.
    output: Path | None = None
    previous: dict[str, str] = field(default_factory=dict)
    # What this build reads, and a digest of all of it but the content.
    inputs: dict[str, Snapshot] = field(default_factory=dict)
    code: str = ""
    last: Fingerprint | None = None
    # The end of the names of this build's files.
    token: str = field(default_factory=lambda: secrets.token_hex(16))

    def begin(self) -> None:
        """Take the inputs of a build; forget what other code made, or the same for another site."""
        self.inputs = fingerprint.take_inputs(self.inputs)
        code = fingerprint.code_digest(fingerprint.environment(), self.inputs)
        if self.code != code:
            self.bodies, self.theme_words = BodyCache(), ThemeCache()
            self.font = self.pages = None
        self.code = code

    @property
    def known(self) -> tuple[Snapshot, Snapshot]:
        """The states of the output and of the spare folder after the last build."""
        return (self.last.outputs, self.last.spare) if self.last else ({}, {})

    def previous_file(self, path: str) -> Path | None:
        """Return a file of the last site by its path, None if it has not stayed as it was made."""
        return self.output / path if path in self.previous else None

    def is_copied(self, path: Path, target: str) -> bool:
        """Whether the output has a file that was made of an unchanged file of the content."""
        if self.last is None or self.pages is None or target not in self.previous:
            return False
        content = fingerprint.content_folder()
        name = path.relative_to(content).as_posix()
        states = [inputs[content].get(name, ())[1:] for inputs in (self.inputs, self.last.inputs)]
        return bool(states[0]) and states[0] == states[1]

    def search_words(self, settings: dict, library: Library) -> SearchWords:
        """Return the words of the texts, with those that are stored beside the output."""
        folder = Path(fingerprint.record_folder(str(self.output))) if self.is_stored else None
        return SearchWords(settings, library, folder, self.code)

    def store_texts(self, library: Library) -> None:
        """Write what is known of the texts and forget it; the caller holds the lock of the output.

        The sources of a large site are a tenth of its memory.
        """
        if self.is_stored:
            self.bodies.forget_others(library.by_source)
            with contextlib.suppress(OSError):
                self._remove_others(self.last.results if self.last else self.token)
                self._store(_TEXTS, self.bodies)
            self.bodies = BodyCache()

    def _store(self, name: str, content: object) -> None:
        folder = Path(fingerprint.record_folder(str(self.output)))
        with open_atomically(folder / f"{name}{self.token}") as file:
            pickle.dump(content, file)

    def _remove_others(self, token: str) -> None:
        """Remove what other builds than that of `token` have stored, and parts of files."""
        for other in Path(fingerprint.record_folder(str(self.output))).iterdir():
            if other.name.startswith((_TEXTS, _RESULTS, ".")) and token not in other.name:
                other.unlink()

    def save(self, staging: Staging, library: Library, time_zone: str, said: str) -> None:
        """Write the record of a build; the caller holds the lock of the output.

        If an input has changed during the build, it is not known what the build has read: the
        record stays that of the previous build.
        """
        inputs, output = self.inputs, str(staging.output)
        if self.is_stored:
            inputs = fingerprint.take_inputs(self.inputs)
            if not _have_stayed(self.inputs, inputs):
                return
        begins = [
            datetime.datetime.combine(day, datetime.time(), ZoneInfo(time_zone)).timestamp()
            for day in (library.today, library.today + datetime.timedelta(1))
        ]
        self.last = Fingerprint(
            environment=fingerprint.environment(),
            inputs=inputs,
            outputs=staging.outputs,
            spare=staging.spare,
            day=tuple(begins),
            command=fingerprint.command_environment(),
            said=said,
            results=self.token,
        )
        if not self.is_stored:
            return
        with contextlib.suppress(OSError):
            self._store(_RESULTS, (self.theme_words, self.font, self.pages))
            fingerprint.save(output, self.last)
            self._remove_others(self.token)


def load_record(output: str) -> BuildRecord:
    """Begin a build of `output` with the record of the last one, if there is a valid one."""
    record = BuildRecord()
    last = record.last = fingerprint.load(output)
    if last:
        record.inputs = last.inputs
        record.code = fingerprint.code_digest(last.environment, last.inputs)
        record.bodies = _load(output, _TEXTS + last.results) or record.bodies
        results = _load(output, _RESULTS + last.results)
        if results:
            record.theme_words, record.font, record.pages = results
    record.begin()
    return record


def _load(output: str, name: str) -> object:
    """Return the content of a file of a record, None if it was cut or altered."""
    # An old one may hold classes that are gone.
    with contextlib.suppress(Exception):
        if data := read_stored(Path(fingerprint.record_folder(output), name)):
            return pickle.loads(data)  # noqa: S301 - its own file
    return None


def _have_stayed(begin: dict[str, Snapshot], end: dict[str, Snapshot]) -> bool:
    """Whether no input has changed during a build, not even to what it was before."""
    if begin.keys() != end.keys():
        return False
    for folder, snapshot in begin.items():
        if not same_content(snapshot, end[folder]):
            return False
        # Python makes __pycache__ in the folders of the code.
        is_content = folder == fingerprint.content_folder()
        for path, state in snapshot.items():
            has_signature = state[0] and (is_content or isinstance(state[2], str))
            if has_signature and state[0] != end[folder][path][0]:
                return False
    return True
