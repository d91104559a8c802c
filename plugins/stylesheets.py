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
    "home": ("weave", "introduction", "project-list", "prose", "dated-list"),
    "projects": ("weave", "page-title", "project-list"),
    "project": ("weave", "text", "facts", "prose", "links", "neighbours"),
    "news": ("page-title", "dated-list", "links", "pagination"),
    "article": ("weave", "text", "prose", "links", "neighbours"),
    "page": ("text", "prose", "facts"),
    "topic": ("page-title", "dated-list", "pagination"),
    "topics": ("page-title", "links"),
    "year": ("page-title", "dated-list", "links"),
    "timeline": ("page-title", "timeline"),
    "not_found": ("weave", "text", "links"),
}
# The components of what only some texts hold -> the mark of it in a page.
BY_CONTENT = {"video": 'class="video"'}
# The kinds on which the warp of the project list runs.
WOVEN = ("home", "projects")
_FONT = "../fonts/bricolage.woff2"
_LAYERS = "@layer tokens,base,layout,blocks,modes;"


def file_names(kind: str, content: str = "") -> tuple[str, ...]:
    """The style sheets of a page, in their order. Raises KeyError for an unknown kind."""
    held = (name for name, mark in BY_CONTENT.items() if mark in content)
    return (*EVERYWHERE, *COMPONENTS[kind], *held, "modes")


def make_stylesheet(
    kind: str, folder: Path, font_url: str, projects: Sequence, content: str = ""
) -> str:
    """Minified CSS for a page of a kind that holds `content`, in HTML.

    The files name the font plainly; the page needs its address, `font_url`, which changes with its
    letters. No browser is named as a target: nothing is rewritten for older ones.
    """
    text = _LAYERS + "".join(
        (folder / f"{name}.css").read_text(encoding="utf-8") for name in file_names(kind, content)
    )
    rules = strand_rules(projects) + (warp_rules(projects) if kind in WOVEN else "")
    text += f"@layer blocks{{{rules}}}"
    text = text.replace(_FONT, font_url)
    return lightningcss.process_stylesheet(text, filename=f"the style sheet of “{kind}”")


def stylesheet_of(context: dict, folder: Path) -> Callable[[str], Markup]:
    """The function `stylesheet(kind, content)` of the templates, which remembers what it made."""
    made: dict[tuple, Markup] = {}

    def stylesheet(kind: str, content: str = "") -> Markup:
        key = (kind, file_names(kind, content))
        if key not in made:
            css = make_stylesheet(kind, folder, context["font_url"], context["projects"], content)
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
