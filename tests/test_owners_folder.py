"""The tests read nothing that the owner writes: no text and no setting can make them fail."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import sites
from tests.conftest import OwnersTextsError, forget_owners_variables

CONTENT = sites.ROOT / "content"


@pytest.mark.parametrize(
    "read",
    [
        (CONTENT / "home.md").read_bytes,
        (CONTENT / "site.yml").read_text,
        lambda: os.listdir(CONTENT),
        lambda: list(CONTENT.rglob("*.md")),
        lambda: os.open(CONTENT / "home.md", os.O_RDONLY),
    ],
)
def test_a_test_that_opens_the_owners_folder_fails(read):
    with pytest.raises(OwnersTextsError, match="a test uses sites of its own"):
        read()


def test_other_folders_of_that_name_can_be_read(tmp_path):
    files = {"content/home.md": "Un texte.", "contents.md": "Un texte."}
    assert sites.write(tmp_path, files).joinpath("content/home.md").read_text() == "Un texte."
    assert sorted(path.name for path in tmp_path.iterdir()) == ["content", "contents.md"]


def test_a_command_that_a_test_calls_reads_the_full_site():
    code = "import pelicanconf as p; print(p.PATH, p.SITENAME, p.OWNER['name'], sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=sites.ROOT, check=True, capture_output=True, text=True
    )
    path, name, owner = done.stdout.splitlines()
    assert not Path(path).is_relative_to(CONTENT)
    assert (name, owner) == ("Lieux communs\u00a0& réparations", "Odile Marchenoir")


def test_no_variable_of_the_owner_reaches_a_test(monkeypatch):
    for name in ("SITE_CONTENT", "SITE_MESSAGES"):  # put back after the test
        monkeypatch.setenv(name, os.environ[name])
    monkeypatch.setenv("SITE_URL", "https://innovation.fr")
    monkeypatch.setenv("PUBLISH_HOST", "ssh.innovation.fr")
    forget_owners_variables()
    assert [name for name in os.environ if name.startswith(("SITE_", "PUBLISH_"))] == []
