"""The headings' font: what it holds, and what it weighs."""

import io
import os
import re
import subprocess
import sys
from itertools import pairwise

from fontTools.ttLib import TTFont

from engine.building import display_font
from engine.building.display_font import BASE_CHARACTERS, DisplayFont
from engine.paths import ROOT

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


def test_every_letter_of_the_words_and_no_other_but_those_of_any_heading_is_in_the_font():
    font = display_font.subset(["Čapek & Ñandú"])
    assert characters(font) == set(BASE_CHARACTERS) | set("Čapek & Ñandú")


def test_the_font_without_any_word_has_what_any_heading_needs_and_no_kerning():
    font = display_font.subset([])
    assert characters(font) == set(BASE_CHARACTERS)
    assert not kerning(font)


def test_pairs_of_the_words_are_drawn_together_and_no_other():
    found = kerning(display_font.subset(["Tamara", "AVEC"]))
    seen = {left + right for word in ("Tamara", "AVEC") for left, right in pairwise(word)}
    assert {"Ta", "AV"} <= set(found) <= seen
    assert max(found["Ta"], found["AV"]) < 0


def test_kerning_is_the_same_beside_any_other_words():
    alone = kerning(display_font.subset(["Tamara"]))
    among = kerning(display_font.subset(HEADINGS))
    assert alone.items() <= among.items()


def test_letters_of_two_words_are_no_pair():
    assert "Ta" not in kerning(display_font.subset(["T", "a"]))


def test_the_font_is_one_bold_narrow_instance_that_a_browser_takes():
    font = display_font.subset(HEADINGS)
    file = opened(font)
    assert font.data[:4] == b"wOF2"
    assert "fvar" not in file
    assert file["OS/2"].usWeightClass == 700
    assert file["OS/2"].fsType == 0  # may be embedded


def test_the_font_of_french_headings_weighs_at_most_5000_bytes():
    assert len(display_font.subset(HEADINGS).data) <= 5000


def test_the_name_follows_the_bytes():
    font = display_font.subset(HEADINGS)
    other = display_font.subset(["Yggdrasil"])
    assert re.fullmatch("[0-9a-f]{12}", font.digest)
    assert font.file_name == f"bricolage-{font.digest}.woff2"
    assert font.file_name != other.file_name


def test_the_same_words_in_another_order_and_process_are_the_same_bytes():
    font = display_font.subset(HEADINGS)
    code = (
        "import sys; from engine.building import display_font;"
        "sys.stdout.buffer.write(display_font.subset(sys.argv[:0:-1]).data)"
    )
    made = subprocess.run(
        [sys.executable, "-c", code, *HEADINGS, HEADINGS[0]],
        check=True,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert made.stdout == font.data


def test_characters_that_the_face_lacks_do_no_harm():
    words = [*HEADINGS, f"Bravo {EMOJI}", "漢字"]
    assert display_font.subset(words).data == (display_font.subset([*HEADINGS, "Bravo "]).data)


def test_a_decomposed_letter_is_the_composed_one():
    assert display_font.subset(["Te\u0301le\u0301"]) == display_font.subset(["Télé"])


def test_what_has_no_shape_is_not_between_two_letters():
    assert "Ta" in kerning(display_font.subset(["T\u00ada"]))


def test_the_licence_is_the_open_font_license_of_the_face():
    text = display_font.licence_text()
    assert "The Bricolage Grotesque Project Authors" in text
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
