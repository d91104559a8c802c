"""All that is found in the texts of a content folder, before anything is built."""

from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

from engine.checking import rules
from engine.checking.finding import Finding, Severity
from engine.checking.silences import Silences
from engine.checking.texts import library_rules, reading
from engine.checking.texts.reading import Reading
from engine.checking.texts.spelling import own_words, spelling
from engine.checking.texts.text_rules import TEXT_CHECKS
from engine.faults import Message
from engine.settings import site_file
from engine.settings.site_settings import read_unchecked_settings
from engine.texts import library as texts
from engine.texts.content_files import SITE_FILE
from engine.texts.documents import Library
from engine.texts.partial_dates import present_day

# Rules that find words, and how many of one text they tell at once.
WORD_RULES = ("spelling", "english-unmarked")
MAX_WORDS = 5


def findings(content_folder: Path, path: str | None = None) -> list[Finding]:
    """What is found in a content folder, by file and line; of one text only where `path` names it.

    `path` is relative to the folder, with slashes: "articles/2012-03-rencontres.md". Drafts are
    looked at too. Nothing is printed. Raises FaultsError if the settings cannot be read.
    """
    shown_folder = str(content_folder)
    return findings_of(read_content(content_folder, shown_folder), shown_folder, path)


def read_content(content_folder: Path, shown_folder: str) -> Library:
    """The library of a content folder, with the addresses of this site.

    Raises FaultsError if the settings cannot be read.
    """
    settings = read_unchecked_settings()
    return texts.read_texts(
        content_folder,
        addresses=settings["ADDRESSES"],
        base=urlsplit(settings["SITE_URL"]).path.rstrip("/"),
        shown_folder=shown_folder,
        today=present_day(settings["TIMEZONE"]),
    )


def findings_of(library: Library, shown_folder: str, path: str | None = None) -> list[Finding]:
    """The same of a library that was read, whose faults call its folder `shown_folder`."""
    silences = Silences(library.folder, shown_folder)
    found = silences.apply(unsilenced(library, shown_folder, path))
    found += silences.findings + silences.unused()
    if path is not None:
        shown_path = library.by_source[path].shown_path if path in library.by_source else path
        found = [finding for finding in found if finding.path == shown_path]
    return shortened(found)


def shortened(found: list[Finding]) -> list[Finding]:
    """Findings in their order, with a few words of each text at most; the others are counted."""
    kept, left_out = [], defaultdict(list)
    told: dict[tuple[str, str], int] = defaultdict(int)
    for finding in by_file_and_line(found):
        group = (finding.path, finding.rule)
        told[group] += finding.rule in WORD_RULES
        (left_out[group] if told[group] > MAX_WORDS else kept).append(finding)
    for (path, rule), findings in left_out.items():
        problem = Message(
            "{count} more like these, down to line {line}",
            count=len(findings),
            line=findings[-1].line,
        )
        remedy = Message("correct these first, then check again")
        kept.append(rules.found(rule, path, findings[0].line, problem, remedy))
    return by_file_and_line(kept)


def by_file_and_line(found: list[Finding]) -> list[Finding]:
    """Findings in the order in which they are told."""
    return sorted(found, key=lambda finding: finding.sort_key)


def unsilenced(library: Library, shown_folder: str, path: str | None = None) -> list[Finding]:
    """What is found, in no order and whatever the writer has silenced.

    Where `path` names a text, the rules that look at one text look at no other.
    """
    found = [Finding.of_fault(fault) for fault in library.faults]
    found += [
        Finding.of_fault(fault, Severity.WARNING) for fault in texts.collect_warnings(library)
    ]
    own = own_words(library.folder)
    readings = [
        reading.read_prose(document, today=library.today, own_words=own)
        for document in library.by_source.values()
        if path is None or document.source == path
    ]
    found += library_rules.untranslated(library)
    # A translation that is still to be made: nothing else needs to be told of its words.
    waiting = {finding.path for finding in found if finding.rule == "untranslated"}
    read = [text for text in readings if text.document.shown_path not in waiting]
    for text in read:
        found += _of_one_text(text)
    found += spelling(read, own)
    found += library_rules.titles(library)
    found += library_rules.descriptions(library)
    found += library_rules.hidden_targets(library, readings)
    found += library_rules.themes(library)
    found += library_rules.orders(library)
    if path is None:
        found += library_rules.home(library, shown_folder)
        site = site_file.read_site_file(library.folder, f"{shown_folder}/{SITE_FILE}")
        found += library_rules.pictures(library, readings, site, shown_folder)
        found += map(Finding.of_fault, site.faults)
        found += library_rules.contact(library, site)
        found += library_rules.owner(site)
    return found


def _of_one_text(text: Reading) -> list[Finding]:
    return [
        rules.found(rule, text.document.shown_path, *complaint)
        for rule, check in TEXT_CHECKS.items()
        for complaint in check(text)
    ]
