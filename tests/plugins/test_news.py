"""The lists of the news: by year, by theme, and how they grow."""

import datetime
from dataclasses import dataclass

from plugins.news import link_neighbours, year_archives


@dataclass(eq=False)
class Article:
    date: datetime.date
    project: str | None = None
    previous: object = None
    next: object = None


def articles(count):
    return [Article(datetime.date(2024 - n // 10, 1, 1)) for n in range(count)]


def test_the_archives_of_the_years_hold_each_article_once_the_newest_first():
    listed = articles(25)
    archives = year_archives(listed, "actualites/{year}/")
    assert [archive["period"] for archive in archives] == [(2024,), (2023,), (2022,)]
    assert [text for archive in archives for text in archive["articles"]] == listed
    assert archives[0]["url"] == "actualites/2024/"
    assert archives[0]["save_as"] == "actualites/2024/index.html"


def test_the_neighbours_are_those_of_the_project_then_those_of_the_time():
    listed = articles(6)
    for article, project in zip(listed, ("a", "b", "a", None, "b", "a"), strict=True):
        article.project = project
    link_neighbours(listed)
    places = {id(article): number for number, article in enumerate(listed)} | {id(None): None}
    told = [(places[id(each.previous)], places[id(each.next)]) for each in listed]
    assert told == [(2, None), (4, 0), (5, 0), (4, 2), (5, 1), (None, 2)]
