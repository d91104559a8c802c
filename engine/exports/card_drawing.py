"""Draw a share card as a PNG: the title and the ribbon of a text.

resvg draws the ribbon, once for all cards with the same strands. FreeType draws each letter once a
size; HarfBuzz gives the widths. Of the rows, only those with the title are compressed for each
card. So a card takes a millisecond, and no font of the machine is used.
"""

import io
import re
import struct
import unicodedata
import zlib
from collections.abc import Iterator
from functools import cache

import uharfbuzz
from PIL import Image, ImageColor, ImageDraw, ImageFont

from engine.exports.ribbon_colours import RibbonColours
from engine.exports.share_card import HEIGHT, WIDTH, ShareCard
from engine.languages import MAIN_LANGUAGE
from engine.ribbon import PITCH, SIZE, ampersand_strands
from engine.typeface import AXES, face, tag

MARGIN = 56
# Pixels for each unit of the ribbon, whose strands then have whole pixels.
_SCALE = 0.8
# The place of the ampersand: its band runs to the left edge.
_LEFT, _TOP = WIDTH - round(SIZE[0] * _SCALE) - 24, HEIGHT - round(SIZE[1] * _SCALE) - 14
# The title is above the band of four strands, beside the ampersand.
_TEXT_WIDTH = _LEFT - MARGIN - 28
_TITLE_TOP, _TITLE_HEIGHT = 128, 368
# The rows of title and details: an accent is above the title, the band below the details.
_WORDS_TOP, _WORDS_BOTTOM = 79, 536
# Their height is a multiple of this, so that few different ends of cards are compressed.
_HEIGHT_STEP = 32
_SMALL = 30
_SIZES = (104, 92, 80, 70, 62, 54, 48, 42, 36)
_LEADING = 1.08
# Half a byte a pixel: the paper, the shades from it to the ink, and to each of up to four strands.
_INK_SHADES, _ALL_STRAND_SHADES = 7, 8
_ROW = 1 + WIDTH // 2
_PIECE = re.compile(r"(?:[^ -]|(?<=\.)-)*(?<!\.)-+|(?:[^ -]|(?<=\.)-)+ ?| ")
_HYPHENS = {"\u2010": "-", "\u2011": "-"}


# --- Words ---------------------------------------------------------------------------------------


def drawable_text(text: str) -> str:
    """Replace the characters that the face lacks; drop those without a replacement.

    A hyphen replaces U+2011, a letter the same one with an accent, Latin letters those of another
    script.
    """
    known = _characters()
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        character if character in known else _replacement(character, known)
        for character in composed
        if unicodedata.category(character) not in ("Cc", "Cf") or character.isspace()
    )


def _replacement(character: str, known: frozenset[str]) -> str:
    if character.isspace():
        return " "
    base = unicodedata.normalize("NFKD", character)[0]
    for other in (_HYPHENS.get(character, ""), base):
        if other in known:
            return other
    # A combining mark has no letter of its own.
    if unicodedata.category(character).startswith("M"):
        return ""
    from unidecode import unidecode  # noqa: PLC0415 - needed by few titles

    return "".join(letter for letter in unidecode(character) if letter in known)


@cache
def _characters() -> frozenset[str]:
    return frozenset(map(chr, face().unicodes))


@cache
def font_data() -> bytes:
    """Return the face at AXES, with the kerning and without ligatures: a glyph a character."""
    wanted = uharfbuzz.SubsetInput()
    for axis, value in AXES.items():
        wanted.pin_axis_location(face(), axis, value)
    wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING
    wanted.unicode_set.update(face().unicodes)
    wanted.layout_feature_tag_set.clear()
    wanted.layout_feature_tag_set.add(tag("kern"))
    wanted.drop_table_tag_set.add(tag("GSUB"))
    return wanted.subset(face()).blob.data


@cache
def _shaper() -> uharfbuzz.Font:
    return uharfbuzz.Font(uharfbuzz.Face(font_data()))


def _advances(text: str) -> Iterator[tuple[str, int]]:
    """Yield each character with its advance, in units of the face."""
    if not text:  # HarfBuzz then has no positions
        return
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.direction, buffer.script, buffer.language = "ltr", "Latn", MAIN_LANGUAGE
    uharfbuzz.shape(_shaper(), buffer)
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        yield text[info.cluster], position.x_advance


@cache
def text_width(text: str) -> float:
    """Return the width of a text, in em."""
    return sum(advance for _, advance in _advances(text)) / _shaper().face.upem


def break_lines(text: str, width: float, *, splits_words: bool = False) -> list[str] | None:
    """Break a text at its spaces and after its hyphens into lines no wider than `width`, in em.

    Initials such as "J.-B." stay together. Return None if a word is wider, unless it may be
    split.
    """
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and text_width((lines[-1] + piece).rstrip(" ")) > width:
            lines.append("")
        if text_width(piece.rstrip(" ")) <= width:
            lines[-1] += piece
        elif splits_words:
            lines[-1:] = _split(lines[-1] + piece, width)
        else:
            return None
    return [line.strip(" ") for line in lines]


def _split(word: str, width: float) -> list[str]:
    parts = [""]
    for letter in word:
        if text_width(parts[-1] + letter) > width:
            parts.append("")
        parts[-1] += letter
    return parts


def fit_title(title: str) -> tuple[int, list[str]]:
    """Return the greatest size of a title, in pixels, and its lines, which are about equally long.

    Words are split only if they are too wide at the smallest size. What does not fit then is left
    out.
    """
    for size in _SIZES:
        width = _TEXT_WIDTH / size
        lines = break_lines(title, width)
        if lines and len(lines) <= _most_lines(size):
            return size, _balance(title, lines, width)
    lines = break_lines(title, width, splits_words=True)
    if len(lines) > _most_lines(size):
        lines = lines[: _most_lines(size)]
        lines[-1] = f"{lines[-1][:-1].rstrip(' ')}…"
    return size, lines


def _balance(title: str, lines: list[str], width: float) -> list[str]:
    """Return the same number of lines, at the least width that needs no more."""
    for tenths in range(int(width * 10), 10, -4):
        narrower = break_lines(title, tenths / 10)
        if not narrower or len(narrower) > len(lines):
            break
        lines = narrower
    return lines


def _most_lines(size: int) -> int:
    return int(_TITLE_HEIGHT / (size * _LEADING))


# --- Pixels --------------------------------------------------------------------------------------


@cache
def _letter(character: str, size: int) -> tuple[Image.Image, int, int]:
    """Draw a letter; return it with its place, relative to the beginning of the baseline."""
    font = ImageFont.truetype(io.BytesIO(font_data()), size, layout_engine=ImageFont.Layout.BASIC)
    left, top, right, bottom = font.getbbox(character, anchor="ls")
    mask = Image.new("L", (max(1, round(right - left)), max(1, round(bottom - top))))
    ImageDraw.Draw(mask).text((-left, -top), character, fill=255, font=font, anchor="ls")
    return mask, round(left), round(top)


def _draw_line(words: Image.Image, text: str, size: int, baseline: int) -> None:
    surface = ImageDraw.Draw(words)
    place = float(MARGIN)
    for character, advance in _advances(text):
        mask, left, top = _letter(character, size)
        surface.bitmap((round(place) + left, baseline + top), mask, _INK_SHADES)
        place += advance * size / _shaper().face.upem


def ribbon_svg(colours: RibbonColours, left: int = 0) -> str:
    """Return the drawing of the ampersand; the band before it is `left` pixels long."""
    strands = ((each.strand, each.colour) for each in colours.strands)
    strokes = "".join(f".strand-{strand}{{stroke:{colour}}}" for strand, colour in strands)
    width = left + WIDTH - _LEFT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{HEIGHT}">'
        f"<style>g{{fill:none;stroke-width:20}}{strokes}.on-top{{stroke-dasharray:25}}"
        f".casing{{stroke:{colours.paper};stroke-width:25;stroke-dasharray:23 27;"
        f"stroke-dashoffset:-1}}.slits{{stroke:{colours.paper};stroke-width:12}}"
        f'.thread{{stroke-width:4}}</style><rect width="{width}" height="{HEIGHT}" '
        f'fill="{colours.paper}"/><g transform="translate({left} {_TOP}) scale({_SCALE})">'
        f"{ampersand_strands(colours.strands, band_end=-PITCH - left / _SCALE)}</g></svg>"
    )


@cache
def draw_ribbon(colours: RibbonColours) -> bytes:
    """Draw the ribbon of a card: the rows of a PNG, without filter, in the colours of `palette`."""
    import resvg_py  # noqa: PLC0415 - loaded only to draw

    # The band is the same in each column left of the ampersand: only the right part is drawn.
    png = resvg_py.svg_to_bytes(svg_string=ribbon_svg(colours), skip_system_fonts=True)
    wanted = Image.new("P", (1, 1))
    wanted.putpalette(palette(colours))
    with Image.open(io.BytesIO(bytes(png))) as drawn:
        ampersand = drawn.convert("RGB").quantize(palette=wanted, dither=Image.Dither.NONE)
    ribbon = ampersand.crop((0, 0, 1, HEIGHT)).resize((WIDTH, HEIGHT), Image.Resampling.NEAREST)
    ribbon.paste(ampersand, (_LEFT, 0))
    rows = Image.new("L", (_ROW, HEIGHT))
    rows.paste(_packed(ribbon), (1, 0))
    return rows.tobytes()


def _packed(drawn: Image.Image) -> Image.Image:
    """Return an image whose pixels are the bytes of a row: two pixels each."""
    size = (drawn.width // 2, drawn.height)
    return Image.frombytes("L", size, drawn.tobytes("raw", "P;4"))


def palette(colours: RibbonColours) -> list[int]:
    """Return the palette of a card: the paper, its shades to the ink, then to each strand."""
    paper = ImageColor.getrgb(colours.paper)
    shades = list(paper)
    strand_shades = _ALL_STRAND_SHADES // len(colours.strands)
    for colour, count in (
        (colours.ink, _INK_SHADES),
        *((strand.colour, strand_shades) for strand in colours.strands),
    ):
        for step in range(1, count + 1):
            pairs = zip(paper, ImageColor.getrgb(colour), strict=True)
            shades += [round(light + (dark - light) * step / count) for light, dark in pairs]
    return shades


class _CardBackground:
    """What the cards of a site with the same colours share: the ribbon and the site's name.

    `ribbon` is the result of `draw_ribbon` for the colours.
    """

    def __init__(self, colours: RibbonColours, ribbon: bytes, site: str):
        self._rows = Image.frombytes("L", (_ROW, HEIGHT), ribbon)
        words = Image.new("P", (_LEFT, _WORDS_TOP))
        lines = break_lines(drawable_text(site), _TEXT_WIDTH / _SMALL, splits_words=True)
        for line in lines[:1]:
            _draw_line(words, line, _SMALL, MARGIN + _SMALL // 2)
        self._rows.paste(_packed(words), (1, 0))
        begin = self._rows.crop((0, 0, _ROW, _WORDS_TOP)).tobytes()
        self._begin, self._checksum = _compress(begin), zlib.adler32(begin)
        self._head = _PNG + _chunk(b"IHDR", _IMAGE) + _chunk(b"PLTE", bytes(palette(colours)))
        self._ends: dict[int, tuple[bytes, bytes]] = {}

    def png(self, words: Image.Image) -> bytes:
        """Return the card with the rows of words from _WORDS_TOP on, an image of mode P."""
        bottom = _WORDS_TOP + words.height
        rows = self._rows.crop((0, _WORDS_TOP, _ROW, bottom))
        rows.paste(_packed(words), (1, 0))
        middle = rows.tobytes()
        if bottom not in self._ends:
            end = self._rows.crop((0, bottom, _ROW, HEIGHT)).tobytes()
            self._ends[bottom] = end, _compress(end, zlib.Z_FINISH)
        end, compressed_end = self._ends[bottom]
        checksum = zlib.adler32(end, zlib.adler32(middle, self._checksum))
        # https://www.rfc-editor.org/rfc/rfc1950#section-2.2: a header, the blocks, the checksum.
        blocks = (self._begin, _compress(middle), compressed_end)
        data = b"".join((b"\x78\x01", *blocks, struct.pack(">I", checksum)))
        return self._head + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


_PNG = b"\x89PNG\r\n\x1a\n"
# https://www.w3.org/TR/png-3/#11IHDR: four bits, of a palette; not interlaced.
_IMAGE = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 4, 3, 0, 0, 0)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _compress(rows: bytes, flush: int = zlib.Z_SYNC_FLUSH) -> bytes:
    """Return blocks of deflate that refer to no earlier block and end at a byte."""
    compressor = zlib.compressobj(1, wbits=-zlib.MAX_WBITS)
    return compressor.compress(rows) + compressor.flush(flush)


_background = cache(_CardBackground)


def draw_card(share_card: ShareCard, ribbon: bytes) -> bytes:
    """Draw a card as a PNG. `ribbon` is the result of `draw_ribbon` for its colours."""
    size, lines = fit_title(drawable_text(share_card.title))
    leading = round(size * _LEADING)
    baseline = _TITLE_TOP - _WORDS_TOP + round(size * 0.76) - 16
    details_baseline = _TITLE_TOP - _WORDS_TOP + len(lines) * leading + 30
    height = -(-(details_baseline + _SMALL // 2) // _HEIGHT_STEP) * _HEIGHT_STEP
    words = Image.new("P", (_LEFT, min(height, _WORDS_BOTTOM - _WORDS_TOP)))
    for line in lines:
        _draw_line(words, line, size, baseline)
        baseline += leading
    _draw_line(words, drawable_text(share_card.details), _SMALL, details_baseline)
    return _background(share_card.colours, ribbon, share_card.site).png(words)
