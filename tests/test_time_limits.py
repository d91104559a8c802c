"""A test that hangs is named, and those after it are run."""

import os
import re
import subprocess
import sys

import pytest

from tests import sites

TESTS = """
import time
import pytest

def wait():
    while True:
        try:
            time.sleep(60)
        except BaseException:
            pass

@pytest.fixture
def waiting():
    yield
    wait()

def test_stopped(): time.sleep(60)
def test_not_stopped(): wait()
def test_failed_then_hangs(waiting): assert False
def test_later(): pass
"""


@pytest.mark.slow
def test_a_test_that_hangs_is_named_and_those_after_it_are_run(tmp_path):
    settings = (sites.ROOT / "pyproject.toml").read_text("utf-8")
    settings, limits = re.subn(r"^(teardown_timeout|timeout) = .*", r"\1 = 1", settings, flags=re.M)
    assert limits == 2
    sites.write(tmp_path, {"tests/test_hanging.py": TESTS, "pyproject.toml": settings})
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n1", "-ptests.time_limits", "-pno:cacheprovider"],
        cwd=tmp_path,
        env={
            **{name: value for name, value in os.environ.items() if "PYTEST" not in name},
            "PYTHONPATH": str(sites.ROOT),
        },
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    said = sorted(
        re.findall(r"^FAILED tests/test_hanging.py::(\w+) - (\w+)", done.stdout, re.MULTILINE)
    )
    assert said == [
        ("test_failed_then_hangs", "assert"),
        ("test_failed_then_hangs", "worker"),
        ("test_not_stopped", "worker"),
        ("test_stopped", "Failed"),
    ], done.stdout
    assert "1 passed" in done.stdout
    assert "in wait\n" in done.stderr, "the stacks are printed"
