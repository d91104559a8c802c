"""A real Chromium, which trusts the servers of the tests."""

import pytest

from tests import chromium


@pytest.fixture(scope="session")
def browser(certificate):
    """A headless Chromium of this machine."""
    with chromium.launched(certificate.browser_argument) as browser:
        yield browser


@pytest.fixture
def page(browser):
    """A new tab of 1280 by 800 pixels."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(chromium.PATIENCE)
    yield context.new_page()
    context.close()
