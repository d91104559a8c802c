"""Provide the texts of the library to Pelican, to each language site its own texts only.

Pelican with its i18n_subsites plugin would read every file twice, and show a text without a
language in both sites.
"""

import datetime
import types
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pelican import Pelican, signals
from pelican.generators import ArticlesGenerator, PagesGenerator

from engine.dependencies import RecordedObject
from engine.languages import ENGLISH, FRENCH, MAIN_LANGUAGE, OTHER_LANGUAGE
from engine.texts import library as texts
from engine.texts.documents import Document, Library, Topic, list_position
from engine.texts.partial_dates import PartialDate, format_period, present_day

# The word in place of the dates of an announced project.
_SOON = {FRENCH: "bientôt", ENGLISH: "soon"}

# Kind of page -> its name in the settings of Pelican.
_SETTINGS = {
    "home": "INDEX",
    "projects": "PROJECTS",
    "news": "NEWS",
    "topics": "TAGS",
    "topic": "TAG",
    "timeline": "TIMELINE",
    "plan": "PLAN",
    "search": "SEARCH",
}


def pelican_addresses(patterns: dict[str, str]) -> dict[str, str]:
    """Return Pelican's `*_URL` and `*_SAVE_AS` settings for the address patterns of a language.

    A pattern that is empty or ends with a slash is a folder with an `index.html`.
    """
    settings = {}
    for kind, name in _SETTINGS.items():
        pattern = patterns[kind]
        settings[f"{name}_URL"] = pattern
        settings[f"{name}_SAVE_AS"] = f"{pattern}index.html"
    settings["404_SAVE_AS"] = settings["404_URL"] = patterns["not_found"]
    settings["FEED_SAVE_AS"] = settings["FEED_URL"] = patterns["feed"]
    return settings


def newest_first(article) -> tuple:
    """Return a sort key for articles: the newest first, then by file name."""
    return (-article.date.toordinal(), article.source)


def in_menu_order(page) -> tuple:
    """Return a sort key for pages: the order of every list with `order`."""
    return list_position(page.order, page.title, page.source)


class SiteText(RecordedObject):
    """A news item, a page or a project, as Pelican and the templates get it.

    It has the attributes that Pelican's generators and the templates read, and no others: each
    build makes all texts anew, and Pelican's own objects would take several times as long.
    """

    described_by = types.MappingProxyType({"html": "encoded_html"})

    def __init__(self, document: Document, library: Library, settings: dict):
        values = text_values(document, library, settings)
        vars(self).update(values, record_name=document.source, translations=[])

    @property
    def html(self) -> str:
        """Its body. A template that read the document would depend on all of it."""
        # What this reads is not noted once more.
        return object.__getattribute__(self, "encoded_html").decode()

    @property
    def encoded_html(self) -> bytes:
        """Its body in UTF-8."""
        return object.__getattribute__(self, "document").encoded_html


class SiteTopic(RecordedObject):
    """A theme, as Pelican and the templates get it: a tag."""

    def __init__(self, topic: Topic, settings: dict):
        self.record_name = f"{settings['DEFAULT_LANG']} topic {topic.slug}"
        self.name, self.slug = topic.name, topic.slug
        self.url = settings["TAG_URL"].format(slug=topic.slug)
        self.save_as = settings["TAG_SAVE_AS"].format(slug=topic.slug)
        self.page_name = self.url


def text_values(document: Document, library: Library, settings: dict) -> dict:
    """Return the attributes of a document: its header, and the values derived from it."""
    lang = document.lang
    header = dict(document.header)
    modified: PartialDate | None = header.pop("modified")
    words = {
        key: header[key] or ""
        for key in ("short", "place", "role", "form", "partners")
        if key in header
    }
    common = {
        **header,
        **words,
        "document": document,
        "lang": lang,
        "slug": document.slug,
        "url": document.url,
        "save_as": document.save_as,
        "source": document.source,
        "key": document.key,
        "status": "published",
        "template": header.get("template") or document.kind,
        "announced": document.is_announced,
        "is_stale": document.is_stale,
        "summary": header["summary"] or "",
        "description": document.description,
        "tags": [_tag(topic, settings) for topic in document.topics],
        "modified_text": modified.text(lang) if modified else "",
        "modified_iso": modified.iso if modified else "",
        "strand": document.strand,
    }
    if document.kind == "article":
        when: PartialDate = header["date"]
        common |= {
            "date": _midnight(when, settings),
            "when": when,
            "date_text": when.text(lang),
            "date_iso": when.iso,
            "date_is_exact": when.day is not None,
            "updated": _midnight(modified or when, settings),
        }
    if document.kind == "project":
        when = format_period(header["start"], header["end"], lang, library.today)
        common["period"] = _SOON[lang] if document.is_announced else when
    return common


def _midnight(date: PartialDate, settings: dict) -> datetime.datetime:
    zone = ZoneInfo(settings["TIMEZONE"])
    return datetime.datetime.combine(date.first_day, datetime.time(), zone)


def _tag(topic: Topic, settings: dict) -> SiteTopic:
    """The tag of a theme, one for all texts of a run."""
    tags = settings["TAGS_BY_TOPIC"]
    if topic not in tags:
        tags[topic] = SiteTopic(topic, settings)
    return tags[topic]


def _texts(settings: dict, kind: str) -> list[SiteText]:
    library: Library = settings["LIBRARY"]
    documents = library.visible_of(settings["DEFAULT_LANG"], kind)
    return [SiteText(document, library, settings) for document in documents]


class LibraryArticles(ArticlesGenerator):
    """Pelican's generator of articles, with those of the library."""

    def generate_context(self) -> None:
        """Put the articles into the context. They are known to be valid, and have no category."""
        self.articles = sorted(_texts(self.settings, "article"), key=newest_first)
        # Templates have no other list of them.
        self.dates = []
        for article in self.articles:
            for tag in article.tags:
                self.tags[tag].append(article)
        self.categories, self.authors = [], []
        self.context["articles"] = self.articles

    def check_disabled_readers(self) -> None:
        """Check nothing: no file is read."""

    def refresh_metadata_intersite_links(self) -> None:
        """Replace nothing: the links of summaries have their addresses."""


class LibraryPages(PagesGenerator):
    """Pelican's generator of pages, with the pages and the projects of the library."""

    def generate_context(self) -> None:
        """Put the pages into the context."""
        pages = _texts(self.settings, "page") + _texts(self.settings, "project")
        self.pages = sorted(pages, key=in_menu_order)
        self.context["pages"] = self.pages

    check_disabled_readers = LibraryArticles.check_disabled_readers
    refresh_metadata_intersite_links = LibraryArticles.refresh_metadata_intersite_links


class LibraryPelican(Pelican):
    """Pelican, with the generators of the library (the setting PELICAN_CLASS)."""

    def _get_generator_classes(self) -> list[type]:
        own = {ArticlesGenerator: LibraryArticles, PagesGenerator: LibraryPages}
        return [own.get(generator, generator) for generator in super()._get_generator_classes()]


def read_library(
    settings: dict,
    shown_folder: str | None = None,
    read: Callable[..., Library] = texts.read_texts,
    today: datetime.date | None = None,
    **options,
) -> Library:
    """Read the content folder of Pelican's `settings`, for the site at SITE_URL.

    `read` is `read_texts`, or `read_headers` if headers and addresses are enough; `options` are its
    other arguments. `today` is by default the current day in TIMEZONE.
    """
    return read(
        Path(settings["PATH"]),
        addresses=settings["ADDRESSES"],
        base=urlsplit(settings["SITE_URL"]).path.rstrip("/"),
        shown_folder=shown_folder,
        today=today or present_day(settings["TIMEZONE"]),
        **options,
    )


def add_library(pelican) -> None:
    """Set the addresses and the texts of a site, before Pelican creates its generators."""
    settings = pelican.settings
    lang = settings["DEFAULT_LANG"]
    library: Library = settings.setdefault("LIBRARY", None) or read_library(settings)
    settings["LIBRARY"] = library
    settings["BASE"] = library.base
    settings["TAGS_BY_TOPIC"] = {}
    settings["SITE_ADDRESS"] = "{0.scheme}://{0.netloc}".format(urlsplit(settings["SITE_URL"]))
    if lang == MAIN_LANGUAGE:
        subsites = settings["I18N_SUBSITES"]
        if not library.language_is_used(OTHER_LANGUAGE):
            subsites.pop(OTHER_LANGUAGE, None)
        for overrides in subsites.values():
            overrides["THEME_STATIC_PATHS"] = []
    settings["SITEURL"] = library.address(lang, "").rstrip("/")
    settings.update(pelican_addresses(settings["ADDRESSES"][lang]))


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(add_library)
