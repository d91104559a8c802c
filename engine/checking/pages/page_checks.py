"""Check one page by itself.

A check returns a list of faults. To add one, write it and name it in PAGE_CHECKS.
"""

import re
from itertools import pairwise

from bs4 import Tag

from engine.faults import Fault, Message
from engine.languages import LANGUAGES, language_of
from engine.pages import page_policy
from engine.pages.markup import Markup, rel, scheme, share_pictures, value, words

_POLICY = page_policy.NAME.lower()
# The attributes whose values are addresses; "javascript:" runs in no other.
_ADDRESSES = {
    *("action", "background", "cite", "data", "formaction", "href", "longdesc", "ping", "poster"),
    *("src", "usemap", "xlink:href"),
    # SVG animations can set an address.
    *("by", "from", "to", "values"),
}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def feeds() -> dict[str, str]:
    """Map each language to the path of its feed, as the settings name it."""
    from pelicanconf import ADDRESSES  # noqa: PLC0415 - it loads Pelican, which is slow

    return {lang: LANGUAGES[lang].root + patterns["feed"] for lang, patterns in ADDRESSES.items()}


def search_pages() -> set[str]:
    """Return the files of the search pages, relative to the output, from the settings."""
    from pelicanconf import ADDRESSES  # noqa: PLC0415 - it loads Pelican, which no check needs

    return {
        f"{LANGUAGES[lang].root}{patterns['search']}index.html"
        for lang, patterns in ADDRESSES.items()
    }


def check_language(path: str, markup: Markup) -> list[Fault]:
    """Check that `<html lang>` is the language of the page's folder."""
    html = next(iter(markup.named("html")), None)
    lang, expected = value(html, "lang"), language_of(path)
    if lang == expected:
        return []
    problem = Message(
        "<html> says “{language}”, and its folder is that of “{expected}”",
        language=lang,
        expected=expected,
    )
    remedy = Message('write lang="{expected}"', expected=expected)
    return [Fault(path, html and html.sourceline, "lang", problem, remedy, "language")]


def check_headings(path: str, markup: Markup) -> list[Fault]:
    """Check that there is one h1, first, and that no level is skipped downwards."""
    faults = []
    tops = markup.named("h1")
    if len(tops) != 1:
        line = tops[1].sourceline if tops else None
        problem = Message("there are {count} h1 elements", count=len(tops))
        remedy = Message("leave one, the page's title")
        faults.append(Fault(path, line, "one-h1", problem, remedy))
    headings = [tag for tag in markup.elements if tag.name in HEADINGS]
    levels = [0, *(int(heading.name[1]) for heading in headings)]
    for heading, (above, level) in zip(headings, pairwise(levels), strict=True):
        if level > above + 1:
            title = words(heading)
            problem = Message(
                "“{heading}” is an h{level} after h{above}", heading=title, level=level, above=above
            )
            if not above:
                problem = Message(
                    "“{heading}” is an h{level} after the start of the page",
                    heading=title,
                    level=level,
                )
            remedy = Message("make it an h{level}", level=above + 1)
            faults.append(Fault(path, heading.sourceline, "heading-level", problem, remedy))
    return faults


def check_ids(path: str, markup: Markup) -> list[Fault]:
    """Check that each id names one element."""
    faults, seen = [], set()
    for tag in markup.elements:
        name = tag.get("id")
        if name in seen and name is not None:
            problem = Message("“{id}” names a second element", id=name)
            remedy = Message("give each element its own id")
            faults.append(Fault(path, tag.sourceline, "duplicate-id", problem, remedy))
        seen.add(name)
    return faults


def check_images(path: str, markup: Markup) -> list[Fault]:
    """Check that each image has an alternative and its dimensions, which reserve its space."""
    faults = []
    for image in markup.named("img"):
        address = value(image, "src")
        if not image.has_attr("alt"):
            problem = Message("the image “{address}” has no alt attribute", address=address)
            remedy = Message('describe it, or write alt="" where it only decorates')
            faults.append(Fault(path, image.sourceline, "img-alt", problem, remedy))
        sizes = (value(image, "width"), value(image, "height"))
        if not address.startswith("data:") and not all(
            re.fullmatch("[0-9]+", size) for size in sizes
        ):
            problem = Message(
                "the image “{address}” does not say its width and height", address=address
            )
            remedy = Message("write both, in pixels: the text then does not move when it arrives")
            faults.append(Fault(path, image.sourceline, "img-size", problem, remedy))
    return faults


def check_scripts_and_styles(path: str, markup: Markup) -> list[Fault]:
    """Check that there is no script, style attribute or event handler: the policy forbids them."""
    faults = []

    def complain(tag: Tag, key: str, problem: Message, remedy: Message) -> None:
        faults.append(Fault(path, tag.sourceline, key, problem, remedy))

    for tag in markup.elements:
        if tag.name == "script" and not (path in search_pages() and is_search_script(tag)):
            remedy = Message("leave it out: no page needs one but that of the search, in a file")
            complain(tag, "script", Message("there is a script"), remedy)
        for attribute in tag.attrs:
            place = f"<{tag.name} {attribute}>"
            if attribute == "style":
                problem = Message("{place} holds a style", place=place)
                remedy = Message("put the rule into the theme's style sheet")
                complain(tag, "style-attribute", problem, remedy)
            elif attribute.startswith("on"):
                problem = Message("{place} holds a script", place=place)
                complain(tag, "event-handler", problem, Message("leave it out"))
            elif attribute in _ADDRESSES and _is_script(value(tag, attribute)):
                problem = Message("{place} holds a script", place=place)
                complain(tag, "script", problem, Message("write a real address"))
    return faults


def is_search_script(script: Tag) -> bool:
    """Tell whether a script element only names a file of the site."""
    return value(script, "src").startswith("/") and not words(script)


def _is_script(address: str) -> bool:
    return address.lstrip().lower().startswith("javascript:")


def check_policy(path: str, markup: Markup) -> list[Fault]:
    """Check that the head begins with one policy, which allows the page's style sheets."""
    metas = [m for m in markup.named("meta") if value(m, "http-equiv").lower() == _POLICY]
    head = next(iter(markup.named("head")), None)
    line = metas[-1].sourceline if metas else None
    if len(metas) != 1 or metas[0] is not (head and head.find(True)):
        problem = Message("the page does not begin with its one security policy")
        remedy = Message(
            "write {element} once in its template, first in <head>", element=page_policy.EMPTY
        )
        return [Fault(path, line, "policy", problem, remedy)]
    styles = [style.string or "" for style in markup.named("style")]
    expected = page_policy.policy(page_policy.digests(styles), searches=path in search_pages())
    if value(metas[0], "content") != expected:
        problem = Message("the security policy is not that of the page's style sheets")
        remedy = Message("build again; nothing else may change pages")
        return [Fault(path, line, "policy", problem, remedy)]
    faults = []
    for link in markup.named("link"):
        if "stylesheet" in rel(link):
            address = value(link, "href")
            problem = Message(
                "the security policy refuses the style sheet “{address}”", address=address
            )
            remedy = Message(
                "put its rules into theme/static/css, from where the build puts them into the page"
            )
            faults.append(Fault(path, link.sourceline, "policy", problem, remedy))
    return faults


def check_share_pictures(path: str, markup: Markup) -> list[Fault]:
    """Check that the addresses of share pictures are absolute."""
    faults = []
    for meta in share_pictures(markup):
        address = value(meta, "content")
        if not scheme(address):
            problem = Message("“{address}” is not absolute", address=address)
            remedy = Message("write its whole address, from https:// on: other sites load it")
            faults.append(Fault(path, meta.sourceline, "share-picture", problem, remedy))
    return faults


PAGE_CHECKS = (
    check_language,
    check_headings,
    check_ids,
    check_images,
    check_share_pictures,
    check_scripts_and_styles,
    check_policy,
)
# The checks of a page that redirects to another.
REDIRECT_CHECKS = (check_policy,)
