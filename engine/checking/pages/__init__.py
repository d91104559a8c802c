"""The checks of the built site, which read it as a browser and a search engine would."""
