"""Write and read redirection pages, which lead from old addresses to new ones on any server.

They are the only record of redirections: the rules of every web server are made from them.
"""

import html
import re
from urllib.parse import urljoin

from engine.pages import page_policy
from engine.pages.built_site import BuiltSite

# A redirection without delay is accessible (WCAG 2.2, technique H76).
_PAGE = f"""\
<!doctype html>
<html lang="{{lang}}">
<head>
{page_policy.EMPTY}
<meta charset="utf-8">
<title>{{title}}</title>
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url={{address}}">
<link rel="canonical" href="{{canonical}}">
</head>
<body>
<main><h1><a href="{{address}}">{{title}}</a></h1></main>
</body>
</html>
"""
_MOVED = re.compile(r'<meta http-equiv="refresh" content="0; url=([^"]*)">')
# The element is in the first characters of a redirection page.
_MAX_HEAD = 2000


def redirect_page(address: str, site_address: str, title: str, lang: str) -> str:
    """Return the redirection page to a path-absolute address of the site.

    `site_address` is such as "https://example.org"; `title` and `lang` are those of the target.
    """
    canonical = urljoin(site_address, address.partition("#")[0])
    values = {"address": address, "canonical": canonical, "title": title, "lang": lang}
    text = _PAGE.format(**{name: html.escape(value) for name, value in values.items()})
    return page_policy.filled(text)


def target(text: str) -> str | None:
    """Return the target of a redirection page, None for any other page."""
    moved = _MOVED.search(text, 0, _MAX_HEAD)
    return html.unescape(moved[1]) if moved else None


def file_of(alias: str) -> str:
    """Return the file of the page at an old address, relative to the folder of the site."""
    return f"{alias[1:]}index.html" if alias.endswith("/") else alias[1:]


def redirects(built: BuiltSite) -> dict[str, str]:
    """Map each old address of a built site, such as "/ancien/" or "/ancien.html", to the new one.

    Old addresses are decoded, as by a server.
    """
    return {
        re.sub(r"/index\.html$", "/", f"/{page.path}"): address
        for page in built.pages
        if (address := target(page.text)) is not None
    }


def spellings(old: str) -> list[str]:
    """Return the spellings of an old address in requests: a folder also without its slash."""
    return [old, old.rstrip("/"), f"{old}index.html"] if old.endswith("/") else [old]
