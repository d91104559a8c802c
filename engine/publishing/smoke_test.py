"""Verify after a switch that the live site is the published one, by its own address."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException

from engine.faults import Message
from engine.settings.publication import PublicationSettings

# As engine/building/site.py names it.
VERSION_ADDRESS = "/version.txt"
_SECONDS = 15
_PAUSE = 0.5


def fetch(address: str) -> tuple[int, bytes]:
    """Return the status and the body of the response at an address. Raises OSError."""
    # A proxy's cache must not answer.
    request = urllib.request.Request(address, headers={"Cache-Control": "no-cache"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as response:  # noqa: S310
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def wait_until_live(
    settings: PublicationSettings,
    digest: str,
    home: bytes | None = None,
    ask: Callable[[str], tuple[int, bytes]] = fetch,
) -> Message | None:
    """Wait until the live site has the version that begins with `digest`; return the problem.

    Returns None on success, or the problem after `settings.patience` seconds. If `home` is given,
    the home page must have the same bytes: a change would break the digests of its policy.
    """
    end = time.monotonic() + settings.patience
    while True:
        problem = _problem(settings.site_address, digest, home, ask)
        if problem is None or time.monotonic() >= end:
            return problem
        time.sleep(_PAUSE)


def _problem(
    site: str, digest: str, home: bytes | None, ask: Callable[[str], tuple[int, bytes]]
) -> Message | None:
    version_file = f"{site}{VERSION_ADDRESS}"
    try:
        status, body = ask(version_file)
        if status != 200:
            return Message("{address} answers {status}", address=version_file, status=status)
        if not body.startswith(digest.encode()):
            told = body[:8].decode("ascii", "replace")
            return Message(
                "{address} shows the version {told}, not {expected}",
                address=version_file,
                told=told,
                expected=digest,
            )
        status, body = ask(f"{site}/")
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        return Message("{address} does not answer ({reason})", address=site, reason=reason)
    if status != 200:
        return Message("the home page answers {status}", status=status)
    if home is not None and body != home:
        return Message("the home page is not the one that was published")
    return None
