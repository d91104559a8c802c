"""What any web server has to be told of a built folder: read once, for each server's own file."""

import re
from dataclasses import dataclass
from pathlib import Path

from publishing import redirects
from publishing import response_headers as headers

# No space, no quote, nothing that a server or a shell reads as more than a letter.
_PATH = re.compile(r"/(?!/|.*\.\.)[\w./~-]*")
_NEW_ADDRESS = re.compile(r"/(?!/|.*\.\.)[A-Za-z0-9_./~-]*(?:#[A-Za-z0-9_-]+)?")


@dataclass(frozen=True)
class ServedSite:
    """The redirections, the pages for what is not found, the feeds.

    `redirects` are as `redirects.redirects` tells them; `not_found` is the part of the site -> its
    page; `hsts_preload` tells whether the domain asks for browsers' preload lists.
    """

    redirects: dict[str, str]
    not_found: dict[str, str]
    feeds: tuple[str, ...]
    hsts_preload: bool = False

    def security(self, *, https: bool) -> dict[str, str]:
        """The headers that are the same for every response."""
        return headers.security(https=https, hsts_preload=self.hsts_preload)


def read(folder: Path, *, hsts_preload: bool = False) -> ServedSite:
    """Read a built folder.

    Raises ValueError for a path that some server would read as something else.
    """
    moved = redirects.redirects(folder)
    not_found = headers.not_found_pages(folder)
    feeds = tuple(headers.atom_feeds(folder))
    named = (*moved, *not_found.values(), *feeds)
    for pattern, paths in ((_PATH, named), (_NEW_ADDRESS, moved.values())):
        for path in paths:
            if not pattern.fullmatch(path):
                problem = "it has a space or a special sign"
                raise ValueError(f"no server file can name “{path}”: {problem}; rename it")
    return ServedSite(moved, not_found, feeds, hsts_preload)
