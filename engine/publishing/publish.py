"""Publish the site: build, check, upload, verify, activate, test, remove old releases.

If a step fails, visitors keep the previous site. `main` prepares a release on this machine;
`publish` uploads and activates it.
"""

import contextlib
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
from engine.publishing.upload import Rsync, differing_files, find_rsync, upload
from engine.settings.publication import PublicationSettings
from engine.settings.site_settings import display_path, read_site_settings
from engine.terminal import confirm, exit_code
from engine.texts.library import read_headers
from plugins.library_reader import read_library

# Characters of the version in the name of a release.
_DIGEST_LENGTH = 8


@dataclass(frozen=True)
class PublishOptions:
    """The options of `./inv publish`; `gone` are the addresses that the owner gives up."""

    dry_run: bool = False
    yes: bool = False
    fewer_pages: bool = False
    without_legal_facts: bool = False
    replace_files: bool = False
    gone: tuple[str, ...] = ()


def publish(
    settings: PublicationSettings,
    built: BuiltSite,
    options: PublishOptions,
    confirm: Callable[[], bool],
    say: Callable[[str], None] = print,
    *,
    shown: changes.Changes | None = None,
) -> str | None:
    """Upload and activate a built site; return its release, None if nothing is published.

    The manifest is written beside the site, into the release's folder. `shown` are the changes that
    the owner has agreed to. Raises FaultsError; visitors then have the previous site.
    """
    release = built.folder.parent
    wanted = manifest.make_manifest(built)
    (release / "manifest").write_text(manifest.format_manifest(wanted), encoding="utf-8")
    digest = built.files[site_build.VERSION_FILE].text[:_DIGEST_LENGTH]
    home = built.files["index.html"].content
    rsync = find_rsync()
    say(str(Message("connecting to {host}", host=settings.host)))
    with Connection(settings) as connection:
        found = releases.read_server_state(connection)
        difference = changes.compare(found.manifest, wanted)
        if not difference:
            told = Message(
                "nothing to publish: {release} is this site already", release=found.current
            )
            say(str(told))
            return None
        _refuse_other_changes(settings, difference, shown)
        head = Message("on {address}:", address=settings.site_address)
        say(f"{head}\n{difference}")
        faults = refusals(settings, built, difference, options)
        faults += server_faults(settings, built, wanted, found)
        replace = options.replace_files
        replaced, refused = releases.foreign_files(connection, wanted, replace=replace)
        if faults := [*faults, *refused]:
            raise FaultsError(*faults)
        if replaced:
            say(str(_told_of_files(connection, replaced)))
        if options.dry_run:
            say(str(Message("a dry run: nothing was changed on the server")))
            return None
        if not options.yes and not confirm():
            say(str(Message("nothing was published")))
            return None
        told = Message(
            "uploading {number} files, but for those that the server has", number=len(wanted)
        )
        say(str(told))
        _upload_and_verify(connection, rsync, release, found, say)
        say(str(Message("switching")))
        made = releases.switch(connection, found.current, digest, replace=replace)
        say(str(Message("looking at the live site")))
        if problem := smoke_test.wait_until_live(settings, digest, home):
            raise _rolled_back(connection, found.current, made, problem)
        releases.prune(connection)
    told = Message("published: {release} on {address}", release=made, address=settings.site_address)
    say(str(told))
    return made


def scheduled_reminder(texts: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """Return a reminder that lists the scheduled texts, unless a forge runs the command.

    Forges set the variable CI, and publish each night as docs/hosting.md describes.
    """
    if not texts or environment.get("CI"):
        return []
    head = Message(
        "These texts wait for their day; publish again on that day, unless a forge does so:"
    )
    return [str(head), *(f"  {text}" for text in texts), ""]


def _told_of_files(connection: Connection, replaced: list[str]) -> Message:
    return Message(
        "{number} files that no publication put on the server will be replaced, and kept in "
        "{folder}: {files}",
        number=len(replaced),
        folder=releases.kept_folder(connection),
        files=", ".join(replaced),
    )


def _upload_and_verify(
    connection: Connection,
    rsync: Rsync,
    release: Path,
    found: releases.ServerState,
    say: Callable[[str], None],
) -> None:
    """Upload a release. Raises FaultsError if one differs on the server."""
    releases.begin(connection)
    if rsync.is_openrsync:
        told = Message(
            "this machine has openrsync, which sends every file: `brew install rsync` is faster"
        )
        say(str(told))
    upload(connection, rsync, release, found.current)
    say(str(Message("verifying every file on the server")))
    bad = releases.verify(connection)
    if found.sums == "none":
        bad += differing_files(connection, rsync, release)
    if bad:
        problem = Message("not what was built: {files}", files=", ".join(bad[:5]))
        remedy = Message("something changed a file during the upload; publish again")
        raise FaultsError(
            Fault(connection.settings.shown_folder, None, "verification", problem, remedy)
        )


def _refuse_other_changes(
    settings: PublicationSettings, difference: changes.Changes, shown: changes.Changes | None
) -> None:
    """Raise FaultsError if the changes are not those that the owner has agreed to."""
    if shown is not None and difference != shown:
        problem = Message("the live site was changed since this was shown")
        remedy = Message("look at what would change again")
        raise FaultsError(Fault(settings.shown_folder, None, "publish", problem, remedy))


def refusals(
    settings: PublicationSettings,
    built: BuiltSite,
    difference: changes.Changes,
    options: PublishOptions,
) -> list[Fault]:
    """Return why a publication is refused: lost addresses, or far fewer pages."""

    def new_page(address: str) -> str:
        return built.files[redirects.file_of(address)].text

    def live_page(address: str) -> str:
        _status, page = smoke_test.fetch(f"{settings.site_address}{quote(address)}")
        return page.decode("utf-8", "replace")

    def find_remedies(lost: list[str]) -> dict[str, Message]:
        configured = read_site_settings()
        library = read_library(configured, display_path(Path(configured["PATH"])), read_headers)
        return moved_texts.remedies(lost, difference.added, library, live_page, new_page)

    return changes.refusals(
        difference,
        redirects.redirects(built),
        options.gone,
        fewer_pages=options.fewer_pages,
        find_remedies=find_remedies,
    )


def server_faults(
    settings: PublicationSettings,
    built: BuiltSite,
    wanted: manifest.Manifest,
    found: releases.ServerState,
) -> list[Fault]:
    """Return what the server lacks for a publication: free space, rsync."""
    faults = []
    sent = [path for path, digest in wanted.items() if found.manifest.get(path) != digest]
    needed = sum(built.files[path].size for path in sent) // 1024
    if found.free is not None and needed > found.free:
        problem = Message(
            "{needed} KiB are needed, {free} KiB are free", needed=needed, free=found.free
        )
        remedy = Message("free some room there")
        faults.append(Fault(settings.shown_folder, None, "room", problem, remedy))
    if not found.rsync:
        problem, remedy = Message("it is missing"), Message("install it there")
        faults.append(Fault(settings.shown_folder, None, "rsync", problem, remedy))
    return faults


def _rolled_back(connection: Connection, live: str, made: str, problem: Message) -> FaultsError:
    """Restore the previous release, and return the error to raise."""
    faults = ()
    try:
        if live:
            remedy = Message(
                "visitors may still have {release}: call `./inv releases`, then `./inv rollback`",
                release=made,
            )
            # Visitors had it a moment ago, damaged or not.
            releases.restore(connection, live, made, check=False)
            remedy = Message(
                "visitors have {release} again; look at the web server, or call `./inv doctor`",
                release=live,
            )
            with contextlib.suppress(FaultsError):
                releases.discard(connection, made)
            releases.give_back(connection, live)
        else:
            remedy = Message(
                "there is no release to go back to; look at the web server with `./inv doctor`"
            )
            if releases.give_back(connection, made, withdrawn=made):
                remedy = Message("the old site is back; look at the web server with `./inv doctor`")
    except FaultsError as error:
        faults = error.faults
    place = connection.settings.shown_folder
    return FaultsError(Fault(place, None, "smoke test", problem, remedy), *faults)


def _build_and_publish(options: PublishOptions) -> None:
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
        print(Message("building and checking the site"))
        report = prepare_release(release / "site", without_legal_facts=options.without_legal_facts)
        print(report)
        question = Message("Publish this? [y/N] ")
        made = publish(settings, report.built, options, lambda: confirm(question))
        # Without a record `./inv write` does not tell which texts have changed since.
        with contextlib.suppress(OSError):
            if made:
                publication_record.write_record(content, made, texts, report)
            if made and not options.yes:
                publication_record.confirm(content, settings)
        print(*scheduled_reminder(report.scheduled, os.environ), sep="\n", end="")


def main(options: PublishOptions) -> int:
    """Build and publish the site, or print why not; return the exit code."""
    # Clean up after `kill` as after Ctrl-C, here and on the server.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    interrupted = Message("stopped; `./inv releases` says which release is live")
    return exit_code(lambda: _build_and_publish(options), interrupted)
