"""What a page's headers allow."""

import base64
import hashlib
import re

import pytest

from publishing import response_headers as headers
from tests.sites import write


def source(style: str) -> str:
    digest = hashlib.sha256(style.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def test_a_page_may_use_its_own_style_sheets_each_named_once():
    html = "<style>a{}</style><svg><STYLE type=text/css>é\n</STYLE></svg><style>a{}</style>"
    assert headers.style_sources(html) == f"{source('a{}')} {source('é' + chr(10))}"


def test_a_page_without_a_style_sheet_may_use_none():
    assert headers.style_sources("<p>&lt;style>a{}") == "'none'"


def test_a_policy_begins_with_nothing_and_names_what_a_page_needs():
    policy = headers.page_policy("'sha256-x'", https=False)
    directives = dict(each.partition(" ")[::2] for each in policy.split("; "))
    assert directives == {
        "default-src": "'none'",
        "style-src": "'sha256-x'",
        "img-src": "'self'",
        "font-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }


def test_only_over_https_is_a_browser_told_to_stay_there():
    assert headers.page_policy("'none'", https=True).endswith("; upgrade-insecure-requests")
    assert "Strict-Transport-Security" in headers.security(https=True)
    assert "Strict-Transport-Security" not in headers.security(https=False)


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/theme/fonts/bricolage-3f4cf4455bc2.woff2", True),
        ("/images/rencontre-3f4cf4455bc2-640.avif", True),
        ("/images/rencontre-640.avif", False),
        ("/theme/favicon.svg", False),
        ("/actualites/index.html", False),
        ("/abcdef-3f4cf4455bc2-640/index.html", False),
    ],
)
def test_what_bears_a_digest_is_kept(path, kept):
    assert bool(re.search(headers.FINGERPRINTED, path)) is kept


def test_each_part_of_the_site_has_its_own_page_for_what_is_not_found(tmp_path):
    write(tmp_path, {"404.html": "", "en/404.html": "", "en/index.html": ""})
    assert headers.not_found_pages(tmp_path) == {"/": "/404.html", "/en/": "/en/404.html"}


def test_feeds_are_told_from_other_xml(tmp_path):
    atom = '<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
    write(tmp_path, {"flux.xml": atom, "en/feed.xml": atom, "sitemap.xml": "<urlset><url>"})
    assert headers.atom_feeds(tmp_path) == ["/en/feed.xml", "/flux.xml"]
