"""The published site as nginx answers for it."""

import http.client
import re
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from engine.faults import ProblemError
from engine.pages import redirects
from engine.pages.built_site import BuiltSite
from engine.pages.compression import compress
from engine.serving import nginx
from engine.serving.served_site import ServedSite
from tests import web_server
from tests.sites import write

pytestmark = pytest.mark.needs(*web_server.NEEDS)

NOTHING = ServedSite({}, {}, ())


@pytest.fixture
def ask(certificate):
    """Ask an address once, over HTTP/1.1; redirections are not followed."""

    def run(site: str, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        parts = urlsplit(site)
        if parts.scheme == "https":
            connection = http.client.HTTPSConnection(parts.netloc, context=certificate.client())
        else:
            connection = http.client.HTTPConnection(parts.netloc)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=named)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response, body

    return run


@pytest.fixture
def small_site(tmp_path, certificate):
    """Serve files: `small_site({"index.html": …})` is a block with the site's address."""

    def serve(files, https=True):
        site = write(tmp_path / "site", files)
        compress(BuiltSite(site))
        folder = tmp_path / "nginx"
        folder.mkdir()
        return web_server.served(site, folder, certificate if https else None)

    return serve


def test_without_a_certificate_nothing_speaks_of_https(small_site, ask):
    with small_site({"index.html": "<p>"}, https=False) as site:
        found, _body = ask(site, "/")
        assert found.headers["Strict-Transport-Security"] is None
        assert "upgrade" not in found.headers["Content-Security-Policy"]


def test_a_site_with_many_long_old_addresses_is_served(small_site, ask):
    page = redirects.redirect_page("/", "https://example.org", "A", "fr")
    old = {f"{number}-{'long-' * 40}/index.html": page for number in range(1500)}
    with small_site({"index.html": "<p>"} | old) as site:
        for path in (min(old), max(old)):
            found, _body = ask(site, "/" + path)
            assert (found.status, found.headers["Location"]) == (301, "/")


@pytest.mark.parametrize(
    ("is_old", "listening"),
    [
        (True, ["listen 443 ssl http2;", "listen [::]:443 ssl http2;"]),
        (False, ["listen 443 ssl;", "listen [::]:443 ssl;", "http2 on;"]),
    ],
)
def test_http2_is_written_as_each_nginx_reads_it_on_ipv4_and_ipv6(is_old, listening):
    pair = (Path("/chain.pem"), Path("/key.pem"))
    listener = nginx.Listener("443", ("example.org",), pair, is_old)
    text = nginx.configuration(NOTHING, Path("/srv"), listener)
    lines = [line.strip() for line in text.splitlines()]
    assert [line for line in lines if re.match(r"listen .*443|http2 ", line)] == listening
    assert {"listen 80;", "listen [::]:80;"} <= set(lines)


def test_browsers_speak_http2_with_it(site_address, certificate):
    context = certificate.client()
    context.set_alpn_protocols(["h2", "http/1.1"])
    parts = urlsplit(site_address)
    with (
        socket.create_connection((parts.hostname, parts.port)) as plain,
        context.wrap_socket(plain, server_hostname=parts.hostname) as secure,
    ):
        assert secure.selected_alpn_protocol() == "h2"


@pytest.mark.parametrize("name", ["two words", "a;b", 'a"b', "a{b", "$host"])
def test_a_name_that_nginx_would_misread_is_refused(name):
    with pytest.raises(ProblemError, match="special character"):
        nginx.configuration(NOTHING, Path("/srv"), nginx.Listener("80", (name,)))
