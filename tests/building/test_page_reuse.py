"""Which pages a build makes again: those that read something that has changed, and no others."""

import pickle

import pytest
from jinja2 import DictLoader, Environment

from engine.building import site
from engine.building.build_record import BuildRecord
from engine.building.page_reuse import PageReads, PageRecords
from engine.dependencies import RecordedObject, RecordedTable, RecordingContext, record, render
from plugins.page_writer import PageRequest
from tests import sites
from tests.sites import article, header, project

TEMPLATES = {
    "text": "{{ text.title }}{% if text.place is defined %}{{ text.place }}{% endif %}{{ name }}",
    "list": "{% for text in texts[:2] %}{{ text.title }}{% endfor %}",
    "table": "{{ translations(here) }}",
}


class Text(RecordedObject):
    def __init__(self, source, **values):
        self.record_name = source
        vars(self).update(values)


def make(titles=("A", "B", "C"), places=(), translations=(), **variables):
    """The requests and the reads of a build: a page for each text, a list, a page with a table."""
    environment = Environment(loader=DictLoader(TEMPLATES))
    environment.context_class = RecordingContext
    texts = [Text(f"{n}.md", title=title) for n, title in enumerate(titles)]
    for text, place in zip(texts, places, strict=False):
        text.place = place
    table = RecordedTable("fr translations", dict(translations))
    shared = {"name": "Site", "texts": texts, "translations": table, **variables}
    environment.globals = shared
    pages = [(text.record_name, "text", {"text": text}) for text in texts]
    pages += [("list", "list", {}), ("table", "table", {"here": "/a/"})]
    requests = [
        PageRequest(path, "fr", environment.get_template(template), values)
        for path, template, values in pages
    ]
    named = {"fr": shared, table.record_name: table, **{t.record_name: t for t in texts}}
    return requests, PageReads(named, requests)


def records_of(build):
    """What the pages of a build read, as another process gets it."""
    requests, reads = build
    records = PageRecords()
    for request in requests:
        _page, read = record(lambda request=request: render(request.template, request.values))
        records.add([(request.path, "digest", reads.groups(request, read))])
    return pickle.loads(pickle.dumps(records))


def made_again(**change):
    """The pages that a build makes again after a change."""
    records = records_of(make())
    requests, reads = make(**change)
    return {request.path for request in requests} - reads.unchanged(records)


def test_without_a_change_no_page_is_made_again():
    assert made_again() == set()


def test_a_page_is_made_again_if_the_title_that_it_shows_changes_and_not_for_another():
    assert made_again(titles="ABX") == {"2.md"}
    assert made_again(titles="AXC") == {"1.md", "list"}


def test_a_list_is_made_again_if_its_texts_change():
    assert made_again(titles="ABCD") == {"3.md", "list"}


def test_a_value_that_was_not_there_is_noticed():
    assert made_again(places=["Ici"]) == {"0.md"}


def test_a_variable_of_all_pages_concerns_those_that_read_it():
    assert made_again(name="Autre") == {"0.md", "1.md", "2.md"}
    assert made_again(other="Autre") == set()


def test_an_entry_of_a_table_concerns_the_pages_that_look_for_it():
    assert made_again(translations={"/a/": 1}) == {"table"}
    assert made_again(translations={"/b/": 1}) == set()


def test_the_page_of_a_removed_text_is_not_reused_and_its_reads_are_forgotten():
    records = records_of(make())
    _requests, reads = make(titles="AB")
    reused = reads.unchanged(records)
    assert reused == {"0.md", "1.md", "table"}
    kept = records.only(reused)
    assert set(kept.reads) == set(kept.digests) == reused
    names = {name for _digest, name, _attributes in kept.groups}
    assert names == {"0.md", "/0.md", "1.md", "/1.md", "/table", "fr", "fr translations"}
    assert reads.unchanged(kept) == reused
    assert set(records.reads) == {"0.md", "1.md", "2.md", "list", "table"}


def test_records_of_reused_and_of_new_pages_hold_for_the_build_after():
    changed = make(titles="AXC")
    records = records_of(make())
    kept = records.only(changed[1].unchanged(records))
    for request in changed[0]:
        if request.path not in kept.reads:
            _page, read = record(lambda request=request: render(request.template, request.values))
            kept.add([(request.path, "digest", changed[1].groups(request, read))])
    requests, reads = make(titles="AXC")
    assert reads.unchanged(kept) == {request.path for request in requests}
    assert make(titles="XXC")[1].unchanged(kept) == {"1.md", "2.md", "table"}


def test_a_value_that_cannot_be_recorded_is_an_error_that_names_page_and_variable():
    build = make(name=object())
    with pytest.raises(TypeError, match="cannot describe") as raised:
        records_of(build)
    assert "name of fr" in raised.value.__notes__[0]


# --- A whole site --------------------------------------------------------------------------------

NEWS = {
    f"articles/n{n:02}.md": article(f"N {n}", f"2012-{n:02}", summary=f"Résumé {n}.", tags="[a]")
    for n in range(1, 13)
}
FILES = {
    **NEWS,
    "site.yml": sites.settings(name="Une personne"),
    "articles/n12.en.md": header(title="N 12 in English", summary="Summary.") + "A text.\n",
    "pages/projects/p.md": project("P", summary="Résumé."),
    "pages/apropos.md": header(title="À propos", template="about") + "Un texte.\n",
    "articles/n03.md": article("N 3", "2012-03", summary="Résumé.", project="p", tags="[b]"),
    "themes.yml": "a: a-en\nb: b-en\n",
}


class Writer:
    def __init__(self, folder):
        self.content, self.output = sites.write(folder / "content", FILES), folder / "output"
        self.build()

    def build(self):
        built = sites.build(self.content, self.output)
        assert built.code == 0, built.complaints

    def written_after(self, changes):
        """The files of the site that a build after some changes writes, and no others."""
        before = self._identities()
        sites.write(self.content, changes)
        self.build()
        after = self._identities()
        return {path for path, identity in after.items() if before.get(path) != identity}

    def _identities(self):
        # A page that is reused stays the same file.
        return {
            path.relative_to(self.output).as_posix(): path.stat().st_ino
            for path in self.output.rglob("*")
            if path.suffix in (".html", ".xml")
        }


def retitled(number):
    """The source of a news item with another title at the same address."""
    text = NEWS[f"articles/n{number:02}.md"].replace(f"N {number}", "Titre", 1)
    return text.replace("---\n", f"---\nslug: n-{number}\n", 1)


@pytest.fixture(scope="module")
def writer(tmp_path_factory):
    return Writer(tmp_path_factory.mktemp("site"))


def test_a_body_concerns_its_page_the_feeds_the_search_and_no_list(writer):
    changed = NEWS["articles/n12.md"].replace("Un texte.", "Un autre texte.")
    assert writer.written_after({"articles/n12.md": changed}) == {
        "actualites/n-12/index.html",
        "flux.xml",
        "themes/a/flux.xml",
        "recherche/index.html",  # the name of its index is a digest
    }


def test_a_title_concerns_what_shows_it(writer):
    assert writer.written_after({"articles/n12.md": retitled(12)}) == {
        "actualites/n-12/index.html",
        "actualites/n-11/index.html",  # its neighbour
        "actualites/index.html",
        "actualites/2012/index.html",
        "index.html",
        "parcours/index.html",
        "plan-du-site/index.html",
        "recherche/index.html",
        "themes/a/index.html",
        "flux.xml",
        "themes/a/flux.xml",
    }


def test_the_second_page_of_a_list_is_a_page_by_itself(writer):
    written = writer.written_after({"articles/n02.md": retitled(2)})
    assert "actualites/page/2/index.html" in written
    assert "actualites/index.html" not in written


def test_an_entry_of_the_menu_concerns_every_page_of_its_language(writer):
    menu = "menu:\n  fr:\n    - news: Nouvelles\n"
    written = writer.written_after({"site.yml": FILES["site.yml"] + menu})
    pages = {path for path in writer._identities() if path.endswith(".html")}
    assert pages - written == set()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("# Une remarque.\nportfolio: no\n", []),
        ("publication:\n  host: ssh.example.org\n", []),
        ("news_on_home: 2\n", ["en/index.html", "index.html"]),
        ("  phone: 01 99 00 12 34\n", ["a-propos/index.html", "contact/index.html"]),
        ("  host_name: Un hébergeur\n", []),
    ],
)
def test_a_setting_concerns_the_pages_that_read_it(tmp_path, monkeypatch, typed, expected):
    contact = header(title="Contact", template="contact") + "Un texte.\n"
    settings = FILES["site.yml"] + "  email: une@example.org\n"
    files = FILES | {"pages/contact.md": contact, "site.yml": settings}
    content = sites.write(tmp_path / "content", files)
    monkeypatch.setenv("SITE_CONTENT", str(content))
    record = BuildRecord(is_stored=False)
    record.begin()
    site.make_site(site.plan_build(record=record), tmp_path / "output", record=record)
    sites.write(content, {"site.yml": settings + typed})
    plan = site.plan_build()
    site.make_site(plan, tmp_path / "output")
    changed = record.pages.reads.keys() - plan.settings["PAGE_READS"].unchanged(record.pages)
    assert sorted(path for path in changed if path.endswith(".html")) == expected


def test_a_project_concerns_the_pages_with_its_strand(writer):
    written = writer.written_after({"pages/projects/q.md": project("A", order="1")})
    assert {"index.html", "projets/index.html", "actualites/n-3/index.html"} <= written
    assert "projets/a/index.html" in written
