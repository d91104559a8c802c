"""Publishing from the writing page, to a real sshd: what was shown, all of it, and back again."""

import os
import re
import select
import socket
import subprocess
import time
from getpass import getuser

import pytest

from engine.publishing import publication_record
from tests import sites, ssh_server, web_server
from tests.publishing.conftest import place, put_live, ssh  # noqa: F401 - fixtures
from tests.publishing.test_publication_faults import altered
from tests.sites import article
from tests.web.conftest import TEXTS, Page, start, stop
from tests.web.online_site import NAME, SITE_FILE, OnlineSite, online

SERVED = pytest.mark.needs(*ssh_server.NEEDS, *web_server.NEEDS)
A = "articles/a.md"
SITE = {
    **TEXTS,
    "site.yml": SITE_FILE,
    "pages/contact.md": sites.header(title="Contact", menu="main", template="contact") + "Ici.\n",
    "pages/projects/p.md": sites.project("Un projet", start="2010", summary="Un lieu."),
}


def finish(page: Page, name: str, **request: object) -> dict:
    """Start a task, follow it to its end, and return what was told last, with all lines."""
    begun = page.post(name, **request)
    assert begun.status == 200, begun.data
    lines, after = [], 0
    while True:
        told = page.get("task", after=after).json
        assert told["task"] == begun["task"]
        lines += told["lines"]
        after = told["next"]
        if told["done"]:
            return told | {"lines": lines}


@pytest.fixture
def live(place, tmp_path):  # noqa: F811
    with online(place, tmp_path) as site:
        yield site


@pytest.fixture
def page(live, tmp_path):
    """The writing page of a site whose place on the server was confirmed."""
    content = sites.write(tmp_path / "content", SITE)
    live.confirm(content)
    running = start(content, **live.environment)
    yield running
    stop(running)


def publish_first(page: Page) -> dict:
    """Publish the site over that of another one, whose addresses are given up."""
    shown = finish(page, "publication/prepare")
    assert not shown["error"], shown
    found = shown["result"]
    assert found["fewer_pages"]
    gone = [each["address"] for each in found["lost"]]
    assert gone
    done = finish(page, "publication/publish", digest=found["digest"], gone=gone, fewer_pages=True)
    assert not done["error"], done
    return done


@SERVED
def test_what_was_shown_is_published_and_comes_back(page, live):
    first = publish_first(page)["result"]["release"]
    assert "Première" in live.file("actualites/premiere/index.html")
    texts = {each["source"]: each for each in page.get("texts")["texts"]}
    assert texts[A]["published"]
    assert texts[A]["changed"] is False
    assert texts["articles/b.md"]["published"] is False

    page.save(A, values={"title": "Première, revue"}, body="Des mots neufs, et voilà.\n")
    texts = {each["source"]: each for each in page.get("texts")["texts"]}
    assert texts[A]["changed"]
    shown = finish(page, "publication/prepare")["result"]
    assert shown["lost"] == [] or "/actualites/premiere/" in [e["address"] for e in shown["lost"]]
    assert shown["place"].endswith(str(live.folder))
    gone = [each["address"] for each in shown["lost"]]
    # What is saved after it was shown waits for the next time.
    page.save(A, body="Trop tard.\n")
    other = page.post("publication/publish", digest="0" * 64, gone=[], fewer_pages=False)
    assert other.status == 409
    done = finish(page, "publication/publish", digest=shown["digest"], gone=gone, fewer_pages=False)
    assert not done["error"], done
    second = done["result"]["release"]
    assert "switching" in done["lines"]
    addresses = [*shown["added"], *shown["changed"]]
    assert "/actualites/premiere-revue/" in addresses
    html = live.file("actualites/premiere-revue/index.html")
    assert "mots neufs" in html
    assert "Trop tard" not in html
    assert live.file("version.txt").strip() == shown["digest"]
    again = page.post("publication/publish", digest=shown["digest"], gone=[], fewer_pages=False)
    assert again.status == 409

    listed = finish(page, "releases/list")["result"]["releases"]
    assert [(each["id"], each["live"]) for each in listed[:2]] == [(second, True), (first, False)]
    back = finish(page, "releases/restore", id=first)
    assert back["result"]["release"] == first
    assert "Première" in live.file("actualites/premiere/index.html")
    assert finish(page, "releases/restore", id="no-such")["error"]


@SERVED
def test_a_heading_with_a_new_letter_changes_the_pages_that_show_it_alone(page, live):
    """The font for headings gets another name, which stands in every page."""
    publish_first(page)
    before = live.file("404.html")
    page.save("home.md", values={"title": "Accueil ŵ"})
    shown = finish(page, "publication/prepare")["result"]
    assert shown["changed"] == ["/"]
    assert shown["count"] == 1
    finish(page, "publication/publish", digest=shown["digest"], gone=[], fewer_pages=False)
    assert live.file("404.html") != before, "every page was sent"


@SERVED
def test_a_place_that_was_not_confirmed_is_asked_for_at_the_terminal(live, tmp_path):
    content = sites.write(tmp_path / "content", SITE)
    page = start(content, **live.environment)
    try:
        refused = finish(page, "publication/prepare")
        assert "not confirmed at the terminal" in refused["error"]
        assert any("look at the terminal" in line for line in refused["lines"])
    finally:
        stop(page)
    terminal, stdin = os.openpty()
    page = start(content, stdin=stdin, **live.environment)
    try:
        os.write(terminal, b"no\n")
        assert "not confirmed" in finish(page, "publication/prepare")["error"]
        os.write(terminal, b"y\n")
        shown = finish(page, "publication/prepare")
        assert not shown["error"], shown
        data = b""
        while select.select([page.process.stdout], [], [], 0.2)[0]:
            data += os.read(page.process.stdout.fileno(), 65536)
        said = data.decode()
        key = subprocess.check_output(
            ["ssh-keygen", "-lf", live.environment["PUBLISH_KNOWN_HOSTS"]], text=True
        )
        assert re.search("SHA256:[^ ]+", key)[0] in said
        assert str(live.folder) in said
    finally:
        stop(page)
        os.close(terminal)
        os.close(stdin)
    assert publication_record.is_confirmed(content, live.settings)
    # Another user, folder or key is another place.
    for changed in ({"PUBLISH_USER": "other"}, {"PUBLISH_FOLDER": "/elsewhere"}):
        other = type(live)(live.environment | changed, live.folder)
        assert not publication_record.is_confirmed(content, other.settings)


def test_faults_stand_against_a_publication_and_are_told(tmp_path):
    content = sites.write(tmp_path / "content", SITE | {A: article(date="demain")})
    page = start(content, SITE_URL="https://innovation.fr", PUBLISH_HOST="nowhere.example")
    try:
        told = finish(page, "publication/prepare")
        assert told["error"]
        assert {each["key"] for each in told["faults"]} >= {"publication.user"}
        assert page.post("publication/other").status == 404
        assert finish(page, "publication/prepare")["faults"] == told["faults"]
    finally:
        stop(page)


@pytest.mark.needs(*ssh_server.NEEDS)
def test_files_of_another_site_are_told_before_anything_is_published(ssh, tmp_path):  # noqa: F811
    content = sites.write(tmp_path / "content", SITE)
    www = sites.write(tmp_path / "www", {"index.html": "Old home.", "mail/inbox": "a letter"})
    settings = {
        "PUBLISH_PORT": str(ssh.port),
        "PUBLISH_USER": getuser(),
        "PUBLISH_FOLDER": str(www),
        "PUBLISH_MODE": "inplace",
        "PUBLISH_KEY": str(ssh.folder / "key"),
        "PUBLISH_KNOWN_HOSTS": str(ssh.folder / "known_hosts"),
    }
    live = OnlineSite(settings_of_a_server(tmp_path) | settings, www)
    live.confirm(content)
    page = start(content, **live.environment)
    try:
        # What else the server lacks is told with them.
        with altered(ssh, "df", "echo fs blocks used free; echo fs 9 9 0; exit"):
            room, fault = finish(page, "publication/prepare")["faults"]
    finally:
        stop(page)
    assert room["problem"].endswith("0 KiB are free")
    assert "such as index.html" in fault["problem"]
    assert "./inv publish --replace-files" in fault["remedy"]


def settings_of_a_server(folder, port: int = 22) -> dict[str, str]:
    """The environment of a site that is published to a port of this machine."""
    ssh_server.make_key(folder / "key")
    return {
        "SITE_URL": f"https://{NAME}",
        "PUBLISH_HOST": web_server.HOST,
        "PUBLISH_PORT": str(port),
        "PUBLISH_USER": "odile",
        "PUBLISH_FOLDER": "/srv/site",
        "PUBLISH_KEY": str(folder / "key"),
        "PUBLISH_KNOWN_HOSTS": str(folder / "key.pub"),
    }


def cancel(page: Page, task: str) -> dict:
    """Stop a task, and return what was told last."""
    assert page.post("task/cancel", task=task).status == 200
    told = page.get("task", after=0).json
    while not told["done"]:
        told = page.get("task", after=told["next"]).json
    assert told["task"] == task
    return told


@pytest.mark.needs("ssh", "ssh-keygen")
def test_one_task_at_a_time_is_done_and_it_can_be_stopped(tmp_path):
    content = sites.write(tmp_path / "content", SITE)
    with socket.create_server((web_server.HOST, 0)) as silent:
        silent.settimeout(60)
        live = OnlineSite(settings_of_a_server(tmp_path, silent.getsockname()[1]), tmp_path)
        live.confirm(content)
        page = start(content, **live.environment)
        try:
            begun = page.post("releases/list")["task"]
            # ssh waits for the first words of the server.
            client, _address = silent.accept()
            with client:
                assert page.post("publication/prepare").status == 409
                begin = time.monotonic()
                assert cancel(page, begun)["error"] == "it was stopped"
                assert time.monotonic() - begin < 10, "it waited for the server"
            assert page.post("publication/prepare").status == 200
        finally:
            stop(page)


@pytest.mark.needs("ssh-keygen")
def test_an_answer_at_the_terminal_is_that_of_the_task_that_asked(tmp_path):
    content = sites.write(tmp_path / "content", SITE)
    terminal, stdin = os.openpty()
    page = start(content, stdin=stdin, **settings_of_a_server(tmp_path))
    try:
        begun = page.post("releases/list")["task"]
        said = b""
        while b"[y/N]" not in said:
            said += os.read(page.process.stdout.fileno(), 65536)
        cancel(page, begun)
        assert page.post("releases/list").status == 200
        # A yes to the question of the task that was stopped, a no to that of the other.
        os.write(terminal, b"y\nno\n")
        told = page.get("task", after=0).json
        while not told["done"]:
            told = page.get("task", after=told["next"]).json
        assert "not confirmed at the terminal" in told["error"]
    finally:
        stop(page)
        os.close(terminal)
        os.close(stdin)
