"""Inline the style sheets that the body of a page needs into its head.

The page renders after one request. Pages with the same style sheets share one text. The order of
the layers is in tokens.css.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from pelican import signals

from engine.dependencies import SharedResults
from engine.ribbon import DYES, strand_rules, warp_rules
from plugins.timeline import track_rules

# The style sheets of every page, before and after those of its components.
FIRST = ("fonts", "tokens", "base", "layout", "site-header", "site-footer")
LAST = ("modes",)
# A component -> the class that needs it, or the start of a tag or attribute, in a page's body.
COMPONENTS = {
    "sections": ("beside", "count"),
    "warp": ("introduction", "weave"),
    "weave": ("weave",),
    "introduction": ("introduction",),
    "speaker": ("speaker",),
    "page-head": ("page-head",),
    "project-list": ("project-list",),
    "comes-in": ("comes-in",),
    "text": ("text",),
    "not-found": ("lead",),
    "facts": ("facts",),
    "prose": ("prose",),
    "timeline": ("timeline",),
    "dated-list": ("dated-list",),
    "links": ("links",),
    "site-plan": ("site-plan",),
    "search": ("search",),
    "pagination": ("pagination",),
    "neighbours": ("neighbours",),
    "code": ("<code", "<pre"),
    "figure": ("<img",),
    "portrait": ("portrait",),
    "footnotes": ("footnotes",),
    "other-language": ("lang=",),
    "other-site": ('<a href="http',),
    "quotation": ("<blockquote",),
    "definition-list": ("<dl>",),
    "table": ("<table",),
    "video": ("video",),
    "details": ("<summary>",),
    "mark": ("<mark",),
    "motion": ("<details",),
}
# The dyes of the icon's strokes, in their order.
_ICON_DYES = ("garance", "indigo", "gaude", "carthame")
# A pattern that begins with plain characters is searched for several times faster.
_CLASS = re.compile(r'class="(?<=\sclass=")([^"]*)"')
_LANG = re.compile(r"lang=(?<=\slang=)")
_STARTS = tuple(mark for marks in COMPONENTS.values() for mark in marks if mark[0] == "<")
_FONT = "../fonts/bricolage.woff2"
# A custom property used, a custom property declared, the class of a strand.
_USED = re.compile(r"var\((--[\w-]+)")
_DECLARED = re.compile(r"(?<=[{;])(--[\w-]+):[^;{}]*(?:;|(?=}))")
_STRAND = re.compile(r"strand-([0-9]+)")


def file_names(body: str) -> tuple[str, ...]:
    """Return the names of the style sheets that a page with the HTML `body` needs, in order."""
    marks = {*" ".join(_CLASS.findall(body)).split(), *_LANG.findall(body)}
    # Raw HTML may have capitals.
    lower = body.lower()
    marks.update(start for start in _STARTS if start in lower)
    held = (name for name, needed in COMPONENTS.items() if not marks.isdisjoint(needed))
    return (*FIRST, *held, *LAST)


def strand_styles(projects: Sequence, body: str) -> str:
    """Return the CSS for the strands of a page with the HTML `body`, and for its warp, if any."""
    rules = strand_rules(projects, _strands(body))
    names = file_names(body)
    if "warp" not in names:
        return rules
    return rules + warp_rules(projects, comes_in="introduction" in names)


def _strands(body: str) -> frozenset[int]:
    return frozenset(map(int, _STRAND.findall(body)))


def make_stylesheet(
    names: Sequence[str], folder: Path, font_url: str, rules: str, colours: Sequence[str] = ()
) -> str:
    """Return minified CSS: the files with these names, then the rules of the projects.

    `colours` replace the dyes, in order. `font_url` replaces the name of the font in the files: its
    address changes with its letters. Nothing is rewritten for older browsers.
    """
    text = "".join((folder / f"{name}.css").read_text(encoding="utf-8") for name in names)
    for dye, colour in zip(DYES, colours, strict=False):
        text = re.sub(rf"(?<=--{dye}: )[^;]+", colour, text)
    # A build that makes no page need not load it.
    import lightningcss  # noqa: PLC0415

    text = text.replace(_FONT, font_url) + f"@layer blocks {{{rules}}}"
    return without_unused_properties(
        lightningcss.process_stylesheet(text, filename="the style sheets")
    )


def without_unused_properties(css: str) -> str:
    """Remove from minified CSS the custom properties that no rule uses."""
    used = set(_USED.findall(css))
    shorter = _DECLARED.sub(lambda found: found[0] if found[1] in used else "", css)
    return css if shorter == css else without_unused_properties(shorter)


@pass_context
def stylesheet(context: Context, body: str) -> Markup:
    """The function of the templates; pages with the same style sheets share its result."""
    names = file_names(body)
    tracks = track_rules(body) if "timeline" in names else ""

    def make() -> Markup:
        rules = strand_styles(context["projects"], body) + tracks
        folder = Path(context["THEME"], "static", "css")
        colours = context["site"].colours
        css = make_stylesheet(names, folder, context["font_url"], rules, colours)
        return Markup(css)  # noqa: S704 - the theme's own files

    return context["stylesheets"].get((names, _strands(body), tracks), make)


def add_stylesheets(generators: list) -> None:
    """Put `stylesheet` and its results into the context."""
    context = generators[0].context
    context["stylesheet"], context["stylesheets"] = stylesheet, SharedResults()


def colour_icon(icon: str, colours: Sequence[str]) -> str:
    """Return the site's icon (SVG) with the owner's colours for light paper in place of the dyes.

    A browser's own bar tells the colour scheme to no icon for certain.
    """
    given = dict(zip(DYES, colours, strict=False))
    dyes = iter(_ICON_DYES)

    def stroke(typed: re.Match) -> str:
        colour = given.get(next(dyes), "")
        return f'stroke="{colour.removeprefix("light-dark(").split(",")[0] or typed[1]}"'

    return re.sub('stroke="([^"]+)"', stroke, icon)


def write_icon(pelican) -> None:
    """Write the site's icon in the owner's colours, in place of the theme's."""
    settings = pelican.settings
    colours = settings["SITE"].value("colours")
    icon = Path(settings["OUTPUT_PATH"], settings["THEME_STATIC_DIR"], "favicon.svg")
    if colours and icon.is_file():
        icon.write_text(colour_icon(icon.read_text("utf-8"), colours), "utf-8")


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(add_stylesheets)
    signals.finalized.connect(write_icon)
