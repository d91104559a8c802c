"""What differs when the site is published: where it stands. Everything else is pelicanconf.py's."""

import os

from pelicanconf import *  # noqa: F403 - Pelican's way to extend a settings file
from pelicanconf import SITE

# No address of this machine stands in for the one that is missing.
SITE_URL = os.environ.get("SITE_URL") or SITE.address
# Where `./inv publish` puts it; PUBLISH_HOST and so on in the environment go first.
PUBLISH = SITE.block("publication")
