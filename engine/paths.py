"""Locate the project and the texts on this machine; tell temporary files by their names."""

import os
from pathlib import Path

# The folder that holds content/, theme/ and pelicanconf.py.
ROOT = Path(__file__).resolve().parent.parent
_OF_SYSTEMS = ("thumbs.db", "desktop.ini", "icon\r")


def content_folder() -> Path:
    """Return the absolute path of the texts: content/, or the folder that SITE_CONTENT names."""
    return Path(os.path.abspath(os.environ.get("SITE_CONTENT") or ROOT / "content"))


def is_temporary(name: str) -> bool:
    """Whether an editor or a system made a file or folder for itself, by its name alone."""
    return (
        name.startswith((".", "~$"))
        or name.endswith("~")
        or (name.startswith("#") and name.endswith("#"))
        or name.lower() in _OF_SYSTEMS
    )
