"""Build the site: check its sources, run Pelican in a new folder, replace the output."""
