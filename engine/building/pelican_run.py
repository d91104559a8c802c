"""Runs Pelican for both languages, then writes the pages that it asked for, on all processors."""

import logging
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pelican import Pelican
from pelican.log import console

from engine.building import theme
from engine.faults import Fault, FaultsError, Message
from engine.processes import map_in_forks
from plugins.page_writer import SEARCH, PageRequest
from plugins.weight_table import TablePlace

OWN_FAULT = Message("this is a fault of the software, not of a text: report it to its developers")
# From this number of requests on, sharing the work costs less than it saves.
_MIN_SHARED_REQUESTS = 60
# The end of the file of a list's further pages, which the request of its first page writes.
_LATER_PAGE = re.compile(r"page/[0-9]+/(?=index\.html$)")


@dataclass(frozen=True)
class WrittenPages:
    """The SHA-256 of each file by its path, and the places of the tables of weights."""

    digests: dict[str, str]
    tables: list[TablePlace]

    def __add__(self, others: "WrittenPages") -> "WrittenPages":
        """Return both."""
        return WrittenPages(self.digests | others.digests, self.tables + others.tables)


@dataclass(frozen=True)
class FirstPages:
    """Pages that are written before the others, by their files below the output folder.

    `show` is called with the whole paths of those that are final.
    """

    files: Collection[str]
    show: Callable[[list[Path]], None]

    def write(self, settings: dict) -> tuple[WrittenPages, list[PageRequest]]:
        """Write them and call `show`; return them and the other requests. Raises FaultsError."""
        chosen = requests_of(settings, self.files)
        written = write_pages(settings, chosen)
        waiting = {table.file for table in written.tables}
        self.show([path for path in map(Path, written.digests) if path not in waiting])
        known = set(map(id, chosen))
        return written, [each for each in settings["PAGES"] if id(each) not in known]


@dataclass(frozen=True)
class _Answer:
    """What came of a request: the files written and their digests, the tables that they wait for,
    what is wrong."""

    files: list[tuple[str, str]]
    tables: list[TablePlace]
    faults: list[Fault]


def request_pages(settings: dict) -> None:
    """Run Pelican, which asks for all pages and feeds in PAGES of the settings.

    Raises FaultsError for what Pelican only logs.
    """
    console.quiet = True
    settings["PAGES"], settings["WEIGHT_TABLES"], settings["WEIGHT_TABLE_PARTIALS"] = [], [], {}
    with _complaints(settings) as faults:
        Pelican(settings).run()
    if faults:
        raise FaultsError(*faults)


def requests_of(settings: dict, files: Collection[str]) -> list[PageRequest]:
    """Return the requests of PAGES that write one of the files below the output folder.

    The page of the search is left out: it needs the index of all texts.
    """
    wanted = {_LATER_PAGE.sub("", file) for file in files}
    return [
        request
        for request in settings["PAGES"]
        if request.file in wanted and request.template.name != SEARCH
    ]


def write_pages(settings: dict, requests: Sequence[PageRequest]) -> WrittenPages:
    """Write the pages of requests.

    Raises FaultsError for what templates fail at and what Pelican only logs.
    """
    if len(requests) >= _MIN_SHARED_REQUESTS:
        for environment in {request.template.environment for request in requests}:
            # In this process, else each fork would compile all of them. Pelican's other names for
            # the same templates, and those of its own theme, begin with "!".
            for name in environment.list_templates(filter_func=lambda name: name[0] != "!"):
                environment.get_template(name)
    answer = partial(_answer, settings)
    # Lists are asked for last and take longest.
    answers = map_in_forks(answer, requests[::-1], least=_MIN_SHARED_REQUESTS)
    # The same line of a template fails in many pages.
    faults = {fault.sort_key: fault for answer in answers for fault in answer.faults}
    if faults:
        raise FaultsError(*faults.values())
    files = [file for answer in answers for file in answer.files]
    times = Counter(path for path, _digest in files)
    for path in (path for path, number in times.items() if number > 1):
        raise RuntimeError(f"{path} was written twice")
    return WrittenPages(dict(files), [table for answer in answers for table in answer.tables])


def _answer(settings: dict, request: PageRequest) -> _Answer:
    settings["WEIGHT_TABLES"].clear()
    files = []
    with _complaints(settings) as faults:
        files = request.fulfil()
    return _Answer(files, list(settings["WEIGHT_TABLES"]), faults)


@contextmanager
def _complaints(settings: dict) -> Iterator[list[Fault]]:
    """Gather what templates fail at, and what Pelican only logs: no build may have a warning."""
    faults, logger = [], logging.getLogger()
    handler = _Complaints(faults)
    logger.addHandler(handler)
    try:
        yield faults
    except Exception as error:
        fault = theme.fault_of(error, Path(settings["THEME"]))
        if fault is None:
            raise
        faults.append(fault)
    finally:
        logger.removeHandler(handler)


class _Complaints(logging.Handler):
    def __init__(self, faults: list[Fault]):
        super().__init__(logging.WARNING)
        self._faults = faults

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        # A decorative image is allowed, and its empty alt is right.
        if not message.startswith("Empty alt attribute"):
            problem = Message("{warning}", warning=message.strip())
            self._faults.append(Fault("build", None, record.name, problem, OWN_FAULT, "build"))
