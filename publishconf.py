"""What differs when the site is published: where it stands. Everything else is pelicanconf.py's."""

import os

from pelicanconf import *  # noqa: F403 - Pelican's way to extend a settings file

SITE_URL = os.environ.get("SITE_URL", "")
