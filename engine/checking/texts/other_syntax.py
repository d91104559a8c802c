"""Find Markdown extensions of other programs, which this site prints as text."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.faults import Message
from engine.markdown import videos

_ADDRESS = r"(?:https?://|mailto:|tel:|\.{0,2}/)[^\s()\[\]]*|[^\s()\[\]]+\.(?:md|pdf|html?)"
# [words(address), [words] (address) and (words)[address]; each has two groups.
BROKEN_LINK = re.compile(
    rf"\[([^\[\]()]+)\(({_ADDRESS})\)(?!\])"
    rf"|\[([^\[\]]+)\]\s+\(({_ADDRESS})\)"
    rf"|\(([^()]+)\)\[({_ADDRESS})\]",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(
    r"\*\*[^*\s][^*\n]*\*\*|\[[^\]\n]+\]\([^)\s]+\)|^(?:#{2,6}|[-*]) \S.*", re.MULTILINE
)
# Parts of HTML in which Markdown is meant as text: comments, code, tags.
_NO_MARKDOWN = re.compile(
    r"<!--.*?-->|<(pre|code|kbd|samp)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE
)
_SHORT_CODES = "gallery|caption|embed|youtube|vimeo|audio|video|playlist|contact-form-7"


@dataclass(frozen=True)
class Syntax:
    """A syntax of another program: its pattern, the problem and the remedy.

    `problem` takes the matched text, `remedy` the match of `pattern`.
    """

    pattern: re.Pattern
    problem: Callable[[str], Message]
    remedy: Callable[[re.Match], Message]


def _syntax(
    pattern: str | re.Pattern,
    problem: Callable[[str], Message],
    remedy: Callable[[re.Match], Message],
) -> Syntax:
    return Syntax(re.compile(pattern), problem, remedy)


def _link(match: re.Match) -> Message:
    words, address = (group for group in match.groups() if group)
    return Message("write [{words}]({address})", words=words, address=address)


def _video(match: re.Match) -> Message:
    site = "https://www.youtube.com/watch?v=" if match[1] == "youtube" else "https://vimeo.com/"
    return Message("write {video}", video=videos.markdown_example(site + match[2]))


def _short_code(match: re.Match) -> Message:
    if match[1] not in ("gallery", "caption"):
        return Message("remove it, and write what it showed")
    return Message("remove it, and show each image: ![What one sees](/images/…)")


def _wiki_link(found: str) -> Message:
    return Message("a link of a wiki, “{found}”, is printed as it stands", found=found)


def _space_inside(found: str) -> Message:
    return Message("a mark with a space inside, “{found}”, is printed as it stands", found=found)


# Of two that overlap, the one that comes first here is reported.
SYNTAXES = (
    _syntax(
        r"^\[ \] (.*)",
        lambda found: Message("a task list, “{found}”, is printed as it stands", found=found),
        lambda match: Message("write - ☐ {words}", words=match[1]),
    ),
    _syntax(
        r"^\[[xX]\] (.*)",
        lambda found: Message("a task list, “{found}”, is printed as it stands", found=found),
        lambda match: Message("write - ☑ {words}", words=match[1]),
    ),
    _syntax(
        r"^\[!(\w+)\]",
        lambda found: Message("a box of GitHub, “{found}”, is printed as it stands", found=found),
        lambda match: Message("write > **{kind}** and the words after it", kind=match[1]),
    ),
    _syntax(
        r"^(?:!!!|\?\?\?)\+? (\w+)",
        lambda found: Message("a box, “{found}”, is printed as it stands", found=found),
        lambda match: Message("write > **{kind}** and > before each line of it", kind=match[1]),
    ),
    _syntax(
        r"^\*\[([^\]]+)\]:\s*(.*\S)",
        lambda found: Message("an abbreviation, “{found}”, is printed as it stands", found=found),
        lambda match: Message(
            'write <abbr title="{meaning}">{letters}</abbr> where the word stands',
            meaning=match[2],
            letters=match[1],
        ),
    ),
    _syntax(
        r"(?i)^\[\[?_?toc_?\]\]?",
        lambda found: Message(
            "a table of contents, “{found}”, is printed as it stands", found=found
        ),
        lambda _match: Message("remove it: the pages of this site have none"),
    ),
    _syntax(
        r"!\[\[([^\]|]+)",
        lambda found: Message(
            "an image of Obsidian, “{found}”, is printed as it stands", found=found
        ),
        lambda match: Message("write ![What one sees](/images/{file})", file=match[1]),
    ),
    _syntax(
        r"\[\[([^\]|]+)\|([^\]]+)\]\]",
        _wiki_link,
        lambda match: Message(
            "write [{words}](nom-du-texte.md), with the name of its file", words=match[2]
        ),
    ),
    _syntax(
        r"\[\[([^\]|]+)\]\]",
        _wiki_link,
        lambda match: Message(
            "write [{words}](nom-du-texte.md), with the name of its file", words=match[1]
        ),
    ),
    _syntax(
        r"\{\{[<%] *(youtube|vimeo) +([\w-]+)",
        lambda found: Message("a short code, “{found}”, is printed as it stands", found=found),
        _video,
    ),
    _syntax(
        r"\{\{|\{%",
        lambda found: Message(
            "a command of another program, “{found}”, is printed as it stands", found=found
        ),
        lambda _match: Message("remove it, and write the words or the image that it stood for"),
    ),
    _syntax(
        rf"\[/?({_SHORT_CODES})\b[^\]]*\](?:.*?\[/\1\])?",
        lambda found: Message(
            "a short code of WordPress, “{found}”, is printed as it stands", found=found
        ),
        _short_code,
    ),
    _syntax(
        r"^(#{2,6})([^\s#].*)",
        lambda found: Message(
            "a heading without its space, “{found}”, is printed as it stands", found=found
        ),
        lambda match: Message("write {marks} {words}", marks=match[1], words=match[2]),
    ),
    _syntax(
        # "\uf0b7" is the bullet of Word's font Symbol.
        r"^(?:[•◦▪‣●○■\uf0b7]\s*|·\s+)(.*)",
        lambda found: Message(
            "a list of a word processor, “{found}”, is printed as it stands", found=found
        ),
        lambda match: Message("write - {words}", words=match[1]),
    ),
    _syntax(
        BROKEN_LINK,
        lambda found: Message(
            "a link whose brackets are not in their places, “{found}”, is printed as it stands",
            found=found,
        ),
        _link,
    ),
    _syntax(
        r"\*\*(?:\s+([^*\n]*?\S)\s*|([^*\s][^*\n]*?)\s+)\*\*(?!\*)",
        _space_inside,
        lambda match: Message("write **{words}**", words=match[1] or match[2]),
    ),
    _syntax(
        r"(?<!\S)\*([^*\s][^*\n]*?)\s+\*(?!\S)",
        _space_inside,
        lambda match: Message("write *{words}*", words=match[1]),
    ),
    _syntax(
        r"==([^=\s][^=]*)==",
        lambda found: Message("a highlight, “{found}”, is printed as it stands", found=found),
        lambda match: Message("write <mark>{words}</mark>", words=match[1]),
    ),
    _syntax(
        r"(\w)~(\w{1,3})~",
        lambda found: Message("a subscript, “{found}”, is printed as it stands", found=found),
        lambda match: Message("write {before}<sub>{low}</sub>", before=match[1], low=match[2]),
    ),
    _syntax(
        r"(\w+)\^(\w{1,4})\^",
        lambda found: Message("a superscript, “{found}”, is printed as it stands", found=found),
        lambda match: Message("write {before}<sup>{high}</sup>", before=match[1], high=match[2]),
    ),
    _syntax(
        r"^\|.*\|\s*$",
        lambda found: Message("a row of no table, “{found}”, is printed as it stands", found=found),
        lambda _match: Message("put a line such as |---|---| under the heads, with as many cells"),
    ),
    _syntax(
        r"\[(b|i|u|s)\](.*?)\[/\1\]",
        lambda found: Message("a mark of a forum, “{found}”, is printed as it stands", found=found),
        lambda match: Message("write **{words}**", words=match[2]),
    ),
    _syntax(
        r"^\.\. [\w-]+::",
        lambda found: Message("a directive, “{found}”, is printed as it stands", found=found),
        lambda _match: Message("remove it, and write what it stood for"),
    ),
)


def other_syntax(line: str) -> Iterator[tuple[Message, Message]]:
    """Yield the (problem, remedy) of each foreign syntax of a line; the same ones only once."""
    found: dict[tuple[Message, Message], None] = {}
    taken: list[tuple[int, int]] = []
    for syntax in SYNTAXES:
        for match in syntax.pattern.finditer(line):
            begin, end = _marks_of(match)
            if any(begin < other_end and other < end for other, other_end in taken):
                continue
            taken.append((begin, end))
            told = match[0] if len(match[0]) <= 60 else f"{match[0][:60]}…"
            found[syntax.problem(told), syntax.remedy(match)] = None
    yield from found


def _marks_of(match: re.Match) -> tuple[int, int]:
    """Return the span of a syntax, without the words up to the end of the line."""
    begin, end = match.span()
    rest = match.lastindex and match.span(match.lastindex)
    return (
        (begin, rest[0])
        if rest and begin < rest[0] and rest[1] == len(match.string)
        else (begin, end)
    )


def markdown_in_html(html: str) -> Iterator[tuple[int, Message, Message]]:
    """Yield the (line from 0, problem, remedy) of the first Markdown in a block of HTML.

    Markdown is not parsed there: https://spec.commonmark.org/0.31.2/#html-blocks
    """
    words = _NO_MARKDOWN.sub(lambda tag: "\n" * tag[0].count("\n"), html)
    if match := _MARKDOWN.search(words):
        problem = Message(
            "“{found}” stands in lines of HTML, where Markdown is not read", found=match[0]
        )
        remedy = Message("leave an empty line before and after it, or write it in HTML")
        yield words.count("\n", 0, match.start()), problem, remedy
