"""Compare the pages of this site with those of other starters, as they come.

    .venv/bin/python -m bench.starters

Each is given the same 12 posts and keeps its own settings and texts. Chromium opens its home page
and a post, and each request is counted; other sites are not reached. Bytes are those of Brotli for
text and the file's own for the rest. axe-core counts the rules of WCAG 2.2, A and AA, that a page
breaks. The table is that of the README. Repositories are taken at the commits below; the packages
that they need are locked beside this file.
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
from bench.generators import build, install, prepare_modules, versions
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
_WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_POST = "nouvelle-00005"


@dataclass(frozen=True)
class Starter:
    """A theme or a whole site, the generator that it is for, and the address of a post.

    `settings` are those of a theme, "" for a site, which has its own. `folder` is that of a site in
    its repository, `posts` that of its posts. `header` replaces names of keys of the posts.
    """

    name: str
    generator: str
    post: str
    settings: str = ""
    repository: str = ""
    commit: str = ""
    folder: str = "."
    posts: str = ""
    header: tuple[tuple[str, str], ...] = ()


STARTERS = (
    Starter("Pelican, its default theme", "pelican", f"{_POST}.html", _PELICAN),
    Starter(
        "Pelican, Flex",
        "pelican",
        f"{_POST}.html",
        f'{_PELICAN}THEME = "themes/theme"\n',
        "https://github.com/alexandrevicenzi/Flex",
        "bbf8768d4fcc61e3a03d2db56e47686376ead317",
    ),
    Starter(
        "Hugo, PaperMod",
        "hugo",
        f"articles/{_POST}/",
        _HUGO,
        "https://github.com/adityatelange/hugo-PaperMod",
        "d3768854d00ad003b0a8dbdba254ce9224377a01",
    ),
    Starter(
        "Eleventy, eleventy-base-blog",
        "eleventy",
        f"blog/{_POST}/",
        repository="https://github.com/11ty/eleventy-base-blog",
        commit="e37a55c4c4705d7881929de5242ec50448b5eb0b",
        posts="content/blog",
        header=(("summary", "description"), ("topics", "tags")),
    ),
    Starter(
        "Astro, its blog template",
        "astro",
        f"blog/{_POST}/",
        repository="https://github.com/withastro/astro",
        commit="1f9b6e0aff2978cd85e9f76548d0107651260147",
        folder="examples/blog",
        posts="src/content/blog",
        header=(("summary", "description"), ("date", "pubDate")),
    ),
)
_FILES = {"pelican": "pelicanconf.py", "hugo": "hugo.toml"}


@dataclass(frozen=True)
class Visit:
    """What a page loads (requests, scripts, requests to other sites, bytes) and holds (elements,
    rules of WCAG that it breaks)."""

    requests: int
    scripts: int
    elsewhere: int
    size: int
    elements: int
    broken_rules: int


def visit(browser: Browser, folder: Path, address: str, path: str = "") -> Visit:
    """Open a page of a folder that is served at an address; nothing else is reached."""
    asked: dict[str, str] = {}

    def answer(route: Route) -> None:
        asked[route.request.url] = route.request.resource_type
        if route.request.url.startswith(f"{address}/"):
            route.continue_()
        else:
            route.abort()

    context = browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.route("**/*", answer)
    response = page.goto(f"{address}/{path}", wait_until="load")
    if response is None or not response.ok:
        raise FileNotFoundError(f"{folder}: no page at /{path}")
    page.wait_for_timeout(500)
    elements = page.locator("body *:not(svg *)").count()
    scripts = page.locator("script:not([type]), script[type=module]").count()
    icon = page.locator("link[rel~=icon]").first
    if icon.count():
        # A headless browser asks for none.
        asked.setdefault(icon.evaluate("link => link.href"), "image")
    urls = list(asked)
    page.evaluate(chromium.AXE.read_text("utf-8"))
    options = {"runOnly": {"type": "tag", "values": _WCAG}}
    broken = page.evaluate("options => axe.run(options)", options)["violations"]
    context.close()
    own = [url for url in urls if url.startswith(f"{address}/")]
    return Visit(
        len(urls),
        scripts,
        len(urls) - len(own),
        sum(_size(folder, url) for url in own),
        elements,
        len(broken),
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
    if starter.posts:
        _clone(starter, site)
        _replace_posts(starter, site)
        prepare_modules(site)
    else:
        write_corpus(site, starter.generator, POSTS, words=PARAGRAPH)
        settings = starter.settings.format(address=address)
        (site / _FILES[starter.generator]).write_text(settings, "utf-8")
        if starter.repository:
            _clone(starter, site / "themes" / "theme")
    made = build(starter.generator, site, output)
    subprocess.run(
        made.command, cwd=made.folder, env=made.environment(), check=True, stdout=sys.stderr
    )


def _clone(starter: Starter, folder: Path) -> None:
    """Put a folder of a repository, at the commit, into a folder that does not exist."""
    with tempfile.TemporaryDirectory() as clone:
        for words in (
            ["init", "-q"],
            ["remote", "add", "origin", starter.repository],
            # Files of other folders, which may be large, are not fetched.
            ["fetch", "-q", "--depth=1", "--filter=blob:none", "origin", starter.commit],
            ["checkout", "-q", "FETCH_HEAD", "--", starter.folder],
        ):
            git = ["git", "-C", clone, *words]
            subprocess.run(git, check=True)
        shutil.rmtree(Path(clone, ".git"))
        shutil.copytree(Path(clone, starter.folder), folder)


def _replace_posts(starter: Starter, site: Path) -> None:
    """Put the posts in place of those of a site, with the keys that its header has."""
    posts = site / starter.posts
    for path in posts.rglob("*.md*"):
        path.unlink()
    with tempfile.TemporaryDirectory() as corpus:
        write_corpus(Path(corpus), starter.generator, POSTS, words=PARAGRAPH)
        for post in Path(corpus, "content/fr/articles").iterdir():
            header, mark, body = post.read_text("utf-8").partition("\n---\n")
            for name, other in starter.header:
                header = header.replace(f"\n{name}: ", f"\n{other}: ")
            (posts / post.name).write_text(header + mark + body, "utf-8")


def main() -> None:
    """Print the table, and the versions that it was measured with."""
    generators = {starter.generator for starter in STARTERS}
    missing = install(generators)
    print(
        "| starter | home: requests | scripts | to other sites | bytes | elements "
        "| rules of WCAG broken | post: bytes | scripts | rules of WCAG broken |"
    )
    print("|" + " --- |" * 10)
    with chromium.launched() as browser, tempfile.TemporaryDirectory() as folder:
        ours = build_posts(Path(folder, "ours"))
        with chromium.served(ours) as address:
            _print(browser, "this site", ours, address, f"actualites/{_POST}/")
        for number, starter in enumerate(STARTERS):
            if starter.generator in missing:
                print(f"{starter.name}: {missing[starter.generator]}", file=sys.stderr)
                continue
            # Astro takes a folder whose name begins with that of the site for a part of it.
            output = Path(folder, f"output-{number}")
            output.mkdir()
            with chromium.served(output) as address:
                build_starter(starter, Path(folder, f"{number}"), output, address)
                _print(browser, starter.name, output, address, starter.post)
    commits = (f"{each.name} {each.commit[:7]}" for each in STARTERS if each.commit)
    print("\n" + ", ".join((*versions(generators), *commits)))


def _print(browser: Browser, name: str, folder: Path, address: str, post: str) -> None:
    home, other = visit(browser, folder, address), visit(browser, folder, address, post)
    figures = (
        home.requests,
        home.scripts,
        home.elsewhere,
        f"{home.size:,}",
        home.elements,
        home.broken_rules,
        f"{other.size:,}",
        other.scripts,
        other.broken_rules,
    )
    print(f"| {name} | {' | '.join(map(str, figures))} |", flush=True)


if __name__ == "__main__":
    main()
