"""Chromium sees the fonts of the tests, never the machine's."""

import shutil

import fontpkg_roboto
import pytest

from tests import chromium

pytestmark = pytest.mark.needs("chromium")

WIDTHS = """() => ["Roboto, serif", "serif", "sans-serif"].map(family => {
    const text = document.createElement("span")
    text.textContent = "Réparer, cuisiner et décider ensemble"
    text.style.fontFamily = family
    document.body.append(text)
    return text.getBoundingClientRect().width
})"""


def test_a_font_of_the_machine_is_not_seen(browser, tmp_path, monkeypatch):
    shutil.copytree(fontpkg_roboto.ROOT / "files", tmp_path / "fonts")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    folders = chromium.FONT_FOLDERS
    with chromium.launched_with_fonts(browser.browser_type, folders) as other:
        roboto, serif, sans_serif = other.new_page().evaluate(WIDTHS)
    assert roboto == serif
    assert sans_serif != serif
