"""Make a file of the font of headings, Bricolage Grotesque, for some letters and their kerning.

HarfBuzz pins the axes of the variable font and subsets it, in milliseconds. fontTools scales the
outlines and writes WOFF2, which HarfBuzz does not support.
"""

import io
from collections.abc import Iterable

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


def make_font_file(characters: set[str], pairs: Iterable[str]) -> bytes:
    """Return the font for characters and the kerning of pairs of them, as WOFF2."""
    font = _subset_face(characters)
    _set_kerning(font, _measure_kerning(pairs))
    font.flavor = "woff2"
    file = io.BytesIO()
    font.save(file)
    return file.getvalue()


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
