"""What other programs read: microformats, Open Graph, the choice on mining, the feeds of themes."""

import json
import re

import feedparser
import mf2py
import pytest

from tests import sites
from tests.sites import article, header

NAME = "Odile Marchenoir"
A = "articles/a.md"


def items(site: sites.Site, address: str) -> list[dict]:
    """The microformats of a page."""
    return mf2py.parse(doc=site.text(address), url=f"https://a.example{address}")["items"]


def meta(site: sites.Site, address: str, name: str) -> list[str]:
    page = site.page(address)
    found = page.select(f'meta[property="{name}"], meta[name="{name}"]')
    return [each["content"] for each in found]


# --- Microformats ----------------------------------------------------------------------------


def test_the_home_page_bears_the_card_of_the_owner(full_site):
    (card,) = items(full_site, "/")
    assert card["type"] == ["h-card"]
    home = full_site.page("/").select_one("[rel=canonical]")["href"]
    assert card["properties"] == {"name": [NAME], "url": [home], "uid": [home]}


def test_the_about_and_contact_pages_say_who_and_how(full_site):
    (card,) = items(full_site, "/a-propos/")
    assert card["properties"]["name"] == [NAME]
    assert card["properties"]["photo"][0]["value"].startswith("https://a.example/images/portrait-")
    assert "https://mastodon.example/@odile" in card["properties"]["url"]
    (card,) = items(full_site, "/contact/")
    assert card["properties"]["name"] == [NAME]
    assert card["properties"]["email"] == ["mailto:odile@marchenoir.example"]
    assert card["properties"]["tel"] == ["\u202f".join(("01", "99", "00", "12", "34"))]
    assert card["properties"]["adr"][0].startswith("3 rue du Bief")


@pytest.mark.parametrize("address", ["/actualites/prix/", "/en/news/prix/"])
def test_a_news_item_is_an_entry(full_site, address):
    (entry,) = items(full_site, address)
    page, told = full_site.page(address), entry["properties"]
    assert entry["type"] == ["h-entry"]
    assert told["name"] == [page.h1.get_text()]
    assert told["url"] == [page.select_one("[rel=canonical]")["href"]]
    assert told["published"] == [page.select_one("main time")["datetime"]]
    assert told["author"][0]["properties"]["name"] == [NAME]
    assert (
        told["content"][0]["value"].split()[:3] == page.select_one(".prose").get_text().split()[:3]
    )
    assert told["category"] == [link.get_text() for link in page.select("[rel=tag]")]


def test_without_a_name_there_is_no_card(build):
    site = build({A: article()}).site
    assert items(site, "/") == []
    (entry,) = items(site, "/actualites/une-nouvelle/")
    assert "author" not in entry["properties"]


# --- Open Graph and the fediverse --------------------------------------------------------------


def test_each_page_says_what_is_shown_where_it_is_shared(full_site):
    for address in full_site.addresses:
        for name in ("og:title", "og:type", "og:description", "og:locale"):
            assert len(meta(full_site, address, name)) == 1, (address, name)
        if not address.endswith("404.html"):
            canonical = full_site.page(address).select_one("[rel=canonical]")["href"]
            assert meta(full_site, address, "og:url") == [canonical]
    assert meta(full_site, "/", "og:locale") == ["fr_FR"]
    assert meta(full_site, "/", "og:locale:alternate") == ["en_GB"]
    assert meta(full_site, "/en/", "og:locale") == ["en_GB"]
    assert meta(full_site, "/actualites/prix/", "article:tag") == ["coopération", "métiers"]


def test_the_account_of_the_owner_is_named_on_each_page(full_site, build):
    for address in full_site.addresses:
        assert meta(full_site, address, "fediverse:creator") == ["@odile@mastodon.example"]
    assert meta(build({A: article()}).site, "/", "fediverse:creator") == []


@pytest.mark.parametrize("typed", ["'@odile'", "odile@mastodon.example", "https://m.example/@o"])
def test_what_is_no_account_is_told(build, typed):
    built = build({"site.yml": sites.settings(fediverse=typed), A: article()})
    assert built.code == 1
    assert "owner.fediverse: “" in built.complaints
    assert "write for example fediverse: '@" in built.complaints


# --- Text and data mining ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "value", "word"),
    [
        ("", 1, "réservée"),
        ("text_and_data_mining: reserved\n", 1, "réservée"),
        ("text_and_data_mining: allowed\n", 0, "permise"),
    ],
)
def test_the_owners_choice_on_mining_is_told_in_each_place(build, settings, value, word):
    legal = header(title="Mentions légales", template="legal") + "Un texte.\n"
    site = build({"site.yml": settings, A: article(), "pages/legal.md": legal}).site
    assert json.loads(site.text("/.well-known/tdmrep.json")) == [
        {"location": "/", "tdm-reservation": value}
    ]
    assert site.text("/robots.txt").splitlines()[0].startswith("# Fouille de textes")
    assert word in site.text("/robots.txt").splitlines()[0]
    assert word.capitalize() in site.page("/mentions-legales/").main.get_text()
    assert meta(site, "/", "tdm-reservation") == []


def test_below_a_path_the_pages_say_it_themselves(build):
    built = build({A: article()}, SITE_URL="https://a.example/blog")
    assert not built.site.has("/.well-known/tdmrep.json")
    for address in built.site.addresses:
        assert meta(built.site, address, "tdm-reservation") == ["1"], address


# --- The feeds of themes -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("/themes/cooperation/", "/themes/cooperation/flux.xml"),
        ("/en/topics/cooperation/", "/en/topics/cooperation/feed.xml"),
    ],
)
def test_a_theme_has_a_feed_of_its_own_that_its_page_names(full_site, page, feed):
    soup = full_site.page(page)
    named = [link["href"] for link in soup.select('head link[type="application/atom+xml"]')]
    assert feed in named
    assert soup.select(f'main a[href="{feed}"]')
    told = feedparser.parse(full_site.text(feed))
    assert not told.bozo
    links = {re.sub("^https?://[^/]+", "", entry.link) for entry in told.entries}
    assert links
    listed = [link["href"] for link in soup.select(".news-section .dated-list a")]
    assert set(listed) <= links
    for address in links:
        topics = [link["href"] for link in full_site.page(address).select("[rel=tag]")]
        assert page in topics


def test_each_feed_has_an_id_and_the_name_of_its_theme(full_site):
    feeds = [full_site.folder / "flux.xml", full_site.folder / "en/feed.xml"]
    feeds += [*full_site.folder.glob("themes/*/flux.xml")]
    feeds += [*full_site.folder.glob("en/topics/*/feed.xml")]
    told = [feedparser.parse(path.read_text("utf-8")).feed for path in feeds]
    assert len(told) > 4
    assert len({feed.id for feed in told}) == len({feed.title + feed.id for feed in told})
    assert len({feed.id for feed in told}) == len(told)


def test_a_theme_of_projects_alone_has_no_feed(build):
    site = build({"pages/projects/p.md": sites.project(tags="[ville]"), A: article()}).site
    assert site.has("/themes/ville/")
    assert not site.has("/themes/ville/flux.xml")
    assert "flux.xml" not in str(site.page("/themes/ville/").main)


def test_what_browsers_show_of_a_feed_is_no_text_of_its_entries(full_site):
    told = feedparser.parse(full_site.text("/flux.xml"))
    assert not told.bozo
    for entry in told.entries:
        read = entry.title, entry.summary, entry.content[0].value
        assert not any("1999/xhtml" in text for text in read)
    assert "lecteur de flux" not in told.feed.title + told.feed.subtitle
