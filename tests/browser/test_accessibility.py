"""Every kind of page held against axe: all its rules, AAA, best practice and RGAA among them."""

from pathlib import Path

import axe_playwright_python
import pytest

from tests.browser.visits import ENGLISH_KINDS, KINDS

pytestmark = pytest.mark.needs("chromium")

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js"))


def complaints(page) -> list[str]:
    """What axe finds wrong, and what it cannot tell: both are faults here."""
    page.evaluate(AXE.read_text("utf-8"))
    every_rule = "{type: 'rule', values: axe.getRules().map(rule => rule.ruleId)}"
    found = page.evaluate(f"axe.run({{runOnly: {every_rule}}})")
    return [
        f"{kind}: {rule['id']}: {rule['nodes'][0]['html'][:120]}"
        for kind in ("violations", "incomplete")
        for rule in found[kind]
    ]


@pytest.mark.parametrize("address", KINDS + ENGLISH_KINDS)
def test_axe_finds_nothing_and_leaves_nothing_open(browser, site_address, address):
    for width in (320, 1280):
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": 800},
                color_scheme=scheme,
                reduced_motion="reduce",
            )
            page = context.new_page()
            page.goto(f"{site_address}{address}")
            page.evaluate("document.fonts.ready")
            assert complaints(page) == [], (width, scheme, "closed")
            if page.locator("details").count():
                page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
                assert complaints(page) == [], (width, scheme, "open")
            context.close()


def test_a_broken_page_is_seen(browser, site_address):
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(f"{site_address}/")
    page.add_style_tag(content="p { color: #999; background: #fff } a { outline: 0 }")
    page.evaluate("document.body.append(document.createElement('img'))")
    text = "\n".join(complaints(page))
    assert "image-alt" in text
    assert "color-contrast" in text
    context.close()
