"""Watch the content folder for changes by other programs: an editor, git, a synchroniser."""

import contextlib
import threading
from pathlib import Path

from watchfiles import watch

from engine.preview.server import is_source
from engine.texts.content_files import source_of
from engine.web.safe_files import digest_of

# Changes that are remembered: a page that asks later reads everything anew.
_REMEMBERED = 1000


class Events:
    """The changed files in their order, for long-polling requests."""

    def __init__(self, content: Path):
        self._content = content
        self._changed = threading.Condition()
        self._sources: list[str] = []
        self._first = 0
        self._own: dict[str, str] = {}
        self._stop = threading.Event()
        self._watcher: threading.Thread | None = None

    def start(self) -> None:
        """Start to watch."""
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """Stop to watch, and answer the waiting requests."""
        self._stop.set()
        with self._changed:
            self._changed.notify_all()
        if self._watcher:
            self._watcher.join(3)

    def own(self, source: str, digest: str) -> None:
        """Note the digest of a file that the page itself reads or writes."""
        self._own[source] = digest

    def wait(self, after: int, seconds: float) -> dict:
        """Wait for changes after number `after`, and return their sources."""
        with self._changed:
            self._changed.wait_for(lambda: self._serial != after or self._is_over, seconds)
            begin = max(0, after - self._first)
            return {
                "serial": self._serial,
                "changed": list(dict.fromkeys(self._sources[begin:])),
                "stopping": self._is_over,
            }

    @property
    def _serial(self) -> int:
        return self._first + len(self._sources)

    @property
    def _is_over(self) -> bool:
        return self._stop.is_set()

    def _watch(self) -> None:
        folder = self._content.resolve()
        for changes in watch(
            folder,
            watch_filter=is_source,
            debounce=300,
            step=50,
            stop_event=self._stop,
            raise_interrupt=False,
            rust_timeout=1000,
        ):
            sources = {source_of(folder, Path(path)) for _kind, path in changes}
            news = sorted(source for source in sources if source and not self._is_own(source))
            with self._changed:
                self._sources += news
                forgotten = max(0, len(self._sources) - _REMEMBERED)
                self._first += forgotten
                del self._sources[:forgotten]
                self._changed.notify_all()

    def _is_own(self, source: str) -> bool:
        with contextlib.suppress(OSError):
            data = (self._content / source).read_bytes()
            return self._own.get(source) == digest_of(data)
        return False
