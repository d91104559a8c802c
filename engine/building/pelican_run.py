"""Runs Pelican for both languages, and writes the pages that it asked for, on all processors."""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pelican import Pelican
from pelican.log import console

from engine.building import theme
from engine.building.page_reuse import Group, PageReads, PageRecords, PreviousBuild
from engine.dependencies import record as record_reads
from engine.faults import Fault, FaultsError, Message
from engine.languages import LANGUAGES
from engine.processes import map_in_forks
from plugins.page_writer import PageRequest
from plugins.weight_table import TablePlace

OWN_FAULT = Message("this is a fault of the software, not of a text: report it to its developers")
# From this number of requests on, sharing the work costs less than it saves.
_MIN_SHARED_REQUESTS = 60


@dataclass(frozen=True)
class WrittenPages:
    """The pages of a build.

    `digests` has the SHA-256 of each written file by its whole path, `reused` that of each page
    that was not written, since it would be as the previous build wrote it, by its path below the
    output folder. `tables` are the places of the tables of weights.
    """

    digests: dict[str, str]
    reused: dict[str, str]
    tables: list[TablePlace]
    records: PageRecords


@dataclass(frozen=True)
class _Answer:
    """What came of a request: the SHA-256 of its file, what it read, the tables that it waits for,
    what is wrong."""

    digest: str
    groups: list[Group]
    tables: list[TablePlace]
    faults: list[Fault]


def run_pelican(settings: dict) -> None:
    """Ask for all pages and feeds, which `write_pages` then writes.

    Raises FaultsError for what templates fail at and what Pelican only logs, as `write_pages`.
    """
    console.quiet = True
    settings["PAGES"], settings["WEIGHT_TABLES"], settings["WEIGHT_TABLE_PARTIALS"] = [], [], {}
    settings["PAGE_SOURCES"] = {}
    with _complaints(settings) as faults:
        Pelican(settings).run()
    if faults:
        raise FaultsError(*faults)


def write_pages(settings: dict, record: PreviousBuild | None = None) -> WrittenPages:
    """Write all pages that `run_pelican` asked for, but those of `record` that would be the same.

    Raises FaultsError for what templates fail at.
    """
    requests, sources = settings["PAGES"], settings["PAGE_SOURCES"]
    # A dictionary is faster.
    sources |= {lang: dict(sources[lang]) for lang in LANGUAGES if lang in sources}
    times = Counter(request.path for request in requests)
    for path in (path for path, number in times.items() if number > 1):
        raise RuntimeError(f"{path} is written twice")
    page_reads = PageReads(sources, requests)
    previous, reused = PageRecords(), set()
    if record and record.pages:
        previous = record.pages
        reused = page_reads.unchanged(previous)
        reused = {path for path in reused if record.previous_file(path)}
    # Lists are asked for last and take longest.
    to_write = [request for request in requests[::-1] if request.path not in reused]
    answers = _render(settings, page_reads, to_write)
    records = previous.only(reused)
    records.add(
        (request.path, answer.digest, answer.groups)
        for request, answer in zip(to_write, answers, strict=True)
        # It holds the weights of other pages.
        if not answer.tables
    )
    return WrittenPages(
        {request.file: answer.digest for request, answer in zip(to_write, answers, strict=True)},
        {path: previous.digests[path] for path in reused},
        [table for answer in answers for table in answer.tables],
        records,
    )


def _render(
    settings: dict, page_reads: PageReads, requests: Sequence[PageRequest]
) -> list[_Answer]:
    for environment, lang in {(each.template.environment, each.lang) for each in requests}:
        environment.globals = settings["PAGE_SOURCES"][lang]
        # In this process, else each fork would compile all of them. Pelican's other names for the
        # same templates, and those of its own theme, begin with "!".
        for name in environment.list_templates(filter_func=lambda name: name[0] != "!"):
            environment.get_template(name)
    answer = partial(_answer, settings, page_reads)
    answers = map_in_forks(answer, requests, least=_MIN_SHARED_REQUESTS)
    # The same line of a template fails in many pages.
    faults = {fault.sort_key: fault for answer in answers for fault in answer.faults}
    if faults:
        raise FaultsError(*faults.values())
    return answers


def _answer(settings: dict, page_reads: PageReads, request: PageRequest) -> _Answer:
    settings["WEIGHT_TABLES"].clear()
    digest, groups = "", []
    with _complaints(settings) as faults:
        digest, reads = record_reads(request.fulfil)
        groups = page_reads.groups(request, reads)
    return _Answer(digest, groups, list(settings["WEIGHT_TABLES"]), faults)


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
