"""List, activate, restore and remove the releases on the server, by the commands of remote.sh."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from engine.faults import Fault, FaultsError, Message
from engine.publishing.manifest import Manifest, format_manifest, parse_manifest
from engine.publishing.smoke_test import wait_until_live
from engine.publishing.ssh import Connection
from engine.serving.response_headers import FINGERPRINTED
from engine.settings import publication as publish_settings
from engine.settings.site_settings import read_site_settings
from engine.terminal import exit_code

# Compressed copies have the name of their file and another suffix.
_KEPT = FINGERPRINTED.removesuffix("$") + r"(\.(br|gz|zst))?$"


@dataclass(frozen=True)
class Release:
    """A release: `id` is such as "0012-3f9a1c2b"; `made` is the server's time, in UTC."""

    id: str
    pages: int
    made: str

    @property
    def digest(self) -> str:
        """The first characters of its version."""
        return self.id.partition("-")[2]


@dataclass(frozen=True)
class ServerState:
    """The live release, "" for none, with its manifest; all releases; the server's tools.

    `sums` is the server's tool for sha256, or "none"; `free` is in KiB.
    """

    current: str
    manifest: Manifest
    releases: list[Release] = field(default_factory=list)
    sums: str = ""
    rsync: str = ""
    free: int | None = None


def read_server_state(connection: Connection) -> ServerState:
    """Read the state of the server, without changes. Raises FaultsError."""
    said = connection.run("survey")
    facts, releases = {}, []
    for line in said.splitlines():
        word, _space, rest = line.partition(" ")
        if word == "release":
            name, pages, *made = rest.split(" ", 2)
            releases.append(Release(name, int(pages), made[0] if made else ""))
        elif word in ("current", "sums", "rsync", "free"):
            facts.setdefault(word, rest)
    free = facts.get("free", "")
    return ServerState(
        facts.get("current", ""),
        parse_manifest(said),
        releases,
        facts.get("sums", "none"),
        facts.get("rsync", ""),
        int(free) if free.isdigit() else None,
    )


def foreign_files(
    connection: Connection, wanted: Manifest, *, replace: bool
) -> tuple[list[str], list[Fault]]:
    """Return the files that a site would replace and no publication put on the server.

    Without `replace` they are a fault.
    """
    if connection.settings.mode != "inplace":
        return [], []
    options = ["replace"] if replace else []
    try:
        said = connection.run("foreign", *options, manifest=format_manifest(wanted))
    except FaultsError as error:
        return [], list(error.faults)
    return said.splitlines(), []


def kept_folder(connection: Connection) -> str:
    """Return the folder of the server where the files that a publication replaces are kept."""
    return f"{connection.settings.releases_folder}/replaced-{connection.token}/site"


def begin(connection: Connection) -> None:
    """Create the folder to upload into, and remove those of interrupted publications."""
    connection.run("begin", connection.token, connection.holder)


def verify(connection: Connection) -> list[str]:
    """Set the permissions of the upload; return the files that differ from its manifest."""
    return connection.run("verify", connection.token).splitlines()


def switch(connection: Connection, live: str, digest: str, *, replace: bool = False) -> str:
    """Activate the upload if `live` is still the live release; return the new one's id.

    Raises FaultsError, without `replace` if it would replace files that no publication put there.
    """
    options = [_base(connection), *(["replace"] if replace else [])]
    return connection.run("switch", connection.token, live, digest, _KEPT, *options).strip()


def restore(connection: Connection, release: str, live: str, *, check: bool = True) -> None:
    """Activate an earlier release if `live` is still the live one.

    Raises FaultsError, with `check` if the release is damaged too.
    """
    options = [] if check else ["unchecked"]
    connection.run("restore", release, live, _KEPT, _base(connection), *options)


def give_back(connection: Connection, live: str, *, withdrawn: str = "") -> bool:
    """Put back what this publication has replaced; return whether there was anything.

    `live` is the live release. `withdrawn` is it too if there was none before: then the folder is
    as before the publication. Raises FaultsError if something else is now in the place of a file.
    """
    return bool(connection.run("give_back", connection.token, live, withdrawn))


def discard(connection: Connection, release: str) -> None:
    """Remove a release; the live one is refused."""
    connection.run("discard", release)


def prune(connection: Connection) -> list[str]:
    """Remove the oldest releases, except the live and the previous one; return their ids."""
    return connection.run("prune", str(connection.settings.keep)).split()


def damaged_files(connection: Connection, release: str) -> list[str]:
    """Return the files of a release that differ from its manifest."""
    return connection.run("damage", release).splitlines()


def _base(connection: Connection) -> str:
    return urlsplit(connection.settings.site_address).path.rstrip("/") + "/"


def configured() -> publish_settings.PublicationSettings:
    """Read the settings of publication from content/site.yml and the environment.

    Raises FaultsError.
    """
    settings = read_site_settings(publish_settings.SETTINGS_FILE)
    return publish_settings.read_publication(settings, os.environ)


def choose_release(found: ServerState, wanted: str | None) -> Release:
    """Return the release of a number or id, else the one before the live one.

    Raises FaultsError.
    """
    if wanted is None:
        earlier = [each for each in found.releases if _number(each.id) < _number(found.current)]
        if earlier:
            return earlier[-1]
    else:
        for each in found.releases:
            if wanted in (each.id, str(_number(each.id)), each.id.partition("-")[0]):
                if each.id == found.current:
                    problem = Message("{release} is the live one already", release=each.id)
                    remedy = Message("name another")
                    raise FaultsError(Fault("rollback", None, "release", problem, remedy))
                return each
    problem = Message("there is none before the live one")
    if wanted:
        problem = Message("there is no release {release}", release=wanted)
    remedy = Message("on the server are: none")
    if found.releases:
        there = ", ".join(each.id for each in found.releases)
        remedy = Message("on the server are: {releases}", releases=there)
    raise FaultsError(Fault("rollback", None, "release", problem, remedy))


def _number(release: str) -> int:
    digits = re.match(r"\d+", release)
    return int(digits[0]) if digits else 0


def roll_back(connection: Connection, wanted: str | None) -> Release:
    """Activate an earlier release and verify that visitors get it. Raises FaultsError."""
    found = read_server_state(connection)
    release = choose_release(found, wanted)
    restore(connection, release.id, found.current)
    if problem := wait_until_live(connection.settings, release.digest):
        remedy = Message("the switch itself is made; call `./inv doctor`")
        raise FaultsError(
            Fault(connection.settings.shown_folder, None, "rollback", problem, remedy)
        )
    return release


def list_releases(connection: Connection, *, verify_sums: bool) -> int:
    """Print the releases; with `verify_sums` verify each file. Return 1 on damage, else 0."""
    found = read_server_state(connection)
    if verify_sums and found.sums == "none":
        problem = Message("the server has no tool for sha256")
        remedy = Message("install sha256sum, shasum or openssl")
        raise FaultsError(
            Fault(connection.settings.shown_folder, None, "releases", problem, remedy)
        )
    code = 0
    for release in found.releases:
        live = str(Message("live"))
        mark = live if release.id == found.current else " " * len(live)
        bad = damaged_files(connection, release.id) if verify_sums else []
        columns = [mark, release.id, f"{release.made} UTC", _pages(release)]
        if bad:
            columns.append(Message("damaged: {files}", files=", ".join(bad)))
        elif verify_sums:
            columns.append(Message("whole"))
        print(*columns, sep="  ")
        code = 1 if bad else code
    if not found.releases:
        print(Message("nothing is published yet"))
    return code


def _pages(release: Release) -> Message:
    return Message("{number} pages", number=release.pages)


def main_list(*, verify_sums: bool) -> int:
    """Run `./inv releases`; return the exit code."""
    return _with_connection(lambda it: list_releases(it, verify_sums=verify_sums))


def main_rollback(wanted: str | None) -> int:
    """Run `./inv rollback`; return the exit code."""

    def run(connection: Connection) -> int:
        release = roll_back(connection, wanted)
        told = Message(
            "live again: {release} of {moment} UTC, {pages}",
            release=release.id,
            moment=release.made,
            pages=_pages(release),
        )
        print(told)
        return 0

    return _with_connection(run)


def _with_connection(work: Callable[[Connection], int]) -> int:
    codes = []

    def connect() -> None:
        with Connection(configured()) as connection:
            codes.append(work(connection))

    return exit_code(connect, "") or codes[0]
