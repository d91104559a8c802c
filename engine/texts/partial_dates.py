"""Parse and format dates of any precision: a day, a month, a year, its beginning or its end."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from zoneinfo import ZoneInfo

from babel.dates import get_month_names

from engine.faults import Message, ProblemError
from engine.languages import ENGLISH, FRENCH, LANGUAGES
from engine.typography.typography_rules import NO_BREAK

ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
PART_OF_YEAR = re.compile(r"(start|end) of ([0-9]{4})")
_WORDS = {
    FRENCH: {
        "start": "début {}",
        "end": "fin {}",
        "since": "depuis {}",
        "since day": "depuis le {}",
        "from": "à partir de {}",
        "from day": "à partir du {}",
    },
    ENGLISH: {
        "start": "early {}",
        "end": "late {}",
        "since": "since {}",
        "since day": "since {}",
        "from": "from {}",
        "from day": "from {}",
    },
}


@cache
def _months(locale: str) -> Mapping[int, str]:
    return get_month_names("wide", locale=locale)


def present_day(time_zone: str) -> datetime.date:
    """Return the current day in `time_zone`, which may differ from that of the machine."""
    return datetime.datetime.now(ZoneInfo(time_zone)).date()


@dataclass(frozen=True)
class PartialDate:
    """A date whose month or day may be unknown, then None.

    `part` is "start" or "end" if only that part of the year is known.
    """

    year: int
    month: int | None = None
    day: int | None = None
    part: str | None = None

    @property
    def iso(self) -> str:
        """The value of HTML's `datetime` attribute: `2014-01-10`, `2012-03` or `2015`."""
        if self.month is None:
            return f"{self.year:04}"
        if self.day is None:
            return f"{self.year:04}-{self.month:02}"
        return f"{self.year:04}-{self.month:02}-{self.day:02}"

    @cached_property
    def first_day(self) -> datetime.date:
        """The day that sorts this date in a list and dates it in a feed.

        It is the first day of a month or a year, the last day of the year for `end of`.
        """
        if self.part == "end":
            return datetime.date(self.year, 12, 31)
        return datetime.date(self.year, self.month or 1, self.day or 1)

    @cache  # noqa: B019 - bounded by the number of dates and languages
    def text(self, lang: str) -> str:
        """Return the date in words, only as precise as it is known: "mars 2012", "fin 2016".

        French has "1er" for the first day of a month; Babel does not support it. The space after
        the day is that of a date in a text.
        """
        if self.part:
            return _WORDS[lang][self.part].format(self.year)
        if self.month is None:
            return str(self.year)
        # Babel's `format_date` would take a tenth of the time that a build needs for its texts.
        text = f"{_months(LANGUAGES[lang].locale)[self.month]} {self.year}"
        if self.day is None:
            return text
        return f"{'1er' if self.day == 1 and lang == FRENCH else self.day}{NO_BREAK}{text}"


def parse_date(text: str, key: str = "date") -> PartialDate:
    """Parse `2014-01-10`, `2012-03`, `2015` (ISO 8601), `start of 2016` or `end of 2016`.

    Raises ProblemError for anything else, with `key` in its remedy: 03/02/2024 is ambiguous.
    """
    remedy = Message(
        "write year-month-day, as in {key}: 2012-03-24, "
        "or as much as is known: 2012-03, 2012, end of 2012",
        key=key,
    )
    text = text.strip()
    if match := PART_OF_YEAR.fullmatch(text):
        date = PartialDate(int(match[2]), part=match[1])
    elif match := ISO.fullmatch(text):
        date = PartialDate(*(int(group) if group else None for group in match.groups()))
    else:
        problem = Message("“{value}” is not a date that can be read for certain", value=text)
        raise ProblemError(problem, remedy)
    try:
        datetime.date(date.year, date.month or 1, date.day or 1)
    except ValueError as error:
        problem = Message("“{value}” is not in the calendar", value=text)
        raise ProblemError(problem, remedy) from error
    if date.year < 1000:
        raise ProblemError(Message("“{value}” has no year of four digits", value=text), remedy)
    return date


def format_period(
    start: PartialDate | None, end: PartialDate | None, lang: str, today: datetime.date
) -> str:
    """Return a period in words: "2010–2016", "depuis mars 2019", "" if both dates are unknown.

    One that begins after `today` and has no end is "à partir de mars 2027".
    """
    if start and end:
        if start == end:
            return start.text(lang)
        # "2018–21 juin 2024" would read as two years.
        dash = f"{NO_BREAK}– " if end.day else "–"
        return f"{start.text(lang)}{dash}{end.text(lang)}"
    if start:
        word = "since" if start.first_day <= today else "from"
        words = _WORDS[lang][f"{word} day" if start.day else word].format(start.text(lang))
        # Before avril, août, octobre.
        return re.sub(r"\bde (?=[ao])", "d’", words)
    return end.text(lang) if end else ""
