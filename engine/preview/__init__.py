"""The server of ./inv serve, the process that builds for it, and what it adds to a page."""
