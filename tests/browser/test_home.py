"""The home page in a real browser."""

import pytest

pytestmark = pytest.mark.needs("chromium")


@pytest.mark.parametrize("home", ["/", "/en/"])
def test_the_address_of_a_project_opens_it(page, site_address, home):
    page.goto(f"{site_address}{home}#le-mixeur")
    opened = page.locator(".project-list details[open]")
    assert opened.count() == 1
    assert "Le Mixeur" in opened.locator("summary").inner_text()
    title = opened.locator("h2").first.bounding_box()
    assert 0 <= title["y"] < 800, "its title is in view"


def test_a_project_opens_and_closes_by_the_keyboard(page, site_address):
    page.goto(site_address)
    summary = page.locator(".project-list summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator(".project-list details").first.get_attribute("open") is not None
    page.keyboard.press("Space")
    assert page.locator(".project-list details").first.get_attribute("open") is None


@pytest.mark.parametrize("width", [320, 768, 1440, 2560])
@pytest.mark.parametrize(
    "address", ["/", "/parcours/", "/projets/culture-et-cooperation/", "/actualites/"]
)
def test_nothing_is_wider_than_the_screen(page, site_address, address, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{site_address}{address}")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


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
