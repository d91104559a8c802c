"""The Chromium of this machine, and a folder served to it."""

import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.sax.saxutils import escape

import axe_playwright_python
import fontpkg_arimo
import fontpkg_pt_serif
from playwright.sync_api import Browser, BrowserType, Page, expect, sync_playwright

from tests.system_parts import PARTS

# The script of axe-core.
AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js"))
# The metrics of Arial, and a serif for the texts.
FONT_FOLDERS = (fontpkg_arimo.ROOT / "files", fontpkg_pt_serif.ROOT / "files")
_FONT_SETTINGS = Path(__file__).resolve().parent / "fonts.conf"
# `font-display: optional` leaves out a font that comes late, as it may on a busy machine; a face
# that a script adds has no time limit.
_SHOW_FONTS = """async () => {
    for (const link of document.querySelectorAll("link[rel=preload][as=font]")) {
        const face = new FontFace("Bricolage", `url(${link.href})`, {weight: "700"});
        document.fonts.add(await face.load());
    }
    await document.fonts.ready;
}"""
# Milliseconds until what is expected must be seen, far above what the slowest takes: a build, a
# publication on a busy machine.
PATIENCE = 150_000
expect.set_options(timeout=PATIENCE)
# Chromium asks its maker's servers for news at each start unless it is told not to.
_ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    # The shell rounds the widths of letters to pixels otherwise, unlike Chromium with a window.
    "--font-render-hinting=none",
    "--no-first-run",
    "--no-sandbox",
]


@contextmanager
def launched(*arguments: str, path: str | None = None) -> Iterator[Browser]:
    """A headless Chromium, with more arguments or from another path if they are given.

    Raises playwright's Error if there is none.
    """
    with (
        sync_playwright() as playwright,
        launched_with_fonts(playwright.chromium, FONT_FOLDERS, *arguments, path=path) as browser,
    ):
        yield browser


@contextmanager
def launched_with_fonts(
    chromium: BrowserType, folders: Sequence[Path], *arguments: str, path: str | None = None
) -> Iterator[Browser]:
    """A headless Chromium that sees the fonts of some folders only, as `launched` gives one.

    A process has one driver: a second browser comes from the first one's `browser_type`.
    """
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder, "fonts.conf")
        settings.write_text(
            _FONT_SETTINGS.read_text("utf-8").format(
                folders="".join(f"<dir>{escape(str(each))}</dir>" for each in folders),
                cache=escape(str(Path(folder, "cache"))),
            ),
            "utf-8",
        )
        browser = chromium.launch(
            executable_path=path or PARTS["chromium"].find(),
            args=[*_ARGUMENTS, *arguments],
            env={**os.environ, "FONTCONFIG_FILE": str(settings)},
        )
        try:
            yield browser
        finally:
            browser.close()


def asks_for_icons() -> bool:
    """Whether the browser asks for the icon of a page: the shell has no place to show it."""
    return "headless-shell" not in PARTS["chromium"].find()


def show_fonts(page: Page) -> None:
    """Show the headings of an open page in their font, however late it came."""
    page.evaluate(_SHOW_FONTS)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder while it is served on this machine, without a slash at its end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, *_args):
        pass
