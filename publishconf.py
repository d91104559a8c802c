"""What differs when the site is published: where it stands. Everything else is pelicanconf.py's."""

import os

from pelicanconf import *  # noqa: F403 - Pelican's way to extend a settings file

SITE_URL = os.environ.get("SITE_URL", "")

# Where `inv publish` puts it; PUBLISH_HOST and so on in the environment go first.
PUBLISH = {
    "host": "",  # the server, for ssh
    "user": "",
    "folder": "",  # on the server; from the user's home where it has no slash in front
    "mode": "symlink",  # or htaccess, for shared hosting; or inplace, the last resort
}

# True asks browsers for HTTPS on every subdomain too, for two years, and for their preload lists
# (https://hstspreload.org): only where each subdomain, mail and intranet included, speaks HTTPS.
HSTS_PRELOAD = False
