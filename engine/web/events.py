"""Watch the content folder for changes by other programs: an editor, git, a synchroniser."""

import contextlib
import threading
from pathlib import Path

from engine.preview.watching import is_source, watch_folders
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
        for paths in watch_folders([self._content], is_source, self._stop):
            if paths:
                sources = {source_of(self._content, Path(path)) for path in paths}
            else:
                sources = self._all_sources()
            # The folder itself changes as it is moved away.
            news = [each for each in sources - {None, "."} if not self._is_own(each)]
            # Those that the page has read are forgotten last.
            news.sort(key=lambda source: (source in self._own, source))
            with self._changed:
                self._sources += news
                forgotten = max(0, len(self._sources) - _REMEMBERED)
                self._first += forgotten
                del self._sources[:forgotten]
                self._changed.notify_all()

    def _all_sources(self) -> set[str | None]:
        """Return every file of the folder, and those that were there; none if it is away."""
        if not self._content.is_dir():
            return set()
        files = (path for path in self._content.rglob("*") if path.is_file())
        return {
            *self._own,
            *(source_of(self._content, path) for path in files if is_source(None, str(path))),
        }

    def _is_own(self, source: str) -> bool:
        with contextlib.suppress(OSError):
            data = (self._content / source).read_bytes()
            return self._own.get(source) == digest_of(data)
        return False
