"""The layout holds: every width, enlarged text, wider spacing, extremes of content."""

from pathlib import Path

import pytest

from engine.pages.page_weight import kind_of
from pelicanconf import ADDRESSES
from tests.browser.visits import (
    ENGLISH_KINDS,
    KINDS,
    SERVERLESS,
    enlarge_text,
    go,
    restyle,
    unfold,
    visit,
)
from tests.sample_content import EXTREMES, many_texts_of_a_theme
from tests.sites import article, settings

pytestmark = pytest.mark.needs("chromium")

WIDTHS = (320, 375, 768, 1024, 1440, 1920, 2560)
# WCAG 1.4.12, https://www.w3.org/TR/WCAG22/#text-spacing
SPACING = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-block-end: 2em !important }
"""
FAULTS = (Path(__file__).parent / "layout_faults.js").read_text("utf-8")


def faults(page, state: str) -> list[str]:
    """What does not hold on a page, its lists closed, then open."""
    found = [f"{state}, closed: {fault}" for fault in page.evaluate(FAULTS)]
    if unfold(page):
        found += [f"{state}, open: {fault}" for fault in page.evaluate(FAULTS)]
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)")
    return found


def faults_at(page, widths, state="") -> list[str]:
    """The same at several widths; 320 by 256 is 1280 by 1024 enlarged to 400 % (WCAG 1.4.10)."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 256 if width == 320 else 800})
        found += faults(page, f"{width} px {state}")
    return found


@pytest.mark.parametrize("address", KINDS + ENGLISH_KINDS)
def test_every_kind_of_page_holds_at_every_width_size_and_spacing_of_text(
    browser, site_address, address
):
    with visit(browser, site_address + address) as page:
        found = faults_at(page, WIDTHS if address in KINDS else (320, 1440))
        enlarge_text(page, 32)
        found += faults_at(page, (640, 1280), "text at 200 %")
        enlarge_text(page, 16)
        restyle(page, SPACING)
        found += faults_at(page, (320, 1280), "text spaced")
    assert found == []


@pytest.mark.parametrize("content", EXTREMES.values(), ids=EXTREMES)
def test_extremes_of_content_hold(browser, build, content):
    built = build(content())
    assert built.code == 0, built.complaints
    one_of_each = {
        kind_of(address[1:], ADDRESSES["fr"]): address for address in built.site.addresses
    }
    found = {}
    with visit(browser, site=built.site) as page:
        for address in one_of_each.values():
            go(page, SERVERLESS + address)
            wrong = faults_at(page, (320, 768, 2560))
            restyle(page, SPACING)
            if wrong := wrong + faults_at(page, (320,), "text spaced"):
                found[address] = wrong
    assert found == {}


def test_the_number_of_texts_of_a_theme_stands_on_one_line(browser, build):
    built = build(many_texts_of_a_theme(12))
    with visit(browser, f"{SERVERLESS}/themes/", site=built.site, width=320) as page:
        lines = page.locator(".count").evaluate_all(
            "all => all.map(e => e.offsetHeight / parseFloat(getComputedStyle(e).lineHeight))"
        )
        assert lines == pytest.approx([1, 1], abs=0.1)


def test_a_sign_of_three_characters_stands_on_one_line_before_a_long_name(browser, build):
    files = {"articles/a.md": article(), "site.yml": settings()}
    name = "Fédération interdépartementale des manufactures coopératives et des laboratoires"
    files["site.yml"] = files["site.yml"].replace("fr: Un nom", f'fr: "{name}"') + 'sign: "W@—"\n'
    built = build(files)
    assert built.code == 0, built.complaints
    with visit(browser, f"{SERVERLESS}/actualites/", site=built.site) as page:
        for width in (320, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(
                """() => {
                  const sign = document.querySelector(".site-name b");
                  return sign.offsetHeight < 1.5 * parseFloat(getComputedStyle(sign).fontSize);
                }"""
            ), width


# Two paragraphs of a part of a text, "W" first.
TWO_PARAGRAPHS = {
    "quotation": "> W\n>\n> X",
    "item of a list": "- W\n\n  X",
    "definition": "Terme\n: W\n\n  X",
    "note": "Un appel[^1].\n\n[^1]: W\n\n    X",
    "details": "<details open>\n<summary>Voir</summary>\n\nW\n\nX\n\n</details>",
}


@pytest.mark.parametrize("body", TWO_PARAGRAPHS.values(), ids=TWO_PARAGRAPHS)
def test_two_paragraphs_stand_apart_inside_other_elements_too(browser, build, body):
    site = build({"articles/a.md": article(body=f"Un début.\n\n{body}")}).site
    with visit(browser, f"{SERVERLESS}/actualites/une-nouvelle/", site=site) as page:
        gap = page.evaluate(
            """() => {
              const [first, second] = [...document.querySelectorAll(".prose p")]
                .filter(each => /^[WX]/.test(each.textContent));
              const [end, start] = [first, second].map(each => each.getBoundingClientRect());
              return (start.top - end.bottom) / parseFloat(getComputedStyle(first).fontSize);
            }"""
        )
        assert 0.4 < gap < 1.2


def test_the_number_of_a_note_touches_the_words_around_it(browser, build):
    body = "Début.\n\nUn mot[^1], puis la suite.\n\n[^1]: La note.\n"
    site = build({"articles/a.md": article(body=body)}).site
    with visit(browser, f"{SERVERLESS}/actualites/une-nouvelle/", site=site) as page:
        gaps = page.evaluate(
            """() => {
              const sup = document.querySelector(".prose sup");
              const edges = (text, end = text.length) => {
                const range = document.createRange();
                range.setStart(text, 0);
                range.setEnd(text, end);
                return range.getBoundingClientRect();
              };
              const number = edges(sup.querySelector("a").firstChild);
              return [number.left - edges(sup.previousSibling).right,
                edges(sup.nextSibling, 1).left - number.right];
            }"""
        )
        assert max(map(abs, gaps)) < 1.5


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("main p { inline-size: 3000px; max-inline-size: none }", "outside"),
        ("body { overflow: visible } main p { min-inline-size: 3000px }", "scrolls sideways"),
        ("main h2 { block-size: 4px; overflow: hidden }", "clipped"),
        ("main h1 { margin-block-end: -4em }", "overlap"),
        (".site-header { position: sticky; inset-block-start: 0; block-size: 300px }", "screen"),
    ],
)
def test_a_broken_layout_is_seen(browser, site_address, css, expected):
    with visit(browser, site_address) as page:
        assert faults(page, "as it is") == []
        restyle(page, css)
        assert expected in "\n".join(faults(page, "broken"))


# The separators of the date line whose next word stands below them.
DANGLING = """() => {
  const first = (node, start, end) => {
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, end);
    return range.getClientRects()[0];
  };
  const texts = [], walker = document.createTreeWalker(
    document.querySelector(".dateline"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) texts.push(walker.currentNode);
  const letters = texts.flatMap(text => [...text.data].map((letter, at) => [letter, text, at]))
    .filter(([letter]) => letter.trim());
  return letters.filter(([letter, text, at], number) => {
    if (letter !== "·") return false;
    const [, next, place] = letters[number + 1];
    return first(next, place, place + 1).top >= first(text, at, at + 1).bottom;
  }).length;
}"""


def test_no_separator_ends_a_line_of_the_date_of_an_article(browser, site_address):
    with visit(browser, f"{site_address}/actualites/rubans/") as page:

        def dangling() -> list[int]:
            widths = []
            for width in range(240, 361, 20):
                page.set_viewport_size({"width": width, "height": 800})
                if page.evaluate(DANGLING):
                    widths.append(width)
            return widths

        assert dangling() == []
        restyle(page, ".dateline span { display: inline !important }")
        assert 320 in dangling(), "the test sees them"
