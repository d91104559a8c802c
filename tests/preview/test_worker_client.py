"""The client of a worker: nothing that either of them sends keeps the other waiting for ever."""

import queue
import threading

from engine.preview.worker_client import WorkerClient

# More than a pipe holds.
LONG = 300_000


def test_long_answers_and_long_requests_pass_each_other():
    client, answers = WorkerClient("tests.preview.long_answers_worker"), queue.SimpleQueue()

    def send() -> None:
        for length, words in ((LONG, ""), (LONG, ""), (LONG, ""), (1, "y" * LONG), (2, "")):
            client.send("say", length, words, answer=answers.put)

    threading.Thread(target=send, daemon=True).start()
    said = [len(answers.get(timeout=60)["said"]) for _ in range(5)]
    client.restart()
    assert said == [LONG, LONG, LONG, 1, 2]


def test_a_worker_that_has_ended_is_told_and_the_next_request_starts_one():
    client = WorkerClient("tests.preview.long_answers_worker")
    assert client.ask("say", 3, "") == {"said": "xxx"}
    client._process.popen.kill()
    client._process.popen.wait()
    answers = [client.ask("say", 3, "y" * LONG) for _ in range(2)]
    client.restart()
    assert answers[-1] == {"said": "xxx"}
