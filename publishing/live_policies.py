"""Ask the live site whether it lets the pages to come use their style sheets.

nginx and Caddy answer with the Content-Security-Policy of a configuration that stands beside the
site: one that was not loaded again would leave the new pages without styles.
"""

import re
import urllib.error
import urllib.request
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from urllib.parse import quote

from plugins.faults import Fault
from publishing import changes, served_site
from publishing.manifest import Manifest
from publishing.settings import Settings

_AT_ONCE = 4
_SECONDS = 15
_REMEDY = (
    "call `./inv server-files`, put the file of .servers/ on the server, let it be read "
    "(`nginx -s reload` or `caddy reload`), then publish again"
)


def allows(policy: str, sources: str) -> bool:
    """Whether a Content-Security-Policy lets a page use these style sources ("'sha256-…' …")."""
    for directives in re.findall(r"(?:^|;)\s*style-src\s+([^;,]*)", policy):
        return sources == "'none'" or set(sources.split()) <= set(directives.split())
    return not policy or sources == "'none'"


def refusals(
    settings: Settings, built: Path, wanted: Manifest, live: Manifest, *, new: bool = False
) -> list[Fault]:
    """Why the live server would not let pages of the site in `built` use their styles.

    Asked for are the pages that differ from those of the manifest `live`, or, if `new`, those that
    it does not hold: a server answers with a page's policy only where there is a page.
    """
    if settings.server == "apache":  # which reads them from the release
        return []
    styles = served_site.read(built).styles
    pages = [
        path
        for path in styles
        if (path[1:] not in live if new else live.get(path[1:], "") not in ("", wanted[path[1:]]))
    ]
    try:
        lacking = _lacking(settings.site_address, {path: styles[path] for path in pages})
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        problem = f"it cannot be asked which style sheets it allows ({reason})"
        remedy = "look at the web server, or call `invoke doctor`"
        return [Fault(settings.site_address, None, "style-src", problem, remedy)]
    if not lacking:
        return []
    shown = ", ".join(lacking[:3]) + (" …" if len(lacking) > 3 else "")
    problem = f"{settings.server} does not allow the new style sheets yet ({shown})"
    return [Fault(settings.site_address, None, "style-src", problem, _REMEDY)]


def _lacking(site: str, styles: dict[str, str]) -> list[str]:
    """The addresses whose live policy does not allow their new styles. Raises OSError."""
    addresses = [changes.address(path[1:]) for path in styles]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        policies = list(pool.map(_policy, (f"{site}{quote(each)}" for each in addresses)))
    asked: Iterable = zip(addresses, policies, styles.values(), strict=True)
    return [address for address, policy, sources in asked if not allows(policy, sources)]


def _policy(address: str) -> str:
    headers = {"Cache-Control": "no-cache"}
    request = urllib.request.Request(address, headers=headers, method="HEAD")  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as response:  # noqa: S310
            return response.headers.get("Content-Security-Policy", "")
    except urllib.error.HTTPError as error:
        # The page that tells what is not found has a policy, too.
        with error:
            return error.headers.get("Content-Security-Policy", "")
