"""The site says who speaks, and asks nobody to write who could not be answered."""

import re

import feedparser
import pytest

from engine.building import site as building
from engine.checking.texts.check_texts import read_content
from engine.pages.built_site import BuiltSite
from engine.pages.page_weight import MAX_HOME_BYTES, weigh
from engine.texts.links import describe_file
from tests import sample_content, sites
from tests.sites import article, header

NAME = "Odile Marchenoir"
A = "articles/a.md"
CONTACT = header(title="Contact", menu="main", template="contact") + "Écrivez-moi : parlons-en.\n"
ENGLISH_CONTACT = header(title="Write", slug="contact") + "Write to me: let us talk.\n"


def texts_of(elements) -> list[str]:
    return [" ".join(element.get_text(" ", strip=True).split()) for element in elements]


@pytest.mark.parametrize("root", ["/", "/en/"])
def test_the_name_stands_under_the_headline_and_in_the_title_of_the_home_page(full_site, root):
    page = full_site.page(root)
    assert texts_of(page.select("hgroup > h1 + p")) == [NAME]
    assert page.title.get_text().endswith(f" · {NAME}")


def test_each_page_names_its_author_and_its_owner(full_site):
    for address in full_site.addresses:
        page = full_site.page(address)
        (author,) = page.select("meta[name=author]")
        assert author["content"] == NAME, address
        assert page.title.get_text().endswith(f" · {NAME}"), address
        assert texts_of(page.select("body > footer > p"))[0].endswith(f" · {NAME}"), address


def test_a_site_that_bears_the_owners_name_does_not_say_it_twice(build):
    settings = sites.settings(name="Un nom")
    page = build({"site.yml": settings, A: article()}).site.page("/actualites/une-nouvelle/")
    assert page.title.get_text() == "Une nouvelle · Un nom"
    assert texts_of(page.select("body > footer > p")) == ["Un nom"]


@pytest.mark.parametrize(
    ("address", "about"), [("/actualites/prix/", "/a-propos/"), ("/en/news/prix/", "/en/about/")]
)
def test_a_news_item_names_its_author_with_a_link_to_the_about_page(full_site, address, about):
    (link,) = full_site.page(address).select(".dateline [rel=author]")
    assert (link.get_text(), link["href"]) == (NAME, about)


@pytest.mark.parametrize("address", ["/flux.xml", "/en/feed.xml"])
def test_the_feed_names_its_author(full_site, address):
    assert feedparser.parse(full_site.text(address)).feed.author == NAME


@pytest.mark.parametrize(
    ("address", "words"), [("/a-propos/", "Ailleurs"), ("/en/about/", "Elsewhere")]
)
def test_the_about_page_shows_the_portrait_and_the_owners_other_pages(full_site, address, words):
    page = full_site.page(address)
    assert texts_of(page.select("main .speaker")) == [NAME]
    (portrait,) = page.select(".portrait img")
    assert portrait["alt"] == NAME
    assert full_site.has(portrait["src"])
    assert {each["type"] for each in page.select(".portrait source")} == {
        "image/avif",
        "image/webp",
    }
    assert texts_of(page.select("main footer h2")) == [words]
    assert [(link.get_text(), link["href"]) for link in page.select("main footer [rel=me]")] == [
        ("Mastodon", "https://mastodon.example/@odile"),
        ("Wikimedia Commons", "https://commons.example/odile#photos"),
    ]


def test_a_library_that_the_checks_have_read_is_built_with_the_portrait(tmp_path, monkeypatch):
    content = sites.write(tmp_path / "content", sample_content.whole_site())
    monkeypatch.setenv("SITE_CONTENT", str(content))
    built = sites.Site(tmp_path / "output")
    building.build(output=built.folder, library=read_content(content, "content"))
    assert built.has(built.page("/a-propos/").select_one(".portrait img")["src"])


def test_the_home_page_leads_back_to_the_owners_other_pages(full_site):
    addresses = [link["href"] for link in full_site.page("/").select("head link[rel=me]")]
    assert addresses == ["https://mastodon.example/@odile", "https://commons.example/odile#photos"]
    assert not full_site.page("/projets/").select("head link[rel=me]")


def test_with_every_field_the_home_page_keeps_its_limits(full_site):
    built = BuiltSite(full_site.folder)
    weight = weigh(built, built.files["index.html"])
    assert weight.transferred <= MAX_HOME_BYTES
    assert weight.ecoindex >= 88


def test_a_portrait_that_is_no_picture_is_a_fault_at_its_line(build):
    settings = sites.settings(name="Un nom", portrait="images/a.jpg")
    built = build({"site.yml": settings, A: article(), "images/a.jpg": b"no picture"})
    assert built.code == 1
    assert re.search(r"site\.yml:7: owner\.portrait: .*; ", built.complaints)
    assert built.complaints.count("\n") == 1


def test_without_a_way_to_answer_the_contact_page_invites_nobody(build):
    files = {A: article(), "pages/contact.md": CONTACT, "pages/contact.en.md": ENGLISH_CONTACT}
    built = build(files | {"site.yml": sites.settings(name="Camille")})
    for root, address, words in (
        ("/", "/contact/", "Mes coordonnées ne sont pas encore"),
        ("/en/", "/en/contact/", "How to reach me is not on this site yet."),
    ):
        page = built.site.page(address)
        assert words in page.main.get_text()
        assert words in page.select_one("meta[name=description]")["content"]
        assert not re.search("crivez-moi|Write to me", built.site.text(address))
        assert not built.site.page(root).select(f'nav a[href="{address}"]')


@pytest.mark.parametrize(
    "fact",
    [
        {"email": "a@b.fr"},
        {"phone": "01 99 00 12 34"},
        {"address": "3 rue du Bief"},
        {"links": "{Mastodon: 'https://mastodon.example/@a'}"},
    ],
    ids=lambda fact: next(iter(fact)),
)
def test_one_way_to_answer_is_enough(build, fact):
    built = build({"site.yml": sites.settings(**fact), A: article(), "pages/contact.md": CONTACT})
    assert "Écrivez-moi" in built.site.page("/contact/").main.get_text()
    assert built.site.page("/").select('nav a[href="/contact/"]')


def test_the_name_of_the_site_stands_once(build, full_site):
    """A name is changed in one place: no title, feed, word of the theme or page keeps the old."""
    files = sample_content.full_site()
    old = ("Lieux communs & réparations", "Common places & repairs")
    new = ("La Maison du fil", "The House of Thread")
    for before, after in zip(old, new, strict=True):
        files["site.yml"] = files["site.yml"].replace(before, after)
    built = build(files).site
    for address in ("/", "/projets/", "/en/news/", "/flux.xml", "/en/feed.xml", "/404.html"):
        name = new["/en" in address]
        assert name in built.text(address), address
    pages = [*built.addresses, "/flux.xml", "/en/feed.xml", "/robots.txt", "/sitemap.xml"]
    kept = re.compile("Lieux communs|Common places")
    assert [address for address in pages if kept.search(built.text(address))] == []
    assert kept.search(full_site.text("/"))


FILES = [
    ("cv.pdf", 120_400, "fr", "PDF, 120\u00a0ko"),
    ("cv.pdf", 1_240_000, "fr", "PDF, 1,2\u00a0Mo"),
    ("cv.pdf", 1_240_000, "en", "PDF, 1.2\u00a0MB"),
    ("plan.JPG", 2_000_000, "fr", "JPEG, 2\u00a0Mo"),
    ("film.mp4", 12_600_000, "en", "MP4, 13\u00a0MB"),
    ("note", 12, "fr", "1\u00a0ko"),
]


@pytest.mark.parametrize(("name", "size", "lang", "words"), FILES)
def test_a_file_is_described_by_its_format_and_size(name, size, lang, words):
    assert describe_file(name, size, lang) == words


def test_a_link_to_a_document_tells_its_format_and_size(build):
    body = (
        "[Mon *parcours*](/files/cv.pdf), [le même](../files/cv.pdf) ; "
        "[le CV, PDF de 12 ko](/files/cv.pdf), [une page](a.md)."
    )
    files = {A: article(body=body), "files/cv.pdf": b"%PDF-1.4" + b" " * 41_000}
    files["articles/a.en.md"] = header(title="A") + "[My CV](/files/cv.pdf)."
    built = build(files)
    assert built.code == 0, built.complaints
    links = built.site.page("/actualites/une-nouvelle/").select(".prose a")
    assert texts_of(links) == [
        "Mon parcours (PDF, 41 ko)",
        "le même (PDF, 41 ko)",
        "le CV, PDF de 12 ko",
        "une page",
    ]
    assert texts_of(built.site.page("/en/news/a/").select(".prose a")) == ["My CV (PDF, 41 kB)"]
