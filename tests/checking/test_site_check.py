"""The check of the built site: a clean one gives no fault, and each thing that is wrong is told."""

import json
import re

import pytest

import pelicanconf
from engine.checking.pages import page_checks
from engine.checking.pages.feed_checks import is_sitemap_date
from engine.checking.pages.site_check import check_site, main
from engine.pages import page_policy, redirects
from engine.pages.built_site import BuiltSite
from engine.pages.markup import Markup
from tests import sites

ADDRESS = "https://example.org"
PAIR = {"fr": "/", "en": "/en/"}


def counterparts(tag: str, pair: dict[str, str] | None) -> list[str]:
    """The links by which a page, or the sitemap, names a page in every language."""
    named = {**pair, "x-default": pair["fr"]} if pair else {}
    return [
        f'<{tag} rel="alternate" hreflang="{lang}" href="{ADDRESS}{path}"/>'
        for lang, path in named.items()
    ]


def page(address: str, body: str = "", *, lang="fr", pair=None, head="", noindex=False) -> str:
    """A page without fault, whose title and description are made from its address."""
    place = f'<link rel="canonical" href="{ADDRESS}{address}">'
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{lang}"><head>{page_policy.EMPTY}<meta charset="utf-8">',
            f"<title>Page {address}</title>",
            f'<meta name="description" content="De {address}">',
            '<meta name="robots" content="noindex">' if noindex else place,
            *counterparts("link", pair),
            head + "</head><body>",
            f'<main id="content"><h1>Page {address}</h1>',
            body,
            "</main></body></html>",
        ]
    )


def sitemap(*entries: tuple[str, dict[str, str] | None]) -> str:
    """A sitemap of pages, each with its pair, all of March 2012."""
    urls = [
        f"<url><loc>{ADDRESS}{address}</loc><lastmod>2012-03</lastmod>\n"
        + "\n".join([*counterparts("x:link", pair), "</url>"])
        for address, pair in entries
    ]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"',
            ' xmlns:x="http://www.w3.org/1999/xhtml">',
            *urls,
            "</urlset>",
        ]
    )


def feed(address: str, entry_address: str, entry_id: str = "urn:uuid:1") -> str:
    """A feed of one entry without fault."""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <title>Site</title><id>urn:uuid:0</id><updated>2012-03-01T00:00:00+01:00</updated>
  <link rel="self" href="{ADDRESS}{address}"/>
  <entry>
    <title>Une nouvelle</title><id>{entry_id}</id><updated>2012-03-01T00:00:00+01:00</updated>
    <link rel="alternate" href="{ADDRESS}{entry_address}"/>
    <link rel="enclosure" href="{ADDRESS}/images/photo.jpg"/>
    <content type="html">&lt;p&gt;&lt;a href="{ADDRESS}/"&gt;Accueil&lt;/a&gt;&lt;/p&gt;</content>
  </entry>
</feed>"""


HOME = """
<style>
@font-face { src: url("/theme/fonts/text.woff2") }
/* url(gone.png) */
main { background: url("/theme/tile.png"); fill: url(#f) }
</style>
<nav><a href="#content">Contenu</a> <a href="en/" lang="en">English</a> <a href="/news/">News</a>
<a href="https://example.org/news/page/2/#content">Suite</a> <a href="mailto:a@example.org">a</a>
<a href="https://elsewhere.example/">Ailleurs</a></nav>
<h2>Images</h2>
<picture><source srcset="/images/photo.avif 1x, /images/large.avif 2x">
<img src="images/photo.jpg" alt="" width="40" height="30"></picture>
"""
LEVELS = "<h2>2</h2><h3>3</h3><h4>4</h4><h5>5</h5><h6>6</h6><h2>2</h2>"
HEAD = """<link rel="icon" href="/theme/icon.svg">
<meta property="og:image" content="https://example.org/images/share.png">"""
CLEAN = {
    "index.html": page("/", HOME, head=HEAD, pair=PAIR),
    "en/index.html": page("/en/", lang="en", pair=PAIR),
    "news/index.html": page("/news/", '<a href="../">Accueil</a>'),
    "news/page/2/index.html": page("/news/page/2/", LEVELS),
    "404.html": page("/404.html", noindex=True),
    "en/404.html": page("/en/404.html", '<a href="/news/">News</a>', lang="en", noindex=True),
    "flux.xml": feed("/flux.xml", "/news/"),
    "en/feed.xml": feed("/en/feed.xml", "/en/"),
    "sitemap.xml": sitemap(("/", PAIR), ("/en/", PAIR), ("/news/", None), ("/news/page/2/", None)),
    "robots.txt": f"User-agent: *\nAllow: /\n\nSitemap: {ADDRESS}/sitemap.xml\n",
    "version.txt": "1",
    "images/photo.jpg": "x",
    "images/photo.avif": "x",
    "images/large.avif": "x",
    "images/share.png": "x",
    "theme/icon.svg": "<svg/>",
    "theme/tile.png": "x",
    "theme/fonts/text.woff2": "x",
    "theme/fonts/OFL.txt": "x",
}

HERE = "the line of the wrong text"
# What is wrong -> the file, what stands there and what is put in its place, and the fault: its
# file, its line, its key, words of its message.
WRONG_TEXTS = {
    "a link that leads to no file": (
        ("index.html", 'href="/news/"', 'href="/gone/"'),
        ("index.html", HERE, "broken-link", "“/gone/” (a href) leads to no file"),
    ),
    "a relative link that leads to no file": (
        ("news/index.html", 'href="../"', 'href="gone.html"'),
        ("news/index.html", HERE, "broken-link", "“gone.html”"),
    ),
    "an absolute link of the site that leads to no file": (
        ("news/index.html", 'href="../"', 'href="https://example.org/gone"'),
        ("news/index.html", HERE, "broken-link", "“https://example.org/gone”"),
    ),
    "a link that nobody can read": (
        ("news/index.html", 'href="../"', 'href="https://["'),
        ("news/index.html", HERE, "broken-link", "“https://[”"),
    ),
    "a link without an address": (
        ("news/index.html", 'href="../"', 'href=""'),
        ("news/index.html", HERE, "empty-address", "a href is empty"),
    ),
    "a folder's address without its slash": (
        ("news/index.html", 'href="../"', 'href="/en"'),
        ("news/index.html", HERE, "missing-slash", "end it with a slash"),
    ),
    "a fragment that names nothing on its own page": (
        ("news/index.html", 'href="../"', 'href="#gone"'),
        ("news/index.html", HERE, "missing-fragment", "“#gone” (a href) names no element of news/"),
    ),
    "a fragment that names nothing on another page": (
        ("index.html", "/news/page/2/#content", "/news/page/2/#gone"),
        ("index.html", HERE, "missing-fragment", "names no element of news/page/2/index.html"),
    ),
    "an id given twice": (
        ("news/index.html", "<a ", '<p id="content"></p><a '),
        ("news/index.html", HERE, "duplicate-id", "“content” names a second element"),
    ),
    "an image that is not there": (
        ("index.html", "<picture>", '<img src="/gone.png" alt="" width="1" height="1"><picture>'),
        ("index.html", HERE, "missing-file", "“/gone.png” (img src)"),
    ),
    "a source of a set that is not there": (
        ("index.html", "/large.avif 2x", "/large.avif 2x, /gone.avif 3x"),
        ("index.html", HERE, "missing-file", "“/gone.avif” (source srcset)"),
    ),
    "a poster that is not there": (
        ("news/index.html", "<a ", '<video poster="/gone.jpg"></video><a '),
        ("news/index.html", HERE, "missing-file", "“/gone.jpg” (video poster)"),
    ),
    "a font that is not there, in a style element": (
        ("index.html", "@font-face {", "@font-face { src: url(/gone.woff2);"),
        ("index.html", HERE, "missing-file", "“/gone.woff2” (style)"),
    ),
    "a font that is not there, to be preloaded": (
        ("news/index.html", "</head>", '<link rel="preload" as="font" href="/gone.woff2"></head>'),
        ("news/index.html", HERE, "missing-file", "“/gone.woff2” (link href)"),
    ),
    "an icon that is not there": (
        ("news/index.html", "</head>", '<link rel="icon" href="/gone.svg"></head>'),
        ("news/index.html", HERE, "missing-file", "“/gone.svg” (link href)"),
    ),
    "a style sheet in a file": (
        ("news/index.html", "</head>", '<link rel="stylesheet" href="/theme/icon.svg"></head>'),
        (
            "news/index.html",
            HERE,
            "policy",
            "the security policy refuses the style sheet “/theme/icon.svg”",
        ),
    ),
    "a page without a policy": (
        ("news/index.html", page_policy.EMPTY, ""),
        ("news/index.html", None, "policy", f"write {page_policy.EMPTY} once"),
    ),
    "a page with two policies": (
        ("news/index.html", "</head>", page_policy.EMPTY + "</head>"),
        ("news/index.html", HERE, "policy", "does not begin with its one security policy"),
    ),
    "a policy that stands below what it should hold for": (
        ("news/index.html", page_policy.EMPTY, '<meta name="a" content="b">' + page_policy.EMPTY),
        ("news/index.html", HERE, "policy", "does not begin with its one security policy"),
    ),
    "an image that is not there, in a style sheet": (
        ("index.html", "main {", "main { background: url(gone.png);"),
        ("index.html", HERE, "missing-file", "“gone.png” (style)"),
    ),
    "an image that is not there, in single quotes": (
        ("index.html", "main {", "main { background: url( 'gone.png' );"),
        ("index.html", HERE, "missing-file", "“gone.png” (style)"),
    ),
    "an empty address in a style sheet": (
        ("index.html", "main {", 'main { background: url("");'),
        ("index.html", HERE, "empty-address", "style is empty"),
    ),
    "a picture for sharing that is not there": (
        ("news/index.html", "</head>", f'<meta property="og:image" content="{ADDRESS}/x"></head>'),
        ("news/index.html", HERE, "missing-file", "(meta og:image)"),
    ),
    "a picture for sharing without its whole address": (
        (
            "news/index.html",
            "</head>",
            '<meta property="og:image" content="/images/share.png"></head>',
        ),
        ("news/index.html", HERE, "share-picture", "“/images/share.png” is not absolute"),
    ),
    "an image of another site": (
        (
            "index.html",
            "<picture>",
            '<img src="//x.example/a" alt="" width="1" height="1"><picture>',
        ),
        ("index.html", HERE, "third-party", "“//x.example/a” (img src)"),
    ),
    "a style sheet of another site, imported": (
        ("index.html", "main {", '@import "https://cdn.example/a.css"; main {'),
        ("index.html", HERE, "third-party", "“https://cdn.example/a.css”"),
    ),
    "a connection to another site": (
        ("news/index.html", "</head>", '<link rel="preconnect" href="https://x.example"></head>'),
        ("news/index.html", HERE, "third-party", "“https://x.example” (link href)"),
    ),
    "a translation that is only told to machines": (
        ("index.html", '<a href="en/" lang="en">English</a>', ""),
        ("en/index.html", None, "orphan", "no page leads to it"),
    ),
    "a page in the language of another folder": (
        ("news/index.html", 'lang="fr"', 'lang="en"'),
        ("news/index.html", HERE, "lang", 'write lang="fr"'),
    ),
    "a page without a language": (
        ("news/index.html", ' lang="fr"', ""),
        ("news/index.html", HERE, "lang", "<html> says “”"),
    ),
    "a page without an html element": (
        ("news/index.html", '<html lang="fr">', ""),
        ("news/index.html", None, "lang", "<html> says “”"),
    ),
    "a page without a title": (
        ("news/index.html", "<title>Page /news/</title>", "<svg><title>Dessin</title></svg>"),
        ("news/index.html", None, "title", "there is none"),
    ),
    "a page with two titles": (
        ("news/index.html", "</head>", "<title>Autre</title></head>"),
        ("news/index.html", None, "title", "there are 2 of them"),
    ),
    "two pages of the same title": (
        ("news/page/2/index.html", "<title>Page /news/page/2/", "<title>Page /news/"),
        ("news/page/2/index.html", None, "same-title", "“Page /news/” is also that of news/index"),
    ),
    "a page without a description": (
        ("news/index.html", 'content="De /news/"', 'content=" "'),
        ("news/index.html", None, "description", "there is none"),
    ),
    "two pages of the same description": (
        ("news/page/2/index.html", 'content="De /news/page/2/"', 'content="De /news/"'),
        ("news/page/2/index.html", None, "same-description", "is also that of news/index.html"),
    ),
    "a page without an h1": (
        ("news/index.html", "<h1>Page /news/</h1>", ""),
        ("news/index.html", None, "one-h1", "there are 0 h1 elements"),
    ),
    "a page with two h1": (
        ("news/index.html", "<a ", "<h1>Autre</h1><a "),
        ("news/index.html", HERE, "one-h1", "there are 2 h1 elements"),
    ),
    "a heading two levels below the one before": (
        ("news/index.html", "<a ", "<h2>Un</h2><h4>Deux</h4><a "),
        ("news/index.html", HERE, "heading-level", "“Deux” is an h4 after h2; make it an h3"),
    ),
    "a heading before the h1": (
        ("news/index.html", "<main", "<h2>Avant</h2><main"),
        ("news/index.html", HERE, "heading-level", "“Avant” is an h2 after the start of the page"),
    ),
    "an image without an alternative": (
        ("index.html", 'alt="" width', "width"),
        ("index.html", HERE, "img-alt", "“images/photo.jpg” has no alt attribute"),
    ),
    "an image without its size": (
        ("index.html", 'width="40" ', ""),
        ("index.html", HERE, "img-size", "“images/photo.jpg” does not say its width and height"),
    ),
    "a script": (
        ("news/index.html", "<a ", "<script>1</script><a "),
        ("news/index.html", HERE, "script", "there is a script"),
    ),
    "a script in an address": (
        ("news/index.html", "<a ", '<a href="JavaScript:go()">Aller</a><a '),
        ("news/index.html", HERE, "script", "<a href> holds a script"),
    ),
    "a style attribute": (
        ("news/index.html", "<a ", '<a style="color: red" '),
        ("news/index.html", HERE, "style-attribute", "<a style>"),
    ),
    "an event handler": (
        ("news/index.html", "<a ", '<a onclick="go()" '),
        ("news/index.html", HERE, "event-handler", "<a onclick>"),
    ),
    "a page whose canonical address is another's": (
        ("news/page/2/index.html", f'"{ADDRESS}/news/page/2/"', f'"{ADDRESS}/news/"'),
        ("news/page/2/index.html", None, "canonical", f"write “{ADDRESS}/news/page/2/”"),
    ),
    "a page without a canonical address": (
        ("news/index.html", '<link rel="canonical" href="https://example.org/news/">', ""),
        ("news/index.html", None, "canonical", "the page does not name its own address"),
    ),
    "a canonical address of another page where none is needed": (
        ("404.html", "</head>", f'<link rel="canonical" href="{ADDRESS}/"></head>'),
        ("404.html", None, "canonical", f"the page names “{ADDRESS}/” as its own address"),
    ),
    "a canonical address that is not absolute": (
        ("news/index.html", f'"{ADDRESS}/news/"', '"/news/"'),
        ("news/index.html", None, "canonical", "the page names “/news/” as its own address"),
    ),
    "a robots.txt that names a sitemap elsewhere": (
        ("robots.txt", ADDRESS, "http://localhost:8000"),
        ("robots.txt", None, "robots", f"the sitemap; write “Sitemap: {ADDRESS}/sitemap.xml”"),
    ),
    "a sitemap that leaves a page out": (
        ("sitemap.xml", f"<url><loc>{ADDRESS}/news/</loc><lastmod>2012-03</lastmod>\n</url>", ""),
        ("sitemap.xml", None, "sitemap", "news/index.html is not in it"),
    ),
    "a sitemap that lists a page twice": (
        ("sitemap.xml", "</urlset>", f"<url><loc>{ADDRESS}/news/</loc></url></urlset>"),
        ("sitemap.xml", None, "sitemap", f"“{ADDRESS}/news/” is listed twice"),
    ),
    "a sitemap that lists a page that is not there": (
        ("sitemap.xml", "</urlset>", f"<url><loc>{ADDRESS}/gone/</loc></url></urlset>"),
        ("sitemap.xml", None, "sitemap", f"“{ADDRESS}/gone/” is no page's own address"),
    ),
    "a sitemap with an entry that names nothing": (
        ("sitemap.xml", "</urlset>", "<url></url></urlset>"),
        ("sitemap.xml", None, "sitemap", "“” is no page's own address"),
    ),
    "a sitemap that lists a page by another address": (
        ("sitemap.xml", "</urlset>", f"<url><loc>{ADDRESS}/news/index.html</loc></url></urlset>"),
        ("sitemap.xml", None, "sitemap", f"“{ADDRESS}/news/index.html” is no page's own"),
    ),
    "a sitemap that lists a page not to be indexed": (
        ("sitemap.xml", "</urlset>", f"<url><loc>{ADDRESS}/404.html</loc></url></urlset>"),
        ("sitemap.xml", None, "sitemap", f"“{ADDRESS}/404.html” is not to be indexed"),
    ),
    "a sitemap with a date that is none": (
        ("sitemap.xml", "2012-03", "2012-13"),
        ("sitemap.xml", None, "sitemap", "“2012-13”"),
    ),
    "a sitemap that does not name a counterpart": (
        ("sitemap.xml", f'<x:link rel="alternate" hreflang="en" href="{ADDRESS}/en/"/>', ""),
        ("sitemap.xml", None, "sitemap", f"the alternates of “{ADDRESS}/” are not those"),
    ),
    "a sitemap that cannot be read": (
        ("sitemap.xml", "</urlset>", "<url></urlset>"),
        ("sitemap.xml", HERE, "xml", "mismatched tag"),
    ),
    "a feed that cannot be read": (
        ("flux.xml", "Une nouvelle", "Une & nouvelle"),
        ("flux.xml", HERE, "xml", "escape & and <"),
    ),
    "a feed of another address": (
        ("flux.xml", f"{ADDRESS}/flux.xml", f"{ADDRESS}/en/feed.xml"),
        ("flux.xml", None, "feed", "it does not name its own address"),
    ),
    "a feed without a date": (
        (
            "flux.xml",
            "<id>urn:uuid:0</id><updated>2012-03-01T00:00:00+01:00</updated>",
            "<id>0</id>",
        ),
        ("flux.xml", None, "feed", "the feed has no updated"),
    ),
    "an entry without an id": (
        ("flux.xml", "<id>urn:uuid:1</id>", ""),
        ("flux.xml", None, "feed", "entry 1 (“Une nouvelle”) has no id"),
    ),
    "an entry without a title": (
        ("flux.xml", "<title>Une nouvelle</title>", ""),
        ("flux.xml", None, "feed", "entry 1 (“”) has no title"),
    ),
    "an entry dated to the day": (
        ("flux.xml", ":1</id><updated>2012-03-01T00:00:00+01:00", ":1</id><updated>2012-03-01"),
        (
            "flux.xml",
            None,
            "feed",
            "“2012-03-01”, updated of entry 1 (“Une nouvelle”), is no moment",
        ),
    ),
    "an entry of a day that there is not": (
        ("flux.xml", "<entry>", "<entry><published>2012-02-30T00:00:00Z</published>"),
        ("flux.xml", None, "feed", "“2012-02-30T00:00:00Z”, published of entry 1"),
    ),
    "an entry with the id of another": (
        (
            "flux.xml",
            "</feed>",
            "<entry><title>B</title><id>urn:uuid:1</id><updated>2013-01-01T00:00:00Z</updated>"
            f'<link href="{ADDRESS}/"/><content type="html">Texte</content></entry></feed>',
        ),
        ("flux.xml", None, "feed", "entry 2 (“B”) has the id of another"),
    ),
    "an entry that leads to no page": (
        ("flux.xml", f"{ADDRESS}/news/", f"{ADDRESS}/gone/"),
        ("flux.xml", None, "feed", f"“{ADDRESS}/gone/”, the link of entry 1"),
    ),
    "an entry that names its page by another address": (
        ("flux.xml", f"{ADDRESS}/news/", f"{ADDRESS}/news/index.html"),
        ("flux.xml", None, "feed", f"“{ADDRESS}/news/index.html”, the link of entry 1"),
    ),
    "an entry whose link is not absolute": (
        ("flux.xml", f'"{ADDRESS}/news/"', '"/news/"'),
        ("flux.xml", None, "feed", "“/news/”, the link of entry 1"),
    ),
    "an entry without a link": (
        ("flux.xml", f'<link rel="alternate" href="{ADDRESS}/news/"/>', ""),
        ("flux.xml", None, "feed", "entry 1 (“Une nouvelle”) has no link"),
    ),
    "an entry without content": (
        (
            "flux.xml",
            f'&lt;p&gt;&lt;a href="{ADDRESS}/"&gt;Accueil&lt;/a&gt;&lt;/p&gt;',
            " ",
        ),
        ("flux.xml", None, "feed", "has no content"),
    ),
    "an entry without an element of content": (
        (
            "flux.xml",
            "</feed>",
            "<entry><title>B</title><id>urn:uuid:2</id><updated>2013-01-01T00:00:00Z</updated>"
            f'<link href="{ADDRESS}/"/></entry></feed>',
        ),
        ("flux.xml", None, "feed", "entry 2 (“B”) has no content"),
    ),
    "an entry whose content is not said to be HTML": (
        ("flux.xml", '<content type="html">', "<content>"),
        ("flux.xml", None, "feed", "is not HTML"),
    ),
    "an entry with a relative link in its text": (
        ("flux.xml", f'a href="{ADDRESS}/"', 'a href="/news/"'),
        ("flux.xml", None, "feed", "“/news/” (a href) in entry 1 (“Une nouvelle”) is not absolute"),
    ),
    "an entry with a broken link in its text": (
        ("flux.xml", f'a href="{ADDRESS}/"', f'a href="{ADDRESS}/gone/"'),
        ("flux.xml", None, "feed", f"“{ADDRESS}/gone/” (a href) leads to no file, in entry 1"),
    ),
}
# What is wrong -> a file and its text, None to remove it, and every fault that follows.
WRONG_FILES = {
    "a picture that no page shows": ("images/old.png", "x", ["images/old.png: orphan: no page"]),
    "a file beside another": ("index.html.bak", "x", ["index.html.bak: orphan: no page"]),
    "a compressed file without its original": ("old.css.br", "x", ["old.css.br: orphan: no page"]),
    "a style sheet that no page loads": (
        "theme/old.css",
        "a{}",
        ["theme/old.css: orphan: no page"],
    ),
    "a page that only leads to itself": (
        "old/index.html",
        page("/old/", '<a href="/old/">Elle-même</a>'),
        ["old/index.html: orphan: no page", "sitemap.xml: sitemap: old/index.html is not in it"],
    ),
    "a site without robots.txt": ("robots.txt", None, ["robots.txt: robots: there is none"]),
    "a site without a sitemap": ("sitemap.xml", None, ["sitemap.xml: sitemap: there is none"]),
    "a site without its feed": ("flux.xml", None, ["flux.xml: feed: there is no feed in “fr”"]),
    "a site without its English feed": (
        "en/feed.xml",
        None,
        ["en/feed.xml: feed: there is no feed in “en”"],
    ),
    "a site without a home page": ("index.html", None, ["index.html: home: there is no home page"]),
    "another file of XML that cannot be read": (
        "news/a.xml",
        "<a>",
        ["news/a.xml: orphan: no page leads to it", "news/a.xml:1: xml: it cannot be read"],
    ),
}
# Elements that name an address, each with one that leads nowhere.
NAMING = [
    '<a href="/gone">a</a>',
    '<area href="/gone">',
    '<audio src="/gone"></audio>',
    '<blockquote cite="/gone"></blockquote>',
    '<del cite="/gone"></del>',
    '<embed src="/gone">',
    '<form action="/gone"></form>',
    '<iframe src="/gone"></iframe>',
    '<input src="/gone">',
    '<ins cite="/gone"></ins>',
    '<link rel="icon" href="/gone">',
    '<link rel="next" href="/gone">',
    '<link rel="preload" imagesrcset="/images/photo.avif, /gone 2x">',
    '<object data="/gone"></object>',
    '<q cite="/gone"></q>',
    '<source src="/gone">',
    '<svg><image href="/gone"/></svg>',
    '<svg><image xlink:href="/gone"/></svg>',
    '<svg><use href="/gone"/></svg>',
    '<svg><use xlink:href="/gone"/></svg>',
    '<track src="/gone">',
    '<video src="/gone"></video>',
]
FINE = [
    '<a href="#top">the top of any page</a>',
    '<a href="/news/#:~:text=Page">words of a page</a>',
    '<a href="/news/?page=1">a query</a>',
    '<a href="tel:+33400000000">a telephone</a>',
    '<a href="http://example.org/news/">the same host</a>',
    '<a href="/images/photo.jpg#xywh=1,1,2,2">a part of a file that is no page</a>',
    '<img src="data:image/png;base64,AA" alt="">',
    '<link rel="preload" as="image" imagesrcset="/images/photo.avif 1x,/images/large.avif 2x">',
    '<link rel="alternate" href="/news/">',
    '<link rel="alternate" hreflang="fr" type="application/atom+xml" href="/flux.xml">',
    '<link rel="next" hreflang="fr" href="/news/">',
    "<style></style>",
    '<link rel="license" href="https://elsewhere.example/">',
]
FINE_FILES = [
    "theme/fonts/LICENSE.txt",
    "index.html.br",
    "index.html.gz",
    "index.html.zst",
    ".well-known/security.txt",
    "favicon.ico",
]


SEARCH = "recherche/index.html"


def filled(files: dict[str, str]) -> dict[str, str]:
    """The files with the policy of each page, as the build puts it there."""
    return {file: page_policy.filled(text, searches=file == SEARCH) for file, text in files.items()}


def check(folder, files: dict[str, str], address: str = ADDRESS):
    return check_site(BuiltSite(sites.write(folder, filled(files))), address)


def keys(faults) -> list[tuple[str, str]]:
    return [(fault.path, fault.key) for fault in faults]


def test_a_site_without_fault_gives_none(tmp_path):
    assert check(tmp_path, CLEAN) == []


@pytest.mark.parametrize("wrong", WRONG_TEXTS)
def test_what_is_wrong_in_a_text_is_told_once_with_its_place(tmp_path, wrong):
    (file, old, new), (path, line, key, words) = WRONG_TEXTS[wrong]
    before, found, after = CLEAN[file].partition(old)
    assert found
    faults = check(tmp_path, CLEAN | {file: before + new + after})
    assert keys(faults) == [(path, key)]
    assert faults[0].line == (before.count("\n") + 1 if line is HERE else line)
    assert words in str(faults[0])


@pytest.mark.parametrize("wrong", WRONG_FILES)
def test_a_file_too_many_or_too_few_is_told(tmp_path, wrong):
    file, text, expected = WRONG_FILES[wrong]
    files = CLEAN | {file: text}
    faults = check(tmp_path, {name: text for name, text in files.items() if text is not None})
    assert len(faults) == len(expected)
    for fault, start in zip(faults, expected, strict=True):
        assert str(fault).startswith(start)


@pytest.mark.parametrize("element", NAMING)
def test_each_element_that_names_an_address_is_looked_at(tmp_path, element):
    faults = check(tmp_path, CLEAN | {"404.html": page("/404.html", element, noindex=True)})
    assert [fault.path for fault in faults] == ["404.html"]
    assert "“/gone”" in str(faults[0].problem)


@pytest.mark.parametrize("element", FINE)
def test_an_address_that_is_right_is_not_complained_about(tmp_path, element):
    assert check(tmp_path, CLEAN | {"404.html": page("/404.html", element, noindex=True)}) == []


@pytest.mark.parametrize("file", FINE_FILES)
def test_a_file_that_is_found_by_its_name_needs_no_link(tmp_path, file):
    assert check(tmp_path, CLEAN | {file: "x"}) == []


ALTERNATE = '<link rel="alternate" hreflang="{}" href="{}"/>'


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            ALTERNATE.format("x-default", f"{ADDRESS}/"),
            "",
            {"index.html": "does not name the same", "en/index.html": "there is no x-default"},
            id="no default",
        ),
        pytest.param(
            ALTERNATE.format("en", f"{ADDRESS}/en/"),
            "",
            {"index.html": "does not name the same", "en/index.html": "name itself as “en”"},
            id="not itself",
        ),
        pytest.param(
            ALTERNATE.format("fr", f"{ADDRESS}/"),
            ALTERNATE.format("fr", f"{ADDRESS}/gone/"),
            {"index.html": "does not name the same", "en/index.html": "is no page's own address"},
            id="a page that is not there",
        ),
        pytest.param(
            ALTERNATE.format("fr", f"{ADDRESS}/"),
            ALTERNATE.format("fr", "/"),
            {
                "index.html": "does not name the same",
                "en/index.html": "“/” is no page's own address",
            },
            id="an address that is not absolute",
        ),
        pytest.param(
            ALTERNATE.format("fr", f"{ADDRESS}/"),
            ALTERNATE.format("de", f"{ADDRESS}/"),
            {"index.html": "does not name the same", "en/index.html": "the same counterparts"},
            id="another language",
        ),
        pytest.param(
            "</head>",
            ALTERNATE.format("fr", f"{ADDRESS}/") + "</head>",
            {"en/index.html": "a language is named twice"},
            id="the same language twice",
        ),
    ],
)
def test_counterparts_that_disagree_are_told_on_both_pages(tmp_path, old, new, expected):
    assert old in CLEAN["en/index.html"]
    english = CLEAN["en/index.html"].replace(old, new, 1)
    faults = check(tmp_path, CLEAN | {"en/index.html": english})
    told = [fault for fault in faults if fault.key == "hreflang"]
    assert {fault.path for fault in told} == set(expected)
    for path, words in expected.items():
        assert any(words in str(fault.problem) for fault in told if fault.path == path), told


def test_a_counterpart_in_the_wrong_language_is_told(tmp_path):
    files = {
        file: text.replace('hreflang="en"', 'hreflang="de"')
        for file, text in CLEAN.items()
        if file in ("index.html", "en/index.html")
    }
    faults = check(tmp_path, CLEAN | files)
    problems = [str(fault.problem) for fault in faults if fault.path == "index.html"]
    assert problems == ["en/index.html is in “en”, not in “de”"]


def test_a_page_that_is_not_to_be_indexed_needs_no_canonical_address_and_no_sitemap(tmp_path):
    link = '<a href="/news/old/">Avant</a>'
    old = page("/news/old/", noindex=True)
    files = {"news/page/2/index.html": page("/news/page/2/", link), "news/old/index.html": old}
    assert check(tmp_path, CLEAN | files) == []


def test_a_404_page_may_leave_out_that_it_is_not_to_be_indexed(tmp_path):
    bare = page("/404.html").replace(f'<link rel="canonical" href="{ADDRESS}/404.html">', "")
    assert check(tmp_path, CLEAN | {"404.html": bare}) == []


def test_a_site_in_one_language_is_whole(tmp_path):
    french = {name: text for name, text in CLEAN.items() if not name.startswith("en/")}
    french["index.html"] = page("/", HOME.replace("en/", "/"), head=HEAD)
    french["sitemap.xml"] = sitemap(("/", None), ("/news/", None), ("/news/page/2/", None))
    assert check(tmp_path, french) == []


def test_a_page_and_one_in_the_other_language_may_have_one_title(tmp_path):
    """A site may have the same name, and a page “Contact”, in both."""
    words = CLEAN["en/index.html"].replace("<title>Page /en/", "<title>Page /")
    words = words.replace('content="De /en/"', 'content="De /"')
    assert check(tmp_path, CLEAN | {"en/index.html": words}) == []


def test_faults_come_sorted_by_file_and_line(tmp_path):
    body = '<a href="/un/">Un</a>\n<a href="/deux/">Deux</a>'
    faults = check(tmp_path, CLEAN | {"news/index.html": page("/news/", body), "a.txt": "x"})
    assert [(fault.path, fault.line) for fault in faults] == [
        ("a.txt", None),
        ("news/index.html", 8),
        ("news/index.html", 9),
    ]


def test_a_site_below_a_folder_is_checked_at_its_own_address(tmp_path):
    """Each path-absolute address has to name the folder: "/news/" would be another site's page."""
    below = {
        file: re.sub(r'(["\s])/(?=[a-z"])', r"\1/blog/", text.replace(ADDRESS, f"{ADDRESS}/blog"))
        for file, text in CLEAN.items()
    }
    assert check(tmp_path, below, f"{ADDRESS}/blog/") == []
    below["news/index.html"] = below["news/index.html"].replace("../", "/")
    faults = check(tmp_path, below, f"{ADDRESS}/blog")
    assert keys(faults) == [("news/index.html", "broken-link")]


def test_letters_with_accents_and_spaces_are_found_by_their_encoded_address(tmp_path):
    files = CLEAN | {
        "news/index.html": page("/news/", '<a href="%C3%A9t%C3%A9%201.pdf#page=2">Lire</a>'),
        "news/été 1.pdf": "x",
    }
    assert check(tmp_path, files) == []


@pytest.mark.parametrize(
    "text", ["2012", "2012-03", "2012-02-29", "2012-03-01T10:00Z", "2012-03-01T10:00:00.5+01:00"]
)
def test_a_sitemap_may_say_a_date_as_short_as_it_is_known(text):
    assert is_sitemap_date(text)


@pytest.mark.parametrize(
    "text", ["", "12", "2012-3", "2013-02-29", "mars 2012", "2012-03-01T10:00", "2012-03-01 10:00Z"]
)
def test_a_sitemap_may_not_say_what_is_no_date(text):
    assert not is_sitemap_date(text)


def test_the_feeds_are_those_that_the_settings_name(tmp_path, monkeypatch):
    addresses = {lang: dict(patterns) for lang, patterns in pelicanconf.ADDRESSES.items()}
    addresses["fr"]["feed"] = "nouvelles.xml"
    monkeypatch.setattr("pelicanconf.ADDRESSES", addresses)
    faults = check_site(BuiltSite(sites.write(tmp_path, CLEAN)), ADDRESS)
    assert [fault.path for fault in faults if fault.key == "feed"] == ["nouvelles.xml"]


@pytest.mark.parametrize("file", ["index.html", "ancien/index.html"])
def test_a_page_that_changes_after_its_policy_was_made_is_told(tmp_path, file):
    old = redirects.redirect_page("/news/", ADDRESS, "Page /news/", "fr")
    files = filled(CLEAN | {"ancien/index.html": old})
    assert check_site(BuiltSite(sites.write(tmp_path, files)), ADDRESS) == []
    changed = files[file].replace("</head>", "<style>a{}</style></head>")
    (fault,) = check_site(BuiltSite(sites.write(tmp_path, {file: changed})), ADDRESS)
    assert str(fault).startswith(f"{file}:")
    assert "policy: the security policy is not that of the page's style sheets" in str(fault)


def test_the_command_prints_each_fault_and_fails(tmp_path, capsys):
    sites.write(tmp_path, filled(CLEAN | {"old.txt": "x"}))
    assert main([str(tmp_path), "--site-address", ADDRESS]) == 1
    expected = "old.txt: orphan: no page leads to it; link to it, or leave it out of the output\n"
    assert capsys.readouterr().out == expected


def test_the_command_knows_the_address_of_the_settings(tmp_path, monkeypatch):
    monkeypatch.setattr("pelicanconf.SITE_URL", ADDRESS)
    assert main([str(sites.write(tmp_path, filled(CLEAN)))]) == 0


def test_the_command_counts_pages_and_links_where_nothing_is_wrong(tmp_path, capsys):
    sites.write(tmp_path, filled(CLEAN))
    assert main([str(tmp_path), "--site-address", ADDRESS]) == 0
    assert capsys.readouterr().out == "6 pages, 25 links: no fault\n"


def redirected(tmp_path, new: str, home: str = HOME) -> list[str]:
    """The faults of the clean site with an old address that leads to a new one."""
    files = CLEAN | {
        "ancien/index.html": redirects.redirect_page(new, ADDRESS, "Page /news/", "fr"),
        "index.html": page("/", home, head=HEAD, pair=PAIR),
    }
    return list(map(str, check_site(BuiltSite(sites.write(tmp_path, filled(files))), ADDRESS)))


def test_an_old_address_needs_no_link_no_description_and_no_title_of_its_own(tmp_path):
    assert redirected(tmp_path, "/news/") == []


def test_an_old_address_that_leads_nowhere_is_told(tmp_path):
    (fault,) = redirected(tmp_path, "/gone/")
    assert fault.startswith("ancien/index.html: broken-link: “/gone/” (refresh) leads to no file")


def test_an_old_address_that_leads_to_another_is_told(tmp_path):
    (fault,) = redirected(tmp_path, "/ancien/")
    assert fault.startswith("ancien/index.html: old-address: ")


def test_a_link_to_an_old_address_is_told_the_new_one(tmp_path):
    (fault,) = redirected(tmp_path, "/news/", HOME + '<a href="/ancien/">Avant</a>')
    assert (
        "old-address: “/ancien/” (a href) is an old address; write the new one, “/news/”" in fault
    )


@pytest.mark.parametrize(
    ("element", "is_script"),
    [
        ('<meta name="description" content="javascript: dix ans déjà">', False),
        ('<img alt="javascript: le livre" src="/a.png">', False),
        ('<a href=" JavaScript:go()">x</a>', True),
        ('<svg><a xlink:href="javascript:go()">x</a></svg>', True),
        ('<form action="javascript:go()"></form>', True),
    ],
)
def test_words_are_no_script_and_an_address_may_be_one(element, is_script):
    found = page_checks.check_scripts_and_styles("a.html", Markup(element))
    assert bool(found) is is_script


# --- The search -----------------------------------------------------------------------------

SCRIPT = '<script type="module" src="/theme/search-0123456789ab.js"></script>'
INDEX = {
    "files": [[0, "texts-0123456789ab.json"]],
    "texts": [["Accueil", "/", 0, ""], ["Page", "/news/", 3, ""]],
}


def with_search(script=SCRIPT, index=INDEX, file=SEARCH) -> dict[str, str]:
    """A clean site with a page that searches, its script, its index and its texts."""
    form = '<form data-index="index-0123456789ab.json"></form>'
    address = f"/{file.removesuffix('index.html')}"
    home = HOME + f'<a href="{address}">Recherche</a>'
    return CLEAN | {
        "index.html": page("/", home, head=HEAD, pair=PAIR),
        file: page(address, form + script, noindex=True),
        "theme/search-0123456789ab.js": "1",
        f"{address[1:]}index-0123456789ab.json": json.dumps(index),
        f"{address[1:]}texts-0123456789ab.json": "[]",
    }


def test_the_page_that_searches_has_a_script_an_index_and_its_texts(tmp_path):
    assert check(tmp_path, with_search()) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"file": "themes/index.html"}, [("themes/index.html", "script")]),
        ({"script": SCRIPT.replace("><", ">1<")}, [(SEARCH, "script")]),
        (
            {"script": SCRIPT.replace("/theme/", "https://a.example/")},
            [
                (SEARCH, "script"),
                (SEARCH, "third-party"),
                ("theme/search-0123456789ab.js", "orphan"),
            ],
        ),
        (
            {"index": INDEX | {"texts": [["Caché", "/news/cache/", 3, ""]]}},
            [("recherche/index-0123456789ab.json", "broken-link")],
        ),
        (
            {"index": INDEX | {"files": [[0, "texts-ffffffffffff.json"]]}},
            [
                ("recherche/index-0123456789ab.json", "missing-file"),
                ("recherche/texts-0123456789ab.json", "orphan"),
            ],
        ),
    ],
    ids=["on another page", "in the page", "of another site", "a page not there", "no such texts"],
)
def test_what_is_wrong_with_the_search_is_told(tmp_path, change, expected):
    assert sorted(keys(check(tmp_path, with_search(**change)))) == expected


def test_the_policy_of_the_search_is_no_other_page_s(tmp_path):
    files = filled(with_search())
    narrow, wide = (page_policy.filled(page_policy.EMPTY, searches=s) for s in (False, True))
    swapped = files | {
        SEARCH: files[SEARCH].replace(wide, narrow),
        "news/index.html": page_policy.filled(CLEAN["news/index.html"], searches=True),
    }
    found = check_site(BuiltSite(sites.write(tmp_path, swapped)), ADDRESS)
    assert keys(found) == [("news/index.html", "policy"), (SEARCH, "policy")]
