"""The worker of the preview, whose builds wait after their first pages while the file HELD exists.

What a build then makes is the rest of the site.
"""

import os
import time
from pathlib import Path

from engine.building import site
from engine.preview import worker

_search_indexes = site.search_indexes


def _held_search_indexes(*arguments: object) -> dict[str, bytes]:
    while Path(os.environ["HELD"]).exists():
        time.sleep(0.01)
    return _search_indexes(*arguments)


if __name__ == "__main__":
    site.search_indexes = _held_search_indexes
    worker.main()
