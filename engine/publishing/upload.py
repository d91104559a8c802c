"""Upload a release by the system's rsync, into a folder beside the live one."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from engine.faults import Fault, FaultsError, Message
from engine.publishing.ssh import SITE, Connection

_INSTALL = Message("install it (Debian: apt-get install rsync; macOS: brew install rsync)")


@dataclass(frozen=True)
class Rsync:
    """The rsync of this machine; `version` is (0, 0) for openrsync, which macOS has since 2025.

    openrsync compares only dates and sizes and makes no hard links. With it, every file is sent and
    releases share no disk space on the server.
    """

    version: tuple[int, int]

    @property
    def is_openrsync(self) -> bool:
        """Whether it is openrsync, which has fewer options."""
        return self.version == (0, 0)

    def options(self, live: str | None, *, progress: bool) -> list[str]:
        """Return the options to copy beside the release `live`.

        Dates are not copied: files with different dates cannot share a hard link.
        """
        if self.is_openrsync:
            return ["-rlp"]
        # remote.sh sets the permissions again, to 0644 and 0755.
        chosen = ["-rlpcz", "--delete"]
        if live:
            chosen.append(f"--link-dest=../../{live}")
        if progress and self.version >= (3, 1):
            chosen.append("--info=progress2")
        return chosen


def find_rsync() -> Rsync:
    """Find the rsync of this machine. Raises FaultsError if there is none."""
    try:
        done = subprocess.run(
            ["rsync", "--version"],  # noqa: S607 - the first in PATH
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except FileNotFoundError:
        problem = Message("rsync is missing")
        raise FaultsError(
            Fault(str(Message("this machine")), None, "rsync", problem, _INSTALL)
        ) from None
    said = done.stdout + done.stderr
    if "openrsync" in said:
        return Rsync((0, 0))
    found = re.search(r"rsync\s+version v?(\d+)\.(\d+)", said)
    if not found:
        problem = Message("rsync does not say its version ({said})", said=said.strip()[:80])
        raise FaultsError(Fault(str(Message("this machine")), None, "rsync", problem, _INSTALL))
    return Rsync((int(found[1]), int(found[2])))


def upload(connection: Connection, rsync: Rsync, release: Path, live: str | None) -> None:
    """Copy a release folder (`site/`, `manifest`) to the server's folder of this connection.

    Raises FaultsError.
    """
    progress = sys.stdout.isatty()
    options = rsync.options(live, progress=progress)
    _run(connection, options, release, None if progress else subprocess.DEVNULL)


def differing_files(connection: Connection, rsync: Rsync, release: Path) -> list[str]:
    """Return the files that differ on the server, by rsync: for a server without sha256."""
    if rsync.is_openrsync:
        problem = Message("neither the server has a tool for sha256, nor this machine a full rsync")
        raise FaultsError(
            Fault(connection.settings.shown_folder, None, "sha256", problem, _INSTALL)
        )
    options = ["-rlcn", "--delete", "--out-format=%n"]
    lines = _run(connection, options, release, subprocess.PIPE).splitlines()
    return [line for line in lines if line and not line.endswith("/")]


def _run(connection: Connection, options: list[str], release: Path, stdout: int | None) -> str:
    target = f"{SITE}:{connection.settings.releases_folder}/.tmp-{connection.token}/release/"
    done = subprocess.run(
        ["rsync", *options, "-e", connection.rsync_shell, f"{release}/", target],  # noqa: S607
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise _error(connection, done.stderr, done.returncode)
    return done.stdout or ""


def _error(connection: Connection, said: str, code: int) -> FaultsError:
    if re.search(r"No space left|Disk quota exceeded", said):
        problem, remedy = Message("the server's disk is full"), Message("free some room there")
    elif re.search(r"rsync: (command )?not found|not found: rsync", said):
        problem, remedy = Message("the server has no rsync"), Message("install it there")
    elif re.search(r"Permission denied \(13\)", said):
        problem = Message("the folder may not be written to")
        remedy = Message("fix its permissions there")
    elif lines := said.strip().splitlines():
        problem = Message("it was cut short ({said})", said=" / ".join(lines[-2:]))
        remedy = Message("call again")
    else:
        problem = Message("it was cut short (rsync ended with code {code})", code=code)
        remedy = Message("call again")
    return FaultsError(Fault(connection.settings.shown_folder, None, "upload", problem, remedy))
