"""The Content-Security-Policy that stands in each page: it holds wherever the page is served.

It allows the style sheet that stands in the page, by its digest, and nothing that the page does not
have. A template writes the element with an empty `content` first in its head, since a policy does
not hold for what stands before it (CSP3, 3.3); `filled` is called once the page's style is final.
"""

import base64
import hashlib
import re
from functools import lru_cache

NAME = "Content-Security-Policy"
EMPTY = f'<meta http-equiv="{NAME}" content="">'
# Whatever holds for a page and for a file that is no page.
CLOSED = "base-uri 'none'; form-action 'none'"

_ELEMENT = re.compile(f'(<meta http-equiv="{NAME}" content=")[^"]*(?=">)')
_NO_SCRIPT = "require-trusted-types-for 'script'; trusted-types 'none'"
# A comment is passed over: a style sheet in it is none. The rest up to the end tag is not ".*?",
# which asks at each character and takes fifty times as long.
_STYLE = re.compile(
    r"<(?:!--.*?-->|style\b[^>]*>([^<]*(?:<(?!/style\s*>)[^<]*)*)</style\s*>)",
    re.DOTALL | re.IGNORECASE,
)


def policy(style_sources: str) -> str:
    """The policy of a page: the given sources of style sheets, fonts, pictures, no more.

    https://www.w3.org/TR/CSP3/, https://www.w3.org/TR/trusted-types/.
    """
    return (
        f"default-src 'none'; style-src {style_sources}; img-src 'self'; font-src 'self'; "
        f"{CLOSED}; {_NO_SCRIPT}"
    )


def digests(styles: list[str]) -> str:
    """What `style-src` lists for the texts of style sheets: the digest of each, or 'none'."""
    return " ".join(map(_source, dict.fromkeys(styles))) or "'none'"


@lru_cache(maxsize=64)  # pages of one kind share their style sheet
def _source(style: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"


def style_sources(html: str) -> str:
    """What `style-src` lists for a page."""
    return digests([found[1] for found in _STYLE.finditer(html) if found[1] is not None])


def replaced(html: str, text: str) -> str:
    """The page with another policy in its element; unchanged where it has none."""
    return _ELEMENT.sub(lambda found: found[1] + text, html, count=1)


def filled(html: str) -> str:
    """The page with the policy that suits its style sheets."""
    return replaced(html, policy(style_sources(html)))
