"""Test each step of a publication separately and print what to fix: `./inv doctor`."""

from collections.abc import Callable, Iterable
from http.client import HTTPException

from engine.faults import FaultsError, Message, ProblemError
from engine.publishing import releases, smoke_test
from engine.publishing.ssh import Connection
from engine.publishing.upload import find_rsync
from engine.settings.publication import PublicationSettings

# KiB, enough for a site with photos.
_MIN_FREE_KIB = 200 * 1024

# The name of a step and the function that tests it; it returns a description, or raises.
Step = tuple[object, Callable[[], object]]


def examine(settings: PublicationSettings, say: Callable[[str], None] = print) -> int:
    """Test each step and print the result; return the number of failures.

    Steps that need the connection or the folder are skipped if that fails.
    """
    failed = _run(
        [
            (Message("rsync on this machine"), _rsync),
            (Message("known host keys"), lambda: _known_hosts(settings)),
            (Message("your key"), lambda: _key(settings)),
        ],
        say,
    )
    try:
        with Connection(settings) as connection:
            found = Message("the host key is the known one, your key is accepted")
            say(_good(Message("connection"), found))
            failed += _examine_server(connection, say)
    except FaultsError as error:
        say(str(Message("BAD   {error}", error=error)))
        failed += 1
    return failed + _run([(settings.site_address, lambda: _home(settings))], say)


def _examine_server(connection: Connection, say: Callable[[str], None]) -> int:
    found = releases.read_server_state(connection)
    place = Message(
        "{folder}, live: {release}",
        folder=connection.settings.shown_folder,
        release=found.current or Message("nothing yet"),
    )
    say(_good(Message("the folder and its permissions"), place))
    return _run(
        [
            (Message("rsync on the server"), lambda: _remote_rsync(found)),
            (Message("checksums on the server"), lambda: _sums(found)),
            (Message("room on the server"), lambda: _room(found)),
            (
                Message("a switch, rehearsed aside"),
                lambda: ", ".join(connection.run("rehearse").splitlines()) or Message("done"),
            ),
        ],
        say,
    )


def _run(steps: Iterable[Step], say: Callable[[str], None]) -> int:
    failed = 0
    for name, step in steps:
        try:
            say(_good(name, step()))
        except (FaultsError, ProblemError) as error:
            failed += 1
            say(str(Message("BAD   {name}: {error}", name=name, error=error)))
    return failed


def _good(name: object, found: object) -> str:
    return str(Message("good  {name}: {found}", name=name, found=found))


def _rsync() -> Message:
    found = find_rsync()
    if found.is_openrsync:
        return Message("openrsync: it works, and sends every file; `brew install rsync` sends less")
    return Message("version {version}", version=".".join(map(str, found.version)))


def _known_hosts(settings: PublicationSettings) -> Message:
    lines = settings.known_hosts.read_text("utf-8", errors="replace").splitlines()
    keys = [line for line in lines if line.strip() and not line.startswith("#")]
    if not keys:
        raise ProblemError(
            Message("{file} holds no key", file=settings.known_hosts),
            Message("fill it with ssh-keyscan"),
        )
    return Message("{number} in {file}", number=len(keys), file=settings.known_hosts)


def _key(settings: PublicationSettings) -> object:
    if settings.key is None:
        return Message("the one that ssh finds, or its agent holds")
    if settings.key.stat().st_mode & 0o077:
        raise ProblemError(
            Message("others may read it"), Message("call chmod 600 {file}", file=settings.key)
        )
    return settings.key


def _remote_rsync(found: releases.ServerState) -> str:
    if not found.rsync:
        raise ProblemError(
            Message("it is missing"),
            Message("ask the host for it (Debian: apt-get install rsync)"),
        )
    return found.rsync


def _sums(found: releases.ServerState) -> object:
    if found.sums == "none":
        return Message(
            "no tool there: rsync compares instead, and `./inv releases --verify` cannot"
        )
    return found.sums


def _room(found: releases.ServerState) -> Message:
    if found.free is None:
        return Message("the server does not say")
    if found.free < _MIN_FREE_KIB:
        raise ProblemError(
            Message("{size} MiB are free", size=found.free // 1024),
            Message("free some more, or keep fewer releases (publication.keep)"),
        )
    return Message("{size} MiB are free", size=found.free // 1024)


def _home(settings: PublicationSettings) -> Message:
    try:
        status, _body = smoke_test.fetch(f"{settings.site_address}/")
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise ProblemError(
            Message("no answer ({reason})", reason=reason),
            Message("look at the domain's DNS records, the web server and its certificate"),
        ) from error
    if status == 404:
        return Message("404: right before the first publication, and wrong after it")
    if status != 200:
        raise ProblemError(
            Message("it answers {status}", status=status), Message("look at the web server's log")
        )
    return Message("it answers")


def main() -> int:
    """Test the server that content/site.yml names; return the exit code."""
    try:
        settings = releases.configured()
    except FaultsError as error:
        print(Message("BAD   settings, to fix first:"), error, sep="\n")
        return 1
    print(Message("good  settings"))
    failed = examine(settings)
    to_fix = Message("{number} to fix, from top to bottom", number=failed)
    print("", to_fix if failed else Message("ready to publish"), sep="\n")
    return 1 if failed else 0
