"""What any web server has to be told of a built folder: read once, for each server's own file."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from engine.faults import Message, ProblemError
from engine.pages import redirects
from engine.pages.built_site import BuiltSite
from engine.serving import response_headers as headers

# No space, no quote, nothing that a server or a shell reads as more than a letter.
_PATH = re.compile(r"/(?!/|.*\.\.)[\w./~-]*")
_SITEMAP = re.compile(r"^Sitemap: (\S+)/sitemap\.xml$", re.MULTILINE)
_NEW_ADDRESS = re.compile(r"/(?!/|.*\.\.)[A-Za-z0-9_./~-]*(?:#[A-Za-z0-9_-]+)?")


@dataclass(frozen=True)
class ServedSite:
    """The redirections, the pages for what is not found, the feeds, the pages that search.

    `redirects` are as `redirects.redirects` tells them; `not_found` is the part of the site -> its
    page; `hsts_preload` tells whether the domain asks for browsers' preload lists.
    """

    redirects: dict[str, str]
    not_found: dict[str, str]
    feeds: tuple[str, ...]
    hsts_preload: bool = False
    searches: tuple[str, ...] = ()
    # The path below which the site stands, "" at the root of its domain; the paths are below it.
    base: str = ""

    def security(self, *, https: bool) -> dict[str, str]:
        """The headers that are the same for every response."""
        return headers.security(https=https, hsts_preload=self.hsts_preload)


def read_served_site(built: BuiltSite, *, hsts_preload: bool = False) -> ServedSite:
    """What servers are told of a built site.

    Raises ProblemError for a path that some server would read as something else.
    """
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
    """The path below which a built site will stand, such as "/blog", as its robots.txt says it.

    Raises ProblemError for a path that some server would read as something else.
    """
    robots = built.files.get("robots.txt")
    told = _SITEMAP.search(robots.text) if robots else None
    base = urlsplit(told[1]).path if told else ""
    if base and not _PATH.fullmatch(base):
        raise _special_character(base, Message("give the site another address"))
    return base


def _special_character(path: str, remedy: Message) -> ProblemError:
    problem = Message(
        "no server file can name “{path}”: it has a space or a special character", path=path
    )
    return ProblemError(problem, remedy)
