"""The preview as a writer meets it: save, look, make a mistake, fix it."""

import http.client
import json
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from ipaddress import ip_address
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from engine.preview import server as preview
from engine.preview.watching import is_source
from engine.preview.worker_client import WorkerClient
from tests import sites
from tests.conftest import wait_for
from tests.sites import ROOT, article, write


def get(address: str) -> str:
    with urlopen(address) as answer:
        return answer.read().decode()


def test_a_writers_session(served):
    content, address, said = served
    news = f"{address}actualites/premiere/"
    assert "Première" in get(news)
    events = open_events(address)
    assert next_event(events) == {"build": 1, "fault": ""}

    (content / "articles" / "b.md").write_text(article("Seconde"), "utf-8")
    assert next_event(events)["build"] == 2
    assert "Seconde" in get(f"{address}actualites/seconde/")

    (content / "articles" / "b.md").write_text(article("Seconde", "demain"), "utf-8")
    state = next_event(events)
    assert state["build"] == 2
    assert "articles/b.md:3: date: “demain” is not a date" in state["fault"]
    assert any("articles/b.md:3: date:" in line for line in said)
    assert "Seconde" in get(f"{address}actualites/seconde/"), "the last good site stays"

    (content / "articles" / "b.md").write_text(article("Seconde bis"), "utf-8")
    assert next_event(events) == {"build": 3, "fault": ""}
    (content / "articles" / "b.md").unlink()
    assert next_event(events)["build"] == 4
    with pytest.raises(Exception, match="404"):
        get(f"{address}actualites/seconde-bis/")
    events.close()


def test_a_text_saved_during_the_first_build_is_built_too(tmp_path, monkeypatch):
    content = write(tmp_path / "content", {"articles/a.md": article("Première")})
    monkeypatch.setenv("SITE_CONTENT", str(content))
    said, stop = [], threading.Event()

    def say(line):
        if not said:
            (content / "articles/b.md").write_text(article("Seconde"), "utf-8")
        said.append(line)

    thread = threading.Thread(target=preview.serve, kwargs={"say": say, "stop": stop}, daemon=True)
    thread.start()
    try:
        wait_for(lambda: said.count("built") == 2)
    finally:
        stop.set()
        thread.join(60)


def test_an_unknown_address_shows_the_page_of_its_language(served):
    _content, address, _said = served
    connection = http.client.HTTPConnection(address.split("/")[2])
    for path in ("/nowhere/", "/nowhere", "/images/none.jpg", "/../../etc/passwd"):
        connection.request("GET", path)
        answer = connection.getresponse()
        text = answer.read().decode()
        assert (answer.status, "root:" in text) == (404, False), path
        assert "<h1" in text
    connection.close()


def test_the_preview_is_for_this_machine_only(tmp_path):
    server = preview.open_server(tmp_path, preview.State(), worker=None, first_port=0)
    server.server_close()
    assert ip_address(server.server_address[0]).is_loopback


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("127.0.0.1:{port}", 200),
        ("localhost:{port}", 200),
        ("LOCALHOST", 200),
        ("[::1]:{port}", 200),
        ("evil.example", 421),
        ("evil.example:{port}", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example:{port}", 421),
        ("evil.example/127.0.0.1", 421),
        ("", 421),
        (None, 421),
    ],
)
def test_the_preview_answers_to_the_names_of_this_machine_alone(served_at_once, host, status):
    port = served_at_once
    for path in ("/", "/index.html", preview.EVENTS, preview.FINDINGS, "/a.svg"):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.putrequest("GET", path, skip_host=True)
        if host is not None:
            connection.putheader("Host", host.format(port=port))
        connection.endheaders()
        answer = connection.getresponse()
        assert answer.status == status, path
        if status != 200:
            assert b"Secret" not in answer.read()
        connection.close()


@pytest.mark.parametrize("path", ["/", "/none/", "/none", "/none.svg", "/a.svg", "/index.html"])
def test_a_head_is_a_get_without_its_body(served_at_once, path):
    known = {}
    for method in ("GET", "HEAD"):
        with socket.create_connection(("127.0.0.1", served_at_once), timeout=60) as connection:
            request = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            connection.sendall(request.encode())
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        head, _, body = answer.partition(b"\r\n\r\n")
        known[method] = [line for line in head.split(b"\r\n") if not line.startswith(b"Date")]
        assert bool(body) == (method == "GET")
    assert known["GET"] == known["HEAD"]


@pytest.mark.parametrize(
    ("status", "addresses"),
    [
        (b"400", ["/%00/", "/%00.svg", "/%00", "http://[/", "http://[/a.svg", "/%ED%A0%80.svg"]),
        (b"404", [f"/{'a' * 300}", f"/{'a' * 300}/", f"/{'a' * 300}.svg", "/caf%E9/"]),
        (b"200", [f"{preview.EVENTS}?page=%00/", f"{preview.FINDINGS}?source=%00"]),
    ],
)
def test_an_address_that_no_file_can_have_is_answered(served_at_once, capsys, status, addresses):
    for address in addresses:
        with socket.create_connection(("127.0.0.1", served_at_once), timeout=60) as connection:
            request = f"GET {address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            connection.sendall(request.encode())
            assert connection.makefile("rb").readline().split()[1:2] == [status], address
    assert capsys.readouterr().err == ""


def test_a_picture_that_is_not_there_does_not_replace_the_page_that_was_asked_for(tmp_path):
    state = preview.State()
    server = preview.open_server(tmp_path, state, worker=None, first_port=0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for path in ("actualites/", "favicon.ico"):
        with pytest.raises(HTTPError):
            get(f"http://{preview.HOST}:{server.server_port}/{path}")
    server.shutdown()
    server.server_close()
    assert state.shown() == ["actualites/index.html"]


@pytest.fixture
def served_at_once(tmp_path):
    """The port of a preview of one page, without a process that builds."""
    page = "<h1>Secret</h1>"
    site = sites.write(
        tmp_path, {"index.html": page, "404.html": page, "a.svg": "<svg>Secret</svg>"}
    )
    state = preview.State()
    state.report("", {})
    server = preview.open_server(site, state, worker=None, first_port=0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_saves_are_followed_after_the_content_folder_was_replaced(served, tmp_path):
    content, address, _said = served
    events = open_events(address)
    assert next_event(events)["build"] == 1
    new = tmp_path / "new"
    shutil.copytree(content, new)
    content.rename(tmp_path / "old")
    new.rename(content)
    assert next_event(events)["build"] == 2
    for number in (3, 4):
        (content / "articles" / "a.md").write_text(article(f"Titre {number}"), "utf-8")
        # The move itself may have asked for another build before.
        while f"Titre {number}" not in get(address):
            next_event(events)
    events.close()


def test_saves_are_followed_after_the_content_folder_was_away(served, tmp_path):
    content, address, _said = served
    events = open_events(address)
    assert next_event(events) == {"build": 1, "fault": ""}
    content.rename(tmp_path / "away")
    assert "there is no such folder" in next_event(events)["fault"]
    (tmp_path / "away").rename(content)
    assert next_event(events) == {"build": 2, "fault": ""}
    (content / "articles" / "a.md").write_text(article("Ensuite"), "utf-8")
    while "Ensuite" not in get(address):
        next_event(events)
    events.close()


def test_a_content_folder_that_is_a_link_builds_as_any_other(tmp_path):
    real = sites.write(tmp_path / "disk/texts", {"articles/a.md": article("A")})
    (tmp_path / "home").symlink_to(tmp_path / "disk")
    (tmp_path / "content").symlink_to(real)
    for content in (tmp_path / "content", tmp_path / "home/texts"):
        built = sites.build(content, tmp_path / "output")
        assert built.code == 0, built.complaints
        assert built.site.has("/actualites/a/")
    (real / "articles/b.md").write_text(article("B", body="![x](none.jpg)"), "utf-8")
    built = sites.build(tmp_path / "content", tmp_path / "output")
    assert f"{tmp_path}/content/articles/b.md:5: image: " in built.complaints


def test_a_site_that_will_stand_below_a_path_is_shown_at_the_root(tmp_path, monkeypatch):
    content = sites.write(tmp_path / "content", {"articles/a.md": article("Première")})
    monkeypatch.setenv("SITE_CONTENT", str(content))
    monkeypatch.setenv("SITE_URL", "https://x.example/blog")
    worker = WorkerClient()
    answer = worker.ask("build", str(tmp_path / "site"))
    worker.restart()
    assert "/actualites/premiere/" in answer["texts"], answer["fault"]
    home = (tmp_path / "site/index.html").read_text("utf-8")
    assert 'href="/actualites/premiere/"' in home
    assert '="/blog' not in home


def test_each_answer_has_a_nonce_of_its_own(served):
    _content, address, _said = served
    assert len({nonce_of(get(address)) for _ in range(3)}) == 3


def test_a_site_that_was_never_built_shows_its_fault_under_a_policy_too(tmp_path):
    state = preview.State()
    state.report("a.md:1: <script>", {})
    server = preview.open_server(tmp_path, state, WorkerClient())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    with pytest.raises(HTTPError, match="503") as caught:
        get(f"http://{preview.HOST}:{server.server_port}/")
    with caught.value as answer:
        html = answer.read().decode()
    assert "a.md:1: &lt;script&gt;" in html
    assert nonce_of(html)
    server.shutdown()
    server.server_close()
    thread.join()


def nonce_of(html: str) -> str:
    """The nonce of a page's policy, which its script and its style must have, and no other."""
    (policy,) = re.findall('<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)
    (script,) = re.findall("script-src 'nonce-([^']{22,})';", policy)
    assert re.findall('<script nonce="([^"]*)">', html) == [script]
    assert re.findall('<style nonce="([^"]*)">', html) == [script]
    return script


def open_events(address: str, page: str = "/"):
    return urlopen(f"{address.rstrip('/')}{preview.EVENTS}?page={page}")


def next_event(events, seconds: float = 40) -> dict:
    """The next result of a build; the events of pages that precede it are passed over."""
    while True:
        state = next_news(events, seconds)
        del state["page"]
        if state != getattr(events, "last", None):
            events.last = state
            return state


def next_news(events, seconds: float = 40) -> dict:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        line = events.readline().decode()
        assert line, "the connection ended"
        if line.startswith("data: "):
            return json.loads(line.removeprefix("data: "))
    raise TimeoutError("the preview told nothing")


def test_every_module_that_builds_is_watched():
    told = "import sys, engine.preview.worker; print(*sys.path_importer_cache, sep='\\n')"
    searched = subprocess.check_output([sys.executable, "-c", told], cwd=ROOT, text=True)
    below = [Path(name) for name in searched.splitlines() if ROOT in Path(name).parents]
    folders = {path.relative_to(ROOT).parts[0] for path in below} - {".venv"}
    assert folders
    assert folders <= set(preview.CODE_FOLDERS)


def test_what_an_editor_writes_for_itself_is_no_change():
    names = ["a.md", ".a.md.swp", "a.md~", "#a.md#", "4913.tmp", "page-list.css"]
    assert [name for name in names if is_source(1, f"/x/{name}")] == [
        "a.md",
        "page-list.css",
    ]


def test_a_change_of_the_settings_is_a_change():
    assert preview._is_settings(1, "/x/pelicanconf.py", {"pelicanconf.py"})
    assert not preview._is_settings(1, "/x/README.md", {"pelicanconf.py"})
