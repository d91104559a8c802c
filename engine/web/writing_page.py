"""Open the writing page: `./inv write`.

One server writes into a content folder: a second call opens the page of the one that runs.
"""

import contextlib
import fcntl
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO

from engine.faults import Fault, FaultsError, Message, system_reason
from engine.messages.catalogue import message_language
from engine.paths import content_folder
from engine.preview.server import HOST, listen
from engine.settings.site_settings import display_path
from engine.terminal import confirm, end_by_interrupt, exit_code
from engine.texts.library import no_content_folder
from engine.web.frame import FrameHandler
from engine.web.page_state import PageState
from engine.web.publication import Publication
from engine.web.server import Writer, WriterHandler, browser_file, new_token
from engine.web.static_files import PAGE_FOLDER, static_files

FIRST_PORT = 8100
FIRST_PREVIEW_PORT = 8200
# Where the browser finds the file that leads to the page. Its name begins with no dot: browsers
# that come as a snap read no hidden folder (https://snapcraft.io/docs/home-interface).
BROWSER_FOLDER = "writing-page"


def main() -> int:
    """Serve until Ctrl-C, `kill` or the end of the session; return the exit code."""
    end_by_interrupt()
    return exit_code(serve, "")


def serve() -> None:
    """Serve until interrupted. Raises FaultsError, and KeyboardInterrupt once all has ended."""
    content = content_folder()
    if not content.is_dir():
        raise FaultsError(no_content_folder(display_path(content)))
    state = PageState(content)
    folder = content.parent / BROWSER_FOLDER
    with contextlib.ExitStack() as ending:
        try:
            state.prepare()
            lock = (state.folder / "lock").open("a")
        except OSError as error:
            raise _unwritable(state.folder, error) from error
        ending.callback(lock.close)
        if not _is_first(lock):
            print(Message("the writing page is open already: here it is again"))
            _open_browser(folder / "page.html")
            return
        writer = ending.enter_context(_running(content))
        ending.callback(_remove, folder)
        try:
            page = browser_file(folder, f"{writer.origin}/#{writer.token}")
        except OSError as error:
            raise _unwritable(folder, error) from error
        print(Message("the writing page is open in your browser; Ctrl-C ends it"))
        print(Message("if it is not, open this file in it: {file}", file=display_path(page)))
        if writer.has_moved:
            print(
                Message(
                    "its address is new, since another program has taken the last one: what was"
                    " typed while the server was stopped is only in the window that was left open"
                )
            )
        _open_browser(page)
        _answer_questions(writer.publication)


@contextlib.contextmanager
def _running(content: Path) -> Iterator[Writer]:
    """Start the two servers of a content folder and their processes; stop them at the end."""
    with contextlib.ExitStack() as ending:
        site = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="site-writing-")))
        writer = Writer(content, new_token(), message_language(), site / "site", static_files())
        ending.callback(writer.close)
        last = writer.state.last_port
        page = listen(partial(WriterHandler, writer=writer), last or FIRST_PORT)
        writer.origin = f"http://{HOST}:{page.server_port}"
        writer.has_moved = last not in (None, page.server_port)
        with contextlib.suppress(OSError):  # a full disk: what cannot be saved is told in the page
            writer.state.keep_port(page.server_port)
        script = (PAGE_FOLDER / "frame.js").read_text("utf-8")
        frame = listen(
            partial(
                FrameHandler,
                directory=str(writer.site),
                state=writer.built,
                worker=None,
                writer=writer.origin,
                base=writer.preview_base,
                script=script,
            ),
            FIRST_PREVIEW_PORT,
        )
        writer.preview = f"http://{HOST}:{frame.server_port}"
        writer.start_processes()
        writer.events.start()
        ending.callback(writer.events.stop)
        for server in (page, frame):
            threading.Thread(target=server.serve_forever, daemon=True).start()
            ending.callback(server.server_close)
            ending.callback(server.shutdown)
        yield writer


def _is_first(lock: IO[str]) -> bool:
    """Try to lock a content folder; the system releases the lock with the process."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _answer_questions(publication: Publication) -> None:
    """Ask the questions of publications at the terminal, until interrupted."""
    while True:
        process, question = publication.questions.get()
        publication.answer(process, is_yes=sys.stdin.isatty() and confirm(question))


def _open_browser(page: Path) -> None:
    webbrowser.open(page.as_uri())


def _remove(folder: Path) -> None:
    (folder / "page.html").unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        folder.rmdir()


def _unwritable(folder: Path, error: OSError) -> FaultsError:
    problem = Message("it cannot be written ({reason})", reason=system_reason(error))
    remedy = Message("fix the permissions of the folder above it, or free some room")
    return FaultsError(Fault(display_path(folder), None, "file", problem, remedy))


if __name__ == "__main__":
    sys.exit(main())
