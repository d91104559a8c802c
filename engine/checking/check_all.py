"""Run every check of the texts and of the site built from them: `./inv check`."""

import argparse
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
from engine.checking.texts import check_texts, spelling
from engine.faults import Fault, FaultsError, Message, ProblemError
from engine.languages import LANGUAGES
from engine.pages.built_site import BuiltSite
from engine.pages.page_records import PageCheck
from engine.pages.page_weight import weight_check
from engine.paths import content_folder
from engine.settings.site_settings import display_path, read_unchecked_settings
from engine.texts.documents import Library


def main(format_: str = "text", *, only_texts: bool = False) -> int:
    """Print every finding in a format of FORMATS; return 1 if one is a fault, else 0.

    The texts are checked first. If they have no fault, the site is built into a temporary folder
    and its pages are checked, unless `only_texts` is set. `output/` is neither read nor written.
    """
    if format_ not in FORMATS:
        problem = Message("there is no “{format}”", format=format_)
        remedy = Message("use {formats}", formats=", ".join(FORMATS))
        print(Fault("check", None, "format", problem, remedy), file=sys.stderr)
        return 1
    content = content_folder()
    place = display_path(content)
    try:
        library = check_texts.read_content(content, place)
    except FaultsError as error:
        print(error, file=sys.stderr)
        return 1
    silences = Silences(library.folder, place)
    findings = silences.apply(check_texts.unsilenced(library, place)) + silences.findings
    notes = spelling.missing_dictionaries()
    pages_checked = False
    if _has_fault(findings):
        notes.append(Message("the pages are checked once the texts have no fault"))
    elif not only_texts:
        pages_checked = True
        found = map(finding_of_page, _build_and_check(library, notes))
        sources = texts_of_pages(library)
        found = [_with_path_of_text(finding, sources, library) for finding in found]
        same = {_pair(finding) for finding in found if finding.rule == "same-title"}
        findings = [
            each for each in findings if each.rule != "title-twice" or _pair(each) not in same
        ]
        findings += silences.apply(found, sources)
    findings += silences.unused(with_pages=pages_checked)
    print(FORMATS[format_](check_texts.limit_word_findings(findings), notes))
    return int(_has_fault(findings))


def _has_fault(findings: list[Finding]) -> bool:
    return any(finding.severity is Severity.FAULT for finding in findings)


def _build_and_check(library: Library, notes: list[Message]) -> list[Fault]:
    """Build the site into a temporary folder and return the faults of the build or of its pages.

    A note is added to `notes` if the W3C's checker, which is optional, is not run.
    """
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "site")
        try:
            report = site.build(output=output, library=library)
        except FaultsError as error:
            return error.faults
        faults = check_pages(report.built, report.site_address)
        if _has_fault([finding_of_page(fault) for fault in faults]):
            # It would report many of them again.
            notes.append(Message("the W3C's checker is run once the pages have no other fault"))
            return faults
        try:
            return faults + check_markup(output)
        except ProblemError as error:
            notes.append(Message("the W3C's checker was not run: {reason}", reason=error))
            return faults


def finding_of_page(fault: Fault) -> Finding:
    """Return a fault of a built page as a finding, with the severity of its rule."""
    rule = PAGE_RULES.get(fault.rule or fault.key)
    return Finding.of_fault(fault, rule.severity if rule else Severity.FAULT)


def _with_path_of_text(finding: Finding, sources: Mapping[str, str], library: Library) -> Finding:
    """Give the path of the text if only the text is too long, or its title is not its own."""
    if finding.rule == "same-title":
        return _same_title(finding, sources, library)
    if finding.rule != "long-text" or finding.path not in sources:
        return finding
    return replace(finding, path=library.by_source[sources[finding.path]].shown_path)


def _same_title(finding: Finding, sources: Mapping[str, str], library: Library) -> Finding:
    """Tell at a text that its title is that of another text or of a list of the theme."""
    pages = (finding.path, str(finding.problem.values["page"]))
    texts = [library.by_source[sources[page]] for page in pages if page in sources]
    if not texts:
        return finding
    text, *others = texts
    other = others[0].shown_path if others else next(page for page in pages if page not in sources)
    return replace(
        finding,
        path=text.shown_path,
        line=text.lines.get("title", 1),
        problem=Message(
            "“{title}” is also the title of {file}", title=text.header["title"], file=other
        ),
        remedy=Message("write a title that says what this text has of its own"),
    )


def _pair(finding: Finding) -> frozenset[str]:
    """Return the two files that a finding of one title names."""
    return frozenset((finding.path, str(finding.problem.values.get("file"))))


def check_pages(
    built: BuiltSite, site_address: str, more_checks: Sequence[PageCheck] = ()
) -> list[Fault]:
    """Return the faults of a built site's pages.

    `site_address` includes the path of the site: https://a.org/blog. `more_checks` are made of
    each page in addition to those of `./inv check`.
    """
    base = urlsplit(site_address).path.rstrip("/")
    weight = weight_check(built, read_unchecked_settings()["ADDRESSES"], base)
    return check_site(built, site_address, (weight, *more_checks))


def texts_of_pages(library: Library) -> Mapping[str, str]:
    """Map each page's path to its text's: a silence of a text covers the page too."""
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
