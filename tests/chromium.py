"""The Chromium of this machine, and a folder served to it."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.system_parts import PARTS

_FONT_SETTINGS = Path(__file__).resolve().parent / "fonts.conf"
# Chromium asks its maker's servers for news at each start unless it is told not to.
_ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
]


@contextmanager
def launched(*arguments: str, path: str | None = None) -> Iterator[Browser]:
    """A headless Chromium, with more arguments or from another path where they are given.

    Raises playwright's Error where there is none.
    """
    path = path or PARTS["chromium"].find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[*_ARGUMENTS, *arguments],
            env={**os.environ, "FONTCONFIG_FILE": str(_FONT_SETTINGS)},
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder while it is served on this machine, without a slash at its end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, *_args):
        pass
