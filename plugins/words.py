"""Translate the words of the templates, with a cache.

Jinja's own `_()` calls gettext and creates markup at each of twenty calls on a page.
"""

import gettext
import hashlib
import io
from collections.abc import Callable
from pathlib import Path

from markupsafe import Markup
from pelican import signals


class Translator:
    """The templates' function `_(message, **variables)`; `words_of` translates.

    As in Jinja's newstyle gettext, `%(name)s` in a message is replaced, and `%%` is a percent sign.
    A value is escaped unless it is markup. `catalogue` is that of `words_of`, as bytes.
    """

    def __init__(self, words_of: Callable[[str], str], catalogue: bytes = b""):
        self._words_of, self._catalogue = words_of, catalogue
        self._translated: dict[str, Markup] = {}
        self._plain: dict[str, Markup] = {}

    def __call__(self, message: str, **variables: object) -> Markup:
        """Return a message in the language of the page, with its variables."""
        if not variables and message in self._plain:
            return self._plain[message]
        if message not in self._translated:
            words = self._words_of(message)
            self._translated[message] = Markup(words)  # noqa: S704 - the theme's own words
        if variables:
            return self._translated[message] % variables
        return self._plain.setdefault(message, self._translated[message] % {})

    def describe(self) -> str:
        """Tell two catalogues apart (engine/dependencies.py)."""
        return hashlib.sha256(self._catalogue).hexdigest()


def add_words(generators: list) -> None:
    """Put `_` into the environment of each generator."""
    settings = generators[0].settings
    lang = settings["DEFAULT_LANG"]
    if lang == settings["I18N_TEMPLATES_LANG"]:
        translate = Translator(str)
    else:
        catalogue = gettext.find("messages", settings["I18N_GETTEXT_LOCALEDIR"], [lang])
        data = Path(catalogue).read_bytes()
        words_of = gettext.GNUTranslations(io.BytesIO(data)).gettext
        # The message without words is the header, with the time at which the catalogue was read.
        translate = Translator(words_of, data.replace(words_of("").encode(), b""))
    for generator in generators:
        generator.env.globals["_"] = translate


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(add_words)
