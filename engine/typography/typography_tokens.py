"""Apply typography to the tokens of the parser, across the marks of a body.

A quote may open before *emphasis* and close inside it; punctuation may follow a link. So the words
of all tokens form one text for each language, with OBJECT for code, images and other languages.
"""

import re

from markdown_it.token import Token

from engine.typography.typography import typeset_together
from engine.typography.typography_rules import OBJECT

_LINE_END, _PARAGRAPH_END = "\u2028", "\u2029"
_AS_TEXT = {
    "softbreak": "\n",
    "hardbreak": _LINE_END,
    "figcaption_open": _LINE_END,
    # Tags of a block of raw HTML.
    "html_line_end": _LINE_END,
    "html_block_end": _PARAGRAPH_END,
    "code_inline": OBJECT,
    "image": OBJECT,
}
# Words between these tags of raw HTML are code too.
_CODE_TAG = re.compile(r"<(/?)(?:code|kbd|math|pre|samp|var)\b", re.IGNORECASE)


class Words:
    """The words of a body, collected token by token, then typeset together."""

    def __init__(self) -> None:
        self._tokens: list[Token | None] = []
        self._languages: list[str] = []
        self._pieces: list[str] = []
        self._open_code_tags = 0

    def add(self, token: Token, lang: str) -> None:
        """Add an inline token with the language of its words, before a step changes its type."""
        if token.type == "text":
            piece = OBJECT if self._open_code_tags else token.content
        else:
            if token.type.startswith("html_"):
                for closing in _CODE_TAG.findall(token.content):
                    self._open_code_tags = max(0, self._open_code_tags + (-1 if closing else 1))
            piece = _AS_TEXT.get(token.type, "")
        if piece:
            self._append(token, lang, piece)

    def end_block(self) -> None:
        """End a block: quotes and code tags never extend beyond it."""
        self._open_code_tags = 0
        self._append(None, "", _PARAGRAPH_END)

    def _append(self, token: Token | None, lang: str, piece: str) -> None:
        self._tokens.append(token)
        self._languages.append(lang)
        self._pieces.append(piece)

    def typeset(self) -> None:
        """Write the result into the tokens; a line end may become a no-break space."""
        for lang in set(self._languages) - {""}:
            pieces = zip(self._pieces, self._languages, strict=True)
            typed = [piece if own == lang else _foreign(piece) for piece, own in pieces]
            for number, piece in enumerate(typeset_together(typed, lang)):
                token = self._tokens[number]
                if piece != typed[number] and token and self._languages[number] == lang:
                    token.type, token.content = "text", piece


def _foreign(piece: str) -> str:
    """Replace words of another language by OBJECT; keep the spaces around them."""
    words = piece.strip()
    return piece.replace(words, OBJECT) if words else piece
