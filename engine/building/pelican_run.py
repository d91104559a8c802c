"""Run Pelican for both languages, then write the pages that it asked for, on all processors."""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pelican.log import console

from engine.building import theme
from engine.building.page_reuse import Group, PageReads, PageRecords, PreviousBuild
from engine.dependencies import SharedResults
from engine.dependencies import record as record_reads
from engine.faults import Fault, FaultsError, Message
from engine.languages import LANGUAGES
from engine.processes import map_in_forks
from engine.texts.documents import Document, Library
from plugins.page_writer import SEARCH, PageRequest
from plugins.weight_table import TablePlace

OWN_FAULT = Message("this is a fault of the software, not of a text: report it to its developers")
# From this number of requests on, sharing the work costs less than it saves.
_MIN_SHARED_REQUESTS = 60


@dataclass(frozen=True)
class WrittenPages:
    """The pages of a build.

    `digests` has the SHA-256 of each written file by its path below the output folder, `reused`
    that of each page that was not written, since it would be as the previous build wrote it.
    `tables` are the places of the tables of weights.
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
    """Ask for all pages and feeds, which `SitePages` writes.

    Raises FaultsError for what Pelican only logs.
    """
    console.quiet = True
    requests, sources = [], {}
    settings["WEIGHT_TABLES"], settings["WEIGHT_TABLE_PARTIALS"] = [], {}
    settings["PAGES"], settings["PAGE_SOURCES"] = requests, sources
    with _collect_faults(settings) as faults:
        settings["PELICAN_CLASS"](settings).run()
    if faults:
        raise FaultsError(*faults)
    # A dictionary is faster.
    sources |= {lang: dict(sources[lang]) for lang in LANGUAGES if lang in sources}
    times = Counter(request.path for request in requests)
    for path in (path for path, number in times.items() if number > 1):
        raise RuntimeError(f"{path} is written twice")
    settings["PAGE_READS"] = PageReads(sources, requests)


@dataclass(frozen=True)
class FirstPages:
    """Pages that are written before the others, by their paths below the output folder.

    `show` is called with the paths of those that are final. `check` is called from time to time,
    and may raise an exception that ends the build.
    """

    paths: Collection[str]
    show: Callable[[list[str]], None]
    check: Callable[[], None] = lambda: None


class SitePages:
    """The pages and feeds that `run_pelican` has asked for."""

    def __init__(self, settings: dict):
        self._settings = settings
        self._reads: PageReads = settings["PAGE_READS"]
        self._written: list[tuple[PageRequest, _Answer]] = []

    def write_first(self, first: FirstPages) -> None:
        """Write some of the pages, but none of the search, which needs the index of all texts.

        Raises FaultsError for what templates fail at and what Pelican only logs.
        """
        requests = [
            request
            for request in self._settings["PAGES"]
            if request.path in first.paths and request.template.name != SEARCH
        ]
        self._write(requests)
        first.show([request.path for request, answer in self._written if not answer.tables])

    def write(self, record: PreviousBuild | None = None) -> WrittenPages:
        """Write all other pages but those that `record` has and that would be the same.

        Raises FaultsError, as `write_first`.
        """
        previous, reused = PageRecords(), set()
        written = {request.path for request, _answer in self._written}
        if record and record.pages:
            previous = record.pages
            unchanged = self._reads.unchanged(previous) - written
            reused = {path for path in unchanged if record.previous_file(path)}
        known = written | reused
        # Lists are asked for last and take longest.
        self._write([each for each in self._settings["PAGES"][::-1] if each.path not in known])
        records = previous.only(reused)
        records.add(
            (request.path, answer.digest, answer.groups)
            for request, answer in self._written
            # It holds the weights of other pages.
            if not answer.tables
        )
        return WrittenPages(
            {request.path: answer.digest for request, answer in self._written},
            {path: previous.digests[path] for path in reused},
            [table for _request, answer in self._written for table in answer.tables],
            records,
        )

    def _write(self, requests: Sequence[PageRequest]) -> None:
        for environment, lang in {(each.template.environment, each.lang) for each in requests}:
            environment.globals = self._settings["PAGE_SOURCES"][lang]
            if len(requests) >= _MIN_SHARED_REQUESTS:
                # In this process, else each fork would compile all of them. Pelican's other names
                # for the same templates, and those of its own theme, begin with "!".
                for name in filter(theme.is_template, environment.list_templates()):
                    if name[0] != "!":
                        environment.get_template(name)
        answer = partial(_answer, self._settings, self._reads)
        answers = map_in_forks(answer, requests, least=_MIN_SHARED_REQUESTS)
        # The same line of a template fails in many pages.
        faults = {fault.sort_key: fault for answer in answers for fault in answer.faults}
        if faults:
            raise FaultsError(*faults.values())
        self._written += zip(requests, answers, strict=True)


def take_bodies(settings: dict, library: Library, documents: Iterable[Document]) -> None:
    """Give the documents of a site, and the pages that Pelican asked for, the bodies of others."""
    texts = {
        id(document): text
        for request in settings["PAGES"]
        for text in request.values.values()
        if (document := getattr(text, "document", None))
    }
    reads: PageReads = settings["PAGE_READS"]
    changed = set()
    for new in documents:
        old = library.by_source[new.source]
        # The templates hold this document.
        vars(old).update(vars(new))
        if text := texts.get(id(old)):
            text.description = old.description
            changed.add(id(text))
            reads.forget(text.record_name)
    for lang in LANGUAGES:
        # It maps languages to the indexes, which change with any text.
        reads.forget(lang, ["SEARCH"])
        for value in settings["PAGE_SOURCES"].get(lang, {}).values():
            if isinstance(value, SharedResults):
                value.forget(changed)


def write_again(settings: dict, path: str, folder: Path) -> bool:
    """Write a page again, with its values as they are now, below another folder.

    Return whether it is there.
    """
    for request in settings["PAGES"]:
        if request.path == path:
            settings["WEIGHT_TABLES"].clear()
            with _collect_faults(settings) as faults:
                request.fulfil(str(folder))
            return not (faults or settings["WEIGHT_TABLES"])
    return False


def _answer(settings: dict, page_reads: PageReads, request: PageRequest) -> _Answer:
    settings["WEIGHT_TABLES"].clear()
    digest, groups = "", []
    with _collect_faults(settings) as faults:
        digest, reads = record_reads(partial(request.fulfil, settings["OUTPUT_PATH"]))
        groups = page_reads.groups(request, reads)
    return _Answer(digest, groups, list(settings["WEIGHT_TABLES"]), faults)


@contextmanager
def _collect_faults(settings: dict) -> Iterator[list[Fault]]:
    """Gather what templates fail at, and what Pelican only logs: no build may have a warning."""
    faults, logger = [], logging.getLogger()
    handler = _LoggedFaults(faults)
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


class _LoggedFaults(logging.Handler):
    def __init__(self, faults: list[Fault]):
        super().__init__(logging.WARNING)
        self._faults = faults

    def emit(self, record: logging.LogRecord) -> None:
        # The error of a copy, which the build tells as its own.
        for value in record.args if isinstance(record.args, tuple) else ():
            if isinstance(value, OSError):
                raise value
        problem = Message("{warning}", warning=record.getMessage().strip())
        self._faults.append(Fault("build", None, record.name, problem, OWN_FAULT, "build"))
