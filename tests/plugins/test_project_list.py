"""The grouping of the projects, and the text of one made fit for the home page."""

from dataclasses import dataclass, field

from bs4 import BeautifulSoup

from plugins.project_list import by_topic, embed_text, group_projects
from tests.sites import project


@dataclass
class Tag:
    slug: str


@dataclass
class Page:
    title: str
    order: int | None = None
    template: str = "project"
    slug: str = "x"
    announced: bool = False
    strand: int = 0
    url: str = "projets/x/"
    tags: list = field(default_factory=list)


def titles(pages):
    return [page.title for page in group_projects(pages)]


def test_projects_stand_in_their_order():
    assert titles([Page("B", 2), Page("A", 3), Page("C", 1)]) == ["C", "B", "A"]


def test_a_project_without_order_comes_last():
    assert titles([Page("A"), Page("B", 9), Page("C", 0)]) == ["C", "B", "A"]


def test_projects_of_equal_order_go_by_title():
    assert titles([Page("B", 1), Page("A", 1)]) == ["A", "B"]


def test_other_pages_are_no_projects():
    assert titles([Page("À propos", template="page"), Page("A")]) == ["A"]


def test_no_projects_and_one_project_are_lists_too():
    assert group_projects([]) == []
    assert titles([Page("Seul")]) == ["Seul"]


def test_headings_sink_by_one_level_and_the_sixth_stays():
    html = embed_text("<h2>a</h2><h3>b</h3><h5>c</h5><h6>d</h6>", "p")
    assert html == "<h3>a</h3><h4>b</h4><h6>c</h6><h6>d</h6>"


def test_ids_and_what_names_them_get_the_projects_name():
    html = embed_text(
        '<h2 id="a">A</h2><a href="#a">a</a><a href="#elsewhere">b</a>'
        '<td headers="a z"></td><a href="/x#a">c</a>',
        "le-mixeur",
    )
    soup = BeautifulSoup(html, "html.parser")
    assert soup.h3["id"] == "le-mixeur--a"
    assert [a["href"] for a in soup.find_all("a")] == ["#le-mixeur--a", "#elsewhere", "/x#a"]
    assert soup.td["headers"] in ("le-mixeur--a z", ["le-mixeur--a", "z"])


def test_ids_that_nothing_in_the_text_names_are_left_to_the_projects_own_page():
    assert embed_text('<h2 id="a">A</h2><p><a href="/x#a">c</a></p>', "p") == (
        '<h3>A</h3><p><a href="/x#a">c</a></p>'
    )


def test_special_characters_stay_themselves():
    assert embed_text("<p>a &lt; b &amp; c\u202f?\u00a0« é »</p>", "p") == (
        "<p>a &lt; b &amp; c\u202f?\u00a0« é »</p>"
    )


def test_projects_are_found_by_theme():
    a, b = Page("A", tags=[Tag("x"), Tag("y")]), Page("B", tags=[Tag("x")])
    assert by_topic([a, b]) == {"x": [a, b], "y": [a]}


def test_the_list_shows_the_beginning_of_a_project_without_a_summary(build):
    built = build(
        {
            "pages/projects/a.md": project("A", "Deux mots.", summary="Un résumé."),
            "pages/projects/b.md": project("B", "Le début.\n\n## Une partie\n\nLa suite."),
        }
    )
    shown = built.site.page("/projets/").select(".project-summary")
    assert [words.get_text() for words in shown] == ["Un résumé.", "Le début."]
