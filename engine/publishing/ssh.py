"""Connect to the server by the system's ssh, with a known host key, and run remote.sh there.

ssh gets its settings from a file, and the server's shell gets quoted arguments, so that no value
runs as a command. ~/.ssh/config is not read: a publication works alike for every user.
"""

import re
import secrets
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from engine.faults import Fault, FaultsError, Message
from engine.settings.publication import PublicationSettings

REMOTE_SCRIPT = Path(__file__).with_name("remote.sh")
# The server's name in the settings file of ssh.
SITE = "site"
_SECONDS = 600

# Code of a refusal of remote.sh -> the problem and the remedy, made from its values.
_REFUSALS: dict[str, Callable[..., tuple[Message, Message]]] = {
    "no-folder": lambda folder: (
        Message("there is no folder {folder}", folder=folder),
        Message("make it, or fix the setting"),
    ),
    "folder-not-writable": lambda folder, user: (
        Message("the folder {folder} may not be written to", folder=folder),
        Message("give it to {user}, as root: chown {user} {folder}", folder=folder, user=user),
    ),
    "current-is-no-link": lambda path: (
        Message("{path} is no link", path=path),
        Message("move it away, and point the web server to the link that will be there"),
    ),
    "current-leads-elsewhere": lambda path, target: (
        Message("{path} leads to {target}, no release of this site", path=path, target=target),
        Message("rename it, once sure that nothing needs it, or name another folder"),
    ),
    "foreign-htaccess": lambda file: (
        Message("{file} is not one of ours", file=file),
        Message("rename it, once sure that nothing needs it"),
    ),
    "foreign-files": lambda folder, number, files, kept: (
        Message(
            "the publication would replace files that no publication put into {folder}: {number} "
            "in all, such as {files}",
            folder=folder,
            number=number,
            files=files,
        ),
        Message(
            "look at them; then move them away, or call `./inv publish --replace-files`, which "
            "keeps them in {folder}",
            folder=kept,
        ),
    ),
    "in-the-way": lambda folder, number, files, _kept: (
        Message(
            "the release would replace files that no publication put into {folder}: {number} in "
            "all, such as {files}",
            folder=folder,
            number=number,
            files=files,
        ),
        Message("look at them, then move them away"),
    ),
    "files-not-kept": lambda folder: (
        Message("the files to replace could not be kept in {folder}", folder=folder),
        Message("free some room, or fix their permissions"),
    ),
    "files-still-kept": lambda folder: (
        Message("files that the publication has replaced are still in {folder}", folder=folder),
        Message("look at what is in their place, then copy them back"),
    ),
    "mixed": lambda folder, kept: (
        Message("the switch has failed, and {folder} has files of two versions", folder=folder),
        Message(
            "call `./inv doctor`, then publish again; what was replaced is in {kept}", kept=kept
        )
        if kept
        else Message("call `./inv doctor`, then publish again"),
    ),
    "state-not-made": lambda folder: (
        Message("{folder} cannot be made", folder=folder),
        Message("fix the permissions of the folder that it stands in"),
    ),
    "state-not-writable": lambda folder, user: (
        Message("{folder} cannot be written to", folder=folder),
        Message("give it to {user}, as root: chown -R {user} {folder}", folder=folder, user=user),
    ),
    "nothing-written": lambda folder: (
        Message("nothing can be written to {folder} (is the disk full?)", folder=folder),
        Message("free some room"),
    ),
    "locked": lambda: (
        Message("another publication is at this step"),
        Message("wait for it, then call again"),
    ),
    "lock-not-made": lambda folder: (
        Message("the lock {folder} cannot be made (is the disk full?)", folder=folder),
        Message("free some room"),
    ),
    "live-changed": lambda old, new: (
        Message("the live site was changed meanwhile, from “{old}” to “{new}”", old=old, new=new),
        Message("call again, and look at what would change now"),
    ),
    "upload-not-whole": lambda: (Message("the upload is not whole"), Message("publish again")),
    "upload-gone": lambda: (Message("the upload is gone"), Message("publish again")),
    "files-not-carried": lambda: (
        Message("files of the live release could not be kept (is the disk full?)"),
        Message("free some room"),
    ),
    "release-not-moved": lambda folder: (
        Message("the release cannot be moved to {folder}", folder=folder),
        Message("fix the permissions"),
    ),
    "not-switched": lambda: (
        Message("the site could not be switched, the old one stays"),
        Message("call `./inv doctor`"),
    ),
    "not-restored": lambda: (
        Message("the site could not be switched"),
        Message("call `./inv doctor`"),
    ),
    "no-release": lambda release: (
        Message("there is no release {release}", release=release),
        Message("call `./inv releases`"),
    ),
    "release-damaged": lambda release, files: (
        Message("the release {release} is damaged: {files}", release=release, files=files),
        Message("choose another one"),
    ),
    "release-is-live": lambda release: (
        Message("the release {release} is the live one", release=release),
        Message("roll back first"),
    ),
    "link-not-replaced": lambda: (
        Message("a link cannot be replaced in one step here"),
        Message("use the mode htaccess or inplace"),
    ),
    "no-command": lambda command: (
        Message("no command {command}", command=command),
        Message("update the project"),
    ),
}
# Pattern of an error of ssh, problem, remedy.
_SSH_ERRORS = (
    (
        r"REMOTE HOST IDENTIFICATION HAS CHANGED|Host key verification failed"
        r"|No \S+ host key is known|host key .* has changed",
        Message(
            "the server does not show the key that content/known_hosts holds: it may be an impostor"
        ),
        Message("ask the host whether its key changed; only then write the new one into the file"),
    ),
    (
        r"Permission denied \(",
        Message("the server does not accept your key"),
        Message(
            "give the host your public key (~/.ssh/id_ed25519.pub), "
            "or name another (publication.key)"
        ),
    ),
    (
        r"Could not resolve hostname",
        Message("the name of the server is not known"),
        Message("look for a slip in publication.host, and whether this machine is online"),
    ),
    (
        r"Connection refused|Connection timed out|Operation timed out|No route to host|unreachable",
        Message("the server does not answer"),
        Message(
            "look at publication.host and publication.port, and whether this machine is online"
        ),
    ),
    (
        r"UNPROTECTED PRIVATE KEY",
        Message("others may read your private key, and ssh refuses it"),
        Message("call chmod 600 on the file of the key"),
    ),
    (
        r"bad permissions|invalid format|error in libcrypto",
        Message("the file of the private key cannot be read"),
        Message("name the private key, not the .pub one, in publication.key"),
    ),
)


def quoted(arguments: list[str]) -> str:
    """Quote arguments for the server's shell."""
    return " ".join(shlex.quote(argument) for argument in arguments)


def configuration(settings: PublicationSettings, folder: Path, *, asks: bool) -> str:
    """Return the settings file of ssh; `asks` lets ssh ask for a passphrase."""
    lines = [
        f"Host {SITE}",
        f"HostName {settings.host}",
        f"User {settings.user}",
        f"Port {settings.port}",
        f'UserKnownHostsFile "{_literal(settings.known_hosts)}"',
        "GlobalKnownHostsFile /dev/null",
        "StrictHostKeyChecking yes",
        "UpdateHostKeys no",
        "ForwardAgent no",
        # The path of a socket has at most 104 bytes on macOS, 108 on Linux.
        f"ControlPath {folder}/s",
        "ConnectTimeout 15",
        "ServerAliveInterval 10",
        "ServerAliveCountMax 3",
        f"BatchMode {'no' if asks else 'yes'}",
    ]
    if settings.key:
        lines += [f'IdentityFile "{_literal(settings.key)}"', "IdentitiesOnly yes"]
    return "\n".join(lines) + "\n"


def _literal(path: Path) -> str:
    return str(path.resolve()).replace("%", "%%")


class Connection:
    """A connection, open during its `with` block.

    At its end, even if this process is killed, the server removes an upload under `token` that was
    not activated.
    """

    def __init__(self, settings: PublicationSettings):
        self.settings = settings
        self.token = secrets.token_hex(8)
        self.holder = ""
        self._master: subprocess.Popen | None = None
        self._errors: IO[str] | None = None

    def __enter__(self) -> Self:
        # The path of macOS's own temporary folder is too long for a socket.
        self._folder = Path(tempfile.mkdtemp(prefix="publish-", dir="/tmp"))
        self.configuration = self._folder / "ssh_config"
        text = configuration(self.settings, self._folder, asks=sys.stdin.isatty())
        self.configuration.write_text(text, encoding="utf-8")
        try:
            self._open()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _open(self) -> None:
        if not shutil.which("ssh"):
            problem = Message("ssh is missing")
            remedy = Message("install it (Debian: apt-get install openssh-client)")
            raise FaultsError(Fault(str(Message("this machine")), None, "ssh", problem, remedy))
        self._errors = (self._folder / "said").open("w+", encoding="utf-8", errors="replace")
        self._master = subprocess.Popen(
            [*self._ssh("-M"), SITE, self._remote("hold", self.token)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            start_new_session=not sys.stdin.isatty(),
        )
        with suppress(BrokenPipeError):  # ssh has ended, with an error that is read below
            self._master.stdin.write(REMOTE_SCRIPT.read_text("utf-8"))
            self._master.stdin.flush()
        said = self._master.stdout.readline()
        if not said:
            self._master.wait()
            self._errors.seek(0)
            raise self.error(self._errors.read())
        if not said.startswith("holding "):
            problem = Message("the server's shell prints “{said}” by itself", said=said.strip())
            remedy = Message(
                "if a file such as ~/.bashrc prints it there, let it do so only in a terminal "
                "([ -t 1 ]); else ask the host for a shell by ssh"
            )
            raise FaultsError(Fault(self.settings.shown_folder, None, "shell", problem, remedy))
        self.holder = said.split()[1]

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._master:
            if not self.holder:  # ssh waits for a server, which may not answer
                self._master.terminate()
            elif kind is None or issubclass(kind, Exception):
                # Not after Ctrl-C: what it has interrupted may go on at the server.
                with suppress(BrokenPipeError):
                    self._master.stdin.write("over\n")
                    self._master.stdin.flush()
            for end in (self._master.stdin, self._master.stdout):
                with suppress(BrokenPipeError):
                    end.close()
            try:
                self._master.wait(15)
            except subprocess.TimeoutExpired:
                self._master.kill()
                self._master.wait()
        if self._errors:
            self._errors.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _ssh(self, *options: str) -> list[str]:
        return ["ssh", "-F", str(self.configuration), "-T", *options]

    def _remote(self, command: str, *arguments: str) -> str:
        settings = self.settings
        names = [command, settings.mode, settings.folder, settings.releases_folder, *arguments]
        return quoted(["sh", "-s", "--", *names])

    @property
    def rsync_shell(self) -> str:
        """The value of rsync's option -e; no word of it needs quotes."""
        return f"ssh -F {self.configuration}"

    def run(self, command: str, *arguments: str, manifest: str = "") -> str:
        """Run a command of remote.sh and return its output. Raises FaultsError.

        The command reads `manifest` on its standard input.
        """
        script = REMOTE_SCRIPT.read_text("utf-8")
        if manifest:
            # No line of a manifest is “END”.
            script = f"{script.rstrip()} <<'END'\n{manifest}END\n"
        try:
            done = subprocess.run(
                [*self._ssh(), SITE, self._remote(command, *arguments)],
                input=script,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise self.error("Connection timed out") from None
        if done.returncode:
            raise self.error(done.stderr)
        return done.stdout

    def error(self, said: str) -> FaultsError:
        """Convert an error of ssh or remote.sh to a fault."""
        place = self.settings.shown_folder
        if refused := re.search(r"^refused: (.*?)\x1e", said, re.MULTILINE | re.DOTALL):
            code, *values = refused[1].split("\x1f")
            # A value with several lines is a list.
            problem, remedy = _REFUSALS[code](*(", ".join(value.splitlines()) for value in values))
            return FaultsError(Fault(place, None, "server", problem, remedy))
        for pattern, problem, remedy in _SSH_ERRORS:
            if re.search(pattern, said):
                return FaultsError(Fault(place, None, "connection", problem, remedy))
        last = " / ".join(said.split("\n")[-3:]).strip(" /")
        problem = Message("the connection ended ({said})", said=last)
        remedy = Message("call again; if it stays so, call `./inv doctor`")
        return FaultsError(Fault(place, None, "connection", problem, remedy))
