"""Keeps a place for the table of the pages' weights, which is known once all pages are written.

A template writes `{{ weight_table() }}`; `engine/building/weight_tables.py` renders the table
there. The places are in the settings' WEIGHT_TABLES, a list that both language sites share.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from pelican import signals

PLACE = Markup("<table-of-weights></table-of-weights>")
PARTIAL = "partials/weight_table.html"


@dataclass(frozen=True)
class WeightTable:
    """A page that waits for its table: the file, its language, and what renders the table."""

    file: Path
    lang: str
    render: Callable[..., str]


def keep_place(tables: list[WeightTable]) -> Callable[[Context], Markup]:
    """The function `weight_table()` of the templates, which notes the pages that call it."""

    @pass_context
    def weight_table(context: Context) -> Markup:
        file = Path(context["OUTPUT_PATH"], context["output_file"])
        partial, words = context.environment.get_template(PARTIAL), context.get_all()

        def render(**figures) -> str:
            return partial.render(words | figures)

        tables.append(WeightTable(file, context["DEFAULT_LANG"], render))
        return PLACE

    return weight_table


def add_weight_table(generators: list) -> None:
    """Put `weight_table` into the context."""
    settings = generators[0].settings
    generators[0].context["weight_table"] = keep_place(settings["WEIGHT_TABLES"])


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(add_weight_table)
