"""Store what was published last from this machine: the texts, the pages as readers see them.

From it the writing page tells which text has changed since, and how many pages change for readers.
A site that is published from elsewhere leaves no record here: then neither is known.
"""

import hashlib
import json
import os
import re
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from engine.building.site import Report
from engine.pages import page_policy
from engine.pages.built_site import BuiltSite
from engine.publishing.changes import Changes, address, is_page
from engine.settings.publication import PublicationSettings
from engine.settings.site_settings import display_path
from engine.texts.content_files import kind_of, source_of

# Beside the content folder, where no build, no check and no commit of texts looks.
STATE_FOLDER = ".writing"
_DIGEST = re.compile(r"((?:/fonts/[\w-]+|/index)-)[0-9a-f]{12}(?=\.(?:woff2|json))")


@dataclass(frozen=True)
class Record:
    """A publication: its release; the digest of each text that it shows, by its source.

    `pages` are the digests of what readers see, by the path of the file.
    """

    release: str
    texts: dict[str, str] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)

    def holds(self, source: str) -> bool:
        """Return whether the text was published."""
        return source in self.texts

    def is_changed(self, source: str, path: Path) -> bool:
        """Return whether the file of a published text has changed since."""
        return source in self.texts and self.texts[source] != _digest(path.read_bytes())


def record_file(content: Path) -> Path:
    """Return the path of the record of a content folder."""
    return content.absolute().parent / STATE_FOLDER / "published.json"


def read_record(content: Path) -> Record | None:
    """Read the record of a content folder, None if there is none."""
    try:
        return Record(**json.loads(record_file(content).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def digests_of_texts(content: Path) -> dict[str, str]:
    """Compute the digest of each text, by its source, before the build that is published."""
    paths = (path for path in content.rglob("*.md") if path.is_file())
    sources = {source_of(content, path): path for path in paths}
    return {
        source: _digest(path.read_bytes())
        for source, path in sources.items()
        if source and kind_of(source)
    }


def write_record(content: Path, release: str, texts: dict[str, str], report: Report) -> None:
    """Store a publication of a build; `texts` are the digests from before it. Raises OSError."""
    place = f"{display_path(content)}/"
    scheduled = (each.rpartition(" (")[0] for each in report.scheduled)
    hidden = {path.removeprefix(place) for path in (*report.drafts, *scheduled)}
    seen = {source: digest for source, digest in texts.items() if source not in hidden}
    record = Record(release, seen, pages_of_readers(report.built))
    write_private(record_file(content), json.dumps(asdict(record)).encode())


def pages_of_readers(built: BuiltSite) -> dict[str, str]:
    """Compute the digest of each page as readers see it, by the path of its file.

    The name of the font for headings changes in every page where one heading has a new letter, and
    so does the policy, which holds the digest of the style sheet that names the font. The index of
    the search has another name after each change of a word.
    """
    return {
        file.path: _digest(_DIGEST.sub(r"\1", page_policy.replaced(file.text, "")).encode())
        for file in built
        if is_page(file.path)
    }


def changed_for_readers(
    difference: Changes, record: Record | None, live: str, built: BuiltSite
) -> list[str]:
    """Return the changed addresses whose page readers see changed.

    All of them are where the live release is not the one of the record.
    """
    if record is None or record.release != live:
        return difference.changed
    new = pages_of_readers(built)
    same = {address(path) for path, digest in new.items() if record.pages.get(path) == digest}
    return [each for each in difference.changed if each not in same]


# The place of a publication that a person has confirmed at the terminal.


def destination(settings: PublicationSettings) -> dict[str, str]:
    """Return the values that identify a destination: the account, the folder, the keys."""
    names = ("host", "user", "folder", "port", "mode", "key", "site_address")
    keys = settings.known_hosts.read_bytes()
    return {name: str(getattr(settings, name)) for name in names} | {"known_hosts": _digest(keys)}


def is_confirmed(content: Path, settings: PublicationSettings) -> bool:
    """Return whether the destination was confirmed before."""
    try:
        return json.loads(_confirmed_file(content).read_bytes()) == destination(settings)
    except (OSError, ValueError):
        return False


def confirm(content: Path, settings: PublicationSettings) -> None:
    """Store a confirmed destination. Raises OSError."""
    write_private(_confirmed_file(content), json.dumps(destination(settings)).encode())


def _confirmed_file(content: Path) -> Path:
    return record_file(content).with_name("destination.json")


def write_private(path: Path, data: bytes) -> None:
    """Atomically write a file of mode 0600, and create its folder. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_name(f".{secrets.token_hex(8)}.new")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
