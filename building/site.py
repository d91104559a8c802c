"""Build the whole site: everything is checked first, made aside, and swapped in at the end."""

import datetime
import errno
import hashlib
import html
import logging
import os
import re
import sys
import tempfile
import traceback
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import jinja2
from babel.messages import Catalog
from pelican import Pelican
from pelican.log import console
from pelican.settings import read_settings

from building import catalogues, display_font, swap, weight_tables
from plugins.bodies import Bodies
from plugins.documents import OTHER_LANGUAGE, Library
from plugins.faults import Fault
from plugins.library_reader import read_library
from plugins.pictures.cache import encode_all
from plugins.pictures.metadata import copy
from publishing import redirects

ROOT = Path(__file__).resolve().parent.parent
SETTINGS_FILE = "pelicanconf.py"
# The file that tells which build a folder holds: a digest of all its other files.
VERSION_FILE = "version.txt"
# What a build makes again at no cost where nothing changed.
CACHE = ROOT / ".cache"
_HEADING = re.compile(r"<h[1-6][^>]*>(.*?)</h[1-6]>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_OWN_FAULT = "this is a fault of the site's code, not of a text: tell its developers"


class BuildError(Exception):
    """A build that was not made, and all the reasons."""

    def __init__(self, faults: list[Fault]):
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True)
class Report:
    """What a build made: the folder, the number of its pages, and the texts that wait."""

    output: Path
    site_address: str
    pages: int
    drafts: list[str]
    scheduled: list[str]

    def __str__(self) -> str:
        lines = [f"{self.pages} pages in {shown(self.output)}"]
        if self.drafts:
            lines.append(f"not shown, drafts: {', '.join(self.drafts)}")
        if self.scheduled:
            lines.append(f"not shown before their day: {', '.join(self.scheduled)}")
        return "\n".join(lines)


@dataclass(frozen=True)
class Plan:
    """A site without a fault, read and not yet made; `library` holds what visitors may see."""

    settings: dict
    library: Library
    catalogue: Catalog


@dataclass
class Kept:
    """What a process that prepares one site again and again need not read twice."""

    bodies: Bodies = field(default_factory=Bodies)
    # The digest of the theme's templates and words, and what was read from them.
    theme: tuple[str, Catalog] = ("", None)


def build(
    settings_file: str = SETTINGS_FILE,
    output: Path | None = None,
    *,
    today: datetime.date | None = None,
    library: Library | None = None,
) -> Report:
    """Build the site of a settings file into `output`, else into its OUTPUT_PATH.

    `today` is the day up to which texts are shown, `library` holds them where they have just been
    read. Raises BuildError, with all that is wrong in settings, theme and texts; the previous
    output then stays as it was.
    """
    return make(prepare(settings_file, today=today, library=library), output)


def prepare(
    settings_file: str = SETTINGS_FILE,
    *,
    today: datetime.date | None = None,
    library: Library | None = None,
    kept: Kept | None = None,
) -> Plan:
    """Read settings, theme and texts. Raises BuildError, with all that is wrong in them."""
    kept = kept or Kept()
    settings = read_site_settings(settings_file)
    if library is None:
        folder = shown(Path(settings["PATH"]))
        library = read_library(settings, folder, today=today, bodies=kept.bodies)
    catalogue, faults = _read_theme(Path(settings["THEME"]), kept)
    if faults or library.faults:
        raise BuildError(faults + library.faults)
    return Plan(settings, library, catalogue)


def make(plan: Plan, output: Path | None = None) -> Report:
    """Make the site of a plan, which cannot be used again. Raises BuildError, as `build`."""
    settings, library, catalogue = plan.settings, plan.library, plan.catalogue
    settings["LIBRARY"] = library
    theme = Path(settings["THEME"])
    output = output or Path(settings["OUTPUT_PATH"])
    try:
        settings["JINJA_ENVIRONMENT"] = _with_compiled_templates(settings["JINJA_ENVIRONMENT"])
        swap.refuse_unsafe(output, ROOT, Path(settings["PATH"]), theme)
        with swap.aside(output) as new, tempfile.TemporaryDirectory() as compiled:
            catalogues.compile_into(Path(compiled), OTHER_LANGUAGE, catalogue)
            font = display_font.subset(_words_of_headings(settings, catalogue), CACHE / "fonts")
            settings["DISPLAY_FONT"] = font.file_name
            settings["I18N_GETTEXT_LOCALEDIR"] = compiled
            settings["OUTPUT_PATH"] = str(new)
            _put_files(library, new)
            settings["WEIGHT_TABLES"] = []
            _run_pelican(settings)
            _write_font(font, new / settings["MAIN_THEME_DIR"] / "fonts")
            _fill_weight_tables(settings, new)
            _refuse_missing(new, library)
            moved = _write_redirects(library, new, settings["SITE_ADDRESS"])
            pages = _finish(new) - moved
    except swap.UnsafeOutputError as error:
        raise BuildError([error.fault]) from error
    except OSError as error:
        raise BuildError([_disk_fault(error, output)]) from error
    return Report(
        output,
        settings["SITE_ADDRESS"],
        pages,
        drafts=[document.shown_path for document in library.drafts],
        scheduled=[
            f"{document.shown_path} ({document.values['date'].iso})"
            for document in library.scheduled
        ],
    )


def shown(path: Path) -> str:
    """A path as the writer would type it: relative below the present folder, else whole."""
    path = Path(os.path.abspath(path))
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def read_site_settings(settings_file: str = SETTINGS_FILE) -> dict:
    """Pelican's settings, paths absolute. Raises BuildError where one of them cannot be right."""
    content = Path(os.environ.get("SITE_CONTENT") or ROOT / "content")
    if not content.is_dir():
        remedy = "make the folder, or name another in SITE_CONTENT"
        raise BuildError(
            [Fault(shown(content), None, "content", "there is no such folder", remedy)]
        )
    try:
        settings = read_settings(str(ROOT / settings_file))
    except Exception as error:  # the file is code, and may fail in any way
        raise BuildError([_settings_fault(error, settings_file)]) from error
    faults = []
    address = urlsplit(settings["SITE_URL"])
    if address.scheme not in ("http", "https") or not address.hostname or address.query:
        faults.append(
            Fault(
                settings_file,
                None,
                "SITE_URL",
                f"“{settings['SITE_URL']}” is not the address of a site",
                "write it whole, as in SITE_URL=https://example.org",
                "settings",
            )
        )
    if faults:
        raise BuildError(faults)
    # Pelican makes the paths absolute from the settings file's folder; the environment's own are
    # meant from where the command is typed.
    for name, variable in (("PATH", "SITE_CONTENT"), ("OUTPUT_PATH", "SITE_OUTPUT")):
        if os.environ.get(variable):
            settings[name] = os.path.abspath(os.environ[variable])
    return settings


def _settings_fault(error: Exception, settings_file: str) -> Fault:
    """Where in the settings an error happened."""
    path, line = settings_file, None
    for frame in traceback.extract_tb(error.__traceback__):
        if Path(frame.filename).parent == ROOT:
            path, line = Path(frame.filename).name, frame.lineno
    if isinstance(error, SyntaxError):
        path, line = Path(error.filename or path).name, error.lineno
    problem = f"it cannot be read ({error})".replace("\n", " ")
    remedy = "mend the line: each value stands in quotes, each line of a block ends with a comma"
    return Fault(path, line, "settings", problem, remedy)


def _read_theme(theme: Path, kept: Kept) -> tuple[Catalog, list[Fault]]:
    """The words of the theme in the other language, and the faults of its templates and words.

    The words are looked for once every template can be read.
    """
    digest = _digest(theme / "templates", theme / "translations")
    if kept.theme[0] == digest:
        return kept.theme[1], []
    if faults := _template_faults(theme):
        return Catalog(), faults
    catalogue, faults = catalogues.read(theme, OTHER_LANGUAGE, shown(theme))
    if not faults:
        kept.theme = digest, catalogue
    return catalogue, faults


def _digest(*folders: Path) -> str:
    """A digest of the names and the bytes of all files of folders."""
    digest = hashlib.sha256()
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _with_compiled_templates(options: dict) -> dict:
    """Jinja's options with a cache of what it makes of the templates, one for these options.

    Jinja itself looks whether a template has changed, and of its options it knows nothing.
    """
    made_with = f"{sorted(options.items())} {version('jinja2')}"
    folder = CACHE / "templates" / hashlib.sha256(made_with.encode()).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    return {**options, "bytecode_cache": jinja2.FileSystemBytecodeCache(str(folder))}


def _template_faults(theme: Path) -> list[Fault]:
    """The templates that Jinja cannot read."""
    environment = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    faults = []
    for path in sorted((theme / "templates").rglob("*.*")):
        try:
            environment.parse(path.read_text("utf-8"))
        except jinja2.TemplateSyntaxError as error:
            problem = f"the template cannot be read ({error.message})"
            faults.append(Fault(shown(path), error.lineno, "template", problem, "mend the line"))
    return faults


class _Complaints(logging.Handler):
    """Gathers what Pelican only logs: a build with a warning is not a build."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.faults: list[Fault] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        # A decorative image is allowed, and its empty alt is right.
        if not message.startswith("Empty alt attribute"):
            self.faults.append(
                Fault("build", None, record.name, message.strip(), _OWN_FAULT, "build")
            )


def _run_pelican(settings: dict) -> None:
    complaints = _Complaints()
    logger = logging.getLogger()
    logger.addHandler(complaints)
    console.quiet = True
    try:
        Pelican(settings).run()
    except jinja2.TemplateError as error:
        raise BuildError([_template_fault(error, Path(settings["THEME"]))]) from error
    finally:
        logger.removeHandler(complaints)
    if complaints.faults:
        raise BuildError(complaints.faults)


def _template_fault(error: jinja2.TemplateError, theme: Path) -> Fault:
    """Where in the templates an error happened: the last of their lines in its traceback."""
    path, line = str(theme), None
    for frame in traceback.extract_tb(error.__traceback__):
        if Path(frame.filename).is_relative_to(theme):
            path, line = frame.filename, frame.lineno
    if isinstance(error, jinja2.TemplateSyntaxError):
        line = error.lineno
    remedy = "mend the name, or give it a value in a plugin"
    return Fault(shown(Path(path)), line, "template", str(error.message), remedy)


def _refuse_missing(output: Path, library: Library) -> None:
    """Every visible text must have its page: a text that is dropped silently would be lost."""
    faults = []
    for document in library.documents:
        root = output / (OTHER_LANGUAGE if document.lang == OTHER_LANGUAGE else "")
        if document.save_as and not (root / document.save_as).is_file():
            problem = "its page was not written"
            faults.append(Fault(document.shown_path, None, "build", problem, _OWN_FAULT))
    if faults:
        raise BuildError(faults)


def _put_files(library: Library, new: Path) -> None:
    """Put every size of every picture, and the files that are linked to, beside the pages to come.

    This finds those that are broken.
    """
    faults = [
        Fault(shown(picture.path), None, "image", *fault.split("; ", 1))
        for picture, fault in encode_all(library.pictures, CACHE / "pictures", new)
    ]
    for source in sorted(library.files):
        try:
            copy(library.folder / source, new / source)
        except ValueError as error:
            path = shown(library.folder / source)
            faults.append(Fault(path, None, "file", *str(error).split("; ", 1)))
    if faults:
        raise BuildError(faults)


def _words_of_headings(settings: dict, catalogue: Catalog) -> set[str]:
    """All that the display face sets: titles, headings, themes, and the theme's own words."""
    words = {settings["SITENAME"]}
    words |= {overrides["SITENAME"] for overrides in settings["I18N_SUBSITES"].values()}
    for document in settings["LIBRARY"].documents:
        words |= {document.values["title"] or "", document.values.get("short") or ""}
        words |= {topic.name for topic in document.topics}
        for heading in _HEADING.findall(document.html):
            words.add(html.unescape(_TAG.sub("", heading)))
    # The message without words is the catalogue's own header, with the hour at which it was read.
    for message in filter(lambda message: message.id, catalogue):
        for text in (message.id, message.string):
            words |= {text} if isinstance(text, str) else set(text)
    return words


def _write_font(font: display_font.DisplayFont, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / font.file_name).write_bytes(font.data)
    (folder / "OFL.txt").write_text(display_font.licence_text(), encoding="utf-8")


def _fill_weight_tables(settings: dict, output: Path) -> None:
    base = urlsplit(settings["SITE_URL"]).path.rstrip("/")
    cache = CACHE / "weights.json"
    weight_tables.fill(settings["WEIGHT_TABLES"], output, base, settings["ADDRESSES"], cache)


def _write_redirects(library: Library, output: Path, site_address: str) -> int:
    """Put a page at each old address of a visible text, which leads to it; return how many."""
    faults, written = [], 0
    for document in library.documents:
        address = library.address(document.lang, document.url)
        title = document.values["title"] or ""
        for alias in document.values["aliases"] or ():
            file = output / redirects.file_of(alias)
            if file.exists():
                problem, remedy = f"{alias} is the address of a page", "remove it"
                line = document.lines["aliases"]
                faults.append(
                    Fault(document.shown_path, line, "aliases", problem, remedy, "address-taken")
                )
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            page = redirects.page(address, site_address, title, document.lang)
            file.write_text(page, encoding="utf-8")
            written += 1
    if faults:
        raise BuildError(faults)
    return written


def _finish(output: Path) -> int:
    """Set the rights of every file, write the version file; return the number of pages.

    The rights do not follow the umask: what a web server reads is 0644 and 0755.
    """
    digest = hashlib.sha256()
    pages = 0
    for path in sorted(output.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
            continue
        path.chmod(0o644)
        pages += path.suffix == ".html"
        digest.update(path.relative_to(output).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    version_file = output / VERSION_FILE
    version_file.write_text(f"{digest.hexdigest()}\n", encoding="ascii")
    version_file.chmod(0o644)
    return pages


def _disk_fault(error: OSError, output: Path) -> Fault:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        problem, remedy = "there is no room left", "free some, then build again"
    else:
        problem = f"it cannot be written ({error.strerror})"
        remedy = "mend the rights of the folder, or name another output in SITE_OUTPUT"
    in_cache = str(error.filename or "").startswith(str(CACHE))
    return Fault(shown(CACHE if in_cache else output), None, "disk", problem, remedy)


def main() -> int:
    """Build, say what was made or what is wrong; the exit code is 0 or 1."""
    try:
        print(build())
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
