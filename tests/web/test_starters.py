"""What opens the writing page by a double-click."""

import configparser
import re
import shutil
import stat
import subprocess

import pytest

from tests.sites import ROOT


@pytest.fixture
def folder(tmp_path):
    """A copy of the starters in a folder with a name that a shell could split."""
    copy = tmp_path / "Le site d'Été"
    copy.mkdir()
    for name in ("ecrire.desktop", "ecrire.command"):
        shutil.copy(ROOT / name, copy)
    command = copy / "inv"
    command.write_text('#!/bin/sh\necho "$0 $*" > called\n')
    command.chmod(0o755)
    return copy


def exec_of(folder, place: str) -> list[str]:
    """The command of the desktop entry, as the Desktop Entry Specification reads it."""
    parser = configparser.RawConfigParser()
    parser.optionxform = str
    parser.read(folder / "ecrire.desktop", encoding="utf-8")
    entry = parser["Desktop Entry"]
    assert entry["Terminal"] == "true"
    value = entry["Exec"].replace("\\\\", "\\")
    words = re.findall(r'"(?:[^"\\]|\\.)*"|[^\s"]+', value)
    unquoted = [re.sub(r'\\(["`$\\])', r"\1", w[1:-1]) if w[0] == '"' else w for w in words]
    return [place if word == "%k" else word for word in unquoted]


@pytest.mark.parametrize("form", ["{}", "file://{}"])
def test_the_desktop_entry_starts_the_page_wherever_the_folder_is(folder, tmp_path, form):
    place = form.format(folder / "ecrire.desktop")
    subprocess.run(exec_of(folder, place), cwd=tmp_path, check=True)
    assert (folder / "called").read_text() == "./inv write\n"


def test_the_command_file_starts_the_page_wherever_the_folder_is(folder, tmp_path):
    subprocess.run([folder / "ecrire.command"], cwd=tmp_path, check=True)
    assert (folder / "called").read_text() == "./inv write\n"


@pytest.mark.parametrize("name", ["ecrire.desktop", "ecrire.command"])
def test_a_starter_may_be_executed(name):
    assert (ROOT / name).stat().st_mode & stat.S_IXUSR
