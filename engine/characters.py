"""Normalise the characters of files: composed letters, plain spaces, no forbidden character."""

import re
import unicodedata
from urllib.parse import unquote

# Control characters, lone surrogates and noncharacters: XML 1.0, 2.2 forbids most of them in a
# feed, and they are parse errors in a page (HTML, 13.2.3.5).
_NONCHARACTERS = "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
FORBIDDEN = re.compile(
    rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_NONCHARACTERS}]"
)
# Unicode's category Zs without U+0020.
ODD_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_ODD_SPACE = re.compile(f"[{ODD_SPACES}]")
_BLANK_LINE = re.compile(rf"^[ \t]*[{ODD_SPACES}][ \t{ODD_SPACES}]*$", re.MULTILINE)
# The marker of a heading, a list item or a quotation, and the spaces around it.
_BLOCK_MARKER = re.compile(
    rf"^[ {ODD_SPACES}]*(?:(?:#{{1,6}}|[-*+>]|[0-9]{{1,9}}[.)])[ {ODD_SPACES}]+)+(?=\S)",
    re.MULTILINE,
)


def decode_text(data: bytes) -> str:
    """Decode the text of a file: letters composed (NFC), line ends "\\n".

    macOS and some editors write "é" as "e" and a combining accent: no typographic rule, dictionary
    or file name matches that form. Raises UnicodeDecodeError.
    """
    text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text)


def holds_forbidden(text: str) -> bool:
    """Whether a text holds a character that matches FORBIDDEN."""
    # All of these are unprintable, which is told ten times faster than the search takes.
    return not text.replace("\n", "").isprintable() and bool(FORBIDDEN.search(text))


def compose_letters(name: str) -> str:
    """Compose the letters of a name (NFC): names are compared in this form only."""
    return unicodedata.normalize("NFC", name)


def decode_address(address: str) -> str:
    """Decode percent-encoding and compose letters: `%C3%A9t%C3%A9.jpg` becomes `été.jpg`."""
    return compose_letters(unquote(address))


def with_plain_spaces(body: str) -> str:
    """Replace the odd spaces that hide a block from Markdown; the number of lines is unchanged.

    A no-break space after `#`, `-` or `1.`, or in an empty line, looks like a space, but is none in
    CommonMark (2.1, "space").
    """
    if not _ODD_SPACE.search(body):
        return body
    body = _BLANK_LINE.sub("", body)
    return _BLOCK_MARKER.sub(lambda marker: _ODD_SPACE.sub(" ", marker[0]), body)
