"""Publish for the writing page, in a process of its own, by the code of `./inv publish`.

A request is a line of JSON on standard input; each line of JSON on standard output is news of it:

    {"line": "…"}                         what is done now
    {"ask": "…"}                          a question for the terminal; {"answer": true} comes back
    {"done": true, "result": {…}}         or with "error" and "faults"

Standard input is no terminal: ssh asks for no passphrase here, only its agent or the system does.
What `prepare` built is kept, so that `publish` sends exactly what was shown.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.building import site
from engine.faults import Fault, FaultsError, Message, join_messages
from engine.paths import content_folder
from engine.publishing import changes, manifest, publication_record, publish, releases
from engine.publishing.prepare import prepare_release
from engine.publishing.publish import PublishOptions
from engine.publishing.ssh import Connection
from engine.settings.publication import PublicationSettings
from engine.settings.site_settings import display_path
from engine.web import answers

MODULE = "engine.web.publication_process"


@dataclass(frozen=True)
class Prepared:
    """A release that was built and shown, with its changes to the live release."""

    settings: PublicationSettings
    report: site.Report
    texts: dict[str, str]
    difference: changes.Changes
    live: str
    digest: str


class PublicationProcess:
    """Prepares, publishes, lists and restores releases; `tell` sends a message."""

    def __init__(self, tell: Callable[[dict], None], hear: Callable[[], dict], folder: Path):
        self._tell, self._hear, self._folder = tell, hear, folder
        self._content = content_folder()
        self._prepared: Prepared | None = None

    def prepare(self, *, without_legal_facts: bool = False) -> dict:
        """Build and check a release, and compare it with the live one."""
        self._prepared = None
        self._say(Message("building and checking the site"))
        texts = publication_record.digests_of_texts(self._content)
        settings = self._settings()
        release = Path(tempfile.mkdtemp(dir=self._folder))
        report = prepare_release(release / "site", without_legal_facts=without_legal_facts)
        built = report.built
        wanted = manifest.make_manifest(built)
        self._say(Message("connecting to {host}", host=settings.host))
        with Connection(settings) as connection:
            found = releases.read_server_state(connection)
            _replaced, faults = releases.foreign_files(connection, wanted, replace=False)
        difference = changes.compare(found.manifest, wanted)
        refused = publish.refusals(settings, built, difference, PublishOptions())
        if faults := [*publish.server_faults(settings, built, wanted, found), *faults]:
            raise FaultsError(*faults)
        digest = built.files[site.VERSION_FILE].text.strip()
        self._prepared = Prepared(settings, report, texts, difference, found.current, digest)
        record = publication_record.read_record(self._content)
        changed = publication_record.changed_for_readers(difference, record, found.current, built)
        lost = [
            {"address": each.path, "problem": str(each.problem), "remedy": str(each.remedy)}
            for each in refused
            if each.path in difference.removed
        ]
        return {
            "digest": digest,
            "count": len(difference.added) + len(changed) + len(difference.removed),
            "added": difference.added,
            "changed": changed,
            "removed": difference.removed,
            "files": difference.files,
            "pages": difference.pages,
            "waiting": list(report.scheduled),
            "lost": lost,
            "fewer_pages": len(refused) > len(lost),
            "nothing": not difference,
            "place": f"{settings.user}@{settings.shown_folder}",
        }

    def publish(self, *, digest: str, gone: list[str], fewer_pages: bool) -> dict:
        """Upload and activate the release that was shown."""
        prepared = self._prepared
        if prepared is None or prepared.digest != digest:
            problem = Message("this is not what was shown")
            remedy = Message("look at what would change again")
            raise FaultsError(Fault("publish", None, "digest", problem, remedy))
        self._prepared = None
        options = PublishOptions(yes=True, fewer_pages=fewer_pages, gone=tuple(gone))
        made = publish.publish(
            prepared.settings,
            prepared.report.built,
            options,
            lambda: True,
            self._say,
            shown=prepared.difference,
        )
        # Without a record the page does not tell which texts have changed since.
        with contextlib.suppress(OSError):
            publication_record.write_record(
                self._content, made or prepared.live, prepared.texts, prepared.report
            )
        return {"release": made or prepared.live, "address": prepared.settings.site_address}

    def list(self) -> dict:
        """List the releases on the server, the newest first."""
        with Connection(self._settings()) as connection:
            found = releases.read_server_state(connection)
        return {
            "releases": [
                {
                    "id": each.id,
                    "pages": each.pages,
                    "made": each.made,
                    "live": each.id == found.current,
                }
                for each in reversed(found.releases)
            ]
        }

    def restore(self, *, id: str) -> dict:  # noqa: A002 - the name in the API
        """Activate a previous release."""
        with Connection(self._settings()) as connection:
            return {"release": releases.roll_back(connection, id).id}

    def _settings(self) -> PublicationSettings:
        """Read the settings, and have a new destination confirmed at the terminal."""
        settings = releases.configured()
        if publication_record.is_confirmed(self._content, settings):
            return settings
        self._say(Message("look at the terminal of ./inv write, and confirm where the site goes"))
        question = Message(
            "Publish to {user}@{place}, whose keys are:\n{keys}\nIs that right? [y/N] ",
            user=settings.user,
            place=settings.shown_folder,
            keys=_fingerprints(settings),
        )
        self._tell({"ask": str(question)})
        if not self._hear().get("answer"):
            problem = Message("it was not confirmed at the terminal that the site goes there")
            remedy = Message("answer there, or call ./inv publish once in a terminal")
            raise FaultsError(Fault(settings.shown_folder, None, "confirmation", problem, remedy))
        publication_record.confirm(self._content, settings)
        return settings

    def _say(self, line: object) -> None:
        self._tell({"line": str(line)})


def _fingerprints(settings: PublicationSettings) -> str:
    """Return the fingerprints of the server's public keys."""
    done = subprocess.run(
        ["ssh-keygen", "-lf", str(settings.known_hosts)],  # noqa: S607 - the system's
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    return done.stdout.strip() or str(settings.known_hosts)


def main() -> None:
    """Do the requested tasks until the end of the input."""
    # The server hears of the end, and what was uploaded is removed there.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    news = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def tell(piece: dict) -> None:
        print(json.dumps(piece), file=news, flush=True)

    def hear() -> dict:
        return json.loads(sys.stdin.readline() or "{}")

    with tempfile.TemporaryDirectory(prefix="publication-") as folder:
        process = PublicationProcess(tell, hear, Path(folder))
        place = display_path(content_folder())
        while line := sys.stdin.readline():
            ((name, arguments),) = json.loads(line).items()
            try:
                tell({"done": True, "result": getattr(process, name)(**arguments)})
            except FaultsError as error:
                told = join_messages(fault.problem for fault in error.faults)
                faults = answers.findings(error.faults, place)
                tell({"done": True, "error": str(told), "faults": faults})
            except Exception as error:
                print(traceback.format_exc())
                why = Message("the software has failed ({said})", said=repr(error))
                tell({"done": True, "error": str(why), "faults": []})


if __name__ == "__main__":
    main()
