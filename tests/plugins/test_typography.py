"""French and English spaces and signs, from what a writer types on a plain keyboard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.typography import typeset

# ␣ stands for the narrow no-break space, _ for the no-break space.
CASES = [
    ("fr", "Quoi ?", "Quoi␣?"),
    ("fr", "Quoi?", "Quoi␣?"),
    ("fr", "Oui ; non !", "Oui␣; non␣!"),
    ("fr", "Voici : tout", "Voici_: tout"),
    ("fr", "Voici: tout", "Voici_: tout"),
    ("fr", "à 12:30", "à 12:30"),
    ("fr", "« Mot »", "«_Mot_»"),
    ("fr", "«Mot»", "«_Mot_»"),
    ("fr", "l'été d'ici", "l’été d’ici"),
    ("fr", "Et puis...", "Et puis…"),
    ("fr", "32 M€ et 1 000 000 euros", "32_M€ et 1␣000␣000 euros"),
    ("fr", "1 million", "1_million"),
    ("fr", "loi n° 2014-856", "loi n°_2014-856"),
    ("fr", "n°1", "n°_1"),
    ("fr", "10 janvier 2014", "10_janvier 2014"),
    ("fr", "1er janvier", "1er_janvier"),
    ("fr", "en 2012, 180 candidatures", "en 2012, 180 candidatures"),
    ("fr", "en 2012 180 candidatures", "en 2012 180 candidatures"),
    ("fr", "M. Martin et Mme Durand", "M._Martin et Mme_Durand"),
    ("fr", "Culture & Coopération", "Culture_& Coopération"),
    ("fr", "https://example.org/?a=b;c", "https://example.org/?a=b;c"),
    ("en", "What? It's late; yes!", "What? It’s late; yes!"),
    ("en", "no. 1", "no._1"),
    ("de", "Was ist's ?", "Was ist's ?"),
]


def visible(text: str) -> str:
    return text.replace("\u202f", "␣").replace("\u00a0", "_")


@pytest.mark.parametrize(("lang", "typed", "printed"), CASES)
def test_a_text_is_printed_by_the_rules_of_its_language(lang, typed, printed):
    assert visible(typeset(typed, lang)) == printed


@pytest.mark.parametrize(("lang", "typed", "_printed"), CASES)
def test_setting_a_text_twice_changes_nothing_more(lang, typed, _printed):
    once = typeset(typed, lang)
    assert typeset(once, lang) == once


TYPED = st.text(alphabet="aéM1 20.'«»;:!?&°n\u00a0\u202f-%h€(\n", max_size=30)


@given(TYPED, st.sampled_from(["fr", "en"]))
def test_any_text_is_set_once_and_keeps_its_letters_and_digits(typed, lang):
    once = typeset(typed, lang)
    assert typeset(once, lang) == once
    assert [c for c in once if c.isalnum()] == [c for c in typed if c.isalnum()]
