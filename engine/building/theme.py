"""Read the theme: check and compile its templates, load its words in the other language."""

import contextlib
import hashlib
import traceback
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import jinja2
from babel.messages import Catalog

from engine.building import catalogues
from engine.faults import Fault, Message, unread_file_fault
from engine.languages import OTHER_LANGUAGE
from engine.paths import is_temporary
from engine.pictures.cached_files import read_stored, write_atomically
from engine.settings.site_settings import CACHE, display_path


@dataclass
class ThemeCache:
    """The last catalogue, with the digest of the templates and translations it was made from."""

    digest: str = ""
    catalogue: Catalog | None = None


def parse_templates(theme: Path) -> tuple[dict[str, jinja2.nodes.Template], list[Fault]]:
    """Return the parsed templates by name, and the syntax errors of the others."""
    environment = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    templates, faults = {}, []
    for path in sorted((theme / "templates").rglob("*")):
        name = path.relative_to(theme / "templates").as_posix()
        if path.is_dir() or not is_template(name):
            continue
        try:
            templates[name] = environment.parse(path.read_bytes().decode())
        except (OSError, UnicodeDecodeError) as error:
            faults.append(unread_file_fault(error, display_path(path), "template"))
        except jinja2.TemplateSyntaxError as error:
            problem = Message("the template cannot be read ({reason})", reason=error.message)
            remedy = Message("fix the line")
            faults.append(Fault(display_path(path), error.lineno, "template", problem, remedy))
    return templates, faults


def is_template(name: str) -> bool:
    """Whether a file is a template, by its path below their folder."""
    return "." in name and not any(map(is_temporary, name.split("/")))


def fault_of(error: Exception, theme: Path) -> Fault | None:
    """Locate an error in the templates, by the last template line of its traceback.

    Returns None for an error of the code, without a template in the traceback, and for one of the
    disk.
    """
    if isinstance(error, OSError):
        return None
    path, line = None, None
    for frame in traceback.extract_tb(error.__traceback__):
        if Path(frame.filename).is_relative_to(theme):
            path, line = frame.filename, frame.lineno
    if isinstance(error, jinja2.TemplateSyntaxError):
        line = error.lineno
    if path is None and not isinstance(error, jinja2.TemplateError):
        return None
    said = str(error) or type(error).__name__
    if not isinstance(error, jinja2.TemplateError):
        said = f"{type(error).__name__}: {said}"
    problem = Message("{error}", error=said)
    remedy = Message("correct the line, or give its names other values in a plugin")
    return Fault(display_path(Path(path or theme)), line, "template", problem, remedy)


def read_theme(
    theme: Path, cache: ThemeCache, *, is_translated: bool = True
) -> tuple[Catalog, list[Fault]]:
    """Return the catalogue of the other language, and the faults of templates and catalogue.

    The catalogue is read only if every template is valid. For a site in one language it contains
    the messages of the templates, untranslated.
    """
    digest = f"{is_translated} {_digest(theme / 'templates', theme / 'translations')}"
    if cache.digest == digest:
        return cache.catalogue, []
    templates, faults = parse_templates(theme)
    if faults:
        return Catalog(), faults
    if is_translated:
        catalogue, faults = catalogues.load_catalogue(
            theme, OTHER_LANGUAGE, display_path(theme), templates
        )
    else:
        catalogue = Catalog()
        for message in catalogues.template_words(templates):
            catalogue.add(message, message)
    if not faults:
        cache.digest, cache.catalogue = digest, catalogue
    return catalogue, faults


def _digest(*folders: Path) -> str:
    """Return a digest of the names and the bytes of all files in folders."""
    digest = hashlib.sha256()
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


class TemplateCache(jinja2.BytecodeCache):
    """The compiled templates in a folder; one that was cut or altered is compiled again."""

    def __init__(self, folder: Path):
        self._folder = folder

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Load a template, if it is there."""
        if data := read_stored(self._folder / bucket.key):
            bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Store a template; if that fails, the next build takes longer."""
        with contextlib.suppress(OSError):
            write_atomically(bucket.bytecode_to_string(), self._folder / bucket.key)


def with_compiled_templates(options: dict) -> dict:
    """Add a bytecode cache, specific to these options, to the options of Jinja.

    Jinja detects a changed template, but not changed options.
    """
    made_with = f"{sorted(options.items())} {version('jinja2')}"
    folder = CACHE / "templates" / hashlib.sha256(made_with.encode()).hexdigest()[:12]
    return {**options, "bytecode_cache": TemplateCache(folder)}
