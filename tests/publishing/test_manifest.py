"""The sums of a published site, and what must not be published."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.pages.built_site import BuiltSite
from engine.publishing import manifest
from tests.sites import write

NAMES = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="/\\"),
    min_size=1,
    max_size=30,
).filter(lambda name: not name.startswith("."))


def test_sha256sum_accepts_it(tmp_path):
    names = ["index.html", "a/é b.txt", "a/$(touch x); 'y'.webp", "-n", "* .css", "a  b"]
    write(tmp_path / "site", {name: name for name in names})
    found = manifest.make_manifest(BuiltSite(tmp_path / "site"))
    (tmp_path / "manifest").write_text(manifest.format_manifest(found))
    command = ["sha256sum", "-c", "../manifest"]
    done = subprocess.run(
        command, cwd=tmp_path / "site", capture_output=True, text=True, check=True
    )
    assert done.stdout.count(": OK") == len(names)
    assert not (tmp_path / "site" / "x").exists()


@given(st.dictionaries(NAMES, st.text("0123456789abcdef", min_size=64, max_size=64), max_size=5))
def test_what_was_written_is_read_again(entries):
    assert manifest.parse_manifest(manifest.format_manifest(entries)) == entries


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        (".env", "A=1", "hidden"),
        (".git/config", "", "hidden"),
        ("a/.DS_Store", "", "hidden"),
        ("a\nb.html", "", "line break"),
        ("a\\b.html", "", "backslash"),
        ("notes.txt", "-----BEGIN OPENSSH PRIVATE KEY-----\n", "private key"),
        ("index.html", "made with s3cr3t-t0ken", "the value of DEPLOY_TOKEN"),
    ],
)
def test_what_is_not_for_visitors_is_refused(tmp_path, name, content, word):
    write(tmp_path, {name: content})
    (fault,) = [
        fault
        for fault in manifest.unpublishable(BuiltSite(tmp_path), {"DEPLOY_TOKEN": "s3cr3t-t0ken"})
        if fault.path != ".git"
    ]
    assert word in str(fault.problem)
    assert "s3cr3t" not in str(fault)
    assert "\n" not in str(fault)


def test_a_link_out_of_the_site_is_refused(tmp_path):
    (tmp_path / "passwords").symlink_to("/etc/passwd")
    (fault,) = manifest.unpublishable(BuiltSite(tmp_path), {})
    assert "link" in str(fault.problem)


def test_a_built_site_may_hold_what_web_servers_read(tmp_path):
    write(tmp_path, {".htaccess": "", ".well-known/security.txt": "", "_headers": "", "a.html": ""})
    environment = {"A_KEY": "/home/x/.ssh/id", "PATH": "index"}
    assert manifest.unpublishable(BuiltSite(tmp_path), environment) == []
