"""The headers and types that the published site answers with: one table, for any web server.

None depends on what a page holds: its digests are in the policy that stands in the page itself
(`page_policy.py`). The headers are those that Mozilla's HTTP Observatory asks for.
"""

import re

from engine.pages import page_policy
from engine.pages.built_site import BuiltSite

# For every response.
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
# Two years, as the browsers' preload list asks; only over HTTPS (RFC 6797, 7.2).
HSTS = "max-age=63072000"
# For a domain whose every subdomain speaks HTTPS: browsers forget it only months after a change.
HSTS_PRELOAD = f"{HSTS}; includeSubDomains; preload"
# Header -> its purpose, for the comments of the server files.
PURPOSES = {
    "X-Content-Type-Options": "Browsers take a file for the type that is told, and guess none.",
    "Referrer-Policy": "Other sites hear which site a visitor comes from, not from which page.",
    "Permissions-Policy": "No page may ask for these.",
    "Cross-Origin-Opener-Policy": "Windows of other sites have no hold on a page.",
    "Cross-Origin-Embedder-Policy": "A page loads nothing of other sites without their consent.",
    "Strict-Transport-Security": "Browsers that were here once ask by HTTPS alone, for two years.",
    "Content-Security-Policy": "What a page may load; each page bears a closer policy in itself.",
    "Cross-Origin-Resource-Policy": "Which sites may show this file.",
    "Cache-Control": "How long browsers keep this file.",
    "Vary": "Caches keep a copy for each compression.",
}

# Feed readers show the photos of the news on their own sites. Nothing else is for other sites.
SHARED = r"^/images/"
SHARED_POLICY, OWN_POLICY = "cross-origin", "same-origin"

# A name with a digest of the bytes never means others: fonts and photos (RFC 8246).
FINGERPRINTED = r"-[0-9a-f]{12}(-[0-9]+)?\.[a-z0-9]+$"
KEEP = "public, max-age=31536000, immutable"
# Kept too, but asked for anew at each use: an answer of 304 has no body.
REVALIDATE = "no-cache"

# The text types are sent as UTF-8.
TEXT_TYPES = {
    "html": "text/html",
    "css": "text/css",
    "txt": "text/plain",
    "xml": "application/xml",
    "svg": "image/svg+xml",
    "json": "application/json",
    "js": "text/javascript",
}
OTHER_TYPES = {
    "woff2": "font/woff2",
    "avif": "image/avif",
    "webp": "image/webp",
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "ico": "image/x-icon",
    "pdf": "application/pdf",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "vtt": "text/vtt",
}
ATOM_TYPE = "application/atom+xml"

# The copies that `compression.py` makes are sent in their file's place, never by themselves.
COPY = r"\.(html|xml|svg|css|txt|js|json)\.(br|gz|zst)$"
# What is for the host, or for nobody; a folder that standards look into (RFC 8615) is for all.
HIDDEN = rf"{COPY}|^/_(headers|redirects)$|/\."
WELL_KNOWN = "/.well-known/"

_INLINE = "'unsafe-inline'"
_NO_FRAMES = "frame-ancestors 'none'"
# What is no page loads nothing where it is opened by itself; a drawing may bring its own styles.
FILE_POLICY = f"default-src 'none'; {page_policy.CLOSED}; {_NO_FRAMES}"
DRAWING_POLICY = f"default-src 'none'; style-src {_INLINE}; {page_policy.CLOSED}; {_NO_FRAMES}"

_ATOM_FEED = re.compile(rb"<feed\b")


def security(*, https: bool, hsts_preload: bool = False) -> dict[str, str]:
    """The headers that are the same for every response."""
    hsts = HSTS_PRELOAD if hsts_preload else HSTS
    return SECURITY | ({"Strict-Transport-Security": hsts} if https else {})


def html_policy(*, https: bool, searches: bool = False) -> str:
    """The Content-Security-Policy that is sent with every page, and with those that search.

    The browser enforces it and the page's own (CSP3, 8.1): it must not refuse what that one allows,
    so it leaves inline style sheets to it, and closes the rest again for pages that a proxy has
    rewritten. It adds the directives that a page cannot bear (3.3: frame-ancestors) or that depend
    on the server: over plain HTTP there may be none to answer HTTPS.
    """
    policy = f"{page_policy.policy(_INLINE, searches=searches)}; {_NO_FRAMES}"
    return f"{policy}; upgrade-insecure-requests" if https else policy


def not_found_pages(built: BuiltSite) -> dict[str, str]:
    """The part of the site -> the page that answers there for what is not found: "/en/" -> …"""
    paths = [f"/{page.path}" for page in built.pages if page.place.name == "404.html"]
    return {path.removesuffix("404.html"): path for path in paths}


def search_pages(built: BuiltSite) -> list[str]:
    """The addresses of the folders whose page runs the site's script, as its own policy says."""
    return [
        f"/{page.path.removesuffix('index.html')}"
        for page in built.pages
        if page_policy.searches(page.text)
    ]


def atom_feeds(built: BuiltSite) -> list[str]:
    """The paths of the Atom feeds, whose ending does not tell their type."""
    return [
        f"/{file.path}"
        for file in built
        if file.suffix == ".xml" and _ATOM_FEED.search(file.content[:500])
    ]
