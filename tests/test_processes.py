"""Work that is shared among processes.

What forks runs in a process of its own: that of the tests has threads.
"""

import multiprocessing
import os
import select
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from engine import processes
from engine.faults import FaultsError
from engine.processes import map_in_background, map_in_forks, processors
from tests import sites

# What a build does, and the process of each page that it writes.
BUILD = """
import os, runpy, sys
pages = open(sys.argv[1], "a", buffering=1)

def note(event, arguments):
    if event == "open" and str(arguments[0]).endswith(".html") and arguments[1] == "w":
        pages.write(f"{os.getpid()}\\n")

sys.addaudithook(note)
runpy.run_module("engine.building.site", run_name="__main__")
"""
forks = pytest.mark.skipif(
    sys.platform != "linux" or processors() == 1, reason="no fork is shared there"
)


def apart(function, *arguments):
    """Call a function of this module in a process without threads."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(function, *arguments).result()


def process_of(item: int) -> tuple[int, int]:
    return item, os.getpid()


def invert(item: int) -> float:
    return 1 / item


def kill_fork(_item: int) -> None:
    # The tests' own process starts the one that forks.
    if multiprocessing.parent_process().name != "MainProcess":
        os.kill(os.getpid(), signal.SIGKILL)


def fail_here_and_write_later(late: Path) -> None:
    caller = os.getpid()

    def work(_item):
        if os.getpid() == caller:
            raise ZeroDivisionError
        time.sleep(0.1)
        late.write_text("")

    map_in_forks(work, range(100), least=1)


def shared(work, number: int, least: int) -> list:
    return map_in_forks(work, range(number), least=least)


def test_results_come_in_the_order_of_the_items_from_all_processes():
    done = apart(shared, process_of, 300, 1)
    assert [item for item, _process in done] == list(range(300))
    if sys.platform == "linux":
        assert len({process for _item, process in done}) == min(processors(), 300)


def test_few_items_stay_in_their_process():
    assert len({process for _item, process in apart(shared, process_of, 3, 4)}) == 1


def test_a_process_with_threads_keeps_all_items():
    """A fork would wait for ever for a lock that another thread holds."""
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    done = map_in_forks(process_of, range(300), least=1)
    end.set()
    thread.join()
    assert done == [(item, os.getpid()) for item in range(300)]


def test_what_an_item_raises_comes_back():
    with pytest.raises(ZeroDivisionError):
        apart(shared, invert, 9, 1)


@forks
def test_a_process_that_is_killed_is_told_and_not_waited_for():
    with pytest.raises(FaultsError, match="was killed, perhaps for lack of memory; close other"):
        apart(shared, kill_fork, 100, 10)


def assert_stays_away(late: Path, seconds: float) -> None:
    late.unlink(missing_ok=True)
    time.sleep(seconds)
    assert not late.exists()


def test_no_process_works_on_after_an_exception(tmp_path):
    late = tmp_path / "late"
    with pytest.raises(ZeroDivisionError):
        apart(fail_here_and_write_later, late)
    assert_stays_away(late, 0.3)


@forks
def test_a_build_writes_its_pages_in_all_processes(tmp_path):
    texts = {f"articles/{n}.md": sites.article(f"N {n}", tags="[a]") for n in range(70)}
    texts["images/photo.jpg"] = sites.photo(320, 200)
    texts["articles/0.md"] = sites.article("N 0", body="![Une cour](/images/photo.jpg)", tags="[a]")
    content = sites.write(tmp_path / "content", texts)
    variables = {"SITE_CONTENT": str(content), "SITE_OUTPUT": str(tmp_path / "output")}
    subprocess.run(
        [sys.executable, "-c", BUILD, tmp_path / "pages"],
        cwd=sites.ROOT,
        env={**os.environ, **variables},
        timeout=120,
        check=True,
    )
    assert len(set((tmp_path / "pages").read_text().split())) == processors()


def wait_for_background_work(begun: Path) -> tuple[list, int]:
    def work(item):
        begun.write_text("")
        return item, os.getpid()

    with map_in_background(work, range(9)) as results:
        while not begun.exists():
            time.sleep(0.01)
        return results(), os.getpid()


@forks
def test_background_work_runs_while_the_block_does(tmp_path):
    done, caller = apart(wait_for_background_work, tmp_path / "begun")
    assert [item for item, _process in done] == list(range(9))
    assert caller not in {process for _item, process in done}


def test_with_one_processor_background_work_is_done_before_the_block(monkeypatch):
    monkeypatch.setattr(processes, "processors", lambda: 1)
    done = []
    with map_in_background(done.append, range(3)) as results:
        assert done == [0, 1, 2]
        assert results() == [None] * 3


def fail_beside_background_work(late: Path) -> None:
    def work(_item):
        time.sleep(0.2)
        late.write_text("")

    with map_in_background(work, range(9)):
        raise ZeroDivisionError


@forks
def test_no_background_work_goes_on_after_an_exception(tmp_path):
    late = tmp_path / "late"
    with pytest.raises(ZeroDivisionError):
        apart(fail_beside_background_work, late)
    assert_stays_away(late, 0.5)


def interrupt_at_the_fork(late: Path) -> None:
    def work(_item):
        time.sleep(0.2)
        late.write_text("")

    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.register_at_fork(after_in_parent=lambda: os.kill(os.getpid(), signal.SIGINT))
    with pytest.raises(KeyboardInterrupt), map_in_background(work, range(9)):
        time.sleep(60)
    assert_stays_away(late, 0.5)


@forks
def test_an_interrupt_at_the_moment_of_the_fork_is_taken(tmp_path):
    apart(interrupt_at_the_fork, tmp_path / "late")


def test_background_work_of_nothing_needs_no_process():
    with map_in_background(lambda _item: os.getpid(), []) as results:
        assert results() == []


def fail_in_background() -> None:
    with map_in_background(invert, range(9)) as results:
        try:
            results()
        except ZeroDivisionError:
            return
    raise AssertionError


@forks
def test_what_background_work_raises_comes_back():
    apart(fail_in_background)


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="no fork is shared there")
def test_no_process_outlives_a_caller_that_was_killed(tmp_path):
    if len(os.sched_getaffinity(0)) == 1:
        pytest.skip("one processor shares nothing")

    def work(item):
        (tmp_path / str(item)).write_text("")
        time.sleep(0.1)

    caller = os.fork()
    if not caller:
        with map_in_background(work, range(600)):
            time.sleep(60)
    while not any(tmp_path.iterdir()):
        time.sleep(0.01)
    os.kill(caller, signal.SIGKILL)
    os.waitpid(caller, 0)
    time.sleep(0.5)
    done = len(list(tmp_path.iterdir()))
    time.sleep(0.5)
    assert len(list(tmp_path.iterdir())) == done


@forks
def test_no_process_waits_for_ever_to_be_read_by_a_caller_that_was_killed(tmp_path):
    reading, writing = os.pipe()

    def work(item):
        (tmp_path / str(item)).write_text("")
        return bytes(1_000_000)

    caller = os.fork()
    if not caller:
        os.close(reading)
        with map_in_background(work, range(4)):
            time.sleep(60)
    os.close(writing)
    while len(list(tmp_path.iterdir())) < 4:
        time.sleep(0.01)
    time.sleep(0.3)  # it writes to the full pipe
    os.kill(caller, signal.SIGKILL)
    os.waitpid(caller, 0)
    # Once no process holds the other end, its end can be read.
    ended, _, _ = select.select([reading], [], [], 20)
    assert ended
    os.close(reading)


INTERRUPTED = """
import os, signal, sys, time
from engine.processes import map_in_forks
from engine.terminal import end_by_interrupt

# Whoever runs the tests may have it ignored.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
end_by_interrupt()
caller = os.getpid()

def work(_item):
    if os.getpid() != caller:
        print("begun", flush=True)
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        # The others have the signal too, and time to tell it.
        time.sleep(0.5 * (os.getpid() == caller))
        raise

try:
    map_in_forks(work, range(9), least=1)
except KeyboardInterrupt:
    sys.exit(130)
"""


@forks
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_of_all_processes_is_silent(number):
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED],
        cwd=sites.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout.readline() == "begun\n"
    os.killpg(process.pid, number)
    _said, complaints = process.communicate(timeout=60)
    assert (process.returncode, complaints) == (130, "")
