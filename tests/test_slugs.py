"""Addresses from French titles."""

import pytest

from engine.slugs import slugify


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("L'été à Saint-Étienne", "l-ete-a-saint-etienne"),
        ("L’été", "l-ete"),
        ("« Retour d'expériences »", "retour-d-experiences"),
        ("Culture & Coopération", "culture-cooperation"),
        ("Œuvre et cœur", "oeuvre-et-coeur"),
        ("La commission n° 1", "la-commission-no-1"),
        ("  --  ", ""),
        ("🎉", ""),
        ("F.U.S.E.", "f-u-s-e"),
    ],
)
def test_a_title_gives_its_address(title, slug):
    assert slugify(title) == slug


def test_a_long_title_is_cut_after_a_whole_word():
    slug = slugify("mot " * 60)
    assert len(slug) <= 80
    assert set(slug.split("-")) == {"mot"}
    assert slugify("x" * 200) == "x" * 80
