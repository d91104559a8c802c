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
