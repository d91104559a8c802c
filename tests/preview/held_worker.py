"""The worker of the preview, whose builds wait after their first pages while the file HELD exists.

What a build then makes is the rest of the site. MAX_STOPPED_SECONDS is that of the worker.
"""

import os
import time
from pathlib import Path

from engine.building.pelican_run import FirstPages, SitePages
from engine.preview import worker

_write_first = SitePages.write_first


def _write_first_and_wait(self: SitePages, first: FirstPages) -> None:
    _write_first(self, first)
    while Path(os.environ["HELD"]).exists():
        first.check()
        time.sleep(0.01)


def process(self: worker.PreviewWorker) -> dict:
    """Tell which process has made the site, as an answer to a request."""
    return {"pid": self._made._pid}


if __name__ == "__main__":
    SitePages.write_first = _write_first_and_wait
    worker.PreviewWorker.process = process
    worker.MAX_STOPPED_SECONDS = float(os.environ["MAX_STOPPED_SECONDS"])
    worker.main()
