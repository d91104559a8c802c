"""Refuse the conflict markers of git: git-merge(1), “How conflicts are presented”."""

import re

from engine.faults import Message
from engine.markdown.markdown_text import parse_body
from engine.texts import headers

_MARK = re.compile(r"^(?:<{7} |>{7} |\|{7} |={7}[ \t]*$)", re.MULTILINE)


def refuse_conflict_marks(text: str, lang: str) -> None:
    """Raise HeaderError at the first conflict marker of a file, outside code blocks.

    A heading may be underlined by seven `=`: such a line is a marker only if there are others.
    """
    if not _MARK.search(text):
        return
    try:
        _header, body, body_line = headers.split_header(text)
    except headers.HeaderError:
        body, body_line = "", text.count("\n") + 2
    code, underlines = set(), set()
    for token in parse_body(body, lang):
        if token.map and token.type == "fence":
            code |= set(range(body_line + token.map[0], body_line + token.map[1]))
        elif token.map and token.type == "heading_open" and token.markup == "=":
            underlines.add(body_line + token.map[1] - 1)
    lines = enumerate(text.split("\n"), start=1)
    marks = {number: line for number, line in lines if _MARK.match(line) and number not in code}
    if all(
        line[0] == "=" and (number in underlines or number < body_line)
        for number, line in marks.items()
    ):
        return
    number, line = next(iter(marks.items()))
    problem = Message("“{mark}” marks two versions that git could not join", mark=line[:7])
    remedy = Message(
        "keep the right lines and remove those that begin with <<<<<<<, ======= or >>>>>>>"
    )
    raise headers.HeaderError(number, problem, remedy, "conflict-mark")
