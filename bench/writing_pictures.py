"""Screenshots of the writing page that docs/ecrire.md shows, on the site of the tests.

Those that show the time of a version or of a release are others at each run.
"""

import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect

from tests import writing_desk

# In CSS pixels.
_SIZES = {"wide": (1440, 900), "phone": (390, 844)}
# The folder of the site would be another at each run.
_WITHOUT_FOLDER = """folder => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const text = texts.currentNode;
        text.data = text.data.replace(/\\w+@127\\.0\\.0\\.1/, "odile@ssh.example.org")
            .replaceAll(folder, "/srv");
    }
}"""
# Those that are shown in all sizes and schemes; the others are shown wide, light and small.
_IN_FULL = ("list", "text")
_SMALL = 640


def take(browser: Browser) -> dict[str, Image.Image]:
    """Return a picture by name for each state of the page."""
    taken = {}
    with tempfile.TemporaryDirectory() as folder, writing_desk.desk(Path(folder)) as desk:
        for name, show in writing_desk.STATES.items():
            for size, (width, height) in _SIZES.items():
                if size != "wide" and name not in _IN_FULL:
                    continue
                viewport = {"width": width, "height": height}
                with writing_desk.opened(browser, desk, viewport=viewport) as page:
                    show(page, desk)
                    # What is told for some seconds.
                    expect(page.locator("#status")).to_be_empty(timeout=20_000)
                    page.evaluate(_WITHOUT_FOLDER, folder)
                    for scheme in ("light", "dark") if name in _IN_FULL else ("light",):
                        page.emulate_media(color_scheme=scheme)
                        with Image.open(BytesIO(page.screenshot(animations="disabled"))) as image:
                            picture = image.convert("RGB")
                        if name not in _IN_FULL:
                            picture.thumbnail((_SMALL, height), Image.Resampling.LANCZOS)
                        taken[f"writing-{name}-{size}-{scheme}.webp"] = picture
    return taken
