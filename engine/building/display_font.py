"""Subset the font of headings, Bricolage Grotesque, to the letters and the kerning they use.

HarfBuzz pins the axes of the variable font and subsets it, in milliseconds. fontTools scales the
outlines and writes WOFF2, which HarfBuzz does not support.
"""

import hashlib
import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import uharfbuzz
from fontTools.misc.roundTools import otRound
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables.otBase import ValueRecord

from engine.typeface import AXES, face, tag

UNITS_PER_EM = 500
# Smaller kerning, in units, is invisible: a third of a pixel in a heading of 40 px.
MIN_KERNING = 4
# Tables that a browser does not need for one instance without ligatures and hinting. GDEF is
# removed later: it holds the variations of the kerning.
_UNUSED_TABLES = ("GSUB", "STAT", "gasp", "prep")
# The global lengths of a font, by table (OpenType).
_LENGTHS = {
    "hhea": "ascent descent lineGap",
    "post": "underlinePosition underlineThickness",
    "OS/2": "xAvgCharWidth ySubscriptXSize ySubscriptYSize ySubscriptXOffset ySubscriptYOffset "
    "ySuperscriptXSize ySuperscriptYSize ySuperscriptXOffset ySuperscriptYOffset yStrikeoutSize "
    "yStrikeoutPosition sTypoAscender sTypoDescender sTypoLineGap usWinAscent usWinDescent "
    "sxHeight sCapHeight",
}

# Characters in every subset: the most common letters of French, and those of templates and style
# sheets (years, page numbers, “Français”, the + and – of a list).
BASE_CHARACTERS = "0123456789+–- abcdefghijlmnopqrstuvxyzàçèéô’"


@dataclass(frozen=True)
class DisplayFont:
    """A font file: its bytes (woff2), 12 hexadecimal digits of their SHA-256, and its name."""

    data: bytes
    digest: str
    file_name: str


def subset(words: Iterable[str]) -> DisplayFont:
    """Subset the font for words; their order and number do not matter.

    The subset has BASE_CHARACTERS, the letters of the words, and the kerning of each adjacent pair.
    """
    texts = {_visible_text(word) for word in words}
    characters = set(BASE_CHARACTERS).union(*texts)
    pairs = sorted({left + right for text in texts for left, right in pairwise(text)})
    font = _subset_face(characters)
    _set_kerning(font, _measure_kerning(pairs))
    font.flavor = "woff2"
    file = io.BytesIO()
    font.save(file)
    digest = hashlib.sha256(file.getvalue()).hexdigest()[:12]
    return DisplayFont(file.getvalue(), digest, f"bricolage-{digest}.woff2")


class _VisibleCharacters(dict):
    """Map a code point to its visible character, for `str.translate`; a line end to a space."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        # U+FE00 to U+FE0F are variation selectors.
        if character in "\t\n\r":
            drawn = " "
        elif unicodedata.category(character) in ("Cc", "Cf") or "\ufe00" <= character <= "\ufe0f":
            drawn = ""
        else:
            drawn = character
        self[code] = drawn
        return drawn


_VISIBLE_CHARACTERS = _VisibleCharacters()


def _visible_text(text: str) -> str:
    """Compose the letters of a text, drop invisible characters, replace line ends by spaces."""
    return unicodedata.normalize("NFC", text).translate(_VISIBLE_CHARACTERS)


def _subset_face(characters: set[str]) -> TTFont:
    """Subset the face to characters, at AXES, with the feature “kern” only."""
    wanted = uharfbuzz.SubsetInput()
    for axis, value in AXES.items():
        wanted.pin_axis_location(face(), axis, value)
    wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING
    wanted.unicode_set.update(map(ord, characters))
    wanted.layout_feature_tag_set.clear()
    wanted.layout_feature_tag_set.add(tag("kern"))
    wanted.name_id_set.clear()
    wanted.drop_table_tag_set.update(map(tag, _UNUSED_TABLES))
    data = wanted.subset(face()).blob.data
    # A new time stamp would change the bytes at each build.
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    del font["GDEF"]
    _scale(font)
    return font


def _scale(font: TTFont) -> None:
    """Scale a font to UNITS_PER_EM; fontTools' own function loads much more code."""
    factor = UNITS_PER_EM / font["head"].unitsPerEm
    font["head"].unitsPerEm = UNITS_PER_EM
    outlines, metrics = font["glyf"], font["hmtx"].metrics
    for name in font.getGlyphOrder():
        glyph = outlines[name]
        for component in getattr(glyph, "components", ()):
            component.x, component.y = otRound(component.x * factor), otRound(component.y * factor)
        if hasattr(glyph, "coordinates"):
            glyph.coordinates.scale((factor, factor))
            glyph.coordinates.toInt()
        metrics[name] = tuple(otRound(length * factor) for length in metrics[name])
    for table, names in _LENGTHS.items():
        for name in names.split():
            setattr(font[table], name, otRound(getattr(font[table], name) * factor))


def _measure_kerning(pairs: Iterable[str]) -> dict[str, int]:
    """Measure the visible kerning of pairs of letters, in units."""
    font = uharfbuzz.Font(face())
    font.set_variations(AXES)
    kerning = {}
    for pair in pairs:
        plain, kerned = (_advance(font, pair, with_kerning) for with_kerning in (False, True))
        units = otRound((kerned - plain) * UNITS_PER_EM / face().upem)
        if abs(units) >= MIN_KERNING:
            kerning[pair] = units
    return kerning


def _advance(font: uharfbuzz.Font, pair: str, with_kerning: bool) -> int:
    """Return the advance width of the first of two letters, in units of the face."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(pair)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer, {"kern": with_kerning, "liga": False, "calt": False})
    return buffer.glyph_positions[0].x_advance


def _set_kerning(font: TTFont, kerning: dict[str, int]) -> None:
    """Replace the kerning of the font."""
    names = font.getBestCmap()
    seconds: dict[str, list] = {}
    # The face, and so the font, may lack a letter.
    for (left, right), units in kerning.items():
        if ord(left) in names and ord(right) in names:
            record = otTables.PairValueRecord()
            record.SecondGlyph, record.Value1 = names[ord(right)], ValueRecord()
            record.Value1.XAdvance = units
            seconds.setdefault(names[ord(left)], []).append(record)
    if not seconds:
        del font["GPOS"]
        return
    pairs, lookup = otTables.PairPos(), otTables.Lookup()
    pairs.Format, pairs.ValueFormat1, pairs.ValueFormat2 = 1, 4, 0  # 4: the advance width alone
    pairs.Coverage, pairs.PairSet = otTables.Coverage(), []
    pairs.Coverage.glyphs = sorted(seconds, key=font.getGlyphID)
    for first in pairs.Coverage.glyphs:
        records = otTables.PairSet()
        records.PairValueRecord = sorted(
            seconds[first], key=lambda record: font.getGlyphID(record.SecondGlyph)
        )
        pairs.PairSet.append(records)
    lookup.LookupType, lookup.LookupFlag, lookup.SubTable = 2, 0, [pairs]
    # The feature “kern” and its scripts refer to this lookup.
    font["GPOS"].table.LookupList.Lookup = [lookup]
