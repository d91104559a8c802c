"""The home page in a real browser."""

import pytest

pytestmark = pytest.mark.needs("chromium")


@pytest.mark.parametrize("home", ["/", "/en/"])
def test_the_address_of_a_project_opens_it(page, site_address, home):
    page.goto(f"{site_address}{home}#atelier")
    opened = page.locator(".project-list details[open]")
    assert opened.count() == 1
    assert {"/": "L’Atelier", "/en/": "Workshop"}[home] in opened.locator("summary").inner_text()
    title = opened.locator("h2").first.bounding_box()
    assert 0 <= title["y"] < 800, "its title is in view"


def test_a_visit_asks_nothing_of_anyone_else_and_says_nothing_wrong(page, site_address):
    asked, messages = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: messages.append(message.text))
    for address in ("/", "/projets/", "/actualites/", "/parcours/", "/contact/", "/en/"):
        page.goto(f"{site_address}{address}")
        page.evaluate("document.fonts.ready")
    assert messages == []
    assert [url for url in asked if not url.startswith(site_address)] == []
    assert page.context.cookies() == []
