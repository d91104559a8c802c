"""The folder for static hosts, made by the real command from a small site."""

import os
import re
import subprocess
import sys

import pytest

from tests import sites

pytestmark = pytest.mark.slow

WITHOUT = "--without-legal-facts"


@pytest.fixture
def prepare(tmp_path):
    def run(files, *options, address="https://innovation.fr"):
        content = sites.write(tmp_path / "content", {"site.yml": sites.settings()} | files)
        output = tmp_path / "output"
        places = {"SITE_CONTENT": str(content), "SITE_OUTPUT": str(output), "SITE_URL": address}
        done = subprocess.run(
            [sys.executable, "-m", "invoke", "prepare", *options],
            cwd=sites.ROOT,
            env={**os.environ, **places},
            capture_output=True,
            text=True,
            check=False,
        )
        return done, output

    return run


def test_the_folder_stands_for_its_address_and_is_compressed(prepare):
    done, output = prepare({"articles/a.md": sites.article("Une nouvelle")}, WITHOUT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("ready for https://innovation.fr\n")
    assert "https://innovation.fr/actualites/" in (output / "sitemap.xml").read_text()
    assert (output / "index.html.br").is_file()


def test_a_site_below_a_path_knows_it_in_every_file_for_servers(prepare):
    files = {
        "articles/a.md": sites.article("Une nouvelle", aliases="[/ancien/]"),
        "articles/a.en.md": sites.header(title="A try") + "Text.",
        "images/p.jpg": sites.photo(80, 50),
        "articles/b.md": sites.article("Autre", body="![Une place](/images/p.jpg) [a](a.md) et."),
    }
    done, output = prepare(files, WITHOUT, address="https://innovation.fr/blog")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("ready for https://innovation.fr/blog\n")
    site = sites.Site(output)
    assert "https://innovation.fr/blog/actualites/une-nouvelle/" in site.text("/sitemap.xml")
    assert "https://innovation.fr/blog/sitemap.xml" in site.text("/robots.txt")
    feed = site.text("/flux.xml")
    assert "https://innovation.fr/blog/flux.xml" in feed
    assert "https://innovation.fr/blog/images/p-" in feed
    for link in site.page("/").select("a[href^='/']"):
        assert link["href"].startswith("/blog/"), link
    assert 'url=/blog/actualites/une-nouvelle/"' in site.text("/ancien/")
    apache = site.text("/.htaccess")
    assert "ErrorDocument 404 /blog/404.html" in apache
    assert "m#^/blog(?:/\\.[^/]+/[^/]+/site)?/en/#" in apache
    assert '"^(.*[^/])$" "/blog/$1/" "[R=301,L]"' in apache
    assert '"^ancien/$" "/blog/actualites/une-nouvelle/"' in apache
    assert "/blog/ancien/ /blog/actualites/une-nouvelle/ 301" in site.text("/_redirects")
    addresses = [line for line in site.text("/_headers").splitlines() if line.startswith("/")]
    assert all(address.startswith("/blog/") for address in addresses), addresses


@pytest.mark.parametrize("address", ["", "http://innovation.fr", "https://localhost"])
def test_without_an_address_for_visitors_nothing_is_made(prepare, address):
    files = {"articles/a.md": sites.article("Une nouvelle")}
    done, output = prepare(files, WITHOUT, address=address)
    assert done.returncode == 1
    assert "SITE_URL" in done.stderr
    assert not output.exists()


def test_a_fault_of_the_built_site_stops_it_before_the_host_takes_it(prepare):
    body = "[ailleurs](/nulle-part/)"
    prepare({"articles/a.md": sites.article("Une nouvelle")}, WITHOUT)
    done, output = prepare({"articles/a.md": sites.article("Autre", body=body)}, WITHOUT)
    assert done.returncode == 1
    assert "nulle-part" in done.stderr
    assert "ready" not in done.stdout
    assert (output / "actualites" / "une-nouvelle").is_dir(), "the last good site stays"
    assert [path.name for path in output.parent.iterdir() if path.name.startswith(".")] == []


def test_the_facts_that_the_law_asks_for_are_asked_for(prepare):
    done, output = prepare({"articles/a.md": sites.article("Une nouvelle")})
    assert done.returncode == 1
    assert "site.yml:5: owner.siret: missing: " in done.stderr
    assert not output.exists()


def test_a_site_without_a_name_and_an_identifier_of_its_own_is_not_made(prepare):
    files = {"site.yml": "time_zone: Europe/Paris\n", "articles/a.md": sites.article()}
    done, output = prepare(files, WITHOUT)
    assert done.returncode == 1
    assert "names.fr: the site has no name of its own" in done.stderr
    assert not output.exists()
    remedy = re.search(r"site\.yml: id: .*; write (id: .*)$", done.stderr, re.MULTILINE)[1]
    files["site.yml"] += f"names:\n  fr: Le nom\n{remedy}\n"
    done, _output = prepare(files, WITHOUT)
    assert done.returncode == 0, done.stderr


def test_a_fault_of_a_text_stops_it_unless_it_is_silenced(prepare):
    files = {"articles/a.md": sites.article("Une nouvelle", body="## Un\n\na\n\n#### Deux\n\nb")}
    done, _output = prepare(files, WITHOUT)
    assert done.returncode == 1
    assert "heading-skipped" in done.stderr
    reason = "file: articles/a.md\n  reason: Ainsi dans l'original."
    rules = ("heading-skipped", "heading-level")
    files["silences.yml"] = "".join(f"- rule: {rule}\n  {reason}\n" for rule in rules)
    done, _output = prepare(files, WITHOUT)
    assert done.returncode == 0, done.stderr
