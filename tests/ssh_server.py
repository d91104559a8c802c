"""A real sshd on this machine, without root, that ends with the block that started it."""

import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from getpass import getuser
from pathlib import Path

from engine.settings.publication import PublicationSettings
from tests.system_parts import PARTS
from tests.web_server import HOST, free_port, running

# The parts of the system that it needs.
NEEDS = ("ssh", "sshd", "rsync")
# With SHLVL, bash does not read the ~/.bashrc of whoever runs the tests (bash(1), INVOCATION: "the
# remote shell daemon"): what is there may take ten times as long as the command.
_CONFIGURATION = """
ListenAddress {host}:{port}
ListenAddress [::1]:{port}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/key.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
MaxStartups 100
MaxSessions 100
SetEnv PATH="{path}" SHLVL=1
"""


@dataclass(frozen=True)
class Server:
    """A running sshd, at ::1 too if there is IPv6.

    `first` is a folder that its sessions look for commands in before others.
    """

    folder: Path
    port: int
    first: Path

    def settings(self, folder: Path, site_address: str, **changed) -> PublicationSettings:
        """Settings that publish into a folder of this machine."""
        values = {
            "site_address": site_address,
            "host": HOST,
            "user": getuser(),
            "folder": str(folder),
            "known_hosts": self.folder / "known_hosts",
            "port": self.port,
            "key": self.folder / "key",
            "patience": 3,
        }
        return PublicationSettings(**values | changed)

    def know(self, port: int) -> None:
        """Let the client know this server at another port too, such as a line that can be cut."""
        known = self.folder / "known_hosts"
        key = (self.folder / "host_key.pub").read_text()
        known.write_text(f"{known.read_text()}[{HOST}]:{port} {key}")


def make_key(path: Path) -> None:
    """A key pair without a passphrase: `path` and `path`.pub."""
    quiet = ["-q", "-t", "ed25519", "-N", "", "-f", path]
    subprocess.run([PARTS["ssh-keygen"].find(), *quiet], check=True)


@contextmanager
def serving(folder: Path, path: str | None = None) -> Iterator[Server]:
    """A server with keys of its own in an empty folder; `path` is where its sessions look."""
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    make_key(folder / "host_key")
    make_key(folder / "key")
    first = folder / "first"
    first.mkdir()
    port = free_port()
    known = (folder / "host_key.pub").read_text()
    (folder / "known_hosts").write_text(f"[{HOST}]:{port},[::1]:{port} {known}")
    search = path or f"{first}:{os.environ['PATH']}"
    configuration = folder / "sshd_config"
    configuration.write_text(
        _CONFIGURATION.format(host=HOST, port=port, folder=folder, path=search)
    )
    command = [PARTS["sshd"].find(), "-D", "-e", "-f", configuration]
    with running(command, folder, port):
        yield Server(folder, port, first)


@contextmanager
def line_cut_after(port: int, sent: int) -> Iterator[int]:
    """A port that leads to `port` until the client has sent so many bytes: then all is cut."""
    listener = socket.create_server((HOST, 0))
    ends: list[socket.socket] = []
    count = 0

    def pass_on(source: socket.socket, target: socket.socket, counted: bool) -> None:
        nonlocal count
        with suppress(OSError):
            while chunk := source.recv(8192):
                if counted:
                    count += len(chunk)
                    if count > sent:
                        break
                target.sendall(chunk)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _address = listener.accept()
                server = socket.create_connection((HOST, port))
                ends.extend((client, server))
                for pair in ((client, server, True), (server, client, False)):
                    threading.Thread(target=pass_on, args=pair, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        for each in (listener, *ends):
            each.close()
