"""Extend Pelican: each plugin provides one kind of data to the templates."""
