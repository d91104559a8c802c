"""Publish the site: build, check, upload beside the live one, verify, switch, look, tidy up.

Whatever fails on the way, visitors keep the old site, whole. `main` prepares a release here;
`publish` uploads and activates the release.
"""

import os
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from engine.building import site as site_build
from engine.faults import Fault, FaultsError, Message
from engine.pages import redirects
from engine.pages.built_site import BuiltSite
from engine.publishing import (
    changes,
    manifest,
    moved_texts,
    publication_record,
    releases,
    smoke_test,
)
from engine.publishing.prepare import prepare_release
from engine.publishing.ssh import Connection
from engine.publishing.upload import differing, find_rsync, upload
from engine.settings.publication import Settings
from engine.settings.site_settings import read_site_settings, shown
from engine.texts.library import read_headers
from plugins.library_reader import read_library

# Characters of the version that name a release.
_DIGEST_LENGTH = 8


@dataclass(frozen=True)
class PublishOptions:
    """What the person who publishes asked for; `gone` are addresses given up on purpose."""

    dry_run: bool = False
    yes: bool = False
    fewer_pages: bool = False
    without_legal_facts: bool = False
    gone: tuple[str, ...] = ()


def publish(
    settings: Settings,
    built: BuiltSite,
    options: PublishOptions,
    confirm: Callable[[], bool],
    say: Callable[[str], None] = print,
    *,
    shown: changes.Changes | None = None,
) -> str | None:
    """Make a built site the live one; return its release, None if nothing is done.

    The manifest is written beside the folder of the site, into the release's. `shown` are the
    changes that a person has agreed to. Raises FaultsError; visitors then have the previous site.
    """
    release = built.folder.parent
    wanted = manifest.of_site(built)
    (release / "manifest").write_text(manifest.text(wanted), encoding="utf-8")
    digest = built.files[site_build.VERSION_FILE].text[:_DIGEST_LENGTH]
    home = built.files["index.html"].content
    rsync = find_rsync()
    say(f"connecting to {settings.host}")
    with Connection(settings) as connection:
        found = releases.read_server_state(connection)
        difference = changes.between(found.manifest, wanted)
        if not difference:
            say(f"nothing to publish: {found.current} is this site already")
            return None
        if shown is not None and difference != shown:
            problem = Message("the live site was changed since this was shown")
            remedy = Message("look at what would change again")
            raise FaultsError(Fault(settings.place, None, "publish", problem, remedy))
        say(f"on {settings.site_address}:\n{difference}")
        faults = lost_addresses(settings, built, difference, options)
        faults += lacking(settings, built, wanted, found)
        if faults:
            raise FaultsError(*faults)
        if options.dry_run:
            say("a dry run: nothing was changed on the server")
            return None
        if not options.yes and not confirm():
            say("nothing was published")
            return None
        releases.begin(connection)
        if rsync.is_openrsync:
            say(
                "this machine has openrsync, which sends every file: `brew install rsync` is faster"
            )
        say(f"uploading {len(wanted)} files, but for those that the server has")
        upload(connection, rsync, release, found.current)
        say("verifying every file on the server")
        bad = releases.verify(connection)
        if found.sums == "none":
            bad += differing(connection, rsync, release)
        if bad:
            problem = Message("not what was built: {files}", files=", ".join(bad[:5]))
            remedy = Message("something changed a file during the upload; publish again")
            raise FaultsError(Fault(settings.place, None, "verification", problem, remedy))
        say("switching")
        made = releases.switch(connection, found.current, digest)
        say("looking at the live site")
        if problem := smoke_test.wait_until_live(settings, digest, home):
            raise _rolled_back(connection, found.current, made, problem)
        releases.prune(connection)
    say(f"published: {made} on {settings.site_address}")
    return made


def waiting(texts: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """What to tell of texts that wait, each with its day, unless a forge publishes each night.

    Forges set CI in what they run, and docs/hosting.md has them run each night.
    """
    if not texts or environment.get("CI"):
        return []
    head = "These texts wait for their day; publish again on that day, unless a forge does so:"
    return [head, *(f"  {text}" for text in texts), ""]


def lost_addresses(
    settings: Settings, built: BuiltSite, difference: changes.Changes, options: PublishOptions
) -> list[Fault]:
    """Why a publication is refused: addresses that would lead nowhere, a site that shrinks."""

    def new_page(address: str) -> str:
        return built.files[redirects.file_of(address)].text

    def live_page(address: str) -> str:
        _status, page = smoke_test.fetch(f"{settings.site_address}{quote(address)}")
        return page.decode("utf-8", "replace")

    def find_remedies(lost: list[str]) -> dict[str, Message]:
        configured = read_site_settings()
        library = read_library(configured, shown(Path(configured["PATH"])), read_headers)
        return moved_texts.remedies(lost, difference.added, library, live_page, new_page)

    return changes.refusals(
        difference,
        redirects.redirects(built),
        options.gone,
        fewer_pages=options.fewer_pages,
        find_remedies=find_remedies,
    )


def lacking(
    settings: Settings, built: BuiltSite, wanted: manifest.Manifest, found: releases.ServerState
) -> list[Fault]:
    """What the server lacks for a publication: room, rsync."""
    faults = []
    sent = [path for path, digest in wanted.items() if found.manifest.get(path) != digest]
    needed = sum(built.files[path].size for path in sent) // 1024
    if found.free is not None and needed > found.free:
        problem = Message(
            "{needed} KiB are needed, {free} KiB are free", needed=needed, free=found.free
        )
        remedy = Message("free some room there")
        faults.append(Fault(settings.place, None, "room", problem, remedy))
    if not found.rsync:
        problem, remedy = Message("it is missing"), Message("install it there")
        faults.append(Fault(settings.place, None, "rsync", problem, remedy))
    return faults


def _rolled_back(connection: Connection, live: str, made: str, problem: Message) -> FaultsError:
    """Go back to the previous release; the error that tells it."""
    if live:
        releases.restore(connection, live, made)
        releases.discard(connection, made)
        remedy = Message(
            "visitors have {release} again; look at the web server, or call `./inv doctor`",
            release=live,
        )
    else:
        remedy = Message(
            "there is no release to go back to; look at the web server with `./inv doctor`"
        )
    return FaultsError(Fault(connection.settings.place, None, "smoke test", problem, remedy))


def _confirm() -> bool:
    try:
        answer = input("Publish this? [y/N] ")
    except EOFError:  # Ctrl-D
        return False
    return answer.strip().lower() in ("y", "yes", "o", "oui")


def main(options: PublishOptions) -> int:
    """Build and publish, or say all that stands against it; the exit code is 0 or 1."""
    # As with Ctrl-C: the server hears of the end, and this machine tidies up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        if not (options.yes or options.dry_run or sys.stdin.isatty()):
            problem = Message("there is no terminal to ask at")
            remedy = Message("call with --yes, or --dry-run")
            raise FaultsError(Fault("publish", None, "yes", problem, remedy))
        settings = releases.configured()
        content = Path(read_site_settings()["PATH"])
        texts = publication_record.digests_of_texts(content)
        with tempfile.TemporaryDirectory() as folder:
            release = Path(folder, "release")
            release.mkdir()
            print("building and checking the site")
            report = prepare_release(
                release / "site", without_legal_facts=options.without_legal_facts
            )
            print(report)
            made = publish(settings, report.built, options, _confirm)
            if made:
                publication_record.remember(content, made, texts, report)
            if made and not options.yes:
                publication_record.confirm(content, settings)
            print(*waiting(report.scheduled, os.environ), sep="\n", end="")
    except FaultsError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; `./inv releases` tells which release is live", file=sys.stderr)
        return 130
    return 0
