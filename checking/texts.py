"""All that is found in the texts of a content folder, before anything is built."""

from pathlib import Path
from urllib.parse import urlsplit

import pelicanconf
from checking.finding import Finding
from plugins import library as texts
from plugins.documents import Library


def findings(content_folder: Path, path: str | None = None) -> list[Finding]:
    """What is found in a content folder, by file and line; of one text only where `path` names it.

    `path` is relative to the folder, with slashes: "articles/2012-03-rencontres.md". Drafts are
    looked at too. Nothing is printed nor raised.
    """
    library = texts.read(
        content_folder,
        addresses=pelicanconf.ADDRESSES,
        base=urlsplit(pelicanconf.SITE_URL).path.rstrip("/"),
        shown_folder=str(content_folder),
    )
    return findings_of(library, str(content_folder), path)


def findings_of(library: Library, shown_folder: str, path: str | None = None) -> list[Finding]:
    """The same of a library that was read, whose faults call its folder `shown_folder`."""
    found = [Finding.of_fault(fault) for fault in library.faults]
    if path is not None:
        found = [finding for finding in found if finding.path == f"{shown_folder}/{path}"]
    return sorted(found, key=lambda finding: finding.sort_key)
