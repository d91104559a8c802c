"""Dates are read for certain or refused, and shown as precisely as they are known."""

import datetime

import pytest

from engine.faults import ProblemError
from engine.texts import partial_dates
from engine.texts.partial_dates import format_period


@pytest.mark.parametrize(
    ("typed", "french", "english", "machine"),
    [
        ("2014-01-10", "10\u00a0janvier 2014", "10\u00a0January 2014", "2014-01-10"),
        ("2020-01-01", "1er\u00a0janvier 2020", "1\u00a0January 2020", "2020-01-01"),
        ("2012-03", "mars 2012", "March 2012", "2012-03"),
        ("2015", "2015", "2015", "2015"),
        ("end of 2016", "fin 2016", "late 2016", "2016"),
        ("start of 2016", "début 2016", "early 2016", "2016"),
        ("2014-08-11", "11\u00a0août 2014", "11\u00a0August 2014", "2014-08-11"),
    ],
)
def test_a_date_is_shown_as_precisely_as_it_is_known(typed, french, english, machine):
    date = partial_dates.parse_date(typed)
    assert (date.text("fr"), date.text("en"), date.iso) == (french, english, machine)


@pytest.mark.parametrize(
    "typed",
    ["03/02/2024", "12", "2024-2-3", "2024-13", "2023-02-29", "yesterday", "0015", "2024-02-30 x"],
)
def test_a_date_that_could_mean_two_days_or_none_is_refused(typed):
    with pytest.raises(ProblemError, match="“"):
        partial_dates.parse_date(typed)


def test_dates_sort_by_the_day_that_stands_for_them():
    typed = ["2015", "2015-01-02", "2015-12", "end of 2015", "start of 2016"]
    days = [partial_dates.parse_date(text).first_day for text in typed]
    assert days == sorted(days)
    assert days[3] == datetime.date(2015, 12, 31)


@pytest.mark.parametrize(
    ("start", "end", "lang", "words"),
    [
        ("2010", "2016", "fr", "2010–2016"),
        ("2019-03", None, "fr", "depuis mars 2019"),
        ("2019-03", None, "en", "since March 2019"),
        ("2025-03-01", None, "fr", "depuis le 1er_mars 2025"),
        ("2025-03-01", None, "en", "since 1_March 2025"),
        ("2026-06-15", None, "fr", "depuis le 15_juin 2026"),
        ("2026-06-16", None, "fr", "à partir du 16_juin 2026"),
        ("2027-03-01", None, "fr", "à partir du 1er_mars 2027"),
        ("2027-03-01", None, "en", "from 1_March 2027"),
        ("2027-03", None, "fr", "à partir de mars 2027"),
        ("2027-04", None, "fr", "à partir d’avril 2027"),
        ("2027-08", None, "fr", "à partir d’août 2027"),
        ("2027-10", None, "fr", "à partir d’octobre 2027"),
        ("2027-10", None, "en", "from October 2027"),
        ("2026", None, "fr", "depuis 2026"),
        ("2027", None, "fr", "à partir de 2027"),
        ("2027", None, "en", "from 2027"),
        ("start of 2027", None, "fr", "à partir de début 2027"),
        ("end of 2026", None, "en", "from late 2026"),
        ("2027", "2029", "fr", "2027–2029"),
        ("2018-09", "2024-06-21", "fr", "septembre 2018_– 21_juin 2024"),
        ("2018-09", "2024-06-21", "en", "September 2018_– 21_June 2024"),
        (None, "2016", "fr", "2016"),
        ("2015", "2015", "fr", "2015"),
        (None, None, "fr", ""),
    ],
)
def test_a_period_is_told_in_words(start, end, lang, words):
    dates = [partial_dates.parse_date(text) if text else None for text in (start, end)]
    told = format_period(*dates, lang, datetime.date(2026, 6, 15))
    assert told == words.replace("_", "\u00a0")
