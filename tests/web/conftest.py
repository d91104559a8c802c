"""What the tests of the writing page share: a real server of a content folder, asked by HTTP."""

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from tests import sites
from tests.conftest import wait_for
from tests.sites import ROOT, article, project

TEXTS = {
    "site.yml": sites.settings(),
    "home.md": sites.header(title="Accueil") + "Bonjour.\n",
    "articles/a.md": article("Première", date="2012-03", body="Un texte.\n\nSuite."),
    "articles/b.md": article("Seconde", date="2013", status="draft"),
    "pages/projects/p.md": project("Un projet"),
}


@dataclass
class Answer:
    """An answer of the server: its status, its headers, and its body, of JSON where it is some."""

    status: int
    headers: http.client.HTTPMessage
    data: bytes

    @property
    def json(self) -> dict:
        return json.loads(self.data)

    def __getitem__(self, key: str):
        assert self.status == 200, self.data
        return self.json[key]


@dataclass
class Page:
    """The page in the owner's browser, as far as its server can tell."""

    content: Path
    process: subprocess.Popen
    environment: dict[str, str]
    origin: str = ""
    token: str = ""
    said: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.origin.rpartition(":")[2])

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Origin": self.origin}

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str | None):
        """Send a request with the page's own headers, but for `headers` (None leaves one out)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {**self.headers, **names}
        connection.putrequest(method, path, skip_host="Host" in names)
        for name, value in sent.items():
            if value is not None:
                connection.putheader(name, value)
        if body is not None and not {"Content-Length", "Transfer-Encoding"} & set(names):
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        found = Answer(answer.status, answer.headers, answer.read())
        connection.close()
        return found

    def get(self, name: str, **query: str) -> Answer:
        return self.ask("GET", f"/api/{name}?{urlencode(query)}")

    def post(self, name: str, **request: object) -> Answer:
        data = json.dumps(request).encode()
        return self.ask("POST", f"/api/{name}", data, Content_Type="application/json")

    def upload(self, name: str, data: bytes) -> Answer:
        path = f"/api/upload?name={quote(name)}"
        return self.ask("POST", path, data, Content_Type="application/octet-stream")

    def read(self, source: str) -> dict:
        answer = self.get("text", source=source)
        assert answer.status == 200, answer.data
        return answer.json

    def edit(self, name: str, read: dict, **changes: object) -> Answer:
        base = {key: read[key] for key in ("source", "digest", "text")}
        return self.post(name, **base, **changes)

    def save(self, source: str, **changes: object) -> Answer:
        return self.edit("save", self.read(source), **changes)

    def file(self, source: str) -> str:
        return (self.content / source).read_bytes().decode()


def start(content: Path, stdin: int = subprocess.DEVNULL, **environment: str) -> Page:
    """Start `./inv write` for a content folder, and read the file that its browser is led to."""
    variables = {**os.environ, **environment, "SITE_CONTENT": str(content), "BROWSER": "true"}
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "engine.web.writing_page"],
        cwd=ROOT,
        env=variables,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    page = Page(content, process, variables)
    led = content.parent / "writing-page/page.html"
    line = process.stdout.readline()
    assert re.search("browser|navigateur", line), line
    wait_for(led.is_file)
    page.origin, page.token = re.search(r"url=(http://[^/]+)/#([\w-]+)", led.read_text()).groups()
    return page


def stop(page: Page) -> None:
    if page.process.poll() is None:
        page.process.send_signal(signal.SIGINT)
        page.process.wait(60)
    page.process.stdout.close()


def kill(page: Page) -> None:
    """End the server and all that works for it at once, as a crash of the machine would."""
    for process in (*_children(page.process.pid), page.process.pid):
        os.kill(process, signal.SIGKILL)
    page.process.wait(60)
    page.process.stdout.close()


def _children(process: int) -> list[int]:
    own = []
    for task in Path(f"/proc/{process}/task").iterdir():
        with contextlib.suppress(OSError):  # a thread that has ended
            own += map(int, (task / "children").read_text().split())
    return own


@pytest.fixture
def page(tmp_path):
    """The writing page of a folder with a few texts."""
    content = sites.write(tmp_path / "content", TEXTS)
    running = start(content)
    yield running
    stop(running)


@pytest.fixture(scope="module")
def shared_page(tmp_path_factory):
    """The same for tests that change nothing, or put back what they change."""
    content = sites.write(tmp_path_factory.mktemp("writing") / "content", TEXTS)
    running = start(content)
    yield running
    stop(running)
