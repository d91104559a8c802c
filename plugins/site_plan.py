"""List every page of a language for the plan of the site: by kind, by year and by theme."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from pelican import signals
from pelican.generators import ArticlesGenerator, PagesGenerator

from plugins.news import Count


@dataclass(frozen=True)
class PlannedList:
    """A list of the site; `texts` are those that the plan shows below it.

    `later_pages` holds the number and the address of each page from the second on.
    """

    name: str
    url: str
    count: int = 0
    texts: Sequence = ()
    later_pages: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True)
class SitePlan:
    """The pages of a language; `news` is the list of all news."""

    news: PlannedList
    pages: Sequence = ()
    projects: Sequence = ()
    years: Sequence[PlannedList] = field(default_factory=list)
    topics: Sequence[PlannedList] = field(default_factory=list)


def later_pages(url: str, count: int, on_a_page: int) -> list[tuple[int, str]]:
    """Return the number and the address of each page of a list of `count` texts, but the first."""
    return [(number, f"{url}page/{number}/") for number in range(2, -(-count // on_a_page) + 1)]


def plan_years(articles: Sequence, years: Sequence[Count]) -> list[PlannedList]:
    """Return the years of a list of articles, newest first, each with its articles."""
    groups = groupby(articles, lambda article: article.date.year)
    return [
        PlannedList(year.name, year.url, year.count, tuple(group))
        for year, (_number, group) in zip(years, groups, strict=True)
    ]


def add_site_plan(generators: list) -> None:
    """Put the plan into the context."""
    articles = next(g for g in generators if isinstance(g, ArticlesGenerator))
    pages = next(g for g in generators if isinstance(g, PagesGenerator))
    context, on_a_page = articles.context, articles.settings["PAGINATED_TEMPLATES"]
    news_of = {tag.url: len(tagged) for tag, tagged in articles.tags.items()}
    news_url = articles.settings["ADDRESSES"][articles.settings["DEFAULT_LANG"]]["news"]
    news_pages = later_pages(news_url, len(articles.articles), on_a_page["news"])
    context["site_plan"] = SitePlan(
        PlannedList("", news_url, len(articles.articles), later_pages=news_pages),
        [page for page in pages.pages if page.template != "project"],
        [project for project in context["projects"] if not project.announced],
        plan_years(articles.articles, context["years"]),
        [
            PlannedList(
                topic.name,
                topic.url,
                topic.count,
                later_pages=later_pages(topic.url, news_of[topic.url], on_a_page["tag"]),
            )
            for topic in context["topics"]
        ],
    )


def register() -> None:
    """Connect to Pelican, after the news and the projects."""
    signals.all_generators_finalized.connect(add_site_plan)
