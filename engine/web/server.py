"""Serve the writing page and its API.

It reads and writes nothing itself that belongs to a text: processes without threads do
(`desk_process.py`, `engine/preview/worker.py`, `publication_process.py`), one request at a time.
"""

import contextlib
import json
import os
import queue
import secrets
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

from engine.faults import Message
from engine.preview.server import State, page_file
from engine.preview.worker_client import WorkerClient
from engine.texts.content_files import STATIC_FOLDERS
from engine.web import desk_process, guard, uploads
from engine.web.desk import edited, encode, kind_of_source
from engine.web.events import Events
from engine.web.form_values import LINES, SETTINGS
from engine.web.page_state import PageState
from engine.web.publication import Publication
from engine.web.refusal import RefusalError, not_found
from engine.web.safe_files import SafeFolder, digest_of, disk_refusal
from engine.web.static_files import StaticFile, policy

# Seconds that a request may wait for news; a browser gives up later.
MAX_WAIT_SECONDS = 20
# Seconds after which a connection that says nothing is closed.
_IDLE = 60
# What is asked with the words after the address, and what with an object of JSON.
_READ = {
    "texts": (),
    "findings": (),
    "text": ("source",),
    "history": ("source",),
    "version": ("source", "id"),
    "deleted": (),
    "files": (),
}
# The colours of the site's projects, as it is now.
_STRANDS = "/page/strands.css"
_DISCARD = "draft/discard"
_WRITE = (
    *("save", "restore", _DISCARD, "new", "translate", "duplicate", "hide", "show"),
    *("announce", "delete", "undelete", "accept", "accept-word"),
)


@dataclass
class Writer:
    """The state of the server: its token, its origins and its processes."""

    content: Path
    token: str
    lang: str
    site: Path
    files: Mapping[str, StaticFile]
    origin: str = ""
    # Whether the last server of this folder had another origin, where the browser keeps words.
    has_moved: bool = False
    # The origin of the pages beside the text, and the path below which they are: a second secret.
    preview: str = ""
    preview_base: str = field(default_factory=lambda: f"/{new_token()}")
    # Each does one thing at a time: reads and writes; checks what is typed; checks all; builds.
    desk: WorkerClient = field(default_factory=lambda: WorkerClient(desk_process.MODULE))
    checks: WorkerClient = field(default_factory=lambda: WorkerClient(desk_process.MODULE))
    all_checks: WorkerClient = field(default_factory=lambda: WorkerClient(desk_process.MODULE))
    builder: WorkerClient = field(default_factory=WorkerClient)
    built: State = field(default_factory=State)
    events: Events = field(init=False)
    publication: Publication = field(init=False)

    def __post_init__(self):
        self.state = PageState(self.content)
        self.folder = SafeFolder(self.content)
        self.events = Events(self.content)
        self.publication = Publication(self.content)
        self._drafts = 0

    def start_processes(self) -> None:
        """Start the processes before the first request: they read code and theme."""
        for work in (lambda: self.desk.ask("answer", "texts", {}), lambda: self._start_build({})):
            threading.Thread(target=work, daemon=True).start()

    def close(self) -> None:
        """End the processes."""
        self.publication.close()
        for process in (self.desk, self.checks, self.all_checks, self.builder):
            process.restart()

    def ask(self, name: str, request: dict, process: WorkerClient | None = None) -> dict:
        """Return the body of the desk's answer. Raises RefusalError and AnswerError."""
        if name == "save":
            # Before it is written: who watches the folder may be quicker than the answer.
            words = edited(**_edit(request))
            self.events.own(str(request.get("source")), digest_of(encode(words)))
        answer = (process or self.desk).ask("answer", name, request)
        if "status" not in answer:
            raise RefusalError(500, Message("{said}", said=answer["fault"]))
        if answer["status"] != 200:
            raise AnswerError(answer["status"], answer["body"])
        if "digest" in answer["body"] and "source" in answer["body"]:
            self.events.own(answer["body"]["source"], answer["body"]["digest"])
        return answer["body"]

    def draft(self, request: dict) -> dict:
        """Store and check the unsaved text; wait for its page, not for the rest of the site."""
        page = str(request.pop("page", ""))
        source, edit = str(request.get("source")), _edit(request)
        kind, words = edit["kind"], edited(**edit)
        built = None if kind in (SETTINGS, LINES) else self._start_build({source: words}, page)
        told = self.ask("draft", request, self.checks)
        fault = built.get() if built else ""
        address = self._address(source, page) if built and not fault else ""
        self._drafts += 1
        shown = f"{self.preview}{self.preview_base}{address}?{self._drafts}" if address else ""
        return told | {"preview": shown, "fault": fault, "kept": True}

    def _start_build(self, unsaved: dict[str, str], page: str = "") -> queue.SimpleQueue[str]:
        """Build the site with unsaved texts, the page at an address first.

        The queue gets "" once a page is ready, then the fault of the site or "".
        """
        told = queue.SimpleQueue()

        def note_pages(news: dict) -> None:
            self.built.note_pages(news["texts"])
            # Before the first site is built a page lacks its font and its pictures.
            if self.built.build:
                told.put("")

        def report(answer: dict) -> None:
            if "stopped" not in answer:
                self.built.report(answer["fault"], answer.get("texts", {}))
            told.put(answer["fault"])

        pages = [page_file(page)] if page else []
        work = ("build", str(self.site), unsaved, self.preview_base, pages)
        self.builder.send(*work, answer=report, news=note_pages)
        return told

    def _address(self, source: str, page: str) -> str:
        pages = self.built.texts
        own = next((at for at, text in pages.items() if text["source"] == source), "")
        return own or (page if page in pages else "")


class AnswerError(Exception):
    """An unsuccessful answer of the desk: its status, and its body as it is sent."""

    def __init__(self, status: int, body: dict):
        super().__init__(body.get("error", ""))
        self.status, self.body = status, body


class WriterHandler(BaseHTTPRequestHandler):
    """Answers the writing page: its files without a token, the API with it."""

    protocol_version = "HTTP/1.1"
    server_version = "inv"
    sys_version = ""
    timeout = _IDLE
    # As PageHandler.
    disable_nagle_algorithm = True

    def __init__(self, *args, writer: Writer, **kwargs):
        self.writer = writer
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        """Send a file of the page, or answer a reading request of the API."""
        self._answer(self._get)

    def do_POST(self) -> None:
        """Answer a writing request of the API."""
        self._answer(self._post)

    def __getattr__(self, name: str):
        # http.server asks for do_HEAD, do_OPTIONS and so on: CORS is answered to nobody.
        if name.startswith("do_"):
            return self._refuse_method
        raise AttributeError(name)

    def log_message(self, *_args) -> None:
        """Print nothing: the terminal is for messages to the owner."""

    def send_error(self, code: int, message: str | None = None, _explain=None) -> None:
        """Send an error of the HTTP parser in the form of every other answer."""
        self.close_connection = True
        self._send(code, {"error": message or str(code), "faults": []})

    def _refuse_method(self) -> None:
        self.close_connection = True
        self._send(405, {"error": str(Message("this is not done here")), "faults": []})

    def _answer(self, answer: Callable[[], None]) -> None:
        try:
            guard.refuse_others(self.headers, self.writer.origin)
            answer()
        except AnswerError as error:
            self._send(error.status, error.body)
        except RefusalError as error:
            # What was sent may be unread: nothing else can follow on this connection.
            self.close_connection = True
            self._send(error.status, {"error": str(error.why), "faults": [], **error.more})
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            self.close_connection = True

    def _get(self) -> None:
        address = self._address()
        if not address.path.startswith("/api/"):
            self._send_file(address.path)
            return
        self._refuse_without_token(is_reading=True)
        name = address.path.removeprefix("/api/")
        given = {key: values[0] for key, values in parse_qs(address.query).items()}
        if name in _READ:
            request = {key: given.get(key, "") for key in _READ[name]}
            process = self.writer.all_checks if name == "findings" else self.writer.desk
            self._send(200, self.writer.ask(name, request, process))
        elif name == "site":
            self._send(200, self._site())
        elif name == "file":
            self._send_bytes(given.get("source", ""))
        elif name in ("events", "task"):
            source = self.writer.events if name == "events" else self.writer.publication
            self._send(200, source.wait(_number(given.get("after")), MAX_WAIT_SECONDS))
        else:
            raise not_found()

    def _post(self) -> None:
        address = self._address()
        self._refuse_without_token(is_reading=False)
        name = address.path.removeprefix("/api/")
        if name == "upload":
            given = parse_qs(address.query, keep_blank_values=True).get("name", [""])[0]
            self._send(200, self._upload(given))
            return
        request = guard.read_json(self.headers, self.rfile)
        if name == "draft":
            self._send(200, self.writer.draft(request))
        elif name in _WRITE:
            name = "discard" if name == _DISCARD else name
            self._send(200, self.writer.ask(name, request))
        else:
            self._send(200, self.writer.publication.start(name, request))

    def _address(self) -> SplitResult:
        """Split the address of the request. Raises RefusalError if it is invalid."""
        try:
            return urlsplit(self.path)
        except ValueError:
            raise not_found() from None

    def _refuse_without_token(self, *, is_reading: bool) -> None:
        writer = self.writer
        guard.refuse_without_token(
            self.headers, writer.token, is_reading=is_reading, origin=writer.origin
        )

    def _site(self) -> dict:
        writer = self.writer
        limits = {"max_upload": uploads.MAX_BYTES, "max_json": guard.MAX_JSON}
        own = {"lang": writer.lang, "folder": str(writer.content), "moved": writer.has_moved}
        return writer.ask("site", {}) | limits | own

    def _upload(self, name: str) -> dict:
        folder = self.writer.state.folder / "received"
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=folder) as file:
                guard.receive(self.headers, self.rfile, uploads.MAX_BYTES, file)
                file.flush()
                return self.writer.ask("upload", {"name": name, "path": file.name})
        except OSError as error:
            raise disk_refusal(error) from error

    # Sending

    def _send_file(self, path: str) -> None:
        if path == _STRANDS:
            css = self.writer.ask("strands", {})["css"].encode()
            self._send_body(200, "text/css; charset=utf-8", css)
            return
        file = self.writer.files.get(path)
        if file is None:
            raise not_found()
        self._send_body(200, file.type, file.read())

    def _send_bytes(self, source: str) -> None:
        is_static = source.split("/", maxsplit=1)[0] in STATIC_FOLDERS
        data = self.writer.folder.read(source) if is_static else None
        if data is None:
            raise not_found()
        self._send_body(200, guard.BYTES_TYPE, data, disposition="attachment")

    def _send(self, status: int, body: dict) -> None:
        self._send_body(status, guard.JSON_TYPE, json.dumps(body).encode())

    def _send_body(self, status: int, type_: str, body: bytes, *, disposition: str = "") -> None:
        self.send_response(status)
        headers = {
            "Content-Type": type_,
            "Content-Length": str(len(body)),
            "Content-Security-Policy": policy(self.writer.preview),
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cache-Control": "no-store",
            **({"Content-Disposition": disposition} if disposition else {}),
            **({"Connection": "close"} if self.close_connection else {}),
        }
        for name, value in headers.items():
            self.send_header(name, value)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)


def _edit(request: dict) -> dict:
    """Return the arguments of `edited` in a request. Raises RefusalError if one is missing."""
    if not all(isinstance(request.get(key), str) for key in ("source", "text", "digest")):
        raise RefusalError(400, Message("the page sent something that cannot be read"))
    kind = kind_of_source(request["source"])
    names = ("text", "digest", "values", "body", "whole")
    return {"kind": kind} | {key: request[key] for key in names if key in request}


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0


def new_token() -> str:
    """Make a random token of 256 bits."""
    return secrets.token_urlsafe(32)


def browser_file(folder: Path, address: str) -> Path:
    """Write the file that redirects the browser to a secret address.

    A browser is told an address on its command line, which every account of the machine can read:
    it is told this file, which its owner alone can read. Raises OSError.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    path = folder / "page.html"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(
            '<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
            f'<title>…</title><meta http-equiv="refresh" content="0; url={address}">'
        )
    return path
