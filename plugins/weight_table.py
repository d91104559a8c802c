"""Write a placeholder for the table of page weights, which needs all pages to be written.

A template calls `{{ weight_table() }}`; `engine/building/weight_tables.py` renders the table there.
The setting WEIGHT_TABLES, shared by both language sites, lists the placeholders;
WEIGHT_TABLE_PARTIALS holds the template of the table in each language.
"""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from pelican import signals

PLACE = Markup("<table-of-weights></table-of-weights>")
PARTIAL = "partials/weight_table.html"


@dataclass(frozen=True)
class TablePlace:
    """A page with a placeholder: its file and its language."""

    file: Path
    lang: str


@pass_context
def weight_table(context: Context) -> Markup:
    """The function of the templates, which adds its page to WEIGHT_TABLES."""
    file = Path(context["OUTPUT_PATH"], context["output_file"])
    context["WEIGHT_TABLES"].append(TablePlace(file, context["DEFAULT_LANG"]))
    return PLACE


def add_weight_table(generators: list) -> None:
    """Put `weight_table` into the context."""
    generator = generators[0]
    generator.context["weight_table"] = weight_table
    partials = generator.settings["WEIGHT_TABLE_PARTIALS"]
    partials[generator.settings["DEFAULT_LANG"]] = generator.env.get_template(PARTIAL)


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(add_weight_table)
