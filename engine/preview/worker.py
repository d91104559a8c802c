"""Build the site on request, in a long-lived process that `serve` starts.

A request is a line of JSON on standard input, a response a line of JSON on standard output
(`worker_client.py`). The process caches unchanged texts and theme. It makes the site in a fork
(`site_process.py`). It has no threads, and so may fork, unlike the server's process. A change of
the code needs a new process.

    build("/folder")        ->  {"fault": "", "texts": {"/address/": {"source": …, …}}}
    findings("source.md")   ->  {"findings": ["content/source.md:3: warning: …"]}

While the site is made, the requests that came meanwhile are answered; a newer request for a build
ends the one that is running, and its answer is {"stopped": true}.
"""

import os
import select
import shutil
import signal
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from engine.building import site
from engine.building.build_record import BuildRecord
from engine.checking.texts import check_texts
from engine.faults import FaultsError, Message, ProblemError
from engine.messages.catalogue import message_language
from engine.paths import content_folder
from engine.preview.site_process import SiteProcess, page_of
from engine.preview.worker_client import (
    Request,
    Requests,
    answer_requests,
    first_pages_folder,
)
from engine.processes import call_in_fork, delayed_interrupts
from engine.settings.site_settings import display_path
from engine.texts import hidden_marks
from engine.texts import library as texts_library
from engine.texts.content_files import source_of
from engine.texts.documents import Document, Library

# Seconds in which newer requests may stop builds: then one is finished, so that whoever saves
# without a pause sees the whole site too.
MAX_STOPPED_SECONDS = 5
# Changed texts whose pages are made before the others.
_MAX_SHOWN = 4
_STOPPED = {"stopped": True, "fault": ""}
_FAILED = {"failed": True}


class PreviewWorker:
    """Builds and checks one site, and caches unchanged texts and theme."""

    def __init__(self, requests: Requests | None = None):
        self._requests = requests
        self._record = BuildRecord(is_stored=False)
        # The library as visitors see it, from the last build without a fault.
        self._library: Library | None = None
        # The process of the last site, and that of the site which is being made.
        self._made: SiteProcess | None = None
        self._making: SiteProcess | None = None
        # When the first of the builds began that were stopped since the last one that was not.
        self._waiting_since: float | None = None
        # The first pages of a request that waits for the end of a build.
        self._early: set[str] = set()

    def build(
        self,
        output: str,
        unsaved: Mapping[str, str] | None = None,
        base: str = "",
        pages: Iterable[str] = (),
        changed: Iterable[str] = (),
    ) -> dict:
        """Build the site with marked drafts and scheduled texts; return the texts of its pages.

        `unsaved` gives the text to read in place of the file of a source; `base` is the path below
        which the preview serves the site. `pages` are files of the output, and `changed` files of
        the content folder, whose pages are made first: as soon as they are in
        `first_pages_folder`, this is told as news. They stay there until the site is built.
        """
        if self._requests and any(each.name == "build" for each in self._requests.waiting):
            return _STOPPED
        data = _encoded(unsaved)
        sources = self._sources(data, changed)
        self._show_texts(sources, data)
        self._library = None
        try:
            self._record.begin()
            plan = site.plan_build(record=self._record, unsaved=data, base=base)
            revealed = texts_library.with_hidden_texts(plan.library, self._record.bodies)
            faults = [fault for fault in revealed.faults if fault.rule == "address-taken"]
            # A draft's fault is a warning; but without the required keys it has no page.
            bare = {d.shown_path for d in revealed.visible if not d.has_required_values}
            faults += [fault for fault in plan.library.warnings if fault.path in bare]
            if faults:
                raise FaultsError(*faults)
            hidden_marks.mark_hidden(revealed)
        except FaultsError as error:
            return {"fault": str(error)}
        self._library = plan.library
        self._record.bodies.forget_others(plan.library.by_source)
        texts = [revealed.by_source[source] for source in sources if source in revealed.by_source]
        first = {*pages, *map(page_of, texts)} - {""}
        told = self._make(
            replace(plan, library=revealed),
            Path(output),
            sorted(first),
            _shown_texts(revealed, texts),
        )
        if "stopped" in told:
            return _STOPPED
        if told["fault"]:
            return told
        return {"fault": "", "texts": _shown_texts(revealed, revealed.visible)}

    def findings(self, source: str) -> dict:
        """Return the findings of one text of the last build."""
        if self._library is None:
            return {"findings": []}
        library, folder = self._library, display_path(self._library.folder)
        found = call_in_fork(lambda: check_texts.findings_of(library, folder, source))
        return {"findings": list(map(str, found))}

    def close(self) -> None:
        """End the processes of the site."""
        for process in filter(None, (self._making, self._made)):
            process.stop()
        self._making = self._made = None

    def _sources(self, unsaved: Mapping[str, bytes], changed: Iterable[str]) -> list[str]:
        """Return the sources of a few changed texts; of more, nobody waits for each page."""
        saved = (source_of(content_folder(), Path(path)) for path in changed)
        sources = list(dict.fromkeys([*unsaved, *filter(None, saved)]))
        return sources if len(sources) <= _MAX_SHOWN else []

    def _show_texts(
        self, sources: Iterable[str], unsaved: Mapping[str, bytes], request: Request | None = None
    ) -> None:
        """Put the pages of texts with another body into the folder of first pages."""
        pages = []
        try:
            for source in sources if self._made else ():
                if new := texts_library.with_new_body(self._made.library, source, unsaved):
                    pages += self._made.render(*new)
        except (EOFError, OSError):
            self._forget_made()
        if pages:
            self._tell({"pages": pages, "texts": {}}, request)
        if request:
            self._early |= set(pages)

    def _tell(self, news: dict, request: Request | None = None) -> None:
        if self._requests:
            self._requests.tell(news, request)

    def _make(self, plan: site.Plan, output: Path, first: list[str], texts: dict) -> dict:
        """Make the site; return its “fault”, or “stopped” if a newer request has ended it.

        The news of first pages hold `texts`.
        """
        self._early = set()
        told = self._make_again(plan, first, texts)
        if "failed" in told:
            self._take_record()
            with delayed_interrupts():
                self._making = SiteProcess(plan, output, self._record, first, self._close_in_fork)
            process = self._making
            told = self._wait(process, texts)
            if told.get("fault") == "":
                self._made, process = process, self._made
            if process:
                process.stop()
            # Until here `close` must know it.
            self._making = None
        if told.get("fault") == "":
            self._forget_first_pages(first_pages_folder(output))
        return told

    def _make_again(self, plan: site.Plan, first: list[str], texts: dict) -> dict:
        """Let the process of the last site make it again, if only bodies have changed since."""
        try:
            if self._made:
                changed = self._made.changed_bodies(self._record, plan.library)
                if changed is not None:
                    self._made.make_again(plan.library, changed, first)
                    return self._wait(self._made, texts)
        except (EOFError, OSError):
            self._forget_made()
        return _FAILED

    def _take_record(self) -> None:
        try:
            if self._made:
                pages, self._record.last, font = self._made.take_record()
                # Else `begin` has forgotten them, since a template or a style has changed.
                if self._made.code == self._record.code:
                    self._record.pages, self._record.font = pages, font
        except (EOFError, OSError):
            self._forget_made()

    def _forget_made(self) -> None:
        self._made.stop()
        self._made = None

    def _close_in_fork(self) -> None:
        if self._requests:
            self._requests.close()
        if self._made:
            self._made.connection.close()

    def _wait(self, process: SiteProcess, texts: dict) -> dict:
        """Wait for what a process tells of its site, and answer other requests meanwhile."""
        self._waiting_since = self._waiting_since or time.monotonic()
        while True:
            is_asked = self._requests and not self._requests.are_over
            listened = [process.connection, *([self._requests] if is_asked else [])]
            ready, _, _ = select.select(listened, [], [])
            if process.connection in ready:
                try:
                    told = process.connection.recv()
                except (EOFError, OSError):
                    if process is self._made:
                        raise
                    problem = Message("the build was stopped by the system")
                    return {"fault": str(ProblemError(problem, Message("save again")))}
                if "pages" not in told:
                    if "stopped" not in told:
                        self._waiting_since = None
                    return told
                self._tell(told | {"texts": texts})
            if self._requests in ready and self._is_outdated(process):
                if process is not self._made:
                    # Without “fault”: the process has made no site.
                    return {"stopped": True}
                process.interrupt()

    def _is_outdated(self, process: SiteProcess) -> bool:
        """Answer what the client asks during a build; return whether the build must be stopped."""
        requests = self._requests
        requests.receive()
        builds = [request for request in requests.waiting if request.name == "build"]
        others = [request for request in requests.waiting if request.name != "build"]
        requests.waiting.clear()
        requests.waiting.extend(builds)
        for request in others:
            requests.answer(request, self)
        if requests.are_over:
            return True
        if not builds:
            return False
        if time.monotonic() - self._waiting_since < MAX_STOPPED_SECONDS:
            return True
        if process is not self._made:
            _output, unsaved, _base, _pages, changed = builds[-1].arguments
            data = _encoded(unsaved)
            self._show_texts(self._sources(data, changed), data, builds[-1])
        return False

    def _forget_first_pages(self, folder: Path) -> None:
        """Delete the first pages of the site that is built; those of a waiting request stay."""
        if not self._early:
            shutil.rmtree(folder, ignore_errors=True)
        for page in folder.rglob("*.html"):
            if page.relative_to(folder).as_posix() not in self._early:
                page.unlink()


def _encoded(unsaved: Mapping[str, str] | None) -> dict[str, bytes]:
    """Return the bytes of texts that were decoded with "surrogateescape"."""
    return {
        source: text.encode("utf-8", "surrogateescape") for source, text in (unsaved or {}).items()
    }


def _shown_texts(revealed: Library, texts: Iterable[Document]) -> dict[str, dict[str, str]]:
    """Map the address of each page, below that of the site, to its text: file, path, mark."""
    lang = message_language()
    hidden = {document.source for document in (*revealed.drafts, *revealed.scheduled)}
    return {
        revealed.site_path(document): {
            "source": document.source,
            "path": document.shown_path,
            "mark": hidden_marks.hidden_mark(document, lang) if document.source in hidden else "",
        }
        for document in texts
        if document.save_as or document.kind == "home"
    }


def main() -> None:
    """Answer requests until the client ends."""
    requests = Requests()
    worker = PreviewWorker(requests)

    def end(*_signal: object) -> None:
        # No exception, such as SystemExit: Python ignores one in a destructor.
        try:
            worker.close()
        finally:
            os._exit(0)

    # The process of a site has a group of its own, which a signal to this one does not reach.
    signal.signal(signal.SIGTERM, end)
    try:
        answer_requests(worker, requests)
    finally:
        worker.close()


if __name__ == "__main__":
    main()
