"""The pages of a site in French and English, as a visitor meets them in each language."""

import re
from urllib.parse import urlsplit

import feedparser
import pytest
from bs4 import BeautifulSoup

from engine.checking.pages.site_check import check_site
from engine.checking.pages.w3c_check import check_markup
from engine.pages.built_site import BuiltSite
from tests import sample_content, sites

PROJECTS = {
    "/": [
        "L’Atelier des réparations",
        "La Cantine & le Jardin",
        "La Manufacture, lieu commun",
        "La suite, à écrire",
    ],
    "/en/": [
        "The Repair Workshop",
        "The Canteen & the Garden",
        "The Manufactory",
        "What comes next",
    ],
}
ADDRESSES = [
    "/",
    "/projets/",
    "/projets/cantine/",
    "/actualites/",
    "/actualites/page/2/",
    "/actualites/2014/",
    "/actualites/prix/",
    "/themes/",
    "/themes/eau-et-ville/",
    "/parcours/",
    "/a-propos/",
    "/contact/",
    "/mentions-legales/",
    "/accessibilite/",
    "/sobriete/",
    "/404.html",
    "/flux.xml",
    "/sitemap.xml",
    "/robots.txt",
    "/en/",
    "/en/projects/",
    "/en/projects/cantine/",
    "/en/news/",
    "/en/news/page/2/",
    "/en/news/2014/",
    "/en/news/prix/",
    "/en/topics/",
    "/en/topics/water-and-the-town/",
    "/en/timeline/",
    "/en/about/",
    "/en/contact/",
    "/en/legal/",
    "/en/accessibility/",
    "/en/sobriety/",
    "/en/404.html",
    "/en/feed.xml",
]
# Sites that share no feature: what holds for one of them must hold for all.
SITES = [
    sample_content.full_site,
    sample_content.french_site,
    sample_content.nothing,
    sample_content.no_news,
    sample_content.many_projects,
]


def words(element) -> str:
    return " ".join(element.get_text(" ", strip=True).split())


def is_english(address: str) -> bool:
    return address.startswith("/en/")


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_addresses_that_others_know_exist(full_site, address):
    assert full_site.has(address)


@pytest.mark.parametrize("home", PROJECTS)
def test_the_home_page_lists_the_projects_in_order(full_site, home):
    found = [words(heading) for heading in full_site.page(home).select(".project-list h2")]
    assert [title.replace("\u00a0", " ") for title in found] == PROJECTS[home]


@pytest.mark.parametrize("home", PROJECTS)
def test_three_projects_expand_and_the_announced_one_does_not(full_site, home):
    entries = full_site.page(home).select(".project-list > li")
    assert [bool(entry.details) for entry in entries] == [True, True, True, False]
    assert words(entries[3].span) == ("bientôt" if home == "/" else "soon")
    assert words(entries[3]) == f"{words(entries[3].h2)} {words(entries[3].span)}"


@pytest.mark.parametrize("home", PROJECTS)
def test_each_project_expands_to_its_whole_text_one_heading_level_lower(full_site, home):
    page = full_site.page(home)
    for entry in page.select(".project-list details"):
        own_address = entry.select("a[href*='/projets/'], a[href*='/projects/']")[-1]["href"]
        own = full_site.page(own_address).select_one(".prose")
        whole = [words(element) for element in own.find_all(["p", "li"])]
        embedded = [words(element) for element in entry.find_all(["p", "li"])]
        assert [text for text in whole if text not in embedded] == []
        own_levels = [int(h.name[1]) for h in own.find_all(re.compile("^h[1-6]$"))]
        levels = [
            int(h.name[1])
            for h in entry.find_all(re.compile("^h[1-6]$"))
            if not h.find_parent("summary")
        ]
        assert levels == [level + 1 for level in own_levels]


@pytest.mark.parametrize("home", PROJECTS)
def test_a_projects_address_names_an_element_inside_its_details(full_site, home):
    page = full_site.page(home)
    for entry in page.select(".project-list details"):
        named = [e for e in entry.find_all(id=True) if "--" not in e["id"]]
        assert len(named) == 1
        assert named[0].find_parent("summary") is None


def test_every_page_shows_dates_in_its_language(full_site):
    french, english = "janvier|mars|juin|fin 2016", "January|March|June|late 2016"
    for address in full_site.addresses:
        dates = " ".join(words(time) for time in full_site.page(address).select("time"))
        assert not re.search(french if is_english(address) else english, dates), address


def test_dates_are_as_precise_as_they_are_known_and_no_more(full_site):
    page = full_site.page("/actualites/")
    shown = [
        (words(time).replace("\u00a0", " "), time["datetime"]) for time in page.select("main time")
    ]
    assert shown == [
        ("mars 2019", "2019-03"),
        ("2 novembre 2018", "2018-11-02"),
        ("fin 2016", "2016"),
        ("10 janvier 2015", "2015-01-10"),
        ("2014", "2014"),
        ("juin 2013", "2013-06"),
        ("2013", "2013"),
        ("7 avril 2012", "2012-04-07"),
        ("2012", "2012"),
        ("mars 2011", "2011-03"),
    ]


def test_each_page_leads_to_its_translation(full_site):
    translated = set()
    for address in full_site.addresses:
        page = full_site.page(address)
        other = "fr" if is_english(address) else "en"
        switch = page.select_one(f"a[hreflang={other}]")
        assert switch["lang"] == other, address
        assert full_site.has(switch["href"]), address
        counterpart = page.select_one(f"link[hreflang={other}]")
        if counterpart:
            translated.add(address)
            assert counterpart["href"].endswith(switch["href"])
            assert words(switch) == {"en": "English", "fr": "Français"}[other]
    assert {"/", "/parcours/", "/actualites/prix/", "/en/projects/cantine/"} <= translated


def test_a_page_without_translation_leads_home_and_says_so(build):
    built = build(
        {
            "articles/a.md": sites.article("Seule", tags="[seul]"),
            "articles/b.md": sites.article("Deux", "2013"),
            "articles/b.en.md": sites.header(title="Two") + "Text.",
            "articles/c.en.md": sites.article("English only", "2011"),
        }
    )
    assert built.code == 0, built.complaints
    alone = built.site.page("/actualites/seule/")
    assert alone.select_one("a[hreflang=en]")["href"] == "/en/"
    assert "home" in words(alone.select_one("a[hreflang=en]"))
    assert not alone.select("link[hreflang]:not([type])")
    english = built.site.page("/en/news/english-only/")
    assert english.select_one("a[hreflang=fr]")["href"] == "/"
    assert "accueil" in words(english.select_one("a[hreflang=fr]")).lower()
    for address in built.site.addresses:
        text = words(built.site.page(address).main)
        assert ("Seule" in text and is_english(address)) is False, address


def test_images_and_theme_files_exist_once(full_site):
    english = [p for p in (full_site.folder / "en").rglob("*") if p.is_file()]
    # The index of the search is that of the language.
    assert {p.suffix for p in english} == {".html", ".xml", ".json"}


def test_the_english_site_has_no_french_words_of_the_theme(full_site):
    for address in full_site.addresses:
        if not is_english(address):
            continue
        page = full_site.page(address)
        for marked in page.select("[lang=fr]"):
            marked.decompose()
        text = words(page.body)
        french = re.findall(
            r"\b(Accueil|Projets|Actualités|Thèmes|Aller au contenu|Parcours)\b", text
        )
        assert french == [], address


def test_words_of_the_other_language_are_marked(full_site):
    page = full_site.page("/projets/cantine/")
    assert [words(e) for e in page.select(".prose [lang=en]")] == ["hackathon"]
    assert full_site.page("/en/projects/cantine/").select(".prose [lang=fr]")


def test_every_page_can_be_shared(full_site):
    for address in full_site.addresses:
        page = full_site.page(address)
        if "404" in address:
            continue
        graph = {m["property"]: m["content"] for m in page.select("meta[property^='og:']")}
        assert graph["og:url"] == page.select_one("link[rel=canonical]")["href"]
        assert graph["og:title"]
        assert graph["og:description"] == page.select_one("meta[name=description]")["content"]


def test_what_only_the_owner_can_give_is_absent_until_filled_in(build):
    site = build(sample_content.french_site()).site
    for address in ("/contact/", "/mentions-legales/"):
        main = site.page(address).main
        assert not main.select("dt, dd, a[href='mailto:'], a[href='tel:']")
        assert "mailto:" not in str(main)


def test_what_the_owner_fills_in_is_shown_in_both_languages(full_site):
    for address in ("/contact/", "/en/contact/"):
        contact = full_site.page(address).main
        assert contact.select_one("a[href='mailto:odile@marchenoir.example']")
        number = contact.select_one("a[href='tel:0199001234']").get_text()
        assert number == "\u202f".join(("01", "99", "00", "12", "34"))
    for address in ("/mentions-legales/", "/en/legal/"):
        legal = words(full_site.page(address).main)
        assert "Odile Marchenoir, EI" in legal
        assert "Hébergement du Bief & Cie, 5 quai des Rubans" in legal
        assert "000 000 000 00000" in legal
    assert "<name>Odile Marchenoir</name>" in full_site.text("/flux.xml")


def test_a_link_without_an_address_is_plain_text(full_site):
    for address in full_site.addresses:
        # The parts of results get their addresses from the script of the search.
        links = full_site.page(address).select("a:not([href], template a), a[href='']")
        assert not links, address
    main = full_site.page("/projets/cantine/").main
    assert "La Gazette" in words(main)
    assert words(main.select_one("a[href='https://recettes.example/cantine']")) == "recettes"


def test_article_neighbours_follow_the_dates(full_site):
    page = full_site.page("/actualites/prix/")
    assert page.select_one("a[rel=prev]")["href"] == "/actualites/film/"
    assert page.select_one("a[rel=next]")["href"] == "/actualites/rubans/"


def test_french_is_set_with_its_spaces(full_site):
    for address in full_site.addresses:
        if is_english(address):
            continue
        page = full_site.page(address)
        for marked in page.select("[lang=en], style, code"):
            marked.decompose()
        text = page.get_text()
        assert not re.search(r"[\w»] [;!?:»](?!\w)|« |\w'\w|\.\.\.", text), (
            address,
            re.findall(r".{20}(?: [;!?:»](?!\w)|« |\w'\w|\.\.\.).{10}", text)[:3],
        )


@pytest.mark.parametrize(("address", "lang"), [("/flux.xml", "fr"), ("/en/feed.xml", "en")])
def test_a_feed_holds_the_whole_news_with_absolute_addresses(full_site, address, lang):
    feed = feedparser.parse(full_site.text(address))
    assert not feed.bozo
    assert feed.version == "atom10"
    news = "/en/news/" if lang == "en" else "/actualites/"
    named = full_site.page(news).select(".dated-list a")
    assert [urlsplit(entry.link).path for entry in feed.entries[: len(named)]] == [
        link["href"] for link in named
    ]
    assert len(feed.entries) > len(named), "those of the second page too"
    for entry in feed.entries:
        assert entry.id.startswith("urn:uuid:")
        page = full_site.page(urlsplit(entry.link).path)
        body = BeautifulSoup(entry.content[0].value, "html.parser")
        assert words(body) == words(page.select_one(".prose"))
        for link in body.select("[href], [src]"):
            assert re.match(r"https?://", link.get("href") or link["src"])
        assert words(page.h1) == " ".join(entry.title.split())
    assert f'xml:lang="{lang}"' in full_site.text(address)


def test_entries_of_a_feed_keep_their_id_when_their_address_changes(build):
    ids = []
    for slug in ("un", "deux"):
        built = build({"articles/a.md": sites.article(slug=slug)})
        feed = feedparser.parse(built.site.text("/flux.xml"))
        ids.append(feed.entries[0].id)
    assert ids[0] == ids[1]


def test_the_site_can_stand_below_a_folder(build):
    built = build(
        {
            "articles/a.md": sites.article(body="[p](../pages/p.md) ![x](../images/x.png)"),
            "pages/p.md": sites.header(title="P", menu="main") + "T",
            "images/x.png": sites.photo(80, 50, "PNG"),
        },
        SITE_URL="https://example.org/blog",
    )
    assert built.code == 0, built.complaints
    page = built.site.page("/actualites/une-nouvelle/")
    assert page.select_one("link[rel=canonical]")["href"] == (
        "https://example.org/blog/actualites/une-nouvelle/"
    )
    for element in page.select("a[href^='/'], img[src^='/'], link[href^='/']"):
        assert (element.get("href") or element.get("src")).startswith("/blog/"), element


@pytest.mark.parametrize(
    "files",
    [*SITES[:2], *sample_content.EXTREMES.values()],
    ids=lambda files: files.__name__,
)
def test_no_link_heading_feed_or_sitemap_entry_of_a_site_is_broken(build, files):
    built = build(files())
    assert built.code == 0, built.complaints
    faults = check_site(BuiltSite(built.site.folder), "http://localhost:8000")
    assert [str(fault) for fault in faults] == []


@pytest.mark.needs("java", "vnu")
@pytest.mark.parametrize("files", SITES, ids=lambda files: files.__name__)
def test_the_w3c_checker_has_nothing_to_say_of_pages_and_their_style_sheets(build, files):
    assert [str(fault) for fault in check_markup(build(files()).site.folder)] == []
