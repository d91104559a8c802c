"""What the owner decides in `content/site.yml` shows on the site."""

import re

import feedparser

from tests import sites
from tests.sites import article, header

HOME = {"home.md": header(title="Un titre"), "home.en.md": header(title="A title")}


def news(count: int) -> dict[str, str]:
    return {f"articles/{n}.md": article(f"Nouvelle {n}", f"20{n:02}") for n in range(1, count + 1)}


def settings(*lines: str) -> dict[str, str]:
    return {"site.yml": "\n".join((*lines, sites.settings()))}


def test_the_home_page_shows_as_many_news_as_asked(build):
    for lines, count in (((), 5), (("news_on_home: 2",), 2)):
        page = build(news(6) | settings(*lines)).site.page("/")
        assert len(page.select(".news-section li")) == count


def test_the_sign_stands_before_the_name_of_the_site(build):
    for lines, sign in (((), "&"), (("sign: '§'",), "§")):
        site = build(news(1) | settings(*lines)).site
        for address in ("/actualites/", "/404.html"):
            assert site.page(address).select_one(".site-name b").get_text() == sign


def test_a_tagline_follows_the_name_in_the_title_and_the_feed(build):
    lines = ("taglines:", "  fr: Un lieu à tenir", "  en: A place to keep")
    site = build(news(1) | HOME | settings(*lines)).site
    assert site.page("/").title.get_text() == "Un nom · Un lieu à tenir"
    assert site.page("/en/").title.get_text() == "A name · A place to keep"
    assert feedparser.parse(site.text("/flux.xml")).feed.subtitle == "Un lieu à tenir"
    assert feedparser.parse(site.text("/en/feed.xml")).feed.subtitle == "A place to keep"
    assert site.page("/actualites/").title.get_text() == "Actualités · Un nom"


PAGES = {
    "pages/a-propos.md": header(title="À propos", menu="main") + "T",
    "pages/a-propos.en.md": header(title="About", slug="about") + "T",
    "pages/outils.md": header(title="Outils") + "T",
    "pages/plus-tard.md": header(title="Plus tard", status="draft") + "T",
}
MENU = ("menu:", "  fr:", "    - news: Journal", "    - a-propos", "    - plus-tard", "    - home")


def entries(site: sites.Site, address: str) -> list[tuple[str, str]]:
    links = site.page(address).select(".site-header li:not(.site-name, .language-switch) a")
    return [(link.get_text(), link["href"]) for link in links]


def test_a_menu_without_a_decision_has_the_lists_and_the_pages_that_ask_for_it(build):
    site = build(news(1) | PAGES | settings()).site
    assert [words for words, _ in entries(site, "/")] == [
        *("Accueil", "Projets", "Actualités", "Parcours", "À propos"),
    ]


def test_the_menu_has_the_entries_the_order_and_the_words_of_the_owner(build):
    site = build(news(1) | HOME | PAGES | settings(*MENU)).site
    assert entries(site, "/") == [
        ("Journal", "/actualites/"),
        ("À propos", "/a-propos/"),
        ("Accueil", "/"),
    ]
    assert entries(site, "/en/") == [
        ("News", "/en/news/"),
        ("About", "/en/about/"),
        ("Home", "/en/"),
    ]
    page = site.page("/actualites/nouvelle-1/")
    assert page.select_one(".site-header [aria-current=true]").get_text() == "Journal"


def test_each_language_may_have_a_menu_of_its_own(build):
    site = build(news(1) | HOME | PAGES | settings(*MENU, "  en: [topics: Subjects]")).site
    assert entries(site, "/en/") == [("Subjects", "/en/topics/")]
    assert entries(site, "/")[0] == ("Journal", "/actualites/")


def test_an_entry_that_leads_nowhere_is_one_fault_at_its_line(build):
    built = build(news(1) | PAGES | settings("menu:", "  fr:", "    - news", "    - a-propo"))
    assert built.code == 1
    (line,) = built.complaints.splitlines()
    words = "menu.fr: no list and no page is called “a-propo”; did you mean a-propos?"
    assert line.endswith(f"site.yml:4: {words}")


def test_the_strands_have_the_colours_of_the_owner(build):
    project = {"pages/projects/p.md": sites.project()}
    plain, coloured = (
        build(project | settings(*lines)).site.text("/")
        for lines in ((), ("colours:", "  - navy", "  - darkcyan"))
    )
    garance = re.compile(r"--garance:([^;}]*)")
    assert "oklch(27.1% .188 264)" in garance.search(coloured)[1]
    assert "oklch(60.5% .205 30)" in garance.search(plain)[1]
    assert garance.search(coloured)[1].startswith("light-dark(")


def test_the_icon_of_the_site_has_the_colours_of_the_owner(build):
    project = {"pages/projects/p.md": sites.project()}
    plain, coloured = (
        re.findall(
            'stroke="([^"]+)"', build(project | settings(*lines)).site.text("/theme/favicon.svg")
        )
        for lines in ((), ("colours:", "  - navy", "  - darkcyan"))
    )
    assert plain == ["#e03c2d", "#343398", "#e8b33a", "#e791a4"]
    assert coloured[0] == "oklch(0.271 0.188 264)"
    assert coloured[1:3] == plain[1:3]
    assert coloured[3].startswith("oklch(")
