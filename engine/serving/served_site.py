"""Read from a built folder the data that every server's configuration needs."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from engine.faults import Message, ProblemError
from engine.pages import redirects
from engine.pages.built_site import BuiltSite
from engine.serving import response_headers as headers

# No space, no quote, no character special to a server or a shell.
_PATH = re.compile(r"/(?!/|.*\.\.)[\w./~-]*")
_SITEMAP = re.compile(r"^Sitemap: (\S+)/sitemap\.xml$", re.MULTILINE)
_NEW_ADDRESS = re.compile(r"/(?!/|.*\.\.)[A-Za-z0-9_./~-]*(?:#[A-Za-z0-9_-]+)?")


@dataclass(frozen=True)
class ServedSite:
    """The redirections, the 404 pages, the feeds and the search pages of a site.

    `redirects` comes from `redirects.redirects`; `not_found` maps a part of the site to its 404
    page; `hsts_preload` means that the domain may be put on browsers' preload lists.
    """

    redirects: dict[str, str]
    not_found: dict[str, str]
    feeds: tuple[str, ...]
    hsts_preload: bool = False
    searches: tuple[str, ...] = ()
    # The path of the site, "" at the root of its domain. The other paths are relative to it.
    base: str = ""

    def security(self, *, https: bool) -> dict[str, str]:
        """Return the headers of every response."""
        return headers.security(https=https, hsts_preload=self.hsts_preload)


def read_served_site(built: BuiltSite, *, hsts_preload: bool = False) -> ServedSite:
    """Read a built site. Raises ProblemError for a path with a character special to a server."""
    moved = redirects.redirects(built)
    not_found = headers.not_found_pages(built)
    feeds = tuple(headers.atom_feeds(built))
    searches = tuple(headers.search_pages(built))
    named = (*moved, *not_found.values(), *feeds, *searches)
    for pattern, paths in ((_PATH, named), (_NEW_ADDRESS, moved.values())):
        for path in paths:
            if not pattern.fullmatch(path):
                raise _special_character(path, Message("rename it"))
    return ServedSite(moved, not_found, feeds, hsts_preload, searches, base_of(built))


def base_of(built: BuiltSite) -> str:
    """Return the path of a built site, such as "/blog", from its robots.txt.

    Raises ProblemError for a path with a character special to a server.
    """
    robots = built.files.get("robots.txt")
    found = _SITEMAP.search(robots.text) if robots else None
    base = urlsplit(found[1]).path if found else ""
    if base and not _PATH.fullmatch(base):
        raise _special_character(base, Message("give the site another address"))
    return base


def _special_character(path: str, remedy: Message) -> ProblemError:
    problem = Message(
        "no server file can name “{path}”: it has a space or a special character", path=path
    )
    return ProblemError(problem, remedy)
