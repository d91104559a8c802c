"""The style sheets of the last two sites that server configurations were written for.

nginx and Caddy read their configuration before the site is switched, and a switch can be undone:
what they allow has to hold for the site of before and for the one to come.
"""

import json
import re
from pathlib import Path

from publishing import served_site

# Where the configurations are written, too.
NAME = "styles.json"
_SOURCES = re.compile(r"'none'|'sha256-[\w+/]{43}='( 'sha256-[\w+/]{43}=')*", re.ASCII)


def before(file: Path, styles: dict[str, str]) -> dict[str, str]:
    """What the site before the one of these `styles` had: path of each page -> style sources.

    Nothing where there is no file. Raises ValueError for one that `remember` did not write, since
    its words go into the configuration of a server.
    """
    if not file.exists():
        return {}
    try:
        sites = json.loads(file.read_text("utf-8"))
    except ValueError:
        sites = None
    if not _is_right(sites):
        raise ValueError(
            f"{file} is damaged: remove it; the new configuration then knows the new site only, "
            "so load it at the moment of the switch"
        )
    return next((site for site in sites if site != styles), {})


def remember(file: Path, styles: dict[str, str], before: dict[str, str]) -> None:
    """Keep the styles of a site and of the one before it."""
    sites = [styles, *([before] if before else [])]
    text = json.dumps(sites, ensure_ascii=False, indent=1) + "\n"
    file.write_text(text, encoding="utf-8", newline="\n")


def _is_right(sites: object) -> bool:
    return isinstance(sites, list) and all(
        isinstance(site, dict)
        and all(
            served_site.is_path(path) and isinstance(sources, str) and _SOURCES.fullmatch(sources)
            for path, sources in site.items()
        )
        for site in sites
    )
