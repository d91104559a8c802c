"""The time line: for each year the strands that begin, run or end, and what happened.

It is made from the projects' periods and the dates of the news; a project of unknown period is not
on it. The last year is the last that the texts speak of: a page built next year stays the same.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pelican import signals
from pelican.generators import ArticlesGenerator

from plugins.partial_dates import PartialDate

# Strands that run side by side; a fifth at the same time shows its events, without a strand.
TRACKS = 4


@dataclass(frozen=True)
class Event:
    """What happened: `kind` is "news", or "begins" or "ends" for a project's own dates.

    `track` is None where the project's strand does not run in that year.
    """

    kind: str
    title: str
    url: str
    when: PartialDate
    lang: str
    project: object | None
    track: int | None = None

    @property
    def day(self) -> datetime.date:
        """Where the event stands within its year."""
        return self.when.first_day

    @property
    def date_text(self) -> str:
        """The date in words without the year that stands above it, "" where there is no more."""
        text = self.when.text(self.lang)
        return text if self.when.part else text.removesuffix(str(self.when.year)).rstrip()


@dataclass(frozen=True)
class Run:
    """A strand in one year. `state` is "runs" or says how it differs: "begins" (with a cut end),
    "folds" (it begins with the year's first event), "ends", or two of them."""

    project: object
    track: int
    state: str


@dataclass(frozen=True)
class Row:
    """One year, or several in a row in which nothing happened."""

    first: int
    last: int
    runs: list[Run]
    events: list[Event]


@dataclass(frozen=True)
class Timeline:
    """Rows, oldest first, the projects that they show, and how many tracks these take."""

    rows: list[Row] = field(default_factory=list)
    projects: list = field(default_factory=list)
    tracks: int = 0


def make_timeline(projects: Iterable, articles: Iterable, lang: str) -> Timeline:
    """Group projects by their `start` and `end`, and articles by `when`, into years."""
    shown = sorted(
        (project for project in projects if project.start or project.end),
        key=lambda project: ((project.start or project.end).first_day, project.strand),
    )
    tracks = give_tracks(shown)
    events = _events(shown, articles, lang)
    years = sorted({*events, *(year for project in shown for year in _span(project) if year)})
    if not years:
        return Timeline()
    rows: list[Row] = []
    for year in range(years[0], years[-1] + 1):
        running = [p for p in shown if p.strand in tracks and _runs_in(p, year)]
        on_track = {project.strand: tracks[project.strand] for project in running}
        moments = [
            replace(event, track=on_track.get(event.project.strand)) if event.project else event
            for event in sorted(events[year], key=lambda event: event.day)
        ]
        if rows and not moments and not rows[-1].events:
            rows[-1] = replace(rows[-1], last=year)
            continue
        runs = [Run(p, on_track[p.strand], _state(p, year, moments)) for p in running]
        rows.append(Row(year, year, runs, moments))
    return Timeline(rows, shown, len(set(tracks.values())))


def give_tracks(projects: Iterable) -> dict[int, int]:
    """The track of each strand, for projects in the order of their beginnings.

    A track serves again only when no fresh one is left and its strand ended in an earlier year;
    a strand that finds none is not in the result.
    """
    tracks: dict[int, int] = {}
    free_after: list[int | None] = []
    for project in projects:
        first, last = _span(project)
        if len(free_after) < TRACKS:
            track = len(free_after)
            free_after.append(last)
        else:
            free = [t for t, ended in enumerate(free_after) if ended is not None and ended < first]
            if not free:
                continue
            track = min(free, key=lambda t: free_after[t])
            free_after[track] = last
        tracks[project.strand] = track
    return tracks


def _span(project) -> tuple[int, int | None]:
    """First and last year; None where the project still runs."""
    first = (project.start or project.end).year
    return first, max(first, project.end.year) if project.end else None


def _runs_in(project, year: int) -> bool:
    first, last = _span(project)
    return first <= year and (last is None or year <= last)


def _events(projects: Iterable, articles: Iterable, lang: str) -> dict[int, list[Event]]:
    """The events of each year. A project's beginning or end is one of its own, unless a piece of
    news of that year tells of the project: it would say the same twice."""
    events: dict[int, list[Event]] = defaultdict(list)
    told = set()
    for article in articles:
        events[article.when.year].append(
            Event("news", article.title, article.url, article.when, lang, article.project)
        )
        if article.project:
            told.add((article.project.strand, article.when.year))
    for project in projects:
        for kind, date in (("begins", project.start), ("ends", project.end)):
            if date and (project.strand, date.year) not in told:
                told.add((project.strand, date.year))
                events[date.year].append(
                    Event(kind, project.title, project.url, date, lang, project)
                )
    return events


def _state(project, year: int, events: list[Event]) -> str:
    first, last = _span(project)
    states = []
    if year == first:
        is_first = bool(events) and events[0].project is project
        states.append("folds" if is_first else "begins")
    if year == last:
        states.append("ends")
    return " ".join(states) or "runs"


def add_timeline(generators: list) -> None:
    """Put the time line into the context."""
    generator = next(g for g in generators if isinstance(g, ArticlesGenerator))
    generator.context["timeline"] = make_timeline(
        generator.context["projects"], generator.articles, generator.settings["DEFAULT_LANG"]
    )


def register() -> None:
    """Connect to Pelican, after the projects."""
    signals.all_generators_finalized.connect(add_timeline)
