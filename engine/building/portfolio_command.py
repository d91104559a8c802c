"""Write the portfolio, or one project, as a PDF: `./inv portfolio [FILE]`."""

import sys
from pathlib import Path

from engine.building import site
from engine.building.portfolio_files import write_portfolios
from engine.faults import FaultsError, Message
from engine.settings.site_settings import display_path


def main(file: str | None) -> int:
    """Write the portfolio, or the project of a file, into the current folder; print the names."""
    try:
        plan = site.plan_build()
        for path in write_portfolios(plan.settings, plan.library, file, Path.cwd()):
            print(Message("written: {file}", file=display_path(path)))
    except FaultsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
