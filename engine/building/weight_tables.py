"""Render the tables of page weights into their pages, after all pages are written.

A cache file keeps the compressed sizes and the contents of pages, by digest: they are slow to
calculate.
"""

import contextlib
import hashlib
import json
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from babel.numbers import format_decimal

from engine.pages import compression, ecoindex, markup, page_policy, page_weight
from engine.pages.built_site import BuiltFile, BuiltSite
from engine.pictures.cached_files import read_stored, write_atomically
from plugins.weight_table import PLACE

# A table may make its own page the longest of its kind, and its figures change its weight. The
# second rendering is final, unless a figure changes when it is rounded to a tenth.
_MAX_RENDERINGS = 4
_BROTLI = f"brotli {version('brotli')}"


@dataclass(frozen=True)
class WeightTable:
    """A page with a table: its file, its language, and the function that renders the table."""

    file: Path
    lang: str
    render: Callable[..., str]


def fill(
    tables: list[WeightTable],
    built: BuiltSite,
    base: str,
    addresses: Mapping[str, Mapping[str, str]],
    cache_file: Path,
) -> None:
    """Render the table of each page.

    `base` is the path of the site, `addresses` the setting ADDRESSES. `cache_file` keeps sizes for
    the next build. Raises OSError if a file cannot be read or written.
    """
    sizes = SizeCache(cache_file)

    @cache
    def weigh(page: BuiltFile) -> page_weight.Weight:
        return page_weight.weigh(built, page, base, sizes.sent_bytes, sizes.contents)

    for table in tables:
        path = table.file.relative_to(built.folder).as_posix()
        page = built.files[path].text
        shown = None
        for _ in range(_MAX_RENDERINGS):
            rows = _rows(built, table.lang, addresses, weigh, sizes.sent_bytes)
            if rows == shown:
                break
            photo = _thousands(page_weight.MAX_PHOTO_BYTES, table.lang)
            requests = max(row["requests"] for row in rows)
            rendered = table.render(rows=rows, requests=requests, photo_limit=photo)
            built.write(path, page_policy.filled(page.replace(PLACE, rendered)).encode())
            shown = rows
    sizes.save()


def _rows(
    built: BuiltSite,
    lang: str,
    addresses: Mapping[str, Mapping[str, str]],
    weigh: Callable[[BuiltFile], page_weight.Weight],
    sent_bytes: Callable[[BuiltFile], int],
) -> list[dict[str, object]]:
    """Return a row of the table for the longest page of each kind."""
    rows = []
    kinds = page_weight.pages_by_kind(built, lang, addresses)
    longest = {kind: max(pages, key=lambda page: page.size) for kind, pages in kinds.items()}
    # Brotli releases Python's global lock: threads use all processors.
    with ThreadPoolExecutor() as workers:
        deque(workers.map(sent_bytes, longest.values()), maxlen=0)
    for kind, page in longest.items():
        weight = weigh(page)
        rows.append(
            {
                "kind": kind,
                "weight": _thousands(weight.transferred, lang),
                "limit": _thousands(page_weight.byte_limit(kind, weight.photos), lang),
                "requests": weight.requests - weight.photos,
                "elements": weight.elements,
                "ecoindex": weight.ecoindex,
                "grade": ecoindex.grade(weight.ecoindex),
            }
        )
    return rows


@cache
def _code_digest() -> str:
    """Return a digest of the code that reads a page."""
    code = (Path(module.__file__).read_bytes() for module in (page_weight, markup))
    return hashlib.sha256(b"".join(code)).hexdigest()


def _thousands(number: int, lang: str) -> str:
    return format_decimal(number / 1000, "#,##0.0", locale=lang)


class SizeCache:
    """The transferred sizes of files and the contents of pages, by the digest of their bytes."""

    def __init__(self, path: Path):
        self._path = path
        self._used: dict[str, object] = {}
        # A corrupt cache is ignored and written again.
        self._stored: dict[str, object] = json.loads(read_stored(path) or b"{}")

    def sent_bytes(self, file: BuiltFile) -> int:
        """Return the transferred size of a file, compressed by Brotli."""
        key = f"{file.digest}{file.suffix} {_BROTLI}"
        if key not in self._used:
            self._used[key] = self._stored.get(key) or compression.sent_bytes(file)
        return self._used[key]

    def contents(self, page: BuiltFile) -> page_weight.Contents:
        """Return the contents of a page."""
        key = f"{page.digest} read by {_code_digest()}"
        if key not in self._used:
            self._used[key] = self._stored.get(key) or asdict(page_weight.read_contents(page))
        return page_weight.Contents(**self._used[key])

    def save(self) -> None:
        """Write the used entries; if they cannot be written, the next build takes longer."""
        data = json.dumps(self._used, indent=0, sort_keys=True).encode()
        with contextlib.suppress(OSError):
            write_atomically(data, self._path)
