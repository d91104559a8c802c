"""French and English spaces and signs, from what a writer types on a plain keyboard."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.typography.typography import typeset, typeset_together
from engine.typography.typography_rules import OBJECT
from tests import sites
from tests.typography.typography_cases import CASES

IDS = [f"{lang}: {typed}" for lang, typed, _printed, _rule in CASES]


def visible(text: str) -> str:
    return text.replace("\u202f", "␣").replace("\u00a0", "_")


@pytest.mark.parametrize(("lang", "typed", "printed", "rule"), CASES, ids=IDS)
def test_a_text_is_printed_by_the_rules_of_its_language(lang, typed, printed, rule):
    assert visible(typeset(typed, lang)) == printed, rule


@pytest.mark.parametrize(("lang", "typed", "_printed", "_rule"), CASES, ids=IDS)
def test_setting_a_text_twice_changes_nothing_more(lang, typed, _printed, _rule):
    once = typeset(typed, lang)
    assert typeset(once, lang) == once


@pytest.mark.parametrize(("lang", "typed", "printed", "rule"), CASES, ids=IDS)
def test_marks_inside_a_text_change_nothing_of_it(lang, typed, printed, rule):
    words = typed.split(" ")
    pieces = [part for word in words for part in (word, " ")][:-1]
    if "://" not in typed and "@" not in typed:
        assert visible("".join(typeset_together(pieces, lang))) == printed, rule


def test_the_writers_guide_tells_what_is_printed():
    guide = (sites.ROOT / "docs/typographie.md").read_text("utf-8")
    rows = [line.split(" | ") for line in guide.splitlines() if line.startswith("| `")]
    assert len(rows) > 10
    for typed, shown, *_rule in rows:
        for text in re.findall("`(.+?)`", typed):
            assert visible(typeset(text, "fr")) in shown


TYPED = st.text(
    alphabet="aéMXe1 20.'\"«»“”‘’;:!?&°n\u00a0\u202f\u2028\u2029-–—%h€(),[\n" + OBJECT, max_size=30
)
PHRASES = """
mot Mot l' d'" " ' « » ? ! ; : ... etc... 14h30 20% 1 000 12 n°5 n° M. Mme p. J. R. XXe siècle
Louis XIV - -- --- – — & ;) https://a.fr/?a;b a@b.fr € km janvier (x) 'n' '90s § av. J.-C. 01 + h
L. ex. cit. c. à d. s. m3 V qu'[ ) ] . (0) 567 Z
"""
WORDS = st.lists(
    st.sampled_from([*PHRASES.split(), *(" " * 9), "\n", "\u00a0", "\u202f", "\u2029", OBJECT]),
    max_size=14,
).map("".join)
LANGUAGES = st.sampled_from(["fr", "en", "de"])


def letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum() or character == OBJECT)


@given(TYPED | WORDS, LANGUAGES)
def test_any_text_is_set_once(typed, lang):
    once = typeset(typed, lang)
    assert visible(typeset(once, lang)) == visible(once)


@given(TYPED | WORDS, LANGUAGES)
def test_any_text_keeps_its_letters_and_grows_no_line(typed, lang):
    printed = typeset(typed, lang)
    assert letters(printed) == letters(typed)
    assert printed.count("\n") <= typed.count("\n")


@given(st.lists(TYPED | WORDS | st.just(OBJECT), min_size=1, max_size=5), LANGUAGES)
def test_pieces_keep_their_letters_and_make_the_text_that_they_were_part_of(pieces, lang):
    printed = typeset_together(pieces, lang)
    assert [letters(piece) for piece in printed] == [letters(piece) for piece in pieces]
    assert [p for p, q in zip(printed, pieces, strict=True) if q == OBJECT and p != OBJECT] == []
    whole = "".join(pieces)
    if not any(sign in whole for sign in "&@:/.\\"):
        assert visible("".join(printed)) == visible(typeset(whole, lang))
