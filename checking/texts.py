"""All that is found in the texts of a content folder, before anything is built."""

from pathlib import Path
from urllib.parse import urlsplit

import pelicanconf
from building import site_file
from checking import library_rules, reading, rules
from checking.finding import Finding, Severity
from checking.reading import Reading
from checking.silences import Silences
from checking.spelling import own_words, spelling
from checking.text_rules import TEXT_CHECKS
from plugins import library as texts
from plugins.content_files import SITE_FILE
from plugins.documents import Library


def findings(content_folder: Path, path: str | None = None) -> list[Finding]:
    """What is found in a content folder, by file and line; of one text only where `path` names it.

    `path` is relative to the folder, with slashes: "articles/2012-03-rencontres.md". Drafts are
    looked at too. Nothing is printed nor raised.
    """
    shown_folder = str(content_folder)
    return findings_of(read(content_folder, shown_folder), shown_folder, path)


def read(content_folder: Path, shown_folder: str) -> Library:
    """The library of a content folder, with the addresses of this site."""
    return texts.read(
        content_folder,
        addresses=pelicanconf.ADDRESSES,
        base=urlsplit(pelicanconf.SITE_URL).path.rstrip("/"),
        shown_folder=shown_folder,
    )


def findings_of(library: Library, shown_folder: str, path: str | None = None) -> list[Finding]:
    """The same of a library that was read, whose faults call its folder `shown_folder`."""
    silences = Silences(library.folder, shown_folder)
    found = silences.apply(unsilenced(library, shown_folder, path))
    found += silences.findings + silences.unused()
    if path is not None:
        found = [finding for finding in found if finding.path == f"{shown_folder}/{path}"]
    return by_file_and_line(found)


def by_file_and_line(found: list[Finding]) -> list[Finding]:
    """Findings in the order in which they are told."""
    return sorted(found, key=lambda finding: finding.sort_key)


def unsilenced(library: Library, shown_folder: str, path: str | None = None) -> list[Finding]:
    """What is found, in no order and whatever the writer has silenced.

    Where `path` names a text, the rules that look at one text look at no other.
    """
    found = [Finding.of_fault(fault) for fault in library.faults]
    found += [Finding.of_fault(fault, Severity.WARNING) for fault in texts.hidden_faults(library)]
    own = own_words(library.folder)
    readings = [
        reading.read(document, today=library.today, own_words=own)
        for document in library.all.values()
        if path is None or document.source == path
    ]
    for text in readings:
        found += _of_one_text(text)
    found += spelling(readings, own)
    found += library_rules.titles(library)
    if path is None:
        found += library_rules.pictures(library, readings, shown_folder)
        site = site_file.read(library.folder, f"{shown_folder}/{SITE_FILE}")
        found += map(Finding.of_fault, site.faults)
        found += library_rules.owner(site)
    return found


def _of_one_text(text: Reading) -> list[Finding]:
    return [
        rules.found(rule, text.document.shown_path, *complaint)
        for rule, check in TEXT_CHECKS.items()
        for complaint in check(text)
    ]
