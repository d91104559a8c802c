"""The layout holds: every width, enlarged text, wider spacing, extremes of content."""

import re
from pathlib import Path

import pytest

from tests import sites
from tests.browser.visits import (
    ENGLISH_KINDS,
    KINDS,
    SERVERLESS,
    enlarge_text,
    go,
    restyle,
    unfold,
    visit,
)

pytestmark = pytest.mark.needs("chromium")

WIDTHS = (320, 375, 768, 1024, 1440, 1920, 2560)
# WCAG 1.4.12, https://www.w3.org/TR/WCAG22/#text-spacing
SPACING = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-block-end: 2em !important }
"""
FAULTS = (Path(__file__).parent / "layout_faults.js").read_text("utf-8")


def faults(page, state: str) -> list[str]:
    """What does not hold on a page, its lists closed, then open."""
    found = [f"{state}, closed: {fault}" for fault in page.evaluate(FAULTS)]
    if unfold(page):
        found += [f"{state}, open: {fault}" for fault in page.evaluate(FAULTS)]
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)")
    return found


def faults_at(page, widths, state="") -> list[str]:
    """The same at several widths; 320 by 256 is 1280 by 1024 enlarged to 400 % (WCAG 1.4.10)."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 256 if width == 320 else 800})
        found += faults(page, f"{width} px {state}")
    return found


@pytest.mark.parametrize("address", KINDS + ENGLISH_KINDS)
def test_every_kind_of_page_holds_at_every_width_size_and_spacing_of_text(
    browser, site_address, address
):
    with visit(browser, site_address + address) as page:
        found = faults_at(page, WIDTHS if address in KINDS else (320, 1440))
        enlarge_text(page, 32)
        found += faults_at(page, (640, 1280), "text at 200 %")
        enlarge_text(page, 16)
        restyle(page, SPACING)
        found += faults_at(page, (320, 1280), "text spaced")
    assert found == []


# --- Extremes of content --------------------------------------------------------------------

LONG_WORD = "anticonstitutionnellement" * 4 + "x" * 20
LONG_ADDRESS = f"https://example.org/{'chemin/' * 14}fin"
LONG_TITLE = "Un titre qui ne finit pas, avec des mots de toutes les tailles, " * 3 + "jusqu’au"
MARKDOWN = f"""Un mot : {LONG_WORD}. Une adresse : [{LONG_ADDRESS}]({LONG_ADDRESS})

## {LONG_WORD}

| une | deux | trois | quatre |
| --- | --- | --- | --- |
| {LONG_WORD} | du texte | du texte | {LONG_WORD} |

```
{LONG_WORD} {LONG_WORD}
```

> {LONG_WORD}[^1]

- {LONG_WORD}

[^1]: {LONG_ADDRESS}
"""


def _one_project() -> dict:
    return {"pages/projects/a.md": sites.project("Un projet", start="2012")}


def _crowd() -> dict:
    files = {"pages/projects/soon.md": sites.project("À venir", status="announced", body="")}
    for number in range(29):
        dates = {"start": 1990 + number, "end": 1991 + number, "order": number}
        files[f"pages/projects/p{number}.md"] = sites.project(f"Projet {number}", **dates)
        for month in (1, 2):
            files[f"articles/n{number}-{month}.md"] = sites.article(
                f"Nouvelle {number} de {month}", f"{1990 + number}-0{month}", project=f"p{number}"
            )
    return files


def _length() -> dict:
    pictures = "\n\n".join(f"![Un paysage {n}](../../images/{n}.jpg)" for n in range(3))
    more = {"start": "2001-02", "role": LONG_TITLE, "partners": LONG_WORD, "tags": [LONG_WORD]}
    return {
        "pages/projects/a.md": sites.project(LONG_TITLE, MARKDOWN + pictures, **more),
        "pages/projects/b.md": sites.project(LONG_WORD, MARKDOWN, **more),
        "articles/a.md": sites.article(LONG_WORD, project="a", body=MARKDOWN, tags=[LONG_WORD]),
        "articles/b.md": sites.article(LONG_TITLE, project="b", body=MARKDOWN),
        **{f"images/{n}.jpg": sites.photo(600 + 700 * n, 1500 - 500 * n) for n in range(3)},
    }


@pytest.mark.parametrize("content", [_one_project, _crowd, _length])
def test_extremes_of_content_hold(browser, build, content):
    built = build(content())
    assert built.code == 0, built.complaints
    one_of_each = {
        re.sub(r"\d+", "0", address): address
        for address in built.site.addresses
        if not address.startswith("/en/")
    }
    found = {}
    with visit(browser, site=built.site) as page:
        for address in one_of_each.values():
            go(page, SERVERLESS + address)
            wrong = faults_at(page, (320, 768, 2560))
            restyle(page, SPACING)
            if wrong := wrong + faults_at(page, (320,), "text spaced"):
                found[address] = wrong
    assert found == {}


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("main p { inline-size: 3000px; max-inline-size: none }", "outside"),
        ("body { overflow: visible } main p { min-inline-size: 3000px }", "scrolls sideways"),
        ("main h2 { block-size: 4px; overflow: hidden }", "clipped"),
        ("main h1 { margin-block-end: -4em }", "overlap"),
        (".site-header { position: sticky; inset-block-start: 0; block-size: 300px }", "screen"),
    ],
)
def test_a_broken_layout_is_seen(browser, site_address, css, expected):
    with visit(browser, site_address) as page:
        assert faults(page, "as it is") == []
        restyle(page, css)
        assert expected in "\n".join(faults(page, "broken"))


# The separators of the date line whose next word stands below them.
DANGLING = """() => {
  const first = (node, start, end) => {
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, end);
    return range.getClientRects()[0];
  };
  const texts = [], walker = document.createTreeWalker(
    document.querySelector(".dateline"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) texts.push(walker.currentNode);
  const letters = texts.flatMap(text => [...text.data].map((letter, at) => [letter, text, at]))
    .filter(([letter]) => letter.trim());
  return letters.filter(([letter, text, at], number) => {
    if (letter !== "·") return false;
    const [, next, place] = letters[number + 1];
    return first(next, place, place + 1).top >= first(text, at, at + 1).bottom;
  }).length;
}"""


def test_no_separator_ends_a_line_of_the_date_of_an_article(browser, site_address):
    with visit(browser, f"{site_address}/actualites/rubans/") as page:

        def dangling() -> list[int]:
            widths = []
            for width in range(240, 361, 20):
                page.set_viewport_size({"width": width, "height": 800})
                if page.evaluate(DANGLING):
                    widths.append(width)
            return widths

        assert dangling() == []
        restyle(page, ".dateline span { display: inline !important }")
        assert 320 in dangling(), "the test sees them"
