"""Take the screenshots of the README, docs/pages.md and docs/ecrire.md: `./inv pictures`.

The real content is built and shown by the Chromium and the serif font of this machine. An unchanged
page gives the same bytes.
"""

import sys
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from bench import writing_pictures
from engine.building import site
from engine.faults import FaultsError
from tests import chromium, writing_desk
from tests.browser.comparison import without_grain
from tests.system_parts import ensure

FOLDER = site.ROOT / "docs" / "pictures"
# In CSS pixels: a computer's window and a telephone's.
SIZES = {"wide": (1440, 960), "phone": (375, 812)}
# The width of the widest picture on GitHub, in pixels.
SHOWN = 1000


@dataclass(frozen=True)
class Shot:
    """A page to show: its address, or the target of the first link that `link` selects there."""

    name: str
    address: str
    link: str = ""
    opened: bool = False
    schemes: tuple[str, ...] = ("light",)


SHOTS = (
    Shot("home", "/", schemes=("light", "dark")),
    Shot("home-open", "/", opened=True),
    Shot("project", "/projets/", ".project-list h2 a", schemes=("light", "dark")),
    Shot("news", "/actualites/"),
    Shot("article", "/actualites/", ".dated-list a"),
    Shot("timeline", "/parcours/", schemes=("light", "dark")),
    Shot("topic", "/themes/", "main li a"),
    Shot("page", "/contact/"),
    Shot("not-found", "/404.html"),
)


def take(browser: Browser, address: str, shot: Shot, size: str) -> dict[str, Image.Image]:
    """Take a page in one size; return a picture by name for each colour scheme."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{address}{shot.address}")
    if shot.link:
        page.goto(address + page.locator(shot.link).first.get_attribute("href"))
    # The end of the page: once it is there, the page is complete.
    page.locator(".site-footer").wait_for()
    if shot.opened:
        page.locator("details").first.evaluate("details => details.open = true")
        page.locator(".project-list").evaluate("list => list.scrollIntoView()")
    chromium.show_fonts(page)
    taken = {}
    for scheme in shot.schemes:
        page.emulate_media(color_scheme=scheme)
        with Image.open(BytesIO(page.screenshot(animations="disabled"))) as image:
            taken[f"{shot.name}-{size}-{scheme}.webp"] = image.convert("RGB")
    context.close()
    return taken


def write(image: Image.Image, path: Path) -> None:
    """Write a picture, no wider than it is shown.

    A palette would not be smaller, and would lose colours of small areas, such as a strand's.
    """
    image.thumbnail((SHOWN, image.height), Image.Resampling.LANCZOS)
    without_grain(image).save(path, "WEBP", lossless=True, method=6)


def main() -> int:
    """Build the site into a temporary folder and replace every picture; return the exit code."""
    if missing := ensure(list(writing_desk.NEEDS)):
        print(*missing.values(), sep="\n", file=sys.stderr)
        return 1
    taken = {}
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "site")
        try:
            site.build(output=output)
        except FaultsError as error:
            print(error, file=sys.stderr)
            return 1
        with chromium.served(output) as address, chromium.launched() as browser:
            for shot in SHOTS:
                for size in SIZES:
                    taken |= take(browser, address, shot, size)
            taken |= writing_pictures.take(browser)
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.iterdir():
        if path.name not in taken:
            path.unlink()
    for name, image in taken.items():
        write(image, FOLDER / name)
    weight = sum(path.stat().st_size for path in FOLDER.iterdir())
    print(f"{len(taken)} pictures, {weight // 1000} kB, in {FOLDER.relative_to(site.ROOT)}")
    return 0
