"""Write the Caddyfile of a published folder, for Caddy 2.6 and newer.

Caddy obtains the certificate, redirects HTTP to HTTPS and answers IPv4 and IPv6 by itself.
"""

import re
from pathlib import Path

from engine.faults import Message, ProblemError
from engine.pages import redirects
from engine.pages.compression import ENCODINGS
from engine.serving import response_headers as headers
from engine.serving.served_site import ServedSite


def caddyfile(
    site: ServedSite,
    root: Path,
    names: tuple[str, ...],
    certificate: tuple[Path, Path] | None = None,
) -> str:
    """Return the configuration for a site in the folder `root`.

    `names` are such as "example.org" or "https://127.0.0.1:8443". `certificate` is two PEM files,
    the chain and the key; without it Caddy obtains one.
    Raises ProblemError for a name or a path with a character special to Caddy.
    """
    for text in (*names, str(root), *map(str, certificate or ())):
        if re.search(r"[\s\"'`\\;{},*]", text):
            raise ProblemError(
                Message(
                    "Caddy cannot be given “{text}”: it has a space or a special character",
                    text=text,
                ),
                Message("use another name"),
            )
    https = not any(name.startswith("http://") for name in names)
    lines = ["# The folder of the site.", f"root * {root}"]
    if certificate:
        lines += ["# The certificate.", "tls {} {}".format(*certificate)]
    lines += [
        *_maps(),
        *_headers(site, https=https),
        *_types(site),
        *_hidden(site),
        *_redirects(site),
        "# The files, or the compressed copies that stand beside them.",
        "file_server {",
        "\tindex index.html",
        f"\tprecompressed {' '.join(name for name, _ in ENCODINGS.values())}",
        "}",
        *_not_found(site, https=https),
    ]
    head = [
        "# Written by `./inv server-files` (engine/serving/caddy.py).",
        f"{', '.join(names)} {{",
    ]
    return "\n".join([*head, *(f"\t{line}" for line in lines), "}"]) + "\n"


def _maps() -> list[str]:
    return [
        "# Browsers keep a file whose name bears a digest; they ask again for any other.",
        *_map("site_cache", headers.REVALIDATE, headers.FINGERPRINTED, headers.IMMUTABLE),
        "# Other sites may show the pictures, as feed readers do, and nothing else.",
        *_map("site_sharing", headers.OWN_POLICY, headers.SHARED, headers.SHARED_POLICY),
    ]


def _map(name: str, default: str, pattern: str, value: str) -> list[str]:
    lines = [f'\t"~{pattern}" "{value}"', f'\tdefault "{default}"']
    return [f"map {{path}} {{{name}}} {{", *lines, "}"]


def _headers(site: ServedSite, *, https: bool) -> list[str]:
    values = site.security(https=https) | {
        "Cross-Origin-Resource-Policy": "{site_sharing}",
        "Cache-Control": "{site_cache}",
    }
    lines = [
        line
        for name, value in values.items()
        for line in (f"# {headers.PURPOSES[name]}", f'header {name} "{value}"')
    ]
    lines += [f"# {headers.PURPOSES['Content-Security-Policy']}"]
    searches = " ".join(path for each in site.searches for path in (each, f"{each}index.html"))
    matchers = {
        "pages": (
            ["path */ *.html", *([f"not path {searches}"] if searches else [])],
            headers.html_policy(https=https),
        ),
        "drawings": (["path *.svg"], headers.DRAWING_POLICY),
        "others": (["not path */ *.html *.svg"], headers.FILE_POLICY),
    }
    if searches:
        policy = headers.html_policy(https=https, searches=True)
        matchers["searches"] = ([f"path {searches}"], policy)
    for name, (matcher, policy) in matchers.items():
        lines += [f"@{name} {{", *(f"\t{line}" for line in matcher), "}"]
        lines += [f'header @{name} Content-Security-Policy "{policy}"']
    texts = " ".join(f"*.{ending}" for ending in headers.TEXT_TYPES)
    # Deferred to the end of the response: Caddy itself adds Vary to some responses.
    return [
        *lines,
        f"# {headers.PURPOSES['Vary']}",
        f"@texts path */ {texts}",
        "header @texts {",
        "\tdefer",
        "\tVary Accept-Encoding",
        "}",
        "# The name of the server is nobody's business.",
        "header -Server",
    ]


def _types(site: ServedSite) -> list[str]:
    feeds = f"\tnot path {' '.join(site.feeds)}"
    lines = ["# The type of each file by its ending; texts are in UTF-8."]
    for ending, kind in (headers.TEXT_TYPES | headers.OTHER_TYPES).items():
        charset = "; charset=utf-8" if ending in headers.TEXT_TYPES else ""
        lines += [f"@{ending} {{", f"\tpath *.{ending}", *([feeds] if site.feeds else []), "}"]
        lines += [f'header @{ending} Content-Type "{kind}{charset}"']
    atom = f"{headers.ATOM_TYPE}; charset=utf-8"
    return lines + [f'header {feed} Content-Type "{atom}"' for feed in site.feeds]


def _hidden(site: ServedSite) -> list[str]:
    pages = "".join(f" {page}" for page in site.not_found.values())
    comment = ["# The pages for what is not found answer 404 at their own address too."]
    return [
        "# Hide what is not for visitors: copies, hidden files, files for other hosts.",
        "@hidden {",
        f'\tpath_regexp "{headers.HIDDEN}"',
        f"\tnot path {headers.WELL_KNOWN}*",
        "}",
        "error @hidden 404",
        *([*comment, f"@told path{pages}", "error @told 404"] if pages else []),
    ]


def _redirects(site: ServedSite) -> list[str]:
    lines = [
        f"redir {path} {new} 301"
        for old, new in site.redirects.items()
        for path in redirects.spellings(old)
    ]
    return ["# Old addresses lead to the new ones.", *lines] if lines else []


def _not_found(site: ServedSite, *, https: bool) -> list[str]:
    policy = headers.html_policy(https=https)
    lines = [
        "# The page for what is not found, in the language of the address.",
        "handle_errors {",
    ]
    for place, page in sorted(site.not_found.items(), key=lambda part: -len(part[0])):
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
