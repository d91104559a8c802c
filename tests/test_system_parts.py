"""What the test command brings along on a machine that holds Python and git alone."""

import dataclasses
import subprocess

from tests import system_parts


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
        ("chromium-headless-shell", "libatomic1")
    ]
    assert "install chromium-headless-shell libatomic1" in missing["chromium"]


def test_a_browser_without_a_window_is_installed_beside_one_with_it(monkeypatch, tmp_path):
    called = []
    part = dataclasses.replace(system_parts.PARTS["chromium"], commands=("absent", "sh"))
    monkeypatch.setitem(system_parts.PARTS, "chromium", part)
    monkeypatch.setattr(system_parts, "_is_debian_root", lambda: True)
    monkeypatch.setattr(system_parts, "_run", lambda *command: called.append(command) or "")
    monkeypatch.setattr(system_parts.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.delenv(system_parts._RUN, raising=False)
    assert system_parts.ensure(["chromium"]) == {}
    assert any("chromium-headless-shell" in command for command in called)
    called.clear()
    monkeypatch.setattr(system_parts, "_is_debian_root", lambda: False)
    assert system_parts.ensure(["chromium"]) == {}
    assert called == []


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
