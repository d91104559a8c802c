"""A video in a real browser: its site hears of a visitor at the click, never before."""

import pytest

from tests import sites
from tests.sites import article

pytestmark = pytest.mark.needs("chromium")


def test_nothing_is_asked_of_the_video_s_site_before_the_click(page, build, serve):
    typed = "![Un film](https://tube.example/w/1){poster=/images/a.jpg duration=3:45}"
    built = build(
        {
            "articles/a.md": article(body=f"Un texte.\n\n{typed}"),
            "images/a.jpg": sites.photo(800, 450),
        }
    )
    assert built.code == 0, built.complaints
    address = serve(built.site.folder)
    asked = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.context.route("https://tube.example/**", lambda route: route.fulfill(body="the video"))
    page.goto(f"{address}/actualites/une-nouvelle/")

    link = page.get_by_role("link", name="Voir la vidéo « Un film » sur tube.example (3 min 45 s)")
    link.scroll_into_view_if_needed()
    poster = link.locator("img")
    poster.evaluate("image => image.decode()")
    link.hover()
    link.focus()
    page.wait_for_load_state("networkidle")
    assert any("/images/a-" in url for url in asked)
    assert [url for url in asked if not url.startswith(f"{address}/")] == []
    assert poster.bounding_box()["width"] == pytest.approx(link.bounding_box()["width"])

    link.press("Enter")
    page.wait_for_url("https://tube.example/w/1")
    assert asked[-1] == "https://tube.example/w/1"
