"""The worker of the preview, whose builds wait after their first pages while the file HELD exists.

What a build then makes is the rest of the site. MAX_STOPPED_SECONDS is that of the worker.
"""

import os
import time
from pathlib import Path

from engine.building.pelican_run import SitePages
from engine.preview import worker

_write = SitePages.write


def _write_if_not_held(*arguments: object) -> object:
    while Path(os.environ["HELD"]).exists():
        time.sleep(0.01)
    return _write(*arguments)


def process(self: worker.PreviewWorker) -> dict:
    """Tell which process has made the site, as an answer to a request."""
    return {"pid": self._made._pid}


if __name__ == "__main__":
    SitePages.write = _write_if_not_held
    worker.PreviewWorker.process = process
    worker.MAX_STOPPED_SECONDS = float(os.environ["MAX_STOPPED_SECONDS"])
    worker.main()
