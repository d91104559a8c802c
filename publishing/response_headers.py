"""The headers and types that the published site answers with: one table, for any web server.

A page's policy allows the style sheet that stands in it, by its digest, and nothing that it does
not have. The headers are those that Mozilla's HTTP Observatory asks for.
"""

import base64
import hashlib
import re
from pathlib import Path

# For every response.
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
# Two years, as the browsers' preload list asks; only over HTTPS (RFC 6797, 7.2).
SECURITY_OVER_HTTPS = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains; preload"}

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

_CLOSED = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_NO_SCRIPT = "require-trusted-types-for 'script'; trusted-types 'none'"
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style\s*>", re.DOTALL | re.IGNORECASE)
_ATOM_FEED = re.compile(rb"<feed\b")


def security(*, https: bool) -> dict[str, str]:
    """The headers that are the same for every response."""
    return SECURITY | (SECURITY_OVER_HTTPS if https else {})


def page_policy(styles: str, *, https: bool) -> str:
    """The Content-Security-Policy of a page: the given style sources, fonts, pictures, no more.

    https://www.w3.org/TR/CSP3/, https://www.w3.org/TR/trusted-types/. Over plain HTTP the browser
    is not told to ask for HTTPS instead: there may be no server to answer.
    """
    policy = (
        f"default-src 'none'; style-src {styles}; img-src 'self'; font-src 'self'; "
        f"{_CLOSED}; {_NO_SCRIPT}"
    )
    return f"{policy}; upgrade-insecure-requests" if https else policy


def style_sources(html: str) -> str:
    """What `style-src` lists for a page: the digest of each style sheet that stands in it."""
    styles = dict.fromkeys(_STYLE.findall(html))
    digests = (hashlib.sha256(style.encode()).digest() for style in styles)
    return " ".join(f"'sha256-{base64.b64encode(each).decode()}'" for each in digests) or "'none'"


# What is no page loads nothing where it is opened by itself; a drawing may bring its own styles.
FILE_POLICY = f"default-src 'none'; {_CLOSED}"
DRAWING_POLICY = f"default-src 'none'; style-src 'unsafe-inline'; {_CLOSED}"


def page_styles(folder: Path) -> dict[str, str]:
    """The path of each page of a built folder, such as "/en/index.html" -> its style sources."""
    return {
        path_in_site(folder, page): style_sources(page.read_text("utf-8"))
        for page in sorted(folder.rglob("*.html"))
    }


def not_found_pages(folder: Path) -> dict[str, str]:
    """The part of the site -> the page that answers there for what is not found: "/en/" -> …"""
    paths = [path_in_site(folder, page) for page in sorted(folder.rglob("404.html"))]
    return {path.removesuffix("404.html"): path for path in paths}


def atom_feeds(folder: Path) -> list[str]:
    """The paths of the Atom feeds, whose ending does not tell their type."""
    return [
        path_in_site(folder, file)
        for file in sorted(folder.rglob("*.xml"))
        if _ATOM_FEED.search(file.read_bytes()[:500])
    ]


def path_in_site(folder: Path, file: Path) -> str:
    """The path that a web server knows a file by: "/en/index.html"."""
    return f"/{file.relative_to(folder).as_posix()}"
