"""Serve the built pages for the preview's frame, on another origin than the writing page.

A text may hold HTML of its own. Here it has neither the page's origin nor its token: the frame is
sandboxed, so that its origin is none at all, and the one script that may run there is
`page/frame.js`, by a nonce.

Another account of the machine can ask this server too: each address begins with a random path,
which only the writing page is told. A cookie would not do: it is sent to every port of 127.0.0.1,
and to no frame without an origin.
"""

import hmac
import json
import secrets

from engine.pages import page_policy
from engine.preview.server import EVENTS, FINDINGS, PageHandler

_SCRIPT = '<script nonce="{nonce}">const WRITER = {writer};\n{script}</script>'


class FrameHandler(PageHandler):
    """Serves the site that was built below the path `base` to frames of the page at `writer`.

    `script` is the script of its pages.
    """

    def __init__(self, *args, writer: str, base: str, script: str, **kwargs):
        self.writer, self.base, self.script = writer, base, script
        super().__init__(*args, **kwargs)

    def parse_request(self) -> bool:
        """Refuse an address that does not begin with the secret path; remove it from the others."""
        if not super().parse_request():
            return False
        given, slash, rest = self.path.removeprefix("/").partition("/")
        if not hmac.compare_digest(f"/{given}".encode(), self.base.encode()):
            self.close_connection = True
            self.send_error(403)
            return False
        self.path = slash + rest
        return True

    def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
        """Send a page or a file of the site, and nothing else."""
        if self.path.startswith((EVENTS, FINDINGS)):
            self.send_error(404)
        else:
            super().do_GET()

    def end_headers(self) -> None:
        """Add the headers that sandbox the page and allow it in frames of the writing page only."""
        self.send_header(
            page_policy.NAME,
            f"frame-ancestors {self.writer}; sandbox allow-scripts; base-uri 'none'",
        )
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        if self.path.partition("?")[0].endswith(".woff2"):
            # A page without an origin may not else load a font; the fonts are everybody's.
            self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()

    def finished(self, page: str, text: dict[str, str] | None) -> str:
        """Return a page with the script by which the writing page scrolls it."""
        nonce = secrets.token_urlsafe()
        # "'self'" may mean nothing to a page without an origin.
        own = "http://{}:{}".format(*self.server.server_address)
        policy = (
            f"default-src 'none'; script-src 'nonce-{nonce}'; "
            f"style-src {page_policy.style_sources(page)}; img-src {own}; font-src {own}; "
            f"media-src {own}; {page_policy.CLOSED}"
        )
        script = _SCRIPT.format(nonce=nonce, writer=json.dumps(self.writer), script=self.script)
        return page_policy.replaced(page, policy) + script
