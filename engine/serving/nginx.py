"""Write the nginx configuration of a published folder, to include in the `http` block.

It needs the module brotli_static (on Debian: libnginx-mod-http-brotli-static). Headers that depend
on the file come from a `map` and are all added in the `server` block: a `location` that adds a
header inherits none (https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from engine.faults import Message, ProblemError
from engine.pages import redirects
from engine.serving import response_headers as headers
from engine.serving.served_site import ServedSite


@dataclass(frozen=True)
class Listener:
    """The address, such as "443" or "127.0.0.1:8443", and the names that nginx answers to.

    A port alone means IPv4 and IPv6. `certificate` is the paths of two PEM files, the chain and the
    key; without it nginx answers plain HTTP. `is_old` means nginx before 1.25.1: HTTP/2 is then a
    parameter of `listen`, of which later versions warn, and not the directive `http2`.
    """

    address: str
    names: tuple[str, ...]
    certificate: tuple[Path, Path] | None = None
    is_old: bool = False


def configuration(site: ServedSite, root: Path, listener: Listener) -> str:
    """Return the configuration for a site in the folder `root`.

    Raises ProblemError for a name or a path with a character special to nginx.
    """
    https = listener.certificate is not None
    for text in (*listener.names, listener.address, str(root), *_paths(listener)):
        if re.search(r"[\s\"'\\;{}$]", text):
            raise ProblemError(
                Message(
                    "nginx cannot be given “{text}”: it has a space or a special character",
                    text=text,
                ),
                Message("use another name"),
            )
    lines = [
        "# Written by `./inv server-files` (engine/serving/nginx.py).",
        *_maps(site, https=https),
        "",
        *_from_http(listener),
        "# The site itself.",
        "server {",
        *_indented(_listening(listener)),
        *_indented(_files(site, root)),
        *_indented(_headers(site, https=https)),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _paths(listener: Listener) -> Iterable[str]:
    return map(str, listener.certificate or ())


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]


def _maps(site: ServedSite, *, https: bool) -> list[str]:
    """Return the maps from addresses to headers and redirections; "" means none."""
    moved = {path: new for old, new in site.redirects.items() for path in redirects.spellings(old)}
    searching = headers.html_policy(https=https, searches=True)
    policies = {f"{search}index.html": searching for search in site.searches}
    policies |= {"~\\.html$": headers.html_policy(https=https), "~\\.svg$": headers.DRAWING_POLICY}
    hidden = {f"~^{headers.WELL_KNOWN}": "", f"~{headers.HIDDEN}": "1"}
    not_found = {f"~^{place}": page for place, page in site.not_found.items() if place != "/"}
    caching = {f"~{headers.FINGERPRINTED}": headers.IMMUTABLE}
    sharing = {f"~{headers.SHARED}": headers.SHARED_POLICY}
    # A bucket must hold the longest address; nginx's default is too small for long ones.
    longest = max((len(path.encode()) for path in moved), default=0)
    return [
        "",
        "# Room for the longest address of the maps, and for all of them.",
        f"map_hash_bucket_size {max(64, 1 << (longest + 32).bit_length())};",
        f"map_hash_max_size {max(2048, 2 * len(moved))};",
        *_map("Old addresses, and where they lead.", "site_moved", "", moved),
        # volatile: nginx evaluates it again for the 404 page.
        *_map(
            "Files that are not for visitors: copies, hidden files, files for other hosts.",
            *("site_hidden", "", hidden, "volatile;"),
        ),
        *_map(
            "The page for what is not found, in the language of the address.",
            *("site_not_found", site.not_found.get("/", "/404.html"), not_found),
        ),
        *_map(
            "Content-Security-Policy: of pages, which add their own; of drawings; of all else.",
            *("site_policy", headers.FILE_POLICY, policies),
        ),
        *_map(
            "Browsers keep a file whose name bears a digest; they ask again for any other.",
            *("site_cache", headers.REVALIDATE, caching),
        ),
        *_map(
            "Other sites may show the pictures, as feed readers do, and nothing else.",
            *("site_sharing", headers.OWN_POLICY, sharing),
        ),
    ]


def _map(purpose: str, name: str, default: str, values: dict[str, str], *first: str) -> list[str]:
    pairs = [f'"{path}" "{value}";' for path, value in values.items()]
    lines = _indented([*first, f'default "{default}";', *pairs])
    return ["", f"# {purpose}", f"map $uri ${name} {{", *lines, "}"]


def _from_http(listener: Listener) -> list[str]:
    if listener.certificate is None or listener.address != "443":
        return []
    return [
        "# Plain HTTP leads to HTTPS.",
        "server {",
        "    listen 80;",
        "    listen [::]:80;",
        f"    server_name {' '.join(listener.names)};",
        "    return 301 https://$host$request_uri;",
        "}",
        "",
    ]


def _listening(listener: Listener) -> list[str]:
    port, is_old = listener.address, listener.is_old
    protocol = f" ssl{' http2' * is_old}" if listener.certificate else ""
    lines = [
        "# IPv4 and IPv6.",
        *(f"listen {each}{protocol};" for each in (port, *[f"[::]:{port}"] * port.isdecimal())),
        "# The names of the site.",
        f"server_name {' '.join(listener.names)};",
    ]
    if listener.certificate is None:
        return lines
    chain, key = listener.certificate
    http2 = [
        "# HTTP/2. nginx before 1.25.1 (`nginx -v`) stops at this line: for it, write the file by",
        "# `./inv server-files --old-nginx`.",
        "http2 on;",
    ]
    return [
        *lines,
        *([] if is_old else http2),
        "# The certificate, where certbot puts it, and the versions of TLS that are still safe.",
        f"ssl_certificate {chain};",
        f"ssl_certificate_key {key};",
        "ssl_protocols TLSv1.2 TLSv1.3;",
    ]


def _files(site: ServedSite, root: Path) -> list[str]:
    types = headers.TEXT_TYPES | headers.OTHER_TYPES
    lines = [
        "# The folder of the site.",
        f"root {root};",
        "# A redirection to a folder keeps the port and the scheme that the visitor knows.",
        "absolute_redirect off;",
        "# The version of nginx is nobody's business.",
        "server_tokens off;",
        "# Send the compressed copies that stand beside the files, and tell caches of it.",
        "brotli_static on;",
        "gzip_static on;",
        "gzip_vary on;",
        "# The type of each file by its ending; texts are in UTF-8.",
        "types {",
        *_indented(f"{kind} {ending};" for ending, kind in types.items()),
        "}",
        "default_type application/octet-stream;",
        "charset utf-8;",
        f"charset_types {' '.join([*headers.TEXT_TYPES.values(), headers.ATOM_TYPE][1:])};",
        "# A folder without a page of its own is no address either.",
        "error_page 403 404 =404 $site_not_found;",
        "# Hide what is not for visitors; lead from old addresses to the new ones.",
        "if ($site_hidden) { return 404; }",
        "if ($site_moved) { return 301 $site_moved; }",
    ]
    if site.not_found:
        # internal: the 404 page answers 404 at its own address too.
        lines += ["# The pages for what is not found answer 404 at their own address too."]
        lines += [f"location = {page} {{ internal; }}" for page in site.not_found.values()]
    if site.feeds:
        lines += ["# Feeds end in .xml as other files do: their type goes by their name."]
    for feed in site.feeds:
        lines += [
            f"location = {feed} {{",
            f"    types {{ }} default_type {headers.ATOM_TYPE};",
            "}",
        ]
    return lines


def _headers(site: ServedSite, *, https: bool) -> list[str]:
    values = site.security(https=https) | {
        "Content-Security-Policy": "$site_policy",
        "Cross-Origin-Resource-Policy": "$site_sharing",
        "Cache-Control": "$site_cache",
    }
    return [
        line
        for name, value in values.items()
        for line in (f"# {headers.PURPOSES[name]}", f'add_header {name} "{value}" always;')
    ]
