"""The years of the time line: what begins, runs and ends in each, and what happened."""

from dataclasses import dataclass

import pytest

from engine.texts.partial_dates import PartialDate, parse_date
from plugins.timeline import make_timeline, track_rules


@dataclass
class Project:
    strand: int
    start: PartialDate | None = None
    end: PartialDate | None = None
    title: str = "Projet"
    url: str = "projets/x/"
    period: str = ""


@dataclass
class Article:
    when: PartialDate
    project: Project | None = None
    title: str = "Nouvelle"
    url: str = "actualites/x/"


def project(strand, start=None, end=None):
    return Project(strand, start and parse_date(start), end and parse_date(end), f"Projet {strand}")


def timeline(projects=(), articles=()):
    return make_timeline(list(projects), list(articles), "fr")


def years(result):
    return [(year.first, year.last) for year in result.years]


def moments(result):
    return [moment for year in result.years for moment in year.moments]


def events(result):
    """The kind of each event and the strand of its project, in their order."""
    found = [moment.event for moment in moments(result)]
    return [(event.kind, event.project.strand if event.project else None) for event in found]


def states(result):
    """Beside each event, the strands and how each passes."""
    return [{run.project.strand: run.state for run in moment.runs} for moment in moments(result)]


def test_nothing_known_gives_no_years():
    assert timeline().years == []
    assert timeline([project(0)]).years == []


def test_a_strand_comes_in_runs_and_folds_out():
    result = timeline([project(0, "2010", "2012")], [Article(parse_date("2011"))])
    assert events(result) == [("begins", 0), ("news", None), ("ends", 0)]
    assert states(result) == [{0: "comes-in"}, {0: "runs"}, {0: "folds-out"}]


def test_a_project_of_one_year_comes_in_and_folds_out_in_it():
    result = timeline([project(0, "2010", "2010")])
    assert years(result) == [(2010, 2010)]
    assert states(result) == [{0: "comes-in"}, {0: "folds-out"}]


def test_a_project_without_an_end_runs_on_after_the_last_year_that_the_texts_speak_of():
    result = timeline([project(0, "2019-03")], [Article(parse_date("2021"))])
    assert years(result) == [(2019, 2019), (2020, 2020), (2021, 2021)]
    assert [run.project.strand for run in result.runs] == [0]
    assert timeline([project(0, "2019", "2020")]).runs == []


def test_a_project_with_an_end_only_stands_in_that_year():
    assert years(timeline([project(0, None, "2012")])) == [(2012, 2012)]


def test_years_in_which_nothing_happened_are_one():
    result = timeline([], [Article(parse_date("2012")), Article(parse_date("2020"))])
    assert years(result) == [(2012, 2012), (2013, 2019), (2020, 2020)]
    assert result.years[1].moments == []


def test_a_strand_runs_past_the_headings_of_the_years_of_its_project():
    result = timeline([project(0, "2010", "2016")], [Article(parse_date("2018"))])
    beside = [[run.project.strand for run in year.runs] for year in result.years]
    assert years(result) == [(2010, 2010), (2011, 2015), (2016, 2016), (2017, 2017), (2018, 2018)]
    assert beside == [[], [0], [0], [], []]


def test_events_of_a_year_stand_in_the_order_of_their_dates():
    articles = [
        Article(parse_date(date), title=date) for date in ("2014-07-31", "2014-01-10", "2014")
    ]
    titles = [moment.event.title for moment in moments(timeline([], articles))]
    assert titles == ["2014", "2014-01-10", "2014-07-31"]


def test_news_of_the_project_tell_its_end():
    one = project(0, "2010", "2012")
    result = timeline(
        [one], [Article(parse_date("2012-05"), one), Article(parse_date("2012-06"), one)]
    )
    assert events(result) == [("begins", 0), ("news", 0), ("news", 0)]
    assert states(result) == [{0: "comes-in"}, {0: "runs"}, {0: "folds-out"}]


def test_a_project_begins_before_its_news_of_that_year():
    one = project(0, "2019-03")
    other = Article(parse_date("2019-01-02"))
    result = timeline(
        [one], [Article(parse_date("2019"), one), Article(parse_date("2019-03"), one), other]
    )
    assert events(result) == [("begins", 0), ("news", 0), ("news", None), ("news", 0)]


@pytest.mark.parametrize(
    ("date", "text"),
    [
        ("2014-01-10", "10\u00a0janvier"),
        ("2012-03", "mars"),
        ("2015", ""),
        ("end of 2016", "fin 2016"),
    ],
)
def test_an_event_does_not_repeat_the_year_above_it(date, text):
    assert moments(timeline([], [Article(parse_date(date))]))[0].event.date_text == text


def test_news_of_a_project_that_does_not_run_stand_apart_from_its_strand():
    one = project(0, "2011", "2013")
    news = [Article(parse_date(date), one) for date in ("2010", "2012", "2015")]
    tracks = [moment.track for moment in moments(timeline([one], news))]
    assert tracks == [None, 0, 0, 0, None]


def test_news_of_no_project_have_no_track():
    assert moments(timeline([], [Article(parse_date("2012"))]))[0].track is None


def test_a_later_strand_runs_further_from_the_text_and_a_free_track_serves_again():
    three = [project(0, "2010", "2013"), project(1, "2011", "2012"), project(2, "2014", "2015")]
    begins = [moment.track for moment in moments(timeline(three)) if moment.event.kind == "begins"]
    assert begins == [0, 1, 0]
    assert timeline(three).tracks == 2


def test_what_crosses_two_strands_passes_over_one_and_under_the_other_and_the_next_the_opposite():
    strands = [project(number, f"200{number}") for number in range(3)]
    crossing = [Article(parse_date(f"201{number}"), strands[2]) for number in range(2)]
    one, next_one = moments(timeline(strands, crossing))[-2:]
    over = {run.track: run.over for run in one.runs if run.track < 2}
    assert sorted(over.values()) == [False, True]
    assert {run.track: run.over for run in next_one.runs if run.track < 2} == {
        track: not is_over for track, is_over in over.items()
    }


def test_of_thirty_projects_at_once_all_have_their_strands_and_events():
    result = timeline([project(number, "2010", "2020") for number in range(30)])
    assert max(len(moment.runs) for moment in moments(result)) == result.tracks == 30
    assert {moment.track for moment in moments(result)} == {*range(30)}
    assert sorted(events(result)) == sorted(
        (kind, number) for kind in ("begins", "ends") for number in range(30)
    )


def test_an_end_before_the_beginning_does_no_harm():
    assert years(timeline([project(0, "2012", "2010")])) == [(2012, 2012)]


def test_each_track_has_its_place_in_the_style_sheet():
    rules = track_rules('<div class="timeline tracks-3"><div class="run track-0">')
    assert rules == ".tracks-3{--tracks:3}.track-0{--track:0}.track-1{--track:1}.track-2{--track:2}"
    assert track_rules('<div class="timeline tracks-0">') == ""
