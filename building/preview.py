"""Show the site while it is written: build on every change, reload the browser, tell each fault.

Each build is a process of its own, so that a change of a plugin or of a setting counts too; the
last good site stays served while a fault stands.
"""

import html
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from watchfiles import watch

from building.site import ROOT

HOST = "127.0.0.1"
FIRST_PORT = 8000
_EVENTS = "/__preview"
_SOURCE_FOLDERS = ("theme", "plugins", "building")
# Seconds between two signs of life on a connection that waits: it ends when the browser has gone.
_HEARTBEAT = 15

_SCRIPT = """<script>
{
  const shown = %s;
  const panel = document.createElement("pre");
  panel.id = "preview-fault";
  panel.setAttribute("role", "alert");
  panel.style.cssText = "position:fixed;inset:auto 0 0;z-index:9;margin:0;padding:1rem 1.5rem;" +
    "max-height:60vh;overflow:auto;white-space:pre-wrap;font:1rem/1.5 monospace;" +
    "background:#5c0011;color:#fff;border-top:4px solid #fff";
  new EventSource("%s").onmessage = event => {
    const state = JSON.parse(event.data);
    if (state.build !== shown) location.reload();
    panel.textContent = state.fault;
    state.fault ? document.body.append(panel) : panel.remove();
  };
}
</script>"""


class State:
    """What the browsers have to know: how many good builds there were, and the present fault."""

    def __init__(self):
        self._changed = threading.Condition()
        self.build = 0
        self.fault = ""
        self.serial = 0

    def report(self, fault: str) -> None:
        """Take the outcome of a build: its faults, or "" for a good one."""
        with self._changed:
            self.fault = fault
            self.build += not fault
            self.serial += 1
            self._changed.notify_all()

    def wait(self, serial: int, seconds: float) -> bool:
        """Wait until there is news since `serial`; False where there is none in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self.serial != serial, timeout=seconds)


class _Handler(SimpleHTTPRequestHandler):
    """Serves the built site, with the script that reloads a page put into each."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args, state: State, **kwargs):
        self.state = state
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == _EVENTS:
            self._send_events()
        elif path.endswith((".html", "/")):
            self._send_page(path)
        else:
            super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def send_error(self, code, message=None, explain=None) -> None:
        if code == 404:
            self._send_page("/404.html", 404)
        else:
            super().send_error(code, message, explain)

    def log_message(self, *_args) -> None:
        """Say nothing of each request: the terminal is for what the writer has to know."""

    def _send_page(self, path: str, status: int = 200) -> None:
        site = Path(self.directory)
        file = Path(self.translate_path(unquote(path)))
        file = file / "index.html" if path.endswith("/") else file
        if not file.is_file():
            status = 404
            english = site / "en" / "404.html"
            is_english = path.startswith("/en/") and english.is_file()
            file = english if is_english else site / "404.html"
        if self.state.build and file.is_file():
            page = file.read_text("utf-8")
        else:
            page = f"<!doctype html><title>…</title><pre>{html.escape(self.state.fault)}</pre>"
            status = 503
        script = _SCRIPT % (self.state.build, _EVENTS)
        body = (page + script).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _send_events(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            while True:
                serial = self.state.serial
                news = json.dumps({"build": self.state.build, "fault": self.state.fault})
                self.wfile.write(f"data: {news}\n\n".encode())
                self.wfile.flush()
                while not self.state.wait(serial, _HEARTBEAT):
                    self.wfile.write(b": still here\n\n")
                    self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            return


def build_once(output: Path) -> str:
    """Build into `output` in a new process; return what is wrong, "" where nothing is."""
    done = subprocess.run(
        [sys.executable, "-m", "building.site"],
        cwd=ROOT,
        env={**os.environ, "SITE_OUTPUT": str(output), "SITE_CONTENT": str(_content_folder())},
        capture_output=True,
        text=True,
        check=False,
    )
    return (
        (done.stderr or done.stdout or "the build ended without a word") if done.returncode else ""
    )


def _content_folder() -> Path:
    return Path(os.environ.get("SITE_CONTENT") or ROOT / "content").resolve()


def open_server(site: Path, state: State, first_port: int = FIRST_PORT) -> ThreadingHTTPServer:
    """A server of `site` on the first free port from `first_port` on, on this machine only."""
    ThreadingHTTPServer.daemon_threads = True
    # Else a port in use could be shared on some systems, and two previews mixed.
    ThreadingHTTPServer.allow_reuse_port = False
    handler = partial(_Handler, directory=str(site), state=state)
    for port in range(first_port, first_port + 100):
        try:
            return ThreadingHTTPServer((HOST, port), handler)
        except OSError:
            continue
    return ThreadingHTTPServer((HOST, 0), handler)


def serve(
    *,
    first_port: int = FIRST_PORT,
    say: Callable[[str], None] = print,
    stop: threading.Event | None = None,
) -> None:
    """Serve and rebuild until interrupted (or until `stop` is set)."""
    with tempfile.TemporaryDirectory(prefix="site-preview-") as folder:
        site = Path(folder, "site")
        state = State()

        def rebuild() -> None:
            fault = build_once(site)
            state.report(fault)
            say(fault.rstrip() if fault else "built")

        rebuild()
        server = open_server(site, state, first_port)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        say(f"http://{HOST}:{server.server_port}/ shows the site; Ctrl-C ends it")
        stop = stop or threading.Event()
        changed = threading.Event()
        folders = [_content_folder(), *(ROOT / name for name in _SOURCE_FOLDERS)]
        # The settings' own folder is watched, not the files: an editor may replace a file whole.
        settings = partial(_is_settings, names={"pelicanconf.py"})
        for paths, recursive, is_wanted in (
            ([folder for folder in folders if folder.is_dir()], True, _is_source),
            ([ROOT], False, settings),
        ):
            threading.Thread(
                target=_notice, args=(paths, recursive, is_wanted, changed, stop), daemon=True
            ).start()
        try:
            while not stop.is_set():
                changed.wait()
                changed.clear()
                if not stop.is_set():
                    rebuild()
        except KeyboardInterrupt:
            say("")
        finally:
            stop.set()
            server.shutdown()
            server.server_close()


def _notice(paths, recursive, is_wanted, changed, stop) -> None:
    for _changes in watch(
        *paths,
        recursive=recursive,
        watch_filter=is_wanted,
        debounce=200,
        step=20,
        stop_event=stop,
        raise_interrupt=False,
    ):
        changed.set()
    changed.set()


def _is_settings(_change, path: str, names: set[str]) -> bool:
    return os.path.basename(path) in names


def _is_source(_change, path: str) -> bool:
    """Leave out what editors and Python write for themselves."""
    name = os.path.basename(path)
    parts = Path(path).parts
    return not (
        name.startswith((".", "#"))
        or name.endswith(("~", ".swp", ".pyc", ".tmp"))
        or "__pycache__" in parts
    )
