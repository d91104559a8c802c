"""Measure what the search loads, and how soon the first result stands after the key.

    .venv/bin/python -m bench.search --texts 20 200 1000 --words 220 --rounds 5

The words of the texts are drawn from 12,000 made-up ones, as often as the words of a language are
(Zipf's law): they compress worse than a language does. The query is a word of many texts, so that
the ten results come from several files. nginx sends everything with Brotli, on this machine; the
times are Chromium's, medians of the rounds, from the key to the first result in the page.
"""

import argparse
import random
import statistics
import tempfile
from itertools import accumulate
from pathlib import Path

from engine.pages.built_site import BuiltSite
from engine.pages.compression import compress
from tests import chromium, sites, web_server
from tests.network import Recorder

_SYLLABLES = [start + vowel for start in "bcdfglmnprstv" for vowel in "aeiou"]
_ENDINGS = ("", "s", "e", "tion", "ment", "er", "ée", "eur")
_VOCABULARY = 12_000
# Of the vocabulary, the most frequent first.
_ASKED_FIRST, _ASKED_LATER = 200, 300
_SEARCH = "/recherche/"
_FIELD = "input[type=search]"
# The event is noted before the page's own listener has it.
_NOTE_RESULT = """() => {
  let start;
  const field = document.querySelector("input[type=search]");
  field.addEventListener("input", () => start = performance.now(), {capture: true, once: true});
  window.found = new Promise(resolve => new MutationObserver((_, observer) => {
    if (!start || !document.querySelector(".search-results li")) return;
    observer.disconnect();
    resolve(performance.now() - start);
  }).observe(document.querySelector("main"), {childList: true, subtree: true}));
  field.focus();
}"""
_FILES = {"script": "/theme/search-", "index": "/index-", "texts": "/texts-"}


def make_vocabulary(chance: random.Random) -> list[str]:
    """The words, the most frequent first."""
    words: dict[str, None] = {}
    while len(words) < _VOCABULARY:
        stem = "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4)))
        words[stem + chance.choice(_ENDINGS)] = None
    return list(words)


def write_texts(folder: Path, count: int, words: int) -> list[str]:
    """Write news items of so many words into a content folder; return the vocabulary.

    The same numbers give the same bytes.
    """
    chance = random.Random(1)  # noqa: S311 - no secret
    vocabulary = make_vocabulary(chance)
    shares = list(accumulate(1 / (rank + 2.7) for rank in range(_VOCABULARY)))

    def sentence(length: int) -> str:
        return " ".join(chance.choices(vocabulary, cum_weights=shares, k=length)).capitalize()

    for number in range(count):
        text = sites.article(
            f"{sentence(4)} {number}",
            f"{1990 + number % 30}-{1 + number % 12:02}",
            " ".join(f"{sentence(11)}." for _ in range(words // 11)),
            slug=f"n-{number}",
            summary=sentence(12),
        )
        sites.write(folder, {f"articles/{number:05}.md": text})
    return vocabulary


def measure(count: int, words: int, rounds: int) -> dict[str, float]:
    """The bytes of each kind of file that a search loads, and the times in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        vocabulary = write_texts(place / "content", count, words)
        built = sites.build(place / "content", place / "site")
        if built.code:
            raise RuntimeError(built.complaints)
        compress(BuiltSite(built.site.folder))
        (place / "nginx").mkdir()
        certificate = web_server.make_certificate(place)
        first, later = [], []
        with (
            web_server.served(built.site.folder, place / "nginx", certificate) as address,
            chromium.launched(certificate.browser_argument) as browser,
        ):
            for _ in range(rounds):
                context = browser.new_context()
                page = context.new_page()
                recorder = Recorder(page)
                recorder.visit(address + _SEARCH)
                asked = list(recorder.requests)
                for rank, times in ((_ASKED_FIRST, first), (_ASKED_LATER, later)):
                    page.fill(_FIELD, "")
                    page.evaluate(_NOTE_RESULT)
                    page.keyboard.insert_text(vocabulary[rank])
                    times.append(page.evaluate("window.found"))
                    page.wait_for_load_state("networkidle")
                    if rank == _ASKED_FIRST:
                        asked = list(recorder.requests)
                context.close()
    sizes = {
        kind: sum(request.body for request in asked if part in request.path)
        for kind, part in _FILES.items()
    }
    return sizes | {"first": statistics.median(first), "later": statistics.median(later)}


def main() -> None:
    """Print one line of Markdown for each number of texts."""
    parser = argparse.ArgumentParser(prog="bench.search", description=__doc__.partition("\n")[0])
    parser.add_argument("--texts", type=int, nargs="+", default=[20, 200, 1000])
    parser.add_argument("--words", type=int, default=220, help="of each text")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    heads = ["texts", *_FILES, "all bytes", "the index asked for by the key, ms", "later, ms"]
    print(f"| {' | '.join(heads)} |\n|{' --- |' * len(heads)}")
    for count in options.texts:
        found = measure(count, options.words, options.rounds)
        sizes = [found[kind] for kind in _FILES]
        times = (f"{found[time]:.0f}" for time in ("first", "later"))
        cells = (*(f"{cell:,}" for cell in (count, *sizes, sum(sizes))), *times)
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
