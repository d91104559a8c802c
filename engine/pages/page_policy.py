"""Write the Content-Security-Policy into each page, so that it applies on any server.

It allows the style sheets of the page by their digests, and the local files that pages load. A
template writes the element with an empty `content` first in the head, because a policy does not
apply to the elements before it (CSP3, 3.3). Call `filled` when the style of the page is final.
"""

import base64
import hashlib
import re
from functools import lru_cache

NAME = "Content-Security-Policy"
EMPTY = f'<meta http-equiv="{NAME}" content="">'
# The directives for a page and for any other file.
CLOSED = "base-uri 'none'; form-action 'none'"

_ELEMENT = re.compile(f'(<meta http-equiv="{NAME}" content=")[^"]*(?=">)')
_NO_SCRIPT = "require-trusted-types-for 'script'; trusted-types 'none'"
# Comments are skipped with the style sheets in them. ".*?" before the end tag would take fifty
# times as long: it tries the end at each character.
_STYLE = re.compile(
    r"<(?:!--.*?-->|style\b[^>]*>([^<]*(?:<(?!/style\s*>)[^<]*)*)</style\s*>)",
    re.DOTALL | re.IGNORECASE,
)


def policy(style_sources: str, *, searches: bool = False) -> str:
    """Return the policy of a page with these sources of style sheets, local fonts and pictures.

    The page of the search (`searches`) also runs the site's own script, which loads its index.
    https://www.w3.org/TR/CSP3/, https://www.w3.org/TR/trusted-types/.
    """
    script = "script-src 'self'; connect-src 'self'; " if searches else ""
    return (
        f"default-src 'none'; {script}style-src {style_sources}; img-src 'self'; font-src 'self'; "
        f"{CLOSED}; {_NO_SCRIPT}"
    )


def digests(styles: list[str]) -> str:
    """Return the `style-src` of style sheets: the digest of each, or 'none'."""
    return " ".join(map(_source, dict.fromkeys(styles))) or "'none'"


@lru_cache(maxsize=64)  # pages of one kind share their style sheet
def _source(style: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"


def style_sources(html: str) -> str:
    """Return the `style-src` of a page."""
    return digests([found[1] for found in _STYLE.finditer(html) if found[1] is not None])


def replaced(html: str, text: str) -> str:
    """Replace the policy of a page, if it has one."""
    return _ELEMENT.sub(lambda found: found[1] + text, html, count=1)


def filled(html: str, *, searches: bool = False) -> str:
    """Set the policy of a page according to its style sheets; `searches` as in `policy`."""
    return replaced(html, policy(style_sources(html), searches=searches))


def searches(html: str) -> bool:
    """Tell whether the policy in a page allows the site's script."""
    element = _ELEMENT.search(html)
    return bool(element) and " script-src " in element[0]
