"""A real Chromium, and the built site served to it."""

import pytest

from tests import chromium


@pytest.fixture(scope="session")
def site_address(real_site):
    """The address of the real site, served on this machine."""
    with chromium.served(real_site.folder) as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium of this machine."""
    with chromium.launched() as browser:
        yield browser


@pytest.fixture
def page(browser):
    """A new tab of 1280 by 800 pixels."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()
