"""Time the server of `./inv write`: the page of unsaved words, and the list of texts.

    .venv/bin/python -m bench.writing --articles 300 --rounds 20

The texts are the articles of `bench/corpus.py`; without `--articles`, a copy of `content/`. A round
adds a word to an article: the time ends when the server has stored and checked the text, and built
its page.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.corpus import write_corpus
from engine.paths import ROOT
from tests.web.conftest import start, stop


def seconds(work: Callable[[], object], rounds: int) -> str:
    """Return the median, the fastest and the slowest time of some work."""
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return f"{statistics.median(times):.2f} s ({min(times):.2f}–{max(times):.2f})"


def main() -> None:
    """Print each time."""
    parser = argparse.ArgumentParser(prog="bench.writing", description=__doc__)
    parser.add_argument("--articles", type=int, default=0, help="0 for the texts of content/")
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        content = Path(folder, "content")
        if options.articles:
            write_corpus(content, "ours", options.articles)
        else:
            shutil.copytree(ROOT / "content", content)
        source = sorted(content.glob("articles/*.md"))[0].relative_to(content).as_posix()
        page = start(content)
        try:
            page.get("texts")
            read = page.read(source)
            page.edit("draft", read)
            count = len(page.get("texts")["texts"])
            listed = seconds(lambda: page.get("texts"), options.rounds)
            number = iter(range(1000))

            def type_a_word() -> None:
                told = page.edit("draft", read, body=f"{read['body']}\nMot {next(number)}.\n")
                assert told["preview"], told["fault"]

            typed = seconds(type_a_word, options.rounds)
        finally:
            stop(page)
    print(f"{count} texts: the list {listed}, the page of unsaved words {typed}")


if __name__ == "__main__":
    main()
