"""Translate the words of the templates, with a cache.

Jinja's own `_()` calls gettext and creates markup at each of twenty calls on a page.
"""

import gettext
from collections.abc import Callable

from markupsafe import Markup
from pelican import signals


def translator(words_of: Callable[[str], str]) -> Callable[..., Markup]:
    """Return the templates' function `_(message, **variables)`; `words_of` translates.

    As in Jinja's newstyle gettext, `%(name)s` in a message is replaced, and `%%` is a percent sign.
    A value is escaped unless it is markup.
    """
    translated: dict[str, Markup] = {}
    plain: dict[str, Markup] = {}

    def translate(message: str, **variables: object) -> Markup:
        if message not in translated:
            translated[message] = Markup(words_of(message))  # noqa: S704 - the theme's own words
        if variables:
            return translated[message] % variables
        if message not in plain:
            plain[message] = translated[message] % {}
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
