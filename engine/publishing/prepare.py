"""Build and check the site for publication, with its compressed copies and server files.

`./inv publish` uploads it; `./inv prepare` puts it into the output folder, for hosts without ssh.
"""

import sys
import tempfile
from pathlib import Path

from engine.building import site, swap
from engine.checking.check_all import check_pages, finding_of_page, texts_of_pages
from engine.checking.finding import Finding, Severity
from engine.checking.silences import Silences
from engine.checking.texts import check_texts
from engine.faults import Fault, FaultsError, Message, ProblemError
from engine.languages import LANGUAGES
from engine.pages.compression import compress
from engine.publishing import manifest, readiness
from engine.serving import server_files
from engine.settings.publication import SETTINGS_FILE, address_faults
from engine.settings.site_settings import display_path, read_site_settings
from engine.terminal import exit_code
from engine.texts.documents import Library
from plugins.library_reader import read_library


def prepare_release(built: Path, *, without_legal_facts: bool = False) -> site.Report:
    """Build the site for publication into the folder `built`, and check it.

    Raises FaultsError with every fault.
    """
    configured = read_site_settings(SETTINGS_FILE)
    place = display_path(Path(configured["PATH"]))
    library = read_library(configured, place)
    silences = Silences(library.folder, place)
    found = silences.apply(check_texts.unsilenced(library, place)) + silences.findings
    lacking = readiness.missing_legal_facts(configured["SITE"])
    faults = readiness.missing_identity(configured["SITE"])
    faults += [] if without_legal_facts else _explain_law(lacking)
    faults += _faults_only(found)
    if library.faults:
        raise FaultsError(*faults)
    try:
        report = site.build(SETTINGS_FILE, built, library=library)
    except FaultsError as error:
        raise FaultsError(*faults, *error.faults) from error
    found = check_pages(report.built, report.site_address, [readiness.check_placeholders])
    placeholders = [fault for fault in found if fault.key == readiness.PLACEHOLDER]
    of_pages = [finding_of_page(fault) for fault in found if fault.key != readiness.PLACEHOLDER]
    faults += _faults_only(silences.apply(of_pages, texts_of_pages(library)))
    faults += placeholders
    faults += readiness.published_drafts(report.built, _pages_of_hidden(library))
    try:
        server_files.write_server_files(report.built, hsts_preload=configured["SITE"].hsts_preload)
    except ProblemError as error:
        faults.append(error.at(str(Message("server files")), None, "publish"))
    compress(report.built)
    faults += manifest.unpublishable(report.built)
    if faults:
        raise FaultsError(*faults)
    if without_legal_facts and lacking:
        print(readiness.WHAT_THE_LAW_ASKS, *(f"  {each.problem}" for each in lacking), sep="\n")
    return report


def _faults_only(found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.severity is Severity.FAULT]


def _explain_law(lacking: list[Fault]) -> list[Fault]:
    if lacking:
        print(readiness.WHAT_THE_LAW_ASKS, file=sys.stderr)
        print(Message("Without them all the same: --without-legal-facts"), file=sys.stderr)
    return lacking


def _pages_of_hidden(library: Library) -> list[tuple[str, str]]:
    """Return the path of each draft or scheduled text, and the path that its page would have."""
    return [
        (text.shown_path, LANGUAGES[text.lang].root + text.save_as)
        for text in (*library.drafts, *library.scheduled)
        if text.save_as
    ]


def main(*, without_legal_facts: bool = False) -> int:
    """Replace the output folder, or print every fault and keep it; return the exit code."""

    def prepare() -> None:
        configured = read_site_settings(SETTINGS_FILE)
        if faults := address_faults(configured["SITE_URL"], configured["SITE"]):
            raise FaultsError(*faults)
        output = Path(configured["OUTPUT_PATH"])
        swap.refuse_unsafe(output, Path(configured["PATH"]), Path(configured["THEME"]))
        output.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=output.parent, prefix=f".{output.name}.") as folder:
            built = Path(folder, "site")
            report = prepare_release(built, without_legal_facts=without_legal_facts)
            with swap.lock(output):
                swap.replace(built, output)
        told = Message(
            "{number} pages in {folder}, ready for {address}",
            number=report.pages,
            folder=display_path(output),
            address=report.site_address,
        )
        print(told)

    return exit_code(prepare, "")
