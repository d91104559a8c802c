"""Serve the preview of `./inv serve`: the server, its build process, its additions to pages."""
