"""A day of the owner in the writing page: from an idea to an article online, without a command."""

import re

import pytest
from playwright.sync_api import expect

from tests import sites, writing_desk
from tests.writing_desk import area, drop, frame_of, opened

pytestmark = [
    pytest.mark.needs(*writing_desk.NEEDS),
    pytest.mark.slow,
    pytest.mark.timeout(900),
]

_FRENCH = "actualites/un-ete-au-bief/index.html"
_ENGLISH = "en/news/a-summer-by-the-bief/index.html"


def test_an_idea_in_the_morning_is_online_in_two_languages_and_back_in_the_evening(
    browser, tmp_path
):
    with writing_desk.desk(tmp_path) as desk, opened(browser, desk) as page:
        _begin(page)
        _illustrate(page)
        _find_three_mistakes(page)
        _save(page)
        _translate(page)
        _save(page)
        assert not (desk.live / _FRENCH).exists()
        _publish(page)
        for address, words in {_FRENCH: "Six personnes", _ENGLISH: "Six people"}.items():
            live = (desk.live / address).read_text("utf-8")
            assert words in live
            assert "image/avif" in live
        _roll_back(page)
        assert not (desk.live / _FRENCH).exists()
        assert len(list((desk.content / "articles").glob("*un-ete-au-bief*.md"))) == 2


def _save(page):
    page.keyboard.press("Control+s")
    expect(page.locator(".save-state")).to_have_text("Enregistré.")


def _begin(page):
    page.get_by_role("button", name="Nouveau texte").click()
    page.get_by_label("Titre").fill("Un été au Bief")
    page.get_by_role("button", name="Commencer").click()
    expect(page.get_by_role("heading", name="Un été au Bief")).to_be_visible()
    area(page).fill("Trois semaines d'ateliers avec ")
    page.get_by_role("button", name="Lien", exact=True).click()
    page.get_by_label("Un texte du site, par son titre").fill("manufacture")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="La Manufacture, lieu commun").first.click()
    dialog.get_by_role("button", name="Mettre le lien").click()


def _illustrate(page):
    area(page).press("Control+End")
    area(page).type(".\n\n")
    drop(page, sites.photo(4000, 3000), "Été à l'atelier.JPG")
    page.get_by_label("Ce que l’on voit").fill("Six personnes montent une table.")
    page.get_by_label("Crédit").fill("Le Lavoir")
    page.get_by_role("button", name="Mettre l’image").click()
    expect(frame_of(page).get_by_role("img", name="Six personnes")).to_be_attached()


def _find_three_mistakes(page):
    """Make a mistake in the date, in the address and in the text; each is told beside its field."""
    page.get_by_label("Résumé").fill("Trois semaines d'ateliers ouverts au bord du Bief.")
    page.get_by_label("État").select_option("Visible")
    date = page.get_by_role("group", name="Date (obligatoire)")
    date.get_by_label("Mois").select_option("février")
    date.get_by_label("Jour").fill("31")
    expect(date.locator(".fault")).to_be_visible()
    date.get_by_label("Jour").fill("28")
    expect(date.locator(".fault")).to_have_count(0)

    page.get_by_text("Autres réglages de ce texte").click()
    slug = page.locator(".field-slug")
    slug.get_by_role("textbox").fill("Un été au Bief")
    expect(slug.locator(".fault")).to_be_visible()
    slug.get_by_role("textbox").fill("un-ete-au-bief")
    expect(slug.locator(".fault")).to_have_count(0)

    written = area(page).input_value()
    area(page).fill(written.replace(".md)", "-non.md)"))
    fault = page.locator("#findings .fault")
    expect(fault).to_contain_text("-non.md")
    fault.get_by_role("button", name="Ligne 1").click()
    selected = "it => it.value.slice(it.selectionStart, it.selectionEnd)"
    assert area(page).evaluate(selected).startswith("Trois semaines")
    area(page).fill(written)
    expect(fault).to_have_count(0)


def _translate(page):
    page.get_by_role("button", name="Plus").click()
    page.get_by_role("button", name="Traduire").click()
    expect(page.get_by_text("Actualité · EN")).to_be_visible()
    page.get_by_label("Titre").fill("A summer by the Bief")
    page.get_by_label("Résumé").fill("Three weeks of open workshops by the Bief.")
    page.get_by_text("Autres réglages de ce texte").click()
    page.locator(".field-slug").get_by_role("textbox").fill("a-summer-by-the-bief")
    page.get_by_label("État").select_option("Visible")
    words = area(page).input_value()
    for french, english in {
        "Trois semaines d'ateliers avec ": "Three weeks of workshops with ",
        "Six personnes montent une table.": "Six people build a table.",
        "Photo\u00a0: ": "Photo: ",
    }.items():
        assert french in words
        words = words.replace(french, english)
    area(page).fill(words)
    expect(frame_of(page).get_by_text("Three weeks of workshops")).to_be_visible()


def _publish(page):
    page.get_by_role("link", name="Publier").click()
    publish = page.get_by_role("button", name=re.compile("Publier [0-9]+ pages"))
    refused = page.get_by_role("heading", name="Rien n’a été publié")
    expect(publish.or_(refused)).to_be_visible()
    assert publish.is_visible(), page.locator("main").inner_text()
    count = publish.inner_text().split()[1]
    expect(page.get_by_role("heading", name=f"{count} pages changent")).to_be_visible()
    page.get_by_text("pages nouvelles").click()
    expect(page.get_by_text("/actualites/un-ete-au-bief/", exact=True)).to_be_visible()
    publish.click()
    expect(page.get_by_role("heading", name="C’est en ligne")).to_be_focused()


def _roll_back(page):
    page.get_by_role("button", name="Montrer les versions").click()
    page.get_by_role("button", name="Remettre en ligne").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Remettre en ligne").click()
    expect(page.get_by_role("heading", name="de nouveau en ligne")).to_be_visible()
