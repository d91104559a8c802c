"""Time the typography of an article of 600 words, and the parsing of the same article.

    .venv/bin/python -m bench.typography --rounds 300

The first article is made of the site's French texts, cut at 600 words. In the second, harder one,
each paragraph holds quotes, numbers, times of day, titles and dashes. Times are processor
milliseconds, the minimum of all rounds, since other work only adds to them. Machines differ:
compare the ratio to the parser's time in the same rounds.
"""

import argparse
import time

from markdown_it import MarkdownIt
from markdown_it.token import Token

from engine.paths import ROOT
from engine.typography.typography_tokens import Words

WORDS = 600
_PARSER = MarkdownIt("commonmark").enable("table")
_HARD = (
    "Le projet avance avec les habitants et la *coopérative* partage ses outils ; une équipe "
    "essaie, parce que le **temps long** aide à comprendre un lieu, ses usages et ses métiers : "
    "chacun apprend de l'autre. Depuis le 10 janvier 2014, M. Martin et Mme Durand ont réuni "
    '1 000 personnes, soit 20 % des "gens d\'ici" - ou presque - dans un '
    "[lieu d'essai](https://example.org/) ouvert à 14h30... Est-ce assez ? Non !"
)


def own_article() -> str:
    """Return the first 600 words of the site's French texts, with their paragraphs."""
    paragraphs: list[str] = []
    count = 0
    for path in sorted((ROOT / "content").rglob("*.md")):
        if path.name.endswith(".en.md"):
            continue
        for paragraph in path.read_text("utf-8").split("---\n", 2)[2].strip().split("\n\n"):
            if count < WORDS:
                kept = paragraph.split(" ")[: WORDS - count]
                paragraphs.append(" ".join(kept))
                count += len(kept)
    return "\n\n".join(paragraphs)


def measure(article: str, rounds: int) -> tuple[float, float]:
    """Return the minimum milliseconds of the typography of an article, and of its parsing."""
    set_in, parsed_in = [], []
    for _ in range(rounds):
        begin = time.process_time_ns()
        tokens = _PARSER.parse(article)
        parsed = time.process_time_ns()
        _set(tokens)
        set_in.append(time.process_time_ns() - parsed)
        parsed_in.append(parsed - begin)
    return min(set_in) / 1e6, min(parsed_in) / 1e6


def _set(tokens: list[Token]) -> None:
    words = Words()
    for token in tokens:
        if token.children:
            for child in token.children:
                words.add(child, "fr")
            words.end_block()
    words.typeset()


def main() -> None:
    """Measure, and print a line for each article."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=300)
    options = parser.parse_args()
    hard = "\n\n".join([_HARD] * (WORDS // len(_HARD.split()) + 1))
    hard_words = len(hard.split())
    for name, article, words in (
        ("the site's own texts", own_article(), WORDS),
        ("signs everywhere", hard, hard_words),
    ):
        typography, parsing = (time_ * WORDS / words for time_ in measure(article, options.rounds))
        print(
            f"{name}, for {WORDS} words: typography {typography:.2f} ms, parser {parsing:.2f} ms, "
            f"ratio {typography / parsing:.2f}"
        )


if __name__ == "__main__":
    main()
