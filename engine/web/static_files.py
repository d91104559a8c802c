"""Serve the files of the writing page from a fixed table: no request is a path of this machine."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.building import display_font
from engine.pages import page_policy
from engine.paths import ROOT

PAGE_FOLDER = Path(__file__).parent / "page"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
_STYLES = ("tokens", "base", "fonts", "modes")
_FONT = "/theme/fonts/bricolage.woff2"


@dataclass(frozen=True)
class StaticFile:
    """A file of the page: its type, and a function that reads its bytes."""

    type: str
    read: Callable[[], bytes]


def static_files() -> dict[str, StaticFile]:
    """Return every file by its address."""
    files = {
        f"/page/{path.name}": StaticFile(_TYPES[path.suffix], path.read_bytes)
        for path in sorted(PAGE_FOLDER.glob("*.*"))
        if path.suffix in _TYPES
    }
    styles = ROOT / "theme/static/css"
    files |= {
        f"/theme/css/{name}.css": StaticFile(_TYPES[".css"], (styles / f"{name}.css").read_bytes)
        for name in _STYLES
    }
    font = _font()
    index, icon = PAGE_FOLDER / "index.html", ROOT / "theme/static/favicon.svg"
    return files | {
        "/": StaticFile(_TYPES[".html"], index.read_bytes),
        # Where a browser looks for an icon; it reads the type, not the name.
        "/favicon.ico": StaticFile(_TYPES[".svg"], icon.read_bytes),
        _FONT: StaticFile("font/woff2", lambda: font),
    }


def _font() -> bytes:
    """Make the headings' font with the letters of French and English."""
    letters = [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2040), 0x202F, 0x20AC]
    return display_font.subset(map(chr, letters)).data


def policy(preview: str) -> str:
    """Return the policy of the page, which shows frames of the origin `preview`."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        f"img-src 'self' blob:; connect-src 'self'; frame-src {preview}; "
        f"{page_policy.CLOSED}; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
