"""Draw a share card as a PNG: the title and the ribbon of a text.

resvg draws the ribbon, once for all cards with the same strands. FreeType draws each letter once a
size; HarfBuzz gives the widths. So a card takes some milliseconds, and no font of the machine is
used.
"""

import io
import re
import unicodedata
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
_TITLE_TOP, _TITLE_HEIGHT = 128, 392
_SMALL = 30
_SIZES = (104, 92, 80, 70, 62, 54, 48, 42, 36)
_LEADING = 1.08
# Shades between the paper and a colour: with one strand, the palette has 16 entries, half a byte.
_INK_SHADES, _STRAND_SHADES = 8, 7
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

    Returns None if a word is wider, unless it may be split.
    """
    lines = [""]
    for piece in re.findall(r"[^ -]*-+|[^ -]+ ?| ", text):
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


def _draw_line(card: Image.Image, text: str, size: int, baseline: int) -> None:
    place = float(MARGIN)
    for character, advance in _advances(text):
        mask, left, top = _letter(character, size)
        card.paste(_INK_SHADES, (round(place) + left, baseline + top), mask)
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


def draw_ribbon(colours: RibbonColours) -> bytes:
    """Draw the ribbon of a card, as WIDTH × HEIGHT bytes: the numbers of colours of `palette`."""
    import resvg_py  # noqa: PLC0415 - loaded only to draw

    # The band is the same in each column left of the ampersand: only the right part is drawn.
    png = resvg_py.svg_to_bytes(svg_string=ribbon_svg(colours), skip_system_fonts=True)
    wanted = Image.new("P", (1, 1))
    wanted.putpalette(palette(colours))
    with Image.open(io.BytesIO(bytes(png))) as drawn:
        ampersand = drawn.convert("RGB").quantize(palette=wanted, dither=Image.Dither.NONE)
    ribbon = ampersand.crop((0, 0, 1, HEIGHT)).resize((WIDTH, HEIGHT), Image.Resampling.NEAREST)
    ribbon.paste(ampersand, (_LEFT, 0))
    return ribbon.tobytes()


def palette(colours: RibbonColours) -> list[int]:
    """Return the palette of a card: the paper, its shades to the ink, then to each strand."""
    paper = ImageColor.getrgb(colours.paper)
    shades = list(paper)
    for colour, count in (
        (colours.ink, _INK_SHADES),
        *((strand.colour, _STRAND_SHADES) for strand in colours.strands),
    ):
        for step in range(1, count + 1):
            pairs = zip(paper, ImageColor.getrgb(colour), strict=True)
            shades += [round(light + (dark - light) * step / count) for light, dark in pairs]
    return shades


def draw_card(share_card: ShareCard, ribbon: bytes) -> bytes:
    """Draw a card as a PNG. `ribbon` is the result of `draw_ribbon` for its colours."""
    card = Image.frombytes("L", (WIDTH, HEIGHT), ribbon)
    size, lines = fit_title(drawable_text(share_card.title))
    site = drawable_text(share_card.site)
    baseline = MARGIN + _SMALL // 2
    for line in break_lines(site, _TEXT_WIDTH / _SMALL, splits_words=True)[:1]:
        _draw_line(card, line, _SMALL, baseline)
    baseline = _TITLE_TOP + round(size * 0.76) - 16
    for line in lines:
        _draw_line(card, line, size, baseline)
        baseline += round(size * _LEADING)
    _draw_line(
        card, drawable_text(share_card.details), _SMALL, baseline - round(size * 0.76) + 24 + 22
    )
    card.putpalette(palette(share_card.colours))
    file = io.BytesIO()
    card.save(file, "PNG")
    return file.getvalue()
