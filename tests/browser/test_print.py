"""The pages on paper, read from the PDF that the browser prints."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pypdfium2
import pytest
from PIL import ImageStat

from tests.browser import visits
from tests.browser.test_forced_colors import hidden_words
from tests.browser.visits import SERVERLESS, restyle
from tests.sample_content import many_projects, one_project
from tests.sites import article, photo

pytestmark = pytest.mark.needs("chromium")

# Most readers have not asked for less motion.
visit = partial(visits.visit, reduced_motion="no-preference")
MARGIN = "12mm"
SHEETS = ("/", "/projets/cantine/", "/parcours/", "/actualites/")


@contextmanager
def printed(page, paper="A4") -> Iterator[pypdfium2.PdfDocument]:
    """The sheets that a page fills, with the margins that browsers leave."""
    margins = dict.fromkeys(("top", "bottom", "left", "right"), MARGIN)
    document = pypdfium2.PdfDocument(page.pdf(format=paper, margin=margins, print_background=True))
    yield document
    document.close()


def rects(sheet) -> list[tuple[float, float, float, float]]:
    """Where the words of a sheet are: left, bottom, right, top."""
    text = sheet.get_textpage()
    return [text.get_rect(number) for number in range(text.count_rects())]


def last_line(sheet) -> str:
    """The lowest words of a sheet."""
    text = sheet.get_textpage()
    _left, bottom, _right, top = min(rects(sheet), key=lambda rect: rect[1])
    return letters(text.get_text_bounded(0, bottom, sheet.get_width(), top))


def letters(text: str) -> str:
    """Letters and digits alone: on paper, words are cut at the ends of lines."""
    return "".join(filter(str.isalnum, text))


def words(document) -> str:
    return "".join(letters(sheet.get_textpage().get_text_range()) for sheet in document)


def ink(sheet) -> float:
    """How dark a sheet is on the whole, from 0 (white paper) to 1."""
    return 1 - ImageStat.Stat(sheet.render(scale=1).to_pil().convert("L")).mean[0] / 255


TEXTS = """() => {
  const texts = [], every = document.createNodeIterator(document.body, NodeFilter.SHOW_TEXT);
  for (let text; (text = every.nextNode()); )
    if (text.parentElement.matches(".project-text :not([role=doc-backlink])"))
      texts.push(text.data);
  return texts;
}"""


@pytest.mark.parametrize("home", ["/", "/en/"])
def test_every_project_is_printed_open(browser, site_address, home):
    with visit(browser, site_address + home) as page:
        texts = page.evaluate(TEXTS)
        with printed(page) as document:
            on_paper = words(document)
    assert len(texts) > 20
    assert [text for text in texts if letters(text) not in on_paper] == []


def test_paper_shows_where_links_lead_and_not_the_ways_through_the_site(browser, site_address):
    with visit(browser, f"{site_address}/projets/cantine/") as page:
        addresses = page.locator(".prose a[href^='https:']").evaluate_all(
            "links => links.filter(a => a.host !== location.host).map(a => a.getAttribute('href'))"
        )
        with printed(page) as document:
            on_paper = words(document)
    assert addresses
    assert [address for address in addresses if letters(address) not in on_paper] == []
    ways = ("Aller au contenu", "Accueil", "English", "Mentions légales", "Projet suivant")
    for way in (*ways, "Retour au texte"):
        assert letters(way) not in on_paper


@pytest.mark.parametrize("address", SHEETS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_is_white_and_its_words_dark_in_either_scheme(browser, site_address, address, scheme):
    with (
        visit(browser, site_address + address, color_scheme=scheme) as page,
        printed(page) as sheets,
    ):
        for sheet in sheets:
            image = sheet.render(scale=1).to_pil().convert("L")
            assert image.getextrema()[1] == 255
            assert image.getextrema()[0] < 90
            assert ink(sheet) < 0.08


@pytest.mark.parametrize("paper", ["A4", "A5", "Letter"])
@pytest.mark.parametrize("address", SHEETS)
def test_no_heading_ends_a_sheet_and_no_word_leaves_it(browser, site_address, address, paper):
    with visit(browser, site_address + address) as page, printed(page, paper) as document:
        headings = {
            letters(text) for text in page.locator("h1, h2, h3, h4, dt").all_text_contents()
        }
        lasts = [last_line(sheet) for sheet in document][:-1]
        assert [last for last in lasts if any(h.endswith(last) for h in headings)] == []
        for sheet in document:
            for left, bottom, right, top in rects(sheet):
                assert 30 < left < right < sheet.get_width() - 30
                assert 30 < bottom < top < sheet.get_height() - 30


COLUMNS = [f"{name}-de-l’expérience" for name in "ABCDEFG"]
CODE = "une_fonction(" + ", ".join(f"parametre_{number}" for number in range(12)) + ")"
WIDE_TEXT = f"""Un début.

| {" | ".join(COLUMNS)} |
|{"---|" * len(COLUMNS)}
|{" un | " * len(COLUMNS)}

```
{CODE}
```

<details>
<summary>Les comptes</summary>

Ce que personne n'a déplié.

</details>

![Trois semaines](https://example.org/watch){{poster=/images/a.jpg duration=3:45}}
"""


def test_nothing_of_a_text_is_cut_or_hidden_on_paper(browser, build):
    files = {"articles/a.md": article(body=WIDE_TEXT), "images/a.jpg": photo(800, 500)}
    built = build(files)
    assert built.code == 0, built.complaints
    with (
        visit(browser, f"{SERVERLESS}/actualites/une-nouvelle/", site=built.site) as page,
        printed(page) as document,
    ):
        on_paper = words(document)
        for sheet in document:
            assert max(right for _, _, right, _ in rects(sheet)) < sheet.get_width() - 30
    expected = (*COLUMNS, CODE, "Ce que personne n’a déplié", "https://example.org/watch")
    assert [text for text in expected if letters(text) not in on_paper] == []


def test_the_address_of_a_video_stands_below_its_poster_on_paper(browser, build):
    files = {"articles/a.md": article(body=WIDE_TEXT), "images/a.jpg": photo(800, 500)}
    with visit(
        browser, f"{SERVERLESS}/actualites/une-nouvelle/", site=build(files).site, width=720
    ) as page:
        page.emulate_media(media="print")
        place = page.evaluate(
            """() => {
              const style = getComputedStyle(document.querySelector(".video a"), "::after");
              return [style.gridRowStart, style.borderTopWidth, style.outlineStyle];
            }"""
        )
        assert place == ["auto", "0px", "none"]


@pytest.mark.parametrize("width", [420, 720, 1500])
def test_the_band_of_the_home_page_joins_the_ampersand_on_paper(browser, build, width):
    with visit(browser, SERVERLESS, site=build(one_project()).site, width=width) as page:
        page.emulate_media(media="print")
        gap = page.evaluate(
            """() => {
              const loom = document.querySelector(".loom");
              const style = getComputedStyle(loom, "::before");
              const end = loom.getBoundingClientRect().left + parseFloat(style.insetInlineStart)
                + parseFloat(style.inlineSize);
              return document.querySelector(".ampersand").getBoundingClientRect().left - end;
            }"""
        )
        assert -3 < gap < 1


def test_the_time_line_begins_on_the_sheet_of_its_title(browser, build):
    files = many_projects(8)
    for number in range(40):
        files[f"articles/x{number}.md"] = article(f"En plus {number}", "1991")
    with (
        visit(browser, f"{SERVERLESS}/parcours/", site=build(files).site) as page,
        printed(page) as document,
    ):
        assert "Leprojetnuméro1" in letters(document[0].get_textpage().get_text_range())


@pytest.mark.parametrize("address", SHEETS)
def test_no_strand_runs_behind_printed_words(browser, site_address, address):
    with visit(browser, site_address + address, width=720) as page:
        page.emulate_media(media="print")
        assert hidden_words(page) == []


@pytest.mark.parametrize(
    ("css", "check"),
    [
        ("details::details-content { content-visibility: hidden !important }", "open"),
        ("html { background: #223 !important }", "ink"),
        (".section-title { break-after: page !important }", "heading"),
    ],
)
def test_bad_printing_is_found(browser, site_address, css, check):
    with visit(browser, site_address) as page:
        restyle(page, f"@media print {{ {css} }}")
        with printed(page) as document:
            found = {
                "open": letters("cuisiner pour douze") not in words(document),
                "ink": max(map(ink, document)) > 0.08,
                "heading": "Projets" in [last_line(sheet) for sheet in document],
            }
        assert found[check]
