"""Gives the templates their words in the language of the run by one look-up each.

Jinja's own `_()` asks gettext and makes markup anew at each call: twenty times a page.
"""

import gettext
from collections.abc import Callable

from markupsafe import Markup
from pelican import signals


def translator(words_of: Callable[[str], str]) -> Callable[..., Markup]:
    """The function `_(message, **variables)` of the templates; `words_of` gives the words.

    As with Jinja's newstyle gettext, `%(name)s` in a message is replaced, and `%%` is a percent
    sign. A value that is no markup is escaped.
    """
    known: dict[str, Markup] = {}
    plain: dict[str, Markup] = {}

    def translate(message: str, **variables: object) -> Markup:
        if message not in known:
            known[message] = Markup(words_of(message))  # noqa: S704 - the theme's own words
        if variables:
            return known[message] % variables
        if message not in plain:
            plain[message] = known[message] % {}
        return plain[message]

    return translate


def add_words(generators: list) -> None:
    """Put `_` into the environment of each generator."""
    settings = generators[0].settings
    lang = settings["DEFAULT_LANG"]
    if lang == settings["I18N_TEMPLATES_LANG"]:
        translate = translator(str)
    else:
        catalogue = gettext.translation("messages", settings["I18N_GETTEXT_LOCALEDIR"], [lang])
        translate = translator(catalogue.gettext)
    for generator in generators:
        generator.env.globals["_"] = translate


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(add_words)
