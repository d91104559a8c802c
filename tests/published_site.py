"""The fixtures of the site as it is published: compressed, and served by nginx over HTTPS."""

import shutil
from contextlib import ExitStack

import pytest

from engine.pages.built_site import BuiltSite
from engine.pages.compression import compress
from tests import web_server
from tests.system_parts import require


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """The certificate of the sites that are served, which the browser trusts."""
    require("openssl")
    return web_server.make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="session")
def published_site(full_site, tmp_path_factory):
    """The folder of the full site with its compressed files."""
    folder = tmp_path_factory.mktemp("published") / "site"
    shutil.copytree(full_site.folder, folder)
    compress(BuiltSite(folder))
    return folder


@pytest.fixture(scope="session")
def serve(certificate, tmp_path_factory):
    """Serve a built folder by nginx to the end of the run: `serve(site.folder)` is its address."""
    for part in web_server.NEEDS:
        require(part)
    with ExitStack() as servers:
        yield lambda folder: servers.enter_context(
            web_server.served(folder, tmp_path_factory.mktemp("nginx"), certificate)
        )


@pytest.fixture(scope="session")
def site_address(published_site, serve):
    """The address of the full site, served by nginx on this machine."""
    return serve(published_site)
