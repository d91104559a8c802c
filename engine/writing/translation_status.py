"""List which translations are present, missing or older than their original.

`./inv translations` lists them; `--accept FILE` marks a translation as up to date. A translation is
older if the words of its original have changed; the dates of files do not matter.
"""

import difflib
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.characters import decode_text
from engine.faults import Fault, FaultsError, Message
from engine.languages import OTHER_LANGUAGE, source_in
from engine.settings.site_settings import display_path, read_site_settings
from engine.texts.content_files import source_of
from engine.texts.documents import Document, Library
from engine.texts.library import read_headers
from engine.texts.translations import STAMP, digest, digest_of_file, mark_stale, original_of
from engine.writing.file_changes import FileChanges
from engine.writing.source_edits import LINE
from plugins.library_reader import read_library


@dataclass(frozen=True)
class Version:
    """A version of a text in git: the commit's short hash, its day (ISO 8601), its subject."""

    commit: str
    day: str
    subject: str
    data: bytes


_STATES = {
    "present": Message("present"),
    "missing": Message("missing"),
    "older": Message("older"),
    "unsure": Message("unsure"),
    "alone": Message("alone"),
}


@dataclass(frozen=True)
class Entry:
    """A text's status (present, missing, older, unsure or alone), with explanations."""

    state: str
    path: str
    notes: tuple[object, ...] = ()

    def __str__(self) -> str:
        width = max(8, *(len(str(state)) for state in _STATES.values()))
        return "\n".join(
            [
                f"{_STATES[self.state]!s:{width}} {self.path}",
                *(f"{'':{width}} {each}" for each in self.notes),
            ]
        )


def entries(library: Library) -> list[Entry]:
    """Return an entry for each original, and for each translation without one."""
    found = []
    for document in sorted(library.by_source.values(), key=lambda document: document.source):
        translation = library.by_source.get(source_in(OTHER_LANGUAGE, document.key))
        if document.lang == OTHER_LANGUAGE:
            if original_of(library, document) is None:
                note = Message("there is no French text")
                found.append(Entry("alone", document.shown_path, (note,)))
        elif translation is None:
            command = f"./inv translate {shlex.quote(document.shown_path)}"
            found.append(Entry("missing", document.shown_path, (command,)))
        else:
            found.append(_pair_entry(document, translation))
    return found


def _pair_entry(original: Document, translation: Document) -> Entry:
    path, stamp = translation.shown_path, translation.header.get(STAMP)
    accept = f"./inv translations --accept {shlex.quote(path)}"
    if stamp is None:
        note = Message("nothing says which French words it was made from; if it is up to date:")
        return Entry("unsure", path, (note, accept))
    if not translation.is_stale:
        draft = (Message("a draft"),) if translation.status == "draft" else ()
        return Entry("present", path, draft)
    again = Message("up to date again: {command}", command=accept)
    return Entry("older", path, (*_changes(original, stamp), again))


def _changes(original: Document, stamp: str) -> Iterator[Message]:
    """Yield the commit since which the original differs, and the changed lines."""
    after = None
    for version in _versions(original.path):
        try:
            is_the_one = digest_of_file(original.kind, version.data) == stamp
        except ValueError:
            is_the_one = False
        if is_the_one:
            lines = _changed_lines(
                decode_text(version.data), decode_text(original.path.read_bytes())
            )
            if after:
                yield Message(
                    "{file} has changed since {day}, “{subject}” ({commit}): {lines}",
                    file=original.shown_path,
                    day=after.day,
                    subject=after.subject,
                    commit=after.commit,
                    lines=lines,
                )
            else:
                yield Message(
                    "{file} has changed since it was last saved in git: {lines}",
                    file=original.shown_path,
                    lines=lines,
                )
            return
        after = version
    yield Message(
        "{file} has changed since; git knows no version of those words", file=original.shown_path
    )


def _versions(path: Path) -> Iterator[Version]:
    """Yield the versions of a file in git, the newest first; none without git."""
    log = _git(path, "log", "--format=%h%x09%cs%x09%s", "--", path.name)
    for line in filter(None, log.decode("utf-8", "replace").split("\n")):
        commit, day, subject = line.split("\t", 2)
        yield Version(commit, day, subject, _git(path, "show", f"{commit}:./{path.name}"))


def _git(path: Path, *words: str) -> bytes:
    """Call git in the folder of a file and return its output; nothing if it fails."""
    command = ["git", "-C", str(path.parent), *words]
    try:
        done = subprocess.run(command, check=False, capture_output=True)
    except OSError:
        return b""
    return done.stdout if done.returncode == 0 else b""


def _changed_lines(old: str, new: str) -> str:
    """List the lines that differ from the old text: “lines 4, 7–9”."""
    matcher = difflib.SequenceMatcher(None, old.split("\n"), new.split("\n"), autojunk=False)
    places = []
    for kind, _first, _last, start, end in matcher.get_opcodes():
        if kind == "delete":
            places.append(str(Message("after {line}", line=start)))
        elif kind != "equal":
            places.append(f"{start + 1}" if end == start + 1 else f"{start + 1}–{end}")
    if len(places) == 1 and "–" not in places[0]:
        return Message("line {number}", number=places[0])
    return Message("lines {numbers}", numbers=", ".join(places))


def accept(file: str) -> str:
    """Write the digest of the original's words into its translation, and change nothing else.

    `file` is the path of either. Returns the translation's path as shown. Raises FaultsError if
    there is no such pair, or a header is invalid.
    """
    library = _read_headers()
    translation = _translation(library, file)
    original = original_of(library, translation)
    paths = {translation.shown_path, original.shown_path}
    if faults := [fault for fault in library.faults if fault.path in paths]:
        raise FaultsError(*sorted(faults, key=lambda fault: fault.sort_key))
    stamp = f"{STAMP}: {digest(original.kind, original.header, original.body)}"
    lines = LINE.findall(translation.path.read_bytes().decode("utf-8"))
    ending = "\r\n" if lines[0].endswith("\r\n") else "\n"
    if STAMP in translation.lines:
        lines[translation.lines[STAMP] - 1] = stamp + ending
    else:
        lines.insert(translation.body_line - 2, stamp + ending)
    FileChanges({translation.path: "".join(lines)}).make()
    return translation.shown_path


def _translation(library: Library, file: str) -> Document:
    """Return the translation at a path, or the translation of the original at this path."""
    for place in (Path(file), library.folder / file):
        document = library.by_source.get(source_of(library.folder, place))
        found = document and library.by_source.get(source_in(OTHER_LANGUAGE, document.key))
        if found and original_of(library, found):
            return found
    problem = Message("it is no translation of a text")
    remedy = Message("name one that ./inv translations lists as older or unsure")
    raise FaultsError(Fault(file, None, "file", problem, remedy))


def _read_headers() -> Library:
    settings = read_site_settings()
    library = read_library(settings, display_path(Path(settings["PATH"])), read_headers)
    mark_stale(library)
    return library


def main(file: str | None = None) -> int:
    """Print all entries, or accept a translation; return the exit code, 1 if there is a fault."""
    try:
        if file:
            print(Message("{file} is up to date", file=accept(file)))
            return 0
        library = _read_headers()
    except FaultsError as error:
        print(error, file=sys.stderr)
        return 1
    found = entries(library)
    for entry in found:
        print(entry)
    count = Counter(entry.state for entry in found)
    counted = [
        Message("{number} {state}", number=number, state=_STATES[state])
        for state, number in count.items()
    ]
    print(", ".join(map(str, counted)) or Message("no text yet"))
    for fault in sorted(library.faults, key=lambda fault: fault.sort_key):
        print(fault, file=sys.stderr)
    return 1 if library.faults else 0
