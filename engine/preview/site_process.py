"""Make a site in a fork, which then stays to render a page again once its text has another body.

Pelican's objects are in the fork alone: a build leaves no state for the next one, and the page of
an edited text needs neither the other texts nor another run of Pelican.
"""

import contextlib
import gc
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

from engine.building import fingerprint, site
from engine.building.build_record import BuildRecord
from engine.building.pelican_run import FirstPages, take_bodies, write_again
from engine.building.search_files import SearchWords
from engine.building.swap import Staging
from engine.faults import FaultsError
from engine.languages import LANGUAGES
from engine.pictures.variants import Picture
from engine.preview.worker_client import CHUNK, first_pages_folder
from engine.processes import take_interrupts
from engine.texts.documents import Document, Library

# An address of a file in HTML, without the slash at its beginning.
_FILE = re.compile(r"""[\s"'(,]/([^\s"'(),<>]+\.[a-z0-9]{2,5})(?=[\s"'),])""")
# What a document has of its body; `lines` and `typed_header` tell where a fault is.
_OF_BODY = frozenset(
    ("body", "body_line", "lines", "typed_header", "encoded_html", "ids", "description")
)


class _OutdatedError(Exception):
    """The worker has sent a newer request."""


class SiteProcess:
    """A fork that makes the site of a plan into `output`, the pages at the paths `first` first.

    `record` is that of the last build of `output`. `close` closes in the fork what belongs to the
    worker alone. `library` is that of the site, and `inputs` what its first build has read. Made
    within `delayed_interrupts`.
    """

    def __init__(
        self,
        plan: site.Plan,
        output: Path,
        record: BuildRecord,
        first: Sequence[str],
        close: Callable[[], None],
    ):
        self.library, self.inputs, self.code = plan.library, record.inputs, record.code
        self._rendered: set[str] = set()
        self.connection, theirs = multiprocessing.Pipe()
        self._pid = os.fork()
        if not self._pid:
            # Whatever happens, the fork does not go on in the code of the worker.
            try:
                # The processes that write pages belong to the group: they end with this one.
                os.setpgid(0, 0)
                take_interrupts()
                self.connection.close()
                close()
                with contextlib.suppress(EOFError, BrokenPipeError):
                    _Maker(plan, output, record, theirs).work(first)
            except Exception:
                traceback.print_exc()
            finally:
                os._exit(0)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.setpgid(self._pid, self._pid)
        theirs.close()

    def stop(self) -> None:
        """End the fork and its processes, and wait until they have ended.

        The handler of a signal may call it in the middle of another method, this one too.
        """
        # macOS refuses a group of which only the ended process is left.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, signal.SIGKILL)
        # The end of the last process closes the connection. Not `recv`, which reads a whole
        # message: a part of one may have been read.
        with contextlib.suppress(OSError):
            while os.read(self.connection.fileno(), CHUNK):
                pass
        self.connection.close()
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._pid, 0)

    def take_record(self) -> tuple:
        """Return `pages`, `last` and `font` of the site's record. Raises EOFError and OSError."""
        self.connection.send(("tell_record", ()))
        return self.connection.recv()

    def render(self, document: Document, shown: Library) -> list[str]:
        """Render the page of a text of the site, whose body is now that of `document`.

        `shown` has the files and the pictures of this page. Return the path of the page below the
        folder of first pages; an empty list if there is none. Raises EOFError and OSError.
        """
        self._rendered.add(document.source)
        self.connection.send(("render", (document, shown.files, shown.pictures)))
        return self.connection.recv()

    def changed_bodies(self, record: BuildRecord, library: Library) -> list[Document] | None:
        """Return the documents of `library` whose bodies are not those of the site.

        Return None if anything else has changed: headings, pictures, links to files, headers,
        settings, the day.
        """
        old = self.library
        pairs = [(old.by_source.get(text.source), text) for text in library.visible]
        content = fingerprint.content_folder()
        before, now = self.inputs[content], record.inputs[content]
        is_same = (
            (self.code, old.today, old.base) == (record.code, library.today, library.base)
            and (old.files, old.pictures) == (library.files, library.pictures)
            and len(old.visible) == len(pairs)
            and before.keys() == now.keys()
            and all(
                # A text is compared below.
                state[1:] == now[path][1:] or path in library.by_source
                for path, state in before.items()
            )
            and all(one is not None and _differ_by_body_alone(one, other) for one, other in pairs)
        )
        if not is_same:
            return None
        return [
            text
            for before, text in pairs
            if text.source in self._rendered or text.encoded_html != before.encoded_html
        ]

    def make_again(self, library: Library, texts: list[Document], first: Sequence[str]) -> None:
        """Let the fork make the site of a library, whose `texts` have other bodies."""
        self.library = library
        self._rendered = set()
        self.connection.send(("make_again", (texts, first)))

    def interrupt(self) -> None:
        """Let the fork end `make_again` without a site. Raises EOFError and OSError."""
        self.connection.send(("pass_over", ()))


def _differ_by_body_alone(old: Document, new: Document) -> bool:
    one, other = vars(old), vars(new)
    if any(value != other[name] for name, value in one.items() if name not in _OF_BODY):
        return False
    if old.encoded_html == new.encoded_html:
        return True
    has_own_page = new.kind in ("article", "page") and new.save_as
    return bool(has_own_page) and site.headings_of(old) == site.headings_of(new)


class _Maker:
    """What the fork does: it makes the site, then answers the worker until the connection ends."""

    def __init__(self, plan: site.Plan, output: Path, record: BuildRecord, connection: Connection):
        self._plan, self._output, self._record = plan, output, record
        self._connection = connection
        self._words: SearchWords | None = None

    def work(self, first: Sequence[str]) -> None:
        """Make the site and answer. Raises EOFError and BrokenPipeError at the end."""
        gc.disable()
        made = self._make(
            lambda: site.make_site(
                self._plan,
                self._output,
                with_exports=False,
                record=self._record,
                first=FirstPages(first, self._show),
            )
        )
        while made:
            self._prepare_words()
            name, arguments = self._connection.recv()
            getattr(self, name)(*arguments)

    def _prepare_words(self) -> None:
        """Make the indexes of the search before they are needed, until the worker asks."""
        if self._words is None:
            self._words = SearchWords(self._plan.settings, self._plan.library)
        with contextlib.suppress(_OutdatedError):
            self._words.prepare(self._check)

    def _check(self) -> None:
        if self._connection.poll():
            raise _OutdatedError

    def _make(self, work: Callable[[], object]) -> bool:
        """Make the site and tell its fault; return whether there is none."""
        try:
            work()
            fault = ""
        except FaultsError as error:
            fault = str(error)
        except Exception:  # the fork ends here: report the error to the parent
            fault = traceback.format_exc()
        self._connection.send({"fault": fault})
        return not fault

    def _show(self, paths: Iterable[str]) -> None:
        pages = list(paths)
        built, base = Path(self._plan.settings["OUTPUT_PATH"]), self._plan.library.base
        for path in pages:
            _show(built, path, self._output, base)
        if pages:
            self._connection.send({"pages": pages})

    def tell_record(self) -> None:
        """Send what a next fork needs of the record."""
        record = self._record
        self._connection.send((record.pages, record.last, record.font))

    def pass_over(self) -> None:
        """Do nothing: the site that was to be interrupted was made."""

    def make_again(self, texts: list[Document], first: Sequence[str]) -> None:
        """Make the site with other bodies of texts, unless the worker sends something newer."""
        plan = self._plan
        take_bodies(plan.settings, plan.library, texts)

        first_pages = FirstPages(first, self._show, self._check)
        try:
            self._words.count(self._check)
            site.make_again(plan, self._output, self._record, first_pages, self._words)
            told = {"fault": ""}
        except _OutdatedError:
            told = {"stopped": True}
        # The worker makes it in a new fork, which tells what is wrong.
        except Exception:
            told = {"failed": True}
        self._connection.send(told)

    def render(self, document: Document, files: set[str], pictures: set[Picture]) -> None:
        """Render the page of a text whose body is now that of `document`; send its path."""
        plan, path = self._plan, page_of(document)
        take_bodies(plan.settings, plan.library, [document])
        own = replace(plan, library=replace(plan.library, files=files, pictures=pictures))
        pages = []
        # What is wrong is told by the build that follows.
        with (
            contextlib.suppress(FaultsError, OSError),
            tempfile.TemporaryDirectory(dir=self._output.parent) as name,
        ):
            folder = Path(name)
            site.put_files(own, Staging(self._output, folder), None, in_portfolio=False)
            if document.kind != "home" and write_again(plan.settings, path, folder):
                _show(folder, path, self._output, plan.library.base)
                pages.append(path)
        self._connection.send(pages)


def page_of(document: Document) -> str:
    """Return the file of the page of a text below the output folder, "" if it has none."""
    save_as = "index.html" if document.kind == "home" else document.save_as
    return save_as and LANGUAGES[document.lang].root + save_as


def _show(built: Path, path: str, output: Path, base: str) -> None:
    """Put a page, and the files of it that the site lacks, into the folder of first pages.

    `built` is the folder that holds the page, `base` the path below which the site is.
    """
    first = first_pages_folder(output)
    page = (built / path).read_text("utf-8")
    for address in _FILE.findall(page):
        name = f"/{address}".removeprefix(f"{base}/").lstrip("/")
        if (built / name).is_file() and not (output / name).exists():
            _put(built / name, first / name)
    _put(built / path, first / path)


def _put(file: Path, target: Path) -> None:
    """Copy a file atomically."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    shutil.copyfile(file, part)
    part.replace(target)
