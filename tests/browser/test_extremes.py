"""Contents that are far too much, or far too little, still make pages that can be read."""

import pytest

from engine.checking.pages.site_check import check_site
from engine.pages.built_site import BuiltSite
from tests import chromium
from tests.sample_content import EXTREMES

pytestmark = pytest.mark.needs("chromium")
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"


@pytest.mark.parametrize("extreme", EXTREMES)
def test_an_extreme_content_fits_every_page(page, build, extreme):
    site = build(EXTREMES[extreme]()).site
    assert check_site(BuiltSite(site.folder), "http://localhost:8000") == []
    with chromium.served(site.folder) as address:
        for path in site.addresses[:12]:
            page.goto(f"{address}{path}")
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            for width in (320, 1440):
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate(TOO_WIDE) <= 0, (path, width)
