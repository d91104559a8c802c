"""A process that takes longer to answer than anybody waits, for the tests of `WorkerClient`."""

import time

from engine.preview.worker_client import answer_requests


class SlowWorker:
    """Answers after an hour."""

    def wait(self) -> dict:
        time.sleep(3600)
        return {}


if __name__ == "__main__":
    answer_requests(SlowWorker())
