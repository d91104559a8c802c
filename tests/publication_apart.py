"""Publish or roll back in a process of its own: `python -m tests.publication_apart SETTINGS WORD…`.

SETTINGS is JSON, as the tests of publications write it; what is published lies beside the folder.
"""

import json
import sys
from pathlib import Path

from engine.pages.built_site import BuiltSite
from engine.publishing import publish, releases
from engine.publishing.ssh import Connection
from engine.settings.publication import PublicationSettings


def main(arguments: list[str]) -> None:
    values = json.loads(arguments[0])
    for name in ("port", "keep", "patience"):
        values[name] = int(values[name])
    for name in ("known_hosts", "key"):
        values[name] = Path(values[name])
    settings = PublicationSettings(**values)
    if arguments[1] == "publish":
        built = BuiltSite(Path(settings.folder).parent / f"version-{arguments[2]}" / "site")
        publish.publish(settings, built, publish.PublishOptions(yes=True), lambda: True)
    else:
        with Connection(settings) as connection:
            releases.roll_back(connection, None)


if __name__ == "__main__":
    main(sys.argv[1:])
