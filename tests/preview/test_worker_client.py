"""The client of a worker: nothing that either of them sends keeps the other waiting for ever."""

import json
import os
import queue
import select
import subprocess
import sys
import threading

import pytest

from engine.preview.worker_client import WorkerClient
from tests import sites
from tests.sites import ROOT, header

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


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["fork", "destructor"])
def test_a_worker_ends_with_its_forks_at_whatever_moment_it_is_told_to(tmp_path, moment):
    content = sites.write(tmp_path / "content", {"home.md": header(title="Accueil")})
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.preview.interrupted_worker"],
        cwd=ROOT,
        env={**os.environ, "SITE_CONTENT": str(content), "MOMENT": moment},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    request = {"id": 1, "name": "build", "arguments": [str(tmp_path / "site")]}
    worker.stdin.write(json.dumps(request).encode() + b"\n")
    worker.stdin.flush()
    # Its end is that of the last process. The input stays open, since its end would end them too.
    ready, _, _ = select.select([worker.stderr], [], [], 60)
    said = os.read(worker.stderr.fileno(), 1000) if ready else b"nothing"
    worker.communicate()
    assert (said, worker.returncode) == (b"", 0)
