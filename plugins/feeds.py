"""The Atom feeds: a permanent id, a date and absolute addresses; a feed for each theme."""

import datetime
import re
import uuid
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from jinja2 import pass_context
from jinja2.runtime import Context
from pelican import signals
from pelican.generators import ArticlesGenerator
from pelican.writers import Writer

from engine.dependencies import RecordedTable
from plugins.library_reader import SiteTopic

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


@pass_context
def entry_id(context: Context, key: str) -> str:
    """Return the permanent id of a news item, by its key (`Document.key`)."""
    return uuid.uuid5(uuid.UUID(context["SITE_ID"]), f"{context['DEFAULT_LANG']}/{key}").urn


@pass_context
def topic_feed_id(context: Context, slug: str) -> str:
    """Return the permanent id of the feed of a theme."""
    return entry_id(context, f"topics/{slug}")


@pass_context
def topic_feed_of(context: Context, tag: SiteTopic) -> str:
    """Return the path-absolute address of the feed of a theme."""
    return f"{context['SITEURL']}/{tag.url}{context['FEED_URL']}"


def add_feeds(generators: list) -> None:
    """Put into the context what the feeds need: their ids, their dates by the slug of a theme."""
    context, settings = generators[0].context, generators[0].settings
    context["feed_id"] = uuid.uuid5(uuid.UUID(settings["SITE_ID"]), settings["DEFAULT_LANG"]).urn
    articles = next(g for g in generators if isinstance(g, ArticlesGenerator))
    zone = ZoneInfo(settings["TIMEZONE"])
    dates = {tag.slug: feed_date(tagged, zone) for tag, tagged in articles.tags.items()}
    dates[""] = feed_date(articles.articles, zone)
    context["feed_date"] = RecordedTable(f"{settings['DEFAULT_LANG']} dates of feeds", dates)
    context["entry_id"], context["topic_feed_id"] = entry_id, topic_feed_id
    context["topic_feed_of"] = topic_feed_of


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
