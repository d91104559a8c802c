"""What a finger must hit is large enough: 44 by 44 CSS pixels (WCAG 2.5.5)."""

import pytest

from tests.browser.visits import KINDS, SERVERLESS, restyle, unfold, visit
from tests.sample_content import short_titles
from tests.sites import article

pytestmark = pytest.mark.needs("chromium")

# The exceptions of WCAG 2.5.5 that occur here: a link among the words of a sentence, and one that
# is there only once focused. A link that is all there is of its paragraph is no such word.
SMALL = """() => {
  const letters = text => text.replace(/[^\\p{L}\\p{N}]/gu, "");
  const faults = [], targets = [];
  for (const target of document.querySelectorAll("a[href], summary, button, video, input")) {
    const rect = target.getBoundingClientRect();
    if (!target.checkVisibility() || rect.bottom + scrollY < 0) continue;
    const name = target.textContent.trim().replace(/\\s+/g, " ").slice(0, 40);
    const block = target.closest("p, dd, td, th, figcaption, blockquote, .prose li");
    const isWord = getComputedStyle(target).display === "inline" && block &&
      letters(block.textContent) !== letters(target.textContent);
    if (isWord) continue;
    if (rect.width < 44 || rect.height < 44)
      faults.push(`${name}: ${rect.width.toFixed(1)} × ${rect.height.toFixed(1)}`);
    for (const [other, before] of targets)
      if (Math.min(rect.right, before.right) - Math.max(rect.left, before.left) > 1 &&
          Math.min(rect.bottom, before.bottom) - Math.max(rect.top, before.top) > 1)
        faults.push(`${name} overlaps ${other}`);
    targets.push([name, rect]);
  }
  return faults;
}"""


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("address", KINDS)
def test_a_finger_hits_every_link_that_stands_by_itself(browser, site_address, address, width):
    with visit(browser, site_address + address, width=width) as page:
        unfold(page)
        assert page.evaluate(SMALL) == []


def test_a_link_that_is_a_whole_paragraph_or_item_is_no_word_of_a_sentence(browser, build):
    body = "[Lire](https://example.org/a)\n\n- [Suite](https://example.org/b)\n\nVoir [là](https://example.org/c)."
    built = build({"articles/a.md": article(body=body)})
    assert built.code == 0, built.complaints
    with visit(browser, f"{SERVERLESS}/actualites/une-nouvelle/", site=built.site) as page:
        assert page.evaluate(SMALL) == []


@pytest.mark.parametrize("address", ["/", "/projets/", "/actualites/", "/parcours/"])
def test_a_finger_hits_a_title_of_one_letter(browser, build, address):
    built = build(short_titles())
    assert built.code == 0, built.complaints
    with visit(browser, SERVERLESS + address, site=built.site, width=320) as page:
        assert page.evaluate(SMALL) == []


def test_a_finger_hits_what_unfolds_in_a_text(browser, build):
    body = "Un texte.\n\n<details>\n<summary>Les comptes</summary>\n\nOui.\n\n</details>"
    site = build({"articles/a.md": article(body=body)}).site
    with visit(browser, f"{SERVERLESS}/actualites/une-nouvelle/", site=site) as page:
        assert page.evaluate(SMALL) == []


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("nav a { min-block-size: 0 !important }", "Accueil: "),
        ("summary { padding: 0; font-size: 1rem } summary span { display: none }", "L’Atelier"),
        ("nav li + li { margin-inline-start: -80px }", "overlaps"),
    ],
)
def test_a_target_too_small_or_under_another_is_seen(browser, site_address, css, expected):
    with visit(browser, site_address) as page:
        restyle(page, css)
        assert expected in "\n".join(page.evaluate(SMALL))
