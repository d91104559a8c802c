"""The headings' font: Bricolage Grotesque, subset to the letters and the kerning that headings use.

HarfBuzz pins the axes of the variable font and picks the letters, in milliseconds; fontTools scales
the outlines and packs the font as WOFF2, which HarfBuzz cannot do.
"""

import hashlib
import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache as remember
from itertools import pairwise

import fontpkg_bricolage_grotesque as face
import uharfbuzz
from fontTools.misc.roundTools import otRound
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables.otBase import ValueRecord

# Optical size in points, width in % of the normal one, weight.
AXES = {"opsz": 60, "wdth": 84, "wght": 700}
UNITS_PER_EM = 500
# Below this, in units, kerning cannot be seen: a third of a pixel in a heading of 40 px.
MIN_KERNING = 4
# Tables that a browser does not need for one instance without ligatures and hinting. GDEF stays
# until the axes are pinned: it holds the variations of the kerning.
_UNUSED_TABLES = ("GSUB", "STAT", "gasp", "prep")
# The lengths of a font beside those of its letters, by their table, as the OpenType standard says.
_LENGTHS = {
    "hhea": "ascent descent lineGap",
    "post": "underlinePosition underlineThickness",
    "OS/2": "xAvgCharWidth ySubscriptXSize ySubscriptYSize ySubscriptXOffset ySubscriptYOffset "
    "ySuperscriptXSize ySuperscriptYSize ySuperscriptXOffset ySuperscriptYOffset yStrikeoutSize "
    "yStrikeoutPosition sTypoAscender sTypoDescender sTypoLineGap usWinAscent usWinDescent "
    "sxHeight sCapHeight",
}

# Always there, whatever the words: the commonest letters of French, and what templates and style
# sheets set without a text that says so (years, numbers of pages, “Français”, a list's + and –).
ALWAYS = "0123456789+–- abcdefghijlmnopqrstuvxyzàçèéô’"


@dataclass(frozen=True)
class DisplayFont:
    """A font file: its bytes (woff2), 12 hexadecimal digits of their SHA-256, and its name."""

    data: bytes
    digest: str
    file_name: str


def subset(words: Iterable[str]) -> DisplayFont:
    """The font for these words or headings; their order and number do not matter.

    It has every letter of ALWAYS and of the words that the face has, and the kerning of every two
    neighbours in the words.
    """
    texts = {_drawn(word) for word in words}
    characters = set(ALWAYS).union(*texts)
    pairs = sorted({left + right for text in texts for left, right in pairwise(text)})
    font = _instance(characters)
    _set_kerning(font, _kerning(pairs))
    font.flavor = "woff2"
    file = io.BytesIO()
    font.save(file)
    digest = hashlib.sha256(file.getvalue()).hexdigest()[:12]
    return DisplayFont(file.getvalue(), digest, f"bricolage-{digest}.woff2")


def licence_text() -> str:
    """The licence of the face, the SIL Open Font License: it must go wherever the font goes."""
    return (face.ROOT / "LICENSE").read_text(encoding="utf-8")


class _Drawn(dict):
    """Code point -> what a font sees of it, for `str.translate`: a space for line ends."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        # The last of these only choose between shapes of an emoji.
        if character in "\t\n\r":
            drawn = " "
        elif unicodedata.category(character) in ("Cc", "Cf") or "\ufe00" <= character <= "\ufe0f":
            drawn = ""
        else:
            drawn = character
        self[code] = drawn
        return drawn


_DRAWN = _Drawn()


def _drawn(text: str) -> str:
    """The text as a font sees it: composed, without what has no shape, a space for line ends."""
    return unicodedata.normalize("NFC", text).translate(_DRAWN)


@remember
def _face() -> uharfbuzz.Face:
    (path,) = (face.ROOT / "files").glob("*.ttf")
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))


def _instance(characters: set[str]) -> TTFont:
    """The letters of the face at one point of its axes, with the feature “kern” and no other."""
    wanted = uharfbuzz.SubsetInput()
    for axis, value in AXES.items():
        wanted.pin_axis_location(_face(), axis, value)
    wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING
    wanted.unicode_set.update(map(ord, characters))
    wanted.layout_feature_tag_set.clear()
    wanted.layout_feature_tag_set.add(_tag("kern"))
    wanted.name_id_set.clear()
    wanted.drop_table_tag_set.update(map(_tag, _UNUSED_TABLES))
    data = wanted.subset(_face()).blob.data
    # The face's own time of change stays: a new one would be other bytes at each build.
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    del font["GDEF"]
    _scale(font)
    return font


def _scale(font: TTFont) -> None:
    """Bring a font to UNITS_PER_EM; fontTools' own function loads code for every kind of font."""
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
    for tag, names in _LENGTHS.items():
        for name in names.split():
            setattr(font[tag], name, otRound(getattr(font[tag], name) * factor))


def _tag(name: str) -> int:
    return int.from_bytes(name.encode("ascii"), "big")


def _kerning(pairs: Iterable[str]) -> dict[str, int]:
    """Pairs of letters that are visibly kerned -> the units that are added between them."""
    font = uharfbuzz.Font(_face())
    font.set_variations(AXES)
    kerning = {}
    for pair in pairs:
        plain, kerned = (_advance(font, pair, with_kerning) for with_kerning in (False, True))
        units = otRound((kerned - plain) * UNITS_PER_EM / _face().upem)
        if abs(units) >= MIN_KERNING:
            kerning[pair] = units
    return kerning


def _advance(font: uharfbuzz.Font, pair: str, with_kerning: bool) -> int:
    """The advance width of the first of two letters, in units of the face."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(pair)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer, {"kern": with_kerning, "liga": False, "calt": False})
    return buffer.glyph_positions[0].x_advance


def _set_kerning(font: TTFont, kerning: dict[str, int]) -> None:
    """Put the kerning of pairs in place of the font's own."""
    names = font.getBestCmap()
    seconds: dict[str, list] = {}
    # A letter that the face lacks is not in the font either.
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
    # The feature “kern” and its scripts stay as they are; what it looks up is made anew.
    font["GPOS"].table.LookupList.Lookup = [lookup]
