"""The introduction of a theme: a text of the owner's at the top of the theme's page."""

import pytest

from tests.sites import article, header

A, EN = "articles/a.md", "articles/a.en.md"
INTRODUCTION = "pages/cooperation.md"
FILES = {
    "themes.yml": "coopération: cooperation\nmétiers: crafts\n",
    A: article(
        "Un", tags="[coopération]", body="Voir le [thème](../pages/cooperation.md#pourquoi)."
    ),
    EN: header(title="One") + "See the [topic](../pages/cooperation.md).\n",
    INTRODUCTION: header(title="Coopérer", theme="coopération", summary="Faire avec d'autres.")
    + "Coopérer, c'est décider **ensemble**.\n\n## Pourquoi\n\nParce que.\n",
    "pages/cooperation.en.md": header(title="To cooperate")
    + "To cooperate is to decide together.\n",
}


def test_an_introduction_stands_on_the_page_of_its_theme_in_each_language(build):
    built = build(FILES)
    assert built.code == 0, built.complaints
    page = built.site.page("/themes/cooperation/")
    assert page.select_one("main .prose strong").get_text() == "ensemble"
    assert page.h1.get_text() == "Thème\u00a0: coopération"
    assert page.select_one("meta[name=description]")["content"] == "Faire avec d’autres."
    english = built.site.page("/en/topics/cooperation/")
    assert "decide together" in english.select_one("main .prose").get_text()


def test_it_has_no_page_of_its_own_and_links_to_it_lead_to_the_theme(build):
    site = build(FILES).site
    assert not site.has("/cooperation/")
    assert not site.has("/coopererer/")
    link = site.page("/actualites/un/").select_one(".prose a")
    assert link["href"] == "/themes/cooperation/#pourquoi"
    assert site.page("/en/news/one/").select_one(".prose a")["href"] == "/en/topics/cooperation/"
    assert site.text("/sitemap.xml").count("/themes/cooperation/</loc>") == 1


def test_a_theme_without_one_is_as_before(build):
    site = build({A: article("Un", tags="[métiers]")}).site
    assert not site.page("/themes/metiers/").select("main .prose")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {INTRODUCTION: header(title="X", theme="cooperation") + "Un texte.\n"},
            "pages/cooperation.md:3: theme: no text has the theme “cooperation”; "
            "did you mean coopération?",
        ),
        (
            {"pages/z.md": header(title="Z", theme="coopération") + "Un texte.\n"},
            "pages/z.md:3: theme: the address /themes/cooperation/ is already that of",
        ),
    ],
)
def test_an_introduction_that_cannot_be_shown_is_told(build, changes, said):
    built = build(FILES | changes)
    assert built.code == 1
    assert said in built.complaints
