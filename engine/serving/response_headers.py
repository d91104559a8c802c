"""The headers and types of the published site: one table for every web server.

No header depends on the content of a page: digests are in the policy inside the page
(`page_policy.py`). Mozilla's HTTP Observatory asks for these headers.
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
# Two years, as hstspreload.org recommends; only over HTTPS (RFC 6797, 7.2).
HSTS = "max-age=63072000"
# Only if every subdomain answers HTTPS: a removal from the preload list takes months.
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

# Feed readers show the photos of the news on their own sites. Other files are not shared.
SHARED = r"^/images/"
SHARED_POLICY, OWN_POLICY = "cross-origin", "same-origin"

# Fonts and photos: their names hold a digest, so that the content never changes (RFC 8246).
FINGERPRINTED = r"-[0-9a-f]{12}(-[0-9]+)?\.[a-z0-9]+$"
IMMUTABLE = "public, max-age=31536000, immutable"
# Stored, and revalidated at each use: a 304 response has no body.
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
    "vcf": "text/vcard",
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

# The compressed copies (`compression.py`) are sent in place of their file, never by their own name.
COPY = r"\.(html|xml|svg|css|txt|js|json|vcf)\.(br|gz|zst)$"
# Files for the host and hidden files; /.well-known/ is public (RFC 8615).
HIDDEN = rf"{COPY}|^/_(headers|redirects)$|/\."
WELL_KNOWN = "/.well-known/"

_INLINE = "'unsafe-inline'"
_NO_FRAMES = "frame-ancestors 'none'"
# Files other than pages load nothing when opened; a drawing may hold its own styles.
FILE_POLICY = f"default-src 'none'; {page_policy.CLOSED}; {_NO_FRAMES}"
DRAWING_POLICY = f"default-src 'none'; style-src {_INLINE}; {page_policy.CLOSED}; {_NO_FRAMES}"

_ATOM_FEED = re.compile(rb"<feed\b")


def security(*, https: bool, hsts_preload: bool = False) -> dict[str, str]:
    """Return the headers of every response."""
    hsts = HSTS_PRELOAD if hsts_preload else HSTS
    return SECURITY | ({"Strict-Transport-Security": hsts} if https else {})


def html_policy(*, https: bool, searches: bool = False) -> str:
    """Return the Content-Security-Policy header of every page, or of the page of the search.

    The browser enforces this policy and the page's own (CSP3, 8.1). So this one must allow inline
    style sheets, which the page's own restricts by digests; it repeats the other restrictions for
    pages that a proxy has rewritten. It adds the directives that a `meta` element cannot have
    (frame-ancestors: CSP3, 3.3) or that need HTTPS (upgrade-insecure-requests).
    """
    policy = f"{page_policy.policy(_INLINE, searches=searches)}; {_NO_FRAMES}"
    return f"{policy}; upgrade-insecure-requests" if https else policy


def not_found_pages(built: BuiltSite) -> dict[str, str]:
    """Map each part of the site to its 404 page: "/en/" -> "/en/404.html"."""
    paths = [f"/{page.path}" for page in built.pages if page.place.name == "404.html"]
    return {path.removesuffix("404.html"): path for path in paths}


def search_pages(built: BuiltSite) -> list[str]:
    """Return the addresses of the pages whose own policy allows the site's script."""
    return [
        f"/{page.path.removesuffix('index.html')}"
        for page in built.pages
        if page_policy.searches(page.text)
    ]


def atom_feeds(built: BuiltSite) -> list[str]:
    """Return the paths of the Atom feeds; their type does not follow from their extension."""
    return [
        f"/{file.path}"
        for file in built
        if file.suffix == ".xml" and _ATOM_FEED.search(file.content[:500])
    ]
