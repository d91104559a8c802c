"""What pages tell search engines is right by the vocabulary of schema.org, as far as it is known.

schema-dts is made from the vocabulary: an interface for each type with its properties, and the
types that the value of each may have.
"""

import json
import re
from functools import cached_property

import pytest

from engine.paths import ROOT
from plugins.structured_data import script
from tests import sites
from tests.sites import article, header, project

VOCABULARY = ROOT / "tests/node_modules/schema-dts/dist/schema.d.ts"
_INTERFACE = re.compile(r"^(?:export )?interface (\w+) extends ([^{]+) \{\n(.*?)^\}", re.M | re.S)
_PROPERTY = re.compile(r'^    "(\w+)"\?: SchemaValue<(.+), "\w+">;$', re.M)
_UNION = re.compile(r"^export type (\w+) = ([^;]+);$", re.M)
# Data types that JSON has no strings for.
_NUMBERS = {"Integer", "Number", "Float"}
_TEXTS = {"Text", "URL", "Date", "DateTime", "string"}

A = "articles/a.md"


class Vocabulary:
    """The types of schema.org, their properties, and what these may hold."""

    def __init__(self, text: str):
        self.interfaces = {
            name: (above.split(", "), dict(_PROPERTY.findall(body)))
            for name, above, body in _INTERFACE.findall(text)
        }
        self.unions = {name: types.split(" | ") for name, types in _UNION.findall(text)}

    @cached_property
    def types(self) -> set[str]:
        return {name.removesuffix("Leaf") for name in self.interfaces if name.endswith("Leaf")}

    def properties(self, interface: str) -> dict[str, str]:
        above, own = self.interfaces.get(interface, ((), {}))
        inherited = {}
        for each in above:
            inherited |= self.properties(each)
        return inherited | own

    def allowed(self, types: str) -> set[str]:
        """Every type that a union of types holds, itself a union or not."""
        found, waiting = set(), re.findall(r"\w+", types)
        while waiting:
            if (name := waiting.pop().removesuffix("Leaf")) not in found:
                found.add(name)
                waiting += [each for each in self.unions.get(name, ()) if each.isidentifier()]
        return found

    def faults(self, node: dict) -> list[str]:
        """What is wrong with a node and all that it holds."""
        kind = node.get("@type")
        if kind not in self.types:
            return [f"{kind} is no type"]
        known, faults = self.properties(f"{kind}Leaf"), []
        for name, value in node.items():
            if name.startswith("@"):
                continue
            if name not in known:
                faults.append(f"{kind} has no {name}")
                continue
            allowed = self.allowed(known[name])
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, dict):
                    faults += self.faults(each)
                    is_right = each.get("@type") in allowed
                else:
                    is_right = bool(allowed & (_NUMBERS if isinstance(each, int) else _TEXTS))
                if not is_right:
                    faults.append(f"{name} of {kind} cannot be {each}")
        return faults


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary(VOCABULARY.read_text("utf-8"))


def nodes(site: sites.Site, address: str) -> list[dict]:
    """The nodes of a page's structured data; it has one block at most."""
    blocks = site.page(address).select('script[type="application/ld+json"]')
    assert len(blocks) <= 1, address
    found = []
    for block in blocks:
        data = json.loads(block.string)
        assert data.pop("@context") == "https://schema.org", address
        found += data.get("@graph") or [data]
    return found


def node(site: sites.Site, address: str, kind: str) -> dict:
    (found,) = [each for each in nodes(site, address) if each["@type"] == kind]
    return found


@pytest.mark.needs("schema.org")
def test_every_page_is_right_by_the_vocabulary(full_site, vocabulary):
    kinds = set()
    for address in full_site.addresses:
        for each in nodes(full_site, address):
            kinds.add(each["@type"])
            assert vocabulary.faults(each) == [], address
    assert kinds == {
        *("WebSite", "BlogPosting", "CreativeWork", "BreadcrumbList"),
        *("AboutPage", "ContactPage"),
    }


@pytest.mark.needs("schema.org")
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"@type": "Blogpost"}, "Blogpost is no type"),
        ({"@type": "WebSite", "siret": "1"}, "WebSite has no siret"),
        ({"@type": "BlogPosting", "author": {"@type": "Place"}}, "author of BlogPosting cannot be"),
        ({"@type": "ListItem", "position": {"@type": "Place"}}, "position of ListItem cannot be"),
    ],
)
def test_what_the_vocabulary_does_not_have_is_found(vocabulary, wrong, said):
    assert said in "\n".join(vocabulary.faults(wrong))
    assert vocabulary.faults({"@type": "WebSite", "name": "Ici", "url": "https://a.fr"}) == []


def test_the_home_page_says_what_the_site_is_and_whose(full_site):
    site = node(full_site, "/", "WebSite")
    assert (site["name"], site["inLanguage"]) == ("Lieux communs\u00a0& réparations", "fr")
    assert site["publisher"] == {"@type": "ProfessionalService", "name": "Odile Marchenoir"}


@pytest.mark.parametrize(
    ("owner", "kind"),
    [
        ({"name": "Camille"}, "Person"),
        ({"name": "Camille", "trading_form": "EI"}, "ProfessionalService"),
        ({"name": "Camille", "siret": "732 829 320 00074"}, "ProfessionalService"),
    ],
)
def test_the_owner_is_a_person_or_a_business_as_far_as_it_is_told(build, owner, kind):
    about = header(title="À propos", template="about") + "Bonjour.\n"
    settings = sites.settings(**owner)
    built = build({"site.yml": settings, A: article(), "pages/about.md": about})
    assert built.code == 0, built.complaints
    told = node(built.site, "/a-propos/", "AboutPage")["mainEntity"]
    assert (told["@type"], told["name"]) == (kind, "Camille")
    assert set(told) <= {"@type", "name", "url", "identifier"}, "nothing that is not given"


def test_without_an_owner_nobody_is_invented(build):
    about = header(title="À propos", template="about") + "Bonjour.\n"
    built = build({A: article(), "pages/about.md": about})
    assert "publisher" not in node(built.site, "/", "WebSite")
    assert "author" not in node(built.site, "/actualites/une-nouvelle/", "BlogPosting")
    assert [each["@type"] for each in nodes(built.site, "/a-propos/")] == ["BreadcrumbList"]


def test_a_news_item_says_its_date_as_short_as_it_is_known(full_site):
    item = node(full_site, "/actualites/prix/", "BlogPosting")
    assert item["headline"] == "Un prix pour la Manufacture"
    assert item["datePublished"] == "2014"
    assert item["author"]["@type"] == "Person"
    assert item["url"] == full_site.page("/actualites/prix/").select_one("[rel=canonical]")["href"]


def test_a_project_says_when_and_where_it_was(build):
    files = {
        "pages/projects/a.md": project("Fini", start="2010", end="2012-03", place="Brest"),
        "pages/projects/b.md": project("En cours", start="2014-02"),
        "pages/projects/c.md": project("Sans date"),
    }
    built = build(files).site
    done = node(built, "/projets/fini/", "CreativeWork")
    assert (done["temporalCoverage"], done["contentLocation"]["name"]) == ("2010/2012-03", "Brest")
    assert node(built, "/projets/en-cours/", "CreativeWork")["temporalCoverage"] == "2014-02/.."
    assert "temporalCoverage" not in node(built, "/projets/sans-date/", "CreativeWork")


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("/actualites/prix/", ["Accueil", "Actualités", "Un prix pour la Manufacture"]),
        ("/en/projects/cantine/", ["Home", "Projects", "La Cantine & le Jardin"]),
        ("/projets/", ["Accueil", "Projets"]),
        ("/themes/cooperation/", ["Accueil", "Thèmes", "Thème\u00a0: coopération"]),
        ("/mentions-legales/", ["Accueil", "Mentions légales"]),
    ],
)
def test_the_way_to_a_page_is_told_with_addresses_that_lead_somewhere(full_site, address, names):
    items = node(full_site, address, "BreadcrumbList")["itemListElement"]
    told = [(item["position"], item["name"]) for item in items]
    assert told[-1][0] == len(names)
    assert [name for _number, name in told][: len(names) - 1] == names[:-1]
    for item in items:
        assert full_site.has(re.sub("^https?://[^/]+", "", item["item"]))
    assert items[-1]["item"].endswith(address)


def test_an_address_not_found_stands_nowhere(full_site):
    assert nodes(full_site, "/404.html") == []


def test_no_value_ends_the_element():
    html = script([{"@type": "WebSite", "name": "</script><b>&amp;"}])
    assert html.count("<") == 2
    assert json.loads(html[html.index(">") + 1 : html.rindex("<")])["name"] == "</script><b>&amp;"
