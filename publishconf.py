"""The settings that differ for a publication: the address and the server."""

import os

from pelicanconf import *  # noqa: F403 - the usual way to extend a settings file of Pelican
from pelicanconf import SITE

# No default: a publication needs the real address.
SITE_URL = os.environ.get("SITE_URL") or SITE.address
# The server of `./inv publish`; PUBLISH_HOST etc. in the environment take precedence.
PUBLISH = SITE.block("publication")
