"""What the owner writes in `content/site.yml`, and how each command tells what is wrong in it."""

import os
import re
import subprocess
import sys

import pytest

from engine.settings import publication as publish_settings
from engine.settings import site_file, site_schema
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
  trading_form: 0145
publication:
  port: 0x16
"""


def test_each_value_is_read_as_it_was_typed(tmp_path):
    site = site_file.read_site_file(sites.write(tmp_path, {"site.yml": FILE}))
    assert site.faults == ()
    assert site.typed_names == {"fr": "Le Lavoir, café & ateliers", "en": "The Wash House"}
    assert (site.address, site.time_zone) == ("https://lavoir.fr", "Europe/Brussels")
    assert site.block("owner")["name"] == "no"
    assert site.block("owner")["trading_form"] == "0145"
    assert site.block("publication")["port"] == "0x16"
    assert site.fault("owner.trading_form", "", "").line == 9
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
    assert not any(site.block("owner").values())


def test_a_site_of_one_language_needs_one_name(tmp_path):
    site = site_file.read_site_file(
        sites.write(tmp_path, {"site.yml": "names:\n  fr: Le Lavoir\n"})
    )
    assert site.names == {"fr": "Le Lavoir", "en": "Le Lavoir"}


# What the owner typed; the line, the key and words of the only fault; what to write instead, None
# where the remedy holds it.
MISTAKES = [
    ("adress: https://a.fr", 1, "adress", "did you mean address?", "address: https://a.fr"),
    ("owner:\n  mail: a", 2, "owner.mail", "did you mean email?", "owner:\n  email: a@b.fr"),
    ("publication:\n  hosts: a", 2, "publication.hosts", "host?", "publication:\n  host: a"),
    ("id: 12", 1, "id", "not an identifier; write for example id: ", None),
    ("time_zone: Paris", 1, "time_zone", "not a time zone", "time_zone: Europe/Paris"),
    ("time_zone: /etc/passwd", 1, "time_zone", "not a time zone", "time_zone: Europe/Paris"),
    ("address: a.fr", 1, "address", "not the address of a site", "address: https://a.fr"),
    ("address: http://a.fr", 1, "address", "encrypted: visitors would be", None),
    ("publication:\n  mode: ftp", 2, "publication.mode", "one of symlink, htaccess, inplace", ""),
    ("address: https://[", 1, "address", "not the address of a site", "address: https://a.fr"),
    ("id: ~\nid: ~", 2, "id", "already on line 1; keep one", "id: ~"),
    ("names:\n  de: Hier", 2, "names.de", "the keys are fr, en", "names:\n  fr: Hier"),
    ("owner: Camille", 1, "owner", "values of its own", "owner:\n  name: Camille"),
    ("owner:\n  name: [a, b]", 2, "owner.name", "one value", "owner:\n  name: a, b"),
    ("names:\n  fr: Nous : vous", 2, "names.fr", "in quotes: fr: 'Nous : vous'", None),
    ("names:\n  fr: L’été #1", 2, "names.fr", "in quotes: fr: 'L’été #1'", None),
    ('sign: "&', 1, "sign", "the quote that opens is never closed", 'sign: "&"'),
    ("names:\n  fr: '&", 2, "names.fr", "the quote that opens is never closed", None),
    ("names:\n  fr: &Co", 2, "names.fr", "in quotes: fr: '&Co'", None),
    ("owner:\n  siret: 732 829 320 00075", 2, "owner.siret", "not a SIRET number", None),
    ("owner:\n  siret: 73282932", 2, "owner.siret", "14 digits", None),
    ("owner:\n  siret: 35600000000016", 2, "owner.siret", "not a SIRET number", None),
    ("owner:\n  vat_number: FR45732829320", 2, "owner.vat_number", "not a French VAT", None),
    ("owner:\n  vat_number: DE136695976", 2, "owner.vat_number", "not a French VAT", None),
    ("owner:\n  email: camille@exemple", 2, "owner.email", "not an e-mail address", None),
    ("owner:\n  email: camille.exemple.fr", 2, "owner.email", "not an e-mail address", None),
    ("owner:\n  phone: 01 99 00 12", 2, "owner.phone", "not a telephone number", None),
    ("owner:\n  host_phone: 33 1 99 00 12 34", 2, "owner.host_phone", "telephone number", None),
    (
        "owner:\n  links: https://a.fr",
        2,
        "owner.links",
        "a name and an address",
        "owner:\n  links:",
    ),
    ("owner:\n  links:\n    A: http://a.fr/@b", 3, "owner.links", "A: https://a.fr/@b", None),
    ("owner:\n  links:\n    A: a.fr", 3, "owner.links", "A: https://a.fr", None),
    ("owner:\n  links:\n    A: [a.fr]", 3, "owner.links", "A: https://example.org/…", None),
    ("owner:\n  links:\n    A: 'https://a.fr'\n    A: ''", 4, "owner.links", "twice", ""),
    ("owner:\n  portrait: moi.jpg", 2, "owner.portrait", "no picture moi.jpg", ""),
    ("owner:\n  portrait: /", 2, "owner.portrait", "no picture /", ""),
    (f"owner:\n  portrait: images/{'a' * 300}.jpg", 2, "owner.portrait", "no picture", ""),
    ("owner:\n  portrait: images/../site.yml", 2, "owner.portrait", "no picture", ""),
    ("sign: abcd", 1, "sign", "more than three characters", None),
    ("news_on_home: 0", 1, "news_on_home", "not a number from 1 to 99", None),
    ("news_on_home: cinq", 1, "news_on_home", "not a number from 1 to 99", None),
    ("hsts_preload: oui", 1, "hsts_preload", "“oui” is not known; use one of no, yes", ""),
    ("taglines: Un lieu", 1, "taglines", "values of its own", "taglines:\n  fr: Un lieu"),
    ("menu: [home]", 1, "menu", "values of its own", "menu:\n  fr: [home]"),
    ("menu:\n  fr: home", 2, "menu.fr", "a list of entries", "menu:\n  fr: [home]"),
    ("menu:\n  fr:\n    - home\n    - home", 4, "menu.fr", "“home” is there twice", ""),
    ("menu:\n  fr:\n    - home\n    - [news]", 4, "menu.fr", "no entry of a menu", ""),
    ("colours: red", 1, "colours", "a list of colours", "colours:\n  - darkred"),
    ("- names", 1, "settings", "it holds no key", ""),
    ("address: a\0b", None, "settings", "control character", ""),
    ("owner:\n\tname: a", 2, "owner.name", "must stand before", "owner:\n  name: a"),
    ("owner:\n  name:Camille\n  email:", 2, "owner.name", "no space after the colon", None),
    ("owner:\n  name:Camille", 2, "owner.name", "no space after the colon", None),
    ("address:https://a.fr\nid:", 1, "address", "no space after the colon", None),
    ("owner:\n  name Camille\n  email:", 2, "owner.name", "no colon after name", None),
    ("address = https://a.fr\nid:", 1, "address", "no colon after address", None),
    ("owner:\n name: a\n  email:", 2, "owner.name", "2 spaces, and", "owner:\n  name: a\n  email:"),
    (
        "owner:\n  email:\n   name: a",
        3,
        "owner.name",
        "2 spaces, and",
        "owner:\n  email:\n  name: a",
    ),
    ("owner:\n  name: a\n id:", 3, "id", "stands before id", "owner:\n  name: a\nid:"),
    ("owner:\nname: a\n  email:", 2, "owner.name", "2 spaces", "owner:\n  name: a\n  email:"),
    ("owner\n  name: a", 1, "owner", "no colon after owner", "owner:\n  name: a"),
    ("owner:\n  name: a\n  email\n", 3, "owner.email", "no colon after email", "owner:\n  name: a"),
    (" owner:\n  address: a\n  name: a", 1, "owner", "before owner", "owner:\n  name: a"),
    ("owners:\n  address: a", 1, "owners", "did you mean owner?", "owner:\n  address: a"),
    ('owner:\n  name: "Camille\n  email:', 2, "owner.name", "quote that opens", None),
    ('owner:\n  name: "Camille', 2, "owner.name", "quote that opens", None),
    ('owner:\n  name: "Camille" Martin', 2, "owner.name", "after the quote", None),
    ("menu:\n  fr: [home, news\nid:", 2, "menu.fr", "brackets is missing", None),
    ('menu:\n  fr:\n    - news: "Les mots', 3, "menu", 'write - news: "Les mots"', ""),
    ("owner:\n  links:\n    A:https://a.fr\n    B: https://b.fr", 3, "owner", "no space", None),
    (
        "owner:\n  links: A: https://a.fr/@b\nid:",
        2,
        "owner.links",
        "write links: alone, and below it, two spaces to the right: A: https://a.fr/@b",
        "owner:\n  links:\n    A: https://a.fr/@b\nid:",
    ),
    (
        "names: fr: Le Lavoir\nid:",
        1,
        "names",
        "write names: alone, and below it, two spaces to the right: fr: Le Lavoir",
        "names:\n  fr: Le Lavoir\nid:",
    ),
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
        indent = re.match(" *", typed[line - 1])[0]
        remedy = str(fault.remedy)
        name = re.search(r"\w+", typed[line - 1])[0]
        typed[line - 1] = indent + remedy[remedy.index(f"{name}: ") :]
        corrected = "\n".join(typed)
    assert site_file.read_site_file(sites.write(tmp_path, {"site.yml": corrected})).faults == ()


RIGHT_VALUES = [
    "siret: 732 829 320 00074",
    "siret: 73282932000074",
    "siret: 356 000 000 49837",  # an establishment of La Poste, which has a rule of its own
    "vat_number: FR44732829320",
    "vat_number: FR 0E 732 829 320",
    "email: prenom.nom+site@mail.exemple.fr",
    "phone: 0199001234",
    "phone: 01.99.00.12.34",
    "phone: +33 1 99 00 12 34",
    "phone: +44 (20) 7946 0958",
    "host_phone: 1007",
    "portrait: images/moi.jpg",
    "portrait: /images/moi.jpg",
    "links:\n    Mastodon: https://mastodon.example/@a#b\n    Le réseau: https://a.fr",
]


@pytest.mark.parametrize("line", RIGHT_VALUES)
def test_a_right_value_is_no_fault(tmp_path, line):
    files = {"site.yml": f"owner:\n  {line}\n", "images/moi.jpg": b"a photo"}
    assert site_file.read_site_file(sites.write(tmp_path, files)).faults == ()


def test_a_portrait_that_is_called_otherwise_is_proposed(tmp_path):
    files = {"site.yml": "owner:\n  portrait: images/moi.jpeg\n", "images/moi.jpg": b"a photo"}
    (fault,) = site_file.read_site_file(sites.write(tmp_path, files)).faults
    assert str(fault.remedy) == "write portrait: images/moi.jpg"


def test_a_file_of_another_encoding_is_told(tmp_path):
    (fault,) = site_file.read_site_file(
        sites.write(tmp_path, {"site.yml": b"names:\n  fr: \xe9"})
    ).faults
    assert "UTF-8" in str(fault.remedy)
    assert fault.line == 2


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
    assert {key.name for key in site_schema.BLOCKS["publication"].keys} == set(
        publish_settings._KNOWN
    )
