"""Nothing moves for a reader who asked for it; for the others little does, and never by itself."""

import pytest

from tests.browser.visits import KINDS, restyle, visit

pytestmark = pytest.mark.needs("chromium")

# (what moves, for how many seconds), the longest of each element and of what CSS adds to it.
MOVEMENTS = """() => {
  const seconds = (text) => Math.max(...text.split(",").map(parseFloat));
  const found = [];
  for (const element of document.querySelectorAll("*"))
    for (const added of [null, "::before", "::after", "::marker", "::details-content"]) {
      const style = getComputedStyle(element, added);
      const lasts = seconds(style.transitionDuration) + Math.max(0, seconds(style.transitionDelay));
      const turns = seconds(style.animationIterationCount.replace("infinite", "1e9"));
      const plays = style.animationName === "none" ? 0 : turns * seconds(style.animationDuration);
      const scrolls = style.scrollBehavior === "smooth" ? 1 : 0;
      const longest = Math.max(lasts, plays, scrolls);
      if (longest > 0) found.push([element.tagName + (added ?? ""), longest]);
    }
  return found;
}"""
RUNNING = "document.getAnimations().length"


def longest(page) -> float:
    """The seconds that the longest movement of a page can last."""
    return max((seconds for _what, seconds in page.evaluate(MOVEMENTS)), default=0)


@pytest.mark.parametrize("address", KINDS)
def test_nothing_moves_for_whoever_asked_for_it(browser, site_address, address):
    with visit(browser, site_address + address, reduced_motion="reduce") as page:
        assert longest(page) <= 0.00001
        for summary in page.locator("summary").all():
            summary.click()
            assert page.evaluate(RUNNING) == 0


@pytest.mark.parametrize("address", KINDS)
def test_little_moves_for_the_others_and_only_when_they_act(browser, site_address, address):
    with visit(browser, site_address + address, reduced_motion="no-preference") as page:
        assert page.evaluate(RUNNING) == 0
        assert 0 < longest(page) <= 0.5


def test_a_project_that_unrolls_is_open_in_the_end(browser, site_address):
    with visit(browser, site_address, reduced_motion="no-preference") as page:
        details = page.locator("details").first
        details.locator("summary").click()
        page.wait_for_function("""() => {
          const details = document.querySelector("details");
          const last = [...details.querySelectorAll("a")].at(-1).getBoundingClientRect();
          return last.height && last.bottom <= details.getBoundingClientRect().bottom;
        }""")


@pytest.mark.parametrize(
    "css",
    [
        "a { transition: color .3s }",
        "summary::after { transition: rotate .3s }",
        "@keyframes turn { to { rotate: 1turn } } svg { animation: turn 1s infinite }",
        "html { scroll-behavior: smooth }",
    ],
)
def test_a_movement_is_seen(browser, site_address, css):
    with visit(browser, site_address) as page:
        restyle(page, css)
        assert longest(page) > 0.2
