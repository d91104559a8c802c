"""Locate the project and the texts on this machine."""

import os
from pathlib import Path

# The folder that holds content/, theme/ and pelicanconf.py.
ROOT = Path(__file__).resolve().parent.parent


def content_folder() -> Path:
    """Return the absolute path of the texts: content/, or the folder that SITE_CONTENT names."""
    return Path(os.path.abspath(os.environ.get("SITE_CONTENT") or ROOT / "content"))
