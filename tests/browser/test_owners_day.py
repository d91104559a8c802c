"""A day of the owner in the writing page: from an idea to an article online, without one command."""

import base64
import re

import pytest
from playwright.sync_api import expect

from tests import sites, writing_desk
from tests.writing_desk import area, frame_of, opened

pytestmark = [pytest.mark.needs(*writing_desk.NEEDS), pytest.mark.slow]

_DROP = """([data, name]) => {
    const bytes = Uint8Array.from(atob(data), each => each.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], name, {type: "image/jpeg"}));
    document.querySelector("textarea.body").dispatchEvent(
        new DragEvent("drop", {dataTransfer, bubbles: true, cancelable: true}));
}"""
_FRENCH = "actualites/un-ete-au-bief/index.html"
_ENGLISH = "en/news/a-summer-by-the-bief/index.html"


def test_an_idea_in_the_morning_is_online_in_two_languages_and_back_in_the_evening(
    browser, tmp_path
):
    with writing_desk.desk(tmp_path) as desk, opened(browser, desk) as page:
        page.set_default_timeout(60_000)
        expect.set_options(timeout=60_000)
        state = page.locator(".save-state")

        page.get_by_role("button", name="Nouveau texte").click()
        page.get_by_label("Titre").fill("Un été au Bief")
        page.get_by_role("button", name="Commencer").click()
        expect(page.get_by_role("heading", name="Un été au Bief")).to_be_visible()

        area(page).fill("Trois semaines d'ateliers avec ")
        page.get_by_role("button", name="Lien", exact=True).click()
        page.get_by_label("Un texte du site, par son titre").fill("manufacture")
        chosen = page.get_by_role("dialog").get_by_role("button", name="La Manufacture")
        chosen.first.click()
        page.get_by_role("button", name="Mettre le lien").click()
        area(page).press("Control+End")
        area(page).type(".\n\n")
        data = base64.b64encode(sites.photo(4000, 3000)).decode()
        page.evaluate(_DROP, [data, "Été à l'atelier.JPG"])
        page.get_by_label("Ce que l’on voit").fill("Six personnes montent une table.")
        page.get_by_label("Crédit").fill("Le Lavoir")
        page.get_by_role("button", name="Mettre l’image").click()
        expect(frame_of(page).get_by_role("img", name="Six personnes")).to_be_attached()

        # Three mistakes, each beside its field.
        page.get_by_label("Résumé").fill("Trois semaines d'ateliers ouverts au bord du Bief.")
        page.get_by_label("État").select_option("Visible")
        date = page.get_by_role("group", name="Date (obligatoire)")
        date.get_by_label("Mois").select_option("février")
        date.get_by_label("Jour").fill("31")
        expect(date.locator(".fault")).to_be_visible()
        date.get_by_label("Jour").fill("28")
        expect(date.locator(".fault")).to_have_count(0)
        page.get_by_text("Autres réglages de ce texte").click()
        page.get_by_label("Fin de l’adresse").fill("Un été au Bief")
        slug = page.locator(".field-slug .fault")
        expect(slug).to_be_visible()
        page.get_by_label("Fin de l’adresse").fill("un-ete-au-bief")
        expect(slug).to_have_count(0)
        written = area(page).input_value()
        area(page).fill(written.replace("manufacture.md", "manufature.md"))
        fault = page.locator("#findings .fault")
        expect(fault).to_contain_text("manufature.md")
        fault.get_by_role("button", name="Ligne 1").click()
        assert page.evaluate("getSelection().toString()").startswith("Trois semaines")
        area(page).fill(written)
        expect(fault).to_have_count(0)
        page.keyboard.press("Control+s")
        expect(state).to_have_text("Enregistré.")

        page.get_by_role("button", name="Plus").click()
        page.get_by_role("button", name="Traduire").click()
        expect(page.get_by_text("Actualité · EN")).to_be_visible()
        page.get_by_label("Titre").fill("A summer by the Bief")
        page.get_by_label("Résumé").fill("Three weeks of open workshops by the Bief.")
        page.get_by_text("Autres réglages de ce texte").click()
        page.get_by_label("Fin de l’adresse").fill("a-summer-by-the-bief")
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
        page.keyboard.press("Control+s")
        expect(state).to_have_text("Enregistré.")

        page.get_by_role("link", name="Publier").click()
        publish = page.get_by_role("button", name=re.compile("Publier [0-9]+ pages"))
        expect(publish).to_be_visible(timeout=240_000)
        count = publish.inner_text().split()[1]
        expect(page.get_by_role("heading", name=f"{count} pages changent")).to_be_visible()
        page.get_by_text("pages nouvelles").click()
        expect(page.get_by_text("/actualites/un-ete-au-bief/", exact=True)).to_be_visible()
        assert not (desk.live / _FRENCH).exists()
        publish.click()
        expect(page.get_by_role("heading", name="C’est en ligne")).to_be_focused(timeout=240_000)
        for address, words in {_FRENCH: "Six personnes", _ENGLISH: "Six people"}.items():
            live = (desk.live / address).read_text("utf-8")
            assert words in live
            assert "image/avif" in live

        page.get_by_role("button", name="Montrer les versions").click()
        page.get_by_role("button", name="Remettre en ligne").first.click()
        page.get_by_role("dialog").get_by_role("button", name="Remettre en ligne").click()
        expect(page.get_by_role("heading", name="de nouveau en ligne")).to_be_visible()
        assert not (desk.live / _FRENCH).exists()
        assert (desk.content / "articles").glob("*un-ete-au-bief.en.md")
    expect.set_options(timeout=5_000)
