"""Time `inv check` on N articles of about 650 words: the texts alone, and with the built site.

    .venv/bin/python -m bench.check_time --articles 100 --rounds 5

Seconds of the whole process by the clock, the start of Python counted. Spelling is part of it where
hunspell is installed.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.build_time import ROOT, write_corpus
from checking import spelling


def seconds(*arguments: str, content: Path) -> float:
    """Seconds of one check of a content folder, by the clock.

    Raises RuntimeError where it did not come to its end; that it finds something is no failure.
    """
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "publishing.check_all", *arguments],
        cwd=ROOT,
        env={**os.environ, "SITE_CONTENT": str(content)},
        capture_output=True,
        text=True,
        check=False,
    )
    if "fault" not in (done.stdout.splitlines() or [""])[-1]:
        raise RuntimeError(done.stderr)
    return time.perf_counter() - begin


def main() -> None:
    """Measure, and print a line a round, then the medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print(*spelling.skipped() or ["spelling checked"], sep="\n")
    rounds = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_corpus(folder / "ours", folder / "stock", options.articles)
        home = '---\ntitle: Accueil\nsummary: "Un accueil."\n---\nUn texte.\n'
        (folder / "ours" / "home.md").write_text(home, "utf-8")
        for number in range(options.rounds):
            texts = seconds("--texts", content=folder / "ours")
            whole = seconds(content=folder / "ours")
            rounds.append((texts, whole))
            print(f"round {number + 1}: texts {texts:.2f} s, whole {whole:.2f} s", flush=True)
    texts, whole = map(statistics.median, zip(*rounds, strict=True))
    print(f"{options.articles} articles, median: texts {texts:.2f} s, whole {whole:.2f} s")


if __name__ == "__main__":
    main()
