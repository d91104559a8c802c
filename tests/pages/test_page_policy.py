"""The policy that stands in each page."""

import base64
import hashlib

import pytest

from engine.pages import page_policy


def source(style: str) -> str:
    digest = hashlib.sha256(style.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "<style>a{}</style><svg><STYLE type=text/css>é\n</STYLE></svg><style>a{}</style>",
            f"{source('a{}')} {source('é' + chr(10))}",
        ),
        ("<!-- <style>b{}</style> --><style>a{}</style><!-- -->", source("a{}")),
        ("<style></style>", source("")),
        ("<style>@media (0<width<9em){}</b></style>", source("@media (0<width<9em){}</b>")),
        ("<style>a{}</b>", "'none'"),
        ("<p>&lt;style>a{}", "'none'"),
    ],
)
def test_a_page_may_use_its_own_style_sheets_each_named_once(html, expected):
    assert page_policy.style_sources(html) == expected
    policy = page_policy.filled(page_policy.EMPTY + html)
    assert f"; style-src {expected}; " in policy


def test_a_policy_begins_with_nothing_and_names_what_a_page_needs():
    policy = page_policy.policy("'sha256-x'")
    assert dict(each.partition(" ")[::2] for each in policy.split("; ")) == {
        "default-src": "'none'",
        "style-src": "'sha256-x'",
        "img-src": "'self'",
        "font-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }


def test_a_page_that_is_filled_again_is_as_if_it_were_filled_once():
    page = f"<head>{page_policy.EMPTY}</head><style>a{{}}</style>"
    changed = page_policy.filled(page).replace("a{}", "b{}")
    assert page_policy.filled(changed) == page_policy.filled(page.replace("a{}", "b{}"))


def test_only_the_first_element_of_a_policy_is_the_page_s_own():
    page = page_policy.EMPTY + f"<pre>{page_policy.EMPTY}</pre>"
    assert page_policy.replaced(page, "x").endswith(f'content="x"><pre>{page_policy.EMPTY}</pre>')
