"""Time clean builds of the same articles by this site and by other generators, and `./inv check`.

    .venv/bin/python -m bench.build_time --articles 1000 5000 --rounds 5 --content

Round by round, each generator builds the texts of `bench/corpus.py`: this site with its own theme
and all its checks, without and then with its cache, and, in a copy of its own, after an article was
changed and after nothing was; stock Pelican with its default theme; Hugo, Eleventy and Astro with
the small themes of `bench/sites/`, which show the same on each page and
write fewer pages. A first build, not timed, samples the memory. The output is the table of the
README, in Markdown: medians of the elapsed seconds and of the seconds of all processors together,
the ratio of the elapsed seconds to Hugo's, and the peak of the summed PSS of all processes.
Progress goes to standard error. `--content` adds the site of `content/`. Astro 5 is the last major
version that runs on Node.js 20.
"""

import argparse
import contextlib
import itertools
import math
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench import generators
from bench.corpus import GENERATORS, write_corpus
from bench.generators import Build
from engine.building.fingerprint import record_folder
from engine.processes import processors

_NAMES = {
    "ours": "this site, nothing kept",
    "ours-cached": "this site, `.cache` kept",
    "ours-edited": "this site, one article changed",
    "ours-unchanged": "this site, nothing changed",
    "pelican": "stock Pelican, its default theme",
    "hugo": "Hugo",
    "eleventy": "Eleventy",
    "astro": "Astro",
    "content": "`content/`, nothing kept",
    "content-cached": "`content/`, `.cache` kept",
    "check": "`./inv check` of `content/`",
}
_SAMPLE_SECONDS = 0.02


@dataclass(frozen=True)
class Timing:
    """Elapsed and processor seconds, and the number of processors that other work used."""

    wall: float
    processor: float
    others: float


@dataclass
class Row:
    """A row of the table: the build, its timings, its memory in MB, the number of files."""

    build: Build
    output: Path
    # Called before each build, and whether the built site stays for it.
    prepare: Callable[[], None] = lambda: None
    keeps_output: bool = False
    timings: list[Timing] = field(default_factory=list)
    memory: float | None = None
    files: int = 0

    def median(self, of: str) -> float:
        """Return the median of a field of the timings."""
        return statistics.median(getattr(timing, of) for timing in self.timings)


def time_build(build: Build) -> Timing:
    """Run and time a build. Raises RuntimeError with its output if it fails."""
    busy = _busy_seconds()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    done = subprocess.run(
        build.command,
        cwd=build.folder,
        env=build.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    wall = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    _refuse_failure(build, done.returncode, done.stdout)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Timing(wall, processor, max(0, _busy_seconds() - busy - processor) / wall)


def sample_memory(build: Build) -> float | None:
    """Run a build; return the peak summed PSS of its processes, in MB; None without /proc."""
    most = 0
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            build.command,
            cwd=build.folder,
            env=build.environment(),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        while process.poll() is None:
            most = max(most, _session_pss(process.pid))
            time.sleep(_SAMPLE_SECONDS)
        said.seek(0)
        _refuse_failure(build, process.returncode, said.read())
    return most / 1e6 if most else None


def _refuse_failure(build: Build, code: int, said: bytes) -> None:
    if code not in build.exits:
        text = said.decode("utf-8", "replace")[-2000:]
        raise RuntimeError(f"{' '.join(build.command)}: exit code {code}\n{text}")


def _session_pss(session: int) -> int:
    """Return the PSS of all processes of a session, in bytes; 0 on systems without /proc."""
    total = 0
    for path in Path("/proc").glob("[0-9]*"):
        # The process may have ended, or the kernel may not show its PSS.
        with contextlib.suppress(OSError, ValueError):
            if os.getsid(int(path.name)) == session:
                rollup = (path / "smaps_rollup").read_text("ascii")
                total += 1024 * int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1])
    return total


def _busy_seconds() -> float:
    """Return the busy seconds of all processors since the start; 0 on systems without /proc."""
    with contextlib.suppress(OSError):
        first = Path("/proc/stat").read_text("ascii").splitlines()[0].split()[1:9]
        ticks = [int(tick) for tick in first]
        return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")
    return 0.0


def measure(rows: dict[str, Row], rounds: int, aside: Path) -> None:
    """Sample the memory of each row, then time all of them round by round.

    What a build must not find is moved into the folder `aside`.
    """
    for number in range(rounds + 1):
        for name, row in rows.items():
            row.prepare()
            if not row.keeps_output:
                generators.set_aside(row.output, aside)
                generators.set_aside(Path(record_folder(str(row.output))), aside)
            if number:
                row.timings.append(time_build(row.build))
                said = f"{row.timings[-1].wall:.2f} s"
            else:
                row.memory = sample_memory(row.build)
                said = f"{row.memory:.0f} MB" if row.memory else "memory unknown"
            row.files = sum(path.is_file() for path in row.output.rglob("*"))
            print(f"round {number} of {rounds}: {name}: {said}", file=sys.stderr, flush=True)


def rows_of_corpus(names: list[str], folder: Path, project: Path, arguments: dict) -> dict:
    """Write the texts for each generator below `folder`, and return the rows to measure."""
    rows = {}
    for name in names:
        generator = name.partition("-")[0]
        site, output = folder / generator, folder / f"output-{generator}"
        if not site.is_dir():
            write_corpus(site, generator, **arguments)
            generators.prepare_site(generator, site)
        if name in ("ours-edited", "ours-unchanged"):
            rows[name] = _row_of_next_build(site, name == "ours-edited")
            continue
        if generator == "ours":
            build = generators.own_build("build", project, site, output)
            forget = _without_caches(project) if name == "ours" else lambda: None
        else:
            build, forget = generators.build(generator, site, output), _without_caches(site)
        rows[name] = Row(build, output, forget)
    return rows


def _row_of_next_build(site: Path, is_edited: bool) -> Row:
    """Return the row of the builds of a site that stays, with a cache that no other row forgets."""
    folder = site.parent / "next"
    if not folder.is_dir():
        generators.copy_project(folder)
        generators.link_environment(folder)
    article = sorted((site / "articles").iterdir())[0]

    def edit() -> None:
        with article.open("a", encoding="utf-8") as file:
            file.write("\nEncore une phrase.\n")

    output = site.parent / "output-next"
    build = generators.next_build(folder, site, output)
    return Row(build, output, edit if is_edited else lambda: None, keeps_output=True)


def rows_of_content(folder: Path, project: Path) -> dict[str, Row]:
    """Return the rows of the texts of `content/`, built in a copy of the project."""
    content, output = project / "content", folder / "output-content"
    build = generators.own_build("build", project, content, output)
    check = generators.own_build("check", project, content, output)
    return {
        "content": Row(build, output, _without_caches(project)),
        "content-cached": Row(build, output),
        "check": Row(check, output),
    }


def _without_caches(site: Path) -> Callable[[], None]:
    return lambda: generators.set_caches_aside(site, site.parent / "aside")


def table(heading: str, rows: dict[str, Row], hugo: Row | None) -> str:
    """Format the rows as a table in Markdown, with ratios to Hugo's elapsed seconds."""
    lines = [
        f"| {heading} | seconds | of Hugo's | seconds of processors | memory, MB | files |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, row in rows.items():
        ratio = f"{row.median('wall') / hugo.median('wall'):.2f}" if hugo else "–"
        memory = f"{row.memory:.0f}" if row.memory else "–"
        files = f"{row.files:,}" if row.files else "–"
        seconds = f"{row.median('wall'):.2f} | {ratio} | {row.median('processor'):.2f}"
        lines.append(f"| {_NAMES[name]} | {seconds} | {memory} | {files} |")
    return "\n".join(lines)


def growth(tables: dict[int, dict[str, Row]]) -> str:
    """Format a table of the exponents of growth of the seconds between two sizes: 1 is linear."""
    sizes = sorted(tables)
    pairs = list(itertools.pairwise(sizes))
    heads = (f"{small:,} to {large:,}" for small, large in pairs)
    lines = [f"| growth of the seconds, exponent | {' | '.join(heads)} |"]
    lines.append("| --- |" + " --- |" * len(pairs))
    for name in tables[sizes[0]]:
        cells = (f"{_exponent(tables, name, small, large):.2f}" for small, large in pairs)
        lines.append(f"| {_NAMES[name]} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _exponent(tables: dict[int, dict[str, Row]], name: str, small: int, large: int) -> float:
    times = tables[large][name].median("wall") / tables[small][name].median("wall")
    return math.log(times) / math.log(large / small)


def conditions(tables: list[dict[str, Row]], rounds: int, tools: set[str]) -> str:
    """One sentence on the machine and the run."""
    others = max(
        timing.others for rows in tables for row in rows.values() for timing in row.timings
    )
    named = ", ".join([f"Python {platform.python_version()}", *generators.versions(tools)])
    busy = f"; other work took at most {others:.0%} of one of them" if _busy_seconds() else ""
    return (
        f"Medians of {rounds} rounds in one run, {time.strftime('%Y-%m-%d')}, "
        f"{processors()} processors ({platform.machine()}){busy}. {named}."
    )


def main() -> None:
    """Install, measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, nargs="+", default=[1000], help="numbers of them")
    parser.add_argument("--rounds", type=int, default=5)
    builders = [name for name in _NAMES if name.partition("-")[0] in GENERATORS]
    parser.add_argument("--generators", nargs="+", choices=builders, default=builders)
    parser.add_argument("--two-languages", action="store_true", help="each article in English too")
    parser.add_argument("--photos", type=int, default=0, help="how many articles have one")
    parser.add_argument(
        "--content", action="store_true", help="the site of content/, beside the first number"
    )
    options = parser.parse_args()
    missing = generators.install(set(options.generators))
    for name, why in missing.items():
        print(f"{name} is left out: {why}", file=sys.stderr)
    names = [name for name in options.generators if name not in missing]
    tables: dict[int, dict[str, Row]] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as work:
        project = generators.copy_project(Path(work, "project"))
        for count in options.articles:
            corpus = {"two_languages": options.two_languages, "photos": options.photos}
            folder = Path(work, str(count))
            rows = rows_of_corpus(names, folder, project, {"articles": count, **corpus})
            with_content = options.content and not tables
            both = rows | (rows_of_content(folder, project) if with_content else {})
            measure(both, options.rounds, Path(work, "aside"))
            tables[count] = rows
            print(f"\n{table(f'{count:,} articles', both, rows.get('hugo'))}\n", flush=True)
    if len(tables) > 1:
        print(growth(tables), end="\n\n")
    print(conditions(list(tables.values()), options.rounds, set(names)))


if __name__ == "__main__":
    main()
