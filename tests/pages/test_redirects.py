"""The pages at old addresses, as they are written and read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.checking.pages.w3c_check import check_markup
from engine.pages import redirects
from engine.pages.built_site import BuiltSite
from engine.pages.markup import Markup
from tests.sites import write

ADDRESS = "https://example.org"


@given(st.text(max_size=20), st.sampled_from(["/a/", "/blog/en/news/a/", "/#le-mixeur"]))
def test_what_a_page_leads_to_is_read_from_it(title, address):
    page = redirects.redirect_page(address, ADDRESS, title, "fr")
    assert redirects.target(page) == address
    assert [link["href"] for link in Markup(page).named("a")] == [address]


def test_a_page_that_tells_of_redirections_leads_nowhere():
    told = '<p>&lt;meta http-equiv="refresh" content="0; url=/a/"&gt;</p>'
    assert redirects.target(told) is None
    late = "<p>" * 1000 + '<meta http-equiv="refresh" content="0; url=/a/">'
    assert redirects.target(late) is None


def test_the_redirections_of_a_folder_are_those_of_its_pages(tmp_path):
    page = redirects.redirect_page("/nouveau/", ADDRESS, "A", "fr")
    files = {"index.html": "<p>", "été/nom/index.html": page, "a.html": page, "b.txt": page}
    found = redirects.redirects(BuiltSite(write(tmp_path, files)))
    assert found == {"/a.html": "/nouveau/", "/été/nom/": "/nouveau/"}
    assert [redirects.file_of(old) for old in found] == ["a.html", "été/nom/index.html"]


@pytest.mark.needs("java", "vnu")
def test_the_w3c_finds_nothing_wrong_with_it(tmp_path):
    page = redirects.redirect_page("/actualites/a/", ADDRESS, "Été & « co » <b>", "fr")
    assert check_markup(write(tmp_path, {"a.html": page})) == []
