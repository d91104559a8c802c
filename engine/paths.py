"""Locate the project on this machine."""

from pathlib import Path

# The folder that holds content/, theme/ and pelicanconf.py.
ROOT = Path(__file__).resolve().parent.parent
