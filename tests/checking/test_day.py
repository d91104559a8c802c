"""The checks go by the day of the site, as a build does, and not by that of the machine."""

import datetime
from types import SimpleNamespace

from engine.checking.texts import check_texts
from engine.texts import partial_dates
from tests import sites
from tests.sites import article


class Noon(datetime.datetime):
    """A clock that stands at noon, UTC, of 12 May 2026."""

    @classmethod
    def now(cls, tz=None):
        return datetime.datetime(2026, 5, 12, 12, tzinfo=datetime.UTC).astimezone(tz)


def test_a_text_of_tomorrow_here_and_of_today_in_the_sites_zone_is_shown(tmp_path, monkeypatch):
    content = sites.write(tmp_path / "content", {"articles/a.md": article("A", "2026-05-13")})
    monkeypatch.setenv("SITE_CONTENT", str(content))
    monkeypatch.setattr(
        partial_dates, "datetime", SimpleNamespace(datetime=Noon, date=datetime.date)
    )
    for zone, is_shown in (("Pacific/Kiritimati", True), ("Pacific/Pago_Pago", False)):
        sites.write(content, {"site.yml": f"time_zone: {zone}\n"})
        library = check_texts.read_content(content, "content")
        assert bool(library.visible) is is_shown, zone
