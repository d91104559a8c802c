"""Every kind of page held against axe: all its rules, AAA, best practice and RGAA among them."""

import pytest

from tests.browser.visits import ENGLISH_KINDS, KINDS, SERVERLESS, restyle, unfold, visit
from tests.chromium import AXE
from tests.sites import article, header

pytestmark = pytest.mark.needs("chromium")


# In another scheme nothing else can differ.
COLOUR_RULES = "axe.getRules(['cat.color']).map(rule => rule.ruleId)"


def complaints(page, rules: str = "axe.getRules().map(rule => rule.ruleId)") -> list[str]:
    """What axe finds wrong, and what it cannot tell: both are faults here."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(f"axe.run({{runOnly: {{type: 'rule', values: {rules}}}}})")
    return [
        f"{kind}: {rule['id']}: {rule['nodes'][0]['html'][:120]}"
        for kind in ("violations", "incomplete")
        for rule in found[kind]
    ]


@pytest.mark.parametrize("address", KINDS + ENGLISH_KINDS)
def test_axe_finds_nothing_and_leaves_nothing_open(browser, site_address, address):
    with visit(browser, site_address + address) as page:
        for state in ("closed", "open"):
            if state == "open" and not unfold(page):
                break
            for width in (320, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                page.emulate_media(color_scheme="light")
                assert complaints(page) == [], (width, state)
                page.emulate_media(color_scheme="dark")
                assert complaints(page, COLOUR_RULES) == [], (width, "dark", state)


def test_a_broken_page_is_seen(browser, site_address):
    with visit(browser, site_address) as page:
        assert complaints(page) == []
        restyle(page, "p { color: #999; background: #fff } a { outline: 0 }")
        page.evaluate("document.body.append(document.createElement('img'))")
        text = "\n".join(complaints(page))
        assert "image-alt" in text
        assert "color-contrast" in text


def test_a_colour_of_the_dark_scheme_alone_is_seen(browser, site_address):
    with visit(browser, site_address) as page:
        restyle(page, "@media (prefers-color-scheme: dark) { p { color: #444; background: #333 } }")
        assert complaints(page, COLOUR_RULES) == []
        page.emulate_media(color_scheme="dark")
        assert "color-contrast" in "\n".join(complaints(page, COLOUR_RULES))


def test_highlighted_words_have_the_colours_of_the_theme_and_are_read_easily(browser, build):
    body = "Un <mark>mot, [un lien](/a-propos/)</mark>.\n\n> Une <mark>citation</mark>.\n"
    pages = {"pages/a-propos.md": header(title="À propos") + "Un texte.\n"}
    site = build({"articles/a.md": article(body=body)} | pages).site
    with visit(browser, f"{SERVERLESS}/actualites/une-nouvelle/", site=site) as page:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            colours = page.locator("mark").first.evaluate(
                "mark => [getComputedStyle(mark).color, getComputedStyle(document.body).color]"
            )
            assert colours[0] == colours[1]
            assert complaints(page, COLOUR_RULES) == [], scheme


RAW = "<table>\n<tr><td>" + "m" * 60 + "<td>b\n</table>\n\n<pre>" + "m" * 90 + "</pre>"
# The widest that takes no focus: 20 letters side by side, counting a space for each cell.
NARROW = f"| {'m' * 9} | {'m' * 9} |\n|---|---|\n| a | b |\n\n```\n{'m' * 20}\n```"
WIDE = f"| {'m' * 60} | b |\n|---|---|\n| a | c |\n\n```\n{'m' * 90}\n```\n\n    {'m' * 90}"


def test_the_keyboard_scrolls_what_is_wider_than_the_page(browser, build):
    site = build({"articles/a.md": article(body=f"{NARROW}\n\nUn.\n\n{WIDE}\n\n{RAW}")}).site
    with visit(browser, f"{SERVERLESS}/actualites/une-nouvelle/", site=site, width=320) as page:
        assert complaints(page, "['scrollable-region-focusable']") == []
        wide = page.evaluate(
            """() => [...document.querySelectorAll(".prose :is(table, pre)")]
              .map(each => [each.scrollWidth > each.clientWidth, each.tabIndex == 0])"""
        )
        assert wide == [[False, False]] * 2 + [[True, True]] * 5
        for element in page.locator(".prose [tabindex]").all():
            element.focus()
            page.evaluate(
                """() => {
                  window.scrolled = new Promise(
                    done => document.activeElement.addEventListener("scroll", () => done()))
                }"""
            )
            page.keyboard.press("ArrowRight")
            page.evaluate("() => window.scrolled")
            assert element.evaluate("element => element.scrollLeft") > 0


@pytest.mark.parametrize("body", RAW.split("\n\n") + RAW.upper().split("\n\n"))
def test_raw_html_without_markdown_of_its_kind_scrolls_too(browser, build, body):
    site = build({"articles/a.md": article(body=body)}).site
    with visit(browser, f"{SERVERLESS}/actualites/une-nouvelle/", site=site, width=320) as page:
        element = page.locator(".prose :is(table, pre)")
        assert element.evaluate("element => { element.scrollLeft = 9; return element.scrollLeft }")
