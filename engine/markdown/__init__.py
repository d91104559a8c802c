"""Render the body of a text, in CommonMark with extensions, as HTML."""
