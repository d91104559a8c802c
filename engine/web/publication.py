"""Start the publication process, send it one task at a time, and collect its messages."""

import contextlib
import json
import os
import queue
import secrets
import signal
import subprocess
import sys
import threading
from pathlib import Path

from engine.faults import Message
from engine.paths import ROOT
from engine.web import publication_process
from engine.web.refusal import RefusalError, not_found

# What the API calls a task -> the method of the process, and the names of what it takes.
_TASKS = {
    "publication/prepare": ("prepare", ("without_legal_facts",)),
    "publication/publish": ("publish", ("digest", "gone", "fewer_pages")),
    "releases/list": ("list", ()),
    "releases/restore": ("restore", ("id",)),
}
_DEFAULTS = {"without_legal_facts": False, "gone": [], "fewer_pages": False}
_CANCEL = "task/cancel"
# Seconds in which the server is told of the end, and what was uploaded is removed.
_GRACE = 20


class Publication:
    """The current task, or the last one."""

    def __init__(self, content: Path):
        self._content = content
        self._news = threading.Condition()
        self._process: subprocess.Popen | None = None
        self._task = {"task": "", "kind": ""}
        self._lines: list[str] = []
        self._end: dict | None = {}
        self._shown = ""
        # Questions for the terminal, and the process of each; `serve` asks them.
        self.questions: queue.Queue[tuple[subprocess.Popen, str]] = queue.Queue()

    def start(self, name: str, request: dict) -> dict:
        """Start a task of the API, or cancel the current one. Raises RefusalError."""
        if name == _CANCEL:
            self.close()
            return {}
        if name not in _TASKS:
            raise not_found()
        kind, names = _TASKS[name]
        arguments = {key: request.get(key, _DEFAULTS.get(key)) for key in names}
        with self._news:
            if self._end is None:
                raise RefusalError(409, Message("another publication is at work: wait for its end"))
            if kind == "publish" and (not self._shown or arguments["digest"] != self._shown):
                why = Message("this is not what was shown: look at what would change again")
                raise RefusalError(409, why)
            self._shown = ""
            self._task = {"task": secrets.token_hex(8), "kind": kind}
            self._lines, self._end = [], None
            process = self._process or self._open()
            self._process = process
            self._write({kind: arguments})
            self._news.notify_all()
            return {"task": self._task["task"]}

    def wait(self, after: int, seconds: float) -> dict:
        """Wait for news of the task; return its lines from `after` on, and its result."""
        with self._news:
            self._news.wait_for(lambda: len(self._lines) > after or self._end is not None, seconds)
            end = self._end or {}
            return {
                **self._task,
                "lines": self._lines[after:],
                "next": len(self._lines),
                "done": self._end is not None,
                "error": end.get("error", ""),
                "faults": end.get("faults", []),
                "result": end.get("result"),
            }

    def answer(self, process: subprocess.Popen, *, is_yes: bool) -> None:
        """Send the answer of the terminal to the process that asked, unless it was stopped."""
        with self._news:
            if self._process is process:
                self._write({"answer": is_yes})

    def close(self) -> None:
        """Cancel the current task and end the process."""
        with self._news:
            process, self._process = self._process, None
            self._shown = ""
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGTERM)
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _open(self) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-m", publication_process.MODULE],
            cwd=ROOT,
            env={**os.environ, "SITE_CONTENT": str(self._content)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # The terminal is the server's: neither ssh nor Ctrl-C reaches this process by it.
            start_new_session=True,
        )
        threading.Thread(target=self._listen, args=(process,), daemon=True).start()
        return process

    def _write(self, message: dict) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()

    def _listen(self, process: subprocess.Popen) -> None:
        for line in process.stdout:
            news = json.loads(line)
            if "ask" in news:
                self.questions.put((process, news["ask"]))
            with self._news:
                if "line" in news:
                    self._lines.append(news["line"])
                if news.get("done"):
                    self._end = news
                    self._shown = (news.get("result") or {}).get("digest", "")
                self._news.notify_all()
        process.stdout.close()
        with self._news:
            if self._process in (process, None):
                self._process = None
                if self._end is None:
                    self._end = {"error": str(Message("it was stopped")), "faults": []}
                self._news.notify_all()
