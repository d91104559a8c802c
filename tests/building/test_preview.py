"""The preview as a writer meets it: save, look, make a mistake, mend it."""

import http.client
import json
import re
import threading
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from building import preview
from building.builder import Builder
from tests.conftest import wait_for
from tests.sites import article, write


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
        thread.join(30)


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


def test_each_answer_has_a_nonce_of_its_own(served):
    _content, address, _said = served
    assert len({nonce_of(get(address)) for _ in range(3)}) == 3


def test_a_site_that_was_never_built_shows_its_fault_under_a_policy_too(tmp_path):
    state = preview.State()
    state.report("a.md:1: <script>", {})
    server = preview.open_server(tmp_path, state, Builder())
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


def test_the_preview_is_for_this_machine_only(served):
    _content, address, _said = served
    assert address.startswith("http://127.0.0.1:")


def open_events(address: str):
    return urlopen(f"{address.rstrip('/')}{preview.EVENTS}")


def next_event(events) -> dict:
    while True:
        line = events.readline().decode()
        assert line, "the connection ended"
        if line.startswith("data: "):
            return json.loads(line.removeprefix("data: "))


def test_what_an_editor_writes_for_itself_is_no_change():
    names = ["a.md", ".a.md.swp", "a.md~", "#a.md#", "4913.tmp", "page-list.css"]
    assert [name for name in names if preview._is_source(1, f"/x/{name}")] == [
        "a.md",
        "page-list.css",
    ]


def test_a_change_of_the_settings_is_a_change():
    assert preview._is_settings(1, "/x/pelicanconf.py", {"pelicanconf.py"})
    assert not preview._is_settings(1, "/x/README.md", {"pelicanconf.py"})
