"""The `.htaccess` of a published folder, for Apache 2.4 and the shared hosting that runs it.

It needs mod_rewrite, mod_headers and mod_mime. Its rules hold wherever the folder stands below the
site's root: patterns are relative to it, so that a publication may be a folder that the root's own
`.htaccess` rewrites to. Headers that depend on the file are variables that the rules set: a rule
that sends a copy starts a new pass, and this one sets them again for the name of the copy.
"""

import re

from publishing import redirects
from publishing import response_headers as headers
from publishing.compression import ENCODINGS
from publishing.served_site import ServedSite

_COPY_ENDING = r"(?:\.(?:br|gz|zst))?$"
# A release stands in such a folder: /.sites/0012-3f9a1c2b/site/en/
_RELEASE = "(?:/\\.[^/]+/[^/]+/site)?"


def htaccess(site: ServedSite) -> str:
    """The file for a site at the root of its domain, or in the folder of its path below it."""
    lines = [
        "# Written anew at each publication: see publishing/apache.py.",
        "Options -Indexes -MultiViews",
        "DirectoryIndex index.html",
        "FileETag MTime Size",
        *_types(site),
        *_not_found(site),
        "",
        "RewriteEngine On",
        *_hidden(site),
        *_moved(site),
        *_folders(site),
        *_variables(site),
        *_copies(),
        "",
        *_headers(),
    ]
    return "\n".join(lines) + "\n"


def _types(site: ServedSite) -> list[str]:
    types = headers.TEXT_TYPES | headers.OTHER_TYPES
    texts = " ".join(f".{ending}" for ending in headers.TEXT_TYPES)
    feeds = "|".join(sorted({re.escape(feed.rpartition("/")[2]) for feed in site.feeds}))
    lines = [f"AddType {kind} .{ending}" for ending, kind in types.items()]
    lines += [f"AddCharset utf-8 {texts}"]
    # The server's own table may call a copy an archive, or a text in Breton.
    lines += [f'<FilesMatch "{headers.COPY}">', "    RemoveType .br .gz .zst"]
    lines += ["    RemoveLanguage .br"]
    lines += [f"    AddEncoding {name} {ending}" for ending, (name, _) in ENCODINGS.items()]
    lines += ["</FilesMatch>"]
    if feeds:
        lines += [f'<FilesMatch "^(?:{feeds}){_COPY_ENDING}">']
        lines += [f'    ForceType "{headers.ATOM_TYPE}; charset=utf-8"', "</FilesMatch>"]
    return lines


def _not_found(site: ServedSite) -> list[str]:
    lines = []
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
        "RewriteCond %{ENV:REDIRECT_site_copy} !1",
        _rule(headers.COPY, "R=404"),
        _rule(r"^_(?:headers|redirects)$", "R=404"),
        _rule(r"(?:^|/)\.(?!well-known/)", "R=404"),
    ]
    for page in site.not_found.values():
        lines += ["RewriteCond %{ENV:REDIRECT_STATUS} !^40[34]$"]
        lines += ["RewriteCond %{ENV:REDIRECT_site_copy} !1", _rule(_exactly(page), "R=404")]
    return lines


def _moved(site: ServedSite) -> list[str]:
    return [
        _rule(_exactly(path), "R=301,NE,L", new)
        for old, new in site.redirects.items()
        for path in redirects.spellings(old)
    ]


def _exactly(path: str) -> str:
    return f"^{re.escape(path[1:])}$"


def _folders(site: ServedSite) -> list[str]:
    """A folder is its page, or nothing; without its slash it leads there, by its public address."""
    return [
        "RewriteCond %{REQUEST_FILENAME} -d",
        _rule("^(.*[^/])$", "R=301,L", f"{site.base}/$1/"),
        "RewriteCond %{REQUEST_FILENAME}/index.html -f",
        _rule("^(.*/)?$", "S=1", "$1index.html"),
        _rule("(?:^|/)$", "R=404"),
    ]


def _variables(site: ServedSite) -> list[str]:
    lines = [_rule(rf"\.html{_COPY_ENDING}", f"E=site_styles:{site.usual_styles}")]
    lines += [
        _rule(f"{_exactly(path)[:-1]}{_COPY_ENDING}", f"E=site_styles:{sources}")
        for path, sources in site.special_styles.items()
    ]
    return [
        *lines,
        _rule(rf"\.svg{_COPY_ENDING}", "E=site_drawing:1"),
        _rule(headers.FINGERPRINTED, "E=site_kept:1"),
        _rule(headers.SHARED.replace("^/", "^"), "E=site_shared:1"),
    ]


def _copies() -> list[str]:
    lines = []
    for ending, (name, _) in ENCODINGS.items():
        accepted = rf"(?:^|,)\s*{name}\s*(?:,|$|;\s*q=(?!0(?:\.0*)?\s*(?:,|$)))"
        lines += [
            f'RewriteCond %{{HTTP:Accept-Encoding}} "{accepted}" [NC]',
            f"RewriteCond %{{REQUEST_FILENAME}}{ending} -f",
            _rule("^(.+)$", "E=site_copy:1,L", f"$1{ending}"),
        ]
    return lines


def _headers() -> list[str]:
    policy = "Content-Security-Policy"
    page = headers.page_policy("%{site_styles}e", https=True)
    texts = "|".join(headers.TEXT_TYPES)
    over_https = "\"expr=%{HTTPS} == 'on'\""
    return [
        *(f'Header always set {name} "{value}"' for name, value in headers.SECURITY.items()),
        *(
            f'Header always set {name} "{value}" {over_https}'
            for name, value in headers.SECURITY_OVER_HTTPS.items()
        ),
        f'Header always set {policy} "{headers.FILE_POLICY}"',
        f'Header always set {policy} "{headers.DRAWING_POLICY}" env=site_drawing',
        f'Header always set {policy} "{page}" env=site_styles',
        f'Header always set Cross-Origin-Resource-Policy "{headers.OWN_POLICY}"',
        f'Header always set Cross-Origin-Resource-Policy "{headers.SHARED_POLICY}" env=site_shared',
        f'Header always set Cache-Control "{headers.REVALIDATE}"',
        f'Header always set Cache-Control "{headers.KEEP}" env=site_kept',
        f'<FilesMatch "\\.(?:{texts}){_COPY_ENDING}">',
        "    Header merge Vary Accept-Encoding",
        "</FilesMatch>",
    ]
