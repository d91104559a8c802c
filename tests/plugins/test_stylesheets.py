"""The style sheet that is inlined into each kind of page."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from plugins.stylesheets import COMPONENTS, IN_TEXTS, file_names, make_stylesheet, stylesheet_of

THEME = Path(__file__).resolve().parents[2] / "theme"
FOLDER = THEME / "static" / "css"


@dataclass
class Project:
    strand: int
    status: str = "published"


PROJECTS = [Project(0), Project(1, "announced"), Project(2), Project(3)]


def css(kind="home", body="", font_url="/theme/fonts/a.woff2"):
    return make_stylesheet(kind, file_names(kind, body), FOLDER, font_url, PROJECTS)


def test_every_file_is_on_some_page_and_no_other_is_named():
    named = {name for kind in COMPONENTS for name in file_names(kind, "".join(IN_TEXTS.values()))}
    assert named == {path.stem for path in FOLDER.glob("*.css")}


def test_the_templates_name_exactly_the_kinds_that_there_are():
    templates = "".join(path.read_text("utf-8") for path in (THEME / "templates").glob("*.html"))
    assert set(re.findall(r'set kind, section = "(\w+)"', templates)) == set(COMPONENTS)


@pytest.mark.parametrize("kind", COMPONENTS)
def test_the_layers_come_in_their_order(kind):
    layers = re.findall(r"@layer (\w+)\{", css(kind))
    assert layers == ["tokens", "base", "layout", "blocks", "modes"]


@pytest.mark.parametrize("words", ["light-dark(", "oklch(", "round(", "&:", "clip-path:polygon"])
def test_nothing_is_rewritten_for_old_browsers(words):
    assert words in css()


def test_the_font_comes_from_its_own_address():
    assert "url(/blog/b-12.woff2)" in css(font_url="/blog/b-12.woff2").replace('"', "")
    assert "../" not in css()


def test_a_page_has_the_colours_of_the_projects_but_the_warp_only_where_the_list_is():
    assert ".strand-3{" in css("article")
    assert "--warp-0:" in css("home")
    assert "--warp-0:" not in css("article")


def test_rules_for_what_only_some_texts_hold_come_with_it():
    assert "th,td" not in css("article", "<p>Un texte.</p>")
    assert "th,td" in css("article", "<table><tr><td>Un</td></tr></table>")


def test_nothing_in_it_could_end_the_style_element():
    assert all("</" not in css(kind) for kind in COMPONENTS)


@pytest.mark.parametrize(
    "path", [path for path in FOLDER.glob("*.css") if path.stem != "tokens"], ids=lambda p: p.stem
)
def test_raw_colours_stand_in_the_tokens_only(path):
    text = path.read_text("utf-8")
    print_paper = "--paper: #fff"
    assert not re.search(
        r"oklch\((?!from )|rgb\(|hsl\(|#(?!0000\b)[0-9a-f]{3,8}\b", text.replace(print_paper, "")
    )


def test_a_style_sheet_is_made_once_a_site(monkeypatch):
    calls = []
    monkeypatch.setattr("plugins.stylesheets.make_stylesheet", lambda *a: calls.append(a) or "a{}")
    stylesheet = stylesheet_of({"font_url": "/theme", "projects": []}, FOLDER)
    assert stylesheet("home", "<p>") is stylesheet("home", "<h2>")
    assert len(calls) == 1
    stylesheet("home", "<table>")
    assert len(calls) == 2


def test_two_pages_of_a_kind_with_other_contents_have_other_style_sheets():
    context = {"font_url": "/theme", "projects": []}
    stylesheet = stylesheet_of(context, FOLDER)
    plain = stylesheet("article", "<p>Un texte.</p>")
    assert ".video{" not in plain
    assert ".video{" in stylesheet("article", '<figure class="video">')
    assert stylesheet("article", "<p>Un autre.</p>") is plain


def test_an_unknown_kind_is_an_error():
    with pytest.raises(KeyError):
        css("unknown")
