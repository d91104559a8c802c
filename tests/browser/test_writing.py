"""What the owner does in the writing page: write, undo, lose nothing, come back."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess

import pytest
from playwright.sync_api import expect

from engine.web.static_files import PAGE_FOLDER
from tests import chromium, sites
from tests.sites import article, header, photo, project
from tests.web.conftest import kill, start, stop
from tests.writing_desk import Desk, area, drop, frame_of, go, of_text, open_page, opened

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.slow]

TEXTS = {
    "site.yml": "# À moi\n" + sites.settings(name="Odile"),
    "home.md": header(title="Accueil") + "Bonjour.\n",
    "home.en.md": header(title="Home") + "Hello.\n",
    "articles/a.md": article("Première", body="Un texte.\n\nSuite.", summary="Un essai."),
    "articles/long.md": article("Longue", body="\n\n".join(f"Alinéa {n}." for n in range(80))),
    "articles/b.md": article("Seconde", date="2013", status="draft"),
    "pages/projects/p.md": project("Un projet"),
}
SOURCE = "articles/a.md"


@pytest.fixture
def desk(tmp_path):
    content = sites.write(tmp_path / "content", TEXTS)
    running = Desk(content, tmp_path, start(content, SITE_MESSAGES="fr"), {})
    yield running
    stop(running.server)


@pytest.fixture
def page(browser, desk):
    """The first text, and its page beside it."""
    with opened(browser, desk, of_text(SOURCE)) as page:
        expect(frame_of(page).get_by_text("Suite.")).to_be_visible()
        yield page


def saved(page):
    return expect(page.locator(".save-state").get_by_text("Enregistré.", exact=True))


def lines(desk, source=SOURCE):
    return (desk.content / source).read_text("utf-8").splitlines()


def test_what_is_typed_is_on_the_page_beside_it_and_in_the_file_once_it_is_saved(page, desk):
    before = lines(desk)
    area(page).press("Control+End")
    area(page).type("\n\nEncore **une** phrase.")
    expect(frame_of(page).get_by_text("Encore une phrase.")).to_be_visible()
    expect(page.get_by_text("Pas encore enregistré")).to_be_visible()
    assert lines(desk) == before
    page.keyboard.press("Control+s")
    saved(page).to_be_visible()
    assert lines(desk)[: len(before)] == before
    assert lines(desk)[-1] == "Encore **une** phrase."


def test_a_value_of_the_form_changes_its_line_alone_and_a_wrong_one_is_told_beside_it(page, desk):
    before = lines(desk)
    date = page.get_by_role("group", name="Date (obligatoire)")
    day, month = date.get_by_label("Jour"), date.get_by_label("Mois")
    month.select_option("inconnu")
    expect(day).to_be_disabled()
    month.select_option("février")
    day.fill("31")
    fault = date.locator(".fault")
    expect(fault).to_contain_text("2012-02-31")
    expect(day).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("button", name="1 faute")).to_be_visible()
    day.fill("9")
    expect(fault).to_have_count(0)
    page.get_by_role("button", name="Enregistrer").click()
    saved(page).to_be_visible()
    changed = [line for line in lines(desk) if line not in before]
    assert changed == ["date: 2012-02-09"]
    assert len(lines(desk)) == len(before)


def test_the_bar_and_its_keys_write_what_undo_takes_back(page):
    text = area(page)
    words = text.input_value()
    text.press("Control+Home")
    for _ in range(len("Un texte")):
        text.press("Shift+ArrowRight")
    text.press("Control+b")
    assert text.input_value().startswith("**Un texte**.")
    text.press("Control+b")
    assert text.input_value() == words
    page.get_by_role("button", name="Titre de partie").click()
    assert text.input_value().startswith("## Un texte.")
    page.get_by_role("button", name="Mot d’une autre langue").click()
    page.get_by_role("button", name="Note").click()
    assert text.input_value().endswith("\n\n[^1]: ")
    for _ in range(10):
        text.press("Control+z")
    assert text.input_value() == words
    text.press("Control+a")
    text.press("Alt+l")
    assert text.input_value().split("\n")[0] == "- Un texte."
    page.get_by_role("button", name="Liste").click()
    page.get_by_role("button", name="Citation").click()
    assert text.input_value().split("\n")[2] == "> Suite."


def test_a_link_is_chosen_by_the_title_of_a_text(page):
    area(page).press("Control+End")
    area(page).press("Control+k")
    page.get_by_label("Un texte du site, par son titre").fill("projet")
    page.get_by_role("dialog").get_by_role("button", name="Un projet").click()
    page.get_by_role("button", name="Mettre le lien").click()
    # The dialog closes before its words are in the text.
    expect(area(page)).to_have_value(re.compile(r"\[Un projet\]\(\.\./pages/projects/p\.md\)$"))


def test_a_dropped_photo_is_named_and_described(page, desk):
    area(page).press("Control+End")
    drop(page, photo(1600, 1000), "Été à l'atelier.JPG")
    page.get_by_label("Ce que l’on voit").fill("Six personnes [et un chien].")
    page.get_by_label("Légende").fill('L\'atelier "du" samedi')
    page.get_by_label("Crédit").fill("Le Lavoir")
    page.get_by_role("button", name="Mettre l’image").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    (image,) = (desk.content / "images").iterdir()
    title = 'L\'atelier \\"du\\" samedi. Photo\u00a0: Le Lavoir'
    markdown = f'![Six personnes \\[et un chien\\].](/images/{image.name} "{title}")'
    expect(area(page)).to_have_value(f"Un texte.\n\nSuite.\n\n{markdown}\n")
    assert re.fullmatch(r"[a-z-]+\.jpg", image.name)
    caption = frame_of(page).locator("figcaption")
    expect(caption).to_contain_text("samedi")


def test_the_page_stays_at_the_place_of_the_text(browser, desk):
    with opened(browser, desk, of_text("articles/long.md")) as page:
        beside = frame_of(page)
        expect(beside.get_by_text("Alinéa 79.")).to_be_visible()
        area(page).press("Control+End")
        expect(beside.get_by_text("Alinéa 79.")).to_be_in_viewport()
        area(page).type(" Fin.")
        expect(beside.get_by_text("Alinéa 79. Fin.")).to_be_in_viewport()
        area(page).press("Control+Home")
        expect(beside.get_by_text("Alinéa 0.")).to_be_in_viewport()


def test_a_text_changed_by_an_editor_meanwhile_is_shown_beside_ones_own(page, desk):
    area(page).press("Control+End")
    area(page).type("\n\nÀ moi.")
    changed = (desk.content / SOURCE).read_text("utf-8").replace("Suite.", "Autre suite.")
    (desk.content / SOURCE).write_text(changed, "utf-8")
    expect(page.get_by_text("Ce texte a changé ailleurs entre-temps.")).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.get_by_role("heading", name="Deux versions du même texte")).to_be_focused()
    expect(page.get_by_label("La vôtre")).to_have_value(re.compile("À moi."))
    theirs = page.get_by_role("group", name="Celle du fichier")
    expect(theirs.locator("mark")).to_have_text(["Autre suite.\n"])
    assert (desk.content / SOURCE).read_text("utf-8") == changed
    page.get_by_label("La vôtre").fill(changed + "\nÀ moi.\n")
    page.get_by_role("button", name="Enregistrer la vôtre").click()
    expect(page.get_by_role("heading", name="Première")).to_be_visible()
    expect(area(page)).to_have_value(re.compile("Autre suite.\n\nÀ moi.\n"))
    assert lines(desk)[-3:] == ["Autre suite.", "", "À moi."]


def test_an_open_text_without_changes_follows_the_file(page, desk):
    sites.write(desk.content, {SOURCE: article("Première", body="D'un éditeur.")})
    expect(area(page)).to_have_value("D'un éditeur.\n")


def test_words_that_were_not_saved_are_there_after_the_browser_was_killed(desk, tmp_path, browser):
    folder = tmp_path / "profile"
    options = {"executable_path": chromium.PARTS["chromium"].find(), "locale": "fr-FR"}
    arguments = [*chromium._ARGUMENTS, "--headless"]
    launch = browser.browser_type.launch_persistent_context
    context = launch(folder, args=arguments, **options)
    page = open_page(context, desk, of_text(SOURCE))
    area(page).press("Control+End")
    area(page).type(" Pas encore enregistré ici.")
    expect(frame_of(page).get_by_text("enregistré ici.")).to_be_visible()
    running = subprocess.check_output(["ps", "-A", "-ww", "-o", "pid=,args="], text=True)
    processes = [
        int(line.split()[0])
        for line in running.splitlines()
        if f"--user-data-dir={folder} " in line
    ]
    assert processes
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    with opened(browser, desk, of_text(SOURCE)) as page:
        expect(page.get_by_text("n’étaient pas enregistrés")).to_be_visible()
        expect(area(page)).to_have_value(re.compile("Pas encore enregistré ici."))
        page.get_by_role("button", name="Les jeter").click()
        expect(area(page)).to_have_value("Un texte.\n\nSuite.\n")
    with opened(browser, desk, of_text(SOURCE)) as page:
        expect(area(page)).to_have_value("Un texte.\n\nSuite.\n")
        expect(page.get_by_text("n’étaient pas enregistrés")).to_have_count(0)


def test_a_server_that_stopped_is_told_and_the_words_come_back_with_the_next(page, desk, browser):
    area(page).press("Control+End")
    area(page).type(" Avec serveur.")
    expect(frame_of(page).get_by_text("Avec serveur.")).to_be_visible()
    before = desk.server.origin
    kill(desk.server)
    area(page).type(" Sans serveur.")
    expect(page.get_by_role("alert").filter(has_text="Le serveur s’est arrêté.")).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Non enregistré")).to_be_visible()
    desk.server = start(desk.content, SITE_MESSAGES="fr")
    # The next server has another token, and the same address unless another program took it: then
    # the words are there that the first server had heard.
    words = "Sans serveur." if desk.server.origin == before else "Avec serveur."
    other = open_page(page.context, desk, of_text(SOURCE))
    expect(area(other)).to_have_value(re.compile(words))
    other.keyboard.press("Control+s")
    saved(other).to_be_visible()
    assert words in lines(desk)[-1]


def test_an_address_that_another_program_took_meanwhile_is_told(desk, browser):
    stop(desk.server)
    with socket.create_server(("127.0.0.1", desk.server.port)):
        desk.server = start(desk.content, SITE_MESSAGES="fr")
    with opened(browser, desk) as page:
        expect(page.get_by_role("alert")).to_contain_text("une autre adresse que la dernière fois")


def test_a_text_that_is_removed_meanwhile_is_told_and_comes_back_with_a_save(page, desk):
    (desk.content / SOURCE).unlink()
    expect(page.get_by_text("Ce texte a changé ailleurs entre-temps.")).to_be_visible()
    area(page).press("Control+End")
    area(page).type(" Encore.")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Le fichier a été retiré entre-temps.")).to_be_visible()
    page.get_by_role("button", name="Enregistrer la vôtre").click()
    expect(page.get_by_role("heading", name="Première")).to_be_visible()
    assert lines(desk)[-1] == " Encore."


def test_a_second_window_with_the_same_text_is_told(page, desk):
    other = open_page(page.context, desk, of_text(SOURCE))
    for window in (page, other):
        expect(window.get_by_text("ouvert dans une autre fenêtre")).to_be_visible()


def test_a_window_without_the_key_says_how_to_open_the_page(browser, desk):
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()
    page.goto(desk.server.origin)
    expect(page.get_by_role("heading")).to_have_text("Cette fenêtre n’est pas reliée")
    context.close()


def test_a_version_of_before_comes_back(page, desk):
    area(page).fill("Une autre fin.\n")
    page.keyboard.press("Control+s")
    saved(page).to_be_visible()
    page.get_by_role("button", name="Plus").click()
    page.get_by_role("button", name="Historique").click()
    page.locator(".history button").last.click()
    expect(page.locator(".version mark")).to_have_text(["Un texte.\n", "Suite.\n"])
    page.get_by_role("button", name="Revenir à cette version").click()
    expect(area(page)).to_have_value("Un texte.\n\nSuite.\n")
    assert lines(desk)[-1] == "Suite."


def test_a_text_is_deleted_and_restored(browser, desk):
    with opened(browser, desk) as page:
        page.get_by_role("button", name="Actions : Première").click()
        page.get_by_role("button", name="Supprimer").click()
        page.get_by_label("Où mener ses lecteurs ?").select_option("Un projet")
        page.get_by_role("dialog").get_by_role("button", name="Supprimer").click()
        expect(page.get_by_role("link", name="Première")).to_have_count(0)
        assert not (desk.content / SOURCE).exists()
        assert "aliases: [/actualites/premiere/]" in lines(desk, "pages/projects/p.md")
        page.get_by_role("link", name="Textes supprimés").click()
        page.get_by_role("button", name="Rétablir « Première »").click()
        # The list of what was deleted has its title as well.
        expect(area(page)).to_be_visible()
    assert lines(desk)[-1] == "Suite."


def test_the_list_is_found_as_one_types_and_filtered(browser, desk):
    with opened(browser, desk) as page:
        names = page.locator(".text-row:visible h2")
        page.get_by_label("Chercher").type("premiere")
        expect(names).to_have_text(["Première"])
        expect(page.get_by_text("1 texte", exact=True)).to_be_visible()
        page.get_by_label("Chercher").fill("")
        page.get_by_label("État").select_option("Brouillon")
        expect(names).to_have_text(["Seconde"])
        page.get_by_label("État").select_option("Tous les états")
        page.get_by_label("Sorte").select_option("Projets")
        expect(names).to_have_text(["Un projet"])


def test_a_setting_changes_its_line_alone(browser, desk):
    before = lines(desk, "site.yml")
    with opened(browser, desk, of_text("site.yml")) as page:
        page.get_by_role("group", name="Qui parle ici").get_by_label("SIRET").fill("123")
        fault = page.locator(".field-owner-siret .fault")
        expect(fault).to_be_visible()
        page.get_by_role("group", name="Qui parle ici").get_by_label("SIRET").fill("")
        expect(fault).to_have_count(0)
        page.get_by_role("group", name="Nom du site").get_by_label("En français").fill("L'Atelier")
        page.keyboard.press("Control+s")
        saved(page).to_be_visible()
    after = lines(desk, "site.yml")
    assert len(after) == len(before)
    assert [line for line in after if line not in before] == ['  fr: "L\'Atelier"']


@pytest.mark.needs("hunspell", "hunspell-fr", "hunspell-en")
def test_a_word_is_accepted_beside_it_in_the_title_and_in_the_text(page, desk):
    held = []

    def hold(route):
        held.append(route)

    page.route("**/api/accept-word*", hold)
    page.locator(".field-title").get_by_role("textbox").fill("Le zorglub")
    area(page).fill("Un **bulgroz** ici.")
    for word, field in (("zorglub", ".field-title"), ("bulgroz", ".writing")):
        place = page.locator(field)
        place.get_by_role("button", name=f"Accepter «\u00a0{word}\u00a0»").click()
        # What is typed meanwhile is answered first.
        with page.expect_response("**/api/draft*"):
            area(page).press_sequentially("Encore. ")
        held.pop().continue_()
        expect(place.locator(".finding", has_text=word)).to_have_count(0)
        expect(place.locator("input, textarea").first).to_be_focused()
    assert lines(desk, "mots.txt") == ["zorglub", "bulgroz"]
    assert lines(desk) == TEXTS[SOURCE].splitlines(), "nothing is saved on the way"


def test_a_theme_gets_its_english_name(browser, desk):
    texts = {
        "articles/n.md": article("Neuve", tags="[habitat]"),
        "articles/n.en.md": header(title="New") + "A text.\n",
    }
    sites.write(desk.content, texts)
    with opened(browser, desk, of_text("articles/n.md")) as page:
        page.get_by_role("link", name="Noms anglais des thèmes").click()
        expect(page.get_by_role("heading", name="Noms anglais des thèmes")).to_be_focused()
        fault = page.get_by_text("n’a pas de nom anglais")
        expect(fault).to_be_visible()
        area(page).fill("habitat: housing")
        expect(fault).to_have_count(0)
        page.keyboard.press("Control+s")
        saved(page).to_be_visible()
        page.go_back()
        expect(page.get_by_role("heading", name="Neuve")).to_be_visible()
        expect(page.locator(".field-tags .finding")).to_have_count(0)
    assert lines(desk, "themes.yml") == ["habitat: housing"]


def test_a_text_is_begun_written_and_saved_by_the_keyboard_alone(browser, desk):
    with opened(browser, desk) as page:
        press = page.keyboard.press

        def reach(words):
            for _ in range(60):
                focused = page.evaluate(
                    """() => { const it = document.activeElement;
                        if (it.matches("body, h1")) return "";
                        return it.ariaLabel || it.labels?.[0]?.textContent || it.textContent; }"""
                )
                if words in focused:
                    return
                press("Tab")
            raise AssertionError(words)

        reach("Nouveau texte")
        press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        reach("Titre")
        page.keyboard.type("Au clavier")
        press("Enter")
        expect(page.get_by_role("heading", name="Au clavier")).to_be_focused()
        reach("Titre")
        for _ in range(40):
            if page.evaluate("document.activeElement.matches('textarea.body')"):
                break
            press("Tab")
        page.keyboard.type("Écrit sans souris.")
        press("Control+s")
        saved(page).to_be_visible()
        press("Tab")
        reach("Plus")
        press("Enter")
        expect(page.get_by_role("button", name="Rendre visible")).to_be_visible()
        press("Escape")
        expect(page.get_by_role("button", name="Plus")).to_be_focused()
    (path,) = (desk.content / "articles").glob("*-au-clavier.md")
    assert path.read_text("utf-8").endswith("Écrit sans souris.\n")


def test_an_owner_who_asks_for_english_meets_no_french(browser, tmp_path):
    texts = {
        "site.yml": "messages: en\n" + sites.settings(),
        "home.md": header(title="Welcome") + "Hello.\n",
        "articles/first.md": article("First", body="A text."),
        "pages/projects/p.md": project("A project"),
    }
    content = sites.write(tmp_path / "content", texts)
    # Empty, it is ignored: site.yml decides. The browser's own language is French.
    desk = Desk(content, tmp_path, start(content, SITE_MESSAGES=""), {})
    try:
        with opened(browser, desk) as page:
            expect(page.get_by_role("heading", name="Your texts")).to_be_visible()
            expect(page.get_by_text("News item · Visible").first).to_be_visible()
            assert french_of(page) == []
            page.get_by_role("button", name="New text").click()
            assert french_of(page) == []
            page.get_by_role("button", name="Cancel").click()
            go(page, of_text("articles/first.md"))
            expect(page.get_by_text("The title, as visitors read it.")).to_be_visible()
            page.get_by_text("Other settings of this text").click()
            page.get_by_label("Title").fill("")
            fault = page.locator(".field-title .fault")
            expect(fault).to_contain_text("Fault: It is missing.")
            assert french_of(page) == []
            page.get_by_label("Title").fill("Another")
            expect(fault).to_have_count(0)
            page.keyboard.press("Control+s")
            expect(page.locator(".save-state")).to_have_text("Saved.")
            assert french_of(page) == []
            page.get_by_role("button", name="More").click()
            assert french_of(page) == []
            for part in (of_text("site.yml"), "#/publish", "#/deleted"):
                go(page, part)
                expect(page.locator("main")).not_to_contain_text("One moment")
                assert french_of(page) == [], part
    finally:
        stop(desk.server)


def french_of(page) -> list[str]:
    """The lines and labels of a page that the French page would show."""
    french = json.loads((PAGE_FOLDER / "fr.json").read_text("utf-8"))
    meanings = json.loads((PAGE_FOLDER / "en.json").read_text("utf-8"))
    words = {*french.values(), *meanings} - {*meanings.values()}
    words -= {each for each in french if not each.startswith("key ")}
    labels = page.evaluate(
        "[...document.querySelectorAll('[aria-label]')].map(each => each.ariaLabel)"
    )
    shown = [*page.locator("body").inner_text().split("\n"), *labels]
    return [line for line in shown if line.strip() in words]
