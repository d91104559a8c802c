"""Provide the permanent id, the date and the absolute addresses of the Atom feeds."""

import datetime
import re
import uuid
from zoneinfo import ZoneInfo

from pelican import signals
from pelican.generators import ArticlesGenerator

# A tag with its attributes: words outside tags may look like an attribute.
_TAG = re.compile(r"""<[A-Za-z](?:"[^"]*"|'[^']*'|[^<>"'])*>""")
_ADDRESS = re.compile(r"""(\s(?:href|src|poster|cite)=)(["'])([/#](?!/)[^"']*)\2""")
_SOURCES = re.compile(r"""(\ssrcset=)(["'])([^"']*)\2""")


def absolute(html: str, site: str, page: str) -> str:
    """Jinja filter: make the addresses in HTML absolute.

    `site` is the address of the site without a final slash, `page` the path of the page, to which
    bare fragments are added.
    """

    def replace_address(match: re.Match) -> str:
        start, quote, address = match.groups()
        path = page + address if address.startswith("#") else address
        return f"{start}{quote}{site}{path}{quote}"

    def replace_sources(match: re.Match) -> str:
        start, quote, sources = match.groups()
        sources = re.sub(r"(^|,\s*)/", rf"\g<1>{site}/", sources)
        return f"{start}{quote}{sources}{quote}"

    def replace_tag(match: re.Match) -> str:
        return _SOURCES.sub(replace_sources, _ADDRESS.sub(replace_address, match[0]))

    return _TAG.sub(replace_tag, html)


def add_feed(generators: list) -> None:
    """Put the id and the date of the feed into the context.

    Without news the date is the epoch: a feed needs a date, and a build must be reproducible.
    """
    generator = next(g for g in generators if isinstance(g, ArticlesGenerator))
    context, settings = generator.context, generator.settings
    dates = [article.updated for article in generator.articles]
    zone = ZoneInfo(settings["TIMEZONE"])
    context["feed_updated"] = max(dates, default=datetime.datetime(1970, 1, 1, tzinfo=zone))
    context["feed_id"] = uuid.uuid5(uuid.UUID(settings["SITE_ID"]), settings["DEFAULT_LANG"]).urn


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(add_feed)
