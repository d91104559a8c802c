"""An update, in a process of its own, that a signal ends at a given step."""

import os
import signal
import sys
from pathlib import Path

from engine.versions import update
from tests import sites

# https://docs.python.org/3/library/audit_events.html
_STEPS = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "subprocess.Popen", "shutil.rmtree")


def run(folder: Path, step: int, by: str = "SIGKILL") -> int:
    """The exit code of an update that is sent a signal before its step of that number.

    Steps are files that are removed or renamed and processes that are started, while what undoes
    the update is there.
    """
    arguments = (dict(os.environ), folder, step, by)
    process = sites._FORKS.Process(target=_update, args=arguments)
    process.start()
    process.join()
    return process.exitcode


def _update(environment: dict[str, str], folder: Path, step: int, by: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    left, begun = [step], []

    def count(event: str, arguments: tuple) -> None:
        if event == "os.rename" and str(arguments[1]).endswith("recover"):
            begun.append(event)
        elif event == "os.remove" and str(arguments[0]).endswith("recover"):
            begun.clear()
        if begun and event in _STEPS:
            left[0] -= 1
            if left[0] == -1:
                os.kill(os.getpid(), getattr(signal, by))

    sys.addaudithook(count)
    sys.exit(update.main(folder))
