"""Make the portfolio, or one project, as an accessible PDF (PDF/UA-1), with Typst.

Typst is installed only if it is wanted (`requirements-portfolio.txt`); nothing else imports it. It
refuses a document without alternative texts, title or language; no other checker has been run, so
that nothing calls the file conforming.
"""

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path

from engine.exports import card_drawing
from engine.exports.ribbon_colours import RibbonColours
from engine.exports.typst_bodies import BodyConverter, call, sequence, string
from engine.languages import ENGLISH, FRENCH, LANGUAGES
from engine.pictures.cached_files import read_stored, remove_unused, write_atomically
from engine.texts.documents import Document, Library
from engine.texts.partial_dates import format_period

# Relative to the root of a language; the same name in each.
FILE = "portfolio.pdf"
_WORDS = {
    FRENCH: {
        "contents": "Sommaire",
        "news": "Actualités",
        "contact": "Contact",
        "period": "Période",
        "place": "Lieu",
        "role": "Mon rôle",
        "form": "Forme",
        "partners": "Partenaires",
        "topics": "Thèmes",
        "soon": "bientôt",
        "e-mail": "Adresse électronique",
        "phone": "Téléphone",
        "address": "Adresse postale",
        "site": "Site",
    },
    ENGLISH: {
        "contents": "Contents",
        "news": "News",
        "contact": "Contact",
        "period": "Period",
        "place": "Place",
        "role": "My role",
        "form": "Form",
        "partners": "Partners",
        "topics": "Topics",
        "soon": "soon",
        "e-mail": "E-mail",
        "phone": "Telephone",
        "address": "Postal address",
        "site": "Site",
    },
}
_LAYOUT = """
#set page(paper: "a4", margin: (x: 2.6cm, y: 2.4cm), numbering: "1")
#set text(font: "Libertinus Serif", size: 11pt, fill: rgb(INK))
#set par(leading: 0.7em, spacing: 1.1em)
#set table(stroke: 0.4pt + rgb(INK), inset: 5pt)
#set enum(numbering: "1.")
#show selector.or(heading, title): set text(
  font: "Bricolage Grotesque 96pt", weight: "bold", stretch: 87.5%, hyphenate: false,
)
#show title: set text(size: 38pt)
#show heading: set block(above: 1.5em, below: 0.8em)
#show heading.where(level: 1): set text(size: 22pt)
#show heading.where(level: 2): set text(size: 15pt)
#show heading.where(level: 3): set text(size: 12pt)
#show link: underline
#show image: set align(left)
#show outline.entry.where(level: 1): set block(above: 0.9em)
"""


@dataclass(frozen=True)
class Identity:
    """Who the portfolio is of: values of `site.yml`, and the whole address of the site."""

    site: str
    tagline: str
    owner: dict
    site_address: str


def is_installed() -> bool:
    """Whether Typst is installed."""
    return find_spec("typst") is not None


def compile_pdf(source: str, images: Path, cache_folder: Path) -> bytes:
    """Compile a source of Typst into a PDF, or take it from the cache.

    Its paths of images are relative to the folder `images`; their names have a digest.
    """
    import typst  # noqa: PLC0415 - installed on demand

    font = card_drawing.font_data()
    made_from = (typst.__version__, hashlib.sha256(font).hexdigest(), source)
    stored = cache_folder / f"{hashlib.sha256(repr(made_from).encode()).hexdigest()}.pdf"
    remove_unused(cache_folder, {stored.name})
    if pdf := read_stored(stored):
        return pdf
    with tempfile.TemporaryDirectory(dir=images.parent) as fonts:
        Path(fonts, "headings.ttf").write_bytes(font)
        pdf = typst.compile(
            source.encode(),
            root=str(images),
            format="pdf",
            font_paths=[fonts],
            ignore_system_fonts=True,
            pdf_standards="ua-1",
        )
    # The next one takes longer.
    with suppress(OSError):
        write_atomically(pdf, stored)
    return pdf


# --- The document --------------------------------------------------------------------------------


class Portfolio:
    """Writes the source of a portfolio in one language.

    `find_image` returns the path of the file of a picture by its address, None without one;
    `colours` returns those of a ribbon of strands.
    """

    def __init__(
        self,
        library: Library,
        lang: str,
        identity: Identity,
        find_image: Callable[[str], str | None],
        colours: Callable[[Sequence], RibbonColours],
    ):
        self._library, self._lang, self._identity = library, lang, identity
        self._find_image, self._colours = find_image, colours
        self._words = _WORDS[lang]

    def whole(self) -> str:
        """Return the source of the portfolio: cover, contents, projects, news, contact."""
        projects = self._library.visible_of(self._lang, "project")
        news = self._library.visible_of(self._lang, "article")
        parts = [
            *self._cover(projects),
            f"outline(title: {string(self._words['contents'])}, depth: 1)",
            *(part for project in projects for part in ("pagebreak()", *self._project(project))),
            *self._news(news),
            *self._contact(),
        ]
        return self._document(self._identity.site, (*projects, *news), parts)

    def of_project(self, project: Document) -> str:
        """Return the source of one project with the contact."""
        parts = [*self._project(project), *self._contact()]
        return self._document(project.header["title"], (project,), parts)

    def _document(self, title: str, texts: Iterable[Document], parts: Iterable[str]) -> str:
        colours = self._colours(())
        author = f", author: {string(self._identity.owner['name'])}"
        locale = LANGUAGES[self._lang].locale.partition("_")
        return (
            f"#set document(title: {string(title)}, date: {_latest_date(texts)}"
            f"{author if self._identity.owner['name'] else ''})\n"
            f"#set text(lang: {string(locale[0])}, region: {string(locale[2])})"
            f"{_LAYOUT.replace('INK', string(colours.ink))}#{{\n" + "\n".join(parts) + "\n}\n"
        )

    def _cover(self, projects: Sequence[Document]) -> Iterator[str]:
        identity = self._identity
        svg = card_drawing.ribbon_svg(self._colours(projects), left=520)
        ribbon = f'image(bytes({string(svg)}), format: "svg", width: 21cm)'
        yield f"place(top + left, dx: -2.6cm, dy: -2.4cm, pdf.artifact({ribbon}))"
        yield "v(15cm)"
        yield "title()"
        if identity.tagline:
            yield call("par", f"text(size: 16pt, {string(identity.tagline)})")
        if identity.owner["name"] and identity.owner["name"] not in identity.site:
            yield call("par", f"text(size: 13pt, {string(identity.owner['name'])})")
        yield "pagebreak()"

    def _project(self, project: Document) -> Iterator[str]:
        colour = self._colours([project]).strands[0].colour
        yield f"pdf.artifact(rect(width: 3.2cm, height: 5pt, fill: rgb({string(colour)})))"
        yield f"heading(level: 1, {string(project.header['title'])})"
        header = project.header
        period = format_period(header["start"], header["end"], self._lang, self._library.today)
        topics = ", ".join(topic.name for topic in project.topics)
        facts = {"period": self._words["soon"] if project.is_announced else period}
        facts |= {key: header[key] or "" for key in ("place", "role", "form", "partners")}
        yield self._facts(facts | {"topics": topics})
        if project.is_announced:
            yield call("par", string(project.description)) if project.description else ""
        else:
            yield self._body(project, level=2)

    def _news(self, news: Sequence[Document]) -> Iterator[str]:
        if not news:
            return
        yield "pagebreak()"
        yield f"heading(level: 1, {string(self._words['news'])})"
        newest = sorted(news, key=lambda text: (text.header["date"].first_day, text.key))[::-1]
        for year, items in groupby(newest, key=lambda text: text.header["date"].year):
            yield f"heading(level: 2, {string(str(year))})"
            yield call("list", *map(self._news_item, items))

    def _news_item(self, text: Document) -> str:
        link = call("link", string(self._address(text)), string(text.header["title"]))
        date = string(f"{text.header['date'].text(self._lang)} · ")
        words = [call("par", string(text.description))] if text.description else []
        return sequence([call("par", sequence([date, link])), *words])

    def _contact(self) -> Iterator[str]:
        owner = self._identity.owner
        values = {"e-mail": owner["email"], "phone": owner["phone"], "address": owner["address"]}
        facts = values | {"site": self._identity.site_address}
        yield f"heading(level: 1, {string(self._words['contact'])})"
        yield call("par", string(owner["name"])) if owner["name"] else ""
        yield self._facts(facts)
        for name, address in owner["links"].items():
            yield call("par", call("link", string(address), string(name)))

    def _facts(self, facts: dict[str, str]) -> str:
        items = [
            call("terms.item", string(self._words[key]), _linked(key, value))
            for key, value in facts.items()
            if value
        ]
        return call("terms", *items) if items else ""

    def _body(self, text: Document, level: int) -> str:
        prefix = re.sub("[^a-z0-9]+", "-", text.key.lower())
        convert = BodyConverter(self._address(text), self._find_image, f"n-{prefix}", level).convert
        return convert(text.html)

    def _address(self, text: Document) -> str:
        return f"{self._identity.site_address}{self._library.site_path(text)}"


def _linked(key: str, value: str) -> str:
    scheme = {"e-mail": "mailto:", "site": ""}.get(key)
    if scheme is None:
        return string(value)
    return call("link", string(f"{scheme}{value}"), string(value))


def _latest_date(texts: Iterable[Document]) -> str:
    """Return the date of the newest text, so that two builds make the same file."""
    dates = [
        date.first_day
        for text in texts
        for key in ("modified", "date", "end", "start")
        if (date := text.header.get(key))
    ]
    if not dates:
        return "none"
    newest = max(dates)
    return f"datetime(year: {newest.year}, month: {newest.month}, day: {newest.day})"


def image_finder(root: Path, base: str) -> Callable[[str], str | None]:
    """Return a function that finds the file of a picture by its path-absolute address."""

    @cache
    def find(address: str) -> str | None:
        path = address.removeprefix(f"{base}/")
        if Path(path).suffix in (".jpg", ".png", ".svg", ".gif", ".webp") and (
            root / path
        ).resolve().is_relative_to(root.resolve()):
            return f"/{path}" if (root / path).is_file() else None
        return None

    return find
