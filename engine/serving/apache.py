"""Write the `.htaccess` of a published folder, for Apache 2.4 and shared hosting.

It needs mod_rewrite, mod_headers and mod_mime. Patterns are relative to the folder, so that it may
be a release to which the `.htaccess` of the root rewrites. Headers that depend on the file use
variables that the rewrite rules set. A rule that sends a compressed copy starts a new pass of the
rules, which sets the variables again for the name of the copy.
"""

import re

from engine.pages import redirects
from engine.pages.compression import ENCODINGS
from engine.serving import response_headers as headers
from engine.serving.served_site import ServedSite

_COPY_ENDING = r"(?:\.(?:br|gz|zst))?$"
# The path of a release: /.sites/0012-3f9a1c2b/site/en/
_RELEASE = "(?:/\\.[^/]+/[^/]+/site)?"


def htaccess(site: ServedSite) -> str:
    """Return the text of `.htaccess`, for a site at the root of its domain or below a path."""
    lines = [
        "# Written anew at each publication: see engine/serving/apache.py.",
        "",
        "# A folder shows its page and no list; a file answers to its own name alone.",
        "Options -Indexes -MultiViews",
        "DirectoryIndex index.html",
        "# The same file has the same ETag in each release.",
        "FileETag MTime Size",
        *_types(site),
        *_not_found(site),
        "",
        "# Rules for addresses, in their order.",
        "RewriteEngine On",
        *_hidden(site),
        *_redirects(site),
        *_folders(site),
        *_variables(site),
        *_copies(),
        *_headers(site),
    ]
    return "\n".join(lines) + "\n"


def _types(site: ServedSite) -> list[str]:
    types = headers.TEXT_TYPES | headers.OTHER_TYPES
    texts = " ".join(f".{ending}" for ending in headers.TEXT_TYPES)
    feeds = "|".join(sorted({re.escape(feed.rpartition("/")[2]) for feed in site.feeds}))
    lines = ["", "# The type of each file by its ending; texts are in UTF-8."]
    lines += [f"AddType {kind} .{ending}" for ending, kind in types.items()]
    lines += [f"AddCharset utf-8 {texts}", ""]
    lines += ["# The compressed copies: the server's own table may call one an archive, or Breton."]
    lines += [f'<FilesMatch "{headers.COPY}">', "    RemoveType .br .gz .zst"]
    lines += ["    RemoveLanguage .br"]
    lines += [f"    AddEncoding {name} {ending}" for ending, (name, _) in ENCODINGS.items()]
    lines += ["</FilesMatch>"]
    if feeds:
        lines += ["", "# Feeds end in .xml as other files do: their type goes by their name."]
        lines += [f'<FilesMatch "^(?:{feeds}){_COPY_ENDING}">']
        lines += [f'    ForceType "{headers.ATOM_TYPE}; charset=utf-8"', "</FilesMatch>"]
    return lines


def _not_found(site: ServedSite) -> list[str]:
    lines = ["", "# The page for what is not found, in the language of the address."]
    for place, page in sorted(site.not_found.items()):
        answers = [f"ErrorDocument {status} {site.base}{page}" for status in (403, 404)]
        if place == "/":
            lines += answers
        else:
            lines += [f'<If "%{{REQUEST_URI}} =~ m#^{site.base}{_RELEASE}{place}#">']
            lines += [*(f"    {each}" for each in answers), "</If>"]
    return lines


def _rule(pattern: str, flags: str, to: str = "-") -> str:
    return f'RewriteRule "{pattern}" "{to}" "[{flags}]"'


def _hidden(site: ServedSite) -> list[str]:
    lines = [
        "",
        "# Hide what is not for visitors: copies, hidden files, files for other hosts, and the",
        "# pages for what is not found at their own address.",
        "RewriteCond %{ENV:REDIRECT_site_copy} !1",
        _rule(headers.COPY, "R=404"),
        _rule(r"^_(?:headers|redirects)$", "R=404"),
        _rule(r"(?:^|/)\.(?!well-known/)", "R=404"),
    ]
    for page in site.not_found.values():
        lines += ["RewriteCond %{ENV:REDIRECT_STATUS} !^40[34]$"]
        lines += ["RewriteCond %{ENV:REDIRECT_site_copy} !1", _rule(_exactly(page), "R=404")]
    return lines


def _redirects(site: ServedSite) -> list[str]:
    rules = [
        _rule(_exactly(path), "R=301,NE,L", new)
        for old, new in site.redirects.items()
        for path in redirects.spellings(old)
    ]
    return ["", "# Old addresses lead to the new ones.", *rules] if rules else []


def _exactly(path: str) -> str:
    return f"^{re.escape(path[1:])}$"


def _folders(site: ServedSite) -> list[str]:
    """Return the rules that add a folder's slash, send its page, or answer 404 without one."""
    return [
        "",
        "# A folder without its slash leads to it; a folder without a page is not found.",
        "RewriteCond %{REQUEST_FILENAME} -d",
        _rule("^(.*[^/])$", "R=301,L", f"{site.base}/$1/"),
        "RewriteCond %{REQUEST_FILENAME}/index.html -f",
        _rule("^(.*/)?$", "S=1", "$1index.html"),
        _rule("(?:^|/)$", "R=404"),
    ]


def _variables(site: ServedSite) -> list[str]:
    searches = [re.escape(f"{search[1:]}index.html") for search in site.searches]
    return [
        "",
        "# What the headers below depend on.",
        _rule(rf"\.html{_COPY_ENDING}", "E=site_page:1"),
        *(_rule(f"^{page}{_COPY_ENDING}", "E=site_search:1") for page in searches),
        _rule(rf"\.svg{_COPY_ENDING}", "E=site_drawing:1"),
        _rule(headers.FINGERPRINTED, "E=site_kept:1"),
        _rule(headers.SHARED.replace("^/", "^"), "E=site_shared:1"),
    ]


def _copies() -> list[str]:
    lines = ["", "# Send the compressed copy that the browser accepts, the smallest first."]
    for ending, (name, _) in ENCODINGS.items():
        accepted = rf"(?:^|,)\s*{name}\s*(?:,|$|;\s*q=(?!0(?:\.0*)?\s*(?:,|$)))"
        lines += [
            f'RewriteCond %{{HTTP:Accept-Encoding}} "{accepted}" [NC]',
            f"RewriteCond %{{REQUEST_FILENAME}}{ending} -f",
            _rule("^(.+)$", "E=site_copy:1,L", f"$1{ending}"),
        ]
    return lines


def _headers(site: ServedSite) -> list[str]:
    texts = "|".join(headers.TEXT_TYPES)
    plain = site.security(https=False)
    # Name -> condition -> value; a later condition that holds replaces the value.
    values = {
        **{
            name: {"" if name in plain else "\"expr=%{HTTPS} == 'on'\"": value}
            for name, value in site.security(https=True).items()
        },
        "Content-Security-Policy": {
            "": headers.FILE_POLICY,
            "env=site_drawing": headers.DRAWING_POLICY,
            "env=site_page": headers.html_policy(https=True),
            "env=site_search": headers.html_policy(https=True, searches=True),
        },
        "Cross-Origin-Resource-Policy": {
            "": headers.OWN_POLICY,
            "env=site_shared": headers.SHARED_POLICY,
        },
        "Cache-Control": {"": headers.REVALIDATE, "env=site_kept": headers.IMMUTABLE},
    }
    lines = []
    for name, choices in values.items():
        lines += ["", f"# {headers.PURPOSES[name]}"]
        lines += [
            f'Header always set {name} "{value}" {condition}'.rstrip()
            for condition, value in choices.items()
        ]
    return [
        *lines,
        "",
        f"# {headers.PURPOSES['Vary']}",
        f'<FilesMatch "\\.(?:{texts}){_COPY_ENDING}">',
        "    Header merge Vary Accept-Encoding",
        "</FilesMatch>",
    ]
