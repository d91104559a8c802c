"""The nginx configuration of a published folder, to be included in nginx's `http` block.

It needs the module brotli_static (on Debian: libnginx-mod-http-brotli-static). Headers that depend
on the file come from a `map` and are all added at the server's level: nginx drops inherited ones
in a location that adds one of its own. The digests of the style sheets change with the site, so
the file is written anew for each publication, and nginx reads it again before the site is switched:
it allows those of the site of before as well.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from publishing import redirects, served_site
from publishing import response_headers as headers
from publishing.served_site import ServedSite


@dataclass(frozen=True)
class Listener:
    """Where nginx answers: `address` such as "443" or "127.0.0.1:8443", the names of the site.

    Without a certificate (paths of PEM files: the chain, the key) it speaks plain HTTP.
    """

    address: str
    names: tuple[str, ...]
    certificate: tuple[Path, Path] | None = None


def configuration(
    folder: Path,
    listener: Listener,
    root: Path | None = None,
    before: dict[str, str] | None = None,
) -> str:
    """The configuration for the site built in `folder`, which will stand at `root`.

    It suits the site of before, too: `before` is the path of each page -> its style
    sources. Raises ValueError for a name or a path that nginx would read as something else.
    """
    https = listener.certificate is not None
    for text in (*listener.names, listener.address, str(root or folder), *_paths(listener)):
        if re.search(r"[\s\"'\\;{}$]", text):
            raise ValueError(f"nginx cannot be given “{text}”: it has a space or a special sign")
    site = served_site.read(folder).allowing(before or {})
    lines = [
        *_maps(site, https=https),
        "",
        *_from_http(listener),
        "server {",
        *_indented(_listening(listener)),
        *_indented(_files(site, root or folder)),
        *_indented(_headers(https=https)),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _paths(listener: Listener) -> Iterable[str]:
    return map(str, listener.certificate or ())


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]


def _maps(site: ServedSite, *, https: bool) -> list[str]:
    """What depends on the address: an empty answer is none."""
    moved = {path: new for old, new in site.redirects.items() for path in redirects.spellings(old)}
    policies = {
        "~\\.html$": headers.page_policy("$site_styles", https=https),
        "~\\.svg$": headers.DRAWING_POLICY,
    }
    hidden = {f"~^{headers.WELL_KNOWN}": "", f"~{headers.HIDDEN}": "1"}
    not_found = {f"~^{place}": page for place, page in site.not_found.items() if place != "/"}
    caching = {f"~{headers.FINGERPRINTED}": headers.KEEP}
    sharing = {f"~{headers.SHARED}": headers.SHARED_POLICY}
    # nginx's own sizes are made for short addresses: a bucket must hold the longest.
    long_maps = (site.special_styles, moved)
    longest = max((len(path.encode()) for paths in long_maps for path in paths), default=0)
    return [
        f"map_hash_bucket_size {max(64, 1 << (longest + 32).bit_length())};",
        f"map_hash_max_size {max(2048, *(2 * len(paths) for paths in long_maps))};",
        *_map("site_moved", "", moved),
        # Looked up again for the page that tells what is not found.
        *_map("site_hidden", "", hidden, "volatile;"),
        *_map("site_not_found", site.not_found.get("/", "/404.html"), not_found),
        *_map("site_styles", site.usual_styles, site.special_styles),
        *_map("site_policy", headers.FILE_POLICY, policies),
        *_map("site_cache", headers.REVALIDATE, caching),
        *_map("site_sharing", headers.OWN_POLICY, sharing),
    ]


def _map(name: str, default: str, values: dict[str, str], *first: str) -> list[str]:
    pairs = [f'"{path}" "{value}";' for path, value in values.items()]
    return [f"map $uri ${name} {{", *_indented([*first, f'default "{default}";', *pairs]), "}"]


def _from_http(listener: Listener) -> list[str]:
    if listener.certificate is None or listener.address != "443":
        return []
    return [
        "server {",
        "    listen 80;",
        f"    server_name {' '.join(listener.names)};",
        "    return 301 https://$host$request_uri;",
        "}",
        "",
    ]


def _listening(listener: Listener) -> list[str]:
    lines = [f"server_name {' '.join(listener.names)};"]
    if listener.certificate is None:
        return [f"listen {listener.address};", *lines]
    chain, key = listener.certificate
    return [
        f"listen {listener.address} ssl http2;",
        *lines,
        f"ssl_certificate {chain};",
        f"ssl_certificate_key {key};",
        "ssl_protocols TLSv1.2 TLSv1.3;",
    ]


def _files(site: ServedSite, root: Path) -> list[str]:
    types = headers.TEXT_TYPES | headers.OTHER_TYPES
    lines = [
        f"root {root};",
        # A redirection to the folder keeps the port and the scheme that the visitor knows.
        "absolute_redirect off;",
        "server_tokens off;",
        "brotli_static on;",
        "gzip_static on;",
        "gzip_vary on;",
        "types {",
        *_indented(f"{kind} {ending};" for ending, kind in types.items()),
        "}",
        "default_type application/octet-stream;",
        "charset utf-8;",
        f"charset_types {' '.join([*headers.TEXT_TYPES.values(), headers.ATOM_TYPE][1:])};",
        # A folder without a page of its own is no address either.
        "error_page 403 404 =404 $site_not_found;",
        "if ($site_hidden) { return 404; }",
        "if ($site_moved) { return 301 $site_moved; }",
    ]
    # Inside, so that asked for by its own address the page is told by itself.
    lines += [f"location = {page} {{ internal; }}" for page in site.not_found.values()]
    for feed in site.feeds:
        lines += [
            f"location = {feed} {{",
            f"    types {{ }} default_type {headers.ATOM_TYPE};",
            "}",
        ]
    return lines


def _headers(*, https: bool) -> list[str]:
    values = headers.security(https=https) | {
        "Content-Security-Policy": "$site_policy",
        "Cross-Origin-Resource-Policy": "$site_sharing",
        "Cache-Control": "$site_cache",
    }
    return [f'add_header {name} "{value}" always;' for name, value in values.items()]
