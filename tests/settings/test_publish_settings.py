"""The settings of a publication, and what of them could be read as a command."""

import os
import shlex
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.faults import FaultsError
from engine.publishing import ssh
from engine.settings.publication import address_faults, read_publication
from engine.settings.site_file import SiteFile

GOOD = {"host": "ssh.example.org", "user": "camille", "folder": "/srv/www/site"}
HOSTILE = st.text(st.sampled_from(";$()`'\"\\ \n\r\t|&<>*?~{}[]!#%^=.-/:@aé0\0"), min_size=1)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("root")
    (folder / "content").mkdir()
    (folder / "content" / "known_hosts").write_text("ssh.example.org ssh-ed25519 AAAA\n")
    return folder


def settings_of(root, address="https://site.org", environment=None, **publish):
    configured = {"SITE_URL": address, "PUBLISH": GOOD | publish}
    return read_publication(configured, environment or {}, root)


def told(root, **given):
    with pytest.raises(FaultsError) as caught:
        settings_of(root, **given)
    return str(caught.value)


def test_good_settings_are_taken_with_the_usual_port_mode_and_number_of_releases(root):
    settings = settings_of(root)
    assert (settings.host, settings.user, settings.folder) == tuple(GOOD.values())
    assert (settings.port, settings.mode, settings.keep) == (22, "symlink", 5)
    assert settings.site_address == "https://site.org"


def test_the_environment_goes_first(root):
    environment = {"PUBLISH_HOST": "other.example.org", "PUBLISH_PORT": "2222"}
    settings = settings_of(root, environment=environment)
    assert (settings.host, settings.port) == ("other.example.org", 2222)


@pytest.mark.parametrize(
    "host", ["[2001:db8::1", "2001:db8::1]", "2001:db8", "fe80::1%eth0", "[a.org]"]
)
def test_what_is_no_ipv6_address_is_refused(root, host):
    assert f"“{host}” is invalid" in told(root, host=host)


def test_all_faults_are_told_at_once_with_their_remedies(root):
    said = told(
        root,
        address="",
        host="",
        user="a b",
        port="0",
        mode="ftp",
        folder="/a/../b",
    )
    for name in ("SITE_URL", "host", "user", "port", "mode", "folder"):
        assert name in said
    assert "PUBLISH_HOST in the environment" in said


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("", "not given"),
        ("http://example.org", "not encrypted"),
        ("http://localhost:8000", "this machine"),
        ("https://localhost", "this machine"),
        ("https://127.0.0.1", "this machine"),
        ("https://[::1]/", "this machine"),
        ("https://192.168.1.4", "this machine"),
        ("https://site.local", "this machine"),
        ("example.org", "not the address of a site"),
        ("ftp://example.org", "not the address of a site"),
        ("https://", "not the address of a site"),
        ("https://example.org/?a", "not the address of a site"),
        ("https://[", "not the address of a site"),
        ("https://example..org", "not the address of a site"),
        (f"https://{'a' * 64}.org", "not the address of a site"),
        ("https://example.org:x", "not the address of a site"),
        ("https://example.org/café", "not the address of a site"),
        ("https://example.org/a b", "not the address of a site"),
    ],
)
def test_an_address_that_visitors_cannot_use_is_refused(address, word):
    (fault,) = address_faults(address, SiteFile())
    assert word in str(fault.problem)
    assert "SITE_URL" in str(fault.remedy)


@pytest.mark.parametrize("name", ["key", "known_hosts"])
def test_a_file_of_a_user_who_does_not_exist_is_refused(root, name):
    assert "there is no readable file" in told(root, **{name: "~nobody-of-this-name/key"})


@pytest.mark.skipif(os.geteuid() == 0, reason="NOT TESTED: root may read all")
@pytest.mark.parametrize("name", ["key", "known_hosts"])
def test_a_file_below_a_folder_that_is_closed_is_refused(root, tmp_path, name):
    (tmp_path / "file").touch()
    tmp_path.chmod(0)
    try:
        assert "there is no readable file" in told(root, **{name: str(tmp_path / "file")})
    finally:
        tmp_path.chmod(0o755)


def test_without_known_host_keys_nothing_is_published(root, tmp_path):
    with pytest.raises(FaultsError, match="ssh-keyscan"):
        read_publication({"SITE_URL": "https://site.org", "PUBLISH": GOOD}, {}, tmp_path)


@given(name=st.sampled_from(["host", "user", "folder", "port", "mode", "keep"]), value=HOSTILE)
def test_a_setting_never_means_anything_to_a_shell_nor_to_ssh(root, name, value):
    try:
        settings = settings_of(root, **{name: value})
    except FaultsError as error:
        lines = str(error).splitlines()
        assert len(lines) == len(error.faults), "a message stays one line"  # noqa: PT017
        return
    # Where the user's shell, whichever it is, must not find anything to do.
    plain = (settings.host, settings.user, settings.folder, settings.releases_folder, settings.mode)
    assert all(shlex.quote(each) == each for each in plain)
    assert not any(each.startswith("-") for each in plain)
    assert ".." not in settings.folder.split("/")


@given(st.lists(HOSTILE.filter(lambda text: "\0" not in text), min_size=1, max_size=4))
def test_what_is_quoted_reaches_the_command_as_it_is(words):
    script = f"for each in {ssh.quoted(words)}; do printf '%s\\0' \"$each\"; done"
    done = subprocess.run(["sh", "-c", script], capture_output=True, check=True)
    assert done.stdout.decode().split("\0")[:-1] == words


def test_ssh_is_told_to_trust_no_key_but_the_committed_ones(root):
    text = ssh.configuration(settings_of(root), Path("/tmp/publish-abcdefgh"), asks=False)
    assert "StrictHostKeyChecking yes" in text
    assert f'UserKnownHostsFile "{root / "content" / "known_hosts"}"' in text
    assert "GlobalKnownHostsFile /dev/null" in text
    assert "BatchMode yes" in text


@pytest.mark.parametrize("name", ["a b", "a%h", "é"])
def test_a_file_of_ssh_may_have_any_usual_name(root, tmp_path, name):
    key = tmp_path / name
    key.write_text("")
    text = ssh.configuration(settings_of(root, key=str(key)), Path("/tmp/p"), asks=True)
    configuration = tmp_path / "configuration"
    configuration.write_text(text)
    command = ["ssh", "-G", "-F", configuration, ssh.SITE]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert f"identityfile {key}\n".replace("%", "%%") in said


@pytest.mark.parametrize("name", ['a"b', "$HOME", "a\nProxyCommand b", "a\\b"])
def test_a_file_name_that_ssh_would_read_otherwise_is_refused(root, name):
    assert "reads as something else" in told(root, key=name)
