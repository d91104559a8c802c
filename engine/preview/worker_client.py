"""The way to the process that builds (`engine/preview/worker.py`), from one that has threads."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from engine.faults import Message, ProblemError
from engine.paths import ROOT


class WorkerClient:
    """The process that builds, and that is started anew where its code has changed.

    It answers one thing after the other, whichever thread asks.
    """

    def __init__(self):
        self._turn = threading.Lock()
        self._process: subprocess.Popen | None = None

    def ask(self, **request: str) -> dict:
        """The answer of `engine.preview.worker` to a request."""
        with self._turn:
            if self._process is None:
                self._process = self._start()
            try:
                self._process.stdin.write(json.dumps(request) + "\n")
                self._process.stdin.flush()
                if line := self._process.stdout.readline():
                    return json.loads(line)
            except BrokenPipeError:
                pass
            self._end()
            problem = Message("the build process exited unexpectedly")
            fault = ProblemError(problem, Message("see the terminal"))
            return {"fault": str(fault), "findings": []}

    def restart(self) -> None:
        """Take the code as it is now."""
        with self._turn:
            self._end()

    def _start(self) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-m", "engine.preview.worker"],
            cwd=ROOT,
            env={**os.environ, "SITE_CONTENT": str(content_folder())},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # The terminal's Ctrl-C is for `serve`, which ends it with all that it started.
            start_new_session=True,
        )

    def _end(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGTERM)
            self._process.communicate()
            self._process = None


def content_folder() -> Path:
    """The folder of the texts: content/, or the one that SITE_CONTENT names."""
    return Path(os.path.abspath(os.environ.get("SITE_CONTENT") or ROOT / "content"))
