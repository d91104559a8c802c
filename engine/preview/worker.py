"""A process that has read its code already, and builds on request: `serve` asks it at each save.

A request is a line of JSON on standard input, an answer a line of JSON on standard output. Texts
and theme are read here, where what has not changed is kept; the site is made in a fork, so that
nothing of one build reaches the next. Having no threads, this process may fork; what `serve` runs
in could not. A change of the code asks for a new process.

    {"build": ["/folder"]}       ->  {"fault": "", "texts": {"/address/": {"source": …, …}}}
    {"findings": ["source.md"]}  ->  {"findings": ["content/source.md:3: warning: …"]}
"""

import os
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from engine.building import site
from engine.checking.texts import texts
from engine.faults import FaultsError, Message, ProblemError
from engine.preview.worker_client import answer_requests
from engine.settings.site_settings import shown
from engine.texts import hidden_texts
from engine.texts import library as texts_library
from engine.texts.documents import Library


class PreviewWorker:
    """Builds and checks one site; what was read last serves again where nothing has changed."""

    def __init__(self):
        self._cache = site.BuildCache()
        # What visitors see, as it was read for the last build without a fault.
        self._library: Library | None = None

    def build(self, output: str, unsaved: Mapping[str, str] | None = None) -> dict:
        """Make the site with drafts and texts to come, marked, in a folder; what it shows there.

        `unsaved` gives for the source of a text the words to read in place of its file's.
        """
        data = {source: _bytes_of(words) for source, words in (unsaved or {}).items()}
        self._library = None
        try:
            plan = site.plan_build(cache=self._cache, unsaved=data)
            revealed = texts_library.with_hidden_texts(plan.library, self._cache.bodies)
            faults = [fault for fault in revealed.faults if fault.rule == "address-taken"]
            # A draft's fault stops no build, but this page of the preview cannot be made.
            bare = {d.shown_path for d in revealed.visible if not d.has_what_a_page_needs}
            faults += [fault for fault in plan.library.warnings if fault.path in bare]
            if faults:
                raise FaultsError(*faults)
            hidden_texts.mark_hidden(revealed)
        except FaultsError as error:
            return {"fault": str(error)}
        self._library = plan.library
        fault = in_a_fork(lambda: _make(replace(plan, library=revealed), Path(output)))
        return {"fault": fault} if fault else {"fault": "", "texts": _shown_texts(revealed)}

    def findings(self, source: str) -> dict:
        """What the checks find in one text of the last build."""
        if self._library is None:
            return {"findings": []}
        library, folder = self._library, shown(self._library.folder)
        said = in_a_fork(lambda: "\n".join(map(str, texts.findings_of(library, folder, source))))
        return {"findings": said.splitlines()}


def _bytes_of(words: str) -> bytes:
    """The bytes of a text that was decoded with "surrogateescape": a file may be no UTF-8."""
    return words.encode("utf-8", "surrogateescape")


def _make(plan: site.Plan, output: Path) -> str:
    try:
        site.make_site(plan, output)
    except FaultsError as error:
        return str(error)
    return ""


def _shown_texts(revealed: Library) -> dict[str, dict[str, str]]:
    """Each page that shows a text: its address, the text's file, its language and its mark."""
    hidden = {document.source for document in (*revealed.drafts, *revealed.scheduled)}
    return {
        revealed.address(document.lang, document.url): {
            "source": document.source,
            "path": document.shown_path,
            "lang": document.lang,
            "mark": hidden_texts.mark(document) if document.source in hidden else "",
        }
        for document in revealed.visible
        if document.save_as or document.kind == "home"
    }


def in_a_fork(work: Callable[[], str]) -> str:
    """What `work` returns, called in a process of its own; how it failed, where it did."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        try:
            said = work()
        except Exception:  # the process ends here: whoever asked has to know why
            said = traceback.format_exc()
        with os.fdopen(writing, "w") as answer:
            answer.write(said)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        said = answer.read()
    _, status = os.waitpid(child, 0)
    if status:
        problem, remedy = Message("the build was stopped by the system"), Message("save again")
        return str(ProblemError(problem, remedy))
    return said


if __name__ == "__main__":
    answer_requests(PreviewWorker())
