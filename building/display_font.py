"""The headings' font: Bricolage Grotesque, cut to the letters and the kerning that headings use.

It is cut in two steps, and a cache folder keeps the result of each: the variable font is fixed at
one point of its axes (slow, the same for any words), then its letters are picked (quick). What is
in the cache was made from the same font file, by the same code and libraries. fontTools is imported
where something must be made, not before: a build with the words of the last one does without.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import tempfile
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache as remember
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import fontpkg_bricolage_grotesque as face

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont
    from fontTools.ttLib.tables.otTables import Lookup

# Optical size in points, width in % of the normal one, weight.
AXES = {"opsz": 60, "wdth": 84, "wght": 700}
UNITS_PER_EM = 500
# Below this, in units, kerning cannot be seen: a third of a pixel in a heading of 40 px.
LEAST_KERNING = 4
# Enough for the texts of the site and of a preview, so that a cache does not grow for ever.
_KEPT = 20
_CHECKSUM_BYTES = 32

# Always there, whatever the words: the commonest letters of French, and what templates and style
# sheets set without a text that says so (years, numbers of pages, “Français”, a list's + and –).
ALWAYS = "0123456789+–- abcdefghijlmnopqrstuvxyzàçèéô’"


@dataclass(frozen=True)
class DisplayFont:
    """A font file: its bytes (woff2), 12 hexadecimal digits of their SHA-256, and its name."""

    data: bytes
    digest: str
    file_name: str


def subset(words: Iterable[str], cache: Path) -> DisplayFont:
    """The font for these words or headings; their order and number do not matter.

    It has every letter of ALWAYS and of the words that the face has, and the kerning of every two
    neighbours in the words. `cache` is a folder, made where there is none; several builds may share
    it. Raises OSError where it cannot be read or written.
    """
    texts = {_drawn(word) for word in words}
    characters = "".join(sorted(set(ALWAYS).union(*texts)))
    pairs = sorted({left + right for text in texts for left, right in pairwise(text)})
    key = hashlib.sha256(json.dumps([_recipe(), characters, pairs]).encode()).hexdigest()
    data = _kept(cache, "letters", key, lambda: _cut(_fixed(cache), characters, pairs))
    digest = hashlib.sha256(data).hexdigest()[:12]
    return DisplayFont(data, digest, f"bricolage-{digest}.woff2")


def missing(words: Iterable[str]) -> set[str]:
    """The characters of the words that the face lacks: the browser takes them from another font."""
    wanted = set().union(*map(_drawn, words)) - set(ALWAYS)
    return wanted - _face_characters() if wanted else set()


def licence_text() -> str:
    """The licence of the face, the SIL Open Font License: it must go wherever the font goes."""
    return (face.ROOT / "LICENSE").read_text(encoding="utf-8")


def _drawn(text: str) -> str:
    """The text as a font sees it: composed, without what has no shape, a space for line ends."""
    shapeless = ("Cc", "Cf")
    composed = unicodedata.normalize("NFC", text)
    spaced = (" " if character in "\t\n\r" else character for character in composed)
    return "".join(
        character
        for character in spaced
        if unicodedata.category(character) not in shapeless
        and not "\ufe00" <= character <= "\ufe0f"  # only choose between shapes of an emoji
    )


def _face_file() -> Path:
    (path,) = (face.ROOT / "files").glob("*.ttf")
    return path


@remember
def _face_characters() -> frozenset[str]:
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    with TTFont(_face_file(), lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


@remember
def _recipe() -> str:
    """A digest of all that decides the bytes besides the words."""
    digest = hashlib.sha256()
    for path in (_face_file(), Path(__file__)):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    digest.update(f"fonttools {version('fonttools')}, brotli {version('brotli')}".encode())
    return digest.hexdigest()


def _kept(cache: Path, kind: str, key: str, make: Callable[[], bytes]) -> bytes:
    """The bytes under `key`, made where the cache lacks them or where their checksum is wrong."""
    path = cache / f"{kind}-{key}"
    if path.is_file():
        stored = path.read_bytes()
        checksum, data = stored[:_CHECKSUM_BYTES], stored[_CHECKSUM_BYTES:]
        if hashlib.sha256(data).digest() == checksum:
            return data
    data = make()
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=cache, prefix=f"{kind}-", delete=False) as new:
        new.write(hashlib.sha256(data).digest() + data)
    Path(new.name).replace(path)
    _forget_oldest(cache, kind)
    return data


def _forget_oldest(cache: Path, kind: str) -> None:
    """Keep the newest files of a kind only; another build may do the same at the same time."""
    ages = []
    for path in cache.glob(f"{kind}-*"):
        with contextlib.suppress(FileNotFoundError):
            ages.append((path.stat().st_mtime_ns, path))
    for _age, path in sorted(ages, reverse=True)[_KEPT:]:
        path.unlink(missing_ok=True)


def _fixed(cache: Path) -> bytes:
    """The face at one point of its axes: all its letters, all its kerning, no other feature."""
    return _kept(cache, "fixed", _recipe(), _fix)


def _fix() -> bytes:
    from fontTools.subset import Options, Subsetter  # noqa: PLC0415
    from fontTools.ttLib import TTFont  # noqa: PLC0415
    from fontTools.ttLib.scaleUpem import scale_upem  # noqa: PLC0415
    from fontTools.varLib.instancer import instantiateVariableFont  # noqa: PLC0415

    # The face's own time of change stays: a new one would be other bytes at each build.
    font = TTFont(_face_file(), recalcTimestamp=False)
    instantiateVariableFont(font, AXES, inplace=True)
    options = Options(layout_features=["kern"], hinting=False, name_IDs=[], notdef_outline=False)
    options.drop_tables += ["STAT", "GDEF", "GSUB", "gasp", "prep"]
    picker = Subsetter(options)
    picker.populate(unicodes=font.getBestCmap())
    picker.subset(font)
    scale_upem(font, UNITS_PER_EM)
    return _saved(font)


def _cut(fixed: bytes, characters: str, pairs: Iterable[str]) -> bytes:
    from fontTools.otlLib.builder import buildLookup, buildPairPosGlyphs  # noqa: PLC0415
    from fontTools.subset import Options, Subsetter  # noqa: PLC0415
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    font = TTFont(io.BytesIO(fixed), recalcTimestamp=False, lazy=True)
    if kerning := _kerning(font, pairs):
        # The feature “kern” and its scripts stay as they are; what it looks up is made anew.
        tables = buildPairPosGlyphs(kerning, font.getReverseGlyphMap())
        font["GPOS"].table.LookupList.Lookup = [buildLookup(tables)]
    else:
        del font["GPOS"]
    picker = Subsetter(Options(layout_features=["kern"], name_IDs=[], notdef_outline=False))
    picker.populate(text=characters)
    picker.subset(font)
    return _saved(font, "woff2")


def _kerning(font: TTFont, pairs: Iterable[str]) -> dict[tuple[str, str], tuple]:
    """Glyph names of the pairs that are visibly kerned -> the values of the first and second."""
    from fontTools.otlLib.builder import buildValue  # noqa: PLC0415

    names = font.getBestCmap()
    lookups = font["GPOS"].table.LookupList.Lookup
    kerning = {}
    for left, right in pairs:
        pair = names.get(ord(left)), names.get(ord(right))
        if None in pair:
            continue
        units = sum(_advance(lookup, *pair) for lookup in lookups)
        if abs(units) >= LEAST_KERNING:
            kerning[pair] = buildValue({"XAdvance": units}), None
    return kerning


def _advance(lookup: Lookup, left: str, right: str) -> int:
    """Units that a lookup adds between two glyphs: its first subtable that knows them decides."""
    for subtable in lookup.SubTable:
        table = getattr(subtable, "ExtSubTable", subtable)
        if left not in table.Coverage.glyphs:
            continue
        if table.Format == 1:
            rules = table.PairSet[table.Coverage.glyphs.index(left)].PairValueRecord
            found = next((rule for rule in rules if rule.SecondGlyph == right), None)
        else:
            row = table.Class1Record[table.ClassDef1.classDefs.get(left, 0)].Class2Record
            found = row[table.ClassDef2.classDefs.get(right, 0)]
        if found:
            return getattr(found.Value1, "XAdvance", 0)
    return 0


def _saved(font: TTFont, flavor: str | None = None) -> bytes:
    font.flavor = flavor
    file = io.BytesIO()
    font.save(file)
    return file.getvalue()
