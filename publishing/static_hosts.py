"""The files `_headers` and `_redirects`, as Cloudflare Pages and Netlify read them.

Where several rules match, these hosts join the values of a header: each header is given by one
rule an address. Hence one policy for the whole site, which lists the digests of all its style
sheets; a policy a page would also need more rules than there may be.
"""

import re
from collections import defaultdict
from pathlib import Path
from urllib.parse import quote

from publishing import response_headers as headers
from publishing.served_site import ServedSite

# https://developers.cloudflare.com/pages/configuration/headers/ and .../redirects/
MOST_HEADER_RULES, LONGEST_HEADER = 100, 2000
MOST_REDIRECTS, LONGEST_REDIRECT = 2000, 1000


def headers_file(folder: Path, site: ServedSite) -> str:
    """The text of `_headers`. Raises ValueError where it goes over what the hosts read."""
    rules: dict[str, dict[str, str]] = defaultdict(dict)
    rules["/*"] = headers.security(https=True) | {"Content-Security-Policy": _policy(site)}
    for address in _top_addresses(folder, site):
        shared = re.search(headers.SHARED, address)
        policy = headers.SHARED_POLICY if shared else headers.OWN_POLICY
        rules[address]["Cross-Origin-Resource-Policy"] = policy
    for address in _kept(folder):
        rules[address]["Cache-Control"] = headers.KEEP
    for feed in site.feeds:
        rules[feed]["Content-Type"] = f"{headers.ATOM_TYPE}; charset=utf-8"
    lines = []
    for address, values in rules.items():
        lines += [address, *(f"  {name}: {value}" for name, value in values.items())]
    _refuse_more(lines, LONGEST_HEADER, len(rules), MOST_HEADER_RULES, "_headers")
    return "\n".join(lines) + "\n"


def _policy(site: ServedSite) -> str:
    sources = dict.fromkeys(
        source for styles in site.styles.values() for source in styles.split() if source != "'none'"
    )
    return headers.page_policy(" ".join(sources) or "'none'", https=True)


def _top_addresses(folder: Path, site: ServedSite) -> list[str]:
    """One address for each file and folder of the site's root, so that no two of them overlap."""
    old = {path.split("/")[1] for path in site.redirects}
    entries = sorted(entry for entry in folder.iterdir() if entry.name not in old)
    return ["/"] + [
        f"/{quote(entry.name)}/*" if entry.is_dir() else f"/{quote(entry.name)}"
        for entry in entries
        if not re.search(headers.HIDDEN, f"/{entry.name}") and entry.name != "index.html"
    ]


def _kept(folder: Path) -> list[str]:
    """The kinds of files of a folder whose names all bear a digest: “/images/*.avif”."""
    kinds: dict[str, bool] = {}
    for file in sorted(folder.glob("*/**/*.*")):
        if file.is_file():
            kind = f"/{quote(file.relative_to(folder).parts[0])}/*{quote(file.suffix)}"
            kinds[kind] = kinds.get(kind, True) and bool(
                re.search(headers.FINGERPRINTED, file.name)
            )
    return [kind for kind, is_kept in kinds.items() if is_kept]


def redirects_file(site: ServedSite) -> str:
    """The text of `_redirects`. Raises ValueError where it goes over what the hosts read."""
    moved = [
        f"{quote(path)} {new} 301"
        for old, new in site.redirects.items()
        for path in dict.fromkeys((old, old.rstrip("/")))
    ]
    _refuse_more(moved, LONGEST_REDIRECT, len(moved), MOST_REDIRECTS, "_redirects")
    # Cloudflare passes over these lines and looks for the nearest 404.html by itself.
    not_found = [f"{place}* {page} 404" for place, page in site.not_found.items() if place != "/"]
    return "\n".join([*moved, *not_found]) + "\n"


def _refuse_more(lines: list[str], longest: int, rules: int, most: int, name: str) -> None:
    if rules > most:
        raise ValueError(f"{name} would hold {rules} rules, and hosts read {most}")
    if line := next((line for line in lines if len(line) > longest), None):
        raise ValueError(f"{name} would hold a line of {len(line)} characters: “{line[:60]}…”")
