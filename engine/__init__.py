"""Build, check and publish the site around Pelican: one folder for each step.

A command whose output nobody reads any more, as in `./inv check | head -1`, ends like any program
of the system: quietly, by the signal SIGPIPE. Python ignores that signal, since a server must
outlive its readers, and each print raises an exception instead.
"""

import atexit
import os
import sys


def _is_unread() -> bool:
    """Whether the reader of the output or of the messages is gone."""
    # Few processes come here, and each would load it.
    import select  # noqa: PLC0415

    outputs = select.poll()
    for number in (1, 2):
        outputs.register(number, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _number, event in outputs.poll(0))


class _Ending:
    """How this process ends."""

    is_unread = False

    def report(self, kind: type[BaseException], error: BaseException, trace: object) -> None:
        """Print an exception, unless it says that nobody reads."""
        if issubclass(kind, BrokenPipeError) and _is_unread():
            self.is_unread = True
        else:
            sys.__excepthook__(kind, error, trace)

    def end(self) -> None:
        """End by the signal if words could not be written."""
        try:
            for stream in filter(None, (sys.stdout, sys.stderr)):
                stream.flush()
        except BrokenPipeError:
            self.is_unread = _is_unread()
        if self.is_unread:
            import signal  # noqa: PLC0415 - as above

            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGPIPE)


_ending = _Ending()
sys.excepthook = _ending.report
# The first that is registered is the last that runs.
atexit.register(_ending.end)
