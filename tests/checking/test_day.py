"""The checks go by the day of the site, as a build does, and not by that of the machine."""

import datetime

from engine.checking.texts import texts
from tests import sites
from tests.sites import article


class Noon:
    """A clock that stands at noon, UTC, of 12 May 2026."""

    date = datetime.date
    timedelta = datetime.timedelta

    class datetime(datetime.datetime):  # noqa: N801 - the name of the class that it stands for
        @classmethod
        def now(cls, tz=None):
            return datetime.datetime(2026, 5, 12, 12, tzinfo=datetime.UTC).astimezone(tz)


def test_a_text_of_tomorrow_here_and_of_today_in_the_sites_zone_is_shown(tmp_path, monkeypatch):
    content = sites.write(tmp_path / "content", {"articles/a.md": article("A", "2026-05-13")})
    monkeypatch.setattr(texts, "datetime", Noon)
    for zone, is_shown in (("Pacific/Kiritimati", True), ("Pacific/Pago_Pago", False)):
        monkeypatch.setattr("pelicanconf.TIMEZONE", zone)
        library = texts.read_content(content, "content")
        assert bool(library.visible) is is_shown, zone
