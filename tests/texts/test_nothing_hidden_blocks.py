"""What visitors do not see stops no build: drafts, files of another kind, links to hidden texts."""

import datetime

import pytest

from engine import checking
from engine.checking import Severity
from engine.checking.texts import spelling
from tests import sites
from tests.sites import article, header, project

A, B, P = "articles/a.md", "articles/b.md", "pages/projects/p.md"
LATER = datetime.date.today() + datetime.timedelta(days=2)
FAULTY = {
    "a broken link": {"body": "[x](none.md)"},
    "no date that can be read": {"date": "demain"},
    "a bad slug": {"slug": "Été"},
    "an unknown key": {"sumary": "x"},
    "a quote that is never closed": {"summary": '"Sans fin'},
    "a script": {"body": "<script>1</script>"},
    "an image that is not there": {"body": "![Vue](/images/none.jpg)"},
    "a theme without address": {"tags": "[🎉]"},
    "a project that is not": {"project": "none"},
    "an invisible character": {"body": "a\x0bb"},
    "an internal address of no page": {"body": "[x](/nulle-part/)"},
}


@pytest.fixture
def find(tmp_path, monkeypatch):
    """The faults and the warnings of some files, as (path below the folder, line, rule)."""
    monkeypatch.setattr(spelling, "dictionary", lambda _lang: None)

    def run(files):
        found = checking.findings(sites.write(tmp_path / "content", files))
        return [
            [
                (each.path.partition("content/")[2], each.line, each.rule)
                for each in found
                if each.severity is severity
                and each.rule not in ("summary-missing", "home-missing")
            ]
            for severity in (Severity.FAULT, Severity.WARNING)
        ]

    return run


@pytest.mark.parametrize("name", FAULTY)
def test_a_fault_is_a_warning_in_a_draft_and_a_fault_in_a_text_that_waits(name, find):
    faults, _ = find({A: article("A", **FAULTY[name])})
    assert len(faults) == 1, faults
    faults, warnings = find({A: article("A", status="draft", **FAULTY[name])})
    assert faults == []
    assert len(warnings) == 1, warnings
    if "date" not in FAULTY[name]:
        faults, _ = find({A: article("A", **{"date": LATER} | FAULTY[name])})
        assert len(faults) == 1, faults


def test_a_build_passes_over_the_faults_of_drafts_and_files_of_another_kind(build):
    drafts = {
        f"articles/d{number}.md": article(f"D{number}", status="draft", **faulty)
        for number, faulty in enumerate(FAULTY.values())
    }
    others = {
        "articles/notes.docx": b"x",
        "notes.txt": "x",
        "articles/.DS_Store": b"x",
        "images/Thumbs.db": b"x",
        "pages/~$lettre.docx": b"x",
        "brouillons/idée.md": article("Idée", status="draft"),
    }
    built = build({A: article()} | drafts | others)
    assert built.code == 0, built.complaints
    assert "d0.md" in built.said


def test_a_build_stops_at_a_fault_of_a_text_that_waits(build):
    built = build({A: article("A", LATER.isoformat(), body="[x](none.md)")})
    assert built.code == 1
    assert "articles/a.md:5: link: none.md leads to no file" in built.complaints


def test_hiding_a_project_takes_its_links_away_with_one_warning_each(find, build):
    files = {
        P: project("P", status="draft", tags="[rare]"),
        "pages/projects/p.en.md": header(title="The P") + "Text.",
        A: article(
            "A", project="p", body="[un](../pages/projects/p.md#fin) et [deux](/projets/p/)"
        ),
        "articles/a.en.md": header(title="A") + "[one](../pages/projects/p.md)",
        B: article("B", body="[thème]({tag}rare)"),
        "themes.yml": "rare: rare\n",
    }
    faults, warnings = find(files)
    assert faults == []
    assert warnings == [
        ("articles/a.en.md", 4, "hidden-target"),
        ("articles/a.md", 4, "hidden-target"),
        ("articles/a.md", 6, "hidden-target"),
        ("articles/a.md", 6, "hidden-target"),
        ("articles/b.md", 5, "hidden-target"),
    ]
    built = build(files)
    assert built.code == 0, built.complaints
    prose = built.site.page("/actualites/a/").select_one(".prose")
    assert prose.get_text().strip() == "un et deux"
    assert prose.find("a") is None
    assert built.site.page("/actualites/b/").select_one(".prose").find("a") is None
    assert "projets/p" not in built.site.text("/actualites/a/")


def test_a_link_in_html_to_a_hidden_text_leaves_its_words_with_one_warning(find, build):
    body = "Voir <a href=b.md>la\nsuite</a>.\n\n<div>\n<a href='/actualites/b/'>b</a>\n</div>"
    files = {A: article("A", body=body), B: article("B", status="draft")}
    assert find(files) == [
        [],
        [("articles/a.md", 5, "hidden-target"), ("articles/a.md", 9, "hidden-target")],
    ]
    prose = build(files).site.page("/actualites/a/").select_one(".prose")
    assert prose.get_text().split() == ["Voir", "la", "suite.", "b"]
    assert prose.find("a") is None


def test_a_link_to_the_translation_that_is_hidden_leaves_its_words_with_one_warning(find, build):
    files = {
        A: article("A", body="Lire [en anglais](a.en.md)."),
        "articles/a.en.md": header(title="A", status="draft") + "[In French](a.md).",
    }
    assert find(files) == [[], [("articles/a.md", 5, "hidden-target")]]
    assert build(files).site.page("/actualites/a/").select_one(".prose").find("a") is None


def test_a_link_to_a_text_that_waits_is_its_words_until_its_day(find):
    files = {A: article("A", body="[b](b.md)"), B: article("B", LATER, body="[a](a.md)")}
    assert find(files) == [[], [("articles/a.md", 5, "hidden-target")]]


@pytest.mark.parametrize(
    ("body", "lines", "last"),
    [
        ("zzq{}\n" * 8, [5, 6, 7, 8, 9, 10], "3 more like these, down to line 12"),
        ("zzq{} " * 8, [5] * 6, "3 more like these, down to line 5"),
        ("zzq{}\n" * 6, [5, 6, 7, 8, 9, 10], "“zzqf” is in no dictionary"),
    ],
)
def test_words_that_no_dictionary_has_are_five_a_text_and_the_others_counted(
    body, lines, last, tmp_path, monkeypatch
):
    monkeypatch.setattr(spelling, "dictionary", lambda lang: lang)
    monkeypatch.setattr(spelling, "_misspelt", lambda told, _name: {w for w in told if "zzq" in w})
    content = sites.write(tmp_path / "content", {A: article(body=body.format(*"abcdefgh"))})
    said = [each for each in checking.findings(content) if each.rule == "spelling"]
    assert [each.line for each in said] == lines
    assert str(said[-1].problem) == last


def test_a_silenced_word_is_none_of_the_five(tmp_path, monkeypatch):
    words = [f"zzq{letters}" for letters in "abcdef"]
    monkeypatch.setattr(spelling, "dictionary", lambda lang: lang)
    monkeypatch.setattr(spelling, "_misspelt", lambda told, _name: {w for w in told if "zzq" in w})
    silence = f"- rule: spelling\n  file: {A}\n  text: zzqa\n  reason: Un nom.\n"
    files = {A: article(body="\n".join(words)), "silences.yml": silence}
    said = checking.findings(sites.write(tmp_path / "content", files))
    assert [each.line for each in said if each.rule == "spelling"] == [6, 7, 8, 9, 10]


def test_a_translation_still_in_french_is_one_warning(tmp_path):
    body = "Une phrase de plusieurs mots français.\n\nUne autre phrase, tout aussi longue."
    files = {A: article(body=body), "articles/a.en.md": header(title="A", status="draft") + body}
    found = checking.findings(sites.write(tmp_path / "content", files))
    assert [each.rule for each in found if each.path.endswith("a.en.md")] == ["untranslated"]
