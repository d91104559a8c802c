"""What ends a test that hangs where pytest-timeout cannot.

Its exception does not stop all that waits, and a failure cancels it, so that nothing limits the
teardown that follows (`pytest_exception_interact`). Here the process prints its stacks and exits:
pytest-xdist names the test, starts another process, and the run goes on.
"""

import faulthandler
import os

import pytest

# Where the stacks go while pytest captures what is said.
_STDERR = pytest.StashKey[int]()
_TEARDOWN = "teardown_timeout"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Define the setting of pyproject.toml."""
    parser.addini(_TEARDOWN, "Seconds in which the fixtures of a test must end", default="120")


def pytest_configure(config: pytest.Config) -> None:
    """Keep what stderr is before pytest captures it."""
    config.stash[_STDERR] = os.dup(2)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item):
    """Limit the whole test."""
    mark = item.get_closest_marker("timeout")
    seconds = mark.args[0] if mark else float(item.config.getini("timeout"))
    _limit(item, seconds + float(item.config.getini(_TEARDOWN)))
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Limit the teardown anew."""
    _limit(item, float(item.config.getini(_TEARDOWN)))


def _limit(item: pytest.Item, seconds: float) -> None:
    """Let this process exit so many seconds from now."""
    faulthandler.dump_traceback_later(seconds, exit=True, file=item.config.stash[_STDERR])
