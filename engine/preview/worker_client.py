"""Start a worker process, such as `engine/preview/worker.py`, and send it requests from any thread.

A request is a line of JSON on standard input, with a number. A response is a line of JSON on
standard output with the same number; news of the request, which precede it, are such lines too.

    {"id": 7, "name": "build", "arguments": ["/folder"]}
    {"id": 7, "news": {"pages": ["index.html"]}}
    {"id": 7, "answer": {"fault": ""}}
"""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.faults import Message, ProblemError
from engine.paths import ROOT, content_folder

PREVIEW_WORKER = "engine.preview.worker"
# Bytes that are read at once.
CHUNK = 65536
_Listener = Callable[[dict], None]


def first_pages_folder(output: Path, file: str = "") -> Path:
    """Return the folder of pages that are ready before the site in `output`, or a file of it."""
    return output.with_name(f"{output.name}-first") / file


class WorkerClient:
    """The process of a module, which is restarted after a change of its code."""

    def __init__(self, module: str = PREVIEW_WORKER):
        self._module = module
        self._turn = threading.Lock()
        self._process: _Process | None = None

    def ask(self, name: str, *arguments: object) -> dict:
        """Call the method `name` of the worker and return its response."""
        answers = queue.SimpleQueue()
        self.send(name, *arguments, answer=answers.put)
        return answers.get()

    def send(
        self,
        name: str,
        *arguments: object,
        answer: _Listener,
        news: _Listener = lambda _news: None,
    ) -> None:
        """Call the method `name` without waiting: another thread calls `news`, then `answer`.

        If the process ends first, the answer has a fault; after `restart`, it has “stopped”.
        """
        with self._turn:
            if self._process is None or self._process.has_ended:
                self._process = _Process(self._module)
            self._process.send(name, arguments, news, answer)

    def restart(self) -> None:
        """End the process; the next request starts one with the current code."""
        with self._turn:
            process, self._process = self._process, None
        if process is not None:
            process.end()


class _Process:
    """A running worker, and the listeners of its requests by number."""

    def __init__(self, module: str):
        self._lock = threading.Lock()
        self._listeners: dict[int, tuple[_Listener, _Listener]] = {}
        self._number = 0
        self._is_stopped = False
        self.has_ended = False
        self.popen = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=ROOT,
            env={**os.environ, "SITE_CONTENT": str(content_folder())},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # Ctrl-C at the terminal reaches only `serve`, which then ends this process.
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def send(self, name: str, arguments: tuple, news: _Listener, answer: _Listener) -> None:
        with self._lock:
            self._number += 1
            request = {"id": self._number, "name": name, "arguments": arguments}
            has_ended = self.has_ended
            if not has_ended:
                self._listeners[self._number] = (news, answer)
        if has_ended:
            answer(self._end_of_answers())
            return
        # Without the lock: a process whose answers nobody reads does not read a long request. The
        # other thread notices that the process has ended, and closes the input.
        with contextlib.suppress(BrokenPipeError, ValueError):
            self.popen.stdin.write(json.dumps(request) + "\n")
            self.popen.stdin.flush()

    def end(self) -> None:
        self._is_stopped = True
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGTERM)
        self.popen.wait()
        if threading.current_thread() is not self._reader:
            self._reader.join()

    def _read(self) -> None:
        for line in self.popen.stdout:
            told = json.loads(line)
            if "news" in told:
                self._listeners[told["id"]][0](told["news"])
            else:
                with self._lock:
                    _news, answer = self._listeners.pop(told["id"])
                answer(told["answer"])
        with self._lock:
            self.has_ended = True
            waiting, self._listeners = self._listeners, {}
        self.popen.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            self.popen.stdin.close()
        self.popen.wait()
        for _news, answer in waiting.values():
            answer(self._end_of_answers())

    def _end_of_answers(self) -> dict:
        if self._is_stopped:
            return {"stopped": True, "fault": "", "findings": []}
        problem = Message("the build process exited unexpectedly")
        fault = ProblemError(problem, Message("see the terminal"))
        return {"fault": str(fault), "findings": []}


@dataclass(frozen=True)
class Request:
    """A request as the worker receives it."""

    id: int
    name: str
    arguments: list


class Requests:
    """The requests that a worker receives, in their order; other output goes to standard error."""

    def __init__(self):
        self._answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        self._incomplete = b""
        self.waiting: deque[Request] = deque()
        self.current: Request | None = None
        # Whether the client has closed the input.
        self.are_over = False

    def fileno(self) -> int:
        """Return the file descriptor of the input, for `select`."""
        return sys.stdin.fileno()

    def __iter__(self) -> Iterator[Request]:
        """Yield each request, and wait for it, until the end of the input."""
        while True:
            while not (self.waiting or self.are_over):
                self.receive()
            if not self.waiting:
                return
            yield self.waiting.popleft()

    def receive(self) -> None:
        """Add to `waiting` what the client has sent; wait if it has sent nothing."""
        data = os.read(self.fileno(), CHUNK)
        self.are_over = not data
        *lines, self._incomplete = (self._incomplete + data).split(b"\n")
        self.waiting += (Request(**json.loads(line)) for line in lines)

    def answer(self, request: Request, worker: object) -> None:
        """Call the method of the worker that a request names, and send its result."""
        outer, self.current = self.current, request
        try:
            answer = getattr(worker, request.name)(*request.arguments)
        except Exception:  # an error of the code is shown in the page, and can be fixed
            answer = {"fault": traceback.format_exc(), "findings": []}
        self.current = outer
        self._send({"id": request.id, "answer": answer})

    def tell(self, news: dict, request: Request | None = None) -> None:
        """Send news of a request, by default of the current one."""
        self._send({"id": (request or self.current).id, "news": news})

    def close(self) -> None:
        """Close the output in a fork: its end is that of the worker alone."""
        os.close(self._answers.fileno())

    def _send(self, message: dict) -> None:
        print(json.dumps(message), file=self._answers, flush=True)


def answer_requests(worker: object, requests: Requests | None = None) -> None:
    """Answer requests until the end of the input."""
    requests = requests or Requests()
    for request in requests:
        requests.answer(request, worker)
