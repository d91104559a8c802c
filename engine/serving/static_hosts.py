"""Write the files `_headers` and `_redirects` for Cloudflare Pages and Netlify.

If several rules match an address, these hosts join the values of a header by a comma, which not
every browser accepts in a policy. So a header whose value depends on the address must come from
one rule: each entry of the site's root has its own. Other addresses get the 404 page without a
policy header; the page holds its own.
"""

import re
from collections import defaultdict
from urllib.parse import quote

from engine.exports import vcard
from engine.faults import Message, ProblemError
from engine.pages import redirects
from engine.pages.built_site import BuiltSite
from engine.serving import response_headers as headers
from engine.serving.served_site import ServedSite

# https://developers.cloudflare.com/pages/configuration/headers/ and .../redirects/
MAX_HEADER_RULES, MAX_HEADER_LINE = 100, 2000
MAX_REDIRECTS, MAX_REDIRECT_LINE = 2000, 1000


def headers_file(built: BuiltSite, site: ServedSite) -> str:
    """Return the text of `_headers`. Raises ProblemError if it exceeds the limits of the hosts."""
    rules: dict[str, dict[str, str]] = defaultdict(dict)
    rules["/*"] = site.security(https=True)
    for address, has_pages in _top_addresses(built, site).items():
        shared = re.search(headers.SHARED, address)
        policy = headers.SHARED_POLICY if shared else headers.OWN_POLICY
        rules[address]["Cross-Origin-Resource-Policy"] = policy
        searches = address.removesuffix("*") in site.searches
        of_page = headers.html_policy(https=True, searches=searches)
        rules[address]["Content-Security-Policy"] = of_page if has_pages else headers.FILE_POLICY
    for address in _fingerprinted_patterns(built):
        rules[address]["Cache-Control"] = headers.IMMUTABLE
    for feed in site.feeds:
        rules[feed]["Content-Type"] = f"{headers.ATOM_TYPE}; charset=utf-8"
    if vcard.FILE in built.files:
        kind = headers.TEXT_TYPES["vcf"]
        rules[f"/{vcard.FILE}"]["Content-Type"] = f"{kind}; charset=utf-8"
    named = dict.fromkeys(name for values in rules.values() for name in values)
    purposes = headers.PURPOSES | {"Content-Type": "The type that the ending may not tell."}
    lines = ["# Written anew at each publication: see engine/serving/static_hosts.py."]
    lines += [f"# {name}: {purposes[name]}" for name in named]
    lines += [
        "# A rule for every address, then one for each entry of the site's root; the host joins",
        "# the values of all that match.",
    ]
    for address, values in rules.items():
        lines += [quote(site.base) + address]
        lines += [f"  {name}: {each}" for name, each in values.items()]
    _check_limits(lines, MAX_HEADER_LINE, len(rules), MAX_HEADER_RULES, "_headers")
    return "\n".join(lines) + "\n"


def _top_addresses(built: BuiltSite, site: ServedSite) -> dict[str, bool]:
    """Map an address for each file and folder of the site's root to whether it holds pages.

    The addresses do not overlap: a folder that holds a search page, which has its own policy, gives
    an address for each of its entries. Entries with only redirecting pages are left out: they need
    no header, and their number may exceed the limits of the hosts.
    """
    old = {redirects.file_of(address) for address in site.redirects}
    opened = {search.split("/")[1] for search in site.searches if search.count("/") > 2}
    addresses = {"/": True}
    for file in built:
        parts = file.path.split("/")
        depth = 2 if parts[0] in opened else 1
        is_hidden = re.search(headers.HIDDEN, f"/{parts[0]}")
        if file.path not in old and not is_hidden:
            names = ["" if name == "index.html" else quote(name) for name in parts[:depth]]
            address = f"/{'/'.join(names)}{'/*' if len(parts) > depth else ''}"
            addresses[address] = addresses.get(address, False) or file.suffix == ".html"
    return addresses


def _fingerprinted_patterns(built: BuiltSite) -> list[str]:
    """Return the patterns whose files all have a digest in their names: “/images/*.avif”."""
    kinds: dict[str, bool] = {}
    for file in built:
        folder, slash, _rest = file.path.partition("/")
        if slash and "." in file.place.name:
            kind = f"/{quote(folder)}/*{quote(file.suffix)}"
            is_kept = bool(re.search(headers.FINGERPRINTED, file.place.name))
            kinds[kind] = kinds.get(kind, True) and is_kept
    return [kind for kind, is_kept in kinds.items() if is_kept]


def redirects_file(site: ServedSite) -> str:
    """Return the text of `_redirects`. Raises ProblemError if it exceeds the hosts' limits."""
    moved = [
        f"{quote(site.base + path)} {new} 301"
        for old, new in site.redirects.items()
        for path in dict.fromkeys((old, old.rstrip("/")))
    ]
    _check_limits(moved, MAX_REDIRECT_LINE, len(moved), MAX_REDIRECTS, "_redirects")
    # Cloudflare ignores these lines and sends the nearest 404.html.
    not_found = [
        f"{site.base}{place}* {site.base}{page} 404"
        for place, page in site.not_found.items()
        if place != "/"
    ]
    lines = ["# Old addresses lead to the new ones.", *moved] if moved else []
    if not_found:
        lines += ["# The page for what is not found, in the language of the address.", *not_found]
    return "\n".join(lines) + "\n"


def _check_limits(lines: list[str], max_length: int, rules: int, max_rules: int, name: str) -> None:
    remedy = Message("shorten what it holds, or report it to the site's developers")
    if rules > max_rules:
        problem = Message(
            "{file} would hold {rules} rules, and hosts read {limit}",
            file=name,
            rules=rules,
            limit=max_rules,
        )
        raise ProblemError(problem, remedy)
    if line := next((line for line in lines if len(line) > max_length), None):
        problem = Message(
            "{file} would hold a line of {length} characters: “{start}…”",
            file=name,
            length=len(line),
            start=line[:60],
        )
        raise ProblemError(problem, remedy)
