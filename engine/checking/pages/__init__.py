"""Check the pages, style sheets and feeds of the built site."""
