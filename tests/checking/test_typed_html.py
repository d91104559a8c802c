"""Texts with HTML, tables and code of their own: their pages and their feed are right."""

import shutil

import feedparser
import pytest

from engine.checking.check_all import check_pages
from engine.pages.built_site import BuiltSite
from plugins.feeds import absolute
from tests import sites
from tests.sites import article, header

ADDRESS = "http://localhost:8000"
BODIES = {
    "fichier": 'Voir <a href="/files/programme.pdf">le programme</a> du samedi.',
    "image": 'Voir la rue :\n\n<img src="/images/rue.jpg" alt="Une rue pavée" width="800">',
    "nu": "Voir <a href=/actualites/>la liste</a>.",
    "capitales": "Voir <A HREF = '/actualites/'>la liste</A>.",
    "code": "Écrivez `<a href='/contact/'>` ou :\n\n```html\n<img src='/images/a.jpg' alt=''>\n"
    "```\n\nDites : href='/contact/' en prose.",
    "tableau": "| Lieu | Places |\n|:-----|-------:|\n| Lyon | 12 |",
    "note-1": "## Note 1\n\n## Note ref 1\n\nTexte[^1].\n\n[^1]: La note.",
    "legendes": '![Une rue](/images/rue.jpg "La place")\n![Un pont](/images/rue.jpg "La rue")',
    "courrier": "On peut [écrire](nous@exemple.fr) aussi.",
    "deux": "Lire [la version anglaise](deux.en.md) de ce texte.",
    "lien": "Lire [celui-là](deux.md) ou [en anglais](deux.en.md).",
}
FILES = {
    "home.md": header(title="Accueil", summary="Un accueil.") + "Un texte.",
    "files/programme.pdf": b"%PDF-1.4",
    "images/rue.jpg": sites.photo(800, 600),
    **{
        f"articles/{name}.md": article(name.title(), body=body, summary=f"Résumé de {name}.")
        for name, body in BODIES.items()
    },
    "articles/deux.en.md": header(title="Two", summary="Two.")
    + "Read [the French text](deux.md), or [the other one](lien.md).",
    "articles/lien.en.md": header(title="Link", summary="Link.") + "Read [this one](deux.md).",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("typed")
    built = sites.build(sites.write(folder / "content", FILES), folder / "output", SITE_URL=ADDRESS)
    assert built.code == 0, built.complaints
    return built.site


def main(site, name, root="/actualites/"):
    return site.page(f"{root}{name}/").main


def test_no_page_has_a_fault(built):
    assert [str(fault) for fault in check_pages(BuiltSite(built.folder), ADDRESS)] == []


def test_what_html_names_is_published(built):
    assert main(built, "fichier").find("a", string="le programme")["href"] == "/files/programme.pdf"
    assert built.has("/files/programme.pdf")
    image = main(built, "image").img
    assert image["alt"] == "Une rue pavée"
    assert built.has(image["src"])


def test_the_feed_names_whole_addresses_and_shows_code_as_typed(built):
    entries = feedparser.parse(
        (built.folder / "flux.xml").read_bytes(), sanitize_html=False, resolve_relative_uris=False
    ).entries
    feed = {entry.title: entry.content[0].value for entry in entries}
    for name in ("Nu", "Capitales"):
        assert f'href="{ADDRESS}/actualites/"' in feed[name]
    assert "&lt;a href='/contact/'&gt;" in feed["Code"]
    assert "&lt;img src='/images/a.jpg' alt=''&gt;" in feed["Code"]
    assert "href=’/contact/’ en prose" in feed["Code"].replace("'", "’")


@pytest.mark.parametrize(
    ("html", "made"),
    [
        ("<a href='/b/'>c</a>", "<a href='https://a.org/b/'>c</a>"),
        ('<a title="a > b" href="/b/">c</a>', '<a title="a > b" href="https://a.org/b/">c</a>'),
        ('<a href="#n">c</a>', '<a href="https://a.org/p/#n">c</a>'),
        ('<a href="//e.org">c</a>', '<a href="//e.org">c</a>'),
        ("<p>un href='/b/' dit</p>", "<p>un href='/b/' dit</p>"),
        (
            '<img srcset="/b 1w, /c 2w">',
            '<img srcset="https://a.org/b 1w, https://a.org/c 2w">',
        ),
    ],
)
def test_only_the_attributes_of_tags_get_whole_addresses(html, made):
    assert absolute(html, "https://a.org", "/p/") == made


def test_each_caption_is_shown(built):
    captions = [caption.get_text() for caption in main(built, "legendes")("figcaption")]
    assert captions == ["La place", "La rue"]


def test_a_mail_address_is_one_to_write_to(built):
    link = main(built, "courrier").find("a", string="écrire")
    assert link["href"] == "mailto:nous@exemple.fr"


def test_a_link_leads_to_the_language_that_it_names(built):
    def leads(place, words, root="/actualites/"):
        return main(built, place, root).find("a", string=words)["href"]

    assert leads("deux", "la version anglaise") == "/en/news/two/"
    assert leads("lien", "celui-là") == "/actualites/deux/"
    assert leads("lien", "en anglais") == "/en/news/two/"
    # A translation keeps the links of its original, and leads to those texts in its language.
    assert leads("link", "this one", "/en/news/") == "/en/news/two/"
    assert leads("two", "the other one", "/en/news/") == "/en/news/link/"
    assert leads("two", "the French text", "/en/news/") == "/actualites/deux/"


def test_an_image_that_is_missing_in_a_page_is_a_fault(built, tmp_path):
    output = shutil.copytree(built.folder, tmp_path / "output")
    for image in (output / "images").iterdir():
        image.unlink()
    faults = check_pages(BuiltSite(output), ADDRESS)
    assert {fault.key for fault in faults} == {"missing-file", "feed"}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Voir [le plan](/files/plan.svg).", "the drawing holds <script>"),
        ("Voir <a href=/files/plan.svg>le plan</a>.", "the drawing holds <script>"),
        ("Voir <a href=//e.org/x>le plan</a>.", "for a page; write https://e.org/x"),
        ("Voir [le plan](//e.org/x).", "for a page; write https://e.org/x"),
        ("Voir <a href=/files/absent.pdf>le plan</a>.", "/files/absent.pdf leads to no file"),
    ],
)
def test_a_link_to_what_cannot_be_published_is_told_at_its_line(body, words, build):
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><script/></svg>'
    built = build({"articles/a.md": article(body=f"Un.\n\n{body}"), "files/plan.svg": drawing})
    assert built.code == 1
    [said] = [line for line in built.complaints.splitlines() if "articles/a.md" in line]
    assert "articles/a.md:7: link: " in said
    assert words in said
