"""The English version of a text, as a writer starts it: ./inv translate FILE."""

import pytest

from engine.texts import headers, library
from engine.texts.partial_dates import present_day
from engine.texts.translations import digest
from pelicanconf import ADDRESSES, TIMEZONE
from tests import sample_content, sites
from tests.sites import article, header

A, A_EN = "articles/2012-03-a.md", "articles/2012-03-a.en.md"
ORIGINAL = header(
    title='"Un « titre » : le \\"bon\\""',
    slug="a",
    date="2012-03",
    tags="[culture]",
    summary='"L\'été..."',
    links="{le-progres: https://example.org/a, b: }",
    modified="2020",
)
BODY = "## Un [lien][le-progres] {#un}\n\nDes mots[^1].\n\n[^1]: Une note.\n"
THEMES = {"themes.yml": "culture: culture\n"}


@pytest.mark.parametrize("typed", [f"content/{A}", A, f"./content/articles/../{A}"])
def test_a_translation_starts_as_a_draft_from_the_french_words(writer, typed):
    writer.has({A: ORIGINAL + BODY, **THEMES})
    done = writer.types("translate", typed)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == [
        f"content/{A_EN}",
        "address: /en/news/…/ (… will come from the English title)",
    ]
    lines, body, _line = headers.split_header(writer.reads(A_EN))
    read, faults = headers.parse_header(lines, "article", A_EN, translation=True)
    assert faults == []
    stamp = read.values.pop("translated_from")
    assert stamp.startswith("sha256-")
    assert read.values == {
        "title": 'Un « titre » : le "bon"',
        "summary": "L'été...",
        "links": {"le-progres": "https://example.org/a", "b": ""},
        "status": "draft",
    }
    assert body == BODY
    assert writer.reads(A) == ORIGINAL + BODY


@pytest.mark.slow
def test_a_translation_is_seen_once_it_is_done_and_no_sooner(writer, tmp_path):
    writer.has({A: ORIGINAL + BODY, **THEMES})
    writer.types("translate", A)
    built = sites.build(writer.content, tmp_path / "output")
    assert built.code == 0, built.complaints
    assert not built.site.has("/en/")

    text = writer.reads(A_EN).replace("status: draft\n", "")
    lines = ['title: "A title"' if line.startswith("title:") else line for line in text.split("\n")]
    writer.has({A_EN: "\n".join(lines).replace("Des mots", "Some words")})
    built = sites.build(writer.content, tmp_path / "output")
    assert built.code == 0, built.complaints
    page = built.site.page("/en/news/a-title/")
    assert page.h1.get_text(strip=True) == "A title"
    assert "Some words" in page.main.get_text()
    assert page.find("a", hreflang="fr", href="/actualites/a/")


FULL_SITE = sample_content.full_site()
TRANSLATED = [
    "home.en.md",
    "pages/a-propos.en.md",
    "pages/projects/cantine.en.md",
    "pages/projects/suite.en.md",
    "articles/film.en.md",
    "articles/lavoir.en.md",
]


@pytest.mark.parametrize("source", TRANSLATED)
def test_each_text_of_a_site_can_be_translated_anew(writer, source):
    writer.has(FULL_SITE)
    (writer.content / source).unlink()
    done = writer.types("translate", source.replace(".en.md", ".md"))
    assert done.returncode == 0, done.stderr
    found = library.read_headers(writer.content, addresses=ADDRESSES, today=present_day(TIMEZONE))
    assert found.faults == []
    assert found.by_source[source].status == "draft"
    assert found.by_source[source].body == found.by_source[source.replace(".en.md", ".md")].body


def test_the_home_page_waits_as_a_draft_too(writer, tmp_path):
    writer.has({"home.md": header(title="Accueil", definition="Une phrase.") + "Un texte.\n"})
    done = writer.types("translate", "home.md")
    assert done.stdout.splitlines()[:2] == ["content/home.en.md", "address: /en/"]
    built = sites.build(writer.content, tmp_path / "output")
    assert built.code == 0, built.complaints
    assert "drafts: " in built.said
    assert not built.site.has("/en/")


def test_an_announced_project_has_no_body_to_translate(writer):
    source = "pages/projects/p.md"
    writer.has({source: header(title="P", status="announced", short="p")})
    assert writer.types("translate", source).returncode == 0
    text = writer.reads("pages/projects/p.en.md")
    assert 'short: "p"' in text
    assert text.endswith("\n---\n")
    found = library.read_texts(writer.content, addresses=ADDRESSES, today=present_day(TIMEZONE))
    assert found.faults == []


def test_a_text_with_the_line_ends_of_windows_gives_one_without(writer):
    writer.has({A: "\ufeff" + article(body="Un\n\ndeux").replace("\n", "\r\n")})
    assert writer.types("translate", A).returncode == 0
    text = writer.reads(A_EN)
    assert "\r" not in text
    assert "\ufeff" not in text
    assert text.endswith("---\nUn\n\ndeux\n")


REFUSED = {
    "a file that is not there": (
        "articles/2012-03-aa.md",
        "there is no such file; did you mean content/articles/2012-03-a.md?",
    ),
    "the translation itself": (
        A_EN,
        f"it is the translation already; open it, or translate another text than content/{A}",
    ),
    "a text written in English": ("articles/b.en.md", "it is in English already; translations"),
    "a text that has its translation": (A, "it exists already; open it: content/" + A_EN),
    "a picture": ("images/p.jpg", "it is no text of the site; name a .md file of content"),
    "a folder": ("articles", "it is no text of the site"),
    "a file from elsewhere": ("../notes.md", "it is no text of the site"),
    "a text in no place": ("x/notes.md", "no page is made from a text in this place; move it"),
    "a text without a header": ("articles/c.md", "the first line is not ---; write ---"),
    "a text with a fault": ("articles/d.md", "“demain” is not a date"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_translated_is_told(writer, name):
    typed, words = REFUSED[name]
    writer.has(
        {
            A: article(),
            A_EN: header(title="A") + "Text.",
            "articles/b.en.md": article("B"),
            "articles/c.md": "Texte",
            "articles/d.md": article(date="demain"),
            "images/p.jpg": "x",
            "x/notes.md": article(),
            "../notes.md": article(),
        }
    )
    before = writer.files()
    done = writer.types("translate", typed)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert writer.files() == before


def test_how_to_open_a_translation_names_the_owners_editor(writer):
    writer.has({A: article(), A_EN: header(title="A") + "Text."})
    done = writer.types("translate", A, EDITOR="nano -w")
    assert f"open it: nano -w content/{A_EN}" in done.stderr


def test_the_digest_follows_the_words_and_nothing_else():
    values = {"title": "Un titre", "summary": None, "date": "2012", "tags": ["a"], "slug": "x"}
    first = digest("article", values, "Un texte.\n")
    assert first == digest("article", values | {"date": "2013", "slug": "y"}, "\nUn texte.")
    others = {
        digest("article", values | {"title": "Un autre"}, "Un texte."),
        digest("article", values | {"summary": "Résumé"}, "Un texte."),
        digest("article", values, "Un autre texte."),
    }
    assert len(others | {first}) == 4
