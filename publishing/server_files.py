"""The files inside a published site that tell web servers and static hosts how to answer for it."""

from pathlib import Path


def write(site: Path) -> list[Path]:
    """Write into the built folder `site` what hosts read there; return the files' paths.

    Raises OSError where one cannot be written.
    """
    return []
