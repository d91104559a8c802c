"""The index of the search: which words it has, of which texts, in which files."""

import datetime
import json
import re

import pytest

from engine.exports import search_index
from engine.exports.search_index import CountedWords, SearchedText, fold, make_index, words_of_html
from engine.exports.stems import Stems
from engine.pictures.cached_files import write_atomically
from tests import sample_content, sites
from tests.sites import article, header, project


def text(title="Titre", body="Un texte.", *, headings="", summary="", kind="article"):
    return SearchedText(kind, title, f"/{title}/", "mars 2012", summary, headings, body)


def stems_of(words):
    return {word: word.removesuffix("s") for word in words}


def counted_words(texts):
    counted = CountedWords()
    counted.count(texts)
    return counted


def index_of(*texts, lang="fr"):
    """The content of an index, and the files of the search by their names."""
    files = {}
    name = make_index(counted_words(texts), lang, stems_of, files.__setitem__)
    return json.loads(files[name]), files


def found(content, form) -> dict[int, int]:
    """The number of each text that has a form, with the place that the index tells."""
    for line, numbers in zip(content["words"], content["found"], strict=True):
        start, *ends = line.split(" ")
        if form in (start + end for end in ends):
            texts, number = {}, -1
            for each in numbers:
                number += each // 4 + 1
                texts[number] = each % 4
            return texts
    return {}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Équipe", "equipe"),
        ("ŒUVRE", "oeuvre"),
        ("cæcum", "caecum"),
        ("naïveté", "naivete"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("e\u0301te\u0301", "ete"),
        ("2014", "2014"),
    ],
)
def test_words_are_compared_without_accents_and_ligatures(typed, expected):
    assert fold(typed) == expected


@pytest.mark.parametrize(
    ("html", "headings", "words"),
    [
        ("<p>Un <em>mo</em>t.</p><p>Deux.</p>", "", "Un mot.\nDeux."),
        (
            "<h2 id=\"a\">Titre <a href='#'>lié</a></h2><p>Suite.</p>",
            "Titre lié",
            "Titre lié\nSuite.",
        ),
        ("<p>Un\nmot\u202f!</p>\n\n<p>Deux</p>", "", "Un mot\u202f!\nDeux"),
        ("<ul><li>un</li><li>deux</li></ul>", "", "un\ndeux"),
        ('<p><img src="/a.jpg" alt="Une cour > vide"></p>', "", "Une cour > vide"),
        ("<p>Vrai &amp; faux &lt;b&gt;</p>", "", "Vrai & faux <b>"),
        ('<p title="a > b">Un</p>', "", "Un"),
    ],
)
def test_the_words_of_a_body_are_those_that_a_reader_sees(html, headings, words):
    assert words_of_html(html) == (headings, words)


def test_the_best_place_of_a_word_is_told():
    content, _index = index_of(
        text("Lavoir", "Rien."),
        text("Autre", "Le lavoir.", headings="Lavoir"),
        text("Encore", "Lavoir, lavoir, lavoir."),
        text("Enfin", "Un lavoir."),
        text("Sans"),
    )
    assert found(content, "lavoir") == {0: 3, 1: 2, 2: 1, 3: 0}


def test_forms_of_one_stem_are_one_group_and_common_words_are_none():
    content, _index = index_of(text("Des outils", "L'outil est là pour vous."))
    assert found(content, "outil") == found(content, "outils") == {0: 3}
    assert found(content, "des") == found(content, "est") == found(content, "l") == {}
    assert {"des", "est", "l"} <= set(content["common"].split())


def test_whoever_types_without_accents_means_the_most_frequent_word():
    calls = []

    def note(words):
        calls.extend(words)
        return stems_of(words)

    texts = [text("Pêche", "La pêche, la pêche. Le péché.")]
    make_index(counted_words(texts), "fr", note, {}.__setitem__)
    assert "pêche" in calls
    assert "péché" not in calls


def test_a_large_site_has_its_texts_in_several_files(monkeypatch):
    monkeypatch.setattr(search_index, "_FILE_LENGTH", 100)
    texts = [text(f"T{number}", f"{number} " * 20) for number in range(7)] + [text("L", "x" * 300)]
    content, files = index_of(*texts)
    shown = {}
    for first, name in content["files"]:
        for place, passage in enumerate(json.loads(files[name])):
            shown[first + place] = passage
    assert list(shown.values()) == [each.body.strip() for each in texts]
    assert len(content["files"]) == 5


def test_each_file_is_named_by_its_bytes_and_a_change_changes_few():
    texts = [text(f"T{number}", f"{number} " * 4000) for number in range(6)]
    _content, first = index_of(*texts)
    _content, again = index_of(*texts)
    _content, other = index_of(*texts[:-1], text("T5", "Autre."))
    assert first == again
    assert all(re.fullmatch(r"(index|texts)-[0-9a-f]{12}\.json", name) for name in first)
    assert sorted(name[:6] for name in other.keys() - first.keys()) == ["index-", "texts-"]


def test_a_site_without_texts_has_an_index():
    content, files = index_of()
    assert content["texts"] == content["words"] == content["files"] == []
    assert len(files) == 1


def test_a_damaged_or_older_cache_of_stems_is_made_again(tmp_path):
    cache = tmp_path / "stems.json"
    expected = {"coopérations": "cooper", "coopérer": "cooper"}
    assert Stems("fr", cache).of(expected) == expected
    other = cache.read_bytes().replace(b'"cooper"', b'"kept"', 1)
    write_atomically(other, cache)
    assert "kept" in Stems("fr", cache).of(expected).values()
    write_atomically(re.sub(rb"snowballstemmer [0-9.]+", b"snowballstemmer 0", other), cache)
    assert Stems("fr", cache).of(expected) == expected
    for damaged in (b"", b"not JSON", other):
        cache.write_bytes(damaged)
        assert Stems("fr", cache).of(expected) == expected


# --- Of a site ------------------------------------------------------------------------------


def files_of_search(site, folder="recherche") -> str:
    """All that the search of a built site could ever show."""
    return "\n".join(path.read_text("utf-8") for path in (site.folder / folder).glob("*.json"))


def test_what_visitors_cannot_see_is_in_no_index(build):
    later = (datetime.date.today() + datetime.timedelta(days=40)).isoformat()
    files = {
        "articles/a.md": article("Visible", body="Platane."),
        "articles/b.md": article("Brouillon", body="Érable.", status="draft"),
        "articles/c.md": article("Demain", later, body="Tilleul."),
        "pages/projects/d.md": header(title="Annoncé", status="announced", summary="Un saule."),
        "pages/projects/e.md": project("Caché", body="Hêtre.", status="draft"),
        "pages/contact.md": header(title="Joindre", template="contact") + "Un peuplier.\n",
    }
    shown = files_of_search(build(files).site)
    assert all(word in shown for word in ("Visible", "Platane", "Annoncé", "saule"))
    hidden = ("Brouillon", "rable", "Demain", "Tilleul", "Caché", "tre.", "Joindre", "peuplier")
    assert not [word for word in hidden if word in shown]


def test_each_language_has_an_index_of_its_own_texts(tmp_path):
    content = sites.write(tmp_path / "content", sample_content.search_site())
    built = sites.build(content, tmp_path / "output")
    assert built.code == 0, built.complaints
    french, english = (files_of_search(built.site, folder) for folder in ("recherche", "en/search"))
    assert "La Cantine des Halles" in french
    assert "The Market Hall Canteen" not in french
    assert "The Market Hall Canteen" in english
    assert "La Cantine des Halles" not in english


def test_the_index_of_a_site_below_a_folder_is_found_there(build):
    site = build({"articles/a.md": article()}, SITE_URL="https://example.org/blog").site
    form = site.page("/recherche/").select_one("form")
    script = site.page("/recherche/").select_one("script[src]")
    for address in (form["data-index"], script["src"]):
        assert address.startswith("/blog/")
        assert site.has(address.removeprefix("/blog"))
    assert '"/blog/actualites/une-nouvelle/"' in files_of_search(site)


def test_a_page_with_the_address_of_the_search_is_refused(build):
    built = build({"pages/a.md": header(title="Recherche") + "Un texte.\n"})
    assert built.code == 1
    assert "/recherche/" in built.complaints
