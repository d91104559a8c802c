"""The figures that the site tells of itself, held against those of a real browser and server."""

import pytest
from babel.numbers import parse_decimal

from engine.pages import ecoindex, page_weight
from engine.pages.built_site import BuiltSite
from pelicanconf import ADDRESSES
from tests import web_server
from tests.network import Recorder

pytestmark = pytest.mark.needs("chromium", *web_server.NEEDS)

ELEMENTS = "document.querySelectorAll('*').length - document.querySelectorAll('svg *').length"


@pytest.mark.parametrize(("lang", "address"), [("fr", "/sobriete/"), ("en", "/en/sobriety/")])
def test_the_figures_shown_are_those_of_the_network(
    browser, full_site, site_address, lang, address
):
    shown = [
        [cell.get_text() for cell in row.find_all("td")]
        for row in full_site.page(address).select("tbody tr")
    ]
    kinds = page_weight.pages_by_kind(BuiltSite(full_site.folder), lang, ADDRESSES)
    for cells, pages in zip(shown, kinds.values(), strict=True):
        longest = max(pages, key=lambda page: page.size)
        path = longest.path.removesuffix("index.html")
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        recorder = Recorder(context.new_page())
        requests = recorder.visit(f"{site_address}/{path}")
        received, elements = sum(each.body for each in requests), recorder.page.evaluate(ELEMENTS)
        weight = float(parse_decimal(cells[0].split()[0], lang))
        assert weight == pytest.approx(received / 1000, abs=0.051), path
        assert len(requests) <= page_weight.request_limit(photos=1), path
        assert int(cells[1]) == elements, path
        score = ecoindex.score(elements, len(requests), received)
        assert cells[2] == f"{score} ({ecoindex.grade(score)})", path
        context.close()
