"""The style sheet that is inlined into each page."""

import re
from dataclasses import dataclass

import pytest

from engine.dependencies import SharedResults
from engine.paths import ROOT
from plugins.owner import SiteValues
from plugins.stylesheets import (
    COMPONENTS,
    FIRST,
    LAST,
    file_names,
    stylesheet,
    without_unused_properties,
)

FOLDER = ROOT / "theme" / "static" / "css"
LAYERS = (FOLDER / "tokens.css").read_text("utf-8").split("@layer ")[1].split(";")[0].split(", ")
style_sheets = pytest.mark.parametrize("path", [*FOLDER.glob("*.css")], ids=lambda path: path.stem)


@dataclass
class Project:
    strand: int
    status: str = "published"


PROJECTS = [Project(0), Project(1, "announced"), Project(2), Project(3)]


HOME = (
    '<div class="introduction"><div class="loom"></div></div><h2 class="section-title beside">'
    '<ul class="project-list"><li class="project strand-0"><div class="weave"></div></li>'
    '<li class="strand-1"><li class="strand-2"><li class="strand-3">'
)
ARTICLE = (
    '<article class="text strand-2"><div class="comes-in"></div><div class="prose"><p>Un texte.'
)


def context_of(font_url="/theme/fonts/a.woff2"):
    """What the function of the templates reads."""
    return {
        "font_url": font_url,
        "projects": PROJECTS,
        "THEME": str(ROOT / "theme"),
        "site": SiteValues("fr site", {"colours": ()}),
        "stylesheets": SharedResults(),
    }


def css(body=HOME, **values):
    return stylesheet(context_of(**values), body)


def test_every_file_is_a_component_and_every_component_has_a_file():
    assert {*FIRST, *COMPONENTS, *LAST} == {path.stem for path in FOLDER.glob("*.css")}


def test_a_page_has_the_component_of_each_class_that_it_bears(full_site):
    seen = set()
    for address in full_site.addresses:
        body = str(full_site.page(address).main)
        classes = {
            name for tag in full_site.page(address).main(class_=True) for name in tag["class"]
        }
        seen |= classes & set(COMPONENTS)
        assert classes & set(COMPONENTS) == set(file_names(body)) & classes, address
    assert {"weave", "introduction", "prose", "facts", "timeline", "comes-in"} <= seen


@pytest.mark.parametrize("body", [HOME, ARTICLE, ""])
def test_the_layers_come_in_the_order_that_the_css_gives(body):
    assert re.findall(r"@layer (\w+)\{", css(body)) == LAYERS
    assert LAYERS[-1] == "modes", "paper and forced colours win"


@style_sheets
def test_rules_stand_in_a_layer_one_declaration_a_line(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL).rstrip()
    assert set(re.findall(r"^@layer (\w+) \{", text, re.MULTILINE)) <= set(LAYERS)
    assert not re.search(r"^(?!@layer |@font-face |\s|\})", text, re.MULTILINE)
    assert not re.search(r"[{;] *\S", text)


@pytest.mark.parametrize("words", ["light-dark(", "oklch(", "round(", "&:", "clip-path:polygon"])
def test_nothing_is_rewritten_for_old_browsers(words):
    assert words in css()


def test_the_font_comes_from_its_own_address():
    assert "url(/blog/b-12.woff2)" in css(font_url="/blog/b-12.woff2").replace('"', "")
    assert "../" not in css()


def test_a_page_has_the_strands_that_are_on_it_but_the_warp_only_where_the_list_is():
    assert all(f".strand-{number}{{" in css(HOME) for number in range(4))
    assert ".strand-2{" in css(ARTICLE)
    assert "--indigo:" in css(ARTICLE)
    assert ".strand-3{" not in css(ARTICLE)
    assert "--gaude:" not in css(ARTICLE)
    assert "--warp-0:" in css(HOME)
    assert "--warp-0:" not in css(ARTICLE)


def test_a_custom_property_that_nothing_reads_is_left_out():
    assert without_unused_properties(
        ":root{--a:var(--b);--b:1px;--c:calc(2 * var(--d));--d:2px}p{x:var(--a)}"
    ) == (":root{--a:var(--b);--b:1px;}p{x:var(--a)}")


@pytest.mark.parametrize(
    ("rule", "markup"),
    [
        ("th,td", "<table>"),
        (".prose blockquote", "<blockquote>"),
        (".prose dt{", "<dl>"),
        (".prose mark{", "<mark>"),
        ("figcaption", '<figure><img src="a.jpg">'),
        ("attr(href)", '<a href="https://example.org/">'),
        (".video{", '<figure class="video">'),
    ],
)
def test_rules_for_what_only_some_texts_hold_come_with_it(rule, markup):
    assert rule not in css(ARTICLE)
    assert rule in css(ARTICLE + markup)


def test_nothing_in_it_could_end_the_style_element():
    assert "</" not in css(HOME + ARTICLE)


@style_sheets
def test_raw_colours_stand_in_the_tokens_only(path):
    raw = r"oklch\((?!from )|rgb\(|hsl\(|#(?!0000\b)[0-9a-f]{3,8}\b"
    text = path.read_text("utf-8").replace("--paper: #fff", "")
    assert bool(re.search(raw, text)) == (path.stem == "tokens")


def test_pages_that_hold_the_same_share_a_style_sheet():
    context = context_of()
    one = stylesheet(context, ARTICLE)
    assert stylesheet(context, ARTICLE + "Un autre texte.") is one
    assert stylesheet(context, ARTICLE + "<table>") is not one
    assert stylesheet(context, ARTICLE.replace("strand-2", "strand-3")) is not one
