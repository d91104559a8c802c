"""Every check there is, of the texts and of the site built from them, as `inv check` runs it."""

import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from building import site
from pelicanconf import ADDRESSES
from publishing.page_weight import check_weights
from publishing.site_check import check_site


def main() -> int:
    """Print every fault, or what was checked; the exit code is 0 or 1.

    The site is built aside: what `output/` holds plays no part and stays as it is.
    """
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "site")
        try:
            report = site.build(output=output)
        except site.BuildError as error:
            print(error, file=sys.stderr)
            return 1
        faults = check_site(output, report.site_address)
        base = urlsplit(report.site_address).path
        faults += check_weights(output, ADDRESSES, base)
    for fault in faults:
        print(fault, file=sys.stderr)
    if not faults:
        print(f"{report.pages} pages checked: no fault")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
