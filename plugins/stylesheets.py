"""The style sheet of each kind of page: the files that it needs and no other, inlined in its head.

A page then paints after one request. Each is put together and minified once a site.
"""

import re
from collections.abc import Callable, Sequence, Set
from pathlib import Path

import lightningcss
from markupsafe import Markup
from pelican import signals

from plugins.ribbon import strand_rules, warp_rules

EVERYWHERE = ("tokens", "base", "layout", "site-header", "site-footer")
# A kind of page -> the components on it, in theme/static/css.
COMPONENTS = {
    "home": (
        "sections",
        "weave",
        "introduction",
        "project-list",
        "facts",
        "prose",
        "dated-list",
        "motion",
    ),
    "projects": ("sections", "weave", "page-title", "project-list"),
    "project": ("comes-in", "text", "facts", "prose", "links", "neighbours"),
    "news": ("sections", "page-title", "dated-list", "links", "pagination"),
    "article": ("comes-in", "text", "prose", "links", "neighbours"),
    "page": ("text", "prose", "facts"),
    "topic": ("sections", "page-title", "dated-list", "pagination"),
    "topics": ("sections", "page-title", "links"),
    "year": ("sections", "page-title", "dated-list", "links"),
    "timeline": ("sections", "page-title", "comes-in", "timeline"),
    "not_found": ("comes-in", "text", "not-found", "links"),
}
# The kinds on which the warp of the project list runs: whether it comes in from the ampersand.
WOVEN = {"home": True, "projects": False}
# What only some texts hold: a component -> the markup that needs it.
IN_TEXTS = {
    "code": "<code",
    "figure": "<img",
    "footnotes": 'class="footnotes"',
    "other-language": "<span lang=",
    "other-site": '<a href="http',
    "quotation": "<blockquote",
    "table": "<table",
    "video": 'class="video"',
}
_FONT = "../fonts/bricolage.woff2"
# A custom property that is read, one that is declared, and the mark of a strand in a page.
_READ = re.compile(r"var\((--[\w-]+)")
_DECLARED = re.compile(r"(?<=[{;])(--[\w-]+):[^;{}]*(?:;|(?=}))")
_STRAND = re.compile(r"\bstrand-(\d+)")
# Each later layer is stronger. In a file they stand at the margin, in any order.
LAYERS = ("tokens", "base", "layout", "blocks", "modes")
_LAYER = re.compile(r"^@layer (\w+) \{\n(.*?)^\}\n", re.MULTILINE | re.DOTALL)


def file_names(kind: str, body: str = "") -> tuple[str, ...]:
    """The style sheets of a kind of page with the HTML `body`, in their order.

    Raises KeyError for an unknown kind.
    """
    in_text = (name for name, markup in IN_TEXTS.items() if markup in body)
    return (*EVERYWHERE, *COMPONENTS[kind], *in_text, "modes")


def strand_styles(kind: str, projects: Sequence, strands: Set[int]) -> str:
    """CSS for the strands with these numbers, and for the warp on the kinds that have one."""
    rules = strand_rules(projects, strands)
    return rules + (warp_rules(projects, WOVEN[kind]) if kind in WOVEN else "")


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
    return without_unread(lightningcss.process_stylesheet(text, filename="the style sheets"))


def without_unread(css: str) -> str:
    """Minified CSS without the custom properties that no rule of it reads."""
    read = set(_READ.findall(css))
    shorter = _DECLARED.sub(lambda found: found[0] if found[1] in read else "", css)
    return css if shorter == css else without_unread(shorter)


def stylesheet_of(context: dict, folder: Path) -> Callable[[str, str], Markup]:
    """The function `stylesheet(kind, body)` of the templates, which remembers what it has made."""
    made: dict[tuple, Markup] = {}

    def stylesheet(kind: str, body: str) -> Markup:
        names = file_names(kind, body)
        strands = frozenset(map(int, _STRAND.findall(body)))
        key = (kind, names, strands)
        if key not in made:
            rules = strand_styles(kind, context["projects"], strands)
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
