"""The site's settings: paths, content/site.yml, addresses, plugins, in that order."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
if str(ROOT) not in sys.path:
    # Pelican's command does not search the working folder for modules.
    sys.path.insert(0, str(ROOT))

from jinja2 import StrictUndefined  # noqa: E402

from engine.languages import FRENCH, MAIN_LANGUAGE, OTHER_LANGUAGE  # noqa: E402
from engine.paths import content_folder  # noqa: E402
from engine.settings import site_file  # noqa: E402
from plugins import feeds, library_reader, navigation  # noqa: E402

# --- Paths ----------------------------------------------------------------------------------

PATH = str(content_folder())
OUTPUT_PATH = os.environ.get("SITE_OUTPUT") or str(ROOT / "output")
THEME = str(ROOT / "theme")
THEME_STATIC_DIR = MAIN_THEME_DIR = "theme"
# Style sheets are inlined in the pages; the build makes the font.
THEME_STATIC_PATHS = ["static/favicon.svg", "static/feed.css"]
# engine/building/site.py copies the files that texts link to, without the metadata of photos.
STATIC_PATHS = []
DELETE_OUTPUT_DIRECTORY = False  # the build writes into a new folder and swaps it in

# --- What the owner decides -----------------------------------------------------------------

# content/site.yml; the command that reads these settings reports its faults.
SITE = site_file.read_site_file(Path(PATH))
SITENAME = SITE.names[MAIN_LANGUAGE]
OWNER = SITE.block("owner")
# The address of the site. SITE_URL in the environment takes precedence.
SITE_URL = os.environ.get("SITE_URL") or SITE.address or "http://localhost:8000"
# Feed readers identify the news by it: it must never change, even if the address does.
SITE_ID = SITE.id
TIMEZONE = SITE.time_zone
DEFAULT_LANG = MAIN_LANGUAGE
TAGLINE = SITE.tagline(MAIN_LANGUAGE)
I18N_SUBSITES = {
    OTHER_LANGUAGE: {
        "SITENAME": SITE.names[OTHER_LANGUAGE],
        "TAGLINE": SITE.tagline(OTHER_LANGUAGE),
    }
}

# --- Addresses ------------------------------------------------------------------------------

ADDRESSES = {
    "fr": {
        "home": "",
        "projects": "projets/",
        "project": "projets/{slug}/",
        "news": "actualites/",
        "article": "actualites/{slug}/",
        "year": "actualites/{year}/",
        "topics": "themes/",
        "topic": "themes/{slug}/",
        "timeline": "parcours/",
        "plan": "plan-du-site/",
        "search": "recherche/",
        "page": "{slug}/",
        "not_found": "404.html",
        "feed": "flux.xml",
    },
    "en": {
        "home": "",
        "projects": "projects/",
        "project": "projects/{slug}/",
        "news": "news/",
        "article": "news/{slug}/",
        "year": "news/{year}/",
        "topics": "topics/",
        "topic": "topics/{slug}/",
        "timeline": "timeline/",
        "plan": "sitemap/",
        "search": "search/",
        "page": "{slug}/",
        "not_found": "404.html",
        "feed": "feed.xml",
    },
}
SITEMAP_SAVE_AS = "sitemap.xml"
ROBOTS_SAVE_AS = "robots.txt"
TDMREP_SAVE_AS = ".well-known/tdmrep.json"
# A tag's page 3 must not be the page 1 of a tag whose name ends in 3 (getpelican/pelican#2754).
PAGINATION_PATTERNS = [
    (1, "{base_name}/", "{base_name}/index.html"),
    (2, "{base_name}/page/{number}/", "{base_name}/page/{number}/index.html"),
]

# Disable the other pages and feeds of Pelican.
CATEGORY_SAVE_AS = AUTHOR_SAVE_AS = DRAFT_SAVE_AS = DRAFT_LANG_SAVE_AS = ""
DRAFT_PAGE_SAVE_AS = DRAFT_PAGE_LANG_SAVE_AS = ""
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None

# --- Pages and plugins ----------------------------------------------------------------------

DIRECT_TEMPLATES = [
    "index",
    "projects",
    "news",
    "tags",
    "timeline",
    "plan",
    "search",
    "404",
    "feed",
]
I18N_SUBSITES[OTHER_LANGUAGE]["DIRECT_TEMPLATES"] = list(DIRECT_TEMPLATES)
DIRECT_TEMPLATES += ["sitemap", "robots"]
# A file of a whole domain (RFC 8615): a site below a path says it in its pages.
if not urlsplit(SITE_URL).path.strip("/"):
    DIRECT_TEMPLATES += ["tdmrep"]
TEMPLATE_EXTENSIONS = [".html", ".xml", ".txt", ".json"]
PAGINATED_TEMPLATES = {"news": 10, "tag": 10}
FEED_LENGTH = 20

PELICAN_CLASS = library_reader.LibraryPelican
JINJA_ENVIRONMENT = {
    # Each build creates its environments: no template changes during a build.
    "auto_reload": False,
    "autoescape": True,
    "extensions": ["jinja2.ext.i18n"],
    "lstrip_blocks": True,
    "trim_blocks": True,
    "undefined": StrictUndefined,
}
JINJA_FILTERS = {"absolute": feeds.absolute, "address": navigation.address}
I18N_TEMPLATES_LANG = FRENCH

PLUGINS = [
    "i18n_subsites",
    "plugins.library_reader",
    "plugins.project_list",
    "plugins.news",
    "plugins.navigation",
    "plugins.site_plan",
    "plugins.owner",
    "plugins.share_pictures",
    "plugins.structured_data",
    "plugins.timeline",
    "plugins.ribbon",
    "plugins.stylesheets",
    "plugins.weight_table",
    "plugins.accessibility",
    "plugins.words",
    "plugins.feeds",
    "plugins.page_writer",
]
