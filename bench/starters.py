"""Compare the home page with those of other starters, as their default themes make it.

    .venv/bin/python -m bench.starters

Each is given the same 12 posts and its own defaults. Chromium opens its home page, and each request
is counted; other sites are not reached. Bytes are those of Brotli for text and the file's own for
the rest. The table is that of the README. Themes come from their repositories, at the commits
below.
"""

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, Route

from bench.corpus import write_corpus
from bench.generators import build, install, versions
from bench.page_weight import PARAGRAPH, POSTS, build_posts
from engine.pages.compression import TEXT_SUFFIXES, brotli_bytes
from tests import chromium

_PELICAN = """SITENAME = "Le banc d'essai"
SITEURL = "{address}"
AUTHOR = "Camille Martin"
PATH = "content"
TIMEZONE = "Europe/Paris"
DEFAULT_LANG = "fr"
DEFAULT_PAGINATION = 10
"""
_HUGO = """baseURL = "{address}/"
title = "Le banc d'essai"
contentDir = "content/fr"
defaultContentLanguage = "fr"
theme = "theme"
"""


@dataclass(frozen=True)
class Starter:
    """A theme: the generator that it is for, its settings, its repository and commit, if any."""

    name: str
    generator: str
    settings: str
    repository: str = ""
    commit: str = ""


STARTERS = (
    Starter("Pelican, its default theme", "pelican", _PELICAN),
    Starter(
        "Pelican, Flex",
        "pelican",
        f'{_PELICAN}THEME = "themes/theme"\n',
        "https://github.com/alexandrevicenzi/Flex",
        "bbf8768d4fcc61e3a03d2db56e47686376ead317",
    ),
    Starter(
        "Hugo, PaperMod",
        "hugo",
        _HUGO,
        "https://github.com/adityatelange/hugo-PaperMod",
        "d3768854d00ad003b0a8dbdba254ce9224377a01",
    ),
)
_FILES = {"pelican": "pelicanconf.py", "hugo": "hugo.toml"}


@dataclass(frozen=True)
class Home:
    """What a home page loads: requests, scripts, requests to other sites, bytes, elements."""

    requests: int
    scripts: int
    elsewhere: int
    size: int
    elements: int


def open_home(browser: Browser, folder: Path, address: str) -> Home:
    """Open the home page of a folder that is served at an address; nothing else is reached."""
    asked: dict[str, str] = {}

    def answer(route: Route) -> None:
        asked[route.request.url] = route.request.resource_type
        if route.request.url.startswith(f"{address}/"):
            route.continue_()
        else:
            route.abort()

    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.route("**/*", answer)
    page.goto(f"{address}/", wait_until="load")
    page.wait_for_timeout(500)
    elements = page.locator("body *:not(svg *)").count()
    scripts = page.locator("script:not([type]), script[type=module]").count()
    icon = page.locator("link[rel~=icon]").first
    if icon.count():
        # A headless browser asks for none.
        asked.setdefault(icon.evaluate("link => link.href"), "image")
    page.close()
    own = [url for url in asked if url.startswith(f"{address}/")]
    return Home(
        len(asked), scripts, len(asked) - len(own), sum(_size(folder, u) for u in own), elements
    )


def _size(folder: Path, url: str) -> int:
    """What a server that knows Brotli sends of an address, 0 for a file that is not there."""
    path = unquote(urlsplit(url).path).lstrip("/")
    file = folder / path / "index.html" if path.endswith("/") or not path else folder / path
    if not file.is_file():
        return 0
    data = file.read_bytes()
    return len(brotli_bytes(data) if file.suffix in TEXT_SUFFIXES else data)


def build_starter(starter: Starter, site: Path, output: Path, address: str) -> None:
    """Build the posts with a starter. Raises subprocess.CalledProcessError where that fails."""
    write_corpus(site, starter.generator, POSTS, words=PARAGRAPH)
    settings = starter.settings.format(address=address)
    (site / _FILES[starter.generator]).write_text(settings, "utf-8")
    if starter.repository:
        theme = site / "themes" / "theme"
        theme.mkdir(parents=True)
        for words in (
            ["init", "-q"],
            ["fetch", "-q", "--depth=1", starter.repository, starter.commit],
            ["checkout", "-q", "FETCH_HEAD"],
        ):
            git = ["git", "-C", str(theme), *words]
            subprocess.run(git, check=True)
        shutil.rmtree(theme / ".git")
    made = build(starter.generator, site, output)
    subprocess.run(
        made.command, cwd=made.folder, env=made.environment(), check=True, stdout=sys.stderr
    )


def main() -> None:
    """Print the table, and the versions that it was measured with."""
    install({"pelican", "hugo"})
    print("| home page | requests | scripts | to other sites | bytes | elements |")
    print("| --- | --- | --- | --- | --- | --- |")
    with chromium.launched() as browser, tempfile.TemporaryDirectory() as folder:
        ours = build_posts(Path(folder, "ours"))
        with chromium.served(ours) as address:
            _print("this site", open_home(browser, ours, address))
        for number, starter in enumerate(STARTERS):
            site, output = Path(folder, f"{number}"), Path(folder, f"{number}-output")
            site.mkdir()
            output.mkdir()
            with chromium.served(output) as address:
                build_starter(starter, site, output, address)
                _print(starter.name, open_home(browser, output, address))
    commits = (f"{each.name} {each.commit[:7]}" for each in STARTERS if each.commit)
    print("\n" + ", ".join((*versions({"pelican", "hugo"}), *commits)))


def _print(name: str, home: Home) -> None:
    figures = (home.requests, home.scripts, home.elsewhere, f"{home.size:,}", home.elements)
    print(f"| {name} | {' | '.join(map(str, figures))} |", flush=True)


if __name__ == "__main__":
    main()
