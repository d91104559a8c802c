"""The style sheet of each kind of page: the files that it needs and no other, inlined in its head.

A page then paints after one request. Each is put together and minified once a site.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import lightningcss
from markupsafe import Markup
from pelican import signals

from plugins.ribbon import strand_rules, warp_rules

EVERYWHERE = ("tokens", "base", "layout", "site-header", "site-footer")
# A kind of page -> the components on it, in theme/static/css.
COMPONENTS = {
    "home": ("weave", "introduction", "project-list", "facts", "prose", "dated-list", "motion"),
    "projects": ("weave", "page-title", "project-list"),
    "project": ("comes-in", "text", "facts", "prose", "links", "neighbours"),
    "news": ("page-title", "dated-list", "links", "pagination"),
    "article": ("comes-in", "text", "prose", "links", "neighbours"),
    "page": ("text", "prose", "facts"),
    "topic": ("page-title", "dated-list", "pagination"),
    "topics": ("page-title", "links"),
    "year": ("page-title", "dated-list", "links"),
    "timeline": ("page-title", "comes-in", "timeline"),
    "not_found": ("comes-in", "text", "links"),
}
# The kinds on which the warp of the project list runs: whether it comes in from the ampersand.
WOVEN = {"home": True, "projects": False}
# What only some texts hold: a component -> the markup that needs it.
IN_TEXTS = {
    "code": "<code",
    "figure": "<figure",
    "footnotes": 'class="footnotes"',
    "quotation": "<blockquote",
    "table": "<table",
    "video": 'class="video"',
}
_FONT = "../fonts/bricolage.woff2"
_LAYERS = "@layer tokens,base,layout,blocks,modes;"


def file_names(kind: str, body: str = "") -> tuple[str, ...]:
    """The style sheets of a kind of page with the HTML `body`, in their order.

    Raises KeyError for an unknown kind.
    """
    in_text = (name for name, markup in IN_TEXTS.items() if markup in body)
    return (*EVERYWHERE, *COMPONENTS[kind], *in_text, "modes")


def make_stylesheet(
    kind: str, names: Sequence[str], folder: Path, font_url: str, projects: Sequence
) -> str:
    """Minified CSS for a kind of page from the files with these names.

    The files name the font plainly; the page needs its address, `font_url`, which changes with its
    letters. No browser is named as a target: nothing is rewritten for older ones.
    """
    text = _LAYERS + "".join((folder / f"{name}.css").read_text(encoding="utf-8") for name in names)
    rules = strand_rules(projects)
    if kind in WOVEN:
        rules += warp_rules(projects, WOVEN[kind])
    text += f"@layer blocks{{{rules}}}"
    text = text.replace(_FONT, font_url)
    return lightningcss.process_stylesheet(text, filename=f"the style sheet of “{kind}”")


def stylesheet_of(context: dict, folder: Path) -> Callable[[str, str], Markup]:
    """The function `stylesheet(kind, body)` of the templates, which remembers what it has made."""
    made: dict[tuple[str, ...], Markup] = {}

    def stylesheet(kind: str, body: str) -> Markup:
        names = file_names(kind, body)
        if (kind, *names) not in made:
            css = make_stylesheet(kind, names, folder, context["font_url"], context["projects"])
            made[kind, *names] = Markup(css)  # noqa: S704 - the theme's own files
        return made[kind, *names]

    return stylesheet


def add_stylesheets(generators: list) -> None:
    """Put `stylesheet` into the context."""
    context = generators[0].context
    folder = Path(generators[0].settings["THEME"], "static", "css")
    context["stylesheet"] = stylesheet_of(context, folder)


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(add_stylesheets)
