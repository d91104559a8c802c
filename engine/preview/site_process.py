"""Make a site in a fork, which then stays to render a page again once its text has another body.

Pelican's objects are in the fork alone: a build leaves no state for the next one, and the page of
an edited text needs neither the other texts nor another run of Pelican.
"""

import contextlib
import multiprocessing
import os
import re
import shutil
import signal
import tempfile
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from engine.building import site
from engine.building.build_record import BuildRecord
from engine.building.pelican_run import FirstPages, write_again
from engine.building.swap import Staging
from engine.faults import FaultsError
from engine.languages import LANGUAGES
from engine.pictures.variants import Picture
from engine.preview.worker_client import first_pages_folder
from engine.texts.documents import Document, Library

# An address of a file in HTML, without the slash at its beginning.
_FILE = re.compile(r"""[\s"'(,]/([^\s"'(),<>]+\.[a-z0-9]{2,5})(?=[\s"'),])""")


class SiteProcess:
    """A fork that makes the site of a plan into `output`, the pages at the paths `first` first.

    `record` is that of the last build of `output`; the fork sends what becomes of it.
    `close` closes in the fork what belongs to the worker alone. `library` is that of the plan.
    """

    def __init__(
        self,
        plan: site.Plan,
        output: Path,
        record: BuildRecord,
        first: Sequence[str],
        close: Callable[[], None],
    ):
        self.library = plan.library
        self.connection, theirs = multiprocessing.Pipe()
        self._pid = os.fork()
        if not self._pid:
            # The processes that write pages belong to the group: they end with this one.
            os.setpgid(0, 0)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            self.connection.close()
            close()
            with contextlib.suppress(EOFError, BrokenPipeError):
                _make_site(plan, output, record, first, theirs)
            os._exit(0)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.setpgid(self._pid, self._pid)
        theirs.close()

    def stop(self) -> None:
        """End the fork and its processes, and wait until they have ended."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._pid, signal.SIGKILL)
        # The end of the last process closes the connection.
        with contextlib.suppress(EOFError, OSError):
            while True:
                self.connection.recv()
        self.connection.close()
        os.waitpid(self._pid, 0)

    def render_again(self, document: Document, shown: Library) -> list[str]:
        """Render the page of a text of the site, whose body is now that of `document`.

        `shown` has the files and the pictures of this page. Return the path of the page below the
        folder of first pages; an empty list if there is none.
        """
        try:
            self.connection.send((document, shown.files, shown.pictures))
            return self.connection.recv()["pages"]
        except (EOFError, OSError):
            return []


def _make_site(
    plan: site.Plan,
    output: Path,
    record: BuildRecord,
    first: Sequence[str],
    connection: Connection,
) -> None:
    """Make the site, tell its fault and its record, then render pages again until the end."""

    def show(paths: Iterable[str]) -> None:
        built = Path(plan.settings["OUTPUT_PATH"])
        pages = list(paths)
        for path in pages:
            _show(built, path, output)
        if pages:
            connection.send({"pages": pages})

    try:
        options = {"record": record, "first": FirstPages(first, show)}
        site.make_site(plan, output, with_exports=False, **options)
        fault = ""
    except FaultsError as error:
        fault = str(error)
    except Exception:  # the fork ends here: report the error to the parent
        fault = traceback.format_exc()
    connection.send({"fault": fault})
    if not fault:
        connection.send((record.pages, record.last))
    while not fault:
        connection.send({"pages": _render_again(plan, output, *connection.recv())})


def _render_again(
    plan: site.Plan, output: Path, document: Document, files: set[str], pictures: set[Picture]
) -> list[str]:
    """Render the page of a text whose body is now that of `document`; return its path."""
    old, path = plan.library.by_source[document.source], page_of(document)
    # Pelican's objects and the templates hold this document.
    vars(old).update(vars(document))
    own = replace(plan, library=replace(plan.library, files=files, pictures=pictures))
    with tempfile.TemporaryDirectory(dir=output.parent) as name:
        folder = Path(name)
        try:
            site.put_files(own, Staging(output, folder), None, in_portfolio=False)
            is_written = write_again(plan.settings, path, old, folder)
        except FaultsError:
            # The build that follows tells the fault.
            return []
        if not is_written:
            return []
        _show(folder, path, output)
    return [path]


def page_of(document: Document) -> str:
    """Return the file of the page of a text below the output folder, "" if it has none."""
    save_as = "index.html" if document.kind == "home" else document.save_as
    return save_as and LANGUAGES[document.lang].root + save_as


def _show(built: Path, path: str, output: Path) -> None:
    """Put a page, and the files of it that the site lacks, into the folder of first pages.

    `built` is the folder that holds the page.
    """
    first = first_pages_folder(output)
    page = (built / path).read_text("utf-8")
    for name in _FILE.findall(page):
        if (built / name).is_file() and not (output / name).exists():
            _put(built / name, first / name)
    _put(built / path, first / path)


def _put(file: Path, target: Path) -> None:
    """Copy a file atomically."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    shutil.copyfile(file, part)
    part.replace(target)
