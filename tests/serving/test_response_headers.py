"""What a page's headers allow."""

import re

import pytest

from engine.pages.built_site import BuiltSite
from engine.serving import response_headers as headers
from tests.sites import write


def directives(policy: str) -> dict[str, str]:
    return dict(each.partition(" ")[::2] for each in policy.split("; "))


def test_the_policy_of_pages_leaves_their_style_sheets_to_the_one_that_stands_in_them():
    assert directives(headers.html_policy(https=False)) == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "'self'",
        "font-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }


def test_what_is_no_page_loads_nothing_and_a_drawing_its_own_styles_alone():
    closed = {"default-src", "base-uri", "form-action", "frame-ancestors"}
    assert directives(headers.FILE_POLICY) == dict.fromkeys(closed, "'none'")
    drawing = directives(headers.DRAWING_POLICY)
    assert drawing.pop("style-src") == "'unsafe-inline'"
    assert drawing == dict.fromkeys(closed, "'none'")


def test_only_over_https_is_a_browser_told_to_stay_there():
    assert headers.html_policy(https=True).endswith("; upgrade-insecure-requests")
    assert "Strict-Transport-Security" not in headers.security(https=False, hsts_preload=True)


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
    built = BuiltSite(tmp_path)
    assert headers.not_found_pages(built) == {
        "/": "/404.html",
        "/en/": "/en/404.html",
    }
