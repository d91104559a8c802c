"""Every page is found in three ways: by links, by the plan of the site, by the sitemap."""

from urllib.parse import urldefrag, urljoin, urlsplit
from xml.etree import ElementTree

import pytest

from tests import sample_content, sites
from tests.sites import article, header

MANY = {
    f"articles/{number:02}.md": article(f"Nouvelle {number}", f"20{number:02}", tags="[design]")
    for number in range(1, 24)
}
SITES = {
    "both languages": sample_content.full_site,
    "one language": sample_content.french_site,
    "thirty projects": sample_content.many_projects,
    "lists of three pages": lambda: MANY,
    "a contact that nobody can answer": lambda: {
        "pages/contact.md": header(title="Contact", template="contact", menu="main") + "Écrivez.\n"
    },
    "nothing": sample_content.nothing,
}
PLANS = {"": "/plan-du-site/", "en": "/en/sitemap/"}
SEARCHES = {"": "/recherche/", "en": "/en/search/"}


@pytest.fixture(scope="module", params=SITES)
def site(request, tmp_path_factory) -> sites.Site:
    folder = tmp_path_factory.mktemp("found")
    content = sites.write(folder / "content", SITES[request.param]())
    content.mkdir(exist_ok=True)
    built = sites.build(content, folder / "output")
    assert built.code == 0, built.complaints
    return built.site


def language(address: str) -> str:
    return "en" if address.startswith("/en/") else ""


def links(site: sites.Site, address: str, within: str = "a[href]") -> list[str]:
    """The addresses of the site's pages that a page links to."""
    found = (urljoin(address, a["href"]) for a in site.page(address).select(within))
    return [path for path in (urldefrag(link).url for link in found) if path in set(site.addresses)]


def clicks(site: sites.Site) -> dict[str, int]:
    """Each page that links lead to from the home page, with the least number of clicks."""
    found, waiting = {"/": 0}, ["/"]
    for address in waiting:
        for link in links(site, address):
            if link not in found:
                found[link] = found[address] + 1
                waiting.append(link)
    return found


def in_sitemap(site: sites.Site) -> set[str]:
    root = ElementTree.fromstring(site.text("/sitemap.xml"))
    return {urlsplit(loc.text).path for loc in root.findall(".//{*}loc")}


def planned(site: sites.Site, lang: str) -> list[str]:
    return links(site, PLANS[lang], ".site-plan a[href]")


def test_links_and_the_sitemap_lead_to_the_same_pages(site):
    assert set(clicks(site)) == in_sitemap(site)


def test_every_page_is_three_clicks_away_at_most(site):
    far = {address: number for address, number in clicks(site).items() if number > 3}
    assert far == {}
    assert set(clicks(site)) == {a for a in site.addresses if not a.endswith("404.html")}


def test_the_plan_of_a_language_has_each_of_its_pages_once(site):
    for lang in {language(address) for address in site.addresses}:
        own = sorted(address for address in in_sitemap(site) if language(address) == lang)
        assert sorted(planned(site, lang)) == own


def test_every_page_leads_to_the_plan_and_to_the_search_from_the_same_place(site):
    for address in site.addresses:
        lang = language(address)
        footer = links(site, address, ".site-footer a[href]")
        place = footer.index(PLANS[lang])
        assert footer[place : place + 2] == [PLANS[lang], SEARCHES[lang]], address


def test_no_heading_of_the_plan_has_nothing_under_it(site):
    for lang in {language(address) for address in site.addresses}:
        plan = site.page(PLANS[lang])
        for heading in plan.select(".site-plan h2"):
            assert heading.find_parent("section").select("li a[href]"), heading
        for heading in plan.select(".site-plan h3"):
            assert heading.find_next_sibling().select("li a[href]"), heading


def test_the_plan_takes_the_place_of_the_search_where_no_script_runs(site):
    for lang in {language(address) for address in site.addresses}:
        assert set(links(site, SEARCHES[lang], ".site-plan a[href]")) == set(planned(site, lang))


def test_an_announced_project_and_a_draft_have_no_page_and_no_place_on_the_plan(build):
    files = {
        "pages/projects/a.md": header(title="Annoncé", status="announced"),
        "articles/b.md": article("Brouillon", status="draft"),
        "articles/c.md": article("Visible"),
    }
    plan = build(files).site.page("/plan-du-site/").main.get_text()
    assert "Visible" in plan
    assert "Annoncé" not in plan
    assert "Brouillon" not in plan


def test_an_empty_site_has_a_plan_of_its_lists_alone(build):
    site = build({}).site
    plan = site.page("/plan-du-site/").select_one(".site-plan")
    assert [heading.get_text() for heading in plan.select("h2, h3")] == ["Pages"]


def test_the_owner_may_put_the_search_and_the_plan_into_the_menu(build):
    menu = "menu:\n  fr:\n    - search\n    - plan: Tout le site\n"
    site = build({"site.yml": sites.settings() + menu}).site
    entries = site.page("/").select(".site-header .site-nav a")
    assert [(a.get_text(), a["href"]) for a in entries] == [
        ("Recherche", "/recherche/"),
        ("Tout le site", "/plan-du-site/"),
    ]
