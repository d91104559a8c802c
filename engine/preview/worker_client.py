"""Start a worker process, such as `engine/preview/worker.py`, and send it requests from any thread.

A request is a line of JSON on standard input, a response a line of JSON on standard output.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import traceback

from engine.faults import Message, ProblemError
from engine.paths import ROOT, content_folder

PREVIEW_WORKER = "engine.preview.worker"


class WorkerClient:
    """The process of a module, which is restarted after a change of its code.

    Requests of several threads are answered one after the other.
    """

    def __init__(self, module: str = PREVIEW_WORKER):
        self._module = module
        self._turn = threading.Lock()
        self._process: subprocess.Popen | None = None
        self._is_closed = False

    def ask(self, name: str, *arguments: object) -> dict:
        """Call the method `name` of the worker and return its response."""
        with self._turn:
            if self._process is None and not self._is_closed:
                self._process = self._start()
            with contextlib.suppress(BrokenPipeError):
                if self._process is not None:
                    self._process.stdin.write(json.dumps({name: arguments}) + "\n")
                    self._process.stdin.flush()
                    if line := self._process.stdout.readline():
                        return json.loads(line)
            self._end()
            problem = Message("the build process exited unexpectedly")
            fault = ProblemError(problem, Message("see the terminal"))
            return {"fault": str(fault), "findings": []}

    def restart(self) -> None:
        """End the process; the next request starts one with the current code."""
        with self._turn:
            self._end()

    def close(self) -> None:
        """End the process, also while it answers, and start no other."""
        self._is_closed = True
        self._stop()
        self.restart()

    def _start(self) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-m", self._module],
            cwd=ROOT,
            env={**os.environ, "SITE_CONTENT": str(content_folder())},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # Ctrl-C at the terminal reaches only `serve`, which then ends this process.
            start_new_session=True,
        )

    def _end(self) -> None:
        if self._process is not None:
            self._stop()
            self._process.communicate()
            self._process = None

    def _stop(self) -> None:
        if process := self._process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)


def answer_requests(worker: object) -> None:
    """Answer requests until the end of the input; other output goes to standard error."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        ((name, arguments),) = json.loads(line).items()
        try:
            answer = getattr(worker, name)(*arguments)
        except Exception:  # an error of the code is shown in the page, and can be fixed
            answer = {"fault": traceback.format_exc(), "findings": []}
        print(json.dumps(answer), file=answers, flush=True)
