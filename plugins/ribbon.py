"""Provide the drawings of the ribbon (`engine/ribbon.py`) to the templates."""

from pelican import signals

from engine.ribbon import ampersand_svg, corner_svg, strand_class


def add_ribbon(generators: list) -> None:
    """Put the drawings and `strand_class` into the context."""
    context = generators[0].context
    context["strand_class"] = strand_class
    context["ampersand"] = ampersand_svg(context["projects"])
    context["corner"] = corner_svg(context["projects"])


def register() -> None:
    """Connect to Pelican, after the projects."""
    signals.all_generators_finalized.connect(add_ribbon)
