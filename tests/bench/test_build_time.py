"""The bench runs end to end, on a few articles, and its table has what was measured."""

import re
import subprocess
import sys

import pytest

from bench import generators
from bench.corpus import write_corpus
from bench.generators import ROOT
from tests.sites import build


def bench(*options):
    """The rows of the table that a run of the command prints, by their first cell."""
    command = [sys.executable, "-m", "bench.build_time", "--articles", "10", "--rounds", "1"]
    done = subprocess.run(
        [*command, "--generators", *options], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = (line.strip("| ").split(" | ") for line in done.stdout.splitlines() if "|" in line)
    return {cells[0]: cells[1:] for cells in lines}


@pytest.mark.needs("git")
def test_the_bench_times_this_site_with_and_without_its_cache():
    rows = bench("ours", "ours-cached")
    for name in ("this site, nothing kept", "this site, `.cache` kept"):
        seconds, ratio, processors, memory, files = rows[name]
        assert float(seconds) > 0.1
        assert float(processors) > 0.1
        assert ratio == "–"
        assert int(memory) > 20 or sys.platform != "linux"
        assert int(files) > 10 + 12


@pytest.mark.needs("git")
def test_the_bench_times_the_build_after_a_change_and_after_none():
    rows = bench("ours-edited", "ours-unchanged")
    edited, unchanged = (
        float(rows[f"this site, {what} changed"][2]) for what in ("one article", "nothing")
    )
    assert unchanged < edited / 2


@pytest.mark.parametrize("generator", ["pelican", "hugo", "eleventy", "astro"])
def test_another_generator_writes_each_article(generator, tmp_path):
    tool = "node" if generator in ("eleventy", "astro") else "python"
    if not (generators.TOOLS / f"{tool}.sha256").is_file():
        pytest.skip("python -m bench.build_time installs it")
    site, output = tmp_path / generator, tmp_path / "output"
    write_corpus(site, generator, 10, two_languages=True)
    generators.prepare_site(generator, site)
    command = generators.build(generator, site, output)
    subprocess.run(command.command, cwd=site, env=command.environment(), check=True)
    pages = [path for path in output.rglob("*.html") if re.search(r"(nouvelle|note)-\d", str(path))]
    assert len(pages) == 20
    assert all("<h2" in page.read_text("utf-8") for page in pages)


def test_the_corpus_is_the_same_each_time(tmp_path):
    for name in ("first", "second"):
        write_corpus(tmp_path / name, "ours", 3, two_languages=True, photos=1)
    first, second = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in files if path.is_file()}
        for name in ("first", "second")
        for files in [sorted((tmp_path / name).rglob("*"))]
    )
    assert first == second
    assert len(first) == 2 * 3 + 12 + 2


def test_the_corpus_in_two_languages_builds(tmp_path):
    write_corpus(tmp_path / "content", "ours", 3, two_languages=True)
    done = build(tmp_path / "content", tmp_path / "output")
    assert done.code == 0, done.complaints
    assert done.site.has("/en/news/note-00002/")
    assert done.site.page("/actualites/nouvelle-00001/").select("h2")
