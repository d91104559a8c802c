"""What the Atom feeds need beside the news: a lasting id, a date, absolute addresses."""

import datetime
import re
import uuid
from zoneinfo import ZoneInfo

from pelican import signals
from pelican.generators import ArticlesGenerator

# A tag with its attributes: code and prose may look like an attribute, and hold no tag.
_TAG = re.compile(r"""<[A-Za-z](?:"[^"]*"|'[^']*'|[^<>"'])*>""")
_ADDRESS = re.compile(r"""(\s(?:href|src|poster|cite)=)(["'])([/#](?!/)[^"']*)\2""")
_SOURCES = re.compile(r"""(\ssrcset=)(["'])([^"']*)\2""")


def absolute(html: str, site: str, page: str) -> str:
    """Jinja filter: HTML whose addresses hold outside the site.

    `site` is the site's address without a slash at its end, `page` the path of the HTML's own page,
    which bare fragments belong to.
    """

    def whole(match: re.Match) -> str:
        start, quote, address = match.groups()
        path = page + address if address.startswith("#") else address
        return f"{start}{quote}{site}{path}{quote}"

    def each(match: re.Match) -> str:
        start, quote, sources = match.groups()
        sources = re.sub(r"(^|,\s*)/", rf"\g<1>{site}/", sources)
        return f"{start}{quote}{sources}{quote}"

    def tag(match: re.Match) -> str:
        return _SOURCES.sub(each, _ADDRESS.sub(whole, match[0]))

    return _TAG.sub(tag, html)


def add_feed(generators: list) -> None:
    """Put the feed's id and date into the context.

    Without news the feed dates from the epoch: a feed must have a date, and the same build twice
    the same bytes.
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
