"""Send a built site to the server by the system's rsync, beside the live one."""

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

    openrsync compares by date and size only and makes no hard links: with it every file is sent,
    and each release takes its whole room on the server.
    """

    version: tuple[int, int]

    @property
    def is_openrsync(self) -> bool:
        """Whether it is the one that knows few options."""
        return self.version == (0, 0)

    def options(self, live: str | None, *, progress: bool) -> list[str]:
        """How to copy beside the release `live`. Dates stay out: they would defeat hard links."""
        if self.is_openrsync:
            return ["-rlp"]
        # The permissions are those of the files here, 0644 and 0755, and remote.sh sets them again.
        chosen = ["-rlpcz", "--delete"]
        if live:
            chosen.append(f"--link-dest=../../{live}")
        if progress and self.version >= (3, 1):
            chosen.append("--info=progress2")
        return chosen


def find_rsync() -> Rsync:
    """The rsync that is called. Raises FaultsError if there is none."""
    try:
        done = subprocess.run(
            ["rsync", "--version"],  # noqa: S607 - the system's, wherever it is
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
        problem = Message("rsync does not tell its version ({said})", said=said.strip()[:80])
        raise FaultsError(Fault(str(Message("this machine")), None, "rsync", problem, _INSTALL))
    return Rsync((int(found[1]), int(found[2])))


def upload(connection: Connection, rsync: Rsync, release: Path, live: str | None) -> None:
    """Copy a release folder (`site/`, `manifest`) to the server's folder of this connection.

    Raises FaultsError.
    """
    progress = sys.stdout.isatty()
    options = rsync.options(live, progress=progress)
    _run(connection, options, release, None if progress else subprocess.DEVNULL)


def differing(connection: Connection, rsync: Rsync, release: Path) -> list[str]:
    """The files that rsync itself finds other on the server, where that has no tool for sha256."""
    if rsync.is_openrsync:
        problem = Message("neither the server has a tool for sha256, nor this machine a full rsync")
        raise FaultsError(Fault(connection.settings.place, None, "sha256", problem, _INSTALL))
    options = ["-rlcn", "--delete", "--out-format=%n"]
    lines = _run(connection, options, release, subprocess.PIPE).splitlines()
    return [line for line in lines if line and not line.endswith("/")]


def _run(connection: Connection, options: list[str], release: Path, stdout: int | None) -> str:
    target = f"{SITE}:{connection.settings.state}/.tmp-{connection.token}/release/"
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
    return FaultsError(Fault(connection.settings.place, None, "upload", problem, remedy))
