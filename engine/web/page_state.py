"""Store versions and unsaved texts of the writing page beside the content folder.

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
    """The stored state of one content folder."""

    def __init__(self, content: Path):
        self.folder = content.absolute().parent / STATE_FOLDER

    def prepare(self) -> None:
        """Create the folder with mode 0700. Raises OSError."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.folder.chmod(0o700)

    # The port, by which the browser keeps unsaved words

    @property
    def last_port(self) -> int | None:
        """The port of the last server, None before the first."""
        try:
            port = int((self.folder / "port").read_bytes())
        except (OSError, ValueError):
            return None
        return port if 0 < port < 2**16 else None

    def keep_port(self, port: int) -> None:
        """Store the port for the next server. Raises OSError."""
        write_private(self.folder / "port", str(port).encode())

    # Versions

    def keep(self, source: str, data: bytes, origin: str) -> None:
        """Store a version of a text, unless it is the newest. Raises RefusalError."""
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
        """List the stored versions of a text, the newest first."""
        folder = self._versions(source)
        names = sorted(os.listdir(folder), reverse=True) if folder.is_dir() else []
        found = []
        for match in filter(None, map(_VERSION.fullmatch, names)):
            moment = datetime.datetime.strptime(match[1], _TIME).replace(tzinfo=datetime.UTC)
            found.append(Version(match[0], moment, match[2], match[3]))
        return found

    def version(self, source: str, version: str) -> bytes | None:
        """Return the bytes of a version, None if it is not stored."""
        if not _VERSION.fullmatch(version):
            return None
        path = self._versions(source) / version
        return path.read_bytes() if path.is_file() else None

    def _versions(self, source: str) -> Path:
        return self.folder / "versions" / _name_of(source)

    # Words that are typed and not saved

    def keep_unsaved(self, source: str, words: dict[str, str]) -> None:
        """Store the unsaved text of a source. Raises RefusalError."""
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        data = json.dumps({**words, "source": source, "saved_at": now}).encode()
        try:
            write_private(self._unsaved(source), data)
        except OSError as error:
            raise disk_refusal(error) from error

    def unsaved(self, source: str) -> dict[str, str] | None:
        """Return the unsaved text of a source with its time `saved_at`, None if there is none."""
        try:
            return json.loads(self._unsaved(source).read_bytes())
        except (OSError, ValueError):
            return None

    def forget_unsaved(self, source: str) -> None:
        """Delete the unsaved text of a source."""
        self._unsaved(source).unlink(missing_ok=True)

    def is_unsaved(self, source: str) -> bool:
        """Return whether a source has an unsaved text."""
        return self._unsaved(source).is_file()

    def _unsaved(self, source: str) -> Path:
        return self.folder / "unsaved" / f"{_name_of(source)}.json"


def _name_of(source: str) -> str:
    """Return a readable file name that is unique to a source."""
    words = re.sub(r"[^a-z0-9.-]+", "-", source.lower())[-60:].strip(".-")
    return f"{words}-{hashlib.sha256(source.encode()).hexdigest()[:16]}"
