"""Share work among forked processes, if forks are cheap and safe."""

import gc
import multiprocessing
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import TypeVar

from engine.faults import Fault, FaultsError, Message

Item = TypeVar("Item")
Result = TypeVar("Result")
# Results that are sent at once: of all together, both processes would hold a copy.
_BATCH = 100
# Signals that end a command, by an exception (`engine/terminal.py`) or without.
_INTERRUPTS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


def processors() -> int | None:
    """Count the processors that this process may use, None if the system cannot tell."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def map_in_forks(
    work: Callable[[Item], Result], items: Sequence[Item], *, least: int
) -> list[Result]:
    """Call `work` with each item, on all processors; the results are in the order of the items.

    This process takes a share too, since its results need not be sent to it. Those of the others
    and exceptions must be picklable, the items need not. What `work` changes in memory may be
    lost. Fewer than `least` items stay in this process: to share them would take longer than it
    saves. So do all items if a fork is not safe. Raises FaultsError if a process is killed.
    """
    count = _processes()
    if count == 1 or len(items) < least:
        return [work(item) for item in items]
    with _forks(work, [items[number::count] for number in range(1, count)]) as readers:
        results: list = [None] * len(items)
        results[::count] = [work(item) for item in items[::count]]
        for number, reader in enumerate(readers, start=1):
            results[number::count] = _receive(reader, len(items[number::count]))
    return results


@contextmanager
def map_in_background(
    work: Callable[[Item], Result], items: Sequence[Item]
) -> Iterator[Callable[[], list[Result]]]:
    """Call `work` with each item on the other processors while the block runs.

    Yields a function that waits for the results, in the order of the items. The rest is as for
    `map_in_forks`; all is done before the block without other processors, or if a fork is not
    safe.
    """
    count = min(_processes() - 1, len(items))
    if count == 0:
        results = [work(item) for item in items]
        yield lambda: results
        return
    shares = [items[number::count] for number in range(count)]
    with _forks(work, shares) as readers:

        def wait() -> list[Result]:
            results: list = [None] * len(items)
            for number, (reader, share) in enumerate(zip(readers, shares, strict=True)):
                results[number::count] = _receive(reader, len(share))
            return results

        yield wait


def call_in_fork(work: Callable[[], Result]) -> Result:
    """Call `work` in another process; the rest is as for `map_in_forks`."""
    with _forks(lambda _item: work(), [[None]]) as [reader]:
        return _receive(reader, 1)[0]


def _processes() -> int:
    return (processors() or 1) if _forks_safely() else 1


def _forks_safely() -> bool:
    """Whether this process may fork: on Linux, where it is cheap too, and with a single thread.

    A fork waits for ever for a lock that another thread held
    (https://docs.python.org/3/library/os.html#os.fork).
    """
    # threading.active_count() does not know the threads of `_thread`.
    return sys.platform == "linux" and len(sys._current_frames()) == 1


@contextmanager
def _forks(work: Callable, shares: Sequence[Sequence]) -> Iterator[list[Connection]]:
    """Start a process for each share, yield the ends from which to receive the results."""
    # https://docs.python.org/3/library/gc.html#gc.freeze: pages of memory stay shared.
    gc.freeze()
    # Not a pool: its caller waits for ever for a process that was killed, or its processes for a
    # caller that was.
    forks = []
    try:
        with delayed_interrupts():
            for share in shares:
                # At once: if the next one fails, this one must end.
                forks.append(_start(work, share))
        yield [reader for _process, reader in forks]
    finally:
        for process, _reader in forks:
            # After an exception, what it writes might come into a folder that is being deleted.
            process.kill()
            process.join()


def _receive(reader: Connection, number: int) -> list:
    """As many results of a process. Raises what its work raised, FaultsError if it was killed."""
    results: list = []
    while len(results) < number:
        try:
            batch, error = reader.recv()
        except EOFError:
            problem = Message("a process of the build was killed, perhaps for lack of memory")
            remedy = Message("close other programs, then build again")
            raise FaultsError(Fault("build", None, "memory", problem, remedy, "build")) from None
        if error:
            raise error
        results += batch
    return results


def _start(work: Callable, items: Sequence) -> tuple[multiprocessing.Process, Connection]:
    context = multiprocessing.get_context("fork")
    reader, writer = context.Pipe(duplex=False)
    process = context.Process(target=_do, args=(work, items, reader, writer), daemon=True)
    process.start()
    # The process alone holds it: its end is the end of what can be read.
    writer.close()
    return process, reader


@contextmanager
def delayed_interrupts() -> Iterator[None]:
    """Start a process in the block: what would end this one waits until it knows the new one.

    Python would ignore the exception of a signal in its hooks of a fork. The new process calls
    `take_interrupts`; until then, one would let it print a traceback.
    """
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPTS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def take_interrupts() -> None:
    """Let a new process end at a signal, but for Ctrl-C: its caller takes it, and ends this one."""
    for number in _INTERRUPTS:
        # Otherwise the caller ignores it, or leaves it to the system.
        if callable(signal.getsignal(number)):
            is_ctrl_c = number == signal.SIGINT
            signal.signal(number, signal.SIG_IGN if is_ctrl_c else signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _INTERRUPTS)


def _do(work: Callable, items: Sequence, reader: Connection, writer: Connection) -> None:
    take_interrupts()
    # Once the caller was killed, it would wait for ever to be read by itself.
    reader.close()
    with suppress(BrokenPipeError):
        for answer in _answers(work, items):
            writer.send(answer)


def _answers(work: Callable, items: Sequence) -> Iterator[tuple[list, Exception | None]]:
    """Yield batches of results, or what the work has raised."""
    caller, results = os.getppid(), []
    try:
        for item in items:
            # Of a caller that was killed, the next build has the folder.
            if os.getppid() != caller:
                return
            results.append(work(item))
    except Exception as error:  # whatever it is, the caller raises it
        error.add_note(traceback.format_exc())
        yield [], error
        return
    for begin in range(0, len(results), _BATCH):
        yield results[begin : begin + _BATCH], None
