"""Make the folder that a static host takes whole: built for its address, checked, compressed."""

import sys
from urllib.parse import urlsplit

from building import site
from pelicanconf import ADDRESSES
from publishing import compression, server_files
from publishing.page_weight import check_weights
from publishing.site_check import check_site


def main() -> int:
    """Fill the output folder, or print every fault; the exit code is 0 or 1.

    It is for hosts without ssh; `inv publish` does more, and shows what changes for readers.
    """
    try:
        report = site.build("publishconf.py")
    except site.BuildError as error:
        print(error, file=sys.stderr)
        return 1
    faults = check_site(report.output, report.site_address)
    faults += check_weights(report.output, ADDRESSES, urlsplit(report.site_address).path)
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        return 1
    server_files.write(report.output)
    compression.compress(report.output)
    print(f"{report}\nready for {report.site_address}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
