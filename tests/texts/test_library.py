"""What the library knows of a folder of texts before anything is built."""

import datetime
import errno
from pathlib import Path

import pytest

from engine.texts import library
from pelicanconf import ADDRESSES
from tests import sites
from tests.sites import article, header, project

TODAY = datetime.date(2026, 5, 1)


@pytest.fixture
def read_files(tmp_path):
    def run(files):
        found = library.read_texts(
            sites.write(tmp_path, files), addresses=ADDRESSES, shown_folder="c", today=TODAY
        )
        assert [str(fault) for fault in found.faults] == []
        return found

    return run


def test_a_translation_takes_what_it_shares_from_its_original(read_files):
    found = read_files(
        {
            "pages/projects/p.md": project(
                "P", order=3, start="2010", end="2016", tags="[culture]"
            ),
            "pages/projects/p.en.md": header(title="The P") + "Text.",
            "themes.yml": "culture: culture\n",
        }
    )
    english = found.by_source["pages/projects/p.en.md"]
    assert (english.header["order"], english.header["start"].year) == (3, 2010)
    assert [topic.name for topic in english.topics] == ["culture"]
    assert found.counterpart(english) is found.by_source["pages/projects/p.md"]


def test_themes_on_one_line_may_have_quotes_of_their_own(read_files):
    found = read_files({"articles/a.md": article("A", tags='bois, "tour de main"')})
    assert found.by_source["articles/a.md"].header["tags"] == ["bois", "tour de main"]


def test_drafts_and_texts_to_come_are_kept_out_and_named(read_files):
    found = read_files(
        {
            "articles/a.md": article("A", "2026-05-01"),
            "articles/b.md": article("B", "2026-05-02"),
            "articles/c.md": article("C", "2026-04-01", status="draft"),
        }
    )
    assert [d.source for d in found.visible] == ["articles/a.md"]
    assert [d.source for d in found.scheduled] == ["articles/b.md"]
    assert [d.source for d in found.drafts] == ["articles/c.md"]


def test_a_draft_keeps_its_translation_back(read_files):
    found = read_files(
        {
            "articles/a.md": article("A", status="draft"),
            "articles/a.en.md": header(title="A") + "Text.",
        }
    )
    assert found.visible == []


def test_a_translation_may_wait_as_a_draft(read_files):
    found = read_files(
        {
            "articles/a.md": article("A"),
            "articles/a.en.md": header(title="A", status="draft") + "Text.",
        }
    )
    assert [d.source for d in found.visible] == ["articles/a.md"]


def test_a_project_has_the_same_strand_in_both_languages(read_files):
    found = read_files(
        {
            "pages/projects/a.md": project("A", order=1),
            "pages/projects/b.md": project("B", order=2),
            "pages/projects/b.en.md": header(title="B") + "Text.",
            "pages/projects/c.en.md": header(title="C", order=1) + "English only.",
        }
    )
    strands = {d.source.rpartition("/")[2]: d.strand for d in found.visible}
    assert strands == {"a.md": 0, "b.md": 1, "b.en.md": 1, "c.en.md": 2}


def strands_of(found):
    return {d.source.rpartition("/")[2]: d.strand for d in found.visible}


def test_a_project_that_names_its_colour_keeps_it_wherever_another_is_put(read_files):
    files = {
        "pages/projects/a.md": project("A", order=2, colour=1),
        "pages/projects/a.en.md": header(title="A") + "Text.",
        "pages/projects/b.md": project("B", order=3),
        "pages/projects/c.md": project("C", order=4),
    }
    before = {"a.md": 0, "a.en.md": 0, "b.md": 1, "c.md": 2}
    assert strands_of(read_files(files)) == before
    files["pages/projects/new.md"] = project("New", order=1, colour=4)
    assert strands_of(read_files(files)) == before | {"new.md": 3}


def test_the_colour_of_a_draft_is_kept_for_it(read_files):
    files = {
        "pages/projects/a.md": project("A", order=1, status="draft", colour=1),
        "pages/projects/b.md": project("B", order=2),
    }
    found = read_files(files)
    assert strands_of(found) == {"b.md": 1}
    revealed = library.with_hidden_texts(found)
    assert strands_of(revealed) == {"a.md": 0, "b.md": 1}


@pytest.mark.parametrize(
    ("colour", "fault"),
    [
        (1, "it is that of c/pages/projects/a.md already; write colour: 4, or remove the line"),
        (0, "colours are counted from 1 on; write colour: 4, or remove the line"),
    ],
)
def test_a_colour_that_no_project_can_have_is_a_fault_with_one_that_is_free(
    tmp_path, colour, fault
):
    files = {
        "pages/projects/a.md": project("A", colour=1),
        "pages/projects/b.md": project("B", colour=colour),
        "pages/projects/b.en.md": header(title="B") + "Text.",
        "pages/projects/c.md": project("C"),
    }
    content = sites.write(tmp_path, files)
    found = library.read_texts(content, addresses=ADDRESSES, shown_folder="c", today=TODAY)
    assert [str(each) for each in found.faults] == [f"c/pages/projects/b.md:3: colour: {fault}"]


def test_themes_that_the_system_lets_nobody_read_are_a_fault(tmp_path, monkeypatch):
    read_bytes = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "themes.yml":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    content = sites.write(tmp_path, {"articles/a.md": article("A"), "themes.yml": "a: b\n"})
    found = library.read_texts(content, addresses=ADDRESSES, shown_folder="c", today=TODAY)
    (fault,) = map(str, found.faults)
    assert fault.startswith("c/themes.yml: themes: it cannot be read (")


def test_links_between_texts_lead_to_addresses_of_the_same_language(read_files):
    body = "[p](../pages/projects/p.md#fin) [q](/pages/projects/q.md) [t]({tag}culture)"
    found = read_files(
        {
            "articles/a.md": article("A", body=body, tags="[culture]"),
            "articles/a.en.md": header(title="A") + body.replace("#fin", "#end"),
            "pages/projects/p.md": project("P", body="## Fin\n\nTexte."),
            "pages/projects/p.en.md": header(title="The P") + "## End\n\nText.",
            "pages/projects/q.md": project("Q", status="announced", body=""),
            "themes.yml": "culture: arts\n",
        }
    )
    french, english = (found.by_source[f"articles/a{end}.md"].html for end in ("", ".en"))
    assert 'href="/projets/p/#fin"' in french
    assert 'href="/#q"' in french
    assert 'href="/themes/culture/"' in french
    assert 'href="/en/projects/the-p/#end"' in english
    assert 'href="/#q"' in english, "untranslated: the French one"
    assert 'href="/en/topics/arts/"' in english


def test_only_files_that_a_visible_text_names_are_published(read_files):
    found = read_files(
        {
            "articles/a.md": article(body="![Un lieu](../images/un%20lieu.jpg) [f](/files/b.pdf)"),
            "articles/b.md": article("B", status="draft", body="![Non](../images/non.jpg)"),
            "images/un lieu.jpg": sites.photo(80, 50),
            "images/non.jpg": "x",
            "files/b.pdf": "x",
        }
    )
    assert found.files == {"files/b.pdf"}
    assert [picture.path.name for picture in found.pictures] == ["un lieu.jpg"]
    assert 'src="/images/un-lieu-' in found.by_source["articles/a.md"].html


def test_without_a_summary_the_first_words_describe_a_text(read_files):
    found = read_files({"articles/a.md": article(body="## T\n\n" + "Des mots, " * 40)})
    description = found.by_source["articles/a.md"].description
    assert len(description) <= 161
    assert description.endswith("mots…")


def test_titles_and_summaries_are_set_in_type(read_files):
    found = read_files({"articles/a.md": article('"« L\'été » : quoi ?"', summary="Ah !")})
    header = found.by_source["articles/a.md"].header
    assert header["title"] == "«\u202fL’été\u202f»\u00a0: quoi\u202f?"
    assert header["summary"] == "Ah\u202f!"
