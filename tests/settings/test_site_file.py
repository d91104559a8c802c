"""What the owner writes in `content/site.yml`, and how each command tells what is wrong in it."""

import os
import subprocess
import sys

import pytest

from engine.settings import publication as publish_settings
from engine.settings import site_file
from tests import sites

FILE = """\
names:
  fr: Le Lavoir, café & ateliers
  en: The Wash House
address: https://lavoir.fr
id: 6f1c9e7a-3a55-4c0e-9b8e-1f1f6e2d9a10
time_zone: Europe/Brussels
owner:
  name: no
  phone: 0145
publication:
  port: 0x16
"""


def test_each_value_is_read_as_it_was_typed(tmp_path):
    site = site_file.read_site_file(sites.write(tmp_path, {"site.yml": FILE}))
    assert site.faults == ()
    assert site.names == {"fr": "Le Lavoir, café & ateliers", "en": "The Wash House"}
    assert (site.address, site.time_zone) == ("https://lavoir.fr", "Europe/Brussels")
    assert site.block("owner")["name"] == "no"
    assert site.block("owner")["phone"] == "0145"
    assert site.block("publication")["port"] == "0x16"
    assert site.fault("owner.phone", "", "").line == 9
    assert site.fault("owner.email", "", "").line == 7, "that of the block"


def test_no_break_spaces_hide_no_key(tmp_path):
    typed = "names\u00a0:\n\u00a0\u00a0fr :\u00a0Un\u00a0nom\naddress:\u00a0https://a.fr\n"
    site = site_file.read_site_file(sites.write(tmp_path, {"site.yml": typed}))
    assert site.faults == ()
    assert (site.names["fr"].split(), site.address) == (["Un", "nom"], "https://a.fr")


@pytest.mark.parametrize(("opening", "closing"), ["[]", ("{a: ", "}"), ("[", "")])
def test_brackets_that_open_without_end_are_one_fault(tmp_path, opening, closing):
    typed = f"id: {opening * 5000}{closing * 5000}\n"
    (fault,) = site_file.read_site_file(sites.write(tmp_path, {"site.yml": typed})).faults
    assert str(fault.problem) == "it cannot be read (too many brackets or braces are open at once)"


def test_a_folder_without_the_file_has_a_neutral_name_and_identifier(tmp_path):
    site = site_file.read_site_file(tmp_path)
    assert site.faults == ()
    assert site.names == site_file.NEUTRAL_NAMES
    assert site.id == site_file.NEUTRAL_ID
    assert set(site.block("owner").values()) == {""}


def test_a_site_of_one_language_needs_one_name(tmp_path):
    site = site_file.read_site_file(
        sites.write(tmp_path, {"site.yml": "names:\n  fr: Le Lavoir\n"})
    )
    assert site.names == {"fr": "Le Lavoir", "en": "Le Lavoir"}


# What the owner typed; the line, the key and words of the only fault; what to write instead, None
# where the remedy holds it.
MISTAKES = [
    ("adress: https://a.fr", 1, "adress", "did you mean address?", "address: https://a.fr"),
    ("owner:\n  mail: a", 2, "owner.mail", "did you mean email?", "owner:\n  email: a"),
    ("publication:\n  hosts: a", 2, "publication.hosts", "host?", "publication:\n  host: a"),
    ("id: 12", 1, "id", "not an identifier; write for example id: ", None),
    ("time_zone: Paris", 1, "time_zone", "not a time zone", "time_zone: Europe/Paris"),
    ("time_zone: /etc/passwd", 1, "time_zone", "not a time zone", "time_zone: Europe/Paris"),
    ("address: a.fr", 1, "address", "not the address of a site", "address: https://a.fr"),
    ("address: https://[", 1, "address", "not the address of a site", "address: https://a.fr"),
    ("id: ~\nid: ~", 2, "id", "already on line 1; keep one", "id: ~"),
    ("names:\n  de: Hier", 2, "names.de", "the keys are fr, en", "names:\n  fr: Hier"),
    ("owner: Camille", 1, "owner", "values of its own", "owner:\n  name: Camille"),
    ("owner:\n  name: [a, b]", 2, "owner.name", "one value", "owner:\n  name: a, b"),
    ("names:\n  fr: Nous : vous", 2, "fr", "in quotes: fr: 'Nous : vous'", None),
    ("names:\n  fr: L’été #1", 2, "fr", "in quotes: fr: 'L’été #1'", None),
    ("names:\n  fr: '&", 2, "settings", "cannot be read", "names:\n  fr: '&'"),
    ("names:\n  fr: &Co", 2, "fr", "in quotes: fr: '&Co'", None),
    ("- names", 1, "settings", "it holds no key", ""),
    ("address: a\0b", None, "settings", "control character", ""),
    ("owner:\n\tname: a", 2, "settings", "cannot be read", "owner:\n  name: a"),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake[0])
def test_one_mistake_is_one_fault_on_its_line_and_the_remedy_works(tmp_path, mistake):
    text, line, key, words, corrected = mistake
    (fault,) = site_file.read_site_file(
        sites.write(tmp_path, {"site.yml": text}), "site.yml"
    ).faults
    assert (fault.path, fault.line, fault.key) == ("site.yml", line, key)
    assert words in f"{fault.problem}; {fault.remedy}"
    if corrected is None:
        typed = text.splitlines()
        indent = typed[line - 1].partition(key)[0] if ":" in typed[line - 1] else ""
        remedy = str(fault.remedy)
        typed[line - 1] = indent + remedy[remedy.index(f"{key}: ") :]
        corrected = "\n".join(typed)
    assert site_file.read_site_file(sites.write(tmp_path, {"site.yml": corrected})).faults == ()


def test_a_file_of_another_encoding_is_told(tmp_path):
    (fault,) = site_file.read_site_file(
        sites.write(tmp_path, {"site.yml": b"names:\n  fr: \xe9"})
    ).faults
    assert "UTF-8" in str(fault.remedy)


@pytest.mark.parametrize(
    "command",
    [
        ["build"],
        ["check"],
        ["publish", "--yes"],
        ["rollback"],
        ["releases"],
        ["doctor"],
        ["prepare"],
        ["server-files"],
        ["translations"],
        ["article", "Un titre"],
    ],
    ids=" ".join,
)
def test_every_command_tells_a_fault_of_the_file_in_the_same_words(tmp_path, command):
    content = sites.write(tmp_path / "texts", {"site.yml": "# Le site\nid: 12"})
    done = subprocess.run(
        [sys.executable, "-m", "invoke", *command],
        cwd=sites.ROOT,
        env={**os.environ, "SITE_CONTENT": str(content), "SITE_OUTPUT": str(tmp_path / "site")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert said.count(f"{content}/site.yml:2: id: “12” is not an identifier; write for") == 1
    assert "Traceback" not in said
    assert not (tmp_path / "site").exists()
    assert [path.name for path in content.rglob("*")] == ["site.yml"]


def test_an_empty_variable_counts_as_unset(build):
    built = build({"site.yml": FILE, "articles/a.md": sites.article()}, SITE_URL="")
    assert built.code == 0, built.complaints
    canonical = built.site.page("/").select_one("link[rel=canonical]")
    assert canonical["href"] == "https://lavoir.fr/"


def test_the_environment_goes_first(build):
    files = {"site.yml": FILE, "articles/a.md": sites.article()}
    built = build(files, SITE_URL="https://essai.fr")
    canonical = built.site.page("/").select_one("link[rel=canonical]")
    assert canonical["href"] == "https://essai.fr/"


def test_a_site_without_the_file_is_built(build):
    built = build({"articles/a.md": sites.article()})
    assert built.code == 0, built.complaints
    assert built.site.page("/").title.get_text() == "Mon site"


def test_each_setting_of_a_publication_can_be_written():
    assert set(site_file.BLOCKS["publication"]) == set(publish_settings._KNOWN)
