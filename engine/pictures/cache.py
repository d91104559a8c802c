"""Encode every file of every picture once, on all processors, and cache it."""

import multiprocessing
import signal
import sys
from collections.abc import Callable, Container, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

from engine.faults import Message, ProblemError
from engine.pictures.cached_files import is_stored, put_into, remove_unused, write_atomically
from engine.pictures.encoding import encode_variants
from engine.pictures.inspection import read_picture
from engine.pictures.variants import Picture, Variant, variants
from engine.processes import processors

# The problem and the remedy of a picture.
_Reason = tuple[Message, Message]


def encode_all(
    pictures: Iterable[Picture],
    cache: Path,
    output: Path | None = None,
    say: Callable[[str], None] | None = None,
    present: Container[str] = (),
) -> list[tuple[Picture, Message, Message]]:
    """Encode the missing files of the cache, on all processors, and put all files into `output`.

    Those whose names are `present` need not be put there. Without `output`, only the cache is
    filled, to find faults before a build writes. Returns each invalid picture with its problem and
    remedy. A progress bar is shown on a terminal; elsewhere, or with `say`, a line at the start and
    one for each tenth. Nothing is shown if no file is missing.
    """
    chosen = {(picture.slug, picture.digest): picture for picture in pictures}
    missing = [picture for picture in chosen.values() if _missing(picture, cache, present)]
    faults = []
    with _progress(len(missing), say) as advance:
        for picture, reason in _encode_in_processes(missing, cache):
            if reason:
                faults.append((picture, *reason))
            advance()
    failed = {id(picture) for picture, *_reason in faults}
    for picture in chosen.values():
        if output is not None and id(picture) not in failed:
            _copy_to_output(picture, cache, output, present)
    used = {Path(file.name).name for picture in chosen.values() for file in variants(picture)}
    remove_unused(cache, used)
    return sorted(faults, key=lambda fault: fault[0].path)


def encode(picture: Picture, cache: Path, output: Path | None = None) -> int:
    """Encode the missing files of one picture, put all into `output`; return the number encoded.

    Raises ProblemError if the picture is broken.
    """
    missing = _missing(picture, cache)
    if missing:
        data, digest = read_picture(picture.path)
        if digest != picture.digest:
            problem = Message("it was changed during the build")
            raise ProblemError(problem, Message("build again"))
        for file, content in encode_variants(picture, data, missing):
            write_atomically(content, _cache_path(file, cache))
    if output is not None:
        _copy_to_output(picture, cache, output)
    return len(missing)


# --- The cache -----------------------------------------------------------------------------------


def _cache_path(file: Variant, cache: Path) -> Path:
    return cache / Path(file.name).name


def _missing(picture: Picture, cache: Path, present: Container[str] = ()) -> list[Variant]:
    return [
        file
        for file in variants(picture)
        if file.name not in present and not is_stored(_cache_path(file, cache))
    ]


def _copy_to_output(
    picture: Picture, cache: Path, output: Path, present: Container[str] = ()
) -> None:
    for file in variants(picture):
        if file.name in present:
            continue
        put_into(output / file.name, _cache_path(file, cache))


# --- All processors ------------------------------------------------------------------------------


def _encode_into_cache(picture: Picture, cache: Path) -> _Reason | None:
    """Encode one picture into the cache; return its problem and remedy, or None."""
    try:
        encode(picture, cache)
    except ProblemError as error:
        return error.problem, error.remedy
    return None


def _encode_in_processes(
    pictures: list[Picture], cache: Path
) -> Iterator[tuple[Picture, _Reason | None]]:
    """Yield each picture when it is encoded, with its problem and remedy, or None."""
    workers = min(processors() or 1, len(pictures))
    if workers < 2:
        yield from ((picture, _encode_into_cache(picture, cache)) for picture in pictures)
        return
    pool = ProcessPoolExecutor(
        workers,
        # A fork of the preview, which has threads, may deadlock.
        mp_context=multiprocessing.get_context("spawn"),
        # The main process handles Ctrl+C, and each worker finishes its picture.
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
    try:
        jobs = {pool.submit(_encode_into_cache, picture, cache): picture for picture in pictures}
        for job in as_completed(jobs):
            try:
                yield jobs[job], job.result()
            except BrokenProcessPool:
                problem = Message("the encoder was killed, perhaps out of memory")
                remedy = Message("build again, or make the picture smaller")
                yield jobs[job], (problem, remedy)
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _progress(total: int, say: Callable[[str], None] | None) -> Iterator[Callable[[], None]]:
    """Yield a function to call after each picture."""
    done = 0
    if total and say is None and sys.stderr.isatty():
        # Loading it would take as long as a build of ten texts, and most builds show no bar.
        from rich import console, progress  # noqa: PLC0415

        columns = (
            progress.TextColumn(str(Message("pictures"))),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TimeRemainingColumn(),
        )
        on_errors = console.Console(stderr=True)
        with progress.Progress(*columns, console=on_errors, transient=True) as bar:
            task = bar.add_task("", total=total)
            yield lambda: bar.advance(task)
        return

    def show() -> None:
        line = str(Message("pictures: {done} of {total}", done=done, total=total))
        say(line) if say else print(line, file=sys.stderr, flush=True)

    def advance() -> None:
        nonlocal done
        done += 1
        if done * 10 // total > (done - 1) * 10 // total:
            show()

    if total:
        # One photo of 12 million pixels may take several seconds.
        show()
    yield advance
