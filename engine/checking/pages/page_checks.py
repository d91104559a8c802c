"""What can be told of one page alone: a check returns a list of faults; name it in PAGE_CHECKS."""

import re
from itertools import pairwise

from bs4 import Tag

from engine.faults import Fault
from engine.languages import LANGUAGES, language_of
from engine.pages import page_policy
from engine.pages.markup import Markup, rel, scheme, share_pictures, value, words

_POLICY = page_policy.NAME.lower()
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def feeds() -> dict[str, str]:
    """Language -> the file of its feed, below the output, as the settings name it."""
    from pelicanconf import ADDRESSES  # noqa: PLC0415 - it loads Pelican, which no check needs

    return {lang: LANGUAGES[lang].root + patterns["feed"] for lang, patterns in ADDRESSES.items()}


def check_language(path: str, markup: Markup) -> list[Fault]:
    """`<html lang>` is the language of the page's folder."""
    html = next(iter(markup.named("html")), None)
    lang, expected = value(html, "lang"), language_of(path)
    if lang == expected:
        return []
    problem = f"<html> says “{lang}”, and its folder is that of “{expected}”"
    remedy = f'write lang="{expected}"'
    return [Fault(path, html and html.sourceline, "lang", problem, remedy, "language")]


def check_headings(path: str, markup: Markup) -> list[Fault]:
    """One h1, at the top; no level is skipped on the way down."""
    faults = []
    tops = markup.named("h1")
    if len(tops) != 1:
        line = tops[1].sourceline if tops else None
        problem, remedy = f"there are {len(tops)} h1 elements", "leave one, the page's title"
        faults.append(Fault(path, line, "one-h1", problem, remedy))
    headings = [tag for tag in markup.all if tag.name in HEADINGS]
    levels = [0, *(int(heading.name[1]) for heading in headings)]
    for heading, (above, level) in zip(headings, pairwise(levels), strict=True):
        if level > above + 1:
            before = f"h{above}" if above else "the start of the page"
            problem = f"“{words(heading)}” is an h{level} after {before}"
            remedy = f"make it an h{above + 1}"
            faults.append(Fault(path, heading.sourceline, "heading-level", problem, remedy))
    return faults


def check_ids(path: str, markup: Markup) -> list[Fault]:
    """An id names one element."""
    faults, seen = [], set()
    for tag in markup.all:
        name = tag.get("id")
        if name in seen and name is not None:
            problem = f"“{name}” names a second element"
            remedy = "give each element its own id"
            faults.append(Fault(path, tag.sourceline, "duplicate-id", problem, remedy))
        seen.add(name)
    return faults


def check_images(path: str, markup: Markup) -> list[Fault]:
    """Each image has an alternative, and the room that it takes is known before it is there."""
    faults = []
    for image in markup.named("img"):
        address = value(image, "src")
        if not image.has_attr("alt"):
            problem = f"the image “{address}” has no alt attribute"
            remedy = 'describe it, or write alt="" where it only decorates'
            faults.append(Fault(path, image.sourceline, "img-alt", problem, remedy))
        sizes = (value(image, "width"), value(image, "height"))
        if not address.startswith("data:") and not all(
            re.fullmatch("[0-9]+", size) for size in sizes
        ):
            problem = f"the image “{address}” does not tell its width and height"
            remedy = "write both, in pixels: the text then does not move when it arrives"
            faults.append(Fault(path, image.sourceline, "img-size", problem, remedy))
    return faults


def check_scripts_and_styles(path: str, markup: Markup) -> list[Fault]:
    """Nothing that the content security policy of the site forbids."""
    faults = []

    def complain(tag: Tag, key: str, problem: str, remedy: str) -> None:
        faults.append(Fault(path, tag.sourceline, key, problem, remedy))

    for tag in markup.all:
        if tag.name == "script":
            complain(tag, "script", "there is a script", "leave it out: no page needs one")
        for attribute in tag.attrs:
            place = f"<{tag.name} {attribute}>"
            if attribute == "style":
                remedy = "put the rule into the theme's style sheet"
                complain(tag, "style-attribute", f"{place} holds a style", remedy)
            elif attribute.startswith("on"):
                complain(tag, "event-handler", f"{place} holds a script", "leave it out")
            elif value(tag, attribute).lstrip().lower().startswith("javascript:"):
                complain(tag, "script", f"{place} holds a script", "write a real address")
    return faults


def check_policy(path: str, markup: Markup) -> list[Fault]:
    """A page begins with its one policy, which allows its style sheets."""
    metas = [m for m in markup.named("meta") if value(m, "http-equiv").lower() == _POLICY]
    head = next(iter(markup.named("head")), None)
    line = metas[-1].sourceline if metas else None
    if len(metas) != 1 or metas[0] is not (head and head.find(True)):
        problem = "the page does not begin with its one security policy"
        remedy = f"write {page_policy.EMPTY} once in its template, first in <head>"
        return [Fault(path, line, "policy", problem, remedy)]
    styles = [style.string or "" for style in markup.named("style")]
    if value(metas[0], "content") != page_policy.policy(page_policy.digests(styles)):
        problem = "the security policy is not that of the page's style sheets"
        return [Fault(path, line, "policy", problem, "build again; nothing else may change pages")]
    remedy = "put its rules into theme/static/css, from where the build puts them into the page"
    refused = "the security policy refuses the style sheet “{}”"
    return [
        Fault(path, link.sourceline, "policy", refused.format(value(link, "href")), remedy)
        for link in markup.named("link")
        if "stylesheet" in rel(link)
    ]


def check_share_pictures(path: str, markup: Markup) -> list[Fault]:
    """The picture shown where a page is shared is named by its whole address."""
    remedy = "write its whole address, from https:// on: other sites load it"
    return [
        Fault(path, meta.sourceline, "share-picture", f"“{address}” is not absolute", remedy)
        for meta in share_pictures(markup)
        if not scheme(address := value(meta, "content"))
    ]


PAGE_CHECKS = (
    check_language,
    check_headings,
    check_ids,
    check_images,
    check_share_pictures,
    check_scripts_and_styles,
    check_policy,
)
# Those of a page that only leads to another.
REDIRECT_CHECKS = (check_policy,)
