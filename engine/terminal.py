"""Ask at the terminal, let one run of a command in, and turn its errors into an exit code."""

import contextlib
import errno
import fcntl
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from engine.faults import Fault, FaultsError, Message, system_reason

# A full disk, or a file that this user may not change: no mistake of the program.
_OF_THE_DISK = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG),
    *(errno.EACCES, errno.EPERM, errno.EROFS),
}


def confirm(question: object) -> bool:
    """Ask a question, which ends in “[y/N] ”, at the terminal; Ctrl-D is a no."""
    try:
        answer = input(question)
    except EOFError:
        return False
    return answer.strip().lower() in ("y", "yes", "o", "oui")


def end_by_interrupt() -> None:
    """Raise KeyboardInterrupt at Ctrl-C, at `kill` and at the end of the session."""
    # A shell starts a background command with SIGINT ignored, which Python inherits.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    # nohup ignores SIGHUP: keep that.
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, signal.default_int_handler)


def exit_code(command: Callable[[], None], interrupted: object) -> int:
    """Run a command: 0, or 1 with its faults printed, or 130 with a sentence after Ctrl-C."""
    try:
        command()
    except FaultsError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno not in _OF_THE_DISK:
            raise
        problem = Message("it cannot be read or written ({reason})", reason=system_reason(error))
        remedy = Message("free some room, or fix its permissions, then call again")
        place = str(error.filename or Message("this machine"))
        print(Fault(place, None, "disk", problem, remedy), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        # Without a sentence, the prompt gets a line of its own all the same.
        print(interrupted, file=sys.stderr if interrupted else sys.stdout)
        return 130
    return 0


@contextlib.contextmanager
def locked(folder: Path, command: str, problem: Message) -> Iterator[None]:
    """Let one run of a command into a folder. Raises FaultsError with `problem` if another runs."""
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        remedy = Message("wait until it ends")
        raise FaultsError(Fault(command, None, command, problem, remedy)) from None
    finally:
        os.close(lock)
