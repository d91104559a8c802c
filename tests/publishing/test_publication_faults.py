"""Whatever fails in a publication, a reader never sees a broken page nor a mixed site.

In each test a reader looks at every page and all that it loads, 1,250 requests at least, so that
the table makes more than 20,000 together; then the next publication works by itself.
"""

import os
import random
import shutil
import signal
import subprocess
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from engine.faults import FaultsError
from engine.pages.built_site import BuiltSite
from engine.publishing import publish, releases
from engine.publishing.ssh import Connection
from tests import ssh_server, web_server
from tests.conftest import wait_for
from tests.live_reader import reading

pytestmark = pytest.mark.needs(*ssh_server.NEEDS, *web_server.NEEDS)

# All that a server's shell needs to offer.
COMMANDS = (
    *("sh", "cat", "chmod", "cp", "cut", "date", "df", "dirname", "expr", "find", "grep", "head"),
    *("id", "ln", "mkdir", "mv", "readlink", "rm", "rmdir", "rsync", "sed", "sleep", "sort"),
    *("tail", "uname", "uniq", "wc"),
)


def seen_while(place, work, *others):
    """Let a reader look while `work` runs; fail where a request of theirs is broken."""
    versions = [place.version(number) for number in (1, 2, *others)]
    with reading(place.settings.site_address, versions) as reader:
        result = work()
    assert reader.broken == []
    assert reader.polls >= 1250
    return result


def refused(place, match, settings=None, number=2):
    with pytest.raises(FaultsError, match=match) as caught:
        place.publish(number, settings)
    return str(caught.value)


@contextmanager
def altered(ssh, command, script):
    """Let a command of the server run a script first."""
    first = ssh.first / command
    first.write_text(f'#!/bin/sh\n{script}\nexec /bin/{command} "$@"\n')
    first.chmod(0o755)
    try:
        yield
    finally:
        first.unlink()


def kill_with_children(process):
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()


def test_without_a_fault_the_new_site_takes_over_at_once(place):
    versions = [place.version(number) for number in (1, 2)]
    with reading(place.settings.site_address, versions) as reader:
        place.publish(2)
    assert reader.broken == []
    assert reader.new_from, "the reader saw the new site"
    assert reader.mixed_seconds == 0
    place.must_be_whole(2, 3)


@pytest.mark.parametrize("seed", range(5))
def test_the_client_is_killed_at_a_random_moment(place, seed):
    chance = random.Random(seed)

    def work():
        process = place.start_apart("publish", "2")
        # Python itself takes a while to start: the publication begins with its first words.
        process.stdout.readline()
        time.sleep(chance.uniform(0.05, 1.4))
        # Every second time with its children, as when a terminal is closed.
        kill = os.killpg if seed % 2 else os.kill
        kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()

    seen_while(place, work)
    place.must_be_whole(place.live_at_last, 3)


def test_the_client_is_killed_while_files_are_carried(place, ssh):
    paused = place.here / "paused"
    pause = f"[ -e {paused} ] || {{ : >{paused}; sleep 3; }}"

    def work():
        process = place.start_apart("publish", "2")
        wait_for(paused.exists, 30)
        kill_with_children(process)
        wait_for(lambda: place.live == 2, 20)

    with altered(ssh, "dirname", pause):
        seen_while(place, work)
    place.must_be_whole(2, 3)


def test_the_client_is_killed_while_its_switch_waits(place, ssh):
    lock = hold_lock(place, os.getpid())
    paused = place.here / "paused"
    # The upload is removed in two parts, between which the switch goes on.
    part = f"""case $* in *.tmp-*)
        for each; do case $each in /*) /bin/rm -rf $each/release/site/texte-* ;; esac; done
        : >{paused}; sleep 3 ;;
    esac"""

    def work():
        process = place.start_apart("publish", "2")
        while process.stdout.readline() != "switching\n":
            pass
        time.sleep(0.7)
        kill_with_children(process)
        wait_for(paused.exists, 30)
        shutil.rmtree(lock)
        time.sleep(2.5)

    with altered(ssh, "rm", part):
        seen_while(place, work)
    place.must_be_whole(place.live_at_last, 3)


@pytest.mark.parametrize("sent", [9_000, 120_000, 400_000])
def test_the_connection_is_cut(place, ssh, sent):
    with ssh_server.line_cut_after(ssh.port, sent) as port:
        ssh.know(port)
        cut = replace(place.settings, port=port)
        seen_while(place, lambda: refused(place, "connection|cut short", cut))
    place.must_be_whole(1, 3)


@pytest.fixture
def small_disk(tmp_path):
    """A folder with room for 3 MiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("NOT TESTED: a full disk needs root and the right to mount a small one")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_the_disk_is_full(put_live, small_disk):
    with put_live(folder=small_disk) as place:
        place.version(2, weight=400_000)
        # The server tells how much is free; without asking, the upload itself meets the end.
        seen_while(place, lambda: refused(place, "are free; free some room"))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(publish, "server_faults", lambda *_: [])
            seen_while(place, lambda: refused(place, "disk is full"))
        place.must_be_whole(1, 3)


def test_the_disk_is_full_during_a_roll_back(put_live, small_disk):
    with put_live(folder=small_disk) as place, Connection(place.settings) as connection:
        place.publish(2)
        full = small_disk / "full"
        with suppress(OSError), full.open("wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
        with pytest.raises(FaultsError, match="free some room"):
            releases.roll_back(connection, None)
        full.unlink()
        assert releases.roll_back(connection, None).id.startswith("0001")
        place.must_be_whole(1, 3)


def test_the_server_shows_a_key_that_is_not_known(place, tmp_path):
    unknown = tmp_path / "known_hosts"
    unknown.write_text("")
    settings = replace(place.settings, known_hosts=unknown)
    seen_while(place, lambda: refused(place, "may be an impostor", settings))
    place.must_be_whole(1, 3)


def test_the_server_shows_another_key_than_before(place, ssh, tmp_path):
    ssh_server.make_key(tmp_path / "other")
    other = (tmp_path / "other.pub").read_text()
    known = tmp_path / "known_hosts"
    known.write_text(f"[{web_server.HOST}]:{ssh.port} {other}")
    settings = replace(place.settings, known_hosts=known)
    seen_while(place, lambda: refused(place, "may be an impostor", settings))
    place.must_be_whole(1, 3)


def test_the_server_does_not_accept_the_key(place, tmp_path):
    ssh_server.make_key(tmp_path / "other")
    settings = replace(place.settings, key=tmp_path / "other")
    seen_while(place, lambda: refused(place, "does not accept your key", settings))
    place.must_be_whole(1, 3)


def test_the_folder_may_not_be_written_to(place):
    if os.geteuid() == 0:
        pytest.skip("NOT TESTED: root may write anywhere")
    place.folder.chmod(0o555)
    try:
        seen_while(place, lambda: refused(place, "may not be written to"))
    finally:
        place.folder.chmod(0o755)
    place.must_be_whole(1, 3)


def test_the_releases_belong_to_another_user(place):
    if os.geteuid() == 0:
        pytest.skip("NOT TESTED: root may write anywhere")
    place.state.chmod(0o555)
    try:
        refused(place, f"cannot be written to; give it to .*: chown -R .* {place.state}")
    finally:
        place.state.chmod(0o755)
    place.must_be_whole(1, 3)


def test_the_folder_is_missing(place):
    settings = replace(place.settings, folder=f"{place.folder}-misspelt")
    seen_while(place, lambda: refused(place, "there is no folder", settings))
    assert not Path(settings.folder).exists()
    place.must_be_whole(1, 3)


def publish_two(place):
    """Publish versions 2 and 3 at once, after both have looked; return how each ended."""
    both_have_looked = threading.Barrier(2, timeout=120)
    ends = {}

    def one(number):
        built = BuiltSite(place.version(number).folder)
        confirm = lambda: both_have_looked.wait() >= 0  # noqa: E731
        try:
            publish.publish(
                place.settings, built, publish.PublishOptions(), confirm, lambda _: None
            )
            ends[number] = "published"
        except FaultsError as error:
            ends[number] = str(error)

    threads = [threading.Thread(target=one, args=(number,)) for number in (2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def test_two_publish_at_once(place):
    ends = seen_while(place, lambda: publish_two(place), 3)
    assert list(ends.values()).count("published") == 1
    loser = 2 if ends[3] == "published" else 3
    assert "changed meanwhile" in ends[loser]
    place.must_be_whole(5 - loser, 4)


def test_two_find_a_stale_lock_at_once(place, ssh):
    dead = subprocess.Popen(["true"])
    dead.wait()
    hold_lock(place, dead.pid)
    paused = place.here / "paused"
    # One takes the lock while the other, which has found it stale, is about to.
    pause = f"case $* in *.lock*) [ -e {paused} ] || {{ : >{paused}; sleep 2; }} ;; esac"
    with (
        altered(ssh, "mv", pause),
        altered(ssh, "ln", "case $* in -s*) sleep 4 ;; esac"),
    ):
        ends = seen_while(place, lambda: publish_two(place), 3)
    assert list(ends.values()).count("published") == 1, ends
    place.must_be_whole(place.live_at_last, 4)


@pytest.mark.parametrize(
    ("owner", "hours"),
    [("dead", 0), ("none", -1), ("alive", -1), ("none", 365 * 24)],
    ids=["of a dead process", "without owner", "held too long", "of a clock a year ahead"],
)
def test_a_stale_lock_is_in_the_way(place, owner, hours):
    lock = place.state / ".lock"
    lock.mkdir()
    dead = subprocess.Popen(["true"])
    dead.wait()
    holder = {"dead": dead.pid, "alive": os.getpid()}.get(owner)
    if holder:
        (lock / f"{holder}-{os.uname().nodename}").touch()
    moment = time.time() + hours * 3600
    os.utime(lock, (moment, moment))
    seen_while(place, lambda: place.publish(2))
    place.must_be_whole(2, 3)


def hold_lock(place, process):
    """Lock the releases as a process of the server does; return the lock."""
    lock = place.state / ".lock"
    lock.mkdir()
    (lock / f"{process}-{os.uname().nodename}").touch()
    return lock


def test_a_lock_that_is_held_is_respected(place):
    lock = hold_lock(place, os.getpid())
    seen_while(place, lambda: refused(place, "another publication is at this step"))
    assert lock.is_dir()
    shutil.rmtree(lock)
    place.must_be_whole(1, 3)


def test_a_file_changes_during_the_upload(place, monkeypatch):
    def upload(connection, rsync, release, live):
        (release / "site" / "texte-3" / "index.html").write_text("another text")
        publish_upload(connection, rsync, release, live)

    publish_upload = publish.upload
    monkeypatch.setattr(publish, "upload", upload)
    told = seen_while(place, lambda: refused(place, "not what was built"))
    assert "texte-3/index.html" in told
    monkeypatch.undo()
    place.must_be_whole(1, 3)


def test_a_byte_flips_after_the_upload(place, monkeypatch):
    flip_after_the_upload(place, monkeypatch)
    told = seen_while(place, lambda: refused(place, "not what was built"))
    assert "texte-5/index.html" in told
    monkeypatch.undo()
    place.must_be_whole(1, 3)


@pytest.mark.parametrize("fails", ["exit 126", "head -n 1 | /bin/sha256sum -c -; exit 137"])
def test_the_tool_for_checksums_fails(place, ssh, capsys, fails):
    with altered(ssh, "sha256sum", fails):
        refused(place, "not what was built: sha256sum: FAILED")
        with Connection(place.settings) as connection:
            assert releases.list_releases(connection, verify_sums=True) == 1
    assert "sha256sum: FAILED" in capsys.readouterr().out
    place.must_be_whole(1, 3)


def flip_after_the_upload(place, monkeypatch):
    publish_upload = publish.upload

    def upload(*arguments):
        publish_upload(*arguments)
        (file,) = place.state.glob(".tmp-*/release/site/texte-5/index.html")
        content = bytearray(file.read_bytes())
        content[40] ^= 1
        file.write_bytes(content)

    monkeypatch.setattr(publish, "upload", upload)


def test_the_smoke_test_fails(place):
    told = seen_while(place, lambda: refused(place, "does not answer", unseen(place)))
    assert "visitors have 0001-" in told
    assert [path.name for path in place.state.glob("0*")] == [releases_of(place)[0]]
    place.must_be_whole(1, 3)


def test_the_smoke_test_fails_and_the_live_release_is_damaged(place):
    for manifest in place.state.glob("0*/manifest"):
        manifest.unlink()
    # Without it nobody knows which files to keep for open pages.
    told = refused(place, "does not answer", unseen(place))
    assert "visitors have 0001-" in told
    place.must_be_whole(1, 3)


def test_the_smoke_test_fails_and_nothing_can_be_restored(place, ssh):
    with altered(ssh, "ln", "case $* in *0001-*) exit 1 ;; esac"):
        told = seen_while(place, lambda: refused(place, "does not answer", unseen(place)))
    assert "visitors may still have 0002-" in told
    assert "could not be switched" in told
    place.must_be_whole(2, 3)


def test_the_link_to_the_live_release_was_made_by_hand(place):
    link = place.folder / "current"
    absolute = place.folder / link.readlink()
    link.unlink()
    link.symlink_to(absolute)
    told = seen_while(place, lambda: refused(place, "does not answer", unseen(place)))
    assert "visitors have 0001-" in told
    place.must_be_whole(1, 3)


def test_the_link_leads_to_another_site(place, tmp_path):
    link = place.folder / "current"
    link.unlink()
    link.symlink_to(tmp_path)
    refused(place, f"leads to {tmp_path}, no release")
    assert link.readlink() == tmp_path


def unseen(place):
    """Settings with an address that does not answer."""
    return replace(place.settings, site_address="http://127.0.0.1:9", patience=1)


def releases_of(place):
    with Connection(place.settings) as connection:
        return [release.id for release in releases.read_server_state(connection).releases]


@pytest.mark.parametrize("command", ["grep", "date"])
def test_a_release_is_removed_while_the_server_is_surveyed(place, ssh, command):
    place.publish(2)
    (first,) = place.state.glob("0001*")
    # As `prune` of a killed publication does, which runs to its end on the server.
    with altered(ssh, command, f"rm -rf '{first}'"):
        assert [name[:4] for name in releases_of(place)] == ["0002"]
    place.must_be_whole(2, 3)


def test_a_release_is_removed_while_its_files_are_verified(place, ssh):
    place.publish(2)
    (first,) = place.state.glob("0001*")
    with (
        altered(ssh, "find", f"rm -rf '{first}'"),
        Connection(place.settings) as connection,
        pytest.raises(FaultsError, match="there is no release 0001"),
    ):
        releases.damaged_files(connection, first.name)


def test_copies_that_were_made_by_hand_are_no_releases(put_live):
    with put_live(keep=2) as place:
        (first,) = place.state.glob("0001*")
        copies = [first.with_name(name) for name in (f"{first.name}-avant", "0x-1", "2027-a b")]
        for copy in copies:
            shutil.copytree(first, copy)
        for number in (2, 3):
            place.publish(number)
        assert [name[:4] for name in releases_of(place)] == ["0002", "0003"]
        assert all((copy / "site/index.html").is_file() for copy in copies)


@pytest.mark.parametrize("ends", ["exit 1", ""], ids=["no shell", "a shell"])
def test_the_servers_shell_prints_by_itself(place, ssh, ends):
    with altered(ssh, "sh", f"echo Welcome; {ends}"):
        refused(place, "shell prints “Welcome” by itself")
    place.must_be_whole(1, 3)


def test_a_release_has_lost_its_manifest(place, capsys):
    place.publish(2)
    for manifest in place.state.glob("0*/manifest"):
        manifest.unlink()
    with Connection(place.settings) as connection:
        assert releases.list_releases(connection, verify_sums=True) == 1
    lines = capsys.readouterr().out.splitlines()
    assert ["damaged" in line for line in lines] == [True, True]
    place.must_be_whole(2, 3)


@pytest.mark.parametrize("tool", ["shasum", "openssl", None])
def test_the_server_has_no_sha256sum(put_live, tmp_path, monkeypatch, tool):
    commands = tmp_path / "commands"
    commands.mkdir()
    for name in [*COMMANDS, *filter(None, [tool, tool == "shasum" and "perl"])]:
        found = subprocess.run(["which", name], capture_output=True, text=True, check=True)
        (commands / name).symlink_to(found.stdout.strip())
    (tmp_path / "bare").mkdir()
    with (
        ssh_server.serving(tmp_path / "bare", str(commands)) as server,
        put_live(server=server) as place,
    ):
        flip_after_the_upload(place, monkeypatch)
        told = seen_while(place, lambda: refused(place, "not what was built"))
        assert "texte-5/index.html" in told
        monkeypatch.undo()
        place.must_be_whole(1, 3)


@pytest.mark.parametrize("seed", range(3))
def test_the_client_is_killed_during_a_roll_back(place, seed):
    place.publish(2)

    def work():
        process = place.start_apart("rollback")
        time.sleep(0.6 + random.Random(seed).uniform(0, 0.8))
        process.kill()
        process.wait()
        process.stdout.close()

    seen_while(place, work)
    place.must_be_whole(place.live_at_last, 3)


def test_the_server_dies_in_the_middle_of_a_roll_back(place, ssh):
    place.publish(2)

    def work():
        with (
            pytest.raises(FaultsError, match="connection ended"),
            Connection(place.settings) as connection,
        ):
            releases.roll_back(connection, None)

    with altered(ssh, "ln", "case $* in -s*) kill -9 $PPID ;; esac"):
        seen_while(place, work)
    assert ".lock" in place.leftovers()
    place.must_be_whole(2, 3)


def test_the_clock_is_wrong_by_a_year(place):
    place.publish(2)
    year = 365 * 24 * 3600
    for root, moment in ((place.state, time.time() + year), (place.here, time.time() - year)):
        for path in (
            [root, *root.rglob("*")] if root == place.state else root.glob("version-*/**/*")
        ):
            os.utime(path, (moment, moment), follow_symlinks=False)

    def work():
        place.publish(3)
        with Connection(place.settings) as connection:
            assert releases.roll_back(connection, None).id.startswith("0002-")

    seen_while(place, work, 3)
    place.must_be_whole(2, 4)
