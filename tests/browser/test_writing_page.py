"""Each state of the writing page in a real browser: axe, width, size of targets, console."""

import pytest
from playwright.sync_api import expect

from tests import writing_desk
from tests.chromium import AXE
from tests.writing_desk import STATES, opened

pytestmark = [pytest.mark.needs(*writing_desk.NEEDS), pytest.mark.slow]

# What axe cannot tell: what is not shown, a frame of another origin, style sheets that the policy
# keeps from it, links to two texts of one title, and what a dialog or a scrolled list covers.
_OPEN = ("hidden-content", "frame-tested", "css-orientation-lock", "identical-links-same-purpose")
_COVERED = ("bgOverlap", "elmPartiallyObscured", "elmPartiallyObscuring")
_AXE = """async ([open, covered, tags]) => {
  const rules = axe.getRules(tags).map(rule => rule.ruleId);
  const found = await axe.run({runOnly: {type: "rule", values: rules}});
  const isCovered = node => node.any.some(check => covered.includes(check.data?.messageKey));
  return [...found.violations, ...found.incomplete
      .filter(rule => !open.includes(rule.id))
      .map(rule => ({...rule, nodes: rule.nodes.filter(node => !isCovered(node))}))
      .filter(rule => rule.nodes.length)]
    .map(rule => `${rule.id}: ${rule.nodes[0].html.slice(0, 120)}`);
}"""
_SMALL_TARGETS = """() => [...document.querySelectorAll(
    "button, input, select, textarea, summary, a, label.choice")]
  .filter(each => each.checkVisibility({visibilityProperty: true}))
  .map(each => [each, each.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.height < 24 || box.width < 24) && box.bottom > 0)
  .map(([each, box]) => `${each.outerHTML.slice(0, 90)} ${box.width} x ${box.height}`)"""

# The second is the first at 400 %.
SIZES = ((1280, 800), (320, 256))


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with writing_desk.desk(tmp_path_factory.mktemp("desk")) as running:
        yield running


@pytest.mark.parametrize("name", STATES)
def test_a_state_passes_axe_is_as_wide_as_the_window_and_says_nothing_to_the_console(
    browser, desk, name
):
    said = []
    with opened(browser, desk) as page:
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        STATES[name](page, desk)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(_SMALL_TARGETS) == [], width
        # A save that is refused is an answer of status 409, which the browser reports.
        assert [line for line in said if "409 (Conflict)" not in line] == []
        page.evaluate(AXE.read_text("utf-8"))
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            # In the other scheme colours alone can differ.
            for scheme, tags in (("light", None), ("dark", ["cat.color"])):
                page.emulate_media(color_scheme=scheme)
                assert page.evaluate(_AXE, [_OPEN, _COVERED, tags]) == [], (width, scheme)


def test_the_date_of_a_long_title_stands_beside_its_first_line(browser, desk):
    with opened(browser, desk) as page:
        STATES["list"](page, desk)
        lines = page.evaluate(
            """() => [...document.querySelectorAll(".text-row")].map(row => {
              const [date, title] = [".date", "h2 a"].map(name => {
                const range = document.createRange();
                range.selectNodeContents(row.querySelector(name));
                return [...range.getClientRects()];
              });
              return [title, date];
            }).filter(([title, date]) => title.length && date.length)
              .map(([title, date]) =>
                [title.length, (date[0].bottom - title[0].bottom) / date[0].height])"""
        )
    assert max(count for count, _ in lines) > 1
    assert max(abs(below) for _, below in lines) < 0.5


def test_no_word_of_the_state_of_a_text_is_broken_on_a_telephone(browser, desk):
    with opened(browser, desk) as page:
        page.set_viewport_size({"width": 320, "height": 700})
        STATES["text"](page, desk)
        state = page.locator(".save-state")
        expect(state).to_have_text("Enregistré.")
        assert state.evaluate(
            "each => each.offsetHeight / parseFloat(getComputedStyle(each).lineHeight)"
        ) == pytest.approx(1, abs=0.1)


def test_a_check_that_fails_is_told_where_a_publication_is_prepared(browser, desk):
    broken = {"error": "le contrôle a échoué", "faults": []}
    with opened(browser, desk) as page:
        page.route("**/api/findings*", lambda route: route.fulfill(status=500, json=broken))
        page.evaluate("location.hash = '#/publish'")
        expect(page.get_by_role("main")).to_contain_text(broken["error"])
        page.unroute("**/api/findings*")
        page.get_by_role("button", name="Regarder de nouveau").click()
        expect(page.get_by_role("heading", name="lecteurs")).to_be_visible()


def test_a_broken_page_is_seen(browser, desk):
    with opened(browser, desk) as page:
        page.evaluate(AXE.read_text("utf-8"))
        page.evaluate(
            """() => {
                const sheet = new CSSStyleSheet();
                sheet.replaceSync("p { color: #999; background: #fff }");
                document.adoptedStyleSheets.push(sheet);
                document.querySelector("main").append(document.createElement("img"));
            }"""
        )
        found = "\n".join(page.evaluate(_AXE, [_OPEN, _COVERED, None]))
    assert "image-alt" in found
    assert "color-contrast" in found
