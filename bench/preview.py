"""Time a save of the preview: from the file's writing to the reloaded page in a browser.

    .venv/bin/python -m bench.preview --rounds 20

For the texts of `content/`, and for 300 articles of about 650 words, in a copy. A browser shows an
article, and a word is added to it; the time ends when the page with that word has been loaded.
"""

import argparse
import os
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from playwright.sync_api import Page

from bench.build_time import write_corpus
from building import preview
from tests.chromium import launched

ROOT = Path(__file__).resolve().parent.parent
_ENOUGH = 120


@contextmanager
def served(content: Path) -> Iterator[str]:
    """The address of a preview of a content folder."""
    ready, stop, said = threading.Event(), threading.Event(), []

    def say(line: str) -> None:
        said.append(line)
        if line.startswith("http://"):
            ready.set()

    with mock.patch.dict(os.environ, {"SITE_CONTENT": str(content)}):
        thread = threading.Thread(target=preview.serve, kwargs={"say": say, "stop": stop})
        thread.start()
        try:
            if not ready.wait(_ENOUGH):
                raise RuntimeError("\n".join(said))
            yield next(line for line in said if line.startswith("http://")).split()[0]
        finally:
            stop.set()
            thread.join()


def time_saves(page: Page, file: Path, rounds: int) -> list[float]:
    """Seconds of each save of a text that a page shows."""
    text = file.read_text("utf-8")
    times = []
    for number in range(rounds):
        page.wait_for_load_state("networkidle")
        word = f"enregistrement{number}"
        begin = time.perf_counter()
        file.write_text(f"{text}\n{word}\n", "utf-8")
        page.wait_for_function(
            "word => document.readyState === 'complete' && document.body.innerText.includes(word)",
            arg=word,
            timeout=_ENOUGH * 1000,
        )
        times.append(time.perf_counter() - begin)
    return times


def main() -> None:
    """Measure both folders, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, launched() as browser:
        folder = Path(name)
        shutil.copytree(ROOT / "content", folder / "real")
        write_corpus(folder / "many", folder / "stock", 300)
        for content, article, address in (
            ("real", "2014-01-pole-laureat.md", "actualites/culture-et-cooperation-laureat/"),
            ("many", "n-00150.md", "actualites/nouvelle-150/"),
        ):
            file = folder / content / "articles" / article
            count = len(list((folder / content).rglob("*.md")))
            with served(folder / content) as root:
                page = browser.new_page()
                page.goto(root + address)
                times = time_saves(page, file, options.rounds)
                page.close()
            print(
                f"{count} texts, {options.rounds} saves: median {statistics.median(times):.2f} s, "
                f"fastest {min(times):.2f} s, slowest {max(times):.2f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()
