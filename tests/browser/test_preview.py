"""The preview in a real browser: the page follows each save by itself."""

import pytest
from playwright.sync_api import expect

from tests.sites import article

pytestmark = pytest.mark.needs("chromium")


def test_the_page_reloads_at_each_save_and_tells_a_fault(page, served):
    content, address, _said = served
    file = content / "articles" / "a.md"
    page.goto(f"{address}actualites/premiere/")
    expect(page.locator("h1")).to_have_text("Première")

    file.write_text(article("Première", body="Un nouveau texte."), "utf-8")
    expect(page.locator("main")).to_contain_text("Un nouveau texte.", timeout=60_000)

    file.write_text(article("Première", "demain"), "utf-8")
    fault = page.locator("#preview-fault")
    expect(fault).to_contain_text("articles/a.md:3: date: “demain”", timeout=60_000)
    expect(page.locator("main")).to_contain_text("Un nouveau texte.")

    file.write_text(article("Première", body="Mieux."), "utf-8")
    expect(page.locator("main")).to_contain_text("Mieux.", timeout=60_000)
    expect(fault).to_have_count(0)
