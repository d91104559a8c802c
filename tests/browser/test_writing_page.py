"""Each state of the writing page in a real browser: axe, width, size of targets, console."""

import pytest

from tests import writing_desk
from tests.browser.test_accessibility import complaints
from tests.writing_desk import STATES, opened

pytestmark = [pytest.mark.needs(*writing_desk.NEEDS), pytest.mark.slow]

_SMALL_TARGETS = """() => [...document.querySelectorAll(
    "button, input, select, textarea, summary, a, label.choice")]
  .filter(each => each.checkVisibility({visibilityProperty: true}) && !each.closest("[inert]"))
  .map(each => [each, each.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.height < 24 || box.width < 24) && box.bottom > 0)
  .map(([each, box]) => `${each.outerHTML.slice(0, 90)} ${box.width} x ${box.height}`)"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with writing_desk.desk(tmp_path_factory.mktemp("desk")) as running:
        yield running


@pytest.mark.parametrize("name", STATES)
def test_a_state_passes_axe_is_as_wide_as_the_window_and_says_nothing_to_the_console(
    browser, desk, name
):
    said = []
    for width, height in ((1280, 800), (320, 256)):  # the second is the first at 400 %
        with opened(browser, desk, viewport={"width": width, "height": height}) as page:
            page.on("console", lambda message: said.append(message.text))
            page.on("pageerror", lambda error: said.append(str(error)))
            STATES[name](page, desk)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                assert complaints(page) == [], (width, scheme)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width
            assert page.evaluate(_SMALL_TARGETS) == [], width
    # A save that is refused is an answer of status 409, which the browser reports.
    assert [line for line in said if "409 (Conflict)" not in line] == []
