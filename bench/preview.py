"""Time a save: from the writing of the file to the new page on disk, and in a browser.

    .venv/bin/python -m bench.preview --articles 300 1000 --rounds 20 --content

The preview of this site and the watch commands of the other generators show the articles of
`bench/corpus.py`; Astro has no command that writes a page at each save. A word is added to an
article. The time ends when its page has that word: in its file, or, for this site, in Chromium
after the reload; “the whole site” ends when all other pages are current too. `--content` adds the
texts of `content/`. With Hugo, the times are also given as multiples of its clean build of 1,000
articles, which is timed as often.
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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page

from bench import generators
from bench.build_time import time_build
from bench.corpus import write_corpus
from bench.generators import Build
from engine.preview.worker_client import first_pages_folder
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


def time_saves(
    file: Path, rounds: int, *waits: Callable[[str], None]
) -> Iterator[tuple[float, ...]]:
    """Yield, for each of `waits`, the seconds of each save of a text.

    Each of them waits until a page has a word, one after the other.
    """
    text, times = file.read_text("utf-8"), []
    for number in range(rounds):
        word = f"enregistrement{number}"
        begin = time.perf_counter()
        file.write_text(f"{text}\n{word}\n", "utf-8")
        times.append([])
        for wait_for in waits:
            wait_for(word)
            times[-1].append(time.perf_counter() - begin)
        time.sleep(_PAUSE_SECONDS)
    file.write_text(text, "utf-8")
    yield from zip(*times, strict=True)


def wait_on_disk(word: str, *pages: Path) -> None:
    """Wait until one of the files holds a word. Raises TimeoutError if none ever does."""
    end = time.monotonic() + _MAX_SECONDS
    while time.monotonic() < end:
        for page in pages:
            with contextlib.suppress(OSError):
                if word in page.read_text("utf-8"):
                    return
        time.sleep(0.002)
    raise TimeoutError(f"{pages[-1]} never had the word “{word}”")


def wait_in_browser(page: Page, word: str) -> None:
    """Wait until a loaded page holds a word."""
    page.wait_for_function(
        "word => document.readyState === 'complete' && document.body.innerText.includes(word)",
        arg=word,
        timeout=1000 * _MAX_SECONDS,
    )


def time_own_saves(
    content: Path, file: Path, address: str, rounds: int, unit: float | None
) -> None:
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
            built = site / address / "index.html"
            first = first_pages_folder(site) / address / "index.html"
            of_page, of_site = time_saves(
                file,
                rounds,
                lambda word: wait_on_disk(word, first, built),
                lambda word: wait_on_disk(word, built),
            )
            _report("this site, the page on disk", of_page, unit)
            _report("this site, the whole site on disk", of_site, unit)
            page = browser.new_page()
            page.goto(root + address)
            page.wait_for_load_state("networkidle")
            (times,) = time_saves(file, rounds, lambda word: wait_in_browser(page, word))
            _report("this site, in a browser", times, unit)
            page.close()


def time_other_saves(generator: str, articles: int, rounds: int, unit: float | None) -> None:
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
            wait_on_disk("</html>", output / page)
            time.sleep(2 * _PAUSE_SECONDS)
            (times,) = time_saves(file, rounds, lambda word: wait_on_disk(word, output / page))
        _report(f"{generator}, on disk", times, unit)


def time_hugo(rounds: int) -> float:
    """Return the median of the seconds of Hugo's clean build of 1,000 articles."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        site, output, aside = (Path(name, each) for each in ("hugo", "output", "aside"))
        times = []
        write_corpus(site, "hugo", 1000)
        generators.prepare_site("hugo", site)
        build = generators.build("hugo", site, output)
        for _ in range(rounds):
            generators.set_caches_aside(site, aside)
            generators.set_aside(output, aside)
            times.append(time_build(build).wall)
    return statistics.median(times)


def _report(name: str, times: Sequence[float], unit: float | None) -> None:
    median = statistics.median(times)
    ratio = f"{median / unit:.2f}" if unit else "–"
    told = f"{median:.2f} | {min(times):.2f} | {max(times):.2f} | {ratio}"
    print(f"| {name} | {told} |", flush=True)


def _heading(words: str) -> None:
    print(f"\n| {words} | median, s | fastest | slowest | of Hugo's build |")
    print("| --- | --- | --- | --- | --- |", flush=True)


def main() -> None:
    """Measure, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, nargs="+", default=[300])
    parser.add_argument("--rounds", type=int, default=20)
    choices = ["ours", *_WATCHING]
    parser.add_argument("--generators", nargs="+", choices=choices, default=choices)
    parser.add_argument("--content", action="store_true", help="the texts of content/ too")
    options = parser.parse_args()
    missing = generators.install(set(options.generators))
    for name, why in missing.items():
        print(f"{name} is left out: {why}", file=sys.stderr)
    chosen = [name for name in options.generators if name not in missing]
    unit = time_hugo(options.rounds) if "hugo" in chosen else None
    if unit:
        print(f"Hugo's clean build of 1,000 articles: {unit:.2f} s, median of {options.rounds}.")
    for articles in options.articles:
        _heading(f"{articles:,} articles, {options.rounds} saves")
        for generator in chosen:
            if generator == "ours":
                _time_articles(articles, options.rounds, unit)
            else:
                time_other_saves(generator, articles, options.rounds, unit)
    if options.content:
        _heading("texts of content/")
        _time_content(options.rounds, unit)


def _time_articles(articles: int, rounds: int, unit: float | None) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        content = Path(name)
        write_corpus(content, "ours", articles)
        slug = f"nouvelle-{articles // 2:05}"
        file = content / "articles" / f"{slug}.md"
        time_own_saves(content, file, f"actualites/{slug}/", rounds, unit)


def _time_content(rounds: int, unit: float | None) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        content = generators.copy_project(Path(name)) / "content"
        file = content / "articles" / "2014-01-pole-laureat.md"
        time_own_saves(content, file, "actualites/culture-et-cooperation-laureat/", rounds, unit)


if __name__ == "__main__":
    main()
