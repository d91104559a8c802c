"""Pages opened as a reader has set the browser up, and what the tests measure on them."""

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, Page, Route

from tests import chromium
from tests.sites import Site

# One page of each kind in each language, as the theme knows kinds of page.
KINDS = (
    "/",
    "/projets/",
    "/projets/cantine/",
    "/actualites/",
    "/actualites/prix/",
    "/actualites/2014/",
    "/themes/",
    "/themes/cooperation/",
    "/parcours/",
    "/plan-du-site/",
    "/recherche/",
    "/contact/",
    "/mentions-legales/",
    "/sobriete/",
    "/404.html",
)
ENGLISH_KINDS = (
    "/en/",
    "/en/projects/",
    "/en/projects/cantine/",
    "/en/news/",
    "/en/news/statuts/",
    "/en/news/2014/",
    "/en/topics/",
    "/en/topics/cooperation/",
    "/en/timeline/",
    "/en/sitemap/",
    "/en/search/",
    "/en/contact/",
    "/en/legal/",
    "/en/404.html",
)
SERVERLESS = "http://built.test"


@contextmanager
def visit(
    browser: Browser,
    address: str = "",
    *,
    width=1280,
    height=800,
    site: Site | None = None,
    **modes,
) -> Iterator[Page]:
    """A tab of `width` by `height` CSS pixels, on an address and ready to be measured.

    Motion is off, unless `modes` (Playwright's options of a context) say otherwise. A `site` is
    read from its folder, without a server, at SERVERLESS.
    """
    options = {"reduced_motion": "reduce", **modes}
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    if site:
        context.route(f"{SERVERLESS}/**", lambda route: _answer(route, site))
    page = context.new_page()
    if address:
        go(page, address)
    yield page
    context.close()


def _answer(route: Route, site: Site) -> None:
    path = unquote(urlsplit(route.request.url).path).lstrip("/")
    file = (
        site.folder / path / "index.html" if path.endswith("/") or not path else site.folder / path
    )
    kind = mimetypes.guess_type(file)[0] or "application/octet-stream"
    route.fulfill(path=file, content_type=kind)


def go(page: Page, address: str) -> None:
    """Open an address and show its fonts."""
    page.goto(address)
    chromium.show_fonts(page)


def unfold(page: Page) -> bool:
    """Open all that opens; whether there was anything."""
    return page.evaluate(
        "document.querySelectorAll('details').forEach(d => d.open = true),"
        " document.querySelector('details') !== null"
    )


def restyle(page: Page, css: str) -> None:
    """Add rules as a reader's own style sheet, which the site's security policy lets in."""
    page.evaluate(
        """css => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(css);
            document.adoptedStyleSheets.push(sheet);
        }""",
        css,
    )


def enlarge_text(page: Page, pixels: int) -> None:
    """Set the size of text in the browser's own settings, as a reader would: 16 by default."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": pixels, "fixed": pixels}})
