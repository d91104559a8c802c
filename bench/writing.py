"""Time the writing page: from the last key to the new page beside the text, and the list.

    .venv/bin/python -m bench.writing --articles 300 --rounds 20
    .venv/bin/python -m bench.writing --content --rounds 20
    .venv/bin/python -m bench.writing --articles 1000 --rounds 0

A word is typed into a text in Chromium; the time ends when the page beside it has that word. The
list is timed from its address to its last row. The articles are those of `bench/corpus.py`;
`--content` takes a copy of `content/` instead.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, expect

from bench.corpus import write_corpus
from engine.paths import ROOT
from tests.chromium import launched
from tests.system_parts import ensure
from tests.web.conftest import start, stop
from tests.writing_desk import Desk, area, frame_of, of_text, opened

_MAX_MILLISECONDS = 120_000


def time_keys(page: Page, rounds: int) -> list[float]:
    """Seconds from the last key of a word to the page that has it."""
    times = []
    # What follows the start, such as the first build, is no measure of a key.
    for number in range(-2, rounds):
        word = f"frappe{number + 2}"
        area(page).press("Control+End")
        area(page).type(f" {word}"[:-1])
        begin = time.perf_counter()
        area(page).press(word[-1])
        expect(frame_of(page).locator("main")).to_contain_text(word, timeout=_MAX_MILLISECONDS)
        if number >= 0:
            times.append(time.perf_counter() - begin)
        page.wait_for_timeout(500)
    return times


def main() -> int:
    """Print the medians; the exit code is 0, or 1 without Chromium."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--content", action="store_true", help="a copy of content/ instead")
    given = parser.parse_args()
    if missing := ensure(["chromium"]):
        print(*missing.values(), sep="\n", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        content = Path(folder, "content")
        if given.content:
            shutil.copytree(ROOT / "content", content)
        else:
            write_corpus(content, "ours", given.articles)
        desk = Desk(content, content, start(content, SITE_MESSAGES="fr"), {})
        try:
            with launched() as browser, opened(browser, desk) as page:
                report(page, desk, given.rounds)
        finally:
            stop(desk.server)
    return 0


def report(page: Page, desk: Desk, rounds: int) -> None:
    """Time the list, then the keys, in a page that is open."""
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        page.goto(f"{desk.server.origin}/#/")
        page.reload()
        page.locator(".text-row").last.wait_for(state="attached")
        times.append(time.perf_counter() - begin)
    rows = page.locator(".text-row").count()
    print(f"list of {rows} rows: {statistics.median(times):.2f} s")
    if rounds:
        source = next(sorted_names(desk.content))
        page.goto(f"{desk.server.origin}/{of_text(source)}")
        times = time_keys(page, rounds)
        print(f"from a key to the page: median {statistics.median(times):.2f} s, ", end="")
        print(f"slowest {max(times):.2f} s, of {rounds}")


def sorted_names(content: Path):
    """The articles of a content folder, in French, by name."""
    return (
        f"articles/{path.name}"
        for path in sorted((content / "articles").glob("*.md"))
        if not path.name.endswith(".en.md")
    )


if __name__ == "__main__":
    sys.exit(main())
