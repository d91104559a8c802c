"""Every check there is, of the texts and of the site built from them, as `./inv check` runs it."""

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from engine.building import site
from engine.checking.finding import Finding, Severity
from engine.checking.pages.site_check import check_site
from engine.checking.pages.w3c_check import check_markup
from engine.checking.report import FORMATS
from engine.checking.rules import PAGE_RULES
from engine.checking.silences import Silences
from engine.checking.texts import spelling, texts
from engine.faults import Fault, FaultsError, Message, ProblemError
from engine.languages import LANGUAGES
from engine.pages.built_site import BuiltSite
from engine.pages.page_records import PageCheck
from engine.pages.page_weight import weight_check
from engine.paths import ROOT
from engine.settings.site_settings import display_path, read_unchecked_settings
from engine.texts.documents import Library


def main(format_: str = "text", *, only_texts: bool = False) -> int:
    """Print every finding in a format of FORMATS; the exit code is 1 if one is a fault.

    The texts come first. Where they have no fault the site is built aside and its pages are looked
    at, unless `only_texts` is set: what `output/` holds plays no part and stays as it is.
    """
    if format_ not in FORMATS:
        problem = Message("there is no “{format}”", format=format_)
        remedy = Message("use {formats}", formats=", ".join(FORMATS))
        print(Fault("check", None, "format", problem, remedy), file=sys.stderr)
        return 1
    content = Path(os.environ.get("SITE_CONTENT") or ROOT / "content")
    place = display_path(content)
    try:
        library = texts.read_content(Path(os.path.abspath(content)), place)
    except FaultsError as error:
        print(error, file=sys.stderr)
        return 1
    silences = Silences(library.folder, place)
    findings = silences.apply(texts.unsilenced(library, place)) + silences.findings
    notes = spelling.skipped()
    pages_checked = False
    if _have_a_fault(findings):
        notes.append(Message("the pages are checked once the texts have no fault"))
    elif not only_texts:
        pages_checked = True
        found = map(finding_of_page, _faults_of_pages(library, notes))
        sources = texts_of_pages(library)
        found = [_told_at_its_text(finding, sources, place) for finding in found]
        findings += silences.apply(found, sources)
    findings += silences.unused(with_pages=pages_checked)
    print(FORMATS[format_](texts.shortened(findings), notes))
    return int(_have_a_fault(findings))


def _have_a_fault(findings: list[Finding]) -> bool:
    return any(finding.severity is Severity.FAULT for finding in findings)


def _faults_of_pages(library: Library, notes: list[Message]) -> list[Fault]:
    """Build the site aside, and look at all its pages; or the reasons why it cannot be built.

    `notes` is told where the W3C's checker, which a site can be written without, was not run.
    """
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "site")
        try:
            report = site.build(output=output, library=library)
        except FaultsError as error:
            return error.faults
        faults = faults_of_pages(report.built, report.site_address)
        if _have_a_fault([finding_of_page(fault) for fault in faults]):
            # Many of them it would find again.
            notes.append(Message("the W3C's checker is run once the pages have no other fault"))
            return faults
        try:
            return faults + check_markup(output)
        except ProblemError as error:
            notes.append(Message("the W3C's checker was not run: {reason}", reason=error))
            return faults


def finding_of_page(fault: Fault) -> Finding:
    """The finding that a fault of a built page is: a long text is advice."""
    rule = PAGE_RULES.get(fault.rule or fault.key)
    return Finding.of_fault(fault, rule.severity if rule else Severity.FAULT)


def _told_at_its_text(finding: Finding, sources: Mapping[str, str], place: str) -> Finding:
    """Name the text in place of its page where the text alone is long."""
    if finding.rule != "long-text" or finding.path not in sources:
        return finding
    return replace(finding, path=f"{place}/{sources[finding.path]}")


def faults_of_pages(
    built: BuiltSite, site_address: str, more_checks: Sequence[PageCheck] = ()
) -> list[Fault]:
    """What is wrong with the pages of a built site, made for an address such as https://a.org.

    The address ends in the path below which the site stands: https://a.org/blog. `more_checks` are
    made of each page besides those of `./inv check`.
    """
    base = urlsplit(site_address).path.rstrip("/")
    weight = weight_check(built, read_unchecked_settings()["ADDRESSES"], base)
    return check_site(built, site_address, (weight, *more_checks))


def texts_of_pages(library: Library) -> Mapping[str, str]:
    """The text of each page: a silence names the text, whose page it is about too."""
    return {
        f"{LANGUAGES[document.lang].root}{document.save_as}": document.source
        for document in library.visible
        if document.save_as
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="check_all", description=__doc__)
    parser.add_argument("--format", choices=FORMATS, default="text")
    parser.add_argument("--texts", action="store_true", help="the texts alone, without a build")
    options = parser.parse_args()
    sys.exit(main(options.format, only_texts=options.texts))
