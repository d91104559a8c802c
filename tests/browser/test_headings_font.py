"""The headings' font, which is cut to the letters of the headings, as the pages use it."""

import io
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from engine import typeface
from tests import web_server

pytestmark = pytest.mark.needs("chromium", *web_server.NEEDS)

# Every character on a page that is set in the headings' font.
SET_IN_IT = """() => {
    const found = []
    const isSetInIt = style => style.fontFamily.startsWith("Bricolage")
    for (const element of document.body.querySelectorAll("*")) {
        if (isSetInIt(getComputedStyle(element)))
            for (const node of element.childNodes)
                if (node.nodeType == Node.TEXT_NODE) found.push(node.textContent)
        for (const part of ["::before", "::after", "::marker"]) {
            const style = getComputedStyle(element, part)
            const text = /^"([^"]*)"/.exec(style.content)
            if (text && isSetInIt(style)) found.push(text[1])
        }
    }
    return found.join("")
}"""


def test_the_font_has_every_letter_that_is_set_in_it(page, full_site, site_address):
    (file,) = Path(full_site.folder, "theme", "fonts").glob("*.woff2")
    letters = set(map(chr, TTFont(io.BytesIO(file.read_bytes())).getBestCmap()))
    face, missing = set(map(chr, typeface.face().unicodes)), {}
    for address in full_site.addresses:
        page.goto(site_address + address)
        used = set(page.evaluate(SET_IN_IT).replace("\n", ""))
        assert used, address
        if lacks := (used & face) - letters:
            missing[address] = lacks
    assert not missing
