"""The pages at old addresses, which lead to the new ones where the web server does not.

The page is the one record of a redirection: the rules of every web server are read from them.
"""

import html
import re
from urllib.parse import urljoin

from engine.pages import page_policy
from engine.pages.built_site import BuiltSite

# A visitor who is moved at once is not moved without notice (WCAG 2.2, technique H76).
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
# It stands in the first lines of a page; another page says much before.
_HEAD = 2000


def page(address: str, site_address: str, title: str, lang: str) -> str:
    """The page that leads to a path-absolute address of the site, as a reader and a robot see it.

    `site_address` is such as "https://example.org"; `title` and `lang` are the new page's.
    """
    canonical = urljoin(site_address, address.partition("#")[0])
    values = {"address": address, "canonical": canonical, "title": title, "lang": lang}
    text = _PAGE.format(**{name: html.escape(value) for name, value in values.items()})
    return page_policy.filled(text)


def target(text: str) -> str | None:
    """Where a page leads at once, None for any other page."""
    moved = _MOVED.search(text, 0, _HEAD)
    return html.unescape(moved[1]) if moved else None


def file_of(alias: str) -> str:
    """The file of the page at an old address, below the site's folder."""
    return f"{alias[1:]}index.html" if alias.endswith("/") else alias[1:]


def redirects(built: BuiltSite) -> dict[str, str]:
    """Each old address of a built site, such as "/ancien/" or "/ancien.html" -> the new one.

    An old address is as a server decodes it.
    """
    return {
        re.sub(r"/index\.html$", "/", f"/{page.path}"): address
        for page in built.pages
        if (address := target(page.text)) is not None
    }


def spellings(old: str) -> list[str]:
    """The ways in which an old address may be asked for: a folder also without its slash."""
    return [old, old.rstrip("/"), f"{old}index.html"] if old.endswith("/") else [old]
