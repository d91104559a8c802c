"""The files of the writing page: a fixed table, so that no path leads anywhere else."""

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
    """A file that the page is made of: its type and its bytes, read when it is asked for."""

    type: str
    read: Callable[[], bytes]


def static_files() -> dict[str, StaticFile]:
    """Every file by its address."""
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
    index = PAGE_FOLDER / "index.html"
    return files | {
        "/": StaticFile(_TYPES[".html"], index.read_bytes),
        _FONT: StaticFile("font/woff2", lambda: font),
    }


def _font() -> bytes:
    """The headings' font with the letters that French and English words can have."""
    letters = [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2040), 0x202F, 0x20AC]
    return display_font.subset(map(chr, letters)).data


def policy(preview: str) -> str:
    """The Content-Security-Policy of the page, which shows pages of the origin `preview`."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        f"img-src 'self' blob:; connect-src 'self'; frame-src {preview}; "
        f"{page_policy.CLOSED}; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
