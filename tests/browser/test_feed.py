"""A feed that is opened in a browser: a page that can be read, and whose links lead on."""

import pytest

from tests import web_server
from tests.browser.visits import visit

pytestmark = pytest.mark.needs("chromium", *web_server.NEEDS)

FEEDS = ["/flux.xml", "/themes/cooperation/flux.xml", "/en/feed.xml"]
SHOWN = """() => [...document.documentElement.children].filter(
  element => element.getClientRects().length).map(element => element.localName)"""


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1440, "dark")])
def test_a_feed_is_shown_as_a_list_of_links(browser, site_address, feed, width, scheme):
    said = []
    with visit(browser, width=width, color_scheme=scheme) as page:
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{site_address}{feed}")
        assert {"title", "subtitle", "p", "entry"} == set(page.evaluate(SHOWN))
        style = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert style != "rgba(0, 0, 0, 0)", "the style sheet is refused"
        overflow = page.evaluate("document.documentElement.scrollWidth")
        assert overflow <= width
        hidden = page.locator("entry content").first
        assert hidden.evaluate("element => element.getClientRects().length") == 0
        link = page.locator("entry a").first
        words = link.text_content()
        link.click()
        assert page.locator("h1").text_content() == words
    assert said == []
