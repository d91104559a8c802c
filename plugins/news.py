"""Provide the neighbours of each article, and the years and themes with their numbers of texts."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import groupby, pairwise

from pelican import signals
from pelican.generators import ArticlesGenerator, PagesGenerator

from engine.dependencies import RecordedTable


@dataclass(frozen=True)
class Count:
    """A year or a theme, its address, and the number of its texts."""

    name: str
    url: str
    count: int


def link_neighbours(articles: list) -> None:
    """Give each article of a list, newest first, its `previous` (older) and `next` (newer) one.

    They are those of its project; at the ends of a project, and without one, those of the time.
    """
    by_project = defaultdict(list)
    for article in articles:
        by_project[article.project].append(article)
    by_project.pop(None, None)
    for of_one in (articles, *by_project.values()):
        for newer, older in pairwise(of_one):
            newer.previous, older.next = older, newer


def year_archives(articles: list, pattern: str) -> list[dict]:
    """Return Pelican's archives of the years of a list of articles, newest first.

    Pelican's own function takes quadratic time.
    """
    archives = []
    for year, group in groupby(articles, lambda article: article.date.year):
        of_year, url = list(group), pattern.format(year=year)
        archives.append(
            {
                "period": (year,),
                "period_num": (year,),
                "url": url,
                "save_as": f"{url}index.html",
                "articles": of_year,
                "dates": of_year,
            }
        )
    return archives


def count_years(articles: list, pattern: str) -> list[Count]:
    """Count the articles of each year, newest first; `pattern` is the address of a year."""
    years = Counter(article.date.year for article in articles)
    return [
        Count(str(y), pattern.format(year=y), n) for y, n in sorted(years.items(), reverse=True)
    ]


def count_topics(texts: list) -> list[Count]:
    """Count the texts of each theme, sorted by slug."""
    tags, counts = {}, Counter()
    for text in texts:
        for tag in {tag.slug: tag for tag in text.tags}.values():
            tags.setdefault(tag.slug, tag)
            counts[tag.slug] += 1
    return [Count(tags[slug].name, tags[slug].url, counts[slug]) for slug in sorted(tags)]


def add_news(generators: list) -> None:
    """Put neighbours, years, themes and their introductions into the context."""
    generator = next(g for g in generators if isinstance(g, ArticlesGenerator))
    context, settings = generator.context, generator.settings
    for article in generator.articles:
        article.previous = article.next = None
    link_neighbours(generator.articles)
    pattern = settings["ADDRESSES"][settings["DEFAULT_LANG"]]["year"]
    generator.period_archives = {"year": year_archives(generator.articles, pattern)}
    context["years"] = count_years(generator.articles, pattern)
    context["topics"] = count_topics([*generator.articles, *context["projects"]])
    pages = next(g for g in generators if isinstance(g, PagesGenerator)).pages
    introductions = {page.url: page for page in pages if page.template != "project" and page.theme}
    context["introduction_of"] = RecordedTable(
        f"{settings['DEFAULT_LANG']} introductions", introductions
    )
    # A theme of projects only has a page too.
    for project in context["projects"]:
        for tag in project.tags:
            generator.tags.setdefault(tag, [])


def register() -> None:
    """Connect to Pelican, after the projects."""
    signals.all_generators_finalized.connect(add_news)
