"""A headless Chromium of this machine, which trusts the servers of the tests."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.system_parts import PARTS
from tests.web_server import Certificate

# Chromium asks its maker's servers for news at each start unless it is told not to.
_QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
]


@contextmanager
def launched(certificate: Certificate) -> Iterator[Browser]:
    """A browser while the block lasts; nothing that it keeps outlives it."""
    path, arguments = PARTS["chromium"].find(), [*_QUIET, certificate.browser_argument]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        try:
            yield browser
        finally:
            browser.close()
