"""What a screen reader says of the pages, out of Chromium's accessibility tree."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.browser.visits import ENGLISH_KINDS, KINDS, SERVERLESS, visit
from tests.sites import article, project

pytestmark = pytest.mark.needs("chromium")

# Roles that a reader hears by their name or their words; the others only hold them.
_SPOKEN = {
    "heading": "heading {level}",
    "link": "link",
    "DisclosureTriangle": "{state} button",
    "banner": "banner",
    "navigation": "navigation",
    "main": "main",
    "contentinfo": "footer",
    "region": "region",
    "complementary": "complementary",
    "image": "image",
}


def heard(page) -> list[str]:
    """A page read aloud from its top: "heading 2: Projets", "link: Contact", or words alone."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}
    return list(_speak(nodes[0], by_id))


def _speak(node, by_id):
    role, name = node["role"]["value"], node.get("name", {}).get("value", "")
    if role == "StaticText":
        yield _plain(name)
        return
    if role in ("InlineTextBox", "ListMarker", "LineBreak"):
        return
    spoken = not node.get("ignored") and _SPOKEN.get(role)
    if spoken:
        values = {p["name"]: p["value"].get("value") for p in node.get("properties", [])}
        state = "expanded" if values.get("expanded") else "collapsed"
        said = spoken.format(level=values.get("level"), state=state)
        yield f"{said}: {_plain(name)}" if name else said
        if role in ("heading", "link", "image"):
            return
    for child in node.get("childIds", []):
        lines = _speak(by_id[child], by_id)
        # The name of a button is all its words: only its headings are met again.
        yield from (
            line
            for line in lines
            if line.strip() and (role != "DisclosureTriangle" or line.startswith("heading"))
        )


def _plain(words: str) -> str:
    return " ".join(words.split())


ATELIER = "L’Atelier des réparations"
CLOSED = [
    "heading 2: Projets",
    f"collapsed button: {ATELIER} mai 2009–2013 · Vernay-les-Moulins",
    f"heading 2: {ATELIER}",
    "collapsed button: La Cantine & le Jardin 2011–décembre 2016 · La Cantine · Vernay-les-Moulins",
    "heading 2: La Cantine & le Jardin",
    "collapsed button: La Manufacture, lieu commun février 2014–2019 · Vernay-les-Moulins",
    "heading 2: La Manufacture, lieu commun",
    "heading 2: La suite, à écrire",
    "bientôt",
]


def test_the_projects_are_read_with_their_state_while_they_are_closed(browser, site_address):
    with visit(browser, site_address) as page:
        said = heard(page)
        assert said[:4] == [
            "link: Aller au contenu",
            "banner",
            "navigation: Navigation principale",
            "link: Accueil",
        ]
        first = said.index("heading 2: Projets")
        assert said[first : first + len(CLOSED)] == CLOSED
        assert [line for line in said if line.startswith("heading 1")] == [
            "heading 1: Réparer, cuisiner & décider ensemble"
        ]
        assert said[-10:] == [
            "footer",
            "Lieux communs & réparations · Odile Marchenoir",
            "navigation: Pied de page",
            "link: Mentions légales",
            "link: Accessibilité",
            "link: Sobriété",
            "link: Thèmes",
            "link: Plan du site",
            "link: Recherche",
            "link: Flux Atom",
        ]


def test_an_open_project_is_read_with_its_facts_and_its_text_before_the_next(browser, site_address):
    with visit(browser, site_address) as page:
        page.locator(".project-list summary").first.press("Enter")
        said = heard(page)
        first = said.index(f"expanded button: {ATELIER} mai 2009–2013 · Vernay-les-Moulins")
        assert said[first + 1 : first + 4] == [
            f"heading 2: {ATELIER}",
            "Mon rôle : Coordination",
            "Un atelier ouvert deux jours par semaine, où des habitants réparent ensemble ce qui "
            "s’use. On y vient avec une chaise, on en repart avec un savoir-faire.",
        ]
        after = said.index(CLOSED[4])
        assert said[after - 2] == f"link: {ATELIER} sur sa propre page"
        assert "heading 3: Ce qui a été fait" in said[first:after]
        assert said[after - 1 : after + 2] == CLOSED[3:6]


def test_what_is_known_of_a_project_is_said_in_words_whatever_its_state(browser, build):
    built = build(
        {
            "pages/projects/a.md": project("Fini", start="2010", end="2012", order=1),
            "pages/projects/b.md": project("En cours", start="2010", order=2),
            "pages/projects/c.md": project("Annoncé", status="announced", body="", order=3),
        }
    )
    assert built.code == 0, built.complaints
    with visit(browser, f"{SERVERLESS}/", site=built.site) as page:
        said = heard(page)
    assert "collapsed button: Fini 2010–2012" in said
    assert "collapsed button: En cours depuis 2010" in said
    assert said[said.index("heading 2: Annoncé") + 1] == "bientôt"


# --- Every kind of page ---------------------------------------------------------------------

_VAGUE = {"ici", "cliquez ici", "lire la suite", "en savoir plus", "plus", "lien", "suite"} | {
    *("here", "click here", "read more", "learn more", "more", "link", "this link")
}
LINKS = """() => [...document.querySelectorAll("a[href]")].map(link => ({
  name: (link.getAttribute("aria-label") || [...link.childNodes].filter(
    node => node.ariaHidden !== "true").map(node => node.textContent).join("")).trim(),
  address: link.href, lang: link.lang, hreflang: link.hreflang,
  current: link.ariaCurrent, target: link.target, inMenu: link.closest("nav") !== null,
}))"""


def faults(page) -> list[str]:
    """What a screen reader's user would miss on a page."""
    links = page.evaluate(LINKS)
    here = page.evaluate("location.origin + location.pathname")
    return [
        *name_faults(links),
        *language_faults(links, here),
        *menu_faults(links, here),
        *outline_faults(heard(page), page.locator("main section:not([role])").count()),
    ]


def name_faults(links) -> Iterator[str]:
    """Links that say nothing by themselves, or not where they lead."""
    addresses = {}
    for link in links:
        name = _plain(link["name"]).lower().strip(" .…→")
        if not name:
            yield f"a link without a name: {link['address']}"
        if name in _VAGUE:
            yield f"“{name}” says nothing by itself"
        if link["target"]:
            yield f"“{name}” opens a window without a word"
        if addresses.setdefault(name, link["address"]) != link["address"]:
            yield f"two addresses are called “{name}”"


def language_faults(links, here: str) -> Iterator[str]:
    """Links into the site's other language that do not say so."""
    root, english, _ = here.partition("/en/")
    root = root if english else here[: here.index("/", 8)]
    for link in links:
        path = link["address"].removeprefix(root)
        other = "fr" if english else "en"
        leads_there = path.startswith("/") and path.startswith("/en/") != bool(english)
        # A vCard is in no language.
        leads_there = leads_there and not path.endswith(".vcf")
        if leads_there and not link["lang"] == link["hreflang"] == other:
            yield f"“{link['name']}” does not tell its language"


def menu_faults(links, here: str) -> Iterator[str]:
    """A menu that holds the current page and does not tell it, or tells another."""
    marked = {link["address"] for link in links if link["current"] == "page"}
    entries = {link["address"] for link in links if link["inMenu"]}
    if here in entries and marked != {here}:
        yield "the menu does not tell the current page"


def outline_faults(said: list[str], sections: int) -> Iterator[str]:
    """Landmarks and headings that do not make an outline; `sections`: how many the page has."""
    for landmark in ("banner", "main", "footer"):
        if said.count(landmark) != 1:
            yield f"{said.count(landmark)} landmarks “{landmark}”"
    navigations = [line for line in said if line.startswith("navigation")]
    if len(set(navigations)) != len(navigations) or "navigation" in navigations:
        yield "two navigations of the same name, or one without"
    levels = [int(line[8]) for line in said if line.startswith("heading")]
    if levels.count(1) != 1 or any(b > a + 1 for a, b in pairwise(levels)):
        yield f"heading levels {levels}"
    if sections != sum(line.startswith("region: ") for line in said):
        yield "a section has no name"


@pytest.mark.parametrize("address", KINDS + ENGLISH_KINDS)
def test_links_headings_and_landmarks_make_sense_when_heard(browser, site_address, address):
    with visit(browser, site_address + address) as page:
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert faults(page) == []


def test_the_neighbours_and_pages_of_a_list_are_told_apart(browser, build):
    news = {f"articles/{n}.md": article(f"Nouvelle {n}", f"2012-01-{n:02}") for n in range(1, 32)}
    built = build(news)
    assert built.code == 0, built.complaints
    with visit(browser, site=built.site) as page:
        for address in ("/actualites/page/2/", "/actualites/nouvelle-7/"):
            page.goto(SERVERLESS + address)
            assert faults(page) == [], address


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("document.querySelector('h2').outerHTML = '<h4>Titre</h4>'", "heading levels"),
        (
            "document.querySelector('main p').innerHTML = '<a href=\"/x/\">Cliquez ici</a>'",
            "itself",
        ),
        (
            "document.querySelector('main').append(document.querySelector('nav').cloneNode(true))",
            "same name",
        ),
        ("document.querySelectorAll('nav a').forEach(a => a.ariaCurrent = null)", "current page"),
        ("document.querySelector('.dated-list a').textContent = 'Contact'", "two addresses"),
        ("document.querySelector('a[hreflang=en]').removeAttribute('lang')", "its language"),
        ("document.querySelector('main a').target = '_blank'", "opens a window"),
        ("document.querySelector('footer').remove()", "0 landmarks"),
    ],
)
def test_what_cannot_be_heard_is_found(browser, site_address, script, expected):
    with visit(browser, site_address, bypass_csp=True) as page:
        page.evaluate(script)
        assert expected in "\n".join(faults(page))
