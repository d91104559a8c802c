"""Read and validate the settings: pelicanconf.py, publishconf.py and content/site.yml."""
