"""New texts, as a writer starts them: ./inv article "Title", ./inv project, ./inv page."""

import os
import re
import shlex
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.faults import FaultsError
from engine.texts import library
from engine.texts.partial_dates import present_day
from engine.typography.typography import typeset
from engine.writing import new_text
from pelicanconf import ADDRESSES, TIMEZONE
from tests import sites
from tests.sites import article, header, project

TODAY = present_day(TIMEZONE)
MONTH, YEAR = f"{TODAY:%Y-%m}", f"{TODAY:%Y}"


def published(text: str, body: str = "Un texte.\n") -> str:
    """What a writer makes of a new file: without the draft line, with a text."""
    assert "\nstatus: draft\n" in text
    return text.replace("status: draft\n", "") + body


@pytest.mark.parametrize(
    ("kind", "title", "source", "address"),
    [
        (
            "article",
            "L'été à Saint-Étienne",
            f"articles/{MONTH}-l-ete-a-saint-etienne.md",
            "/actualites/l-ete-a-saint-etienne/",
        ),
        ("project", "Le Mixeur", "pages/projects/le-mixeur.md", "/projets/le-mixeur/"),
        ("page", "Mentions légales", "pages/mentions-legales.md", "/mentions-legales/"),
        ("page", "Œuvre n° 3 : « ça » & l’après", "pages/oeuvre-no-3-ca-l-apres.md", None),
        ("page", 'Dire "oui" \\ "non"', "pages/dire-oui-non.md", None),
        ("page", "Titre # un: deux", "pages/titre-un-deux.md", None),
        ("page", "🎉 Dix ans", "pages/dix-ans.md", None),
        ("page", "build", "pages/build.md", "/build/"),
        ("page", "page", "pages/page.md", "/page/"),
        ("page", "  Deux\nlignes\t ici ", "pages/deux-lignes-ici.md", None),
        ("page", "mot " * 75, f"pages/{'-'.join(['mot'] * 20)}.md", None),
        ("page", "null", "pages/null.md", "/null/"),
        ("page", "{x: [y", "pages/x-y.md", None),
    ],
)
def test_a_title_gives_a_draft_in_its_place(writer, kind, title, source, address):
    done = writer.types(kind, title)
    assert done.returncode == 0, done.stderr
    slug = source.rpartition("/")[2].removeprefix(f"{MONTH}-").removesuffix(".md")
    said = done.stdout.splitlines()
    assert said[:2] == [f"content/{source}", f"address: {address or f'/{slug}/'}"]
    assert writer.files() == [f"content/{source}"]
    found = library.read_texts(writer.content, addresses=ADDRESSES, today=TODAY)
    assert found.faults == []
    [draft] = found.drafts
    assert draft.header["title"] == " ".join(title.split())
    assert draft.slug == slug
    if kind == "article":
        assert draft.header["date"].first_day == TODAY
        assert draft.header["date"].day
    text = writer.reads(source)
    assert text.startswith("---\ntitle: ")
    assert text.endswith("\n---\n")
    assert "\r" not in text


def test_a_title_that_begins_with_a_dash_is_given_with_an_equals_sign(writer):
    assert writer.types("article", "--title=--- Tirets").returncode == 0
    assert 'title: "--- Tirets"' in writer.reads(f"articles/{MONTH}-tirets.md")


@pytest.mark.parametrize("locale", [{"LC_ALL": "C"}, {"LC_ALL": "", "LANG": "POSIX"}])
def test_accents_pass_where_the_system_knows_no_language(writer, locale):
    done = writer.types("article", "L'été à Saint-Étienne", PYTHONUTF8="", **locale)
    assert done.returncode == 0, done.stderr
    assert "L'été à Saint-Étienne" in writer.reads(f"articles/{MONTH}-l-ete-a-saint-etienne.md")


@pytest.mark.slow
def test_a_new_text_goes_from_the_editor_to_the_site(writer, tmp_path):
    edit = (
        "import pathlib, sys\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "text = path.read_text('utf-8').replace('status: draft\\n', '')\n"
        "path.write_text(text + 'Les *mots* de l’éditeur.\\n', 'utf-8')\n"
    )
    sites.write(tmp_path, {"edit.py": edit})
    done = writer.types(
        "article", "L'été !", EDITOR=shlex.join([sys.executable, f"{tmp_path}/edit.py"])
    )
    assert done.returncode == 0, done.stderr
    address = re.search(r"address: (\S+)", done.stdout)[1]
    built = sites.build(writer.content, tmp_path / "output")
    assert built.code == 0, built.complaints
    page = built.site.page(address)
    assert page.h1.get_text(strip=True) == "L’été\u202f!"
    assert "Les mots de l’éditeur." in page.main.get_text()
    assert built.site.page("/").find("a", href=address)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["article", "project", "page"])
def test_a_new_text_builds_as_it_is_and_the_check_says_what_it_lacks(writer, kind, tmp_path):
    writer.has({"articles/a.md": article()})
    done = writer.types(kind, "Un titre")
    path = writer.content.parent / done.stdout.splitlines()[0]
    built = sites.build(writer.content, tmp_path / "output")
    assert built.code == 0, built.complaints
    assert f"not shown, drafts: {path}" in built.said
    assert not any("un-titre" in address for address in built.site.addresses)

    path.write_text(published(path.read_text("utf-8"), body=""), "utf-8")
    built = sites.build(writer.content, tmp_path / "output")
    assert built.code == 1
    assert f"{path}:" in built.complaints
    assert "text: there is no text under the header; write it" in built.complaints


@pytest.mark.parametrize("kind", ["article", "project", "page"])
def test_every_line_that_a_new_text_offers_can_be_used(writer, kind):
    writer.has({"pages/projects/le-mixeur.md": project("Le Mixeur"), "themes.yml": ""})
    done = writer.types(kind, "Un titre")
    path = writer.content.parent / done.stdout.splitlines()[0]
    text = published(path.read_text("utf-8"))
    used = re.sub(r"^# (\w+: )", r"\1", text, flags=re.MULTILINE)
    assert used != text
    path.write_text(used, "utf-8")
    found = library.read_texts(writer.content, addresses=ADDRESSES, today=TODAY)
    assert [str(fault) for fault in found.faults] == []
    assert found.by_source[path.relative_to(writer.content).as_posix()].header["summary"]


def test_a_new_text_offers_the_themes_and_the_projects_that_there_are(writer):
    writer.has(
        {
            "themes.yml": "métiers: crafts\nC, D: C and D\n",
            "articles/a.md": article("A", tags="[culture]"),
            "pages/projects/le-lieu.md": project("Le lieu"),
        }
    )
    assert writer.types("article", "Un titre").returncode == 0
    text = writer.reads(f"articles/{MONTH}-un-titre.md")
    assert '\n# tags: ["C, D", culture, métiers]\n' in text
    assert "\n# project: le-lieu\n" in text


def test_a_new_text_offers_no_theme_and_no_project_where_there_is_none(writer):
    assert writer.types("article", "Un titre").returncode == 0
    text = writer.reads(f"articles/{MONTH}-un-titre.md")
    assert "tags:" not in text
    assert "project:" not in text


def test_a_new_project_has_a_colour_that_no_other_has_and_changes_none(writer):
    writer.has(
        {
            "pages/projects/a.md": project("A", order=2),
            "pages/projects/b.md": project("B", order=3, status="draft"),
            "pages/projects/c.md": project("C", order=4, colour=5),
        }
    )
    before = library.read_texts(writer.content, addresses=ADDRESSES, today=TODAY)
    assert writer.types("project", "Un titre").returncode == 0
    text = writer.reads("pages/projects/un-titre.md")
    assert "\ncolour: 3\n" in text
    writer.has({"pages/projects/un-titre.md": published(text).replace("# order", "order")})
    after = library.read_texts(writer.content, addresses=ADDRESSES, today=TODAY)
    assert after.faults == []
    strands = {d.source: d.strand for d in after.visible}
    assert strands.pop("pages/projects/un-titre.md") == 2
    assert strands == {d.source: d.strand for d in before.visible}


TAKEN = {
    "a draft": ("article", {"articles/2012-x.md": article("Un titre", status="draft")}),
    "an earlier news item": ("article", {"articles/2012-x.md": article(slug="un-titre")}),
    "an announced project": (
        "project",
        {"pages/projects/x.md": header(title="Un titre", status="announced")},
    ),
    "a page": ("page", {"pages/x.md": header(title="Un titre") + "T"}),
    "a text of a later day": ("article", {"articles/x.md": article("Un titre", f"{YEAR}-12-31")}),
}


@pytest.mark.parametrize("name", TAKEN)
def test_an_address_that_another_text_has_is_refused_with_its_file(writer, name):
    kind, files = TAKEN[name]
    writer.has(files)
    [source] = files
    done = writer.types(kind, "Un titre")
    assert done.returncode == 1
    assert "/un-titre/ is already that of content/" + source in done.stderr
    assert "write another title" in done.stderr
    assert writer.files() == [f"content/{source}"]


@pytest.mark.parametrize(
    ("kind", "title", "place"),
    [
        ("page", "Parcours", "the site's own page “timeline”"),
        ("page", "En", "the site's own page “home”"),
        ("page", "Images", "a folder of the site"),
        ("article", YEAR, f"the news of the year {YEAR}"),
    ],
)
def test_an_address_of_the_site_itself_is_refused(writer, kind, title, place):
    done = writer.types(kind, title)
    assert done.returncode == 1
    assert f"is already that of {place}; write another title" in done.stderr
    assert writer.files() == []


def test_texts_whose_addresses_differ_may_share_a_title(writer):
    writer.has(
        {
            "pages/projects/un-titre.md": project("Un titre"),
            "articles/2012-03-x.en.md": article("Un titre"),
            "pages/un-titre.md": header(title="Autre chose") + "T",
        }
    )
    assert writer.types("article", "Un titre").returncode == 0


@pytest.mark.parametrize("there", ["Un-Titre.md", "un-titre.en.md", "un-titre.md"])
def test_no_file_is_written_over_nor_given_a_translation_by_chance(writer, there):
    text = header(title="Autre", slug="autre") + "Texte."
    writer.has({f"pages/{there}": text})
    done = writer.types("page", "Un titre", EDITOR="nano -w")
    assert done.returncode == 1
    assert f"content/pages/{there}: file: it exists already; open it: nano -w" in done.stderr
    assert writer.files() == [f"content/pages/{there}"]
    assert writer.reads(f"pages/{there}") == text


def test_faults_of_other_texts_do_not_keep_from_writing(writer):
    writer.has({"articles/a.md": "no header", "articles/b.md": article(date="demain")})
    assert writer.types("article", "Un titre").returncode == 0


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("!!! — ?", "no address can be made from it; write a title with a letter"),
        ("🎉🎉", "no address can be made from it"),
        ("", "it is missing; write it after the name, as in ./inv article"),
        ("   ", "it is missing"),
        ("Un\x07 titre", "it holds a character that cannot be shown"),
        (os.fsdecode(b"Un \xe9t\xe9"), "it holds a character that cannot be shown"),
    ],
)
def test_a_title_that_makes_no_page_is_refused(writer, title, words):
    done = writer.types("article", title)
    assert done.returncode == 1
    assert f"article: title: {words}" in done.stderr
    assert "Traceback" not in done.stderr
    assert writer.files() == []


# Words of any script, signs that YAML, Markdown, HTML and shells care about, odd characters.
TITLES = st.one_of(
    st.text(min_size=1, max_size=60),
    st.text(alphabet="aÉœ'’\"\\:#-[]{}&*!%@`|>?,./~ \n\t«»…🎉<$=\u00a0\u202f\u200d0", max_size=30),
)


def attempt(title: str) -> tuple[Path | None, str]:
    """The file of a news item, or why there is none."""
    try:
        return new_text.start_text("article", title).path, ""
    except FaultsError as error:
        return None, str(error)


@given(TITLES)
@example("../../x")
@example("---")
@example("a\ufeffb")
@example("a\U0001fffeb")
@example("a\x85b")
@example("~")
@example("= x")
@settings(max_examples=150, deadline=None)
def test_any_title_is_kept_as_it_was_typed_or_refused(title):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        content = Path(folder, "content")
        content.mkdir()
        patch.setenv("SITE_CONTENT", str(content))
        path, refusal = attempt(title)
        if path is None:
            assert re.match(r"article: title: .+; .+", refusal)
            assert list(Path(folder).rglob("*")) == [content]
            return
        assert [p for p in Path(folder).rglob("*") if p.is_file()] == [path]
        assert path.parent == content / "articles"
        path.write_text(published(path.read_text("utf-8")), "utf-8")
        found = library.read_texts(content.resolve(), addresses=ADDRESSES, today=TODAY)
        assert found.faults == []
        [document] = found.visible
        assert document.header["title"] == typeset(" ".join(title.split()), "fr")


@pytest.mark.slow
@given(st.lists(TITLES, min_size=12, max_size=12))
@settings(max_examples=3, deadline=None)
def test_any_titles_are_shown_as_they_were_typed(titles):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        content = Path(folder, "content")
        content.mkdir()
        patch.setenv("SITE_CONTENT", str(content))
        made = {}
        for title in titles:
            try:
                new = new_text.start_text("article", title)
            except FaultsError:
                continue
            new.path.write_text(published(new.path.read_text("utf-8")), "utf-8")
            made[new.address] = typeset(" ".join(title.split()), "fr")
        built = sites.build(content, Path(folder, "output"))
        assert built.code == 0, built.complaints
        for address, title in made.items():
            assert built.site.page(address).h1.get_text() == title
