"""What any web server has to be told of a built folder: read once, for each server's own file."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from publishing import redirects
from publishing import response_headers as headers

# No space, no quote, nothing that a server or a shell reads as more than a letter.
_PATH = re.compile(r"/(?!/|.*\.\.)[\w./~-]*")
_SITEMAP = re.compile(r"^Sitemap: (\S+)/sitemap\.xml$", re.MULTILINE)
_NEW_ADDRESS = re.compile(r"/(?!/|.*\.\.)[A-Za-z0-9_./~-]*(?:#[A-Za-z0-9_-]+)?")


@dataclass(frozen=True)
class ServedSite:
    """The pages' styles, the redirections, the pages for what is not found, the feeds.

    `styles` is the path of each page, such as "/en/index.html" -> its style sources; `redirects`
    are as `redirects.redirects` tells them; `not_found` is the part of the site -> its page.
    """

    styles: dict[str, str]
    redirects: dict[str, str]
    not_found: dict[str, str]
    feeds: tuple[str, ...]
    # The path below which the site stands, "" at the root of its domain; the paths are below it.
    base: str = ""

    @cached_property
    def usual_styles(self) -> str:
        """The style sources of most pages."""
        return Counter(self.styles.values()).most_common(1)[0][0] if self.styles else "'none'"

    @cached_property
    def special_styles(self) -> dict[str, str]:
        """The pages that have others: few, so that a large site's server file stays short."""
        return {path: each for path, each in self.styles.items() if each != self.usual_styles}

    def allowing(self, before: dict[str, str]) -> "ServedSite":
        """This site, where each page may use the styles of `before` at its address, too."""
        paths = dict.fromkeys([*self.styles, *before])
        sources = {path: [self.styles.get(path, ""), before.get(path, "")] for path in paths}
        return replace(self, styles={path: _together(each) for path, each in sources.items()})


def _together(sources: list[str]) -> str:
    """Lists of style sources in one; "'none'" is right only by itself (CSP3, 2.3.1)."""
    each = dict.fromkeys(" ".join(sources).split())
    return " ".join(source for source in each if source != "'none'") or "'none'"


def is_path(text: str) -> bool:
    """Whether a path is one that every server reads as a path."""
    return bool(_PATH.fullmatch(text))


def read(folder: Path) -> ServedSite:
    """Read a built folder.

    Raises ValueError for a path that some server would read as something else.
    """
    moved = redirects.redirects(folder)
    old_pages = {f"/{redirects.file_of(old)}" for old in moved}
    styles = {
        path: sources
        for path, sources in headers.page_styles(folder).items()
        if path not in old_pages
    }
    feeds = tuple(headers.atom_feeds(folder))
    for pattern, paths in ((_PATH, (*styles, *moved, *feeds)), (_NEW_ADDRESS, moved.values())):
        for path in paths:
            if not pattern.fullmatch(path):
                problem = "it has a space or a special sign"
                raise ValueError(f"no server file can name “{path}”: {problem}; rename it")
    return ServedSite(styles, moved, headers.not_found_pages(folder), feeds, base_of(folder))


def base_of(folder: Path) -> str:
    """The path below which a built folder will stand, such as "/blog", as its robots.txt says it.

    Raises ValueError for a path that some server would read as something else.
    """
    robots = folder / "robots.txt"
    told = _SITEMAP.search(robots.read_text("utf-8")) if robots.is_file() else None
    base = urlsplit(told[1]).path if told else ""
    if base and not _PATH.fullmatch(base):
        raise ValueError(f"no server file can name “{base}”: it has a space or a special sign")
    return base
