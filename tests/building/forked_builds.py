"""Run builds in forks of a process that has imported the code of the current folder.

A request is a line of JSON on standard input, a list of jobs that run at the same time; the answer
is a line of JSON on standard output, a list of outcomes: what the job said, and its exit code,
negative if it was killed.

    [{"work": "build", "environment": {"SITE_URL": "…"}, "now": "2026-06-15T12:00+00:00"}]
    [{"code": 0, "said": "…", "complaints": "…"}]

`work` is "build" or "preview"; `changed` are the files that the preview shows first. `stays` keeps
the process of the job for the later jobs with it, as `serve` keeps its worker. `kill_at` is the
number of the change of a file before which the job is killed; `write_at` is that before which it
writes `files`, as an editor may do while it runs. A job that `respects_permissions` does so for
root too. `without` names a recorded dependency that it leaves out (`dependency_patches.py`).
"""

import contextlib
import ctypes
import datetime
import gc
import itertools
import json
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TextIO
from zoneinfo import ZoneInfo

sys.path[0], own_folder = os.getcwd(), sys.path[0]
sys.path.append(own_folder)

import dependency_patches  # noqa: E402

from engine.building import fingerprint, site  # noqa: E402
from engine.preview.worker import PreviewWorker  # noqa: E402
from engine.texts import partial_dates  # noqa: E402

# What changes a file, by the name of its audit event.
_CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.link", "ctypes.dlsym"}
_PRESENT_DAY = partial_dates.present_day


def set_clock(now: str) -> None:
    """Let every module see the day of a time, with its offset from UTC."""

    moment = datetime.datetime.fromisoformat(now)

    def present_day(time_zone: str) -> datetime.date:
        return moment.astimezone(ZoneInfo(time_zone)).date()

    fingerprint.time = SimpleNamespace(time=moment.timestamp)

    for module in list(sys.modules.values()):
        for name, value in list(vars(module).items()):
            if value is _PRESENT_DAY or getattr(value, "__name__", "") == "present_day":
                setattr(module, name, present_day)


def call_at(number: int, action: Callable[[], None]) -> None:
    """Call `action` before the change of a file with this number."""
    count = itertools.count(1)

    def watch(event: str, arguments: tuple) -> None:
        writes = event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if (writes or event in _CHANGES) and next(count) == number:
            action()

    sys.addaudithook(watch)


def respect_permissions() -> None:
    """Let root be refused what the permissions of files refuse: drop the capability to ignore them.

    The structures are those of capset(2), for Linux.
    """
    if sys.platform != "linux" or os.geteuid():
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    if libc.capget(header, data):
        raise OSError(ctypes.get_errno(), "capget")
    data[0] &= ~0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    if libc.capset(header, data):
        raise OSError(ctypes.get_errno(), "capset")


def write_files(files: dict[str, str]) -> None:
    """Write files below the current folder."""
    for name, text in files.items():
        Path(name).write_text(text, "utf-8")


def do_once(job: dict) -> int:
    """Do a job in this process, which ends with it; return its exit code."""
    worker = PreviewWorker()
    try:
        return do(job, worker)
    finally:
        worker.close()


def do(job: dict, worker: PreviewWorker) -> int:
    """Do a job in this process; print what it says and return its exit code."""
    os.environ.clear()
    os.environ.update(job["environment"])
    set_clock(job["now"])
    if job.get("without"):
        dependency_patches.PATCHES[job["without"]]()
    if job.get("respects_permissions"):
        respect_permissions()
    if job.get("kill_at"):
        # With its forks.
        call_at(job["kill_at"], lambda: os.killpg(0, signal.SIGKILL))
    if job.get("write_at"):
        call_at(job["write_at"], lambda: write_files(job["files"]))
    if job["work"] == "build":
        return site.main()
    answer = worker.build(os.environ["SITE_OUTPUT"], changed=job.get("changed", ()))
    print(answer["fault"] or json.dumps(answer["texts"], indent=1, sort_keys=True))
    return 1 if answer["fault"] else 0


def start(work: Callable[[], int], said: TextIO, complaints: TextIO) -> int:
    """Start work in a fork, whose exit code it returns; return the number of the process."""
    process = os.fork()
    if process:
        return process
    # A kill reaches the forks of the work too.
    os.setsid()
    code = 1
    try:
        os.dup2(said.fileno(), 1)
        os.dup2(complaints.fileno(), 2)
        code = work()
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


class StayingWorker:
    """A process that does one job after the other, with one PreviewWorker."""

    def __init__(self):
        reading, writing = os.pipe()
        answers, answering = os.pipe()

        def answer() -> int:
            os.close(writing)
            worker = PreviewWorker()
            for line in os.fdopen(reading):
                print(do(json.loads(line), worker), "\0", sep="\n", flush=True)
            worker.close()
            return 0

        with os.fdopen(answering, "w") as said:
            self._process = start(answer, said, sys.stderr)
        os.close(reading)
        self._jobs, self._answers = os.fdopen(writing, "w"), os.fdopen(answers)

    def do(self, job: dict) -> dict:
        print(json.dumps(job), file=self._jobs, flush=True)
        lines = []
        while (line := self._answers.readline()) != "\0\n":
            if not line:
                raise EOFError("the process that stays has ended")
            lines.append(line)
        return {"code": int(lines.pop()), "said": "".join(lines), "complaints": ""}

    def end(self) -> None:
        self._jobs.close()
        self._answers.close()
        os.waitpid(self._process, 0)


def do_all(jobs: list[dict]) -> list[dict]:
    """Do jobs at the same time, each in a fork; return the outcomes."""
    with contextlib.ExitStack() as files:
        started = []
        for job in jobs:
            outputs = [files.enter_context(tempfile.TemporaryFile("w+")) for _ in range(2)]
            started.append((start(partial(do_once, job), *outputs), outputs))
        outcomes = []
        for process, outputs in started:
            code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
            for file in outputs:
                file.seek(0)
            said, complaints = (file.read() for file in outputs)
            outcomes.append({"code": code, "said": said, "complaints": complaints})
        return outcomes


def main() -> None:
    """Answer requests until the end of the input."""
    gc.freeze()
    staying = None
    for line in sys.stdin:
        jobs = json.loads(line)
        if jobs[0].get("stays"):
            staying = staying or StayingWorker()
            outcomes = [staying.do(jobs[0])]
        else:
            outcomes = do_all(jobs)
        print(json.dumps(outcomes), flush=True)
    if staying:
        staying.end()


if __name__ == "__main__":
    main()
