"""Time a save: from the writing of the file to the new page on disk, and in a browser.

    .venv/bin/python -m bench.preview --articles 300 --rounds 20 --content

The preview of this site and the watch commands of the other generators show the articles of
`bench/corpus.py`; Astro has no command that writes a page at each save. A word is added to an
article. The time ends when its page has that word: in its file, or, for this site, in Chromium
after the reload. `--content` adds the texts of `content/`.
"""

import argparse
import contextlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page

from bench import generators
from bench.corpus import write_corpus
from bench.generators import Build
from tests.chromium import launched

_WATCHING = {
    "pelican": ["--autoreload"],
    "hugo": ["--watch"],
    "eleventy": ["--watch", "--incremental"],
}
_MAX_SECONDS = 120
# The command may still be writing other pages.
_PAUSE_SECONDS = 1.5


@contextlib.contextmanager
def running(build: Build) -> Iterator[subprocess.Popen]:
    """Run a watch command; end it as Ctrl-C does."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            build.command,
            cwd=build.folder,
            env=build.environment() | {"PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGINT)
            try:
                process.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()


def time_saves(file: Path, rounds: int, wait_for: Callable[[str], None]) -> list[float]:
    """Return the seconds of each save of a text; `wait_for` waits until its page has a word."""
    text, times = file.read_text("utf-8"), []
    for number in range(rounds):
        word = f"enregistrement{number}"
        begin = time.perf_counter()
        file.write_text(f"{text}\n{word}\n", "utf-8")
        wait_for(word)
        times.append(time.perf_counter() - begin)
        time.sleep(_PAUSE_SECONDS)
    file.write_text(text, "utf-8")
    return times


def wait_on_disk(page: Path, word: str) -> None:
    """Wait until a file holds a word. Raises TimeoutError if it never does."""
    end = time.monotonic() + _MAX_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if word in page.read_text("utf-8"):
                return
        time.sleep(0.005)
    raise TimeoutError(f"{page} never had the word “{word}”")


def wait_in_browser(page: Page, word: str) -> None:
    """Wait until a loaded page holds a word."""
    page.wait_for_function(
        "word => document.readyState === 'complete' && document.body.innerText.includes(word)",
        arg=word,
        timeout=1000 * _MAX_SECONDS,
    )


def time_own_saves(content: Path, file: Path, address: str, rounds: int) -> None:
    """Print the times of this site's preview, started as `./inv serve` does."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name, launched() as browser:
        project = generators.copy_project(Path(name, "project"))
        serve = generators.own_build("serve", project, content, Path(name, "output"))
        # The preview builds into the temporary folder.
        serve = replace(serve, variables={**serve.variables, "TMPDIR": name})
        with running(serve) as process:
            root = next(line for line in process.stdout if line.startswith("http://")).split()[0]
            (site,) = Path(name).glob("site-preview-*/site")
            # It prints its address before it watches the folders.
            time.sleep(2 * _PAUSE_SECONDS)
            on_disk = site / address / "index.html"
            _report(
                "this site, on disk",
                time_saves(file, rounds, lambda word: wait_on_disk(on_disk, word)),
            )
            page = browser.new_page()
            page.goto(root + address)
            page.wait_for_load_state("networkidle")
            _report(
                "this site, in a browser",
                time_saves(file, rounds, lambda word: wait_in_browser(page, word)),
            )
            page.close()


def time_other_saves(generator: str, articles: int, rounds: int) -> None:
    """Print the times of another generator."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        site, output = Path(name, generator), Path(name, "output")
        write_corpus(site, generator, articles)
        generators.prepare_site(generator, site)
        build = generators.build(generator, site, output)
        slug = f"nouvelle-{articles // 2:05}"
        folder = "articles" if generator == "pelican" else "fr/articles"
        file = site / "content" / folder / f"{slug}.md"
        page = f"{slug}.html" if generator == "pelican" else f"articles/{slug}/index.html"
        with running(replace(build, command=[*build.command, *_WATCHING[generator]])):
            wait_on_disk(output / page, "</html>")
            time.sleep(2 * _PAUSE_SECONDS)
            times = time_saves(file, rounds, lambda word: wait_on_disk(output / page, word))
        _report(f"{generator}, on disk", times)


def _report(name: str, times: list[float]) -> None:
    median = f"{statistics.median(times):.2f}"
    print(f"| {name} | {median} | {min(times):.2f} | {max(times):.2f} |", flush=True)


def main() -> None:
    """Measure, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=20)
    choices = ["ours", *_WATCHING]
    parser.add_argument("--generators", nargs="+", choices=choices, default=choices)
    parser.add_argument("--content", action="store_true", help="the texts of content/ too")
    options = parser.parse_args()
    missing = generators.install(set(options.generators))
    for name, why in missing.items():
        print(f"{name} is left out: {why}", file=sys.stderr)
    heading = f"{options.articles:,} articles, {options.rounds} saves"
    print(f"| {heading} | median, s | fastest | slowest |\n| --- | --- | --- | --- |")
    for generator in (name for name in options.generators if name not in missing):
        if generator != "ours":
            time_other_saves(generator, options.articles, options.rounds)
            continue
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            content = Path(name)
            write_corpus(content, "ours", options.articles)
            slug = f"nouvelle-{options.articles // 2:05}"
            file = content / "articles" / f"{slug}.md"
            time_own_saves(content, file, f"actualites/{slug}/", options.rounds)
    if options.content:
        _time_content(options.rounds)


def _time_content(rounds: int) -> None:
    print("\n| texts of content/ | median, s | fastest | slowest |\n| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        content = generators.copy_project(Path(name)) / "content"
        file = content / "articles" / "2014-01-pole-laureat.md"
        time_own_saves(content, file, "actualites/culture-et-cooperation-laureat/", rounds)


if __name__ == "__main__":
    main()
