"""Who is not the page in the owner's browser changes nothing and reads nothing.

docs/architecture.md has the table of these attacks, by the names of the tests.
"""

import contextlib
import http.client
import io
import json
import re
import socket
import stat
import struct
import zlib
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image

from engine.web import guard, uploads
from engine.web.safe_files import digest_of
from engine.web.static_files import PAGE_FOLDER
from tests import sites
from tests.sites import article
from tests.web.conftest import TEXTS, start, stop

pytestmark = pytest.mark.slow
A = "articles/a.md"
# What a request of each kind would do, were it answered.
WRITES = [
    ("save", {"source": A, "text": "x", "digest": "x", "whole": "Stolen"}),
    ("new", {"kind": "article", "title": "Stolen"}),
    ("delete", {"source": A, "to": ""}),
    ("publication/prepare", {}),
]
READS = ["site", "texts", f"text?source={A}", "file?source=images/p.png", "events", "task"]


def snapshot(page) -> dict[str, bytes]:
    """Every file of the content folder."""
    paths = (path for path in page.content.rglob("*") if path.is_file())
    return {str(path): path.read_bytes() for path in paths}


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "localhost:{port}", "127.0.0.1", "", "[::1]:{port}"],
)
def test_rebinding_another_name_than_the_address_itself_is_refused(shared_page, host):
    named = host.format(port=shared_page.port)
    for path in ("/", "/page/main.js", "/api/texts"):
        answer = shared_page.ask("GET", path, Host=named)
        assert answer.status == 403, path
        assert "texts" not in answer.json
    body = json.dumps(WRITES[1][1]).encode()
    answer = shared_page.ask("POST", "/api/new", body, Content_Type="application/json", Host=named)
    assert answer.status == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", None])
def test_cross_site_another_origin_writes_nothing_even_with_the_token(shared_page, origin):
    before = snapshot(shared_page)
    for name, request in WRITES:
        answer = shared_page.ask(
            *("POST", f"/api/{name}", json.dumps(request).encode()),
            Content_Type="application/json",
            Origin=origin,
        )
        assert answer.status == 403, name
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert snapshot(shared_page) == before


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_cross_site_what_a_browser_says_of_another_page_is_heard(shared_page, site):
    answer = shared_page.ask("GET", "/api/texts", Sec_Fetch_Site=site)
    assert answer.status == 403


@pytest.mark.parametrize(
    "type_",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json, text/plain",
        "text/plain; application/json",
        None,
    ],
)
def test_cross_site_a_form_cannot_send_what_is_taken(shared_page, type_):
    before = snapshot(shared_page)
    for name, request in WRITES:
        body = json.dumps(request).encode()
        answer = shared_page.ask("POST", f"/api/{name}", body, Content_Type=type_)
        assert answer.status == 415, name
    answer = shared_page.ask("POST", "/api/upload?name=a.txt", b"a", Content_Type=type_)
    assert answer.status == 415
    assert snapshot(shared_page) == before


def test_cross_site_a_preflight_request_is_refused(shared_page):
    answer = shared_page.ask(
        *("OPTIONS", "/api/save"),
        Origin="http://evil.example",
        Access_Control_Request_Method="POST",
        Access_Control_Request_Headers="authorization,content-type",
    )
    assert answer.status == 405
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    answer = shared_page.ask("OPTIONS", "/api/save")
    assert answer.status == 405
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "TRACE", "CONNECT"])
def test_no_other_method_does_anything(shared_page, method):
    assert shared_page.ask(method, "/api/texts").status == 405


@pytest.mark.parametrize(
    "given", [None, "", "Bearer ", "Bearer x", "Basic {token}", "{token}", "Bearer {token}x"]
)
def test_without_the_token_nothing_is_read_or_written(shared_page, given):
    before = snapshot(shared_page)
    token = given and given.format(token=shared_page.token)
    for name in READS:
        answer = shared_page.ask("GET", f"/api/{name}", Authorization=token)
        assert answer.status == 401, name
        assert set(answer.json) == {"error", "faults"}
    for name, request in WRITES:
        answer = shared_page.ask(
            *("POST", f"/api/{name}", json.dumps(request).encode()),
            Content_Type="application/json",
            Authorization=token,
        )
        assert answer.status == 401, name
    assert snapshot(shared_page) == before


def test_a_cookie_or_an_address_gives_no_right(shared_page):
    answer = shared_page.ask(
        *("GET", f"/api/texts?token={shared_page.token}"),
        Authorization=None,
        Cookie=f"token={shared_page.token}",
    )
    assert answer.status == 401
    assert "Set-Cookie" not in answer.headers


def test_another_account_of_the_machine_reads_neither_the_token_nor_what_is_kept(shared_page):
    beside = shared_page.content.parent
    shared_page.edit("draft", shared_page.read(A), body="Secret.\n")
    led = beside / "writing-page/page.html"
    assert shared_page.token in led.read_text()
    assert stat.S_IMODE(led.stat().st_mode) == 0o600
    assert stat.S_IMODE(led.parent.stat().st_mode) == 0o700
    state = beside / ".writing"
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    kept = [path for path in state.rglob("*") if path.is_file() and path.name != "lock"]
    assert kept
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
    shared_page.post("draft/discard", source=A)


def test_another_account_of_the_machine_reads_no_page_of_the_preview(page):
    shown = page.edit("draft", page.read("articles/b.md"), body="Un secret.\n")["preview"]
    port, secret, path = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/([\w-]{43})(/.*)", shown).groups()

    def ask(path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=60)
        connection.request("GET", path)
        answer = connection.getresponse()
        found = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer.status, found

    guesses = ["", "/", "/x", f"/{secret[:-1]}", f"/{secret}x", f"/{secret.swapcase()}", "/é"]
    for guess in guesses:
        for asked in (path, "/", "/none/", "/theme/favicon.svg"):
            status, found = ask(quote(guess) + asked)
            assert status == 403, guess
            assert "secret" not in found.lower()
            assert "Seconde" not in found
    status, html = ask(f"/{secret}{path}")
    assert status == 200
    assert "Un secret." in html
    linked = re.findall(r'(?:href|src)="(/[^"#]*)"', html)
    assert len(linked) > 5
    assert {ask(address)[0] for address in linked} == {200}
    # Who has no token is told the port alone.
    for asked in ("/", "/page/main.js", "/api/site"):
        answer = page.ask("GET", asked, Authorization=None)
        assert secret.encode() not in answer.data + str(answer.headers).encode()


def test_no_command_line_holds_the_token(shared_page):
    listed = b""
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it has ended
            listed += process.read_bytes()
    assert b"engine.web.writing_page" in listed
    assert shared_page.token.encode() not in listed


@pytest.mark.parametrize(
    "source",
    [
        "../secret.md",
        "articles/../../secret.md",
        "/etc/passwd",
        "articles/.a.md",
        "articles/%2e%2e/x.md",
        "articles\\..\\..\\secret.md",
        "articles//a.md",
        "articles/a.md/",
        "articles/a.md\0.md",
        "articles/con.md",
        "articles/a\u202e.md",
        "",
        ".",
        "silences.yml",
        "known_hosts",
    ],
)
def test_traversal_no_path_leads_out_of_the_texts(shared_page, source):
    before = snapshot(shared_page)
    assert shared_page.get("text", source=source).status in (403, 404)
    request = {"source": source, "text": "", "digest": digest_of(b""), "whole": "Stolen"}
    for name in ("save", "draft"):
        assert shared_page.post(name, **request).status in (403, 404, 409)
    for name in ("hide", "delete", "show", "translate", "accept"):
        assert shared_page.post(name, source=source, to="").status in (400, 403, 404), name
    assert snapshot(shared_page) == before
    assert not (shared_page.content.parent / "secret.md").exists()


@pytest.mark.parametrize(
    "source", ["../secret", "images/../../secret", "articles/a.md", "site.yml", "images/", "images"]
)
def test_traversal_no_picture_leads_out_of_its_folder(shared_page, source):
    assert shared_page.get("file", source=source).status in (403, 404)


@pytest.mark.parametrize("name", ["..", "../../.deleted", "x/../..", "", "."])
def test_traversal_nothing_is_brought_back_from_elsewhere(shared_page, name):
    assert shared_page.post("undelete", id=name).status == 404
    assert shared_page.get("version", source=A, id=f"../{name}").status == 404


@pytest.mark.parametrize(
    "path", ["/page/../server.py", "/page/%2e%2e/server.py", "/../../etc/passwd"]
)
def test_traversal_the_page_is_made_of_its_own_files_alone(shared_page, path):
    assert shared_page.ask("GET", path, Authorization=None).status == 404


def test_a_link_in_the_place_of_a_folder_or_a_file_is_not_followed(page, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.md").write_text(article("Secret"), "utf-8")
    read = page.read(A)
    folder = page.content / "articles"
    folder.rename(tmp_path / "moved")
    folder.symlink_to(outside)
    for answer in (page.get("text", source=A), page.edit("save", read, whole="Stolen")):
        assert answer.status == 403
        assert b"Secret" not in answer.data
    assert (outside / "a.md").read_text("utf-8") == article("Secret")
    folder.unlink()
    (tmp_path / "moved").rename(folder)
    (folder / "a.md").unlink()
    (folder / "a.md").symlink_to(outside / "a.md")
    assert page.get("text", source=A).status in (403, 404)
    assert page.edit("save", read, whole="Stolen").status in (403, 404, 409)
    assert (outside / "a.md").read_text("utf-8") == article("Secret")
    (page.content / "images").symlink_to(outside)
    assert page.upload("p.png", picture()).status == 403
    assert sorted(path.name for path in outside.iterdir()) == ["a.md"]


def test_a_content_folder_that_is_a_link_is_written_through(tmp_path):
    real = sites.write(tmp_path / "disk/texts", TEXTS)
    (tmp_path / "content").symlink_to(real)
    page = start(tmp_path / "content")
    try:
        assert page.save(A, body="Neuf.\n").status == 200
        assert "Neuf." in (real / A).read_text("utf-8")
        assert page.post("new", kind="article", title="Un autre").status == 200
    finally:
        stop(page)


def picture(size=(8, 8), kind="PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "red").save(file, kind)
    return file.getvalue()


def bomb(side: int) -> bytes:
    """A small PNG that says that it has that many pixels a side."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress(bytes(100_000)))
    return b"\x89PNG\r\n\x1a\n" + head + rows + chunk(b"IEND", b"")


LAUGHS = (
    b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'ha'>"
    + b"".join(
        b"<!ENTITY %c '&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;'>" % (c, *[c - 1] * 8)
        for c in range(98, 110)
    )
    + b"]><svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><title>&m;</title></svg>"
)
SCRIPT = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><script>1</script></svg>"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("bomb.png", bomb(60_000)),
        ("laughs.svg", LAUGHS),
        ("script.svg", SCRIPT),
        ("script.png", SCRIPT),
        ("page.html", b"<script>1</script>"),
        ("page.pdf", b"<!doctype html><script>1</script>"),
        ("photo.jpg", b"<?php system('id'); ?>"),
        ("program", b"\x7fELF\x02\x01\x01"),
        ("program.txt", b"MZ\x90\0\x03"),
        ("empty.png", b""),
        ("cut.png", picture()[:20]),
        ("a.js", b"alert(1)"),
    ],
)
def test_bomb_a_file_that_is_no_picture_and_no_document_is_refused(shared_page, name, data):
    before = snapshot(shared_page)
    answer = shared_page.upload(name, data)
    assert answer.status == 422
    assert answer.json["error"]
    assert snapshot(shared_page) == before


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../Été à Paris.PNG", "images/ete-a-paris.png"),
        ("..\\..\\x.png", "images/x.png"),
        (".htaccess", "images/htaccess.png"),
        ("CON.png", "images/image-con.png"),
        ("a\u202egpj.png", "images/agpj.png"),
        ("E\u0301te\u0301.png", "images/ete.png"),
        ("photo.php", "images/photo.png"),
        ("photo.svg", "images/photo.png"),
        ("\0\n.png", "images/image.png"),
        ("x" * 300 + ".png", "images/" + "x" * 80 + ".png"),
    ],
)
def test_a_name_that_would_mislead_becomes_a_plain_one(shared_page, name, expected):
    answer = shared_page.upload(name, picture())
    assert answer["source"] == expected
    assert (shared_page.content / expected).read_bytes() == picture()
    (shared_page.content / expected).unlink()
    is_odd = any(sign in name for sign in "\u202e\0\u0301")
    assert bool(answer["told"]) == is_odd


def test_a_name_that_differs_by_case_alone_replaces_nothing(page):
    sites.write(page.content, {"images/Photo.PNG": picture((9, 9))})
    assert page.upload("photo.png", picture())["source"] == "images/photo-2.png"
    again = page.upload("photo.png", picture())
    assert again["source"] == "images/photo-2.png"
    assert again["existed"]
    assert (page.content / "images/Photo.PNG").read_bytes() == picture((9, 9))


def test_what_was_brought_in_is_sent_as_bytes_that_nothing_runs(page):
    page.upload("p.png", picture())
    answer = page.get("file", source="images/p.png")
    assert answer.data == picture()
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_oversized_a_body_is_refused_before_it_is_read(shared_page):
    for name, type_, limit in (
        ("save", guard.JSON_TYPE, guard.MAX_JSON),
        ("upload?name=a.png", guard.BYTES_TYPE, uploads.MAX_BYTES),
    ):
        for length, status in ((str(limit + 1), 413), ("9" * 30, 400), ("-1", 400), ("1e3", 400)):
            answer = shared_page.ask(
                "POST", f"/api/{name}", b"{}", Content_Type=type_, Content_Length=length
            )
            assert answer.status == status, (name, length)
            assert answer.headers["Connection"] == "close"
    deep = b'{"source":' + b"[" * 100_000
    answer = shared_page.ask("POST", "/api/save", deep, Content_Type=guard.JSON_TYPE)
    assert answer.status == 400


def raw(page, request: str) -> bytes:
    """What the server answers to bytes that no browser would send."""
    with socket.create_connection(("127.0.0.1", page.port), timeout=60) as connection:
        connection.sendall(request.encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize(
    "lengths",
    [
        "Content-Length: 2\r\nContent-Length: 80\r\n",
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Content-Length: 2, 80\r\n",
        "Content-Length: +2\r\n",
        "",
    ],
)
def test_smuggling_a_length_told_in_two_ways_ends_the_connection(shared_page, lengths):
    hidden = f"GET /api/texts HTTP/1.1\r\nHost: 127.0.0.1:{shared_page.port}\r\n"
    hidden += f"Authorization: Bearer {shared_page.token}\r\n\r\n"
    answer = raw(
        shared_page,
        f"POST /api/new HTTP/1.1\r\nHost: 127.0.0.1:{shared_page.port}\r\n"
        f"Origin: {shared_page.origin}\r\nAuthorization: Bearer {shared_page.token}\r\n"
        f"Content-Type: application/json\r\n{lengths}\r\n{{}}{hidden}",
    )
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 411"))
    assert answer.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize("twice", ["Host", "Origin", "Authorization"])
def test_smuggling_a_header_that_is_there_twice_is_refused(shared_page, twice):
    values = {
        "Host": f"127.0.0.1:{shared_page.port}",
        "Origin": shared_page.origin,
        "Authorization": f"Bearer {shared_page.token}",
        "Connection": "close",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in values.items())
    request = f"GET /api/texts HTTP/1.1\r\n{lines}{twice}: {values[twice]}\r\n\r\n"
    assert raw(shared_page, request).startswith((b"HTTP/1.1 403", b"HTTP/1.1 401"))


def test_framing_no_page_may_show_the_writing_page(shared_page):
    for path in ("/", "/page/main.js", "/api/texts"):
        headers = shared_page.ask("GET", path).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


HOSTILE = """\
<p onclick="alert(1)">Un</p>

<script>fetch("/api/new")</script>

<iframe src="http://127.0.0.1:{port}/"></iframe>
"""


def test_a_text_that_tries_to_write_has_no_script_no_origin_and_no_token(page):
    read = page.read(A)
    refused = page.edit("draft", read, body=HOSTILE.format(port=page.port))
    assert refused["preview"] == ""
    assert {"html"} <= {each["rule"] for each in refused["findings"]}
    shown = page.edit("draft", read, body="Un texte.\n")["preview"]
    port, path = re.fullmatch(r"http://127\.0\.0\.1:(\d+)(/.*)", shown).groups()
    assert int(port) != page.port
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    html = answer.read().decode()
    connection.close()
    header = answer.headers["Content-Security-Policy"]
    assert f"frame-ancestors {page.origin};" in header
    assert "sandbox allow-scripts;" in header
    assert "allow-same-origin" not in header
    assert page.token not in html + str(answer.headers)
    (policy,) = re.findall('<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)
    (nonce,) = re.findall("script-src 'nonce-([^']{22,})';", policy)
    scripts = [tag for tag in re.findall("<script[^>]*>", html) if "ld+json" not in tag]
    assert scripts == [f'<script nonce="{nonce}">']
    assert "connect-src" not in policy
    assert policy.startswith("default-src 'none';")
    # Were a script to run there, its requests would bear no token, and the wrong origin.
    assert page.ask("GET", "/api/texts", Origin="null", Authorization=None).status == 403
    assert page.ask("GET", "/api/texts", Origin=f"http://127.0.0.1:{port}").status == 403


def test_an_invalid_address_is_answered_by_both_servers(page):
    shown = page.edit("draft", page.read(A), body="Un texte.\n")["preview"]
    port, base = re.fullmatch(r"http://127\.0\.0\.1:(\d+)(/[^/]+)/.*", shown).groups()
    assert page.ask("GET", "http://[/", Host=f"127.0.0.1:{page.port}").status == 404
    for path in ("//[/", "/%00/", "/%00.css"):
        connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=60)
        connection.request("GET", base + path)
        assert connection.getresponse().status == 400, path
        connection.close()


def test_the_frame_of_a_text_has_no_other_right_in_the_page():
    scripts = "".join(path.read_text("utf-8") for path in PAGE_FOLDER.glob("*.*"))
    assert set(re.findall(r"allow-[\w-]+", scripts)) == {"allow-scripts"}


def test_the_preview_answers_to_its_own_address_alone(page):
    shown = page.edit("draft", page.read(A), body="Un texte.\n")["preview"]
    port = int(shown.split(":")[2].partition("/")[0])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.putrequest("GET", "/", skip_host=True)
    connection.putheader("Host", "evil.example")
    connection.endheaders()
    assert connection.getresponse().status == 421
    connection.close()
