"""The worker of the preview, which is told to end at a moment when Python ignores exceptions.

MOMENT names it: “fork” or “destructor”. The site would never be ready.
"""

import os
import signal
import time

from engine.building.pelican_run import SitePages
from engine.preview import worker


class _Destroyed:
    def __del__(self):
        _end()


def _end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def _plan_build(**options: object) -> object:
    _Destroyed()
    return plan_build(**options)


if __name__ == "__main__":
    SitePages.write_first = lambda *_: time.sleep(3600)
    plan_build = worker.site.plan_build
    if os.environ["MOMENT"] == "fork":
        os.register_at_fork(after_in_parent=_end)
    else:
        worker.site.plan_build = _plan_build
    worker.main()
