"""Work that is shared among processes."""

import os
import signal
import sys
import time

import pytest

from engine.faults import FaultsError
from engine.processes import map_in_forks, processors


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
