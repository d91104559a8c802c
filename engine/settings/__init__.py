"""The settings: pelicanconf.py, publishconf.py and content/site.yml, read and validated."""
