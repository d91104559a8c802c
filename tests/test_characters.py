"""Characters as writers' machines give them: decomposed, invisible, or with odd spaces."""

import datetime
import sys
import unicodedata
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.characters import FORBIDDEN, decode_text, holds_forbidden, with_plain_spaces
from engine.markdown import markdown_text
from engine.texts import library, partial_dates
from pelicanconf import ADDRESSES
from tests import sites
from tests.sites import article, header, photo

A = "articles/a.md"
NBSP, NARROW, THIN, EN_SPACE = "\u00a0", "\u202f", "\u2009", "\u2002"


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@pytest.fixture
def read_files(tmp_path):
    """The library of some files, which may have faults."""

    def run(files):
        return library.read_texts(
            sites.write(tmp_path, files),
            addresses=ADDRESSES,
            shown_folder="c",
            today=datetime.date(2026, 5, 30),
        )

    return run


def test_files_named_by_a_mac_are_found_by_the_names_that_are_typed_and_published(build):
    built = build(
        {
            decomposed("images/été.jpg"): photo(80, 50),
            decomposed("files/à lire.pdf"): b"%PDF",
            decomposed("articles/été.md"): article("Été", body="Un texte."),
            decomposed("articles/été.en.md"): header(title="Summer") + "A text.",
            decomposed("pages/projects/forêt.md"): sites.project("Forêt"),
            A: article(
                "Liens",
                project="forêt",
                body="![Une place](/images/été.jpg) [lire](</files/à lire.pdf>) [l'été](été.md)",
            ),
        }
    )
    assert built.code == 0, built.complaints
    page = built.site.page("/actualites/liens/")
    assert page.select_one(".prose img")["src"].startswith("/images/ete-")
    places = [unquote(link["href"]) for link in page.select(".prose a")]
    assert places == ["/files/à lire.pdf", "/actualites/ete/"]
    assert built.site.has("/files/à lire.pdf")
    assert page.select_one("a[href='/projets/foret/']")
    assert (
        built.site.page("/en/news/summer/")
        .select_one("link[hreflang=fr]")["href"]
        .endswith("/actualites/ete/")
    )


def test_a_decomposed_theme_is_the_one_that_themes_yml_names(read_files):
    files = {
        A: article(tags=decomposed("[été]"), body=f"[t]({{tag}}{decomposed('été')})"),
        "articles/a.en.md": header(title="A") + "Text.",
    }
    for themes in ("été: summer\n", decomposed("été: summer\n")):
        found = read_files(files | {"themes.yml": themes})
        assert found.faults == []
        assert [topic.name for topic in found.by_source["articles/a.en.md"].topics] == ["summer"]


def test_a_decomposed_text_is_set_as_the_composed_one(read_files):
    typed = "Un été ? Oui, un café : déjà !"
    shown = [
        read_files({A: article(body=text)}).by_source[A].html for text in (typed, decomposed(typed))
    ]
    assert shown[0] == shown[1]
    assert f"été{NARROW}?" in shown[1]


def test_a_decomposed_word_is_spelled_as_the_composed_one():
    assert decode_text(decomposed("déjà").encode()) == "déjà"


@given(st.text(max_size=40))
def test_any_text_is_composed_and_loses_no_line(text):
    data = text.encode("utf-8", "ignore")
    decoded = decode_text(data)
    assert unicodedata.is_normalized("NFC", decoded)
    plain = data.decode().removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    assert decoded.count("\n") == plain.count("\n")


@pytest.mark.parametrize(
    "character", ["\x0b", "\x00", "\x1b", "\x7f", "\x85", "\ufffe", "\U0001ffff"]
)
def test_a_character_that_no_page_may_hold_is_told_once_at_its_line(read_files, character):
    for text, line in (
        (article(body=f"Avant{character}après."), 5),
        (article(title=f"Un{character}titre"), 2),
        (article(title=f'"Un{character}titre"'), 2),
    ):
        (fault,) = read_files({A: text}).faults
        assert (fault.path, fault.line, fault.key) == ("c/articles/a.md", line, "character")
        assert f"U+{ord(character):04X}" in str(fault.problem)
    (fault,) = read_files({A: article(body=f"Une{character}page.")}).faults
    assert str(fault.remedy) == "type “Une page.” again"


def test_every_character_that_no_page_may_hold_is_found():
    forbidden = FORBIDDEN.findall("".join(map(chr, range(sys.maxunicode + 1))))
    assert len(forbidden) > 2000
    assert all(holds_forbidden(f"a\n{NARROW}{character}é") for character in forbidden)
    assert not holds_forbidden(f"a\n\tb{NBSP}{NARROW}?")


@given(st.text(min_size=1, max_size=30).filter(str.strip))
def test_whatever_passes_can_be_read_in_a_feed(text):
    data = text.encode("utf-8", "ignore")
    body = FORBIDDEN.sub(" ", decode_text(data))
    html = markdown_text.read_body(body, lang="fr").html.replace("\f", " ")
    escaped = html.replace("&", "&amp;").replace("<", "&lt;")
    ElementTree.fromstring(f"<content>{escaped}</content>")


def test_a_form_feed_by_its_number_is_a_space(build):
    built = build({A: article(body="Un&#12;texte.")})
    assert built.code == 0, built.complaints
    ElementTree.fromstring(built.site.text("/flux.xml"))


@pytest.mark.parametrize("space", [NBSP, NARROW, THIN, EN_SPACE, "\u3000"])
def test_an_odd_space_hides_no_block_of_markdown(read_files, space):
    typed = (
        f"##{space}Un titre\n{space}\n-{space}un\n-{space}deux\n\n1.{space}trois\n\n>{space}Dit.\n"
        f"{space}{space}\nFin{space}!"
    )
    html = read_files({A: article(body=typed)}).by_source[A].html
    assert '<h2 id="un-titre">Un titre</h2>' in html
    assert "<li>un</li>" in html
    assert "<li>trois</li>" in html
    assert "<blockquote>\n<p>Dit.</p>" in html
    assert f"<p>Fin{NARROW}!</p>" in html


@given(st.text(alphabet=f"# -1.>a\n*+{NBSP}{THIN}", max_size=20))
def test_plain_spaces_keep_each_line_and_each_letter(body):
    plain = with_plain_spaces(body)
    assert plain.count("\n") == body.count("\n")
    assert plain.split() == body.split()


def test_a_line_of_a_header_may_hold_odd_spaces_beside_its_colon(read_files):
    lines = [f"title{NBSP}:{NBSP}Un titre", f"date:{NARROW}2026-05-12", f"tags:{NBSP}[a, b]"]
    text = "\n".join(["---", *lines, "---", "Texte."])
    found = read_files({A: text})
    assert found.faults == []
    assert found.by_source[A].header["title"] == "Un titre"
    assert found.by_source[A].header["date"].iso == "2026-05-12"
    assert found.by_source[A].header["tags"] == ["a", "b"]


@pytest.mark.parametrize("date", ["२०१२", "٢٠١٢-٠٣", "２０１２", "start of २०१२"])
def test_the_digits_of_other_scripts_are_no_date(date):
    with pytest.raises(ValueError, match="is not a date"):
        partial_dates.parse_date(date)


@pytest.mark.parametrize("body", ["14h30 à १२", "n° १२", "§ ３", "p. ३"])
def test_the_digits_of_other_scripts_are_letters_to_typography(read_files, body):
    html = read_files({A: article(body=body)}).by_source[A].html
    for digits in ("१२", "３", "३"):
        assert f"{NBSP}{digits}" not in html


def test_words_in_another_language_code_and_images_take_the_curved_apostrophe(read_files):
    body = "[Le Mixeur]{lang=fr}'s team and `code`'s end, ![A](/images/a.jpg)'s."
    found = read_files(
        {
            A: article(),
            "articles/a.en.md": header(title="A") + body,
            "images/a.jpg": photo(80, 50),
        }
    )
    html = found.by_source["articles/a.en.md"].html
    assert html.count("’s") == 3
    assert "'s" not in html


def test_hours_thin_spaces_and_names_of_emoji_on_a_page(read_files):
    body = f"9h-12h et 9h30-12h30. « {THIN}oui{THIN}» ; quoi{THIN}? 1{THIN}000. Bravo :smile: !"
    html = (
        read_files({A: article(body=body)})
        .by_source[A]
        .html.replace(NBSP, "_")
        .replace(NARROW, "␣")
    )
    assert html == ("<p>9_h-12_h et 9_h_30-12_h_30. «␣oui␣»␣; quoi␣? 1␣000. Bravo :smile:␣!</p>\n")
