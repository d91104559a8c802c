"""Put the portfolio of each language into a site, or into the current folder: `./inv portfolio`."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.exports import portfolio
from engine.exports.ribbon_colours import ColourPalette
from engine.faults import Fault, FaultsError, Message
from engine.languages import LANGUAGES, source_in
from engine.pictures.cached_files import writable_folder
from engine.ribbon import first_hank
from engine.settings.site_settings import CACHE, display_path
from engine.texts.documents import Document, Library
from engine.texts.links import describe_file

# PDF is printed on white.
_PAPER = "#ffffff"
NOT_INSTALLED = Message(
    "the portfolio is left out: what makes it is not installed; call ./inv portfolio once"
)


@dataclass(frozen=True)
class PortfolioLink:
    """The path-absolute address of a portfolio, and its format and size in words."""

    address: str
    description: str


def put_portfolios(settings: dict, library: Library, output: Path) -> dict[str, PortfolioLink]:
    """Put the portfolio of each language with a project beside its pages.

    Returns the link of each, by language. Without Typst there is none, and a warning is printed.
    The pictures must be in `output`. Raises FaultsError.
    """
    languages = [lang for lang in LANGUAGES if library.visible_of(lang, "project")]
    if languages and not portfolio.is_installed():
        print(NOT_INSTALLED, file=sys.stderr)
        return {}
    links = {}
    for lang in languages:
        path = f"{LANGUAGES[lang].root}{portfolio.FILE}"
        source = _portfolio(settings, library, lang, output).whole()
        pdf = _compile(source, output)
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (output / path).write_bytes(pdf)
        size = describe_file(path, len(pdf), lang)
        links[lang] = PortfolioLink(library.address(lang, portfolio.FILE), size)
    return links


def write_portfolios(
    settings: dict, library: Library, file: str | None, target: Path
) -> list[Path]:
    """Write the portfolio of each language, or the project in a file, into a folder.

    Returns the paths. Raises FaultsError.
    """
    chosen = _find_project(library, file) if file else None
    written = []
    with _pictures(library) as images:
        for lang in [chosen.lang] if chosen else LANGUAGES:
            if not chosen and not library.visible_of(lang, "project"):
                continue
            pages = _portfolio(settings, library, lang, images)
            source = pages.of_project(chosen) if chosen else pages.whole()
            stem = Path(chosen.key).name if chosen else Path(portfolio.FILE).stem
            path = target / Path(source_in(lang, stem)).with_suffix(".pdf")
            path.write_bytes(_compile(source, images))
            written.append(path)
    return written


@contextmanager
def _pictures(library: Library) -> Iterator[Path]:
    from engine.pictures.cache import encode_all  # noqa: PLC0415 - a build rarely needs it

    pictures = CACHE / "pictures"
    with tempfile.TemporaryDirectory() as folder, writable_folder(pictures) as cache:
        encode_all(library.pictures, cache, Path(folder))
        yield Path(folder)


def _find_project(library: Library, file: str) -> Document:
    wanted = Path(file).resolve()
    projects = [text for lang in LANGUAGES for text in library.visible_of(lang, "project")]
    for project in projects:
        if project.path.resolve() == wanted:
            return project
    names = ", ".join(display_path(project.path) for project in projects)
    problem = Message("it is not a project that visitors can see")
    remedy = Message("name one of {names}", names=names)
    raise FaultsError(Fault(file, None, "portfolio", problem, remedy))


def _portfolio(settings: dict, library: Library, lang: str, images: Path) -> portfolio.Portfolio:
    site = settings["SITE"]
    palette = ColourPalette(Path(settings["THEME"]), site.value("colours"), _PAPER)
    identity = portfolio.Identity(
        site.names[lang], site.tagline(lang), site.owner(lang), settings["SITE_URL"].rstrip("/")
    )
    return portfolio.Portfolio(
        library,
        lang,
        identity,
        portfolio.image_finder(images, library.base),
        lambda projects: palette.colours(first_hank(projects)),
    )


def _compile(source: str, images: Path) -> bytes:
    from typst import TypstError  # noqa: PLC0415 - installed on demand

    try:
        return portfolio.compile_pdf(source, images, CACHE / "portfolio")
    except TypstError as error:
        reason = " ".join(str(error.message).split())
        problem = Message("the PDF cannot be made ({reason})", reason=reason)
        remedy = Message("write portfolio: no in site.yml, and tell the site's developers")
        raise FaultsError(Fault(portfolio.FILE, None, "portfolio", problem, remedy)) from error
