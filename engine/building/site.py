"""Build the whole site: everything is checked first, made aside, and swapped in at the end."""

import datetime
import errno
import gc
import hashlib
import html
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from babel.messages import Catalog

from engine.building import catalogues, display_font, fingerprint, swap, theme
from engine.building.build_record import BuildRecord, load_record
from engine.building.pelican_run import OWN_FAULT, FirstPages, SitePages, run_pelican
from engine.building.search_files import SearchWords, make_search_files
from engine.exports import vcard
from engine.exports.share_card import ShareCard
from engine.exports.share_cards import plan_cards, put_cards
from engine.faults import (
    Fault,
    FaultsError,
    Message,
    ProblemError,
    system_reason,
    unreadable_file_error,
)
from engine.languages import LANGUAGES, OTHER_LANGUAGE
from engine.pages import redirects
from engine.pages.built_site import BuiltSite
from engine.paths import ROOT
from engine.pictures.cached_files import writable_folder
from engine.pictures.variants import variants
from engine.settings.site_settings import (
    CACHE,
    SETTINGS_FILE,
    display_path,
    read_settings_with_faults,
)
from engine.texts.documents import Document, Library
from plugins.library_reader import read_library
from plugins.navigation import menu_faults
from plugins.owner import contact_card, read_portrait
from plugins.weight_table import TablePlace

# The file that tells which build a folder holds: a digest of all its other files.
VERSION_FILE = "version.txt"
_HEADING = re.compile(r"<h[1-6][^>]*>(.*?)</h[1-6]>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Report:
    """What a build made: the built site, the number of its pages, and the texts that wait.

    `site_address` is where it will stand, with its path and without a slash at its end.
    """

    built: BuiltSite
    site_address: str
    pages: int
    drafts: list[str]
    scheduled: list[str]

    def __str__(self) -> str:
        folder = display_path(self.built.folder)
        lines = [Message("{number} pages in {folder}", number=self.pages, folder=folder)]
        if self.drafts:
            lines.append(Message("not shown, drafts: {files}", files=", ".join(self.drafts)))
        if self.scheduled:
            waiting = ", ".join(self.scheduled)
            lines.append(Message("not shown before their day: {files}", files=waiting))
        return "\n".join(map(str, lines))


@dataclass(frozen=True)
class Plan:
    """A site without a fault, read and not yet made; `library` holds what visitors may see."""

    settings: dict
    library: Library
    catalogue: Catalog


def build(
    settings_file: str = SETTINGS_FILE,
    output: Path | None = None,
    *,
    today: datetime.date | None = None,
    library: Library | None = None,
    record: BuildRecord | None = None,
) -> Report:
    """Build the site of a settings file into `output`, else into its OUTPUT_PATH.

    `today` is the day up to which texts are shown, `library` holds them if they have just been
    read. `record` is that of the last build of the output: what has not changed is not made again.
    Raises FaultsError, with all that is wrong in settings, theme and texts; the previous output
    then stays as it was.
    """
    plan = plan_build(settings_file, today=today, library=library, record=record)
    if library is None:
        # No caller reads the sources any more: a tenth of the memory of a large site.
        for document in plan.library.by_source.values():
            document.body = ""
    return make_site(plan, output, record=record)


def plan_build(
    settings_file: str = SETTINGS_FILE,
    *,
    today: datetime.date | None = None,
    library: Library | None = None,
    record: BuildRecord | None = None,
    unsaved: Mapping[str, bytes] | None = None,
    base: str | None = None,
) -> Plan:
    """Read settings, theme and texts. Raises FaultsError, with all that is wrong in them.

    `unsaved` gives the bytes to read in place of the file of a source; `base` is the path of the
    site, if it is not that of SITE_URL: "" or "/blog".
    """
    settings, faults = read_settings_with_faults(settings_file)
    if base is not None:
        settings["SITE_URL"] = urlsplit(settings["SITE_URL"])._replace(path=base).geturl()
    if library is None:
        folder = display_path(Path(settings["PATH"]))
        bodies = record and record.bodies
        library = read_library(settings, folder, today=today, bodies=bodies, unsaved=unsaved)
    faults += _take_settings(library, settings)
    # A preview shows drafts too.
    is_translated = any(text.lang == OTHER_LANGUAGE for text in library.by_source.values())
    catalogue, of_theme = theme.read_theme(
        Path(settings["THEME"]), (record or BuildRecord()).theme_words, is_translated=is_translated
    )
    faults += of_theme
    if faults or library.faults:
        raise FaultsError(*faults, *library.faults)
    return Plan(settings, library, catalogue)


def _take_settings(library: Library, settings: dict) -> Iterator[Fault]:
    """Add the owner's portrait to the pictures; yield the faults of settings that name files."""
    site = settings["SITE"]
    try:
        if portrait := read_portrait(settings):
            library.pictures.add(portrait)
    except ProblemError as error:
        yield site.fault("owner.portrait", error.problem, error.remedy)
    yield from menu_faults(library, site)


def make_site(
    plan: Plan,
    output: Path | None = None,
    *,
    with_exports: bool = True,
    record: BuildRecord | None = None,
    first: FirstPages | None = None,
) -> Report:
    """Make the site of a plan, which cannot be used again. Raises FaultsError, as `build`.

    A preview is made without exports, the share cards and the portfolio: no other site shows it.
    `record` is that of the last build of `output`, and becomes that of this one. `first` has the
    pages that must not wait for the others.
    """
    settings, library = plan.settings, plan.library
    settings["LIBRARY"] = library
    output = output or Path(settings["OUTPUT_PATH"])
    if not all(fingerprint.is_input(settings[name]) for name in ("PATH", "THEME")):
        record = None
    try:
        settings["JINJA_ENVIRONMENT"] = theme.with_compiled_templates(settings["JINJA_ENVIRONMENT"])
        sources = (ROOT, Path(settings["PATH"]), Path(settings["THEME"]))
        swap.refuse_unsafe(output, *sources)
        with swap.lock(output):
            known = record and record.known
            with swap.staged_output(output, known) as staging:
                if record:
                    record.output, record.previous = staging.output, staging.previous
                    record.store_texts(library)
                built = _make_files(plan, staging, record, first, with_exports=with_exports)
            built.set_folder(output)
            report = _report(plan, built)
            if record:
                # Each build warns that the portfolio is left out.
                warns = settings["SITE"].has_portfolio and not settings["PORTFOLIOS"]
                said = "" if warns else str(report)
                record.save(staging, library, settings["TIMEZONE"], said)
    except OSError as error:
        raise FaultsError(_disk_fault(error, output, settings)) from error
    return report


class AlteredOutputError(Exception):
    """A file that a build would keep is not as it was made."""


def make_again(
    plan: Plan, output: Path, record: BuildRecord, first: FirstPages, words: SearchWords
) -> None:
    """Make a site again after bodies have changed, but no heading, no picture, no link to a file.

    `plan` and `record` are those of `make_site` in this process; the documents have the new bodies.
    `words` are those of the library.
    Pelican need not run. Raises FaultsError, as `make_site`, and AlteredOutputError if somebody has
    changed files of the theme in the output.
    """
    settings, pages = plan.settings, record.pages
    try:
        with swap.lock(output):
            with swap.staged_output(output, record.known) as staging:
                record.output, record.previous = staging.output, staging.previous
                with make_search_files(settings, plan.library, staging, words) as search_files:
                    kept = _files_of_theme(settings, record)
                    kept |= put_files(plan, staging, record, in_portfolio=False)
                    _write_files(plan, staging, record, first, kept=kept, search_files=search_files)
            record.save(staging, plan.library, settings["TIMEZONE"], "")
    except BaseException as error:
        # The output is still the site of these pages.
        record.pages = pages
        if isinstance(error, OSError):
            raise FaultsError(_disk_fault(error, output, settings)) from error
        raise


def _files_of_theme(settings: dict, record: BuildRecord) -> set[str]:
    folder = settings["MAIN_THEME_DIR"] + "/"
    outputs, _spare = record.known
    made = {
        path
        for path, (_signature, _mode, digest) in outputs.items()
        if path.startswith(folder) and isinstance(digest, str)
    }
    if not made <= record.previous.keys():
        raise AlteredOutputError
    return made


def _make_files(
    plan: Plan,
    staging: swap.Staging,
    record: BuildRecord | None,
    first: FirstPages | None,
    *,
    with_exports: bool,
) -> BuiltSite:
    """Make the files of the next site that are not those of the last one."""
    settings, library, catalogue = plan.settings, plan.library, plan.catalogue
    new = staging.folder
    # A name of its own: gettext caches catalogues by their paths.
    compiled = tempfile.mkdtemp(dir=new.parent)
    if library.language_is_used(OTHER_LANGUAGE):
        catalogues.compile_into(Path(compiled), OTHER_LANGUAGE, catalogue)
    settings["I18N_GETTEXT_LOCALEDIR"] = compiled
    settings["OUTPUT_PATH"] = str(new)
    has_portfolio = with_exports and settings["SITE"].has_portfolio
    settings["SHARE_CARDS"], settings["PORTFOLIOS"] = {}, {}
    words = record and record.search_words(settings, library)
    with make_search_files(settings, library, staging, words) as search_files:
        kept = put_files(plan, staging, record, in_portfolio=has_portfolio)
        if with_exports:
            settings["SHARE_CARDS"] = plan_share_cards(settings, library)
        if has_portfolio:
            from engine.building.portfolio_files import put_portfolios  # noqa: PLC0415

            settings["PORTFOLIOS"] = put_portfolios(settings, library, new)
        set_words = _words_of_headings(settings, catalogue)
        font = display_font.subset(set_words, record and record.font)
        settings["DISPLAY_FONT"] = font.file_name
        if record:
            record.font = font
        run_pelican(settings)
        _write_font(font, new / settings["MAIN_THEME_DIR"] / "fonts")
        return _write_files(plan, staging, record, first, kept=kept, search_files=search_files)


def _write_files(
    plan: Plan,
    staging: swap.Staging,
    record: BuildRecord | None,
    first: FirstPages | None,
    *,
    kept: set[str],
    search_files: Callable[[], tuple[dict[str, str], set[str]]],
) -> BuiltSite:
    """Write the pages and what is made of them; `kept` are the paths that stay as they are."""
    settings, library = plan.settings, plan.library
    pages = SitePages(settings)
    check = first.check if first else lambda: None
    if first:
        pages.write_first(first)
    check()
    # A preview has none.
    if cards := settings.get("SHARE_CARDS"):
        kept |= _put_cards(cards, staging)
    digests, kept_of_search = search_files()
    kept |= kept_of_search
    check()
    written = pages.write(record)
    check()
    if record:
        record.pages = written.records
    digests |= written.digests
    built = BuiltSite(staging.folder, digests, staging.previous, staging.output)
    for path in (*kept, *written.reused):
        built.keep(path)
    _write_vcard(settings, built)
    _fill_weight_tables(settings, written.tables, built)
    _refuse_missing(built, library)
    _write_redirects(library, built, settings["SITE_ADDRESS"])
    _finish(built)
    staging.digests = {file.path: file.digest for file in built}
    return built


def _report(plan: Plan, built: BuiltSite) -> Report:
    library = plan.library
    moved = sum(len(document.header["aliases"] or ()) for document in library.visible)
    return Report(
        built,
        plan.settings["SITE_ADDRESS"] + plan.settings["BASE"],
        len(built.pages) - moved,
        drafts=[document.shown_path for document in library.drafts],
        scheduled=[
            f"{document.shown_path} ({document.header['date'].first_day})"
            for document in library.scheduled
        ],
    )


def _refuse_missing(built: BuiltSite, library: Library) -> None:
    """Every visible text must have its page: a text that is dropped silently would be lost."""
    faults = []
    for document in library.visible:
        file = LANGUAGES[document.lang].root + document.save_as
        if document.save_as and file not in built.files:
            problem = Message("its page was not written")
            faults.append(Fault(document.shown_path, None, "build", problem, OWN_FAULT))
    if faults:
        raise FaultsError(*faults)


def put_files(
    plan: Plan, staging: swap.Staging, record: BuildRecord | None, *, in_portfolio: bool
) -> set[str]:
    """Put every size of every picture, and the files that are linked to, beside the pages to come.

    This finds those that are broken. Returns the paths of those that the output has already;
    a portfolio needs all pictures.
    """
    library, cache = plan.library, CACHE / "pictures"
    # A site without pictures needs no decoder; those of a cache may be too old to keep.
    if not (library.pictures or library.files or cache.exists()):
        return set()
    from engine.pictures.cache import encode_all  # noqa: PLC0415
    from engine.pictures.metadata import copy_without_metadata  # noqa: PLC0415

    names = {file.name for picture in library.pictures for file in variants(picture)}
    kept = set() if in_portfolio else names & staging.previous.keys()
    with writable_folder(cache) as folder:
        faults = [
            Fault(display_path(picture.path), None, "image", problem, remedy)
            for picture, problem, remedy in encode_all(
                library.pictures, folder, staging.folder, present=kept
            )
        ]
    for source in sorted(library.files):
        if record and record.is_copied(library.files_found[source], source):
            kept.add(source)
            continue
        try:
            copy_without_metadata(library.files_found[source], staging.folder / source)
        except ProblemError as error:
            faults.append(error.at(display_path(library.files_found[source]), None, "file"))
    if faults:
        raise FaultsError(*faults)
    return kept


def _put_cards(cards: Mapping[str, ShareCard], staging: swap.Staging) -> set[str]:
    """Put share cards beside the pages; return the paths of those that the output has already."""
    kept = {card.name for card in cards.values()} & staging.previous.keys()
    with writable_folder(CACHE / "cards") as cache:
        put_cards(cards, cache, staging.folder, kept)
    return kept


def plan_share_cards(settings: dict, library: Library) -> dict[str, ShareCard]:
    """Return the card of each text without a photo, by its path-absolute address."""
    site = settings["SITE"]
    return plan_cards(library, site.names, Path(settings["THEME"]), site.value("colours"))


def _words_of_headings(settings: dict, catalogue: Catalog) -> set[str]:
    """All that the display face sets: titles, headings, themes, and the theme's own words."""
    site = settings["SITE"]
    words = {settings["SITENAME"], site.sign, *(site.owner(lang)["name"] for lang in LANGUAGES)}
    words |= {overrides["SITENAME"] for overrides in settings["I18N_SUBSITES"].values()}
    for document in settings["LIBRARY"].visible:
        words |= {document.header["title"] or "", document.header.get("short") or ""}
        words |= {topic.name for topic in document.topics}
        words |= headings_of(document)
    # The message without words is the catalogue's own header, with the time at which it was read.
    for message in filter(lambda message: message.id, catalogue):
        for text in (message.id, message.string):
            words |= {text} if isinstance(text, str) else set(text)
    return words


def headings_of(document: Document) -> set[str]:
    """Return the words of the headings in a body."""
    return {html.unescape(_TAG.sub("", each)) for each in _HEADING.findall(document.html)}


def _write_font(font: display_font.DisplayFont, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / font.file_name).write_bytes(font.data)
    (folder / "OFL.txt").write_text(display_font.licence_text(), encoding="utf-8")


def _write_vcard(settings: dict, built: BuiltSite) -> None:
    card = contact_card(settings)
    if card:
        built.write(vcard.FILE, card.encode())


def _fill_weight_tables(settings: dict, places: list[TablePlace], built: BuiltSite) -> None:
    if not places:
        return
    # Parsers and compressors of pages, which no other part of a build needs.
    from engine.building import weight_tables  # noqa: PLC0415

    tables = [
        weight_tables.WeightTable(
            place.file, place.lang, settings["WEIGHT_TABLE_PARTIALS"][place.lang].render
        )
        for place in places
    ]
    base = urlsplit(settings["SITE_URL"]).path.rstrip("/")
    cache = CACHE / "weights.json"
    weight_tables.fill(tables, built, base, settings["ADDRESSES"], cache)


def _write_redirects(library: Library, built: BuiltSite, site_address: str) -> None:
    """Put a page at each old address of a visible text, which leads to it."""
    faults = []
    for document in library.visible:
        address = library.address(document.lang, document.url)
        title = document.header["title"] or ""
        for alias in document.header["aliases"] or ():
            file = redirects.file_of(alias)
            if file in built.files:
                problem = Message("{address} is the address of a page", address=alias)
                remedy = Message("remove it")
                line = document.lines["aliases"]
                faults.append(
                    Fault(document.shown_path, line, "aliases", problem, remedy, "address-taken")
                )
                continue
            page = redirects.redirect_page(address, site_address, title, document.lang)
            built.write(file, page.encode())
    if faults:
        raise FaultsError(*faults)


def _finish(built: BuiltSite) -> None:
    """Set the permissions of every file and write the version file.

    The permissions do not follow the umask: what a web server reads is 0644 and 0755.
    """
    for root, _folders, names in os.walk(built.folder):
        os.chmod(root, 0o755)  # noqa: PTH101, S103 - a Path each would take longer
        for name in names:
            os.chmod(os.path.join(root, name), 0o644)  # noqa: PTH101
    digest = hashlib.sha256()
    for file in built:
        digest.update(file.path.encode() + b"\0" + bytes.fromhex(file.digest))
    built.write(VERSION_FILE, f"{digest.hexdigest()}\n".encode())


def _disk_fault(error: OSError, output: Path, settings: dict) -> Fault:
    path = Path(str(error.filename or ""))
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        problem, remedy = Message("there is no room left"), Message("free some, then build again")
    elif any(path.is_relative_to(settings[name]) for name in ("PATH", "THEME")):
        return unreadable_file_error(error).at(display_path(path), None, "file")
    else:
        problem = Message("it cannot be written ({reason})", reason=system_reason(error))
        remedy = Message("fix the permissions of the folder, or name another output in SITE_OUTPUT")
    in_cache = path.is_relative_to(CACHE)
    return Fault(display_path(CACHE if in_cache else output), None, "disk", problem, remedy)


def main() -> int:
    """Build, say what was made or what is wrong; the exit code is 0 or 1."""
    # The process ends with the build: looking for cycles would take a twentieth of its time.
    gc.disable()
    output = fingerprint.output_folder()
    if words := fingerprint.words_if_unchanged(output):
        print(words)
        return 0
    try:
        print(build(record=load_record(output)))
    except FaultsError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        # Python looks for them once more at its end, except among frozen objects.
        gc.freeze()
    return 0


if __name__ == "__main__":
    sys.exit(main())
