"""Provide addresses, menus, counterparts in the other language, and the sitemap."""

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from pelican import signals
from pelican.generators import PagesGenerator

from engine.dependencies import SharedResults, render
from engine.faults import Fault, Message
from engine.languages import LANGUAGES, MAIN_LANGUAGE, OTHER_LANGUAGE
from engine.texts.addresses import years_of_news
from engine.texts.documents import Library
from engine.texts.partial_dates import PartialDate
from plugins.library_reader import SiteText

_PAIRED_LISTS = ("home", "projects", "news", "topics", "timeline", "plan", "search")
_LISTS = (*_PAIRED_LISTS, "feed")
# The default menu.
_MENU_LISTS = ("home", "projects", "news", "timeline")


@dataclass(frozen=True)
class SitemapEntry:
    """A page of the sitemap; `alternates` maps languages to addresses."""

    address: str
    modified: str
    alternates: dict[str, str]


@pass_context
def address(context, url: str) -> str:
    """Jinja filter: return the path-absolute address of a URL relative to its language's root."""
    return url if url.startswith("/") else f"{context['SITEURL']}/{url}"


def language_pairs(library: Library) -> list[dict[str, str]]:
    """Return every pair of translated pages: language -> path-absolute address.

    The second and later pages of a list have no counterpart: their news differ.
    """
    if not all(library.language_is_used(lang) for lang in LANGUAGES):
        return []

    def pair(kind: str, **values: dict) -> dict[str, str]:
        """Return the addresses of a pattern; `values` gives those of each field by language."""
        return {
            lang: library.address(
                lang,
                library.addresses[lang][kind].format(
                    **{field: by_language[lang] for field, by_language in values.items()}
                ),
            )
            for lang in LANGUAGES
        }

    pairs = [pair(kind) for kind in _PAIRED_LISTS]
    years = years_of_news(library.visible)
    for year in sorted(years[MAIN_LANGUAGE] & years[OTHER_LANGUAGE]):
        pairs.append(pair("year", year=dict.fromkeys(LANGUAGES, year)))
    topics = {}
    for document in library.visible:
        other = library.counterpart(document)
        if other is None or document.lang != MAIN_LANGUAGE:
            continue
        if document.save_as:
            pairs.append(
                {text.lang: library.address(text.lang, text.url) for text in (document, other)}
            )
        for french, english in zip(document.topics, other.topics, strict=False):
            topics.setdefault(french.slug, english.slug)
    for french, english in sorted(topics.items()):
        pairs.append(pair("topic", slug={MAIN_LANGUAGE: french, OTHER_LANGUAGE: english}))
    return pairs


def sitemap(
    library: Library, pairs: list[dict[str, str]], news_on_a_page: int
) -> list[SitemapEntry]:
    """Return every page that a search engine may list, sorted by address, with its last change.

    A list changes with its newest text. W3C Datetime allows a date without day or month.
    `news_on_a_page` is the length of a page of a list.
    """
    alternates = {address: pair for pair in pairs for address in pair.values()}
    modified: dict[str, PartialDate | None] = {}
    for lang, patterns in library.addresses.items():
        if lang == MAIN_LANGUAGE or library.language_is_used(lang):
            changes = _changes(library, lang, patterns, news_on_a_page)
            root = library.address(lang, "")
            for url, date in changes:
                address_ = root + url
                known = modified.setdefault(address_, date)
                if date and (known is None or known.first_day < date.first_day):
                    modified[address_] = date
    return [
        SitemapEntry(address_, date.iso if date else "", alternates.get(address_, {}))
        for address_, date in sorted(modified.items())
    ]


def _changes(
    library: Library, lang: str, patterns: dict[str, str], news_on_a_page: int
) -> Iterator[tuple[str, PartialDate | None]]:
    """Yield each page of a language with each date of a change, or None."""
    lengths, news = Counter(), []
    for document in (text for text in library.visible if text.lang == lang):
        date = document.header["modified"] or document.header.get("date")
        topics = [patterns["topic"].format(slug=topic.slug) for topic in document.topics]
        own = [document.url] if document.save_as else []
        if document.kind == "article":
            own.append(patterns["year"].format(year=document.header["date"].year))
            news.append(date)
            lengths.update({patterns["news"], *topics})
        for url in (*own, *topics):
            yield url, date
    newest = max(news, key=lambda date: date.first_day, default=None)
    for kind in _PAIRED_LISTS:
        yield patterns[kind], newest
    for url, length in lengths.items():
        for number in range(2, -(-length // news_on_a_page) + 1):
            yield f"{url}page/{number}/", None


def menu(pages: Iterable, name: str, root: str) -> list[dict[str, str]]:
    """Return the pages of a menu ("main" or "footer") as {"title", "url"}, in order."""
    return [
        {"title": page.title, "url": f"{root}/{page.url}"} for page in pages if page.menu == name
    ]


def main_menu(
    entries: Sequence, pages: Sequence, links: Mapping[str, str], root: str
) -> list[dict[str, str]]:
    """Return the owner's menu, else the default one, as {"title", "url", "list"}.

    `entries` are those of `SiteFile.menu`. `links` gives the address of each list; its title is "",
    because the template has the words. A hidden page has no entry.
    """
    if not entries:
        lists = [{"title": "", "url": links[name], "list": name} for name in _MENU_LISTS]
        return lists + [entry | {"list": ""} for entry in menu(pages, "main", root)]
    by_name = {page.key: page for page in pages}
    found = []
    for entry in entries:
        page = by_name.get(f"pages/{entry.name}")
        if page:
            title = entry.words or page.title
            found.append({"title": title, "url": f"{root}/{page.url}", "list": ""})
        elif entry.name in _PAIRED_LISTS:
            found.append({"title": entry.words, "url": links[entry.name], "list": entry.name})
    return found


def menu_faults(library: Library, site) -> Iterator[Fault]:
    """Yield a fault for each menu entry of a `SiteFile` that is neither a list nor a page."""
    names = [
        text.key.removeprefix("pages/")
        for text in library.by_source.values()
        if text.kind == "page"
    ]
    known = (*_PAIRED_LISTS, *names)
    for lang in LANGUAGES:
        for entry in site.value(f"menu.{lang}"):
            if entry.name not in known:
                problem = Message("no list and no page is called “{name}”", name=entry.name)
                remedy = Message("write one of {names}", names=", ".join(dict.fromkeys(known)))
                if near := difflib.get_close_matches(entry.name, known, n=1):
                    remedy = Message("did you mean {name}?", name=near[0])
                yield replace(site.fault(f"menu.{lang}", problem, remedy), line=entry.line)


class RenderOnce(SharedResults):
    """The templates' function `render_once(partial)`, which renders a partial with a menu once.

    Of the variables of a page, the partial has three: `is_home`, `section`, and `here`, its address
    if that is one of the variable `menu_addresses`, else "".
    """

    @pass_context
    def __call__(self, context: Context, partial: str) -> Markup:
        """Return the partial, rendered for this page or for one with the same values."""
        here = context["here"]
        values = {
            "is_home": context["kind"] == "home",
            "section": context["section"],
            "here": here if here in context["menu_addresses"] else "",
        }

        def make() -> Markup:
            template = context.environment.get_template(partial)
            return Markup(render(template, values))  # noqa: S704 - the theme's

        return self.get((partial, *values.values()), make, own=values)


@pass_context
def render_entry(context: Context, partial: str, text: SiteText) -> Markup:
    """Render the partial of an entry once for all lists: of their variables, it has `text` only."""

    def make() -> Markup:
        template = context.environment.get_template(partial)
        return Markup(render(template, {"text": text}))  # noqa: S704 - the theme's

    return context["entries"].get((partial, id(text)), make, own=("text",))


def add_navigation(generators: list) -> None:
    """Put addresses, menus and counterparts into the context."""
    generator = next(g for g in generators if isinstance(g, PagesGenerator))
    context, settings = generator.context, generator.settings
    library: Library = settings["LIBRARY"]
    lang = settings["DEFAULT_LANG"]
    root = settings["SITEURL"]
    other = OTHER_LANGUAGE if lang == MAIN_LANGUAGE else MAIN_LANGUAGE
    pairs = language_pairs(library)
    by_address = {address: pair for pair in pairs for address in pair.values()}
    plain_pages = [page for page in generator.pages if page.template != "project"]
    about = next((page for page in plain_pages if page.template == "about"), None)
    context["locale"] = LANGUAGES[lang].locale
    context["about_url"] = about and f"{root}/{about.url}"
    # A contact page without any contact is not in the menus.
    reachable = settings["SITE"].has_contact
    in_menus = [page for page in plain_pages if reachable or page.template != "contact"]
    home = next(iter(library.visible_of(lang, "home")), None)
    context["links"] = {
        kind: library.address(lang, library.addresses[lang][kind]) for kind in _LISTS
    }
    # None for a site in one language.
    context["other_language"] = None
    if library.language_is_used(other) or other == MAIN_LANGUAGE:
        context["other_language"] = {
            "code": other,
            "locale": LANGUAGES[other].locale,
            "name": LANGUAGES[other].name,
            "home": library.address(other, ""),
            "home_link": LANGUAGES[other].home_link,
        }
    context["theme_url"] = f"{library.base}/{settings['MAIN_THEME_DIR']}"
    context["font_url"] = f"{context['theme_url']}/fonts/{settings['DISPLAY_FONT']}"
    entries = settings["SITE"].menu(lang)
    context["main_menu"] = main_menu(entries, in_menus, context["links"], root)
    context["footer_menu"] = menu(in_menus, "footer", root)
    entries = (*context["main_menu"], *context["footer_menu"])
    menu_addresses = {*context["links"].values(), *(entry["url"] for entry in entries)}
    context["menu_addresses"] = menu_addresses
    context["render_once"] = RenderOnce()
    context["render_entry"], context["entries"] = render_entry, SharedResults()
    context.setdefault("by_address", {})["alternates"] = by_address
    context["home"] = home and {
        "title": home.header["title"],
        "definition": home.header["definition"] or "",
        "projects": home.header["projects"] or "",
        "summary": home.description,
        "content": home.html,
        "is_stale": home.is_stale,
    }
    context["sitemap"] = (
        sitemap(library, pairs, settings["PAGINATED_TEMPLATES"]["news"])
        if lang == MAIN_LANGUAGE
        else []
    )


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(add_navigation)
