"""The audit of the pages: its evidence holds, and the statement tells no more than it.

The criteria are those of theme/accessibility.yml. A criterion that is met names tests, which fail
if a template or a style ends it; one that does not apply names what no page has.
"""

import ast
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import soupsieve
from bs4 import BeautifulSoup

from engine.languages import LANGUAGES
from engine.paths import ROOT
from plugins.accessibility import AUDIT_FILE, Audit, Criterion, read_audit

AUDIT = read_audit(ROOT / "theme" / AUDIT_FILE)
STYLES = sorted((ROOT / "theme/static/css").glob("*.css"))
ABSENT = [each for each in AUDIT.criteria if each.absent]
TESTED = [each for each in AUDIT.criteria if each.tests]


@cache
def names_in(file: str) -> set[str]:
    """The names of the tests of a file."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def number(criterion: Criterion) -> str:
    return criterion.criterion


# --- The audit itself ------------------------------------------------------------------------


def test_the_audit_has_every_criterion_once_in_its_order():
    numbers = [tuple(map(int, each.criterion.split("."))) for each in AUDIT.criteria]
    # RGAA 4.1.2: the number of criteria of each of its thirteen topics.
    criteria = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)
    assert numbers == [(t, n) for t, last in enumerate(criteria, 1) for n in range(1, last + 1)]
    assert all(each.title.endswith("?") for each in AUDIT.criteria)


def test_each_result_has_its_evidence():
    for each in AUDIT.criteria:
        if each.result == "met":
            assert each.tests or each.by, each.criterion
            assert not each.absent, each.criterion
        elif each.result == "not applicable":
            assert each.tests or each.absent, each.criterion
        else:
            assert (each.tests, each.absent) == ((), ""), each.criterion


def test_no_evaluated_criterion_is_failed():
    assert AUDIT.numbers("not met") == []


@pytest.mark.parametrize("criterion", TESTED, ids=number)
def test_the_tests_that_show_a_result_exist(criterion):
    for name in criterion.tests:
        file, _, test = name.partition("::")
        assert test in names_in(file), name


@pytest.mark.parametrize("criterion", ABSENT, ids=number)
def test_what_makes_a_criterion_applicable_is_on_no_page(full_site, criterion):
    """If it fails: evaluate the criterion in theme/accessibility.yml, which now applies."""
    selector = soupsieve.compile(criterion.absent)
    assert [a for a in full_site.addresses if selector.select_one(full_site.page(a))] == []


@pytest.mark.parametrize("criterion", ABSENT, ids=number)
def test_a_selector_of_the_audit_finds_what_it_is_for(criterion):
    for part in criterion.absent.split(", "):
        within, _, last = part.rpartition(" ")
        element = re.match(r"[a-z]*", last)[0] or "p"
        # What `:not()` leaves out is left out: the bare element is what the part is for.
        marks = " ".join(re.findall(r"\[([\w-]+(?:=\w+)?)\]", re.sub(r":not\(.*?\)", "", last)))
        html = f"<{element} {marks}></{element}>"
        html = f"<{within}>{html}</{within}>" if within else html
        assert BeautifulSoup(html, "html.parser").select_one(criterion.absent), part


# --- The statement ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "words"),
    [("/accessibilite/", "non conforme"), ("/en/accessibility/", "not compliant")],
)
def test_the_statement_tells_the_figures_of_the_audit(full_site, address, words):
    text = " ".join(full_site.page(address).main.get_text().split())
    met, total = len(AUDIT.numbers("met")), len(AUDIT.criteria)
    for figure in (AUDIT.applicable, total, met, AUDIT.rate):
        assert re.search(rf"\b{figure}\b", text), figure
    assert words in text
    assert ", ".join(AUDIT.numbers("not evaluated")) in text
    assert AUDIT.version in text
    assert re.search(rf"\b{AUDIT.evaluated[:4]}\b", text), "its date"
    assert "Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07" in text
    assert not re.search("totalement conforme|fully compliant", text)


def test_the_rate_counts_what_applies_and_was_not_evaluated():
    assert read_rate(met=3, applicable=5, evaluated=1) == 75
    assert read_rate(met=2, evaluated=1) == 66


def read_rate(met: int, applicable: int = 0, evaluated: int = 0) -> int:
    criteria = [
        *(Criterion("1", "", "met") for _ in range(met)),
        *(Criterion("2", "", "not applicable") for _ in range(applicable)),
        *(Criterion("3", "", "not evaluated") for _ in range(evaluated)),
    ]
    return Audit("RGAA", "4.1.2", "2026", tuple(criteria)).rate


def test_a_site_is_partly_compliant_once_all_is_evaluated_and_never_more():
    one = Criterion("1", "", "met")
    whole = Audit("RGAA", "4.1.2", "2026", (one, replace(one, result="not met")))
    assert whole.is_partly_compliant
    assert not replace(
        whole, criteria=(one, replace(one, result="not evaluated"))
    ).is_partly_compliant
    assert not replace(whole, criteria=(replace(one, result="not met"),) * 2).is_partly_compliant


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {criterion: '1.1', title: a, result: good}", "1.1 cannot be read"),
        ("- {criterion: '1.1', title: a, result: met, test: b}", "1.1 cannot be read"),
        ("- {criterion: '1.1', title: a, result: met}\n" * 2, "1.1 is there twice"),
    ],
)
def test_an_audit_that_cannot_be_read_is_told(tmp_path, text, said):
    file = tmp_path / AUDIT_FILE
    file.write_text(f"reference: R\nversion: 1\nevaluated: 2026\ncriteria:\n{text}", "utf-8")
    with pytest.raises(ValueError, match=said):
        read_audit(file)


# --- What no other test shows ------------------------------------------------------------------


def test_each_page_says_its_type_language_and_title(full_site):
    for address in full_site.addresses:
        assert full_site.text(address).startswith("<!doctype html>"), address
        page = full_site.page(address)
        lang = "en" if address.startswith("/en/") else "fr"
        assert page.html["lang"] == lang, address
        assert lang in LANGUAGES
        # A no-break space may keep a sign with its word in one of the two.
        headline, title = (" ".join(each.get_text().split()) for each in (page.h1, page.title))
        if address not in ("/", "/en/"):
            assert title.startswith(headline), address


def test_each_table_is_one_of_data(full_site):
    """Its head cells tell what they head; a table of the theme has a title of its own."""
    tables = [(a, table) for a in full_site.addresses for table in full_site.page(a)("table")]
    assert len(tables) >= 2
    for address, table in tables:
        heads = table("th")
        assert heads, address
        for head in heads:
            is_of_columns = head.find_parent("thead") is not None
            assert is_of_columns or head.get("scope") == "row", (address, head)
        for caption in table("caption"):
            assert caption is table.find(True), address


def test_the_menus_stand_at_the_same_place_of_each_page(full_site):
    for address in full_site.addresses:
        body = full_site.page(address).body
        parts = [child.name for child in body.find_all(True, recursive=False)]
        assert parts[:3] == ["a", "header", "main"], address
        assert parts[-1] == "footer", address
        assert body.header.nav, address
        assert body.find_all("footer")[-1].nav, address


def test_the_label_of_the_search_stands_before_its_field(full_site):
    for address in ("/recherche/", "/en/search/"):
        page = full_site.page(address)
        assert page.select_one("form.search > label + input")["id"] == page.label["for"]


def test_no_page_opens_a_window(full_site):
    for address in full_site.addresses:
        assert not full_site.page(address).select("[target], [onclick], [onload]"), address


RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")


@pytest.mark.parametrize("file", STYLES, ids=lambda path: path.stem)
def test_nothing_appears_by_a_style_alone_but_the_skip_link(file: Path):
    for selector, declarations in RULE.findall(file.read_text("utf-8")):
        if re.search(r":(hover|focus)", selector) and "skip-link" not in selector:
            shown = r"(?<![\w-])(display|visibility|opacity|content|clip-path|block-size)\s*:"
            assert not re.search(shown, declarations), selector


@pytest.mark.parametrize("file", STYLES, ids=lambda path: path.stem)
def test_no_style_depends_on_the_orientation(file: Path):
    assert "orientation:" not in file.read_text("utf-8")
