"""Renders the tables of the pages' weights into the pages that wait for them.

All pages are written by then, and what they load. A cache file keeps the compressed sizes and what
each page holds, which are slow to find: for the same bytes they are the same.
"""

import contextlib
import hashlib
import json
import tempfile
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache as remember
from importlib.metadata import version
from pathlib import Path

from babel.numbers import format_decimal

from engine.pages import compression, ecoindex, markup, page_policy, page_weight
from engine.pages.built_site import BuiltFile, BuiltSite
from plugins.weight_table import PLACE

# A table may make its own page the longest of its kind, and its figures change its weight: the
# second rendering is right, save where a figure lies on the edge between two tenths.
_MAX_RENDERINGS = 4
_BROTLI = f"brotli {version('brotli')}"


@dataclass(frozen=True)
class WeightTable:
    """A page that waits for its table: the file, its language, and what renders the table."""

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
    """Put its table into each page that waits for one.

    `base` is the path below which the site stands, `addresses` the settings' ADDRESSES;
    `cache_file` keeps sizes for the next build. Raises OSError if a file cannot be read or
    written.
    """
    sizes = SizeCache(cache_file)

    @remember
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
    if tables:
        sizes.save()


def _rows(
    built: BuiltSite,
    lang: str,
    addresses: Mapping[str, Mapping[str, str]],
    weigh: Callable[[BuiltFile], page_weight.Weight],
    sent_bytes: Callable[[BuiltFile], int],
) -> list[dict[str, object]]:
    """What the table shows of each kind's longest page."""
    rows = []
    kinds = page_weight.pages_by_kind(built, lang, addresses)
    longest = {kind: max(pages, key=lambda page: page.size) for kind, pages in kinds.items()}
    # Brotli works outside Python's lock, so that threads share the processors.
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


@remember
def _reader() -> str:
    """A digest of the code that reads a page."""
    code = (Path(module.__file__).read_bytes() for module in (page_weight, markup))
    return hashlib.sha256(b"".join(code)).hexdigest()


def _thousands(number: int, lang: str) -> str:
    return format_decimal(number / 1000, "#,##0.0", locale=lang)


class SizeCache:
    """The bytes in which files are sent and what pages hold, by the digest of their own bytes."""

    def __init__(self, cache: Path):
        self._cache = cache
        self._used: dict[str, object] = {}
        self._known: dict[str, object] = {}
        # What is damaged is made again; a list has no pairs to give.
        with contextlib.suppress(OSError, ValueError, TypeError):
            self._known = dict(json.loads(cache.read_text("utf-8")))

    def sent_bytes(self, file: BuiltFile) -> int:
        """The bytes in which a file is sent, compressed by Brotli."""
        key = f"{file.digest}{file.suffix} {_BROTLI}"
        if key not in self._used:
            self._used[key] = self._known.get(key) or compression.sent_bytes(file)
        return self._used[key]

    def contents(self, page: BuiltFile) -> page_weight.Contents:
        """What a page holds."""
        key = f"{page.digest} read by {_reader()}"
        if key not in self._used:
            self._used[key] = self._known.get(key) or asdict(page_weight.read_contents(page))
        return page_weight.Contents(**self._used[key])

    def save(self) -> None:
        """Write what was used, and forget the rest; another build may do it at the same time."""
        self._cache.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=self._cache.parent, delete=False) as new:
            json.dump(self._used, new, indent=0, sort_keys=True)
        Path(new.name).replace(self._cache)
