"""Colours of the reader's own choice (forced colours), and words that nothing hides."""

import io
from math import ceil

import pytest
from PIL import Image, ImageStat

from tests.browser.visits import restyle, unfold, visit

pytestmark = pytest.mark.needs("chromium")

WOVEN = (
    "/",
    "/projets/",
    "/projets/cantine/",
    "/parcours/",
    "/404.html",
    "/contact/",
)
# Forced colours would give the words their colour back.
WITHOUT_WORDS = """*, ::before, ::after, ::marker {
  forced-color-adjust: none !important; color: #0000 !important;
  text-decoration-color: #0000 !important;
}"""
# The height of small letters of each line of words.
LETTERS = """() => {
  const lines = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode, element = text.parentElement;
    if (!text.data.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest(".skip-link")) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const half = .3 * parseFloat(getComputedStyle(element).fontSize);
    for (const { left, right, top, bottom } of range.getClientRects()) {
      const middle = (top + bottom) / 2 + scrollY;
      lines.push([text.data.trim(), left, middle - half, right, middle + half]);
    }
  }
  return lines;
}"""

_BOXES = """links => links.map(link => {
    const { left, top, width, height } = link.getBoundingClientRect();
    return [left, top + scrollY, width, height, getComputedStyle(link).fontWeight];
})"""


def hidden_words(page) -> list[str]:
    """The words that something besides the paper stands behind or before."""
    restyle(page, WITHOUT_WORDS)
    image = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    hidden = []
    for words, left, top, right, bottom in page.evaluate(LETTERS):
        box = (ceil(left), ceil(top), int(right), int(bottom))
        if box[2] <= box[0] or box[3] <= box[1]:
            continue
        if any(high - low > 4 for low, high in image.crop(box).getextrema()):
            hidden.append(words)
    return hidden


@pytest.mark.parametrize("width", [320, 800, 1280])
@pytest.mark.parametrize("address", WOVEN)
def test_no_strand_runs_behind_words(browser, site_address, address, width):
    with visit(browser, site_address + address, width=width) as page:
        unfold(page)
        assert hidden_words(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/", "/parcours/", "/projets/cantine/"])
def test_no_strand_runs_behind_words_in_forced_colours(browser, site_address, address, scheme):
    with visit(
        browser, site_address + address, forced_colors="active", color_scheme=scheme
    ) as page:
        unfold(page)
        assert hidden_words(page) == []


def test_words_behind_something_are_found(browser, site_address):
    with visit(browser, site_address) as page:
        restyle(page, ".definition { background: linear-gradient(90deg, red, blue) }")
        assert any(words.startswith("Un lieu commun est") for words in hidden_words(page))


def picture_of(page) -> Image.Image:
    """The whole page, in levels of grey."""
    return Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("L")


def looks(picture, links) -> list[tuple[int, str]]:
    """What tells links from each other: how thick each underline is, in pixels, and its weight."""
    found = []
    for left, top, width, height, weight in links.evaluate_all(_BOXES):
        image = picture.crop((int(left), int(top), ceil(left + width), ceil(top + height)))
        paper = image.getpixel((0, 0))
        inked = image.point(lambda value, paper=paper: 255 if abs(value - paper) > 60 else 0)
        rows = (inked.crop((0, y, image.width, y + 1)) for y in range(image.height))
        found.append((sum(ImageStat.Stat(row).mean[0] > 0.9 * 255 for row in rows), weight))
    return found


@pytest.mark.parametrize("colors", ["none", "active"])
@pytest.mark.parametrize("address", ["/", "/actualites/2014/", "/accessibilite/"])
def test_the_current_page_looks_different_in_its_menu(browser, site_address, address, colors):
    with visit(browser, site_address + address, forced_colors=colors) as page:
        picture = picture_of(page)
        for menu in page.locator("nav ul").all():
            current = looks(picture, menu.locator("li:not(.site-name) a[aria-current]"))
            all_links = looks(picture, menu.locator("li:not(.site-name, .language-switch) a"))
            assert all(all_links.count(one) == 1 for one in current), (current, all_links)


@pytest.mark.parametrize("colors", ["none", "active"])
def test_links_in_a_text_are_underlined(browser, site_address, colors):
    with visit(browser, f"{site_address}/accessibilite/", forced_colors=colors) as page:
        found = looks(picture_of(page), page.locator(".prose p a"))
        assert found
        assert all(underline >= 2 for underline, _weight in found)


@pytest.mark.parametrize("colors", ["none", "active"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_project_shows_whether_it_is_open(browser, site_address, scheme, colors):
    with visit(browser, site_address, forced_colors=colors, color_scheme=scheme) as page:
        summary = page.locator("summary").first
        summary.hover()

        def sign() -> Image.Image:
            box = summary.bounding_box()
            right = {
                "x": box["x"] + box["width"] - 50,
                "y": box["y"] + 8,
                "width": 50,
                "height": 70,
            }
            return Image.open(io.BytesIO(page.screenshot(clip=right))).convert("L")

        closed = sign()
        summary.click()
        opened = sign()
        for image in (closed, opened):
            darkest, lightest = image.getextrema()
            assert lightest - darkest > 120, "the sign stands out"
        assert closed.tobytes() != opened.tobytes()
