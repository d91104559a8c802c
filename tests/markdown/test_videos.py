"""A video of another site: what a writer types, and what a visitor gets."""

import re

import feedparser
import pytest
from bs4 import BeautifulSoup

from engine.markdown import markdown_text, videos
from tests import sites
from tests.sites import article

ADDRESS = "https://www.youtube.com/watch?v=a_b&t=1"
MARKS = "{poster=/images/affiche_du_film.jpg duration=3:45}"
TYPED = f"![Les pôles : un film]({ADDRESS}){MARKS}"


def figure(body: str, lang: str = "fr"):
    text = markdown_text.read_body(body, lang=lang)
    assert text.faults == []
    return BeautifulSoup(text.html, "html.parser").select_one("figure.video")


def complaints(body: str) -> list[tuple[int, str]]:
    faults = markdown_text.read_body(body, lang="fr").faults
    assert {key for _line, key, _problem, _remedy in faults} <= {"video"}
    return [(line, f"{problem}; {remedy}") for line, _key, problem, remedy in faults]


def test_a_video_is_one_link_with_its_poster_and_words_that_hold_alone():
    found = figure(TYPED)
    [link] = found("a")
    assert link["href"] == ADDRESS
    assert [child.name for child in found.children] == ["a"]
    assert (link.img["src"], link.img["alt"]) == ("/images/affiche_du_film.jpg", "")
    assert link.get_text() == (
        "Voir la vidéo «\u202fLes pôles\u00a0: un film\u202f» "
        "sur youtube.com (3\u00a0min\u00a045\u00a0s)"
    )
    assert link.time["datetime"] == "PT3M45S"
    assert "hreflang" not in link.attrs


@pytest.mark.parametrize("title", ['Le "grand" film', "Le « grand » film"])
def test_the_quotes_of_a_title_are_inside_those_of_the_words(title):
    assert (
        "«\u202fLe “grand” film\u202f»" in figure(TYPED.replace("Les pôles : un film", title)).text
    )
    title = 'The "great" film'
    assert "“The ‘great’ film”" in figure(TYPED.replace("Les pôles : un film", title), "en").text


def test_the_words_are_of_the_text_s_language():
    assert figure(TYPED.replace(" :", ":"), "en").get_text() == (
        "Watch the video “Les pôles: un film” on youtube.com (3\u00a0min\u00a045\u00a0s)"
    )


def test_a_video_of_another_language_says_so():
    link = figure(TYPED.replace("un film", "a film").replace("}", " lang=en}")).a
    assert link["hreflang"] == "en"
    assert str(link.span) == '<span lang="en">Les pôles: a film</span>'


@pytest.mark.parametrize(
    ("typed", "words", "value"),
    [
        ("0:59", "59 s", "PT59S"),
        ("2:00", "2 min", "PT2M"),
        ("75:30", "1 h 15 min 30 s", "PT1H15M30S"),
        ("1:00:05", "1 h 5 s", "PT1H5S"),
        ("01:02:03", "1 h 2 min 3 s", "PT1H2M3S"),
    ],
)
def test_a_duration_is_typed_as_players_show_it(typed, words, value):
    time = figure(TYPED.replace("3:45", typed)).time
    assert (time.get_text().replace("\u00a0", " "), time["datetime"]) == (words, value)


@pytest.mark.parametrize(
    "typed", ["3:4", "3:60", "345", "3min45", "1:60:00", "0:00", "3:45:1", "٣:٤٥"]
)
def test_what_is_no_duration_is_refused(typed):
    [(_line, said)] = complaints(TYPED.replace("3:45", typed))
    assert said.startswith(f"“{typed}” is not how long a video lasts; write minutes:seconds")


@pytest.mark.parametrize(
    "marks",
    [
        '{poster="/images/affiche_du_film.jpg" duration="3:45"}',
        "{duration=3:45 poster=“/images/affiche_du_film.jpg”}",
        " {poster=/images/affiche_du_film.jpg duration=3:45} ",
        "\n{poster=/images/affiche_du_film.jpg\nduration=3:45}",
    ],
)
def test_the_braces_may_be_typed_in_any_common_way(marks):
    assert figure(TYPED.replace(MARKS, marks)) == figure(TYPED)


def test_a_caption_stands_below_and_is_not_what_the_text_begins_with():
    body = TYPED.replace(")", ' "Film de Camille")', 1) + "\n\nLe début."
    assert figure(body).figcaption.get_text() == "Film de Camille"
    assert markdown_text.read_body(body, lang="fr").first_paragraph == "Le début."


def test_a_poster_at_the_top_of_a_text_is_loaded_at_once_and_others_wait():
    first, second = BeautifulSoup(
        markdown_text.read_body(f"{TYPED}\n\n{TYPED}", lang="fr").html, "html.parser"
    )("img")
    assert "loading" not in first.attrs
    assert second["loading"] == "lazy"


def test_a_video_may_have_an_id_that_links_lead_to():
    body = TYPED.replace("}", " id=film}")
    assert figure(body).a["id"] == "film"
    assert "film" in markdown_text.read_body(body, lang="fr").ids


def test_nothing_that_is_typed_becomes_markup():
    found = figure('![a "<b>" & c](https://example.org/"><b>){poster=a.jpg duration=1:00}')
    assert found.b is None
    assert '"<b>"\u00a0& c' in found.get_text()


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/watch?v=abc",
        "http://m.youtube.com/shorts/abc",
        "https://youtu.be/abc?t=3",
        "https://vimeo.com/76979871",
        "https://vimeo.com/channels/staffpicks/76979871",
        "https://www.dailymotion.com/video/x8abc",
        "https://dai.ly/x8abc",
        "https://framatube.org/w/9c9de5e80a1e484ab099e8",
        "https://tube.example.org/videos/watch/9c9de5e8-0a1e-484a-b099-e80766180a6d",
    ],
)
@pytest.mark.parametrize("form", ["{}", "<{}>", "  {}", "{}{{duration=3:45}}"])
def test_the_bare_address_of_a_video_is_told_with_the_form_to_write(address, form):
    [(line, said)] = complaints(
        f"Des mots,\nsur deux lignes.\n\nVoir :\n{form.format(address)}\nFin."
    )
    assert line == 5
    assert f"write ![Titre de la vidéo]({address}){{poster=" in said
    assert complaints(said.partition("write ")[2]) == []


@pytest.mark.parametrize(
    "body",
    [
        "https://www.youtube.com/@quelqu-un",
        "https://en.wikipedia.org/w/index.php?title=A_very_long_title_of_a_page",
        "https://vimeo.com/about",
        "Voir https://youtu.be/abc ici.",
        "[Un film](https://youtu.be/abc)",
        "    https://youtu.be/abc",
    ],
)
def test_other_addresses_and_links_to_a_video_stay_as_they_are(body):
    assert complaints(body) == []


def test_all_that_a_video_lacks_is_told_at_once_with_its_own_address():
    said = complaints("Un texte.\n\n![](https://youtu.be/abc)")
    assert [line for line, _said in said] == [3, 3, 3]
    for (_line, text), what in zip(said, ("no title", "no poster", "how long"), strict=True):
        assert what in text
        assert re.search(
            r"as in !\[.+\]\(https://youtu\.be/abc\)\{poster=\S+ duration=3:45\}", text
        )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (f"Voir {TYPED} ici.", "stands among other words; give it a paragraph of its own"),
        (f"# {TYPED}", "stands among other words"),
        (f"![Film](../files/film.mp4){MARKS}", "content/files/ and make a link of it"),
        ("![Film](../files/film.webm)", "content/files/ and make a link of it"),
        (f"![Film](ftp://example.org/film){MARKS}", "is not the address of a video"),
        (f"![Film](javascript:alert){MARKS}", "is not the address of a video"),
        (f"![Film](http://[::1/){MARKS}", "is not the address of a video"),
        (TYPED.replace("/images/", "https://i.ytimg.com/"), "poster: https://i.ytimg.com/"),
        (TYPED.replace("}", " lang=anglais}"), "“anglais” is not a language"),
    ],
)
def test_what_cannot_be_shown_is_told(body, words):
    faults = markdown_text.read_body(body, lang="fr").faults
    assert words in next(f"{p}; {r}" for _l, key, p, r in faults if key == "video")


@pytest.mark.parametrize("marks", ["{affiche=a.jpg}", '{affiche="a.jpg"}', "{duration=3 min 45}"])
def test_braces_that_cannot_be_read_are_told(marks):
    [(_line, key, problem, remedy)] = markdown_text.read_body(
        TYPED.replace(MARKS, marks), lang="fr"
    ).faults
    assert (key, str(problem)[:32]) == ("mark", "what stands between the braces o")
    assert videos.EXAMPLE in str(remedy)


def test_only_a_page_with_a_video_carries_its_rules_and_the_feed_shows_it_whole(build):
    body = f"Un texte.\n\n{TYPED}"
    built = build(
        {
            "articles/a.md": article("Avec", body=body),
            "articles/b.md": article("Sans"),
            "images/affiche_du_film.jpg": sites.photo(800, 450),
            "pages/projects/p.md": sites.project(body=body),
        },
        SITE_URL="https://example.org",
    )
    assert built.code == 0, built.complaints
    for address in built.site.addresses:
        page = built.site.page(address)
        has_rules = ".video{" in page.style.string
        assert has_rules == bool(page.select("figure.video")), address
        script = 'script:not([type="application/ld+json"], [src*="/search-"])'
        assert page.select(f"iframe, {script}, video, object, embed") == []
    assert ".video{" in built.site.page("/").style.string
    [entry] = [
        e for e in feedparser.parse(built.site.text("/flux.xml")).entries if e.title == "Avec"
    ]
    shown = BeautifulSoup(entry.content[0].value, "html.parser").figure
    assert shown.a["href"] == ADDRESS
    assert shown.img["src"].startswith("https://example.org/images/affiche-du-film-")
    assert shown.get_text().startswith("Voir la vidéo «\u202fLes pôles")
