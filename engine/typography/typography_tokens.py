"""Typography over the parser's tokens: the words of a body are set together, whatever marks them.

A quote may open before *emphasis* and close in it, and a sign follows a link: so the words of all
tokens make one text a language, in which code, images and words of another language are objects.
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
    "code_inline": OBJECT,
    "image": OBJECT,
}
# Words between such tags, typed as HTML, are code too.
_CODE_TAG = re.compile(r"<(/?)(?:code|kbd|pre|samp|var)\b", re.IGNORECASE)


class Words:
    """The words of a body, gathered token by token and then set."""

    def __init__(self) -> None:
        self._tokens: list[Token | None] = []
        self._languages: list[str] = []
        self._pieces: list[str] = []
        self._open_code_tags = 0

    def add(self, token: Token, lang: str) -> None:
        """Take an inline token whose words are of a language, before any step changes its type."""
        if token.type == "text":
            piece = OBJECT if self._open_code_tags else token.content
        elif token.type == "html_inline":
            for closing in _CODE_TAG.findall(token.content):
                self._open_code_tags = max(0, self._open_code_tags + (-1 if closing else 1))
            return
        elif not (piece := _AS_TEXT.get(token.type, "")):
            return
        self._append(token, lang, piece)

    def end_block(self) -> None:
        """Nothing that opened in this block closes in another."""
        self._open_code_tags = 0
        self._append(None, "", _PARAGRAPH_END)

    def _append(self, token: Token | None, lang: str, piece: str) -> None:
        self._tokens.append(token)
        self._languages.append(lang)
        self._pieces.append(piece)

    def typeset(self) -> None:
        """Put what is printed into the tokens; a line's end may become a no-break space."""
        for lang in set(self._languages) - {""}:
            pieces = zip(self._pieces, self._languages, strict=True)
            typed = [piece if own == lang else _foreign(piece) for piece, own in pieces]
            for number, piece in enumerate(typeset_together(typed, lang)):
                token = self._tokens[number]
                if piece != typed[number] and token and self._languages[number] == lang:
                    token.type, token.content = "text", piece


def _foreign(piece: str) -> str:
    """What words of another language are to a text: an object between their outer spaces."""
    words = piece.strip()
    return piece.replace(words, OBJECT) if words else piece
