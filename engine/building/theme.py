"""The theme as a build reads it: its templates, kept compiled, and its words in English."""

import hashlib
import traceback
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import jinja2
from babel.messages import Catalog

from engine.building import catalogues
from engine.faults import Fault, Message
from engine.languages import OTHER_LANGUAGE
from engine.settings.site_settings import CACHE, shown


@dataclass
class ThemeCache:
    """The words that were read last, and the digest of the templates and words at that time."""

    digest: str = ""
    catalogue: Catalog | None = None


def parse_templates(theme: Path) -> tuple[dict[str, jinja2.nodes.Template], list[Fault]]:
    """The templates by their names, and the faults of those that Jinja cannot read."""
    environment = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    templates, faults = {}, []
    for path in sorted((theme / "templates").rglob("*.*")):
        name = path.relative_to(theme / "templates").as_posix()
        try:
            templates[name] = environment.parse(path.read_text("utf-8"))
        except jinja2.TemplateSyntaxError as error:
            problem = Message("the template cannot be read ({reason})", reason=error.message)
            remedy = Message("fix the line")
            faults.append(Fault(shown(path), error.lineno, "template", problem, remedy))
    return templates, faults


def fault_of(error: Exception, theme: Path) -> Fault | None:
    """Where in the templates an error happened: the last of their lines in its traceback.

    None if no template is in it: the error is one of the code.
    """
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
    return Fault(shown(Path(path or theme)), line, "template", problem, remedy)


def read_theme(
    theme: Path, cache: ThemeCache, *, is_translated: bool = True
) -> tuple[Catalog, list[Fault]]:
    """The words of the theme in the other language, and the faults of its templates and words.

    The words are looked for once every template can be read; a site of one language has only those
    of the templates.
    """
    digest = f"{is_translated} {_digest(theme / 'templates', theme / 'translations')}"
    if cache.digest == digest:
        return cache.catalogue, []
    templates, faults = parse_templates(theme)
    if faults:
        return Catalog(), faults
    if is_translated:
        catalogue, faults = catalogues.load_catalogue(
            theme, OTHER_LANGUAGE, shown(theme), templates
        )
    else:
        catalogue = Catalog()
        for message in catalogues.template_words(templates):
            catalogue.add(message, message)
    if not faults:
        cache.digest, cache.catalogue = digest, catalogue
    return catalogue, faults


def _digest(*folders: Path) -> str:
    """A digest of the names and the bytes of all files of folders."""
    digest = hashlib.sha256()
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def with_compiled_templates(options: dict) -> dict:
    """Jinja's options with a cache of what it makes of the templates, one for these options.

    Jinja itself looks whether a template has changed, and of its options it knows nothing.
    """
    made_with = f"{sorted(options.items())} {version('jinja2')}"
    folder = CACHE / "templates" / hashlib.sha256(made_with.encode()).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    return {**options, "bytecode_cache": jinja2.FileSystemBytecodeCache(str(folder))}
