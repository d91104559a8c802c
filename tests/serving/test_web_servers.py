"""The same questions to each web server, of one site built with redirections."""

import gzip
import http.client
import json
import shutil
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

import brotli
import pytest

from engine.pages import compression
from engine.pages.built_site import BuiltSite
from engine.serving import response_headers, server_files
from tests import sites, web_server

SERVERS = {
    "nginx": web_server.served,
    "apache": web_server.served_by_apache,
    "caddy": web_server.served_by_caddy,
}
PARTS = {"nginx": web_server.NEEDS, "apache": ("apache", "openssl"), "caddy": ("caddy", "openssl")}
# What Debian's nginx has no module for.
ENCODINGS = {
    "nginx": ("br", "gzip"),
    "apache": ("br", "zstd", "gzip"),
    "caddy": ("br", "zstd", "gzip"),
}
DECODERS = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "zstd": compression.zstd.decompress,
    None: bytes,
}
TEXTS = {
    "themes.yml": "ville: town\n",
    "articles/a.md": sites.article(
        "Première", tags="[ville]", aliases="[/2012/premiere.html, /vieux/été/, /Ancien/Nom]"
    ),
    "articles/a.en.md": sites.header(title="First", aliases="/en/old-first/") + "A text.\n",
    "pages/projects/p.md": sites.project(),
    "pages/projects/p.en.md": sites.header(title="A project") + "A text.\n",
    "images/photo.jpg": sites.photo(),
    "site.yml": sites.settings(email="odile@marchenoir.example"),
    "pages/contact.md": sites.header(title="Contact", template="contact")
    + "![Une cour pleine de monde](/images/photo.jpg)\n",
}


@dataclass(frozen=True)
class Served:
    """A site as one server answers for it."""

    server: str
    address: str
    site: sites.Site
    client: object

    def ask(self, path: str, method: str = "GET", **headers: str):
        """Ask once, over HTTP/1.1; the response and its body."""
        connection = http.client.HTTPSConnection(urlsplit(self.address).netloc, context=self.client)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response, body


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The built site, with its copies and the files for servers."""
    folder = tmp_path_factory.mktemp("redirecting")
    built = sites.build(sites.write(folder / "content", TEXTS), folder / "site")
    assert built.code == 0, built.complaints
    # What no build makes, and a hand on the server may leave there.
    sites.write(
        built.site.folder, {".git/config": "[core]", ".well-known/security.txt": "Contact:"}
    )
    site = BuiltSite(built.site.folder)
    compression.compress(site)
    server_files.write_server_files(site)
    return built.site


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=pytest.mark.needs(*PARTS[name])) for name in SERVERS],
)
def served(request, site, certificate, tmp_path_factory):
    """The site served by each server in turn."""
    folder = tmp_path_factory.mktemp(request.param)
    with SERVERS[request.param](site.folder, folder, certificate) as address:
        yield Served(request.param, address, site, certificate.client())


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/en/", "text/html; charset=utf-8"),
        ("/flux.xml", "application/xml; charset=utf-8"),
        ("/en/feed.xml", "application/xml; charset=utf-8"),
        ("/themes/ville/flux.xml", "application/xml; charset=utf-8"),
        ("/en/topics/town/feed.xml", "application/xml; charset=utf-8"),
        ("/theme/feed.css", "text/css; charset=utf-8"),
        ("/sitemap.xml", "application/xml; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/version.txt", "text/plain; charset=utf-8"),
        ("/theme/favicon.svg", "image/svg+xml; charset=utf-8"),
        ("/contact.vcf", "text/vcard; charset=utf-8"),
    ],
)
@pytest.mark.parametrize("encoding", ["br", "gzip", None])
def test_each_file_has_its_type_however_it_is_sent(served, path, kind, encoding):
    response, _body = served.ask(path, Accept_Encoding=encoding or "identity")
    assert (response.status, response.headers.get_all("Content-Type")) == (200, [kind])


def test_other_sites_may_keep_and_show_a_share_card(served):
    (card,) = served.site.folder.glob("images/premiere-*.png")
    response, body = served.ask(f"/images/{card.name}", Accept_Encoding="br, gzip, zstd")
    told = {name: response.headers[name] for name in ("Content-Type", "Cache-Control")}
    assert told == {"Content-Type": "image/png", "Cache-Control": response_headers.IMMUTABLE}
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert (response.headers["Content-Encoding"], body) == (None, card.read_bytes())


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip", None])
def test_what_is_sent_compressed_is_the_file(served, encoding):
    expected = encoding if encoding in (*ENCODINGS[served.server], None) else None
    files = ("/flux.xml", "/sitemap.xml", "/theme/favicon.svg")
    for path in ("/", "/en/", "/actualites/premiere/", *files):
        response, body = served.ask(path, Accept_Encoding=encoding or "identity")
        assert response.status == 200, path
        assert response.headers["Content-Encoding"] == expected, path
        assert response.headers.get_all("Vary") == ["Accept-Encoding"], path
        assert DECODERS[expected](body).decode() == served.site.text(path), path


def test_a_browser_is_sent_brotli(served):
    response, _body = served.ask("/", Accept_Encoding="gzip, deflate, br, zstd")
    assert response.headers["Content-Encoding"] == "br"
    response, _body = served.ask("/", Accept_Encoding="br;q=0, gzip")
    assert response.headers["Content-Encoding"] == "gzip"


def test_every_page_is_sent_with_the_one_policy_of_pages_and_the_search_with_its_own(served):
    policies = {
        address: response_headers.html_policy(https=True, searches=True)
        for address in ("/recherche/", "/en/search/")
    }
    policy = response_headers.html_policy(https=True)
    assert set(policies) <= set(served.site.addresses)
    pages = [a for a in served.site.addresses if not a.endswith("404.html")]
    for address in pages:
        response, _body = served.ask(quote(address), Accept_Encoding="br")
        if response.status != 301:
            expected = [policies.get(address, policy)]
            assert response.headers.get_all("Content-Security-Policy") == expected, address


def test_what_is_no_page_keeps_its_own_policy(served):
    for path, policy in {
        "/theme/favicon.svg": response_headers.DRAWING_POLICY,
        "/flux.xml": response_headers.FEED_POLICY,
        "/themes/ville/flux.xml": response_headers.FEED_POLICY,
        "/robots.txt": response_headers.FILE_POLICY,
    }.items():
        response, _body = served.ask(path, Accept_Encoding="br")
        assert response.headers.get_all("Content-Security-Policy") == [policy], path


@pytest.mark.parametrize(
    "path",
    ["/", "/en/", "/rien", "/en/no", "/flux.xml", "/projets", "/robots.txt", "/2012/premiere.html"],
)
def test_every_answer_has_the_headers_that_protect(served, path):
    response, _body = served.ask(path)
    fixed = response_headers.security(https=True, mining="1")
    assert {name: response.headers.get_all(name) for name in fixed} == {
        name: [value] for name, value in fixed.items()
    }
    policies = response.headers.get_all("Content-Security-Policy")
    assert len(policies) == 1
    assert policies[0].startswith("default-src 'none'; ")
    assert "unsafe" not in policies[0].replace("style-src 'unsafe-inline'", "")
    assert response.headers.get_all("Cross-Origin-Resource-Policy") == ["same-origin"]


def test_what_bears_a_digest_is_kept_and_all_else_asked_for_anew(served):
    files = [p.relative_to(served.site.folder).as_posix() for p in served.site.folder.rglob("*-*")]
    kept = [f"/{path}" for path in files if path.endswith((".woff2", ".avif", ".webp", ".jpg"))]
    assert {path.rpartition(".")[2] for path in kept} == {"woff2", "avif", "webp", "jpg"}
    for path in kept:
        response, _body = served.ask(path)
        assert response.headers.get_all("Cache-Control") == [response_headers.IMMUTABLE], path
        sharing = "cross-origin" if path.startswith("/images/") else "same-origin"
        assert response.headers.get_all("Cross-Origin-Resource-Policy") == [sharing], path
        assert not path.endswith(".avif") or response.headers["Content-Type"] == "image/avif"
        gone, _body = served.ask(path.replace("-", "-f", 1))
        assert (gone.status, gone.headers.get_all("Cache-Control")) == (404, ["no-cache"])
        assert gone.headers["Content-Type"] == "text/html; charset=utf-8"
    for path in ("/", "/flux.xml", "/version.txt", "/theme/favicon.svg"):
        assert served.ask(path)[0].headers.get_all("Cache-Control") == ["no-cache"], path


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
def test_a_file_that_is_known_costs_no_body(served, encoding):
    for path in ("/", "/en/", "/flux.xml", "/theme/favicon.svg"):
        first, _body = served.ask(path, Accept_Encoding=encoding)
        known = {"If_None_Match": first.headers["ETag"]}
        again, body = served.ask(path, Accept_Encoding=encoding, **known)
        assert (again.status, body) == (304, b""), path
        policies = [each.headers.get_all("Content-Security-Policy") for each in (first, again)]
        assert policies[0] == policies[1], path


@pytest.mark.parametrize(
    ("path", "lang"),
    [
        ("/rien", "fr"),
        ("/rien/du/tout/", "fr"),
        ("/404.html", "fr"),
        ("/theme/", "fr"),
        ("/actualites/index.xml", "fr"),
        ("/en/nothing", "en"),
        ("/en/projects/nothing/", "en"),
        ("/en/404.html", "en"),
    ],
)
@pytest.mark.parametrize("encoding", ["br", "identity"])
def test_what_is_not_found_is_told_in_the_language_of_the_address(served, path, lang, encoding):
    response, body = served.ask(path, Accept_Encoding=encoding)
    page = served.site.text("/404.html" if lang == "fr" else "/en/404.html")
    assert response.status == 404
    assert DECODERS[response.headers["Content-Encoding"]](body).decode() == page
    assert response.headers.get_all("Cache-Control") == ["no-cache"]
    policy = response_headers.html_policy(https=True)
    assert response.headers.get_all("Content-Security-Policy") == [policy]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/2012/premiere.html", "/actualites/premiere/"),
        ("/vieux/%C3%A9t%C3%A9/", "/actualites/premiere/"),
        ("/vieux/%C3%A9t%C3%A9", "/actualites/premiere/"),
        ("/Ancien/Nom", "/actualites/premiere/"),
        ("/Ancien/Nom/", "/actualites/premiere/"),
        ("/Ancien/Nom/index.html", "/actualites/premiere/"),
        ("/en/old-first/", "/en/news/first/"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_old_address_leads_for_good_to_the_new_one(served, old, new, method):
    response, _body = served.ask(old, method)
    assert response.status in (301, 308)
    assert urljoin(served.address + old, response.headers["Location"]) == served.address + new


def test_a_folder_without_its_slash_leads_to_it(served):
    response, _body = served.ask("/en/projects")
    assert response.status in (301, 308)
    there = urljoin(f"{served.address}/en/projects", response.headers["Location"])
    assert there == f"{served.address}/en/projects/"


@pytest.mark.parametrize(
    "path",
    [
        "/index.html.br",
        "/index.html.gz",
        "/en/index.html.zst",
        "/flux.xml.br",
        "/flux.xml%2ebr",
        "/.htaccess",
        "/.git/config",
        "/_headers",
        "/_redirects",
    ],
)
def test_what_is_not_for_visitors_is_not_sent(served, path):
    response, body = served.ask(path, Accept_Encoding="identity")
    assert response.status in (403, 404)
    assert body.decode() in (served.site.text("/404.html"), served.site.text("/en/404.html"))


def test_what_standards_look_for_is_sent(served):
    response, body = served.ask("/.well-known/security.txt")
    assert (response.status, body) == (200, b"Contact:")
    response, body = served.ask("/.well-known/tdmrep.json", Accept_Encoding="identity")
    assert response.headers.get_all("Content-Type") == ["application/json; charset=utf-8"]
    assert json.loads(body) == [{"location": "/", "tdm-reservation": 1}]


def test_a_head_is_the_same_without_a_body(served):
    for path in ("/", "/en/", "/flux.xml", "/rien"):
        known = {}
        for method in ("GET", "HEAD"):
            response, body = served.ask(path, method, Accept_Encoding="br")
            assert body == b"" or method == "GET"
            # A server need not know how long the body would be (RFC 9110, 9.3.2).
            varying = ("Date", "Connection", "Keep-Alive", "Transfer-Encoding", "Content-Length")
            known[method] = {k: v for k, v in response.getheaders() if k not in varying}
            known[method]["status"] = response.status
        assert known["HEAD"] == known["GET"], path


def test_a_server_does_not_tell_its_version(served):
    server = served.ask("/")[0].headers["Server"] or ""
    # Apache tells what its main configuration says, which no .htaccess can change.
    assert server == {"nginx": "nginx", "caddy": "", "apache": "Apache"}[served.server]


@pytest.mark.needs("apache", "openssl")
@pytest.mark.parametrize(
    ("base", "release"),
    [("", ".sites/1/site/"), ("/blog", ""), ("/blog", ".sites/1/site/")],
    ids=["rewritten", "below a path", "rewritten below a path"],
)
def test_apache_answers_alike_below_a_path_and_from_a_folder_that_the_root_rewrites_to(
    certificate, tmp_path, base, release
):
    """As on shared hosting, where each publication is a folder of its own."""
    content = sites.write(tmp_path / "content", TEXTS)
    built = sites.build(content, tmp_path / "site", SITE_URL=f"https://x.example{base}")
    assert built.code == 0, built.complaints
    site = BuiltSite(built.site.folder)
    compression.compress(site)
    server_files.write_server_files(site)
    www, folder = tmp_path / "www", tmp_path / "apache"
    root = www / base.lstrip("/")
    shutil.copytree(built.site.folder, root / release)
    if release:
        rule = f"RewriteEngine On\nRewriteRule ^(?!\\.sites/)(.*)$ {release}$1 [L]\n"
        sites.write(root, {".htaccess": rule})
    folder.mkdir()
    with web_server.served_by_apache(www, folder, certificate) as address:
        served = Served("apache", address, built.site, certificate.client())
        for path in ("/", "/en/", "/actualites/premiere/", "/flux.xml"):
            response, body = served.ask(f"{base}{path}", Accept_Encoding="br")
            assert (response.status, response.headers["Content-Encoding"]) == (200, "br")
            assert brotli.decompress(body).decode() == built.site.text(path)
            if path.endswith("/"):
                policy = response_headers.html_policy(https=True)
                assert response.headers["Content-Security-Policy"] == policy
        for path, page in (("/rien", "/404.html"), ("/en/no/", "/en/404.html")):
            response, body = served.ask(f"{base}{path}", Accept_Encoding="identity")
            assert (response.status, body.decode()) == (404, built.site.text(page))
        for path, there in (
            ("/en/projects", "/en/projects/"),
            ("/Ancien/Nom", "/actualites/premiere/"),
        ):
            response, _body = served.ask(f"{base}{path}")
            assert response.status == 301
            assert urljoin(address, response.headers["Location"]) == f"{address}{base}{there}"
        assert served.ask(f"{base}/index.html.br")[0].status == 404
