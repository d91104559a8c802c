"""What the tests of publications share: a server reached by ssh, and a site live on it."""

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from engine.faults import FaultsError
from engine.pages.built_site import BuiltSite
from engine.publishing import changes, publish, smoke_test
from engine.serving import server_files
from engine.settings.publication import PublicationSettings
from tests import fake_site, ssh_server, web_server
from tests.conftest import wait_for
from tests.sites import ROOT
from tests.system_parts import require


@dataclass
class Place:
    """A folder on the server, the web server that shows it, and the versions of a site."""

    server: ssh_server.Server
    here: Path
    folder: Path
    settings: PublicationSettings
    versions: dict[int, fake_site.Version] = field(default_factory=dict)

    @property
    def state(self) -> Path:
        """The folder of the releases."""
        return Path(self.settings.releases_folder)

    def version(self, number: int, **how) -> fake_site.Version:
        """A version of the site, made once."""
        if number not in self.versions:
            release = self.here / f"version-{number}"
            self.versions[number] = fake_site.make_version(release / "site", number, **how)
            if self.settings.mode == "htaccess":
                server_files.write_server_files(BuiltSite(release / "site"))
        return self.versions[number]

    def publish(
        self, number: int, settings: PublicationSettings | None = None, **options
    ) -> str | None:
        """Publish a version as `./inv publish --yes` would."""
        built = BuiltSite(self.version(number).folder)
        asked = publish.PublishOptions(**{"yes": True} | options)
        return publish.publish(settings or self.settings, built, asked, lambda: True, _quiet)

    def addresses(self, number: int) -> list[str]:
        """The addresses of a version's pages."""
        return [changes.address(path) for path in self.version(number).files]

    def start_apart(self, *words: str) -> subprocess.Popen:
        """Publish or roll back in a process that can be killed: `start_apart("publish", "2")`."""
        if words[0] == "publish":
            self.version(int(words[1]))
        values = {name: str(value) for name, value in vars(self.settings).items()}
        return subprocess.Popen(
            [sys.executable, "-u", "-m", "tests.publication_apart", json.dumps(values), *words],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    @property
    def live(self) -> int:
        """The number of the version that the folder shows."""
        _status, version = smoke_test.fetch(f"{self.settings.site_address}/version.txt")
        told = version.decode()[:8]
        return next(n for n in self.versions if fake_site.digest(n) == told)

    @property
    def live_at_last(self) -> int:
        """The same once the server, which may not know that a client was killed, is at rest."""
        # A roll back leaves nothing to look for before it has the lock.
        time.sleep(1)
        # The lock last: a switch that has none yet finds no upload any more.
        for pattern in (".tmp-*", ".lock"):
            wait_for(lambda pattern=pattern: not list(self.state.glob(pattern)), 40)
        return self.live

    def leftovers(self) -> list[str]:
        """What a publication that is over should not have left."""
        hidden = [*self.state.glob(".*"), *self.folder.glob(".current-*")]
        return [path.name for path in hidden if path.name not in (".previous", ".current")]

    def must_be_whole(self, expected: int, following: int) -> None:
        """The live site is a whole version, and the next publication works by itself."""
        assert self.live == expected
        # The server clears what was uploaded by itself, once it hears no more of the client.
        wait_for(lambda: not list(self.state.glob(".tmp-*")), 40)
        self.publish(following)
        assert self.live == following
        wait_for(lambda: not self.leftovers(), 5)


def _quiet(_line: str) -> None:
    pass


@pytest.fixture(scope="session")
def ssh(tmp_path_factory):
    """A server reached by ssh, for the whole run."""
    for part in ssh_server.NEEDS:
        require(part)
    with ssh_server.serving(tmp_path_factory.mktemp("ssh")) as server:
        yield server


@pytest.fixture
def put_live(ssh, tmp_path, certificate, monkeypatch):
    """Publish version 1 and serve it: `put_live(mode="inplace")` is a block with the Place.

    nginx shows it, and Apache where the mode is htaccess.
    """

    @contextmanager
    def run(server=ssh, folder=None, **settings):
        web = folder or tmp_path / "www"
        configured = tmp_path / "configured"
        for made in (web, configured):
            made.mkdir(exist_ok=True)
        unseen = server.settings(web, "http://127.0.0.1:9", patience=0, **settings)
        place = Place(server, tmp_path, web, unseen)
        # The first time there is no web server yet, and nothing to go back to.
        with pytest.raises(FaultsError, match="no release to go back to"):
            place.publish(1)
        if unseen.mode == "htaccess":
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate.chain))
            shown = web_server.apache_at(web, configured, certificate)
        else:
            root = web / "current" if unseen.mode == "symlink" else web
            shown = web_server.served(root, configured)
        with shown as address:
            place.settings = server.settings(web, address, **settings)
            yield place

    return run


@pytest.fixture
def place(put_live):
    """Version 1 of a site, live in a folder that a link switches."""
    for part in web_server.NEEDS:
        require(part)
    with put_live() as live:
        yield live
