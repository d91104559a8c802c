"""The Caddyfile of a published folder, for Caddy 2.6 and newer.

Caddy finds the certificate by itself and leads from HTTP to HTTPS.
"""

import re
from pathlib import Path

from publishing import redirects, served_site
from publishing import response_headers as headers
from publishing.compression import ENCODINGS
from publishing.served_site import ServedSite


def caddyfile(
    folder: Path,
    names: tuple[str, ...],
    root: Path | None = None,
    certificate: tuple[Path, Path] | None = None,
    before: dict[str, str] | None = None,
) -> str:
    """The configuration for the site built in `folder`, which will stand at `root`.

    `names` are such as "example.org" or "https://127.0.0.1:8443"; a certificate is two PEM files,
    the chain and the key, where Caddy is not to find one; `before` is as for nginx.
    Raises ValueError for a name or a path that Caddy would read as something else.
    """
    for text in (*names, str(root or folder), *map(str, certificate or ())):
        if re.search(r"[\s\"'`\\;{},*]", text):
            raise ValueError(f"Caddy cannot be given “{text}”: it has a space or a special sign")
    site = served_site.read(folder).allowing(before or {})
    https = not any(name.startswith("http://") for name in names)
    lines = [f"root * {root or folder}"]
    if certificate:
        lines += ["tls {} {}".format(*certificate)]
    lines += [
        *_maps(site),
        *_headers(https=https),
        *_types(site),
        *_hidden(site),
        *_moved(site),
        "file_server {",
        "\tindex index.html",
        f"\tprecompressed {' '.join(name for name, _ in ENCODINGS.values())}",
        "}",
        *_not_found(site, https=https),
    ]
    return "\n".join([f"{', '.join(names)} {{", *(f"\t{line}" for line in lines), "}"]) + "\n"


def _maps(site: ServedSite) -> list[str]:
    styles = {_address(path): sources for path, sources in site.special_styles.items()}
    return [
        *_map("site_styles", site.usual_styles, styles),
        *_map("site_cache", headers.REVALIDATE, {f"~{headers.FINGERPRINTED}": headers.KEEP}),
        *_map("site_sharing", headers.OWN_POLICY, {f"~{headers.SHARED}": headers.SHARED_POLICY}),
    ]


def _map(name: str, default: str, values: dict[str, str]) -> list[str]:
    pairs = [f'\t"{path}" "{value}"' for path, value in values.items()]
    return [f"map {{path}} {{{name}}} {{", *pairs, f'\tdefault "{default}"', "}"]


def _address(path: str) -> str:
    return path.removesuffix("index.html")


def _headers(*, https: bool) -> list[str]:
    values = headers.security(https=https) | {
        "Cross-Origin-Resource-Policy": "{site_sharing}",
        "Cache-Control": "{site_cache}",
    }
    policies = {
        "pages path */ *.html": headers.page_policy("{site_styles}", https=https),
        "drawings path *.svg": headers.DRAWING_POLICY,
        "others not path */ *.html *.svg": headers.FILE_POLICY,
    }
    lines = [f'header {name} "{value}"' for name, value in values.items()]
    for matcher, policy in policies.items():
        name = matcher.partition(" ")[0]
        lines += [f"@{matcher}", f'header @{name} Content-Security-Policy "{policy}"']
    texts = " ".join(f"*.{ending}" for ending in headers.TEXT_TYPES)
    # At the very end: Caddy adds its own to some answers, and a removal waits until then.
    return [
        *lines,
        f"@texts path */ {texts}",
        "header @texts {",
        "\tdefer",
        "\tVary Accept-Encoding",
        "}",
        "header -Server",
    ]


def _types(site: ServedSite) -> list[str]:
    feeds = f"\tnot path {' '.join(site.feeds)}"
    lines = []
    for ending, kind in (headers.TEXT_TYPES | headers.OTHER_TYPES).items():
        charset = "; charset=utf-8" if ending in headers.TEXT_TYPES else ""
        lines += [f"@{ending} {{", f"\tpath *.{ending}", *([feeds] if site.feeds else []), "}"]
        lines += [f'header @{ending} Content-Type "{kind}{charset}"']
    atom = f"{headers.ATOM_TYPE}; charset=utf-8"
    return lines + [f'header {feed} Content-Type "{atom}"' for feed in site.feeds]


def _hidden(site: ServedSite) -> list[str]:
    pages = "".join(f" {page}" for page in site.not_found.values())
    return [
        "@hidden {",
        f'\tpath_regexp "{headers.HIDDEN}"',
        f"\tnot path {headers.WELL_KNOWN}*",
        "}",
        "error @hidden 404",
        *([f"@told path{pages}", "error @told 404"] if pages else []),
    ]


def _moved(site: ServedSite) -> list[str]:
    return [
        f"redir {path} {new} 301"
        for old, new in site.redirects.items()
        for path in redirects.spellings(old)
    ]


def _not_found(site: ServedSite, *, https: bool) -> list[str]:
    lines = ["handle_errors {"]
    for place, page in sorted(site.not_found.items(), key=lambda part: -len(part[0])):
        policy = headers.page_policy(site.styles[page], https=https)
        lines += [
            f"\thandle {place}* {{",
            f"\t\trewrite * {page}",
            "\t\theader {",
            '\t\t\tContent-Type "text/html; charset=utf-8"',
            f'\t\t\tContent-Security-Policy "{policy}"',
            f'\t\t\tCache-Control "{headers.REVALIDATE}"',
            f'\t\t\tCross-Origin-Resource-Policy "{headers.OWN_POLICY}"',
            "\t\t}",
            "\t\tfile_server",
            "\t}",
        ]
    return [*lines, "}"]
