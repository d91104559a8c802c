"""The home page by the keyboard alone: where the focus goes, and that it is seen."""

import io
from collections import Counter
from itertools import islice

import pytest
from PIL import Image

from tests.browser.visits import restyle, visit

pytestmark = pytest.mark.needs("chromium")

LIGHT = {"color_scheme": "light"}
DARK = {"color_scheme": "dark"}
MODES = {
    "light": LIGHT,
    "dark": DARK,
    "forced colours, light": {"forced_colors": "active", **LIGHT},
    "forced colours, dark": {"forced_colors": "active", **DARK},
}
# What a reader looking at the screen knows of the element that has the focus.
FOCUSED = """() => {
  const focused = document.activeElement;
  if (focused === document.body) return null;
  const box = focused.getClientRects()[0];
  const hit = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
  const part = focused.closest("section:has(> h2), header, footer") || focused;
  const heading = part.querySelector(":scope h2");
  return {
    name: focused.textContent.trim().replace(/\\s+/g, " "),
    part: part.matches("section") ? heading.textContent : part.className,
    covered: !focused.contains(hit),
    inView: box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth,
    x: box.left, y: box.top, width: box.width, height: box.height,
  };
}"""
ROOM = 12


def walk(page, key="Tab"):
    """Press a key until the focus leaves the page; what each stop is."""
    for _ in range(200):
        page.keyboard.press(key)
        stop = page.evaluate(FOCUSED)
        if stop is None:
            return
        yield stop
    pytest.fail("the focus does not leave the page")


def names(stops) -> list[str]:
    return [stop["name"] for stop in stops]


def faults(page, stop) -> list[str]:
    """What keeps the present stop from being seen."""
    wrong = [
        what
        for what, is_so in (("covered", stop["covered"]), ("out of view", not stop["inView"]))
        if is_so
    ]
    if stop["inView"] and not is_marked(page, stop):
        wrong.append("its focus is not marked")
    return [f"{stop['name']}: {what}" for what in wrong]


def is_marked(page, stop) -> bool:
    """Whether enough pixels tell the focused state from the other (WCAG 2.4.13).

    Enough: a line of 2 CSS px around the element; to tell: a contrast of 3:1 of the same pixel.
    """
    with_focus = _shot(page, stop)
    page.evaluate("window.focused = document.activeElement, window.focused.blur()")
    without = _shot(page, stop)
    page.evaluate("window.focused.focus({ preventScroll: true, focusVisible: true })")
    pairs = Counter(zip(with_focus.get_flattened_data(), without.get_flattened_data(), strict=True))
    told = sum(count for (a, b), count in pairs.items() if contrast(a, b) >= 3)
    return told >= 2 * 2 * (stop["width"] + stop["height"])


def _shot(page, stop) -> Image.Image:
    left, top = max(0, stop["x"] - ROOM), max(0, stop["y"] - ROOM)
    clip = {
        "x": left,
        "y": top,
        "width": stop["width"] + 2 * ROOM,
        "height": stop["height"] + 2 * ROOM,
    }
    return Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB")


def contrast(one, other) -> float:
    """WCAG's contrast of two sRGB colours of 0 to 255 a channel: 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour) -> float:
    linear = [
        v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4
        for v in (c / 255 for c in colour)
    ]
    return sum(w * v for w, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("mode", MODES)
def test_the_focus_is_seen_at_each_stop_and_never_trapped(browser, site_address, mode):
    with visit(browser, site_address, **MODES[mode]) as page:
        stops, wrong = [], []
        for stop in walk(page):
            stops.append(stop)
            wrong += faults(page, stop)
        assert wrong == []
        parts = list(dict.fromkeys(stop["part"] for stop in stops))
        assert parts == ["skip-link", "site-header", "Projets", "Actualités", "site-footer"]
        # Some versions of Chromium go round once more instead of leaving the page.
        back = islice(walk(page, "Shift+Tab"), len(stops))
        assert names(back) == names(stops)[::-1]


def test_the_order_of_the_stops_is_the_order_of_the_page(browser, site_address):
    with visit(browser, site_address) as page:
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        everything = page.evaluate(
            "[...document.querySelectorAll('a[href], summary, [tabindex=\"0\"]')]"
            ".map(e => e.textContent.trim().replace(/\\s+/g, ' '))"
        )
        assert names(walk(page)) == everything


def test_each_project_opens_and_closes_by_enter_and_by_space(browser, site_address):
    with visit(browser, site_address) as page:
        summaries = page.locator(".project-list summary")
        for number in range(summaries.count()):
            details = summaries.nth(number).locator("..")
            summaries.nth(number).focus()
            for key, is_open in (
                ("Enter", True),
                ("Space", False),
                ("Space", True),
                ("Enter", False),
            ):
                page.keyboard.press(key)
                assert (details.get_attribute("open") is not None) == is_open, (number, key)
                assert summaries.nth(number).evaluate("e => e === document.activeElement")


def test_what_an_open_project_holds_comes_after_it_and_is_marked(browser, site_address):
    with visit(browser, site_address) as page:
        summary = page.locator(".project-list summary").first
        summary.focus()
        page.keyboard.press("Enter")
        links = page.locator(".project-list details").first.locator("a").count()
        wrong = []
        for _ in range(links):
            page.keyboard.press("Tab")
            stop = page.evaluate(FOCUSED)
            assert page.evaluate("document.activeElement.closest('details') !== null")
            wrong += faults(page, stop)
        assert wrong == []
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


@pytest.mark.parametrize("width", [320, 1280])
def test_the_skip_link_shows_and_leads_to_the_content(browser, site_address, width):
    with visit(browser, f"{site_address}/projets/", width=width) as page:
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUSED)["inView"]
        page.keyboard.press("Enter")
        assert page.evaluate(
            "document.querySelector('main').getBoundingClientRect().top < innerHeight"
        )
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.querySelector('main a')")


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        (":focus-visible { outline: none !important }", "not marked"),
        (":focus-visible { outline: 3px solid #ddd8c8 !important }", "not marked"),
        (":focus-visible { outline-width: 1px !important }", "not marked"),
        ("header::after { content: ''; position: fixed; inset: 0 }", "covered"),
        (".skip-link { translate: 0 -6rem !important }", "out of view"),
    ],
)
def test_a_focus_that_is_not_seen_is_found(browser, site_address, css, expected):
    with visit(browser, site_address) as page:
        restyle(page, css)
        found = []
        for number, stop in enumerate(walk(page)):
            found += faults(page, stop)
            if number == 2:
                break
        assert expected in "\n".join(found)
