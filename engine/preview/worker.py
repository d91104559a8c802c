"""Build the site on request, in a long-lived process that `serve` starts.

A request is a line of JSON on standard input, a response a line of JSON on standard output. The
process caches unchanged texts and theme. It makes the site in a fork, so that a build leaves no
state for the next one. It has no threads, and so may fork, unlike the server's process. A change of
the code needs a new process.

    {"build": ["/folder"]}       ->  {"fault": "", "texts": {"/address/": {"source": …, …}}}
    {"findings": ["source.md"]}  ->  {"findings": ["content/source.md:3: warning: …"]}
"""

import os
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from engine.building import site
from engine.building.build_record import BuildRecord
from engine.checking.texts import check_texts
from engine.faults import FaultsError, Message, ProblemError
from engine.messages.catalogue import message_language
from engine.preview.worker_client import answer_requests
from engine.settings.site_settings import display_path
from engine.texts import hidden_marks
from engine.texts import library as texts_library
from engine.texts.documents import Library


class PreviewWorker:
    """Builds and checks one site, and caches unchanged texts and theme."""

    def __init__(self):
        self._record = BuildRecord()
        # The library as visitors see it, from the last build without a fault.
        self._library: Library | None = None

    def build(self, output: str, unsaved: Mapping[str, str] | None = None, base: str = "") -> dict:
        """Build the site with marked drafts and scheduled texts; return the texts of its pages.

        `unsaved` gives the text to read in place of the file of a source; `base` is the path below
        which the preview serves the site.
        """
        data = {source: _encode(text) for source, text in (unsaved or {}).items()}
        self._library = None
        try:
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
        fault = in_a_fork(lambda: _make_site(replace(plan, library=revealed), Path(output)))
        return {"fault": fault} if fault else {"fault": "", "texts": _shown_texts(revealed)}

    def findings(self, source: str) -> dict:
        """Return the findings of one text of the last build."""
        if self._library is None:
            return {"findings": []}
        library, folder = self._library, display_path(self._library.folder)
        said = in_a_fork(
            lambda: "\n".join(map(str, check_texts.findings_of(library, folder, source)))
        )
        return {"findings": said.splitlines()}


def _encode(text: str) -> bytes:
    """Return the bytes of a text that was decoded with "surrogateescape"."""
    return text.encode("utf-8", "surrogateescape")


def _make_site(plan: site.Plan, output: Path) -> str:
    try:
        site.make_site(plan, output, with_exports=False)
    except FaultsError as error:
        return str(error)
    return ""


def _shown_texts(revealed: Library) -> dict[str, dict[str, str]]:
    """Map the address of each page, below that of the site, to its text: file, path, mark."""
    lang = message_language()
    hidden = {document.source for document in (*revealed.drafts, *revealed.scheduled)}
    return {
        revealed.site_path(document): {
            "source": document.source,
            "path": document.shown_path,
            "mark": hidden_marks.hidden_mark(document, lang) if document.source in hidden else "",
        }
        for document in revealed.visible
        if document.save_as or document.kind == "home"
    }


def in_a_fork(work: Callable[[], str]) -> str:
    """Call `work` in a fork; return its result, or the traceback of its error."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        try:
            said = work()
        except Exception:  # the fork ends here: report the error to the parent
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
