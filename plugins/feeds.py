"""The Atom feeds: a permanent id, a date and absolute addresses; a feed for each theme."""

import datetime
import re
import uuid
from collections.abc import Iterable
from functools import partial
from zoneinfo import ZoneInfo

from pelican import signals
from pelican.generators import ArticlesGenerator
from pelican.writers import Writer

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


def feed_date(articles: Iterable, zone: ZoneInfo) -> datetime.datetime:
    """Return the date of a feed: that of its newest entry.

    Without news the date is the epoch: a feed needs a date, and a build must be reproducible.
    """
    dates = (article.updated for article in articles)
    return max(dates, default=datetime.datetime(1970, 1, 1, tzinfo=zone))


def add_feeds(generators: list) -> None:
    """Put into the context what the feeds need: their ids, their dates, those of the themes."""
    context, settings = generators[0].context, generators[0].settings
    site, lang = uuid.UUID(settings["SITE_ID"]), settings["DEFAULT_LANG"]
    name = settings["ADDRESSES"][lang]["feed"]
    context["feed_date"] = partial(feed_date, zone=ZoneInfo(settings["TIMEZONE"]))
    context["feed_id"] = uuid.uuid5(site, lang).urn
    context["topic_feed_id"] = lambda slug: uuid.uuid5(site, f"{lang}/topics/{slug}").urn
    context["topic_feed_of"] = lambda tag: f"{settings['SITEURL']}/{tag.url}{name}"


def write_topic_feeds(generator: ArticlesGenerator, writer: Writer) -> None:
    """Ask for the feed of each theme with news, beside its page."""
    settings = generator.settings
    name = settings["ADDRESSES"][settings["DEFAULT_LANG"]]["feed"]
    template = generator.get_template("feed")
    for tag, articles in generator.tags.items():
        if articles:
            writer.write_file(
                f"{tag.url}{name}", template, generator.context, tag=tag, articles=articles
            )


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(add_feeds)
    signals.article_writer_finalized.connect(write_topic_feeds)
