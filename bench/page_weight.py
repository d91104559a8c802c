"""Weigh the pages of a site of 12 posts of about 850 words, and each part of these pages.

    .venv/bin/python -m bench.page_weight

The peers of docs/architecture.md had the same kind of content. Bytes are compressed by Brotli at
its best level, as nginx sends them. The weight of a part is the difference to the page without it.
The words are random, from a list of some two hundred.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.corpus import write_corpus
from bench.generators import ROOT
from engine.pages.built_site import BuiltSite
from engine.pages.compression import brotli_bytes
from engine.pages.page_weight import weigh
from tests.sites import busy_photo

POSTS = 12
# Words of a paragraph, for about 850 words a post.
PARAGRAPH = 77
_PARTS = {
    "style sheet": r"<style>(.*?)</style>",
    "head": r"<head>(.*?)<style>",
    "header": r"<header class=\"site-header\">.*?</header>",
    "footer": r"<footer class=\"site-footer\">.*?</footer>",
    "main": r"<main.*</main>",
}


def build_posts(folder: Path) -> Path:
    """Build the posts below `folder`, the last one with a photo; return the output folder."""
    content, output = folder / "content", folder / "output"
    write_corpus(content, "ours", POSTS, words=PARAGRAPH)
    (content / "home.md").write_bytes((ROOT / "content" / "home.md").read_bytes())
    (content / "images").mkdir()
    (content / "images" / "photo.jpg").write_bytes(busy_photo())
    last = max((content / "articles").iterdir())
    text = last.read_text("utf-8").rstrip()
    last.write_text(f"{text}\n\n![Des arbres](../images/photo.jpg)\n", "utf-8")
    subprocess.run(
        [sys.executable, "-m", "engine.building.site"],
        cwd=ROOT,
        env={**os.environ, "SITE_CONTENT": str(content), "SITE_OUTPUT": str(output)},
        check=True,
        capture_output=True,
    )
    return output


def costs(html: str) -> dict[str, int]:
    """Return the weight of each part of a page, in bytes after Brotli."""
    whole = len(brotli_bytes(html.encode()))
    without = {
        name: len(brotli_bytes(re.sub(part, "", html, flags=re.DOTALL).encode()))
        for name, part in _PARTS.items()
    }
    return {name: whole - size for name, size in without.items()}


def main() -> None:
    """Build, weigh, print a table."""
    with tempfile.TemporaryDirectory() as name:
        output = build_posts(Path(name))
        for title, path in (
            ("home", "index.html"),
            ("article", "actualites/nouvelle-00005/index.html"),
            ("with photo", f"actualites/nouvelle-{POSTS - 1:05}/index.html"),
        ):
            page = output / path
            html = page.read_text("utf-8")
            built = BuiltSite(output)
            weight = weigh(built, built.files[path])
            print(
                f"{title:10}  HTML and CSS {len(brotli_bytes(html.encode())):6,}  "
                f"all {weight.transferred:6,} in {weight.requests} requests  "
                f"{weight.elements:3} elements  EcoIndex {weight.ecoindex}"
            )
            print("  without its", ", ".join(f"{k} -{v:,}" for k, v in costs(html).items()))


if __name__ == "__main__":
    main()
