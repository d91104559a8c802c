"""The file that adds the owner to a visitor's contacts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.exports.vcard import vcard
from tests import sites
from tests.sites import article, header

NOBODY = {"name": "", "email": "", "phone": "", "address": "", "links": {}}
ODILE = {
    "name": "Odile Marchenoir",
    "email": "odile@marchenoir.example",
    "phone": "01 99 00 12 34",
    "address": "3 rue du Bief, 42000 Saint-Étienne",
}


def read(text: str) -> list[tuple[str, list[str]]]:
    """Each property and its parts, as RFC 6350 says (3.2, 3.4)."""
    assert text.endswith("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = re.sub("\r\n[ \t]", "", text).split("\r\n")[:-1]
    unescape = {"\\n": "\n", "\\,": ",", "\\;": ";", "\\\\": "\\"}
    found = []
    for line in lines:
        name, _, value = line.partition(":")
        parts = re.split(r"(?<!\\)(?:\\\\)*;", value) if name.startswith(("N", "ADR")) else [value]
        found.append(
            (name, [re.sub(r"\\.", lambda match: unescape[match[0]], part) for part in parts])
        )
    return found


def test_a_vcard_holds_every_way_to_reach_the_owner():
    owner = ODILE | {"links": {"Mastodon": "https://mastodon.example/@odile"}}
    assert read(vcard(owner, "Le Lavoir", "https://example.org")) == [
        ("BEGIN", ["VCARD"]),
        ("VERSION", ["3.0"]),
        ("FN", ["Odile Marchenoir"]),
        ("N", ["", "Odile Marchenoir", "", "", ""]),
        ("EMAIL;TYPE=INTERNET", ["odile@marchenoir.example"]),
        ("TEL;TYPE=WORK", ["01 99 00 12 34"]),
        ("ADR;TYPE=WORK", ["", "", "3 rue du Bief", "Saint-Étienne", "", "42000", ""]),
        ("URL", ["https://example.org"]),
        ("URL", ["https://mastodon.example/@odile"]),
        ("END", ["VCARD"]),
    ]


def test_an_address_of_another_form_is_kept_whole():
    card = vcard(NOBODY | {"address": "12 High Street, York YO1 7HT"}, "Le Lavoir", "https://a.fr")
    assert dict(read(card))["ADR;TYPE=WORK"][2] == "12 High Street, York YO1 7HT"
    assert dict(read(card))["FN"] == ["Le Lavoir"], "the name of the site, without the owner's"


@pytest.mark.parametrize("owner", [NOBODY, NOBODY | {"name": "Odile", "links": {"A": "https://a"}}])
def test_without_an_address_and_a_number_there_is_no_vcard(owner):
    assert vcard(owner, "Le Lavoir", "https://example.org") == ""


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_no_name_can_add_a_property(name):
    owner = NOBODY | {"name": name, "email": "a@b.fr"}
    properties = [each for each, _value in read(vcard(owner, "S", "https://a.fr"))]
    assert properties == ["BEGIN", "VERSION", "FN", "N", "EMAIL;TYPE=INTERNET", "URL", "END"]
    assert dict(read(vcard(owner, "S", "https://a.fr")))["FN"] == [name]


def test_the_pages_with_the_owners_address_lead_to_the_vcard(build):
    pages = {
        "pages/contact.md": header(title="Contact", template="contact") + "Écrivez-moi.",
        "pages/contact.en.md": header(title="Contact") + "Write to me.",
        "pages/mentions.md": header(title="Mentions", template="legal") + "Ce site.",
        "articles/a.md": article(),
    }
    built = build(pages | {"site.yml": sites.settings(**ODILE)}, SITE_URL="https://a.fr/blog")
    assert built.code == 0, built.complaints
    link = 'a[type="text/vcard"][href="/blog/contact.vcf"]'
    leading = {
        address: found.get_text()
        for address in built.site.addresses
        for found in built.site.page(address).select(link)
    }
    assert leading == {
        "/contact/": "Ajouter à vos contacts (fichier vCard)",
        "/en/contact/": "Add to your contacts (vCard file)",
        "/mentions/": "Ajouter à vos contacts (fichier vCard)",
    }
    card = (built.site.folder / "contact.vcf").read_bytes().decode()
    assert dict(read(card))["FN"] == ["Odile Marchenoir"]
    assert dict(read(card))["URL"] == ["https://a.fr/blog"]


def test_a_site_without_its_owners_contact_has_no_vcard(build):
    built = build({"pages/contact.md": header(title="Contact", template="contact") + "Bonjour."})
    assert built.code == 0, built.complaints
    assert not built.site.has("/contact.vcf")
    assert not built.site.page("/contact/").select('a[type="text/vcard"]')


def test_no_vcard_is_made_that_no_page_leads_to(build):
    built = build({"articles/a.md": article(), "site.yml": sites.settings(**ODILE)})
    assert built.code == 0, built.complaints
    assert not built.site.has("/contact.vcf")
