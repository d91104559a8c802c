"""Check the texts of a content folder, without a build."""

from collections import defaultdict
from pathlib import Path

from engine.checking import rules
from engine.checking.finding import Finding, Severity
from engine.checking.silences import Silences
from engine.checking.texts import library_rules, parsed_text
from engine.checking.texts.parsed_text import ParsedText
from engine.checking.texts.spelling import own_words, spelling
from engine.checking.texts.text_rules import TEXT_CHECKS
from engine.faults import Message
from engine.settings import site_file
from engine.settings.site_settings import read_unchecked_settings
from engine.texts import library as texts
from engine.texts.content_files import SITE_FILE
from engine.texts.documents import Library
from plugins.library_reader import read_library

# Rules that find words, and the number of words that each reports in one text.
WORD_RULES = ("spelling", "english-unmarked")
MAX_WORDS = 5


def findings(content_folder: Path, path: str | None = None) -> list[Finding]:
    """Return the findings of a content folder, or of one text, sorted by file and line.

    `path` names the text, relative to the folder, with slashes: "articles/2012-03-rencontres.md".
    Drafts are checked too. Nothing is printed. Raises FaultsError if the settings are invalid.
    """
    shown_folder = str(content_folder)
    return findings_of(read_content(content_folder, shown_folder), shown_folder, path)


def read_content(content_folder: Path, shown_folder: str) -> Library:
    """Read the library of a content folder, with the addresses of this site.

    Raises FaultsError if the settings are invalid.
    """
    settings = read_unchecked_settings() | {"PATH": content_folder}
    return read_library(settings, shown_folder)


def findings_of(library: Library, shown_folder: str, path: str | None = None) -> list[Finding]:
    """Return the findings of a library, whose faults name its folder `shown_folder`."""
    silences = Silences(library.folder, shown_folder)
    found = silences.apply(unsilenced(library, shown_folder, path))
    found += silences.findings + silences.unused()
    if path is not None:
        shown_path = library.by_source[path].shown_path if path in library.by_source else path
        found = [finding for finding in found if finding.path == shown_path]
    return limit_word_findings(found)


def limit_word_findings(found: list[Finding]) -> list[Finding]:
    """Sort findings, and count a text's word findings after MAX_WORDS."""
    kept, left_out = [], defaultdict(list)
    reported: dict[tuple[str, str], int] = defaultdict(int)
    for finding in by_file_and_line(found):
        group = (finding.path, finding.rule)
        reported[group] += finding.rule in WORD_RULES
        (left_out[group] if reported[group] > MAX_WORDS else kept).append(finding)
    for (path, rule), findings in left_out.items():
        if len(findings) == 1:
            # It is as long as the line that would count it.
            kept += findings
            continue
        problem = Message(
            "{count} more like these, down to line {line}",
            count=len(findings),
            line=findings[-1].line,
        )
        remedy = Message("correct these first, then check again")
        kept.append(rules.new_finding(rule, path, findings[0].line, problem, remedy))
    # The sort is stable: what counts the others comes after those of its line.
    return sorted(kept, key=lambda finding: finding.sort_key[:3])


def by_file_and_line(found: list[Finding]) -> list[Finding]:
    """Sort findings by file and line."""
    return sorted(found, key=lambda finding: finding.sort_key)


def unsilenced(library: Library, shown_folder: str, path: str | None = None) -> list[Finding]:
    """Return the findings, unsorted and without the silences applied.

    If `path` names a text, rules of a single text check only this one.
    """
    found = [Finding.of_fault(fault) for fault in library.faults]
    found += [
        Finding.of_fault(fault, Severity.WARNING) for fault in texts.collect_warnings(library)
    ]
    own = own_words(library.folder)
    parsed_texts = [
        parsed_text.parse_text(document, today=library.today, own_words=own)
        for document in library.by_source.values()
        if path is None or document.source == path
    ]
    found += library_rules.untranslated(library)
    # The words of an untranslated text are not checked: they will be replaced.
    waiting = {finding.path for finding in found if finding.rule == "untranslated"}
    read = [text for text in parsed_texts if text.document.shown_path not in waiting]
    for text in read:
        found += _of_one_text(text)
    found += spelling(read, own)
    found += library_rules.titles(library)
    found += library_rules.descriptions(library)
    found += library_rules.hidden_targets(library, parsed_texts)
    found += library_rules.themes(library)
    found += library_rules.orders(library)
    if path is None:
        found += library_rules.home(library, shown_folder)
        site = site_file.read_site_file(library.folder, f"{shown_folder}/{SITE_FILE}")
        found += library_rules.pictures(library, parsed_texts, site, shown_folder)
        found += map(Finding.of_fault, site.faults)
        found += library_rules.contact(library, site)
        found += library_rules.owner(site)
    return found


def _of_one_text(text: ParsedText) -> list[Finding]:
    return [
        rules.new_finding(rule, text.document.shown_path, *complaint)
        for rule, check in TEXT_CHECKS.items()
        for complaint in check(text)
    ]
