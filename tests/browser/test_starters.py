"""The comparison with other starters counts what a browser asks for."""

import pytest

from bench.starters import Visit, visit
from tests import chromium, sites

PAGE = """<!doctype html><title>T</title><link rel="icon" href="/icon.svg">
<script>1</script><script type="application/ld+json">{}</script>
<body><p>Un <b>texte</b>.</p><img src="/a.jpg" alt=""><img src="https://example.org/b.jpg" alt="">
"""


@pytest.mark.needs("chromium")
def test_a_page_counts_its_files_its_scripts_and_what_it_asks_of_others(browser, tmp_path):
    photo = sites.photo(8, 8)
    sites.write(tmp_path, {"index.html": PAGE, "icon.svg": "<svg/>", "a.jpg": photo})
    with chromium.served(tmp_path) as address:
        seen = visit(browser, tmp_path, address)
    # Its language is missing.
    told = {"requests": 4, "scripts": 1, "elsewhere": 1, "elements": 4, "broken_rules": 1}
    assert seen == Visit(size=seen.size, **told)
    assert len(photo) + 100 < seen.size < len(photo) + len(PAGE)
