"""What the owner decides in `content/site.yml` shows on the site."""

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
