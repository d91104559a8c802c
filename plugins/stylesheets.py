"""The style sheet of each page: the rules of what it holds and no other, inlined in its head.

A page then paints after one request. What several pages need alike is put together once.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import lightningcss
from markupsafe import Markup
from pelican import signals

from plugins.ribbon import strand_rules, warp_rules

# What every page needs, before and after the components of what it holds.
FIRST = ("tokens", "base", "layout", "site-header", "site-footer")
LAST = ("modes",)
# A component -> the class that needs it in a page's body, or the start of a tag or of an attribute.
COMPONENTS = {
    "sections": ("beside",),
    "warp": ("introduction", "weave"),
    "weave": ("weave",),
    "introduction": ("introduction",),
    "page-title": ("page-title",),
    "project-list": ("project-list",),
    "comes-in": ("comes-in",),
    "text": ("text",),
    "not-found": ("lead",),
    "facts": ("facts",),
    "prose": ("prose",),
    "timeline": ("timeline",),
    "dated-list": ("dated-list",),
    "links": ("links",),
    "pagination": ("pagination",),
    "neighbours": ("neighbours",),
    "code": ("<code",),
    "figure": ("<img",),
    "footnotes": ("footnotes",),
    "other-language": ("lang=",),
    "other-site": ('<a href="http',),
    "quotation": ("<blockquote",),
    "definition-list": ("<dl>",),
    "table": ("<table",),
    "video": ("video",),
    "motion": ("<details",),
}
_CLASS = re.compile(r'\sclass="([^"]*)"')
_START = re.compile(r'<(?:dl>|code|img|blockquote|table|details|a href="http)|(?<=\s)lang=')
_FONT = "../fonts/bricolage.woff2"
# A custom property that is read, one that is declared, and the mark of a strand in a page.
_USED = re.compile(r"var\((--[\w-]+)")
_DECLARED = re.compile(r"(?<=[{;])(--[\w-]+):[^;{}]*(?:;|(?=}))")
_STRAND = re.compile(r"strand-([0-9]+)")
# Each later layer is stronger. In a file they stand at the margin, in any order.
LAYERS = ("tokens", "base", "layout", "blocks", "modes")
_LAYER = re.compile(r"^@layer (\w+) \{\n(.*?)^\}\n", re.MULTILINE | re.DOTALL)


def file_names(body: str) -> tuple[str, ...]:
    """The style sheets of a page with the HTML `body`, in their order."""
    marks = {*" ".join(_CLASS.findall(body)).split(), *_START.findall(body)}
    held = (name for name, needed in COMPONENTS.items() if not marks.isdisjoint(needed))
    return (*FIRST, *held, *LAST)


def strand_styles(projects: Sequence, body: str) -> str:
    """CSS for the strands of a page with the HTML `body`, and for its warp where it has one."""
    rules = strand_rules(projects, _strands(body))
    names = file_names(body)
    if "warp" not in names:
        return rules
    return rules + warp_rules(projects, comes_in="introduction" in names)


def _strands(body: str) -> frozenset[int]:
    return frozenset(map(int, _STRAND.findall(body)))


def make_stylesheet(names: Sequence[str], folder: Path, font_url: str, rules: str) -> str:
    """Minified CSS from the files with these names and the rules of the projects.

    The files name the font plainly; the page needs its address, `font_url`, which changes with its
    letters. No browser is named as a target: nothing is rewritten for older ones.
    """
    text = "".join((folder / f"{name}.css").read_text(encoding="utf-8") for name in names)
    layers = dict.fromkeys(LAYERS, "")
    for layer, block in _LAYER.findall(text):
        layers[layer] += block
    layers["blocks"] += rules
    text = _LAYER.sub("", text).replace(_FONT, font_url)
    text += "".join(f"@layer {layer}{{{block}}}" for layer, block in layers.items())
    return without_unused_properties(
        lightningcss.process_stylesheet(text, filename="the style sheets")
    )


def without_unused_properties(css: str) -> str:
    """Minified CSS without the custom properties that none of its rules uses."""
    used = set(_USED.findall(css))
    shorter = _DECLARED.sub(lambda found: found[0] if found[1] in used else "", css)
    return css if shorter == css else without_unused_properties(shorter)


def stylesheet_of(context: dict, folder: Path) -> Callable[[str], Markup]:
    """The function `stylesheet(body)` of the templates, which remembers what it has made."""
    made: dict[tuple, Markup] = {}

    def stylesheet(body: str) -> Markup:
        names = file_names(body)
        key = (names, _strands(body))
        if key not in made:
            rules = strand_styles(context["projects"], body)
            css = make_stylesheet(names, folder, context["font_url"], rules)
            made[key] = Markup(css)  # noqa: S704 - the theme's own files
        return made[key]

    return stylesheet


def add_stylesheets(generators: list) -> None:
    """Put `stylesheet` into the context."""
    context = generators[0].context
    folder = Path(generators[0].settings["THEME"], "static", "css")
    context["stylesheet"] = stylesheet_of(context, folder)


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(add_stylesheets)
