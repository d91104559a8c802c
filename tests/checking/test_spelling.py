"""Spelling: each passage by the dictionary of its language, and by the site's own words."""

import shutil

import pytest

from engine import checking
from engine.checking.texts import spelling
from tests import sites
from tests.sites import article, header

A = "articles/a.md"
DICTIONARIES = pytest.mark.needs("hunspell", "hunspell-fr", "hunspell-en")


@pytest.fixture
def unknown(told):
    """The words of a body that are told, with their line."""

    def run(body, **more):
        return [
            (line, problem.split("“")[1].split("”")[0])
            for _path, line, problem in told({A: article(body=body), **more}, "spelling")
        ]

    return run


@DICTIONARIES
def test_a_misspelt_word_is_told_at_its_line(unknown):
    assert unknown("Un tecste.\n\nLe **proj**et\net un ataché.") == [(5, "tecste"), (8, "ataché")]


@DICTIONARIES
def test_a_misspelt_word_of_the_header_is_told(told):
    assert told({A: article("Une nouvèle", summary="Un rézumé.")}, "spelling") == [
        (A, 2, "“nouvèle” is in no dictionary"),
        (A, 4, "“rézumé” is in no dictionary"),
    ]


@DICTIONARIES
def test_a_word_that_is_told_twice_in_a_line_is_told_once(unknown):
    assert unknown("Tecste et tecste, l'tecste.") == [(5, "Tecste"), (5, "tecste")]


@DICTIONARIES
@pytest.mark.parametrize(
    "body",
    [
        "Aujourd'hui, l’été et l'œuvre d’art ; c'est-à-dire jusqu'à peut-être presqu'île.",
        "Le PTCE, des PTCEs, le n° 3, la 2e fois, au XXe siècle, 14 h, 10 000 €, (co)entreprendre.",
        "Les acteur·rices, `motdecode`, #motcle, @quelquun, https://exempledemot.org/tecste.",
        "Écrire à jeandupontt@example.org.",
        "```\nmotdecode\n```\n\n<kbd>Ctrl</kbd>",
        "Un workshop, un [beautiful colour]{lang=en}, un [schönes Wetter]{lang=de}.",
        "[Le lien](tecste.md)",
        "## Une partie {#tecstes}",
        "Le décret nº 2001-1097, N\u00ba 3.",
        "Ἀθῆναι, Москва-река, שלום עולם, السلام عليكم, 東京.",
    ],
)
def test_what_is_no_misspelt_word_is_not_told(body, unknown):
    assert unknown(body, **{"articles/tecste.md": article("Autre")}) == []


@DICTIONARIES
def test_words_of_other_scripts_in_a_header_are_not_told(told):
    files = {A: article("Le pont de Москва", summary="Dire שלום et السلام, Ἀθῆναι.")}
    assert told(files, "spelling") == []


@DICTIONARIES
def test_a_foreign_letter_in_a_word_is_told(unknown):
    assert unknown("Un l\u0456eu.") == [(5, "l\u0456eu")]


@DICTIONARIES
def test_each_passage_is_looked_up_in_its_language(unknown, told):
    assert unknown("Un [texte]{lang=en} et un beautiful lieu.") == [(5, "beautiful"), (5, "texte")]
    files = {"articles/b.md": article("B"), "articles/b.en.md": header(title="B") + "It’s a texte."}
    assert [problem for *_, problem in told(files, "spelling") if "texte" in problem]


@DICTIONARIES
def test_an_english_word_is_misspelt_in_either_half(unknown):
    assert unknown("Un [well-knowne]{lang=en} [well-known]{lang=en} lieu.") == [(5, "well-knowne")]


@DICTIONARIES
def test_a_title_may_hold_words_of_either_language(told):
    files = {
        "articles/b.md": article("Le colour"),
        "articles/b.en.md": header(title="The Mixeur") + "It.",
    }
    assert told(files, "spelling") == []


@DICTIONARIES
def test_the_sites_own_words_are_known_in_any_case_and_in_parts(unknown):
    words = "# noms\nFablabouffe  # un lieu\nsocio\n\nL’Étrate\n"
    body = "Le FABLABOUFFE, l'Fablabouffe, le socio-tecste, la socio-économie, l’Étrate."
    assert unknown(body, **{"mots.txt": words}) == [(5, "socio-tecste")]


@DICTIONARIES
def test_the_sites_own_words_are_not_told_as_english(told):
    files = {A: article(body="Un workshop."), "mots.txt": "workshop\n"}
    assert told(files, "english-unmarked") == []


def test_without_hunspell_one_line_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    spelling.dictionary.cache_clear()
    folder = sites.write(tmp_path, {A: article(body="Un tecste.")})
    try:
        assert [f.rule for f in checking.findings(folder, A)] == ["summary-missing"]
        (line,) = map(str, spelling.missing_dictionaries())
    finally:
        spelling.dictionary.cache_clear()
    assert line.startswith("spelling not checked: hunspell is absent; install hunspell, ")


@pytest.mark.needs("hunspell")
def test_without_a_dictionary_one_line_names_it(monkeypatch):
    monkeypatch.setattr(spelling, "DICTIONARIES", {"fr": ("tlh_QO",), "en": ("en_XX",)})
    spelling.dictionary.cache_clear()
    try:
        first, second = map(str, spelling.missing_dictionaries())
    finally:
        spelling.dictionary.cache_clear()
    assert first == ("spelling of “fr” not checked: hunspell has no dictionary tlh_QO; install one")
    assert "en_XX" in second
