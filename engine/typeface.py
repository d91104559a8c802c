"""Provide the typeface of headings, Bricolage Grotesque, from its locked package."""

from functools import cache

import fontpkg_bricolage_grotesque as package
import uharfbuzz

# Optical size in points, width in % of the normal one, weight.
AXES = {"opsz": 60, "wdth": 84, "wght": 700}


@cache
def face() -> uharfbuzz.Face:
    """Return the variable face, with all its characters."""
    (path,) = (package.ROOT / "files").glob("*.ttf")
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))


def tag(name: str) -> int:
    """Return the number of an OpenType tag, such as "kern"."""
    return int.from_bytes(name.encode("ascii"), "big")
