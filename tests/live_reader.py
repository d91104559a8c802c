"""A reader who looks at every page of a site and all that it loads, over and over."""

import http.client
import re
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.fake_site import Version

# Seconds for the requests that are still to be made once the block has ended.
_LIMIT = 120
_LOADED = re.compile(rb'(?:href|src)="/([^"]+)"')


@dataclass
class Reader:
    """What a reader met: requests, broken ones with a word on each, and pages really removed.

    A page view is broken where the page, or anything that it loads, is of no version, or of
    another version than the page. `mixed_seconds` lies between the first answer that is not the
    first version's and the last one that is.
    """

    polls: int = 0
    broken: list[str] = field(default_factory=list)
    removed: int = 0
    old_until: float = 0
    new_from: float = 0
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def mixed_seconds(self) -> float:
        """For how long pages of both versions were seen."""
        return max(0.0, self.old_until - self.new_from) if self.new_from else 0.0

    def view(self, connection: http.client.HTTPConnection, page: str, versions: Iterable[Version]):
        """Look at one page and what it loads."""
        address = f"/{page.removesuffix('index.html')}"
        status, body = self._get(connection, address)
        if status == 404 and any(page not in version.files for version in versions):
            self.removed += 1
            return
        shown = [each for each in versions if each.files.get(page) == body]
        if status != 200 or not shown:
            self.broken.append(f"{address}: {status}, {len(body)} bytes of no version")
            return
        self._note(shown, list(versions))
        for name in _LOADED.findall(body):
            path = name.decode()
            status, content = self._get(connection, f"/{path}")
            if status != 200 or all(each.files.get(path) != content for each in shown):
                self.broken.append(f"{address} loads /{path}: {status}, {len(content)} bytes")

    def _note(self, shown: list[Version], versions: list[Version]) -> None:
        now = time.monotonic()
        if shown == versions[:1]:
            self.old_until = now
        elif versions[0] not in shown:
            self.new_from = self.new_from or now

    def _get(self, connection: http.client.HTTPConnection, address: str) -> tuple[int, bytes]:
        self.polls += 1
        try:
            connection.request("GET", address)
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            return 0, str(error).encode()


@contextmanager
def reading(
    site: str,
    versions: list[Version],
    least: int = 1250,
    context: ssl.SSLContext | None = None,
) -> Iterator[Reader]:
    """Read a site while the block lasts, and until there were `least` requests.

    `context` is what makes Python trust the server of an https address.
    """
    reader = Reader()
    pages = sorted({page for each in versions for page in each.files if page.endswith(".html")})

    def run() -> None:
        connection = (
            http.client.HTTPSConnection(urlsplit(site).netloc, timeout=60, context=context)
            if context
            else http.client.HTTPConnection(urlsplit(site).netloc, timeout=60)
        )
        while not (reader.stopping.is_set() and reader.polls >= least):
            for page in pages:
                reader.view(connection, page, versions)
                time.sleep(0.001)  # leaves the publication its share of the processor
        connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield reader
    finally:
        reader.stopping.set()
        thread.join(_LIMIT)
    assert not thread.is_alive(), f"the reader was not done in {_LIMIT} s"
