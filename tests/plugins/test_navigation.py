"""Which pages say the same in two languages, and what the sitemap lists."""

import datetime

import pytest

from engine.texts import library
from pelicanconf import ADDRESSES
from plugins import navigation
from tests import sites
from tests.sites import article, header, project


@pytest.fixture
def read_files(tmp_path):
    def run(files, base=""):
        found = library.read_texts(
            sites.write(tmp_path, files),
            addresses=ADDRESSES,
            today=datetime.date(2026, 5, 1),
            base=base,
        )
        assert found.faults == []
        return found

    return run


def pairs(found):
    return [tuple(pair.values()) for pair in navigation.language_pairs(found)]


def test_without_english_nothing_has_a_counterpart(read_files):
    assert pairs(read_files({"articles/a.md": article()})) == []


def test_a_text_a_list_a_year_and_a_theme_have_their_counterparts(read_files):
    found = read_files(
        {
            "articles/a.md": article("L'été", "2012-03", tags="[économie, seul]"),
            "articles/a.en.md": header(title="Summer") + "Text.",
            "articles/b.md": article("Sans traduction", "2013"),
            "themes.yml": "économie: economy\nseul: alone\n",
        }
    )
    known = pairs(found)
    assert ("/actualites/l-ete/", "/en/news/summer/") in known
    assert ("/actualites/", "/en/news/") in known
    assert ("/actualites/2012/", "/en/news/2012/") in known
    assert ("/themes/economie/", "/en/topics/economy/") in known
    assert not [pair for pair in known if "2013" in pair[0] or "sans-traduction" in pair[0]]


def test_addresses_hold_below_a_folder(read_files):
    found = read_files(
        {"articles/a.md": article(), "articles/a.en.md": header(title="A") + "T"}, "/blog"
    )
    assert ("/blog/actualites/une-nouvelle/", "/blog/en/news/a/") in pairs(found)


def test_the_sitemap_lists_every_page_with_its_last_change(read_files):
    found = read_files(
        {
            **{f"articles/{n}.md": article(f"N {n}", f"2012-03-{n:02}") for n in range(1, 12)},
            "articles/x.md": article("X", "2011", modified="2020-05"),
            "pages/p.md": header(title="P") + "T",
            "pages/projects/a.md": project("A", status="announced", body=""),
        }
    )
    entries = {entry.address: entry for entry in navigation.sitemap(found, [], 10)}
    assert entries["/actualites/n-3/"].modified == "2012-03-03"
    assert entries["/actualites/x/"].modified == "2020-05"
    assert entries["/actualites/"].modified == "2020-05"
    assert entries["/actualites/2012/"].modified == "2012-03-11"
    assert entries["/p/"].modified == ""
    assert "/actualites/page/2/" in entries
    assert "/actualites/page/3/" not in entries
    assert not [address for address in entries if "#" in address or address.startswith("/en/")]


def test_the_two_languages_name_each_other_in_the_sitemap(read_files):
    found = read_files(
        {"pages/p.md": header(title="P") + "T", "pages/p.en.md": header(title="Q") + "T"}
    )
    entries = navigation.sitemap(found, navigation.language_pairs(found), 10)
    known = {entry.address: entry.alternates for entry in entries}
    assert known["/p/"] == known["/en/q/"] == {"fr": "/p/", "en": "/en/q/"}


def test_each_page_marks_its_own_entry_of_the_menus_and_its_section(build):
    menu_page = header(title="Contact", slug="contact", menu="main") + "Un texte.\n"
    done = build(
        {
            "articles/a.md": article("Une", tags="[lieux]"),
            "articles/b.md": article("Deux", tags="[lieux]"),
            "pages/contact.md": menu_page,
        }
    )
    assert done.code == 0, done.complaints

    def marks(address):
        links = done.site.page(address).select("nav a[aria-current]")
        return [(link["href"], link["aria-current"]) for link in links if link["href"] != "#"]

    assert marks("/") == [("/", "page")]
    assert marks("/actualites/une/") == [("/actualites/", "true")]
    assert marks("/actualites/deux/") == [("/actualites/", "true")]
    assert ("/actualites/", "page") in marks("/actualites/")
    assert marks("/contact/") == [("/contact/", "page")]
    assert marks("/themes/") == [("/themes/", "page")]
    assert marks("/themes/lieux/") == []
    assert not done.site.page("/").select(".site-name")
    assert done.site.page("/contact/").select(".site-name")
