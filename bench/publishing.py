"""Compare the errors of readers during a publication by `rsync --delete` and by `./inv publish`.

    python -m bench.publishing

sshd, rsync and nginx run on this machine; uploads are slowed to the speed of a home connection.
The rsync command is that of Pelican's quickstart, into the folder that nginx serves.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from engine.paths import ROOT
from engine.settings.publication import PublicationSettings
from tests import fake_site, ssh_server, web_server
from tests.live_reader import reading

# KiB per second, and seconds until a client or a connection is stopped.
_SPEED, _MIDWAY = 300, 2.5
_MIN_REQUESTS = 3000


@dataclass
class Way:
    """A way to publish, in a separate process, and the folder that it serves."""

    name: str
    shown: str
    command: Callable[[PublicationSettings, int], list[str]]

    def start(self, settings: PublicationSettings, version: int) -> subprocess.Popen:
        """Start the publication of a version, which is beside the server's folder."""
        return subprocess.Popen(
            self.command(settings, version),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def _plain(settings: PublicationSettings, version: int) -> list[str]:
    here = Path(settings.known_hosts).parent.parent
    shell = (
        f"ssh -F /dev/null -p {settings.port} -i {settings.key} -o BatchMode=yes "
        f"-o UserKnownHostsFile={settings.known_hosts}"
    )
    site = here / f"version-{version}" / "site"
    target = f"{settings.user}@{settings.host}:{settings.folder}"
    return ["rsync", "-e", shell, "-P", "-rvzc", "--cvs-exclude", "--delete", f"{site}/", target]


def _releases(settings: PublicationSettings, version: int) -> list[str]:
    values = json.dumps({name: str(value) for name, value in vars(settings).items()})
    return [sys.executable, "-m", "tests.publication_apart", values, "publish", str(version)]


WAYS = (
    Way("rsync --delete", ".", _plain),
    Way("./inv publish", "current", _releases),
)


def no_fault(way: Way, settings: PublicationSettings) -> str:
    """A publication without a fault."""
    return _end(way.start(settings, 2))


def killed(way: Way, settings: PublicationSettings) -> str:
    """The client is killed midway."""
    process = way.start(settings, 2)
    time.sleep(_MIDWAY)
    process.kill()
    process.wait()
    return "killed"


def cut(way: Way, settings: PublicationSettings) -> str:
    """The connection is cut midway."""
    with ssh_server.line_cut_after(settings.port, 500_000) as port:
        known = settings.known_hosts
        keys = known.read_text("utf-8")
        known.write_text(keys + keys.split("\n", 1)[0].replace(str(settings.port), str(port)))
        return _end(way.start(replace(settings, port=port), 2))


def misspelt(way: Way, settings: PublicationSettings) -> str:
    """The folder is misspelt."""
    return _end(way.start(replace(settings, folder=f"{settings.folder}-misspelt"), 2))


def two_at_once(way: Way, settings: PublicationSettings) -> str:
    """Two publish at once."""
    processes = [way.start(settings, number) for number in (2, 3)]
    return " and ".join(map(_end, processes))


def empty(way: Way, settings: PublicationSettings) -> str:
    """The build made no pages."""
    return _end(way.start(settings, 4))


def full(way: Way, settings: PublicationSettings) -> str:
    """The server's disk is full."""
    return _end(way.start(settings, 5))


FAULTS = (no_fault, killed, cut, full, misspelt, two_at_once, empty)


def _end(process: subprocess.Popen) -> str:
    return "done" if process.wait() == 0 else "refused"


@contextmanager
def _slowed(folder: Path) -> Iterator[None]:
    """Limit this machine's rsync to the speed of a home connection."""
    folder.mkdir()
    wrapper = folder / "rsync"
    real = shutil.which("rsync")
    wrapper.write_text(f'#!/bin/sh\nexec {real} --bwlimit={_SPEED} "$@"\n')
    wrapper.chmod(0o755)
    before = os.environ["PATH"]
    os.environ["PATH"] = f"{folder}:{before}"
    try:
        yield
    finally:
        os.environ["PATH"] = before


@contextmanager
def _small_disk(folder: Path) -> Iterator[None]:
    size = ["-o", "size=2300k"]
    subprocess.run(["mount", "-t", "tmpfs", *size, "tmpfs", folder], check=True)  # noqa: S607
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)  # noqa: S607


def measure(way: Way, fault: Callable[[Way, PublicationSettings], str]) -> str:
    """Describe the result and the errors of a reader in words."""
    with ExitStack() as stack:
        here = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        for name in ("ssh", "www", "nginx"):
            (here / name).mkdir()
        versions = {
            n: fake_site.make_version(here / f"version-{n}" / "site", n, weight=100_000)
            for n in (1, 2, 3)
        }
        versions[5] = fake_site.make_version(here / "version-5" / "site", 5, weight=200_000)
        fake_site.make_version(here / "version-4" / "site", 4, removed=20)
        (here / "version-4" / "site" / "index.html").write_text("")
        server = stack.enter_context(ssh_server.serving(here / "ssh"))
        if fault is full:
            stack.enter_context(_small_disk(here / "www"))
        settings = server.settings(here / "www", "http://127.0.0.1:9", patience=0)
        way.start(settings, 1).wait()
        shown = here / "www" / way.shown
        address = stack.enter_context(web_server.served(shown, here / "nginx"))
        settings = replace(settings, site_address=address, patience=10)
        published = {two_at_once: (2, 3), full: (5,)}.get(fault, (2,))
        known = [versions[number] for number in (1, *published)]
        with _slowed(here / "slow"), reading(address, known, _MIN_REQUESTS) as reader:
            outcome = fault(way, settings)
        after = "" if outcome == "done" else _state_after(address, known)
        return (
            f"{outcome}; {len(reader.broken):,} of {reader.polls:,} broken, "
            f"{reader.mixed_seconds:.1f} s mixed{after}"
        )


def _state_after(address: str, known: list[fake_site.Version]) -> str:
    with reading(address, known, 1) as later:
        pass
    return "; stays broken" if later.broken else ""


def main() -> None:
    """Print a table in Markdown."""
    print(f"| fault | {' | '.join(way.name for way in WAYS)} |")
    print("| --- | --- | --- |")
    for fault in FAULTS:
        cells = [measure(way, fault) for way in WAYS]
        print(f"| {fault.__doc__.rstrip('.')} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
