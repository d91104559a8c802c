"""Work that is shared among processes."""

import os
import signal

import pytest

from engine.faults import FaultsError
from engine.processes import map_in_forks


def test_results_come_in_the_order_of_the_items_from_other_processes():
    done = map_in_forks(lambda item: (item, os.getpid()), range(30), least=1)
    assert [item for item, _process in done] == list(range(30))
    if hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) > 1:
        assert os.getpid() not in {process for _item, process in done}


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

    def work(item):
        if item == 7:
            os.kill(os.getpid(), signal.SIGKILL)
        return item

    with pytest.raises(FaultsError, match="was killed, perhaps for lack of memory; close other"):
        map_in_forks(work, range(100), least=10)
