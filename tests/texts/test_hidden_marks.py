"""Drafts and texts of a later day, as the preview shows them and as visitors never do."""

import datetime
from types import SimpleNamespace

import pytest

from engine.markdown import markdown_text
from engine.texts import library, partial_dates
from engine.texts.bodies import BodyCache
from engine.texts.hidden_marks import mark_hidden
from pelicanconf import ADDRESSES
from plugins import library_reader
from tests import sites
from tests.sites import article, header, photo, project

TODAY = datetime.date(2026, 5, 1)


@pytest.fixture
def read_files(tmp_path):
    def run(files, today=TODAY, bodies=None):
        return library.read_texts(
            sites.write(tmp_path, files),
            addresses=ADDRESSES,
            shown_folder="c",
            today=today,
            bodies=bodies,
        )

    return run


def titles(found):
    return [document.header["title"] for document in found.visible]


def test_a_text_appears_on_its_day_and_not_the_day_before(read_files):
    files = {"articles/a.md": article("A", "2026-05-12")}
    assert titles(read_files(files, datetime.date(2026, 5, 11))) == []
    assert titles(read_files(files, datetime.date(2026, 5, 12))) == ["A"]


def test_what_is_hidden_says_so_in_its_title_in_its_language(read_files):
    found = library.with_hidden_texts(
        read_files(
            {
                "articles/a.md": article("Aout", "2026-08-01"),
                "articles/a.en.md": header(title="August") + "Text.",
                "articles/b.md": article("Idée", status="draft"),
                "articles/b.en.md": header(title="Idea") + "Text.",
                "articles/c.md": article("Vue"),
            }
        )
    )
    mark_hidden(found)
    assert titles(found) == [
        "August [waits until 1\xa0August 2026]",
        "Aout [en attente jusqu’au 1er\xa0août 2026]",
        "Idea [draft]",
        "Idée [brouillon]",
        "Vue",
    ]


def test_what_visitors_see_is_not_changed_by_what_is_revealed(read_files):
    seen = read_files(
        {
            "pages/projects/a.md": project("A", order=2, body="![x](/images/seen.jpg)"),
            "pages/projects/b.md": project("B", order=1, status="draft"),
            "articles/n.md": article("N", body="![x](/images/draft.jpg)", status="draft"),
            "pages/s.md": header(title="S", status="draft") + "[x](/files/x.pdf)",
            "files/x.pdf": b"%PDF",
            "images/seen.jpg": photo(40, 30),
            "images/draft.jpg": photo(40, 30),
        }
    )
    shown = library.with_hidden_texts(seen)
    mark_hidden(shown)
    assert titles(seen) == ["A"]
    assert [picture.slug for picture in seen.pictures] == ["seen"]
    assert (seen.files, shown.files) == (set(), {"files/x.pdf"})
    assert sorted(picture.slug for picture in shown.pictures) == ["draft", "seen"]
    assert [document.strand for document in shown.visible_of("fr", "project")] == [1, 0]
    assert seen.by_source["articles/n.md"].header["title"] == "N"


def test_a_link_to_a_hidden_text_is_its_words_even_where_that_is_revealed(read_files):
    found = read_files(
        {
            "articles/a.md": article("A", body="[x](b.md)"),
            "articles/b.md": article("B", status="draft", body="[y](a.md#none)"),
        }
    )
    assert found.faults == []
    assert found.by_source["articles/a.md"].html == "<p>x</p>\n"
    revealed = library.with_hidden_texts(found)
    assert [(fault.path, fault.rule) for fault in revealed.faults] == [
        ("c/articles/b.md", "fragment")
    ]
    assert revealed.by_source["articles/b.md"].html


BODY = "[b](b.md) ![p](/images/p.jpg) [c]({tag}culture) [l][l] [n](none.md)"
FIRST = {"tags": "[culture]", "links": "{l: 'https://example.org/1'}", "body": BODY}


@pytest.mark.parametrize(
    "change",
    [
        {"articles/b.md": article("B", tags="[culture]", slug="autre")},
        {"articles/b.md": article("B", tags="[culture]", body="Autre chose.")},
        {"articles/b.md": article("B", tags="[culture]", status="draft")},
        {"articles/b.md": None},
        {"articles/b.en.md": header(title="B") + "Text."},
        {"articles/a.md": article("A", **FIRST | {"body": "Autre [b](b.md)"})},
        {"articles/a.md": article("A", **FIRST | {"links": "{l: 'https://example.org/2'}"})},
        {"articles/a.md": article("A", **FIRST, summary="Une ligne de plus.")},
        {"images/p.jpg": photo(64, 48)},
        {"themes.yml": "culture: the arts\n"},
    ],
)
def test_a_body_that_was_kept_is_what_reading_anew_gives(read_files, tmp_path, change):
    files = {
        "articles/a.md": article("A", **FIRST),
        "articles/a.en.md": header(title="A") + "[b](b.md) [c]({tag}culture)",
        "articles/b.md": article("B", tags="[culture]"),
        "images/p.jpg": photo(40, 30),
        "themes.yml": "culture: culture\n",
    }
    bodies = BodyCache()
    read_files(files, bodies=bodies)
    for name in [name for name, text in change.items() if text is None]:
        (tmp_path / name).unlink()
    change = {name: text for name, text in change.items() if text is not None}
    kept, anew = read_files(change, bodies=bodies), read_files({})
    assert [(d.source, d.html, d.ids) for d in kept.visible] == [
        (d.source, d.html, d.ids) for d in anew.visible
    ]
    assert (kept.faults, kept.pictures, kept.files) == (anew.faults, anew.pictures, anew.files)


def test_a_body_that_nothing_has_touched_is_not_read_again(read_files, monkeypatch):
    files = {"articles/a.md": article("A"), "articles/b.md": article("B")}
    bodies, words = BodyCache(), []
    read_files(files, bodies=bodies)
    reading = markdown_text.read_body
    monkeypatch.setattr(
        markdown_text, "read_body", lambda body, **more: words.append(body) or reading(body, **more)
    )
    read_files({"articles/b.md": article("B", body="Nouveau.")}, bodies=bodies)
    assert words == ["Nouveau.\n"]


def test_the_day_is_that_of_the_sites_own_zone(tmp_path, monkeypatch):
    content = sites.write(tmp_path, {"articles/a.md": article("A", "2026-05-12")})
    settings = {"PATH": str(content), "ADDRESSES": ADDRESSES, "SITE_URL": "http://localhost"}
    moment = datetime.datetime(2026, 5, 11, 22, 30, tzinfo=datetime.UTC)

    class Clock(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return moment.astimezone(tz)

    monkeypatch.setattr(
        partial_dates, "datetime", SimpleNamespace(datetime=Clock, date=datetime.date)
    )
    for zone, is_there in (("Europe/Paris", True), ("America/Lima", False)):
        found = library_reader.read_library({**settings, "TIMEZONE": zone})
        assert bool(found.visible) is is_there, zone
