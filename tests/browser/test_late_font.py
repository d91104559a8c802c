"""The headings' font comes late, on machines with different fonts: nothing moves."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fontpkg_arimo
import fontpkg_noto_sans
import fontpkg_roboto
import pytest
from playwright.sync_api import Browser, Page, Route

from tests import chromium, web_server
from tests.browser import snapshots
from tests.system_parts import PARTS

pytestmark = pytest.mark.needs("chromium")

# The only sans serif of a machine: the folder of its files, or the part of the system that it is.
WORLDS: dict[str, Path | str] = {
    "Arimo": fontpkg_arimo.ROOT / "files",
    "Roboto": fontpkg_roboto.ROOT / "files",
    "Noto Sans": fontpkg_noto_sans.ROOT / "files",
    "DejaVu Sans": "dejavu",
    "Nimbus Sans": "nimbus",
}
KINDS = [
    *(french for french, _english in snapshots.PAGES.values()),
    *("/projets/", "/actualites/2018/", "/themes/", "/en/"),
]
# Web Vitals call up to 0.1 good.
MAX_SHIFT = 0.02

RECORD_SHIFTS = """
    window.shifts = 0
    new PerformanceObserver(list => {
        for (const shift of list.getEntries()) if (!shift.hadRecentInput) shifts += shift.value
    }).observe({type: "layout-shift", buffered: true})"""
IS_PAINTED = "() => performance.getEntriesByName('first-contentful-paint').length > 0"
NEXT_FRAMES = """new Promise(resolve =>
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 100))))"""
# Pixels of a sentence in the font of the headings, at 100 pixels: its width, and the height above
# and below the baseline.
MEASURE = """() => {
    const text = document.createElement("span")
    text.textContent = "Réparer, cuisiner et décider ensemble dans un lieu commun de quartier"
    text.style = "position: absolute; white-space: nowrap; font: 700 100px var(--display)"
    const onBaseline = document.createElement("span")
    onBaseline.style = "display: inline-block"
    text.append(onBaseline)
    document.body.append(text)
    const letters = document.createRange()
    letters.selectNode(text.firstChild)
    const box = letters.getBoundingClientRect()
    const baseline = onBaseline.getBoundingClientRect().bottom
    text.remove()
    return [box.width, baseline - box.top, box.bottom - baseline]
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The sample site, built once."""
    return snapshots.build(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def address(site):
    """The address of the sample site, served on this machine."""
    with chromium.served(site.folder) as address:
        yield address


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(place, id=name, marks=pytest.mark.needs(place) if place in PARTS else ())
        for name, place in WORLDS.items()
    ],
)
def machine(request, browser):
    """A Chromium that sees one family of fonts."""
    place = request.param
    folder = Path(PARTS[place].find()).parent if place in PARTS else place
    with chromium.launched_with_fonts(browser.browser_type, [folder]) as machine:
        yield machine


class FontRequests:
    """The requests for a font, which are held back until `release`."""

    def __init__(self):
        self.held: list[Route] = []
        self._is_released = False

    def take(self, route: Route) -> None:
        if self._is_released:
            route.continue_()
        else:
            self.held.append(route)

    def release(self) -> None:
        # A page may ask again: it would wait for ever.
        self._is_released = True
        for route in self.held:
            route.continue_()


@contextmanager
def open_without_font(
    browser: Browser, width: int, addresses: list[str]
) -> Iterator[tuple[list[Page], FontRequests]]:
    """Tabs that are painted while their font is held back, and the requests for it."""
    fonts = FontRequests()
    with browser.new_context(viewport={"width": width, "height": 800}) as context:
        context.add_init_script(RECORD_SHIFTS)
        context.route("**/*.woff2", fonts.take)
        pages = []
        for address in addresses:
            pages.append(page := context.new_page())
            page.goto(address, wait_until="commit")
        for page in pages:
            page.wait_for_function(IS_PAINTED)
        yield pages, fonts


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_when_the_headings_font_comes_late(machine, address, width):
    with open_without_font(machine, width, [address + kind for kind in KINDS]) as (pages, fonts):
        assert len(fonts.held) == len(pages)
        fonts.release()
        shifts = {}
        for kind, page in zip(KINDS, pages, strict=True):
            page.evaluate("document.fonts.ready")
            page.evaluate(NEXT_FRAMES)
            shifts[kind] = round(page.evaluate("shifts"), 3)
    assert {kind: shift for kind, shift in shifts.items() if shift > MAX_SHIFT} == {}


def test_what_moves_is_measured(browser, address):
    with open_without_font(browser, 1280, [address]) as ((page,), _fonts):
        page.evaluate("document.querySelector('main').style.marginBlockStart = '100px'")
        page.evaluate(NEXT_FRAMES)
        assert page.evaluate("shifts") > MAX_SHIFT


def test_headings_without_their_font_take_the_same_room(machine, address):
    with open_without_font(machine, 1280, [address]) as ((page,), fonts):
        without = page.evaluate(MEASURE)
        assert len(fonts.held) == 1
        fonts.release()
        chromium.show_fonts(page)
        assert without == pytest.approx(page.evaluate(MEASURE), rel=0.01)


@pytest.mark.needs(*web_server.NEEDS)
def test_the_headings_font_is_shown_once_it_is_in_the_cache(page, site, serve):
    address = serve(site.folder)
    # A busy machine may be late even with what its cache has.
    for _ in range(5):
        page.goto(address)
        page.evaluate("document.fonts.ready")
        shown = page.evaluate(MEASURE)
        chromium.show_fonts(page)
        if shown == page.evaluate(MEASURE):
            return
    pytest.fail("every visit showed the headings in another font")
