"""Provide the time line: the events of each year, with the strands that begin, run and end.

It is made from the periods of the projects and the dates of the news. A project without a period is
omitted. The last year is the last one in the texts, so that a page does not change with the date of
the build.
"""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count

from jinja2 import pass_context
from jinja2.runtime import Context
from pelican import signals

from engine.texts.partial_dates import PartialDate

_TRACKS = re.compile(r'class="timeline tracks-([0-9]+)"')


@dataclass(frozen=True)
class Event:
    """An event: `kind` is "news", or "begins" or "ends" for a project."""

    kind: str
    title: str
    url: str
    when: PartialDate
    lang: str
    project: object | None

    @property
    def date_text(self) -> str:
        """The date in words without the year, which is the heading; "" if only it is known."""
        text = self.when.text(self.lang)
        return text if self.when.part else text.removesuffix(str(self.when.year)).rstrip()


@dataclass(frozen=True)
class Run:
    """A strand beside one event: `state` is "runs", "comes-in" or "folds-out".

    `track` counts from the text outwards. If `over` is true, the strand passes over the crossing
    one, else under it.
    """

    project: object
    track: int
    state: str = "runs"
    over: bool = False


@dataclass(frozen=True)
class Moment:
    """An event and the strands beside it; `track` is that of its project, None without one."""

    event: Event
    runs: list[Run]
    track: int | None


@dataclass(frozen=True)
class Year:
    """A year, or consecutive years without events; `runs` are the strands beside its heading."""

    first: int
    last: int
    runs: list[Run]
    moments: list[Moment]


@dataclass(frozen=True)
class Timeline:
    """The years, oldest first, the strands that continue after them, and the number of tracks."""

    years: list[Year] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    tracks: int = 0


def make_timeline(projects: Iterable, articles: Iterable, lang: str) -> Timeline:
    """Arrange projects, by `start` and `end`, and articles, by `when`, into years."""
    shown = [project for project in projects if project.start or project.end]
    events = _events(shown, articles, lang)
    if not events:
        return Timeline()
    last_events = _last_events(shown, events)
    loom = _Loom()
    years: list[Year] = []
    for year in range(min(events), max(events) + 1):
        runs = loom.runs()
        moments = [loom.weave(event, event in last_events) for event in events.get(year, [])]
        if years and not moments and not years[-1].moments:
            years[-1] = Year(years[-1].first, year, runs, [])
        else:
            years.append(Year(year, year, runs, moments))
    return Timeline(years, loom.runs(), loom.most)


class _Loom:
    """The state of the tracks, event by event."""

    def __init__(self):
        self.tracks: dict[int, object] = {}
        self.most = 0
        self.events = 0

    def runs(self) -> list[Run]:
        return [Run(project, track) for track, project in sorted(self.tracks.items())]

    def weave(self, event: Event, is_last: bool) -> Moment:
        """Return an event with the strands beside it; begin or end the strand of its project."""
        if event.kind == "begins":
            free = next(track for track in count() if track not in self.tracks)
            self.tracks[free] = event.project
            self.most = max(self.most, free + 1)
        own = next((t for t, p in self.tracks.items() if p is event.project), None)
        state = "comes-in" if event.kind == "begins" else "folds-out" if is_last else "runs"
        self.events += 1
        runs = [
            Run(project, track, state)
            if track == own
            # Plain weave: over and under alternate.
            else Run(project, track, over=(track + self.events) % 2 == 0)
            for track, project in sorted(self.tracks.items())
        ]
        if own is not None and state == "folds-out":
            del self.tracks[own]
        return Moment(event, runs, own)


def _span(project) -> tuple[int, int | None]:
    """Return the first and the last year of a project, None if it continues."""
    first = (project.start or project.end).year
    return first, max(first, project.end.year) if project.end else None


def _events(projects: Iterable, articles: Iterable, lang: str) -> dict[int, list[Event]]:
    """Return the events of each year, in order.

    A project begins before its first news of that year. Its end is an event only if it has no news
    in that year.
    """
    dated: dict[int, list[tuple[datetime.date, int, Event]]] = defaultdict(list)
    days_of_news = defaultdict(list)
    for article in articles:
        event = Event("news", article.title, article.url, article.when, lang, article.project)
        dated[article.when.year].append((article.when.first_day, 1, event))
        if article.project:
            days_of_news[article.project.strand, article.when.year].append(article.when.first_day)
    for project in projects:
        first, last = _span(project)
        begin = project.start or project.end
        day = min([begin.first_day, *days_of_news[project.strand, first]])
        event = Event("begins", project.title, project.url, begin, lang, project)
        dated[first].append((day, 0, event))
        if last and not days_of_news[project.strand, last]:
            event = Event("ends", project.title, project.url, project.end, lang, project)
            dated[last].append((project.end.first_day, 2, event))
    return {
        year: [event for *_, event in sorted(found, key=lambda entry: entry[:2])]
        for year, found in dated.items()
    }


def _last_events(projects: Iterable, events: dict[int, list[Event]]) -> list[Event]:
    """Return the last event of each ended project."""
    found = []
    for project in projects:
        _, last = _span(project)
        if last:
            found.append([event for event in events[last] if event.project is project][-1])
    return found


def track_rules(body: str) -> str:
    """Return the CSS that numbers the tracks of the time line in a page with the HTML `body`."""
    found = _TRACKS.search(body)
    if not found or not (tracks := int(found[1])):
        return ""
    places = "".join(f".track-{track}{{--track:{track}}}" for track in range(tracks))
    return f".tracks-{tracks}{{--tracks:{tracks}}}{places}"


@pass_context
def timeline_of_site(context: Context) -> Timeline:
    """The function of the one template that shows the time line: no other page waits for it."""
    return make_timeline(context["projects"], context["articles"], context["DEFAULT_LANG"])


def add_timeline(generators: list) -> None:
    """Put `timeline_of_site` into the context."""
    generators[0].context["timeline_of_site"] = timeline_of_site


def register() -> None:
    """Connect to Pelican, after the projects."""
    signals.all_generators_finalized.connect(add_timeline)
