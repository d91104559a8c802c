"""Stock Pelican: its own theme and its defaults, but for what a blog has to say for itself."""

SITENAME = "Le banc d'essai"
SITEURL = "https://example.org"
PATH = "content"
TIMEZONE = "Europe/Paris"
DEFAULT_LANG = "fr"
DEFAULT_PAGINATION = 10
