"""A form's values, written into a source: the lines that changed, and no other."""

import difflib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.web.form_values import SETTINGS, read_form, types_of, with_body, with_values
from engine.web.refusal import RefusalError

HEADER = """---
# Un commentaire
title: "Un: titre" # gardé
odd: [1,  2]
date: '2012-03'
tags:
  - culture
  - design   # le premier
links:
  a: https://a.org   # un
  b: "https://b.org"

# Brouillon, que les visiteurs ne voient pas. Pour publier, ôtez cette ligne et la suivante.
status: draft
summary: >
  Plié sur
  deux lignes.
---
Un.

Deux.
"""


def changed_lines(old: str, new: str) -> list[str]:
    lines = difflib.ndiff(old.splitlines(keepends=True), new.splitlines(keepends=True))
    return [line.rstrip("\n") for line in lines if line[0] in "+-"]


def test_a_form_reads_what_was_typed():
    form = read_form(HEADER, "article")
    assert form.values == {
        "title": "Un: titre",
        "date": "2012-03",
        "tags": ["culture", "design"],
        "links": {"a": "https://a.org", "b": "https://b.org"},
        "status": "draft",
        "summary": "Plié sur deux lignes.",
    }
    assert form.body == "Un.\n\nDeux.\n"
    assert form.body_line == 19


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"title": "L’autre"}, ['- title: "Un: titre" # gardé', '+ title: "L’autre" # gardé']),
        ({"date": "2013"}, ["- date: '2012-03'", "+ date: '2013'"]),
        ({"tags": ["culture"]}, ["-   - design   # le premier"]),
        ({"tags": ["culture", "design", "été"]}, ["+   - été"]),
        ({"links": {"a": "https://a.org"}}, ['-   b: "https://b.org"']),
        (
            {"status": None},
            [
                "- # Brouillon, que les visiteurs ne voient pas. "
                "Pour publier, ôtez cette ligne et la suivante.",
                "- status: draft",
            ],
        ),
        ({"project": "un-lieu"}, ["+ project: un-lieu"]),
        ({"title": "Un: titre", "modified": ""}, []),
    ],
)
def test_a_new_value_changes_its_own_line(values, expected):
    new = with_values(HEADER, "article", values)
    assert [line for line in changed_lines(HEADER, new) if line[2:]] == expected
    assert read_form(new, "article").body == "Un.\n\nDeux.\n"


def test_a_header_with_a_mistake_can_be_corrected_in_the_form():
    source = "---\ntitle: Un: titre\ndate : 2012\nodd\n---\nUn.\n"
    assert read_form(source, "article").values["title"] == "Un: titre"
    new = with_values(source, "article", {"title": "Deux: titres"})
    assert '\ntitle: "Deux: titres"\n' in new
    assert "\nodd\n" in new


def test_a_source_without_a_header_is_edited_as_a_whole():
    assert not read_form("Un texte.\n", "article").is_readable
    for edit in (
        lambda: with_values("Un texte.\n", "article", {"title": "x"}),
        lambda: with_body("Un texte.\n", "x"),
        lambda: with_values(HEADER, "article", {"odd": "x"}),
        lambda: with_values("a: [\n", SETTINGS, {"sign": "x"}),
        lambda: with_values("owner: {name: A}\n", SETTINGS, {"owner.phone": "1", "sign": "x"}),
    ):
        with pytest.raises(RefusalError, match="edit the whole text instead"):
            edit()


SITE = """\
# Le nom
names:
  fr: Un nom   # gardé
  en:

owner:
  # Vos pages
  links:
    M: https://m.org
  phone:
odd: 1
"""


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"names.fr": "Autre"}, ["-   fr: Un nom   # gardé", "+   fr: Autre   # gardé"]),
        ({"names.en": "Other"}, ["-   en:", "+   en: Other"]),
        ({"names.fr": ""}, ["-   fr: Un nom   # gardé", "+   fr:   # gardé"]),
        ({"owner.phone": "01 99 00 12 34"}, ["-   phone:", "+   phone: 01 99 00 12 34"]),
        ({"owner.links": {"M": "https://m.org", "N": "https://n.org"}}, ["+     N: https://n.org"]),
        ({"owner.name": "Camille"}, ['+   name: "Camille"']),
        ({"publication.host": "a.org"}, ["+ publication:", "+   host: a.org"]),
        ({"colours": ["#b5302a"]}, ["+ colours:", '+   - "#b5302a"']),
        (
            {"menu.fr": [["news", ""], ["projects", "Réalisations"]]},
            ["+ menu:", "+   fr:", "+     - news", "+     - projects: Réalisations"],
        ),
        ({"sign": "&"}, ['+ sign: "&"']),
    ],
)
def test_a_setting_changes_its_own_line(values, expected):
    new = with_values(SITE, SETTINGS, values)
    assert changed_lines(SITE, new) == expected


def test_several_settings_of_a_new_block_stand_together():
    values = {"publication.host": "a.org", "publication.user": "camille"}
    new = with_values(SITE, SETTINGS, values)
    assert new == f"{SITE}publication:\n  host: a.org\n  user: camille\n"


WORDS = st.text(st.sampled_from("aéB1 :#-'\"“”«»’[]{},&*!|>%@`\\;?~\u00a0🎉"), max_size=14).map(
    lambda text: " ".join(text.split(" "))
)
ITEMS = st.lists(WORDS.map(str.strip).filter(lambda word: word and "," not in word), max_size=3)


@settings(max_examples=300)
@given(
    title=WORDS, summary=WORDS, tags=ITEMS, body=st.text(st.sampled_from("a \n#-é"), max_size=20)
)
def test_what_a_form_writes_is_what_it_reads_and_nothing_else_changes(title, summary, tags, body):
    values = {"title": title, "summary": summary, "tags": tags}
    try:
        new = with_body(with_values(HEADER, "article", values), body)
    except RefusalError:
        # Told, and nothing is written: some signs the header's own reading takes for a mistake.
        return
    form = read_form(new, "article")
    for name, value in values.items():
        typed = value if isinstance(value, list) else value.split()
        found = form.values.get(name, type(value)())
        assert (found if isinstance(value, list) else found.split()) == typed
    for name in types_of("article"):
        if name not in values:
            assert form.values.get(name) == read_form(HEADER, "article").values.get(name)
    assert form.body == (body if body.endswith("\n") or not body else f"{body}\n")
    for line in ("# Un commentaire", "odd: [1,  2]", "  a: https://a.org   # un"):
        assert f"\n{line}\n" in new
