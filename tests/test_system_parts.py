"""What the test command brings along on a machine that holds Python and git alone."""

import dataclasses
import os
import subprocess
import sys

import pytest

from tests import system_parts
from tests.sites import ROOT


def test_a_browser_whose_driver_lacks_a_library_is_installed_with_it(monkeypatch, tmp_path):
    called = []
    part = dataclasses.replace(
        system_parts.PARTS["chromium"], commands=("sh",), library="libabsent.so.9"
    )
    monkeypatch.setitem(system_parts.PARTS, "chromium", part)
    monkeypatch.setattr(system_parts, "_is_debian_root", lambda: True)
    monkeypatch.setattr(system_parts, "_run", lambda *command: called.append(command) or "")
    monkeypatch.setattr(system_parts.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.delenv(system_parts._RUN, raising=False)
    missing = system_parts.ensure(["chromium"])
    assert [command[-2:] for command in called if "install" in command] == [
        ("chromium", "libatomic1")
    ]
    assert "install chromium libatomic1" in missing["chromium"]


def test_node_and_npm_come_with_the_test_packages(tmp_path):
    def version(program: str) -> str:
        return subprocess.run(
            [program, "--version"],
            env={"PATH": str(tmp_path), "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    # The Observatory's package asks for Node 20.
    assert int(version(system_parts.NODE).removeprefix("v").split(".")[0]) >= 20
    assert version(system_parts.NPM)


@pytest.mark.slow
def test_a_test_that_hangs_is_stopped_and_named(tmp_path):
    settings = (ROOT / "pyproject.toml").read_text("utf-8")
    (limit,) = (line for line in settings.splitlines() if line.startswith("timeout = "))
    (tmp_path / "pyproject.toml").write_text(settings.replace(limit, "timeout = 1"), "utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_a.py").write_text(
        "import subprocess\n\n\ndef test_waits():\n    subprocess.run(['sleep', '60'])\n\n\n"
        "def test_goes_on():\n    pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "1", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if "PYTEST" not in name},
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert done.returncode == 1
    assert "FAILED tests/test_a.py::test_waits - Failed: Timeout" in done.stdout
    assert "1 failed, 1 passed" in done.stdout
