"""The preview in a real browser: the page follows each save by itself."""

from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from engine.preview.panel import EVENTS
from tests.conftest import wait_for
from tests.sites import article, header

pytestmark = pytest.mark.needs("chromium")


def open_built(page, address, words):
    """Open a page once it is built with these words; it does not load again at a later build.

    A page may show the words of a build that the server has not counted yet.
    """

    def is_built():
        try:
            with urlopen(address) as answer:
                return words in answer.read().decode("utf-8")
        except HTTPError:
            return False

    wait_for(is_built)
    page.route(f"**{EVENTS}", lambda route: route.abort())
    page.goto(address)


def test_the_page_reloads_at_each_save_and_tells_a_fault(page, served):
    content, address, _said = served
    file = content / "articles" / "a.md"
    page.goto(f"{address}actualites/premiere/")
    expect(page.locator("h1")).to_have_text("Première")

    file.write_text(article("Première", body="Un nouveau texte."), "utf-8")
    expect(page.locator("main")).to_contain_text("Un nouveau texte.")

    file.write_text(article("Première", "demain"), "utf-8")
    fault = page.locator("#preview-fault")
    expect(fault).to_contain_text("articles/a.md:3: date: “demain”")
    expect(page.locator("main")).to_contain_text("Un nouveau texte.")

    file.write_text(article("Première", body="Mieux."), "utf-8")
    expect(page.locator("main")).to_contain_text("Mieux.")
    expect(fault).to_have_count(0)


def test_the_panel_of_a_draft_tells_its_mark_and_its_findings_to_the_keyboard_too(page, served):
    content, address, _said = served
    body = "Un texte, [ici](https://example.org)."
    (content / "articles/b.md").write_text(article("Idée", status="draft", body=body), "utf-8")
    (content / "articles/b.en.md").write_text(header(title="Idea") + "A text.\n", "utf-8")
    open_built(page, f"{address}actualites/premiere/", "Idée [brouillon]")
    page.get_by_role("link", name="Idée [brouillon]").click()
    panel = page.get_by_role("region", name="Preview of this text")
    expect(panel).to_contain_text("Visitors do not see this text: draft · ")
    expect(panel.get_by_text("[link-says-nothing]")).not_to_be_visible()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#preview-text summary')"):
            break
    page.keyboard.press("Enter")
    expect(panel.get_by_text("[link-says-nothing]")).to_be_visible()
    expect(panel.get_by_text("articles/b.md:")).not_to_have_count(0)

    open_built(page, f"{address}en/news/idea/", "Idea [draft]")
    expect(page.locator("h1")).to_have_text("Idea [draft]")
    panel = page.get_by_role("region", name="Preview of this text")
    expect(panel).to_contain_text("Visitors do not see this text: draft")


@pytest.fixture
def french_messages(monkeypatch):
    """Speak French to the owner, from before the preview starts."""
    monkeypatch.setenv("SITE_MESSAGES", "fr")


def test_the_panel_speaks_the_language_of_messages_on_every_page(page, french_messages, served):
    content, address, said = served
    assert said[0] == "construit"
    (content / "articles/b.md").write_text(article("Idée", status="draft"), "utf-8")
    (content / "articles/b.en.md").write_text(header(title="Idea") + "[here](/)\n", "utf-8")
    open_built(page, f"{address}en/news/idea/", "Idea [draft]")
    page.unroute(f"**{EVENTS}")
    page.reload()
    panel = page.get_by_role("region", name="Aperçu de ce texte")
    expect(panel).to_have_attribute("lang", "fr")
    expect(panel).to_contain_text("Les visiteurs ne voient pas ce texte\xa0: brouillon · ")
    (content / "articles/b.md").write_text(article("Idée", "demain"), "utf-8")
    fault = page.locator("#preview-fault")
    expect(fault).to_contain_text("date: «\xa0demain\xa0» n’est pas une date")
    expect(fault).to_have_attribute("lang", "fr")


def test_the_panel_of_a_visible_text_without_findings_is_absent(page, served):
    content, address, _said = served
    text = article("Première", summary="Un texte court.", body="Un texte, ici.")
    (content / "articles/a.md").write_text(text, "utf-8")
    with page.expect_response(lambda answer: "findings" in answer.url):
        open_built(page, f"{address}actualites/premiere/", "Un texte, ici.")
    expect(page.locator("#preview-text")).to_have_count(0)


def test_a_script_that_the_preview_did_not_add_does_not_run(page, served):
    content, address, _said = served
    evil = """<script>window.ran = 1</script><img src="/no" onerror="window.ran = 2">
        <script nonce="guessed">window.ran = 3</script><p style="color: red">rouge</p>
        <style>p { color: red }</style></main>"""
    page.route(
        f"{address}actualites/premiere/",
        lambda route: route.fulfill(body=route.fetch().text().replace("</main>", evil, 1)),
    )
    page.goto(f"{address}actualites/premiere/")
    expect(page.get_by_text("rouge")).not_to_have_css("color", "rgb(255, 0, 0)")
    assert page.evaluate("window.ran") is None
    # The preview's own script runs beside it.
    text = article("Première", body="Un nouveau texte.")
    (content / "articles" / "a.md").write_text(text, "utf-8")
    expect(page.locator("main")).to_contain_text("Un nouveau texte.")


def test_the_browser_has_nothing_to_say_of_the_preview(page, served):
    content, address, _said = served
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    body = "Un texte, [ici](https://example.org)."
    (content / "articles/a.md").write_text(article("Première", body=body), "utf-8")
    page.goto(f"{address}actualites/premiere/")
    panel = page.locator("#preview-text")
    expect(panel).to_have_css("position", "fixed")
    (content / "articles/a.md").write_text(article("Première", "demain"), "utf-8")
    expect(page.locator("#preview-fault")).to_have_css("position", "fixed")
    page.goto(address)
    assert said == []


def test_the_panel_passes_axe(page, served):
    content, address, _said = served
    body = "Un texte, [ici](https://example.org)."
    (content / "articles/a.md").write_text(article("Première", body=body), "utf-8")
    open_built(page, f"{address}actualites/premiere/", ">ici</a>")
    panel = page.locator("#preview-text summary")
    expect(panel).to_contain_text("Visible text · ")
    expect(panel).to_contain_text("finding")
    panel.click()
    found = Axe().run(page, context="#preview-text").response
    assert [rule["id"] for rule in found["violations"]] == []
    assert "color-contrast" in [rule["id"] for rule in found["passes"]]


def test_the_search_works_in_the_preview_and_finds_drafts_too(page, served):
    content, address, _said = served
    (content / "articles/b.md").write_text(
        article("Idée", status="draft", body="Un platane."), "utf-8"
    )
    open_built(page, f"{address}recherche/", "Idée [brouillon]")
    page.get_by_role("searchbox").fill("platanes")
    expect(page.locator(".search-results a")).to_have_text("Idée [brouillon]")
    expect(page.locator(".search-results mark")).to_have_text("platane")
