"""The headings' font: what it holds, what it weighs, when it is made anew."""

import io
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from building import display_font
from building.display_font import ALWAYS, DisplayFont

HEADINGS = [
    "L’innovation et le design\u00a0& l’entrepreneuriat au service des autres",
    "Culture & Coopération\u202f: une coopérative d’activités et d’entrepreneur·es",
    "Le Mixeur, tiers-lieu culturel à Saint-Étienne",
    "Créons nos vies\u202f! Plateau Circulaire",
    "Vœux 2016\u202f: «\u202fTout est possible\u202f»",
    "À propos, mentions légales, accessibilité",
    "AVEC Yves, Tamara et Wladimir",
]
EMOJI = "\N{SMILING FACE WITH SUNGLASSES}"


@pytest.fixture(scope="session")
def cache(tmp_path_factory) -> Path:
    """One cache for the tests that do not look into it: fixing the face takes seconds."""
    return tmp_path_factory.mktemp("fonts")


def opened(font: DisplayFont) -> TTFont:
    return TTFont(io.BytesIO(font.data))


def characters(font: DisplayFont) -> set[str]:
    return set(map(chr, opened(font).getBestCmap()))


def kerning(font: DisplayFont) -> dict[str, int]:
    """The two letters of every pair in the font -> their kerning in units."""
    file = opened(font)
    if "GPOS" not in file:
        return {}
    letters = {name: chr(code) for code, name in file.getBestCmap().items()}
    found = {}
    for lookup in file["GPOS"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            for left, row in zip(table.Coverage.glyphs, table.PairSet, strict=True):
                for rule in row.PairValueRecord:
                    found[letters[left] + letters[rule.SecondGlyph]] = rule.Value1.XAdvance
    return found


def fail_to_make(*_args):
    raise AssertionError("the font was made although the cache has it")


def test_every_letter_of_the_words_and_no_other_but_those_of_any_heading_is_in_the_font(cache):
    font = display_font.subset(["Čapek & Ñandú"], cache)
    assert characters(font) == set(ALWAYS) | set("Čapek & Ñandú")


def test_the_font_without_any_word_has_what_any_heading_needs_and_no_kerning(cache):
    font = display_font.subset([], cache)
    assert characters(font) == set(ALWAYS)
    assert not kerning(font)


def test_pairs_of_the_words_are_kerned_as_in_the_face_and_no_other(cache):
    found = kerning(display_font.subset(["Tamara", "AVEC"], cache))
    seen = {left + right for word in ("Tamara", "AVEC") for left, right in pairwise(word)}
    assert {"Ta", "AV"} <= set(found) <= seen
    assert found["Ta"] == -33


def test_kerning_is_the_same_beside_any_other_words(cache):
    alone = kerning(display_font.subset(["Tamara"], cache))
    among = kerning(display_font.subset(HEADINGS, cache))
    assert alone.items() <= among.items()


def test_letters_of_two_words_are_no_pair(cache):
    assert "Ta" not in kerning(display_font.subset(["T", "a"], cache))


def test_the_font_is_one_bold_narrow_instance_of_500_units_that_a_browser_takes(cache):
    font = display_font.subset(HEADINGS, cache)
    file = opened(font)
    assert font.data[:4] == b"wOF2"
    assert "fvar" not in file
    assert file["head"].unitsPerEm == 500
    assert file["OS/2"].usWeightClass == 700
    assert file["OS/2"].fsType == 0  # may be embedded


def test_the_font_of_french_headings_weighs_at_most_5000_bytes(cache):
    assert len(display_font.subset(HEADINGS, cache).data) <= 5000


def test_the_name_follows_the_bytes(cache):
    font = display_font.subset(HEADINGS, cache)
    other = display_font.subset(["Yggdrasil"], cache)
    assert re.fullmatch("[0-9a-f]{12}", font.digest)
    assert font.file_name == f"bricolage-{font.digest}.woff2"
    assert font.file_name != other.file_name


def test_the_same_words_in_another_order_and_cache_and_process_are_the_same_bytes(cache, tmp_path):
    font = display_font.subset(HEADINGS, cache)
    code = (
        "import sys; from pathlib import Path; from building import display_font;"
        "font = display_font.subset(sys.argv[:1:-1], Path(sys.argv[1]));"
        "sys.stdout.buffer.write(font.data)"
    )
    made = subprocess.run(
        [sys.executable, "-c", code, tmp_path, *HEADINGS, HEADINGS[0]],
        check=True,
        capture_output=True,
        cwd=Path(display_font.__file__).parent.parent,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert made.stdout == font.data


def test_characters_that_the_face_lacks_are_named_and_do_no_harm(cache):
    words = [*HEADINGS, f"Bravo {EMOJI}", "漢字"]
    assert display_font.missing(words) == {EMOJI, "漢", "字"}
    assert display_font.subset(words, cache).data == (
        display_font.subset([*HEADINGS, "Bravo "], cache).data
    )


def test_the_face_has_what_any_heading_needs(cache):
    assert not display_font.missing([ALWAYS])
    assert set(ALWAYS) <= display_font._face_characters()


def test_a_decomposed_letter_is_the_composed_one(cache):
    assert display_font.subset(["Te\u0301le\u0301"], cache) == display_font.subset(["Télé"], cache)
    assert not display_font.missing(["e\u0301"])


def test_what_has_no_shape_is_neither_missing_nor_between_two_letters(cache):
    assert not display_font.missing(["T\u00ada\u200d\ufe0f\nb"])
    assert "Ta" in kerning(display_font.subset(["T\u00ada"], cache))


def test_the_same_words_are_taken_from_the_cache(cache, monkeypatch):
    font = display_font.subset(HEADINGS, cache)
    monkeypatch.setattr(display_font, "_cut", fail_to_make)
    monkeypatch.setattr(display_font, "_fix", fail_to_make)
    assert display_font.subset(HEADINGS, cache) == font


def test_other_words_do_not_fix_the_face_again(cache, monkeypatch):
    display_font.subset(HEADINGS, cache)
    monkeypatch.setattr(display_font, "_fix", fail_to_make)
    assert "Yg" in kerning(display_font.subset(["Yggdrasil, Tyr"], cache))


def test_the_cache_of_another_recipe_is_not_used(cache, monkeypatch):
    display_font.subset(HEADINGS, cache)
    monkeypatch.setattr(display_font, "_recipe", lambda: "another version of fontTools")
    monkeypatch.setattr(display_font, "_fix", fail_to_make)
    with pytest.raises(AssertionError, match="was made"):
        display_font.subset(HEADINGS, cache)


@pytest.mark.parametrize("left", [0, 10, 1000])
def test_a_half_written_file_of_the_cache_is_never_used(cache, tmp_path, monkeypatch, left):
    font = display_font.subset(HEADINGS, cache)
    fixed = display_font._fixed(cache)
    monkeypatch.setattr(display_font, "_fix", lambda: fixed)
    for path in cache.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes()[:left])
    assert display_font.subset(HEADINGS, tmp_path) == font


def test_a_writing_that_fails_leaves_no_file_under_its_name(tmp_path, monkeypatch):
    monkeypatch.setattr(display_font, "_fix", lambda: b"a face")
    monkeypatch.setattr(display_font, "_cut", lambda *_: b"a font")
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        display_font.subset(HEADINGS, tmp_path)
    assert not [path for path in tmp_path.iterdir() if len(path.name) > 64]


def test_the_cache_does_not_grow_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(display_font, "_fix", lambda: b"a face")
    monkeypatch.setattr(display_font, "_cut", lambda *_: b"a font")
    for number in range(50):
        display_font.subset([f"Titre {number}"], tmp_path)
    assert len(list(tmp_path.iterdir())) <= 21
    monkeypatch.setattr(display_font, "_cut", fail_to_make)
    display_font.subset(["Titre 49"], tmp_path)


def test_a_build_with_the_words_of_the_last_one_does_not_load_font_tools(cache):
    display_font.subset(HEADINGS, cache)
    code = (
        "import sys; from pathlib import Path; from building import display_font;"
        "words = sys.argv[2:]; display_font.subset(words, Path(sys.argv[1]));"
        "sys.exit('fontTools' in sys.modules)"
    )
    subprocess.run(
        [sys.executable, "-c", code, cache, *HEADINGS],
        check=True,
        cwd=Path(display_font.__file__).parent.parent,
    )


def test_the_licence_is_the_open_font_license_of_the_face():
    text = display_font.licence_text()
    assert "The Bricolage Grotesque Project Authors" in text
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
