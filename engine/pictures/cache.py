"""Every file of every picture, made once on all processors and kept in a cache."""

import multiprocessing
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.faults import Message, ProblemError
from engine.pictures.encoding import contents
from engine.pictures.inspection import read_picture
from engine.pictures.variants import Picture, Variant, variants
from engine.processes import processors

_DAY = 86_400
# Why a picture cannot be made, and what to do.
_Reason = tuple[Message, Message]
# Seconds after which a file of the cache that no build has used goes.
_UNUSED = 90 * _DAY


def encode_all(
    pictures: Iterable[Picture],
    cache: Path,
    output: Path | None = None,
    say: Callable[[str], None] | None = None,
) -> list[tuple[Picture, Message, Message]]:
    """Make the files that the cache lacks, on all processors, and put all files into `output`.

    Without `output` only the cache is filled, which shows what is wrong before a build writes.
    Returns each picture that cannot be made, with the problem and the remedy. On a terminal a bar
    shows the progress; elsewhere, or with `say`, a line at once and one for each tenth; nothing
    where all was in the cache.
    """
    chosen = {(picture.slug, picture.digest): picture for picture in pictures}
    missing = [picture for picture in chosen.values() if _missing(picture, cache)]
    faults = []
    with _progress(len(missing), say) as advance:
        for picture, reason in _make_all(missing, cache):
            if reason:
                faults.append((picture, *reason))
            advance()
    failed = {id(picture) for picture, *_reason in faults}
    for picture in chosen.values():
        if output is not None and id(picture) not in failed:
            _place(picture, cache, output)
    _prune(cache, chosen.values())
    return sorted(faults, key=lambda fault: fault[0].path)


def encode(picture: Picture, cache: Path, output: Path | None = None) -> int:
    """Make the files of one picture that the cache lacks, put them into `output`; how many it made.

    Raises ProblemError where the picture is broken.
    """
    missing = _missing(picture, cache)
    if missing:
        data, digest = read_picture(picture.path)
        if digest != picture.digest:
            problem = Message("it was changed during the build")
            raise ProblemError(problem, Message("build again"))
        for file, content in contents(picture, data, missing):
            _keep(content, _cached(file, cache))
    if output is not None:
        _place(picture, cache, output)
    return len(missing)


# --- The cache -----------------------------------------------------------------------------------


def _cached(file: Variant, cache: Path) -> Path:
    return cache / Path(file.name).name


def _missing(picture: Picture, cache: Path) -> list[Variant]:
    def is_there(path: Path) -> bool:
        # After a power cut a file may be there without its bytes.
        return path.is_file() and path.stat().st_size > 0

    return [file for file in variants(picture) if not is_there(_cached(file, cache))]


def _keep(data: bytes, path: Path) -> None:
    """Write a file whole or not at all: a build may be killed at any time, or two run at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _place(picture: Picture, cache: Path, output: Path) -> None:
    for file in variants(picture):
        source, target = _cached(file, cache), output / file.name
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            target.hardlink_to(source)
        except OSError:  # another disk, or one that knows no links
            shutil.copyfile(source, target)


def _prune(cache: Path, used: Iterable[Picture]) -> None:
    """Take away what no build has used for 90 days, such as the files of photos since changed."""
    names = {Path(file.name).name for picture in used for file in variants(picture)}
    now = time.time()
    for path in cache.iterdir() if cache.is_dir() else ():
        # Another build may rename or remove it meanwhile.
        with suppress(FileNotFoundError):
            age = now - path.stat().st_mtime
            if path.name in names and age > _DAY:
                os.utime(path)
            elif age > _UNUSED:
                path.unlink()


# --- All processors ------------------------------------------------------------------------------


def _make(picture: Picture, cache: Path) -> _Reason | None:
    """Fill the cache for one picture; None or what is wrong."""
    try:
        encode(picture, cache)
    except ProblemError as error:
        return error.problem, error.remedy
    return None


def _make_all(pictures: list[Picture], cache: Path) -> Iterator[tuple[Picture, _Reason | None]]:
    """Each picture when it is made, with what is wrong with it or None."""
    workers = min(processors() or 1, len(pictures))
    if workers < 2:
        yield from ((picture, _make(picture, cache)) for picture in pictures)
        return
    pool = ProcessPoolExecutor(
        workers,
        # A fork of the preview, which has threads, may hang.
        mp_context=multiprocessing.get_context("spawn"),
        # Ctrl+C is for the main process, which lets each worker end its picture.
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
    try:
        jobs = {pool.submit(_make, picture, cache): picture for picture in pictures}
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
    """Gives a function to call after each picture."""
    done = 0
    if total and say is None and sys.stderr.isatty():
        # Loading it would take as long as a build of ten texts, and most builds show no bar.
        from rich import console, progress  # noqa: PLC0415

        columns = (
            progress.TextColumn("pictures"),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TimeRemainingColumn(),
        )
        on_errors = console.Console(stderr=True)
        with progress.Progress(*columns, console=on_errors, transient=True) as bar:
            task = bar.add_task("pictures", total=total)
            yield lambda: bar.advance(task)
        return

    def tell() -> None:
        line = f"pictures: {done} of {total}"
        say(line) if say else print(line, file=sys.stderr, flush=True)

    def advance() -> None:
        nonlocal done
        done += 1
        if done * 10 // total > (done - 1) * 10 // total:
            tell()

    if total:
        # At once: one photo of 12 million pixels may take several seconds.
        tell()
    yield advance
