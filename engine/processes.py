"""Shares work among forked processes, where forks are cheap and safe."""

import gc
import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from engine.faults import Fault, FaultsError, Message

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_in_forks(
    work: Callable[[Item], Result], items: Sequence[Item], *, chunk: int, least: int
) -> list[Result]:
    """Call `work` with each item, on all processors; the results are in the order of the items.

    Items are handed out `chunk` by `chunk`. Results and exceptions must be picklable, the items
    need not. What `work` changes in memory is lost. Fewer than `least` items, and those of systems
    other than Linux, stay in this process: to share them would take longer than it
    saves. Raises FaultsError if a process is killed.
    """
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if processors == 1 or len(items) < least:
        return [work(item) for item in items]
    context = multiprocessing.get_context("fork")
    # https://docs.python.org/3/library/gc.html#gc.freeze: pages of memory stay shared.
    gc.freeze()
    with ProcessPoolExecutor(processors, context, _inherit, (work, items)) as pool:
        try:
            return list(pool.map(_call, range(len(items)), chunksize=chunk))
        except BrokenProcessPool as error:
            problem = Message("a process of the build was killed, perhaps for lack of memory")
            remedy = Message("close other programs, then build again")
            raise FaultsError(Fault("build", None, "memory", problem, remedy, "build")) from error


def _inherit(work: Callable, items: Sequence) -> None:
    global _inherited  # noqa: PLW0603 - in a forked process, which ends with its task
    _inherited = work, items


def _call(number: int) -> object:
    work, items = _inherited
    return work(items[number])
