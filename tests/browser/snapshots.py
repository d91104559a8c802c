"""Pictures of each kind of page, kept in snapshots/ and compared with what Chromium draws now.

They show content made for tests, in the fonts of the tests, without hyphens: whatever the owner
writes and whichever fonts a machine has, they stay the same. They are stored at half
their size, where a strand of a telephone's ribbon is four pixels wide.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests import chromium, other_sites, sample_content, sites
from tests.browser.comparison import difference, without_grain
from tests.system_parts import ensure

FOLDER = Path(__file__).resolve().parent / "snapshots"
# What a failed comparison writes: the page as it is, and where it differs.
REPORT = sites.ROOT / ".snapshots"
ACCEPT = "./inv test --accept-snapshots"
WIDTHS = (320, 768, 1440)
SCHEMES = ("light", "dark")
PAGES = {
    "home": ("/", "/en/"),
    "home-open": ("/", "/en/"),
    "project": ("/projets/cantine/", "/en/projects/cantine/"),
    "article": ("/actualites/bail/", "/en/news/bail/"),
    "news": ("/actualites/", "/en/news/"),
    "timeline": ("/parcours/", "/en/timeline/"),
    "not-found": ("/404.html", "/en/404.html"),
    "topic": ("/themes/cooperation/", "/en/topics/cooperation/"),
    "page": ("/a-propos/", "/en/about/"),
    "plan": ("/plan-du-site/", "/en/sitemap/"),
    "search": ("/recherche/?q=cantine", "/en/search/?q=canteen"),
}
LANGUAGES = ("fr", "en")
# Pages of other people's sites: the site, the language, the address.
OTHER_PAGES = {
    "six-projects-home": ("projects alone", "fr", "/"),
    "six-projects-timeline": ("projects alone", "fr", "/parcours/"),
    "forty-news-home": ("much news", "en", "/en/"),
}

# Words are cut by another dictionary on each machine, or by none.
_STEADY = "*{hyphens:manual!important}"
_LOADED = """async () => {
  for (const image of document.images) { image.loading = "eager"; await image.decode(); }
}"""


@dataclass(frozen=True)
class Snapshot:
    """A picture of a page, at half its size, and the name of its file."""

    name: str
    image: Image.Image

    def change(self) -> str:
        """How it differs from the one that is kept, "" where it does not; written into REPORT."""
        kept = FOLDER / self.name
        if not kept.is_file():
            self._report("actual", self.image)
            return f"{self.name}: there is no such snapshot yet"
        with Image.open(kept) as file:
            found = difference(file.convert("RGB"), self.image)
        if not found:
            return ""
        self._report("actual", self.image)
        if found.places:
            self._report("difference", found.places)
        return f"{self.name}: {found.words}"

    def keep(self) -> None:
        """Write it in the place of the one that is kept."""
        _save(self.image, FOLDER / self.name)

    def _report(self, what: str, image: Image.Image) -> None:
        _save(image, REPORT / f"{Path(self.name).stem}.{what}.webp")


def _save(image: Image.Image, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    image.save(path, "WEBP", lossless=True, method=4)


def build(folder: Path, other_site: str = "") -> sites.Site:
    """Build the sample site, or one of `other_sites.SITES`, below an empty folder."""
    content = folder / "content"
    if other_site:
        other_sites.write_site(other_site, content)
    else:
        sites.write(content, sample_content.whole_site())
    built = sites.build(content, folder / "output")
    if built.code:
        raise RuntimeError(built.complaints)
    return built.site


def take(browser: Browser, address: str, kind: str, language: str) -> Iterator[Snapshot]:
    """The snapshots of a kind of page, in every width and colour scheme."""
    path = OTHER_PAGES[kind][2] if kind in OTHER_PAGES else PAGES[kind][LANGUAGES.index(language)]
    for width in WIDTHS:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, reduced_motion="reduce", bypass_csp=True
        )
        page = context.new_page()
        page.goto(f"{address}{path}")
        page.add_style_tag(content=_STEADY)
        # The last of the page: without it, it is not there yet.
        page.locator(".site-footer").wait_for()
        if kind == "home-open":
            page.locator("details").first.evaluate("details => details.open = true")
        if kind == "search":
            page.locator(".search-status:not(:empty)").wait_for()
            page.locator(".passage:not(:empty)").first.wait_for()
        chromium.show_fonts(page)
        page.evaluate(_LOADED)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            png = page.screenshot(full_page=True, animations="disabled")
            with Image.open(BytesIO(png)) as image:
                half = without_grain(image.convert("RGB").reduce(2))
            yield Snapshot(f"{kind}-{language}-{width}-{scheme}.webp", half)
        context.close()


def _accept(snapshots: Iterator[Snapshot]) -> Iterator[str]:
    """Keep those snapshots that differ; the names of all."""
    for snapshot in snapshots:
        if said := snapshot.change():
            snapshot.keep()
            print(f"accepted: {said}", flush=True)
        yield snapshot.name


def accept() -> int:
    """Keep the pages as they look now; only what differs is written. The exit code is 0 or 1."""
    if missing := ensure(["chromium"]):
        print(*missing.values(), sep="\n", file=sys.stderr)
        return 1
    pages = {"": [*product(PAGES, LANGUAGES)]}
    for kind, (site, language, _path) in OTHER_PAGES.items():
        pages.setdefault(site, []).append((kind, language))
    names = set()
    with chromium.launched() as browser:
        for site, shown in pages.items():
            with (
                tempfile.TemporaryDirectory() as folder,
                chromium.served(build(Path(folder), site).folder) as address,
            ):
                for kind, language in shown:
                    names |= set(_accept(take(browser, address, kind, language)))
    for path in FOLDER.glob("*.webp"):
        if path.name not in names:
            path.unlink()
            print(f"removed: {path.name}")
    shutil.rmtree(REPORT, ignore_errors=True)
    print(f"{len(names)} snapshots in {FOLDER.relative_to(sites.ROOT)}")
    return 0
