"""Time a clean build of N articles beside stock Pelican's, in one run, round by round.

    .venv/bin/python -m bench.build_time --articles 1000 --rounds 3

Both build the same texts of about 650 words with the same themes, dates and titles: this site with
its own theme, and Pelican with the settings and the theme that it ships. Times are seconds of the
whole process, by the clock and of all processors together; machines drift, so the ratio of each
round is what counts.
"""

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_TEXT = (
    "le projet avance avec les habitants de la ville et la coopérative partage ses outils ; "
    "une équipe essaie puis recommence, parce que le temps long aide à comprendre un lieu, "
    "ses usages et ses métiers : chacun apprend de l'autre et garde trace de ce qui compte."
)
_STOCK_SETTINGS = """
SITENAME = "Stock"
SITEURL = "http://localhost:8000"
TIMEZONE = "Europe/Paris"
DEFAULT_LANG = "fr"
PLUGINS = []
DEFAULT_PAGINATION = 10
FEED_ALL_ATOM = "feeds/all.atom.xml"
CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
"""


def write_corpus(ours: Path, stock: Path, count: int, paragraph: int = 70) -> None:
    """Write `count` articles twice: with this site's headers, and with Pelican's.

    Each has nine paragraphs of `paragraph` words, and nine points of four.
    """
    chance = random.Random(1)  # noqa: S311 - the same texts in each run, no secret
    words = _TEXT.split()
    for folder in (ours / "articles", stock):
        folder.mkdir(parents=True)
    for number in range(count):
        title = f"Nouvelle {number}"
        date = f"{2000 + number % 25}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        # Names that do not end in a digit: Pelican's page 3 of "thème 1" is its "thème 13".
        tags = f"thème {number % 40} bis, thème {(number * 7 + 3) % 40} bis"
        parts = []
        for part in range(3):
            paragraphs = []
            for _ in range(3):
                chosen = [chance.choice(words) for _ in range(paragraph)]
                chosen[10] = f"*{chosen[10]}*"
                chosen[30] = f"[{chosen[30]} {chosen[31]}](https://example.org/{number})"
                chosen[50] = f"**{chosen[50]}**"
                paragraphs.append(" ".join(chosen) + ".")
            points = "\n".join(f"- {' '.join(chosen[n : n + 4])}" for n in (0, 20, 40))
            parts.append(f"## Partie {part + 1}\n\n" + "\n\n".join([*paragraphs, points]))
        body = "\n\n".join(parts)
        (ours / "articles" / f"n-{number:05}.md").write_text(
            f"---\ntitle: {title}\ndate: {date}\ntags: [{tags}]\nsummary: Résumé {number}.\n"
            f"---\n{body}\n",
            "utf-8",
        )
        (stock / f"n-{number:05}.md").write_text(
            f"Title: {title}\nDate: {date}\nTags: {tags}\nSummary: Résumé {number}.\n\n{body}\n",
            "utf-8",
        )


def seconds(command: list[str], **options) -> tuple[float, float]:
    """Seconds of a command that must succeed: by the clock, and of processor time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, **options)
    clock = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure, and print a line a round, then the medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_corpus(folder / "ours", folder / "stock", options.articles)
        (folder / "stockconf.py").write_text(_STOCK_SETTINGS, "utf-8")
        rounds = []
        for number in range(options.rounds):
            ours = seconds(
                [sys.executable, "-m", "building.site"],
                cwd=ROOT,
                env={
                    **os.environ,
                    "SITE_CONTENT": str(folder / "ours"),
                    "SITE_OUTPUT": str(folder / f"ours-{number}"),
                },
            )
            pelican = [sys.executable, "-m", "pelican", "stock", "-s", "stockconf.py"]
            stock = seconds([*pelican, "-o", f"stock-{number}"], cwd=folder)
            rounds.append((ours, stock))
            print(
                f"round {number + 1}: ours {ours[0]:.2f} s ({ours[1]:.2f} s of processors), "
                f"stock Pelican {stock[0]:.2f} s ({stock[1]:.2f} s)",
                flush=True,
            )
    for name, index in (("by the clock", 0), ("of processors", 1)):
        ours = statistics.median(round_[0][index] for round_ in rounds)
        stock = statistics.median(round_[1][index] for round_ in rounds)
        ratio = statistics.median(round_[1][index] / round_[0][index] for round_ in rounds)
        print(
            f"{options.articles} articles, seconds {name}, median: ours {ours:.2f}, "
            f"stock Pelican {stock:.2f}; stock takes {ratio:.1f} times as long"
        )


if __name__ == "__main__":
    main()
