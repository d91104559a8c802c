"""Subset the font of headings, Bricolage Grotesque, to the letters and the kerning they use."""

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import fontpkg_bricolage_grotesque as package

# Characters in every subset: the most common letters of French, and those of templates and style
# sheets (years, page numbers, “Français”, the + and – of a list).
BASE_CHARACTERS = "0123456789+–- abcdefghijlmnopqrstuvxyzàçèéô’"


@dataclass(frozen=True)
class DisplayFont:
    """A font file: its bytes (woff2), 12 hexadecimal digits of their SHA-256, and its name.

    `letters` are the characters and the pairs of characters that it is made for.
    """

    data: bytes
    digest: str
    file_name: str
    letters: frozenset[str]


def subset(words: Iterable[str], previous: DisplayFont | None = None) -> DisplayFont:
    """Subset the font for words; their order and number do not matter.

    The subset has BASE_CHARACTERS, the letters of the words, and the kerning of each adjacent pair.
    If `previous` has the same, it is returned.
    """
    texts = {_visible_text(word) for word in words}
    characters = set(BASE_CHARACTERS).union(*texts)
    pairs = sorted({left + right for text in texts for left, right in pairwise(text)})
    letters = characters.union(pairs)
    if previous and previous.letters == letters:
        return previous
    # What makes the file takes longer to load than it takes to make it.
    from engine.building.font_file import make_font_file  # noqa: PLC0415

    data = make_font_file(characters, pairs)
    digest = hashlib.sha256(data).hexdigest()[:12]
    return DisplayFont(data, digest, f"bricolage-{digest}.woff2", frozenset(letters))


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


def licence_text() -> str:
    """Return the SIL Open Font License, which must be distributed with the font."""
    return (package.ROOT / "LICENSE").read_text(encoding="utf-8")
