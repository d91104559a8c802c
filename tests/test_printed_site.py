"""What typography changes on a built site, and what it must never change."""

import json
import re

import feedparser
from babel.messages.pofile import read_po

from engine.typography.typography import typeset
from tests import sites

TEXT = sites.header(
    title="'\"L''été\" : 1 000 idées ?'",
    date="2012-03-05",
    slug="l-ete",
    summary="'\"Un lieu d''essai\", ouvert à 14h30 !'",
    tags='["L\'ESS & nous"]',
    links="""{presse: "https://example.org/?a=l'b;c!"}""",
) + (
    "Un \"*mot* d'ici\"\n? Voir [l'article][presse] :\n\n"
    "![L'\"eau\" ?](../images/l'eau.png)\n\n"
    "    code d'ici ?\n\n[it's \"fine\" ?]{lang=en}\n"
)


def test_a_build_prints_titles_summaries_words_and_alternatives(build):
    built = build({"articles/a.md": TEXT, "images/l'eau.png": sites.photo(80, 50, "PNG")})
    assert built.code == 0, built.complaints
    page = built.site.page("/actualites/l-ete/")
    title = "«\u202fL’été\u202f»\u00a0: 1\u202f000 idées\u202f?"
    summary = "«\u202fUn lieu d’essai\u202f», ouvert à 14\u00a0h\u00a030\u202f!"
    assert page.h1.get_text() == title
    assert page.select_one("meta[name=description]")["content"] == summary
    prose = page.select_one(".prose")
    assert prose.p.get_text() == "Un «\u202fmot d’ici\u202f»\u202f? Voir l’article\u00a0:"
    assert prose.img["alt"] == "L’«\u202feau\u202f»\u202f?"
    assert prose.select_one("[lang=en]").get_text() == "it’s “fine”?"
    assert prose.code.get_text() == "code d'ici ?\n"


def test_a_build_leaves_addresses_ids_dates_and_the_source_as_typed(build, tmp_path):
    built = build({"articles/a.md": TEXT, "images/l'eau.png": sites.photo(80, 50, "PNG")})
    assert built.code == 0, built.complaints
    assert (tmp_path / "content/articles/a.md").read_bytes() == TEXT.encode()
    page = built.site.page("/actualites/l-ete/")
    assert page.select_one(".prose a")["href"] == "https://example.org/?a=l'b;c!"
    assert page.select_one(".prose img")["src"]
    feed = feedparser.parse(built.site.text("/flux.xml"))
    (entry,) = feed.entries
    assert entry.link == "http://localhost:8000/actualites/l-ete/"
    for value in (feed.feed.id, feed.feed.updated, entry.id, entry.link, entry.published):
        assert value.isascii(), value


OWNER = """\
names: {fr: "L'Atelier d'été : conseil & co", en: "Summer's \\"Lab\\""}
taglines: {fr: "Un lieu d'essai ?", en: "It's open"}
menu:
  fr:
    - news: "L'actu : tout"
  en:
    - news: "What's new"
owner:
  name: Odile d'Ambre
  trading_form: "L'EI : seule"
  address: 12 rue de l'Été, 42000 Saint-Étienne
  email: la@example.org
  phone: 01 99 00 12 34
  siret: 732 829 320 00074
  vat_number: FR 44 732 829 320
  links:
    L'autre lieu: https://example.org/l'autre
  host_name: L'hébergeur
  host_address: 5 quai de l'Eau, 42000 Saint-Étienne
  host_phone: +44 (20) 7946 0958
"""
SIRET = "732\u202f829\u202f320\u202f00074"
VAT_NUMBER = "FR\u202f44\u202f732\u202f829\u202f320"
NAME, NUMBER = "L’Atelier d’été\u00a0: conseil\u00a0& co", "01\u202f99\u202f00\u202f12\u202f34"


def test_the_words_of_the_owner_s_file_are_set_wherever_a_visitor_reads_them(build):
    page = {
        "pages/contact.md": sites.header(title="Contact", template="contact") + "Oui.\n",
        "pages/legal.md": sites.header(title="Mentions", template="legal") + "Oui.\n",
    }
    built = build(
        {
            "site.yml": OWNER,
            "articles/a.md": sites.article(),
            "articles/a.en.md": sites.header(title="One") + "Yes.\n",
        }
        | page
    )
    assert built.code == 0, built.complaints
    home, contact = built.site.page("/"), built.site.page("/contact/")
    assert home.title.get_text() == f"{NAME} · Odile d’Ambre · Un lieu d’essai\u202f?"
    assert contact.select_one(".site-name span").get_text() == NAME
    assert contact.select_one(".site-footer p").get_text() == f"{NAME} · Odile d’Ambre"
    assert "L’actu\u00a0: tout" in contact.header.get_text()
    assert contact.select_one(".p-name").get_text() == "Odile d’Ambre"
    assert contact.select_one(".p-adr").get_text() == "12 rue de l’Été, 42000 Saint-Étienne"
    call, mail, other = (
        contact.select_one(f"main .{name}") for name in ("p-tel", "u-email", "u-url")
    )
    assert (call["href"], call.get_text()) == ("tel:0199001234", NUMBER)
    assert (mail["href"], mail.get_text()) == ("mailto:la@example.org", "la@example.org")
    assert (other["href"], other.get_text()) == ("https://example.org/l'autre", "L’autre lieu")
    legal = built.site.page("/mentions/").get_text()
    host = "L’hébergeur, 5 quai de l’Eau, 42000 Saint-Étienne, +44\u202f(20)\u202f7946\u202f0958"
    for shown in ("Odile d’Ambre, L’EI\u00a0: seule", SIRET, VAT_NUMBER, NUMBER, host):
        assert shown in legal
    english = built.site.page("/en/")
    assert english.title.get_text() == "Summer’s “Lab” · Odile d’Ambre · It’s open"
    assert "What’s new" in english.header.get_text()
    feed = feedparser.parse(built.site.text("/flux.xml")).feed
    assert (feed.title, feed.subtitle) == (NAME, "Un lieu d’essai\u202f?")


def test_what_machines_take_from_the_owner_s_file_is_as_typed(build):
    page = {"pages/c.md": sites.header(title="Contact", template="contact") + "Oui.\n"}
    built = build({"site.yml": OWNER, "articles/a.md": sites.article()} | page)
    assert built.code == 0, built.complaints
    card = built.site.text("/contact.vcf")
    assert "FN:Odile d'Ambre\n" in card
    assert "TEL;TYPE=WORK:01 99 00 12 34\n" in card
    told = json.loads(
        built.site.page("/contact/").select_one('[type="application/ld+json"]').string
    )
    [owner] = [node["mainEntity"] for node in told["@graph"] if "mainEntity" in node]
    assert owner["telephone"] == "01 99 00 12 34"
    assert owner["vatID"] == "FR 44 732 829 320"
    assert owner["identifier"]["value"] == "732 829 320 00074"


def test_the_words_of_the_theme_have_the_typography_of_their_language():
    with (sites.ROOT / "theme/translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = [message for message in read_po(file) if message.id]
    assert len(catalogue) > 50
    for message in catalogue:
        for lang, words in (("fr", message.id), ("en", message.string)):
            for said in [words] if isinstance(words, str) else words:
                shown = re.sub(r"%\(\w+\)s", "12", said).replace("%%", "%")
                assert typeset(shown, lang) == shown


def test_a_date_is_shown_as_in_a_text(build):
    built = build({"articles/a.md": sites.article("Une", date="2012-03-05", slug="une")})
    assert built.site.page("/actualites/une/").time.get_text() == typeset("5 mars 2012", "fr")
