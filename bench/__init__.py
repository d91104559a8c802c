"""The speed figures that the docs quote, and the commands that measure them again."""
