"""A real Chromium, which trusts the servers of the tests."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

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


@pytest.fixture(scope="session")
def browser(certificate):
    """A headless Chromium of this machine."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    path = next(found for name in names if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=[*_QUIET, certificate.browser_argument]
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    """A new tab of 1280 by 800 pixels."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()
