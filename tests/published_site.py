"""The fixtures of the site as it is published: compressed, and served by nginx over HTTPS."""

import shutil

import pytest

from publishing.compression import compress
from tests import web_server
from tests.system_parts import require


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """The certificate of the sites that are served, which the browser trusts."""
    require("openssl")
    return web_server.make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="session")
def published_site(real_site, tmp_path_factory):
    """The folder of the real site with its compressed files."""
    folder = tmp_path_factory.mktemp("published") / "site"
    shutil.copytree(real_site.folder, folder)
    compress(folder)
    return folder


@pytest.fixture(scope="session")
def site_address(published_site, certificate, tmp_path_factory):
    """The address of the real site, served by nginx on this machine."""
    for part in web_server.NEEDS:
        require(part)
    folder = tmp_path_factory.mktemp("nginx")
    with web_server.served(published_site, folder, certificate) as address:
        yield address
