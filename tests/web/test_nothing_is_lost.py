"""Whatever is edited where, and wherever the machine stops: what was saved is there, byte for byte.

`WRITING_CASES=2000 ./inv test --only nothing_that_was_saved` tries as many sequences.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.web.page_state import PageState
from tests import sites
from tests.sites import ROOT, article
from tests.system_parts import IS_CI

CASES = int(os.environ.get("WRITING_CASES") or (200 if IS_CI else 25))
SOURCE = "articles/a.md"
FIRST = article("Première", body="Un texte.\r\n\r\n", odd="x  # kept")
# More calls than one save makes.
MOST_CALLS = 45

WORDS = st.text(st.sampled_from("aé \n\t\"':#-[]{}&\r«» é🎉\u00a0"), max_size=12)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["title", "body", "body", "whole", "editor", "stale"]),
        WORDS,
        st.one_of(st.just(0), st.just(0), st.integers(1, MOST_CALLS)),
    ),
    min_size=1,
    max_size=8,
)


@pytest.fixture(scope="module")
def saver():
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.web.saver"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.stdin.close()
    process.wait(60)
    process.stdout.close()


def outcome(saver, content: Path, steps: list) -> list[dict]:
    request = {"content": str(content), "steps": steps, "source": SOURCE, "kind": "article"}
    saver.stdin.write(json.dumps(request) + "\n")
    saver.stdin.flush()
    told = []
    while True:
        line = saver.stdout.readline()
        assert line, "the process that saves has ended"
        told.append(json.loads(line))
        if told[-1].get("end"):
            return told


def refuse_loss(content: Path, told: list[dict]) -> int:
    """Follow what was told: the file is what it must be, and each saved version is there."""
    path = content / SOURCE
    possible, before, saved = {FIRST.encode()}, set(), []
    for each in told:
        if "trying" in each:
            trying = each["trying"].encode("utf-8", "surrogateescape")
            # Killed on the way, it is written or not: both are whole.
            before, possible = possible, possible | {trying}
        elif "saved" in each:
            assert not each["stale"], "the file was not what was read"
            saved.append(each["saved"].encode("utf-8", "surrogateescape"))
            possible = {saved[-1]}
        elif "editor" in each:
            possible = {each["editor"].encode("utf-8", "surrogateescape")}
        elif "refused" in each:
            possible = before or possible
    present = path.read_bytes()
    assert present in possible
    state = PageState(content)
    kept = {state.version(SOURCE, version.id) for version in state.versions(SOURCE)}
    for words in saved:
        assert words == present or words in kept
    return len(saved)


def with_folder(saver, steps: list) -> int:
    folder = Path(tempfile.mkdtemp())
    try:
        content = sites.write(folder / "content", {SOURCE: FIRST})
        return refuse_loss(content, outcome(saver, content, steps))
    finally:
        shutil.rmtree(folder)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@settings(max_examples=CASES, suppress_health_check=list(HealthCheck), print_blob=True)
@given(steps=STEPS)
def test_nothing_that_was_saved_is_lost_wherever_it_is_killed(saver, steps):
    with_folder(saver, steps)


def test_a_save_is_whole_or_not_at_all_wherever_it_is_killed(saver):
    """Before each single call of one save; after the last of them it is acknowledged."""
    counts = [
        with_folder(saver, [("body", "Un.\n", 0), ("body", "Deux.\n", call)])
        for call in range(1, MOST_CALLS)
    ]
    assert counts[0] == 1
    assert counts[-1] == 2
    assert counts.count(1) >= 10, "the save makes more calls than were tried"


def test_what_an_editor_left_before_a_save_is_kept(saver, tmp_path):
    steps = [("body", "Un.\n", 0), ("editor", "Autre\n", 0), ("whole", "Mien\n", 0)]
    content = sites.write(tmp_path / "content", {SOURCE: FIRST})
    refuse_loss(content, outcome(saver, content, steps))
    state = PageState(content)
    versions = state.versions(SOURCE)
    kept = [state.version(SOURCE, version.id) for version in versions]
    assert kept[:2] == [b"Mien\n", b"Autre\n"]
    assert [version.origin for version in versions] == ["page", "file", "page", "file"]
    assert kept[3] == FIRST.encode()
