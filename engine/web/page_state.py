"""What the writing page keeps beside the content folder: versions, unsaved words, its lock.

The folder is private (0700), outside of all that is built, checked, committed or published.
Nothing empties it: a version is what brings a text back.
"""

import datetime
import hashlib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from engine.publishing.publication_record import STATE_FOLDER, write_private
from engine.web.safe_files import digest_of, disk_refusal

# Of one text; the oldest go first.
MAX_VERSIONS = 500
# A version's file: when it was kept, its digest, who wrote it.
_VERSION = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)-([0-9a-f]{64})-(page|file)")
_TIME = "%Y%m%dT%H%M%S.%fZ"


@dataclass(frozen=True)
class Version:
    """A version of a text: `origin` is "page" for a save, "file" for what a save replaced."""

    id: str
    saved_at: datetime.datetime
    digest: str
    origin: str


class PageState:
    """The folder of one content folder."""

    def __init__(self, content: Path):
        self.folder = content.absolute().parent / STATE_FOLDER

    def prepare(self) -> None:
        """Make the folder, for its owner alone. Raises OSError."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.folder.chmod(0o700)

    # Versions

    def keep(self, source: str, data: bytes, origin: str) -> None:
        """Keep a version of a text, unless it is the newest already. Raises RefusalError."""
        versions = self.versions(source)
        if versions and versions[0].digest == digest_of(data):
            return
        now = datetime.datetime.now(datetime.UTC)
        # Two versions of one moment, or a clock that was set back, keep their order.
        if versions:
            now = max(now, versions[0].saved_at + datetime.timedelta(microseconds=1))
        path = self._versions(source) / f"{now.strftime(_TIME)}-{digest_of(data)}-{origin}"
        try:
            write_private(path, data)
        except OSError as error:
            raise disk_refusal(error) from error
        for old in versions[MAX_VERSIONS - 1 :]:
            (self._versions(source) / old.id).unlink(missing_ok=True)

    def versions(self, source: str) -> list[Version]:
        """The versions of a text that are kept, the newest first."""
        folder = self._versions(source)
        names = sorted(os.listdir(folder), reverse=True) if folder.is_dir() else []
        found = []
        for match in filter(None, map(_VERSION.fullmatch, names)):
            moment = datetime.datetime.strptime(match[1], _TIME).replace(tzinfo=datetime.UTC)
            found.append(Version(match[0], moment, match[2], match[3]))
        return found

    def version(self, source: str, version: str) -> bytes | None:
        """The bytes of a version, None if it is not kept."""
        if not _VERSION.fullmatch(version):
            return None
        path = self._versions(source) / version
        return path.read_bytes() if path.is_file() else None

    def _versions(self, source: str) -> Path:
        return self.folder / "versions" / _name_of(source)

    # Words that are typed and not saved

    def keep_unsaved(self, source: str, words: dict[str, str]) -> None:
        """Keep what is typed in a text. Raises RefusalError."""
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        data = json.dumps({**words, "source": source, "saved_at": now}).encode()
        try:
            write_private(self._unsaved(source), data)
        except OSError as error:
            raise disk_refusal(error) from error

    def unsaved(self, source: str) -> dict[str, str] | None:
        """What was typed in a text and not saved, with `saved_at`; None for nothing."""
        try:
            return json.loads(self._unsaved(source).read_bytes())
        except (OSError, ValueError):
            return None

    def forget_unsaved(self, source: str) -> None:
        """Forget it: it is saved, or given up."""
        self._unsaved(source).unlink(missing_ok=True)

    def is_unsaved(self, source: str) -> bool:
        """Whether something is kept that was typed in a text."""
        return self._unsaved(source).is_file()

    def _unsaved(self, source: str) -> Path:
        return self.folder / "unsaved" / f"{_name_of(source)}.json"


def _name_of(source: str) -> str:
    """A name for what is kept of a text: readable, and the same for no other one."""
    words = re.sub(r"[^a-z0-9.-]+", "-", source.lower())[-60:].strip(".-")
    return f"{words}-{hashlib.sha256(source.encode()).hexdigest()[:16]}"
