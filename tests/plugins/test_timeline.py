"""The years of the time line: what begins, runs and ends in each, and what happened."""

from dataclasses import dataclass

import pytest

from plugins.partial_dates import PartialDate, parse
from plugins.timeline import TRACKS, give_tracks, make_timeline


@dataclass
class Project:
    strand: int
    start: PartialDate | None = None
    end: PartialDate | None = None
    title: str = "Projet"
    url: str = "projets/x/"


@dataclass
class Article:
    when: PartialDate
    project: Project | None = None
    title: str = "Nouvelle"
    url: str = "actualites/x/"


def project(strand, start=None, end=None):
    return Project(strand, start and parse(start), end and parse(end), f"Projet {strand}")


def timeline(projects=(), articles=()):
    return make_timeline(list(projects), list(articles), "fr")


def years(result):
    return [(row.first, row.last) for row in result.rows]


def states(result):
    return [{run.project.strand: run.state for run in row.runs} for row in result.rows]


def test_nothing_known_gives_no_rows():
    assert timeline().rows == []
    assert timeline([project(0)]).projects == []


def test_a_strand_begins_runs_and_ends():
    assert states(timeline([project(0, "2010", "2012")])) == [
        {0: "folds"},
        {0: "runs"},
        {0: "ends"},
    ]


def test_a_project_of_one_year_begins_and_ends_in_it():
    assert states(timeline([project(0, "2010", "2010")])) == [{0: "folds ends"}]


def test_a_project_without_an_end_runs_to_the_last_year_that_the_texts_speak_of():
    result = timeline([project(0, "2019-03")], [Article(parse("2021"))])
    assert years(result) == [(2019, 2019), (2020, 2020), (2021, 2021)]
    assert states(result)[-1] == {0: "runs"}


def test_a_project_with_an_end_only_stands_in_that_year():
    assert states(timeline([project(0, None, "2012")])) == [{0: "folds ends"}]


def test_years_in_which_nothing_happened_are_one_row():
    result = timeline([], [Article(parse("2012")), Article(parse("2020"))])
    assert years(result) == [(2012, 2012), (2013, 2019), (2020, 2020)]
    assert result.rows[1].events == []


def test_a_strand_runs_through_the_years_in_which_nothing_happened():
    result = timeline([project(0, "2010", "2016")])
    assert years(result) == [(2010, 2010), (2011, 2015), (2016, 2016)]
    assert states(result)[1] == {0: "runs"}


def test_events_of_a_year_stand_in_the_order_of_their_dates():
    articles = [Article(parse(date), title=date) for date in ("2014-07-31", "2014-01-10", "2014")]
    assert [event.title for event in timeline([], articles).rows[0].events] == [
        "2014",
        "2014-01-10",
        "2014-07-31",
    ]


def test_a_project_tells_its_own_beginning_and_end():
    result = timeline([project(0, "2010", "2012")])
    assert [event.kind for row in result.rows for event in row.events] == ["begins", "ends"]


def test_news_of_the_project_in_that_year_tell_it_instead():
    one = project(0, "2010", "2012")
    result = timeline([one], [Article(parse("2012-05"), one)])
    assert [event.kind for row in result.rows for event in row.events] == ["begins", "news"]


def test_only_a_strand_whose_event_comes_first_folds_out_of_it():
    result = timeline([project(0, "2010-01"), project(1, "2010-06")])
    assert states(result) == [{0: "folds", 1: "begins"}]


@pytest.mark.parametrize(
    ("date", "text"),
    [
        ("2014-01-10", "10 janvier"),
        ("2012-03", "mars"),
        ("2015", ""),
        ("end of 2016", "fin 2016"),
    ],
)
def test_an_event_does_not_repeat_the_year_above_it(date, text):
    assert timeline([], [Article(parse(date))]).rows[0].events[0].date_text == text


def test_news_of_a_project_that_no_longer_runs_stand_apart_from_its_strand():
    one = project(0, "2011", "2013")
    result = timeline([one], [Article(parse("2012"), one), Article(parse("2015"), one)])
    assert [event.track for row in result.rows for event in row.events] == [0, 0, 0, None]


def test_news_of_no_project_have_no_track():
    assert timeline([], [Article(parse("2012"))]).rows[0].events[0].track is None


def test_each_strand_has_a_track_of_its_own_while_there_are_any():
    assert give_tracks([project(0, "2010", "2011"), project(1, "2015")]) == {0: 0, 1: 1}


def test_a_track_serves_again_when_its_strand_has_ended():
    four = [project(number, f"201{number}") for number in range(3)] + [project(3, "2013", "2014")]
    assert give_tracks([*four, project(4, "2015")])[4] == 3
    assert 4 not in give_tracks([*four, project(4, "2014")])


def test_of_thirty_projects_at_once_all_have_their_events():
    result = timeline([project(number, "2010", "2020") for number in range(30)])
    assert len(result.rows[0].runs) == result.tracks == TRACKS
    assert len(result.rows[0].events) == len(result.rows[-1].events) == 30
    assert len(result.projects) == 30


def test_an_end_before_the_beginning_does_no_harm():
    assert years(timeline([project(0, "2012", "2010")])) == [
        (2010, 2010),
        (2011, 2011),
        (2012, 2012),
    ]
