"""After a save, the page that a browser shows is there before the rest of the site."""

import itertools
import os
import re
import signal
import threading
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from engine.preview import server as preview
from engine.preview.worker_client import WorkerClient
from tests import sites
from tests.conftest import parent_of, wait_for
from tests.preview.test_preview import next_news, open_events
from tests.sites import article, photo, project

_WORKER = "tests.preview.held_worker"
TEXTS = {
    "articles/a.md": article("Première", slug="a", body="Un texte."),
    "articles/b.md": article("Seconde", slug="b", body="Un autre."),
    "pages/projects/p.md": project("Projet", slug="p", body="Un projet."),
    "images/vue.jpg": photo(400, 300),
}


@dataclass
class Writer:
    """A writer with the preview in a browser: the folder of texts, the address, what was said."""

    content: Path
    address: str
    said: list[str]
    held: Path

    def hold(self) -> None:
        """Let each build wait once its first pages are ready."""
        self.held.touch()

    def release(self) -> None:
        self.held.unlink()

    def save(self, path: str, text: str) -> None:
        (self.content / path).write_text(text, "utf-8")

    def sees(self, path: str, words: str) -> bool:
        try:
            return words in get(self.address + path)
        except HTTPError:
            return False

    def opens(self, path: str):
        """Open a page in a browser, which follows it."""
        get(self.address + path)
        events = open_events(self.address, f"/{path}")
        events.version = next_news(events)["page"]
        return events


def wait_for_reload(events) -> None:
    """Wait until the browser is told that its page is another one."""
    while next_news(events)["page"] == events.version:
        pass


def get(address: str) -> str:
    with urlopen(address) as answer:
        return answer.read().decode()


@pytest.fixture
def patience():
    """The seconds in which saves may stop builds."""
    return 600


@pytest.fixture
def writer(tmp_path, monkeypatch, patience):
    content = sites.write(tmp_path / "content", TEXTS)
    held = tmp_path / "held"
    monkeypatch.setenv("SITE_CONTENT", str(content))
    monkeypatch.setenv("HELD", str(held))
    monkeypatch.setenv("MAX_STOPPED_SECONDS", str(patience))
    monkeypatch.setattr(preview, "WorkerClient", partial(WorkerClient, _WORKER))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    said, stop = [], threading.Event()
    thread = threading.Thread(
        target=preview.serve, kwargs={"first_port": 0, "say": said.append, "stop": stop}
    )
    thread.start()
    try:
        wait_for(lambda: any(line.startswith("http://") for line in said))
        address = next(line for line in said if line.startswith("http://")).split()[0]
        yield Writer(content, address, said, held)
    finally:
        held.unlink(missing_ok=True)
        stop.set()
        thread.join(60)
    assert not thread.is_alive()


def first_pages(tmp_path: Path) -> list[str]:
    found = [os.walk(folder) for folder in tmp_path.glob("site-preview-*/site-first")]
    return [
        name for walk in found for _, _, names in walk for name in names if name[-5:] == ".html"
    ]


def built(writer: Writer) -> int:
    return writer.said.count("built")


@pytest.mark.parametrize(
    ("page", "source", "new"),
    [
        ("actualites/a/", "articles/a.md", article("Première", slug="a", body="Neuf.")),
        ("actualites/a/", "articles/a.md", article("Neuf.", slug="a", body="Un texte.")),
        ("", "articles/a.md", article("Neuf.", slug="a", body="Un texte.")),
        ("projets/p/", "pages/projects/p.md", project("Projet", slug="p", body="Neuf.")),
        ("", "pages/projects/p.md", project("Projet", slug="p", body="Neuf.")),
    ],
    ids=["body", "title", "list", "project", "home"],
)
def test_the_page_in_the_browser_changes_before_the_rest(writer, tmp_path, page, source, new):
    events = writer.opens(page)
    assert not writer.sees(page, "Neuf.")
    writer.hold()
    writer.save(source, new)
    wait_for_reload(events)
    assert writer.sees(page, "Neuf.")
    assert not writer.sees("plan-du-site/", "Neuf.")
    assert built(writer) == 1
    writer.release()
    wait_for(lambda: built(writer) == 2)
    assert writer.sees(page, "Neuf.")
    assert first_pages(tmp_path) == []
    events.close()


def test_a_page_that_did_not_change_is_not_loaded_again(writer):
    events = writer.opens("actualites/b/")
    writer.save("articles/a.md", article("Première", slug="a", body="Neuf."))
    news = {"build": 1}
    while news["build"] == 1:
        news = next_news(events)
        assert news["page"] == events.version
    events.close()


def test_a_first_page_has_its_new_picture_and_its_font(writer):
    writer.opens("actualites/a/").close()
    writer.hold()
    body = "## Ẅ\n\n![Une vue](/images/vue.jpg)\n\nNeuf."
    writer.save("articles/a.md", article("Première", slug="a", body=body))
    wait_for(lambda: writer.sees("actualites/a/", "Neuf."))
    page = get(f"{writer.address}actualites/a/")
    assert "<picture" in page
    addresses = re.findall(r"/(?:images|theme)/[\w/-]+[.](?:avif|jpg|woff2)", page)
    assert {Path(address).suffix for address in addresses} == {".avif", ".jpg", ".woff2"}
    for address in addresses:
        with urlopen(writer.address + address) as answer:
            assert answer.status == 200


def test_a_burst_of_saves_ends_with_the_newest_text(writer, tmp_path):
    for number in range(12):
        writer.save("articles/a.md", article("Première", slug="a", body=f"Version {number}."))
        time.sleep(0.03)
    wait_for(lambda: writer.sees("actualites/a/", "Version 11."))
    wait_for(lambda: writer.sees("flux.xml", "Version 11."))
    wait_for(lambda: first_pages(tmp_path) == [])
    assert writer.sees("actualites/a/", "Version 11.")


def test_a_save_does_not_wait_for_the_build_before_it(writer):
    writer.hold()
    writer.save("articles/a.md", article("Encore", slug="a"))
    wait_for(lambda: writer.sees("actualites/a/", "Encore"))
    # The build of this state can never end, and a header needs another one.
    writer.save("articles/b.md", article("Toujours", slug="b"))
    wait_for(lambda: writer.sees("actualites/b/", "Toujours"))
    assert built(writer) == 1
    writer.release()
    wait_for(lambda: built(writer) == 2)
    assert writer.sees("plan-du-site/", "Toujours")
    assert writer.sees("plan-du-site/", "Encore")


@pytest.mark.parametrize("patience", [1])
def test_who_saves_without_a_pause_sees_the_whole_site_too(writer):
    writer.hold()
    numbers = itertools.count(1)
    stop = threading.Event()

    def save() -> None:
        while not stop.wait(0.2):
            body = f"Version {next(numbers)}."
            writer.save("articles/a.md", article(f"Titre {body}", slug="a", body=body))

    saving = threading.Thread(target=save)
    saving.start()
    try:
        time.sleep(3)
        assert built(writer) == 1
        writer.release()
        wait_for(lambda: built(writer) == 2)
        writer.hold()
    finally:
        stop.set()
        saving.join()
    writer.release()
    last = f"Version {next(numbers) - 1}."
    wait_for(lambda: writer.sees("plan-du-site/", last))


def test_a_fault_keeps_the_page_that_was_right_last(writer, tmp_path):
    events = writer.opens("actualites/a/")
    writer.hold()
    writer.save("articles/a.md", article("Première", slug="a", body="Neuf."))
    wait_for(lambda: writer.sees("actualites/a/", "Neuf."))
    writer.save("articles/a.md", article("Première", "demain", slug="a", body="Neuf."))
    while "demain" not in next_news(events)["fault"]:
        pass
    assert writer.sees("actualites/a/", "Neuf.")
    writer.release()
    writer.save("articles/a.md", article("Première", slug="a", body="Corrigé."))
    wait_for(lambda: built(writer) == 2)
    assert writer.sees("actualites/a/", "Corrigé.")
    assert first_pages(tmp_path) == []
    events.close()


def test_the_page_of_a_deleted_text_is_gone(writer):
    writer.hold()
    writer.save("articles/a.md", article("Première", slug="a", body="Neuf."))
    wait_for(lambda: writer.sees("actualites/a/", "Neuf."))
    (writer.content / "articles/a.md").unlink()
    writer.release()
    wait_for(lambda: not writer.sees("actualites/a/", "Neuf."))
    assert writer.sees("actualites/b/", "Un autre.")


def test_a_worker_that_is_killed_leaves_the_site_and_no_process(writer, tmp_path):
    events = writer.opens("actualites/a/")
    writer.hold()
    writer.save("articles/a.md", article("Première", slug="a", body="Neuf."))
    wait_for(lambda: writer.sees("actualites/a/", "Neuf."))
    processes = [number for number in workers() if number != os.getpid()]
    (worker,) = (each for each in processes if parent_of(each) == os.getpid())
    os.kill(worker, signal.SIGKILL)
    while "exited unexpectedly" not in next_news(events)["fault"]:
        pass
    assert writer.sees("actualites/b/", "Un autre.")
    writer.release()
    before = built(writer)
    writer.save("articles/a.md", article("Première", slug="a", body="Ensuite."))
    wait_for(lambda: built(writer) > before)
    assert writer.sees("actualites/a/", "Ensuite.")
    assert first_pages(tmp_path) == []
    wait_for(lambda: not set(processes) & set(workers()))
    events.close()


def workers() -> list[int]:
    """The processes of this test's worker and its forks."""
    ours = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            variables = (path / "environ").read_bytes().split(b"\0")
            command = (path / "cmdline").read_bytes()
        except OSError:
            continue
        if _WORKER.encode() in command and f"HELD={os.environ['HELD']}".encode() in variables:
            ours.append(int(path.name))
    return ours
