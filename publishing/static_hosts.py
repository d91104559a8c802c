"""The files `_headers` and `_redirects`, as Cloudflare Pages and Netlify read them.

Where several rules match, these hosts join the values of a header by a comma, and a policy of two
is none to some readers: a header that differs comes from one rule an address. So each part of the
site has a policy, which names the style sheets of all its pages; a rule a page would be more than
these hosts read. An address of no part is answered without a policy.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from publishing import response_headers as headers
from publishing.served_site import ServedSite

# https://developers.cloudflare.com/pages/configuration/headers/ and .../redirects/
MOST_HEADER_RULES, LONGEST_HEADER = 100, 2000
MOST_REDIRECTS, LONGEST_REDIRECT = 2000, 1000
_POLICY = "Content-Security-Policy"


def headers_file(folder: Path, site: ServedSite) -> str:
    """The text of `_headers`. Raises ValueError where it goes over what the hosts read."""
    rules: dict[str, dict[str, str]] = defaultdict(dict)
    rules["/*"] = headers.security(https=True)
    for address in _top_addresses(folder, site):
        shared = re.search(headers.SHARED, address)
        policy = headers.SHARED_POLICY if shared else headers.OWN_POLICY
        rules[address]["Cross-Origin-Resource-Policy"] = policy
        if not any(path.startswith(address.removesuffix("*")) for path in site.styles):
            rules[address][_POLICY] = headers.FILE_POLICY
    for address, policy in _policies(site, "/", site.styles):
        rules[address][_POLICY] = policy
    for address in _kept(folder):
        rules[address]["Cache-Control"] = headers.KEEP
    for feed in site.feeds:
        rules[feed]["Content-Type"] = f"{headers.ATOM_TYPE}; charset=utf-8"
    lines = []
    for address, values in rules.items():
        lines += [
            quote(site.base + address, safe="/*"),
            *(f"  {name}: {each}" for name, each in values.items()),
        ]
    _refuse_more(lines, LONGEST_HEADER, len(rules), MOST_HEADER_RULES, "_headers")
    return "\n".join(lines) + "\n"


def _policies(site: ServedSite, place: str, pages: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The policy of each part of the site, as large as one line can name the style sheets of.

    `pages` are those below `place`, with their style sources. The page for what is not found
    answers everywhere.
    """
    told = [site.styles[page] for page in site.not_found.values()]
    policy = _policy([*pages.values(), *told])
    if place != "/" and len(policy) + len(_POLICY) + 4 <= LONGEST_HEADER:
        yield f"{place}*", policy
        return
    parts: dict[str, dict[str, str]] = defaultdict(dict)
    for path, styles in pages.items():
        name, slash, _rest = path.removeprefix(place).partition("/")
        parts[f"{place}{name}{slash}"][path] = styles
    for part, below in parts.items():
        if part.endswith("/"):
            yield from _policies(site, part, below)
        else:
            yield part.removesuffix("index.html"), _policy(below.values())


def _policy(styles: Iterable[str]) -> str:
    sources = dict.fromkeys(source for each in styles for source in each.split())
    named = " ".join(source for source in sources if source != "'none'")
    return headers.page_policy(named or "'none'", https=True)


def _top_addresses(folder: Path, site: ServedSite) -> list[str]:
    """One address for each file and folder of the site's root, so that no two of them overlap."""
    old = {path.split("/")[1] for path in site.redirects}
    entries = sorted(entry for entry in folder.iterdir() if entry.name not in old)
    return ["/"] + [
        f"/{entry.name}/*" if entry.is_dir() else f"/{entry.name}"
        for entry in entries
        if not re.search(headers.HIDDEN, f"/{entry.name}") and entry.name != "index.html"
    ]


def _kept(folder: Path) -> list[str]:
    """The kinds of files of a folder whose names all bear a digest: “/images/*.avif”."""
    kinds: dict[str, bool] = {}
    for file in sorted(folder.glob("*/**/*.*")):
        if file.is_file():
            kind = f"/{file.relative_to(folder).parts[0]}/*{file.suffix}"
            kinds[kind] = kinds.get(kind, True) and bool(
                re.search(headers.FINGERPRINTED, file.name)
            )
    return [kind for kind, is_kept in kinds.items() if is_kept]


def redirects_file(site: ServedSite) -> str:
    """The text of `_redirects`. Raises ValueError where it goes over what the hosts read."""
    moved = [
        f"{quote(site.base + path)} {new} 301"
        for old, new in site.redirects.items()
        for path in dict.fromkeys((old, old.rstrip("/")))
    ]
    _refuse_more(moved, LONGEST_REDIRECT, len(moved), MOST_REDIRECTS, "_redirects")
    # Cloudflare passes over these lines and looks for the nearest 404.html by itself.
    not_found = [
        f"{site.base}{place}* {site.base}{page} 404"
        for place, page in site.not_found.items()
        if place != "/"
    ]
    return "\n".join([*moved, *not_found]) + "\n"


def _refuse_more(lines: list[str], longest: int, rules: int, most: int, name: str) -> None:
    if rules > most:
        raise ValueError(f"{name} would hold {rules} rules, and hosts read {most}")
    if line := next((line for line in lines if len(line) > longest), None):
        raise ValueError(f"{name} would hold a line of {len(line)} characters: “{line[:60]}…”")
