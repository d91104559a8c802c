"""Serve the site while it is written: build on each change, reload the browser, show faults.

Drafts and scheduled texts are shown too, and marked. A separate process builds
(`engine/preview/worker.py`). While there is a fault, the last valid build is served.
"""

import contextlib
import html
import json
import os
import posixpath
import re
import secrets
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit

from engine.faults import Message
from engine.languages import LANGUAGES, language_of
from engine.pages import page_policy
from engine.paths import ROOT, content_folder
from engine.preview.panel import EVENTS, FINDINGS, panel, version_of, with_additions
from engine.preview.watching import REPLACEMENT_CHECK, is_source, watch_folders
from engine.preview.worker_client import WorkerClient, first_pages_folder
from engine.terminal import end_by_interrupt, exit_code

HOST = "127.0.0.1"
FIRST_PORT = 8000
_HOST_NAME = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]+)?", re.IGNORECASE)
CODE_FOLDERS = ("plugins", "engine")
# Pages in browsers that are made before the others.
_MAX_SHOWN = 3
# Seconds between two heartbeats on an idle connection: the next one fails if the browser has gone.
_HEARTBEAT = 15


class Changes:
    """The paths of changed files, which one thread takes and others add to."""

    def __init__(self):
        self._happened = threading.Event()
        self._lock = threading.Lock()
        self._paths: set[str] = set()

    def add(self, paths: Iterable[str]) -> None:
        """Add the paths of a change; there may be none."""
        with self._lock:
            self._paths.update(paths)
        self._happened.set()

    def wait(self) -> None:
        """Wait for a change since the last call of `take`."""
        self._happened.wait()

    def take(self) -> list[str]:
        """Return the paths since the last call."""
        with self._lock:
            self._happened.clear()
            paths, self._paths = self._paths, set()
        return sorted(paths)


class State:
    """The state that browsers follow: the number of valid builds, and the current fault."""

    def __init__(self):
        self._changed = threading.Condition()
        self.build = 0
        self.fault = ""
        self.serial = 0
        # Address -> the text of the page, as `engine.preview.worker` describes it.
        self.texts: dict[str, dict[str, str]] = {}
        # The file below the site of the page that a browser asked for last, and those of the pages
        # whose scripts wait for news.
        self.asked = ""
        self._followed: list[str] = []

    def report(self, fault: str, texts: dict[str, dict[str, str]]) -> None:
        """Set the result of a build: its faults, or "" and its texts."""
        with self._changed:
            self.fault = fault
            self.texts = self.texts if fault else texts
            self.build += not fault
        self._notify()

    def note_pages(self, texts: dict[str, dict[str, str]]) -> None:
        """Note that pages are ready before the site is, and those of changed texts among them."""
        sources = {text["source"] for text in texts.values()}
        with self._changed:
            others = {at: each for at, each in self.texts.items() if each["source"] not in sources}
            self.texts = others | texts
        self._notify()

    def _notify(self) -> None:
        with self._changed:
            self.serial += 1
            self._changed.notify_all()

    def wait(self, serial: int, seconds: float) -> bool:
        """Wait for news after number `serial`; return False after `seconds` without any."""
        with self._changed:
            return self._changed.wait_for(lambda: self.serial != serial, timeout=seconds)

    @contextlib.contextmanager
    def following(self, file: str) -> Iterator[None]:
        """Count the page of a file as shown in a browser, as long as the block runs."""
        with self._changed:
            self._followed.append(file)
        try:
            yield
        finally:
            with self._changed:
                self._followed.remove(file)

    def shown(self) -> list[str]:
        """Return the files of the pages that browsers show, the last one first."""
        with self._changed:
            files = dict.fromkeys([self.asked, *reversed(self._followed)])
        return list(filter(None, files))[:_MAX_SHOWN]


class PageHandler(SimpleHTTPRequestHandler):
    """Serves the built site, with the preview's additions to each page."""

    protocol_version = "HTTP/1.1"
    # Else a body waits until the browser has acknowledged its headers, 40 ms on Linux.
    disable_nagle_algorithm = True

    def __init__(self, *args, state: State, worker: WorkerClient, **kwargs):
        self.state = state
        self.worker = worker
        super().__init__(*args, **kwargs)

    def parse_request(self) -> bool:
        """Refuse a request for another host name than this machine's.

        Otherwise a foreign site could read drafts by DNS rebinding:
        https://developer.mozilla.org/docs/Web/Security/Attacks/DNS_rebinding
        """
        if not super().parse_request():
            return False
        hosts = self.headers.get_all("Host") or []
        if len(hosts) == 1 and _HOST_NAME.fullmatch(hosts[0]):
            return True
        self.close_connection = True
        message = f"This preview answers to {HOST} alone."
        super().send_error(421, message)
        return False

    def do_HEAD(self) -> None:
        """Answer as to GET, without the body."""
        self.do_GET()

    def do_GET(self) -> None:
        """Answer a page or a file of the site, or what the script of a page asks for."""
        try:
            path = urlsplit(self.path).path
            is_valid = b"\0" not in os.fsencode(super().translate_path(path))
        except ValueError:
            is_valid = False
        if not is_valid:
            self.send_error(400)
        elif path == EVENTS:
            self._send_events()
        elif path == FINDINGS:
            self._send_findings()
        elif path.endswith((".html", "/")):
            self.state.asked = page_file(path)
            self._send_page(path)
        elif self.command == "HEAD":
            super().do_HEAD()
        else:
            super().do_GET()

    def end_headers(self) -> None:
        """Let no answer be kept: the next build may have another."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def send_error(self, code, message=None, explain=None) -> None:
        """Send the site's own page if there is no file."""
        if code == 404:
            self._send_page("/404.html", 404)
        else:
            super().send_error(code, message, explain)

    def log_message(self, *_args) -> None:
        """Log no requests: the terminal shows builds and faults."""

    def translate_path(self, path: str) -> str:
        """Return the file of an address: that of a first page, if the site is not yet built."""
        place = super().translate_path(path)
        first = first_pages_folder(Path(self.directory), os.path.relpath(place, self.directory))
        return str(first) if os.path.isfile(first) else place  # noqa: PTH113 - of any name

    def _send_page(self, path: str, status: int = 200) -> None:
        page, text, status = self._read_page(path, status)
        self._send_html(self.finished(page, text), status)

    def _read_page(self, path: str, status: int = 200) -> tuple[str, dict[str, str] | None, int]:
        """Return the page at an address, its text, and the status of the answer."""
        own = f"/{page_file(path)}"
        # Its first page may go, since the site has it, between two steps of reading it.
        page = self._read_file(own) or self._read_file(own)
        if page is None:
            status = 404
            root = LANGUAGES[language_of(path.removeprefix("/"))].root
            # A site in one language has one 404 page.
            page = self._read_file(f"/{root}404.html") or self._read_file("/404.html")
        if page is None or not self.state.build:
            fault = html.escape(self.state.fault)
            page = f"<!doctype html>{page_policy.EMPTY}<title>…</title><pre>{fault}</pre>"
            status = 503
        return page, self.state.texts.get(unquote(path)) if status == 200 else None, status

    def _read_file(self, path: str) -> str | None:
        try:
            return Path(self.translate_path(quote(path))).read_text("utf-8")
        # A null byte, which the script of a page may ask for.
        except (OSError, ValueError):
            return None

    def finished(self, page: str, text: dict[str, str] | None) -> str:
        """A page as it is sent; `text` tells what it shows, as `engine/preview/worker.py` does."""
        address = urlsplit(self.path).path
        return with_additions(page, version_of(page, text), address, text, secrets.token_urlsafe())

    def _send_findings(self) -> None:
        source = parse_qs(urlsplit(self.path).query).get("source", [""])[0]
        text = next((t for t in self.state.texts.values() if t["source"] == source), None)
        found = self.worker.ask("findings", source)["findings"] if text else []
        self._send_html(panel(text, found) if text else "")

    def _send_html(self, content: str, status: int = 200) -> None:
        body = content.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        # The browser may have closed the connection.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

    def _send_events(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        if self.command == "HEAD":
            return
        page = parse_qs(urlsplit(self.path).query).get("page", ["/"])[0]
        with self.state.following(page_file(page)):
            self._send_news(page)

    def _send_news(self, path: str) -> None:
        """Send the state, and the version of a page, at each change until the browser has gone."""
        try:
            while True:
                serial = self.state.serial
                page, text, _status = self._read_page(path)
                news = {"build": self.state.build, "fault": self.state.fault}
                news["page"] = version_of(page, text)
                self.wfile.write(f"data: {json.dumps(news)}\n\n".encode())
                self.wfile.flush()
                while not self.state.wait(serial, _HEARTBEAT):
                    self.wfile.write(b": still here\n\n")
                    self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            return


def page_file(address: str) -> str:
    """Return the file of the page at an address, relative to the folder of the site."""
    path = posixpath.normpath("/" + unquote(address)).lstrip("/")
    return posixpath.join(path, "index.html") if address.endswith("/") else path


def open_server(
    site: Path, state: State, worker: WorkerClient, first_port: int = FIRST_PORT
) -> ThreadingHTTPServer:
    """Open a server of `site` for this machine only, on the first free port from `first_port`."""
    handler = partial(PageHandler, directory=str(site), state=state, worker=worker)
    return listen(handler, first_port)


def listen(handler: Callable[..., BaseHTTPRequestHandler], first_port: int) -> ThreadingHTTPServer:
    """Open a server for this machine only, on the first free port from `first_port`."""
    ThreadingHTTPServer.daemon_threads = True
    # Some systems would share the port between two previews.
    ThreadingHTTPServer.allow_reuse_port = False
    for port in range(first_port, min(first_port + 100, 2**16)):
        try:
            return ThreadingHTTPServer((HOST, port), handler)
        except OSError:
            continue
    return ThreadingHTTPServer((HOST, 0), handler)


def main() -> None:
    """Serve until Ctrl-C, `kill` or the end of the session."""
    end_by_interrupt()
    exit_code(serve, "")


def serve(
    *,
    first_port: int = FIRST_PORT,
    say: Callable[[str], None] = print,
    stop: threading.Event | None = None,
) -> None:
    """Serve and rebuild until interrupted or until `stop` is set.

    Raises KeyboardInterrupt if interrupted; all threads and processes are then ended.
    """
    stop = stop or threading.Event()
    with contextlib.ExitStack() as ending:
        folder = ending.enter_context(tempfile.TemporaryDirectory(prefix="site-preview-"))
        site = Path(folder, "site")
        state = State()
        worker = WorkerClient()
        ending.callback(worker.restart)

        def rebuild(*, waits: bool = False) -> None:
            built = threading.Event()

            def report(answer: dict) -> None:
                if "stopped" not in answer:
                    state.report(answer["fault"], answer.get("texts", {}))
                    say(answer["fault"].rstrip() or str(Message("built")))
                built.set()

            worker.send(
                "build",
                str(site),
                {},
                "",
                state.shown(),
                changes.take(),
                answer=report,
                news=lambda news: state.note_pages(news["texts"]),
            )
            if waits:
                built.wait()

        # Watch before the first build, to notice texts saved during it.
        changes = Changes()
        code = threading.Event()
        # Watch the folder of the settings, not the file: an editor may replace the file.
        settings = partial(_is_settings, names={"pelicanconf.py"})
        watchers: list[threading.Thread] = []
        # Python cannot end while a thread is in the native code of watchfiles.
        ending.callback(_join, watchers)
        ending.callback(stop.set)
        for paths, recursive, is_wanted, event in (
            ([content_folder(), ROOT / "theme"], True, is_source, None),
            ([ROOT / name for name in CODE_FOLDERS], True, is_source, code),
            ([ROOT], False, settings, code),
        ):
            found = watch_folders(paths, is_wanted, stop, recursive=recursive)
            watcher = threading.Thread(target=_follow, args=(found, changes, event), daemon=True)
            watcher.start()
            watchers.append(watcher)
        rebuild(waits=True)
        server = open_server(site, state, worker, first_port)
        ending.callback(server.server_close)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        ending.callback(server.shutdown)
        address = f"http://{HOST}:{server.server_port}/"
        say(str(Message("{address} shows the site; Ctrl-C ends it", address=address)))
        while not stop.is_set():
            changes.wait()
            if code.is_set():
                code.clear()
                worker.restart()
            if not stop.is_set():
                rebuild()


def _join(watchers: list[threading.Thread]) -> None:
    for watcher in watchers:
        watcher.join(2 * REPLACEMENT_CHECK / 1000)


def _follow(found: Iterable[set[str]], changes: Changes, event: threading.Event | None) -> None:
    """Add each change to `changes` and set the event; add an empty one at the end."""
    for paths in found:
        if event:
            event.set()
        changes.add(paths)
    changes.add(())


def _is_settings(_change, path: str, names: set[str]) -> bool:
    return os.path.basename(path) in names
