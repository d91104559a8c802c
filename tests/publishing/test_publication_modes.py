"""The three ways to switch, and the life of releases on a server."""

import http.client
import os
import random
import shutil
import signal
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from engine.faults import FaultsError
from engine.pages.built_site import BuiltSite
from engine.pages.compression import compress
from engine.publishing import manifest, publish, releases
from engine.publishing.ssh import Connection
from engine.serving import response_headers, server_files
from engine.settings import publication as publish_settings
from tests import ssh_server, web_server
from tests.live_reader import reading
from tests.system_parts import IS_CI

pytestmark = pytest.mark.needs(*ssh_server.NEEDS, *web_server.NEEDS, "apache")


@pytest.fixture(params=publish_settings.MODES)
def mode(request):
    return request.param


@pytest.fixture
def any_place(put_live, mode):
    """Version 1 live, in each mode; Apache has no rights of its own in pytest's folders."""
    with tempfile.TemporaryDirectory(prefix="www-") as open_to_all:
        Path(open_to_all).chmod(0o755)
        folder = Path(open_to_all, "www")
        with put_live(folder=folder, mode=mode) as place:
            yield place


@pytest.fixture
def read_while(certificate):
    """Let a reader look while something runs: `read_while(place, work, 1, 2)` is the reader."""

    def run(place, work, *numbers):
        address = place.settings.site_address
        context = certificate.client() if address.startswith("https") else None
        versions = [place.version(number) for number in numbers]
        with reading(address, versions, context=context) as reader:
            work()
        return reader

    return run


def roll_back(place, wanted=None):
    with Connection(place.settings) as connection:
        return releases.roll_back(connection, wanted)


def test_a_reader_sees_whole_pages_through_a_publication_and_a_roll_back(any_place, read_while):
    def work():
        any_place.publish(2)
        assert any_place.live == 2
        roll_back(any_place)

    reader = read_while(any_place, work, 1, 2)
    assert reader.broken == []
    assert reader.new_from, "the reader saw the new site"
    assert any_place.live == 1


def test_only_in_place_can_pages_of_two_versions_be_seen_together(any_place, read_while, mode):
    reader = read_while(any_place, lambda: any_place.publish(2), 1, 2)
    assert reader.broken == []
    assert reader.mixed_seconds == 0 or mode == "inplace"


@pytest.mark.parametrize("seed", range(2))
def test_a_client_that_is_killed_leaves_a_whole_site(any_place, read_while, seed):
    def work():
        process = any_place.start_apart("publish", "2")
        process.stdout.readline()
        time.sleep(random.Random(seed).uniform(0.3, 1.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()

    reader = read_while(any_place, work, 1, 2)
    assert reader.broken == []
    any_place.must_be_whole(any_place.live_at_last, 3)


def test_a_page_that_is_removed_is_gone_and_counted(any_place, read_while):
    any_place.version(2, removed=2)
    gone = ("/texte-16/", "/texte-17/")
    reader = read_while(any_place, lambda: any_place.publish(2, gone=gone), 1, 2)
    assert reader.broken == []
    assert reader.removed > 0


@pytest.fixture
def ask(any_place, certificate):
    """Ask the live site for a path, once; redirections are not followed."""

    def run(path):
        address = urlsplit(any_place.settings.site_address)
        if address.scheme == "https":
            connection = http.client.HTTPSConnection(address.netloc, context=certificate.client())
        else:
            connection = http.client.HTTPConnection(address.netloc)
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response, body

    return run


def test_files_of_the_page_that_a_reader_has_open_are_still_there(any_place, ask):
    def are_there(number):
        files = any_place.version(number).files
        loaded = [path for path in files if path.startswith(("theme", "images"))]
        return all(ask(f"/{path}")[1] == files[path] for path in loaded)

    any_place.publish(2)
    assert are_there(1)
    roll_back(any_place)
    assert are_there(2)


def test_a_folder_asked_for_without_its_slash_leads_to_its_address(ask):
    response, _body = ask("/texte-3")
    assert response.status == 301
    assert urlsplit(response.headers["Location"]).path == "/texte-3/"


@pytest.mark.parametrize(
    "path", ["/.sites/", "/.sites/0001-6b86b273/site/index.html", "/releases/", "/manifest"]
)
def test_visitors_cannot_ask_for_what_publications_keep(ask, path):
    assert ask(path)[0].status in (403, 404)


def test_in_place_nothing_is_removed_that_no_publication_put_there(put_live):
    with put_live(mode="inplace") as place:
        own = place.folder / ".well-known" / "of-the-owner.txt"
        own.parent.mkdir()
        own.write_text("kept")
        place.version(2, removed=1)
        place.publish(2, gone=("/texte-17/",))
        assert own.read_text() == "kept"
        assert not (place.folder / "texte-17").exists()


def test_an_htaccess_of_another_hand_is_not_replaced(ssh, tmp_path):
    theirs = tmp_path / ".htaccess"
    theirs.write_text("Deny from all\n")
    settings = ssh.settings(tmp_path, "https://example.org", mode="htaccess")
    with Connection(settings) as connection, pytest.raises(FaultsError, match="not one of ours"):
        releases.read_server_state(connection)
    assert theirs.read_text() == "Deny from all\n"


def test_the_live_release_and_the_one_before_it_are_never_pruned(put_live):
    with put_live(keep=2) as place:
        for number in (2, 3):
            place.publish(number)
        roll_back(place)
        place.publish(4)
        assert [path.name[:4] for path in sorted(place.state.glob("0*"))] == ["0002", "0004"]
        assert roll_back(place).id.startswith("0002")


@pytest.mark.parametrize("mode", ["htaccess"], indirect=True)
def test_a_full_site_keeps_its_headers_and_its_page_for_what_is_not_found(
    any_place, ask, full_site, tmp_path
):
    release = tmp_path / "real"
    shutil.copytree(full_site.folder, release / "site")
    built = BuiltSite(release / "site")
    server_files.write_server_files(built)
    compress(built)
    options = publish.PublishOptions(gone=tuple(any_place.addresses(1)), fewer_pages=True)
    assert publish.publish(any_place.settings, built, options, lambda: True, lambda _: None)
    for address in ("/", "/en/", "/projets/"):
        response, body = ask(address)
        assert response.status == 200
        assert body == (release / "site" / address[1:] / "index.html").read_bytes()
        policy = response_headers.html_policy(https=True)
        assert response.headers["Content-Security-Policy"] == policy
    font = next((release / "site").rglob("*.woff2")).relative_to(release / "site")
    assert ask(f"/{font}")[0].headers["Cache-Control"] == response_headers.IMMUTABLE
    for address, page in (("/nulle-part/", "404.html"), ("/en/nowhere/", "en/404.html")):
        response, body = ask(address)
        assert response.status == 404
        assert body == (release / "site" / page).read_bytes()


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_many_publications_and_roll_backs_leave_few_releases_and_share_what_is_the_same(place):
    turns = 100 if IS_CI else 8  # more than are kept
    for number in (2, 3, 4):
        place.version(number, weight=2_000)
    for turn in range(turns):
        assert place.publish(2 + turn % 3)
        roll_back(place)
        assert len(list(place.state.glob("0*"))) <= place.settings.keep
        assert place.leftovers() == []
    kept = sorted(place.state.glob("0*"))
    picture = next(path for path in place.version(2).files if path.startswith("images/photo-1-"))
    nodes = {
        (each / "site" / picture).stat().st_ino for each in kept if each.name[5:] != "6b86b273"
    }
    assert len(nodes) == 1, "one file on the disk, whatever the number of releases"
    assert kept[-1].name.startswith(f"{turns + 1:04}-")


def test_the_releases_are_whole_and_their_rights_those_of_a_web_site(any_place):
    before = os.umask(0o077)
    try:
        any_place.publish(2)
    finally:
        os.umask(before)
    for path in any_place.state.glob("0*/**/*"):
        assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644), path
    with Connection(any_place.settings) as connection:
        found = releases.read_server_state(connection)
        assert [releases.damaged_files(connection, release.id) for release in found.releases] == [
            [],
            [],
        ]
        assert found.manifest == manifest.make_manifest(BuiltSite(any_place.version(2).folder))
