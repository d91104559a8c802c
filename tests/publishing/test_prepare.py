"""The folder for static hosts, made by the real command from a small site."""

import os
import subprocess
import sys

import pytest

from tests import sites


@pytest.fixture
def prepare(tmp_path):
    def run(files, address="https://example.org"):
        content = sites.write(tmp_path / "content", files)
        output = tmp_path / "output"
        places = {"SITE_CONTENT": str(content), "SITE_OUTPUT": str(output), "SITE_URL": address}
        done = subprocess.run(
            [sys.executable, "-m", "publishing.prepare"],
            cwd=sites.ROOT,
            env={**os.environ, **places},
            capture_output=True,
            text=True,
            check=False,
        )
        return done, output

    return run


def test_the_folder_stands_for_its_address_and_is_compressed(prepare):
    done, output = prepare({"articles/a.md": sites.article("Une nouvelle")})
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("ready for https://example.org\n")
    assert "https://example.org/actualites/" in (output / "sitemap.xml").read_text()
    assert (output / "index.html.br").is_file()


def test_without_an_address_nothing_is_made(prepare):
    done, output = prepare({"articles/a.md": sites.article("Une nouvelle")}, address="")
    assert done.returncode == 1
    assert "SITE_URL" in done.stderr
    assert not output.exists()


def test_a_fault_of_the_built_site_stops_it_before_the_host_takes_it(prepare):
    body = "[ailleurs](/nulle-part/)"
    done, output = prepare({"articles/a.md": sites.article("Une nouvelle", body=body)})
    assert done.returncode == 1
    assert "nulle-part" in done.stderr
    assert "ready" not in done.stdout
    assert not list(output.rglob("*.br"))
