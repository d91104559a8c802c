"""Characters as files hold them: composed letters, plain spaces, and none that a page refuses."""

import re
import unicodedata
from urllib.parse import unquote

# Control characters, halves of a surrogate pair and noncharacters: XML 1.0, 2.2 refuses most of
# them in a feed, and they are parse errors in a page (HTML, 13.2.3.5).
_NONCHARACTERS = "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
FORBIDDEN = re.compile(
    rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_NONCHARACTERS}]"
)
# All spaces of Unicode that are not typed by the space bar.
ODD_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_ODD_SPACE = re.compile(f"[{ODD_SPACES}]")
_BLANK_LINE = re.compile(rf"^[ \t]*[{ODD_SPACES}][ \t{ODD_SPACES}]*$", re.MULTILINE)
# What begins a heading, a list item, a quotation, and the spaces beside it.
_BLOCK_MARKER = re.compile(
    rf"^[ {ODD_SPACES}]*(?:(?:#{{1,6}}|[-*+>]|[0-9]{{1,9}}[.)])[ {ODD_SPACES}]+)+(?=\S)",
    re.MULTILINE,
)


def decode_text(data: bytes) -> str:
    """The text of a file: letters composed (NFC), lines ended by "\\n" alone.

    macOS and some editors write "é" as "e" and an accent, which no rule of typography, dictionary
    or name of a file would know. Raises UnicodeDecodeError.
    """
    text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text)


def holds_forbidden(text: str) -> bool:
    """Whether a text holds a character that matches FORBIDDEN."""
    # All of these are unprintable, which is told ten times faster than the search takes.
    return not text.replace("\n", "").isprintable() and bool(FORBIDDEN.search(text))


def compose_letters(name: str) -> str:
    """A name with composed letters (NFC), the one form in which names are compared."""
    return unicodedata.normalize("NFC", name)


def decode_address(address: str) -> str:
    """Decode percent-encoding, and compose letters: `%C3%A9t%C3%A9.jpg` is `été.jpg`."""
    return compose_letters(unquote(address))


def with_plain_spaces(body: str) -> str:
    """A body in which no odd space hides a block from Markdown.

    A keyboard that gives a no-break space after `#`, `-` or `1.`, or in an empty line, looks right
    and is none of them to CommonMark (2.1, "space"). No line is added or removed.
    """
    if not _ODD_SPACE.search(body):
        return body
    body = _BLANK_LINE.sub("", body)
    return _BLOCK_MARKER.sub(lambda marker: _ODD_SPACE.sub(" ", marker[0]), body)
