"""Work that is shared among processes."""

import os
import signal
import sys
import time

import pytest

from engine import processes
from engine.faults import FaultsError
from engine.processes import map_in_background, map_in_forks, processors


def test_results_come_in_the_order_of_the_items_from_all_processes():
    done = map_in_forks(lambda item: (item, os.getpid()), range(300), least=1)
    assert [item for item, _process in done] == list(range(300))
    if sys.platform == "linux":
        assert len({process for _item, process in done}) == min(processors(), 300)


def test_few_items_stay_in_this_process():
    assert set(map_in_forks(lambda _item: os.getpid(), range(3), least=4)) == {os.getpid()}


def test_what_an_item_raises_comes_back():
    with pytest.raises(ZeroDivisionError):
        map_in_forks(lambda item: 1 / item, range(9), least=1)


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="no fork is shared there")
@pytest.mark.timeout(60)
def test_a_process_that_is_killed_is_told_and_not_waited_for():
    if len(os.sched_getaffinity(0)) == 1:
        pytest.skip("one processor shares nothing")

    caller = os.getpid()

    def work(item):
        if os.getpid() != caller:
            os.kill(os.getpid(), signal.SIGKILL)
        return item

    with pytest.raises(FaultsError, match="was killed, perhaps for lack of memory; close other"):
        map_in_forks(work, range(100), least=10)


def test_no_process_works_on_after_an_exception(tmp_path):
    caller, late = os.getpid(), tmp_path / "late"

    def work(_item):
        if os.getpid() == caller:
            raise ZeroDivisionError
        time.sleep(0.1)
        late.write_text("")

    with pytest.raises(ZeroDivisionError):
        map_in_forks(work, range(100), least=1)
    late.unlink(missing_ok=True)
    time.sleep(0.3)
    assert not late.exists()


def test_background_work_runs_while_the_block_does(tmp_path):
    begun = tmp_path / "begun"

    def work(item):
        begun.write_text("")
        return item, os.getpid()

    with map_in_background(work, range(9)) as results:
        while not begun.exists():
            time.sleep(0.01)
        done = results()
    assert [item for item, _process in done] == list(range(9))
    if sys.platform == "linux" and processors() > 1:
        assert os.getpid() not in {process for _item, process in done}


def test_with_one_processor_background_work_is_done_before_the_block(monkeypatch):
    monkeypatch.setattr(processes, "processors", lambda: 1)
    done = []
    with map_in_background(done.append, range(3)) as results:
        assert done == [0, 1, 2]
        assert results() == [None] * 3


def test_no_background_work_goes_on_after_an_exception(tmp_path):
    late = tmp_path / "late"

    def work(_item):
        time.sleep(0.2)
        late.write_text("")

    def fail_meanwhile():
        with map_in_background(work, range(9)):
            late.unlink(missing_ok=True)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_meanwhile()
    late.unlink(missing_ok=True)
    time.sleep(0.5)
    assert not late.exists()


def test_background_work_of_nothing_needs_no_process():
    with map_in_background(lambda _item: os.getpid(), []) as results:
        assert results() == []


def test_what_background_work_raises_comes_back():
    with (
        map_in_background(lambda item: 1 / item, range(9)) as results,
        pytest.raises(ZeroDivisionError),
    ):
        results()


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
