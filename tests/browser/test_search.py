"""The search, as a visitor meets it: what it finds, shows, tells and loads."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests import chromium, sample_content, sites
from tests.browser.test_accessibility import COLOUR_RULES, complaints
from tests.browser.visits import SERVERLESS, visit
from tests.sites import article, header

pytestmark = pytest.mark.needs("chromium")

PAGES = {"fr": "/recherche/", "en": "/en/search/"}
FIELD, RESULTS = "input[type=search]", ".search-results li"
IS_ADDRESSED = "query => (new URL(location).searchParams.get('q') ?? '') === query"
FOUND = "links => links.map(a => a.getAttribute('href'))"
# Of the sixty queries.
LEAST = 57


@pytest.fixture(scope="module")
def searched(tmp_path_factory):
    """The address of the site of the queries."""
    folder = tmp_path_factory.mktemp("search")
    content = sites.write(folder / "content", sample_content.search_site())
    built = sites.build(content, folder / "output")
    assert built.code == 0, built.complaints
    with chromium.served(built.site.folder) as address:
        yield address


@pytest.fixture
def search(page, searched):
    """Type a query on the French page and wait for what it finds; the page."""
    page.goto(searched + PAGES["fr"])

    def typed(query: str):
        page.locator(FIELD).fill("")
        page.locator(FIELD).press_sequentially(query)
        # The address follows the results: those of a few letters are not taken for them.
        page.wait_for_function(IS_ADDRESSED, arg=query)
        return page

    return typed


def first_results(page, query: str) -> list[str]:
    """The addresses that a query leads to; the index is loaded already."""
    page.fill(FIELD, query)
    return page.eval_on_selector_all(f"{RESULTS} a", FOUND)


def test_sixty_queries_have_the_expected_page_first(page, searched):
    wrong, count = [], 0
    for lang, halves in sample_content.search_queries().items():
        page.goto(searched + PAGES[lang])
        page.fill(FIELD, "radio")
        # With a passage, all texts are there: they are one file.
        page.wait_for_selector(f"{RESULTS} p mark")
        for half, queries in halves.items():
            for query, expected in queries.items():
                found = first_results(page, query)
                count += 1
                if found[:1] != [expected]:
                    wrong.append(f"{lang}, {half}: “{query}”: {found[:1]}, not {expected}")
    assert count == 60
    assert len(wrong) <= count - LEAST, "\n".join(wrong)


def test_nothing_is_loaded_before_the_first_key_and_then_one_language_alone(page, searched):
    asked = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.goto(searched + PAGES["fr"])
    page.wait_for_load_state("networkidle")
    page.focus(FIELD)
    page.keyboard.press("Tab")
    assert not [path for path in asked if path.endswith(".json")]
    before = len(asked)
    page.locator(FIELD).press_sequentially("bail")
    expect(page.locator(f"{RESULTS} p mark").first).to_be_visible()
    # Chromium may ask for the icon again, since the address of the page changes.
    loaded = [path for path in asked[before:] if not path.endswith("/favicon.svg")]
    assert [path.rsplit("-", 1)[0] for path in loaded] == ["/recherche/index", "/recherche/texts"]


def test_a_result_tells_its_kind_its_date_and_the_passage_with_the_words_marked(search):
    page = search("potage orties")
    result = page.locator(RESULTS).first
    expect(result.locator("a")).to_have_text("La Cantine des Halles")
    expect(result.locator(".date")).to_have_text("Projet · 2014–2020")
    expect(result.locator("p")).to_contain_text("Le potage aux orties est resté le plus demandé.")
    assert result.locator("p mark").all_text_contents() == ["potage", "orties"]


@pytest.mark.parametrize(
    ("body", "begins"),
    [
        ("Il dort. Ce jour-là, M. Noisel dort.", "Ce jour-là, M.\u00a0Noisel"),
        ("« Il dort. » Ce Noisel dort.", "Ce Noisel dort"),
        ("Il dort. La version 3.50 de Noisel dort.", "La version 3.50 de Noisel"),
    ],
)
def test_a_passage_begins_at_a_sentence_and_not_after_a_title_or_in_a_number(
    browser, build, body, begins
):
    built = build({"articles/a.md": article("A", body=body, summary="Court.")})
    assert built.code == 0, built.complaints
    with visit(browser, f"{SERVERLESS}/recherche/", site=built.site) as page:
        page.fill(FIELD, "noisel")
        passage = page.locator(f"{RESULTS} p")
        expect(passage.locator("mark")).to_have_count(1)
        assert passage.text_content().startswith(begins)


def test_the_number_of_results_is_told_and_the_plan_gives_way_to_them(search):
    page = search("cantine")
    expect(page.get_by_role("status")).to_have_text("2 textes trouvés")
    expect(page.locator(".site-plan")).to_be_hidden()
    page = search("potage orties")
    expect(page.get_by_role("status")).to_have_text("1 texte trouvé")
    page = search("zzzzzz")
    expect(page.get_by_role("status")).to_have_text("Aucun texte ne contient ces mots.")
    expect(page.locator(".site-plan")).to_be_visible()
    page = search("potage emphytéotique")
    expect(page.get_by_role("status")).to_have_text(
        "Textes qui n’ont qu’une partie de ces mots\u00a0: 3"
    )


def test_words_that_stand_everywhere_do_not_matter_and_several_words_stand_together(search):
    alone = first_results(search("bail"), "bail quarante ans")
    assert alone == ["/actualites/bail-emphyteotique/"]
    assert first_results(search("bail"), "le bail de quarante ans") == alone


@pytest.mark.parametrize("query", ["étée coeur", "CŒUR", "Coeurs", "cœurs d’été", "naive", "lodz"])
def test_the_script_folds_letters_as_the_index_does(browser, build, query):
    text = article("Cœur d'été", body="Łódź, la naïveté, l'été.")
    built = build({"articles/a.md": text, "articles/b.md": article("Autre", "2013")})
    assert built.code == 0, built.complaints
    with visit(browser, f"{SERVERLESS}/recherche/", site=built.site) as page:
        page.fill(FIELD, query)
        expect(page.locator(f"{RESULTS} a")).to_have_text("Cœur d’été")


def test_the_address_bears_the_query_and_opens_with_it(search, page, searched):
    search("vélo cargo")
    page.wait_for_url("**/recherche/?q=v%C3%A9lo+cargo")
    page.goto(searched + "/recherche/?q=velo")
    expect(page.locator(FIELD)).to_have_value("velo")
    expect(page.locator(f"{RESULTS} a").first).to_have_text("Un vélo-cargo pour livrer les repas")
    search("")
    page.wait_for_url("**/recherche/")


def test_whoever_comes_back_finds_the_results_again(search):
    page = search("accordéon")
    page.locator(f"{RESULTS} a").first.click()
    page.wait_for_url("**/actualites/collegiens-antenne/")
    page.go_back()
    expect(page.locator(FIELD)).to_have_value("accordéon")
    expect(page.locator(f"{RESULTS} a").first).to_have_text("Les collégiens prennent l’antenne")


def test_arrow_keys_lead_through_the_results_and_back(search):
    page = search("cantine")
    focused = "document.activeElement.textContent || document.activeElement.name"
    titles = page.locator(f"{RESULTS} a").all_text_contents()
    seen = []
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowDown", "Escape"):
        page.keyboard.press(key)
        seen.append(page.evaluate(focused))
    assert seen == [titles[0], titles[1], titles[0], "q", titles[0], "q"]
    for _ in titles:
        page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) == titles[-1]


def test_many_results_come_ten_at_a_time(browser, build):
    files = {
        f"articles/{n:02}.md": article(f"Nouvelle {n}", f"20{n:02}", summary=f"Platane {n}.")
        for n in range(1, 26)
    }
    built = build(files)
    assert built.code == 0, built.complaints
    with visit(browser, f"{SERVERLESS}/recherche/", site=built.site) as page:
        page.fill(FIELD, "platane")
        expect(page.locator(RESULTS)).to_have_count(10)
        more = page.get_by_role("button", name="Résultats suivants")
        more.click()
        expect(page.locator(RESULTS)).to_have_count(20)
        assert page.evaluate("document.activeElement.textContent") == "Nouvelle 15"
        more.click()
        expect(page.locator(RESULTS)).to_have_count(25)
        expect(more).to_be_hidden()


@pytest.mark.parametrize("lang", PAGES)
def test_without_script_the_plan_stands_in_the_place_of_the_search(browser, searched, lang):
    with visit(browser, searched + PAGES[lang], java_script_enabled=False) as page:
        expect(page.locator(FIELD)).to_be_hidden()
        assert "JavaScript" in page.locator("main").inner_text()
        expect(page.locator(".site-plan")).to_be_visible()


def test_an_index_that_does_not_come_is_told_and_asked_for_again(page, searched):
    page.route("**/index-*.json", lambda route: route.abort())
    page.goto(searched + PAGES["fr"])
    page.fill(FIELD, "bail")
    expect(page.get_by_role("status")).to_contain_text("La recherche ne répond pas.")
    expect(page.locator(".site-plan")).to_be_visible()
    page.unroute("**/index-*.json")
    page.fill(FIELD, "bail ")
    expect(page.locator(RESULTS).first).to_be_visible()


def test_a_result_is_shown_although_its_passage_does_not_come(page, searched):
    page.route("**/texts-*.json", lambda route: route.abort())
    page.goto(searched + PAGES["fr"])
    page.fill(FIELD, "accordéon")
    expect(page.locator(f"{RESULTS} a")).to_have_text("Les collégiens prennent l’antenne")
    expect(page.locator(f"{RESULTS} p")).to_have_count(0)


def test_what_a_text_holds_is_shown_as_words(browser, build):
    evil = "<img src=x onerror=alert(1)>"
    text = article(f"'Le code {evil}'", body=f"Voici `{evil}` en bref.")
    built = build({"articles/a.md": text})
    assert built.code == 0, built.complaints
    with visit(browser, f"{SERVERLESS}/recherche/", site=built.site) as page:
        page.fill(FIELD, "onerror")
        expect(page.locator(f"{RESULTS} a")).to_contain_text(evil)
        expect(page.locator(f"{RESULTS} p")).to_contain_text(evil)
        assert page.locator(f"{RESULTS} img").count() == 0


@pytest.mark.parametrize("files", [{}, {"pages/a.md": header(title="Seule") + "Un texte.\n"}])
def test_a_small_site_can_be_searched(browser, build, files):
    built = build(files)
    assert built.code == 0, built.complaints
    with visit(browser, f"{SERVERLESS}/recherche/", site=built.site) as page:
        page.fill(FIELD, "rien du tout")
        expect(page.get_by_role("status")).to_have_text("Aucun texte ne contient ces mots.")


def test_no_other_page_has_a_script_or_a_policy_that_allows_one(full_site):
    searching = set(PAGES.values())
    for address in full_site.addresses:
        page = full_site.page(address)
        allowed = "script-src" in page.head.meta["content"]
        scripts = page.select('script:not([type="application/ld+json"])')
        assert (bool(scripts), allowed) == (address in searching,) * 2, address


def test_axe_finds_nothing_in_any_state_of_the_search(browser, searched):
    with visit(browser, searched + PAGES["fr"]) as page:
        for query in ("cantine", "zzzzzz", "potage emphytéotique"):
            page.fill(FIELD, query)
            expect(page.get_by_role("status")).not_to_be_empty()
            for width in (320, 768, 1440):
                page.set_viewport_size({"width": width, "height": 800})
                page.emulate_media(color_scheme="light")
                assert complaints(page) == [], (query, width)
                page.emulate_media(color_scheme="dark")
                assert complaints(page, COLOUR_RULES) == [], (query, width, "dark")
                assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.fill(FIELD, "")
            expect(page.get_by_role("status")).to_be_empty()


def test_the_plan_does_not_move_while_the_search_comes(page, searched):
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(l => l.getEntries().forEach("
        "e => window.moved += e.value)).observe({type: 'layout-shift', buffered: true})"
    )
    page.route("**/search-*.js", lambda route: (page.wait_for_timeout(500), route.continue_()))
    page.goto(searched + PAGES["fr"])
    page.wait_for_load_state("networkidle")
    assert page.evaluate("moved") == 0
