"""What other programs write in Markdown and this site prints as it stands: told with our form."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.markdown import videos

_ADDRESS = r"(?:https?://|mailto:|tel:|\.{0,2}/)[^\s()\[\]]*|[^\s()\[\]]+\.(?:md|pdf|html?)"
# [words(address), [words] (address) and (words)[address]: the first two groups that are found.
BROKEN_LINK = re.compile(
    rf"\[([^\[\]()]+)\(({_ADDRESS})\)(?!\])"
    rf"|\[([^\[\]]+)\]\s+\(({_ADDRESS})\)"
    rf"|\(([^()]+)\)\[({_ADDRESS})\]",
    re.IGNORECASE,
)
# Markdown, and what holds none: comments, code and the tags themselves.
_MARKDOWN = re.compile(
    r"\*\*[^*\s][^*\n]*\*\*|\[[^\]\n]+\]\([^)\s]+\)|^(?:#{2,6}|[-*]) \S.*", re.MULTILINE
)
_NO_MARKDOWN = re.compile(
    r"<!--.*?-->|<(pre|code|kbd|samp)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE
)
_SHORT_CODES = "gallery|caption|embed|youtube|vimeo|audio|video|playlist|contact-form-7"


@dataclass(frozen=True)
class Syntax:
    """A way of writing: what finds it, what it is, and what to write in its place."""

    pattern: re.Pattern
    name: str
    remedy: Callable[[re.Match], str]


def _syntax(pattern: str, name: str, remedy: str | Callable[[re.Match], str]) -> Syntax:
    """A syntax of the table; a remedy in words may name the groups of the pattern."""
    if isinstance(remedy, str):
        words = remedy
        return Syntax(re.compile(pattern), name, lambda match: words.format(*match.groups()))
    return Syntax(re.compile(pattern), name, remedy)


def _link(match: re.Match) -> str:
    words, address = (group for group in match.groups() if group)
    return f"write [{words}]({address})"


def _video(match: re.Match) -> str:
    site = "https://www.youtube.com/watch?v=" if match[1] == "youtube" else "https://vimeo.com/"
    return f"write {videos.typed(site + match[2])}"


# The first that is found on a line is told.
SYNTAXES = (
    _syntax(r"^\[ \] (.*)", "a task list", "write - ☐ {0}"),
    _syntax(r"^\[[xX]\] (.*)", "a task list", "write - ☑ {0}"),
    _syntax(r"^\[!(\w+)\]", "a box of GitHub", "write > **{0}** and the words after it"),
    _syntax(r"^(?:!!!|\?\?\?)\+? (\w+)", "a box", "write > **{0}** and > before each line of it"),
    _syntax(
        r"^\*\[([^\]]+)\]:\s*(.*\S)",
        "an abbreviation",
        'write <abbr title="{1}">{0}</abbr> where the word stands',
    ),
    _syntax(
        r"(?i)^\[\[?_?toc_?\]\]?",
        "a table of contents",
        "remove it: the pages of this site have none",
    ),
    _syntax(r"!\[\[([^\]|]+)", "an image of Obsidian", "write ![What one sees](/images/{0})"),
    _syntax(
        r"\[\[([^\]|]+)\|([^\]]+)\]\]",
        "a link of a wiki",
        "write [{1}](nom-du-texte.md), with the name of its file",
    ),
    _syntax(
        r"\[\[([^\]|]+)\]\]",
        "a link of a wiki",
        "write [{0}](nom-du-texte.md), with the name of its file",
    ),
    _syntax(r"\{\{[<%] *(youtube|vimeo) +([\w-]+)", "a short code", _video),
    _syntax(
        r"\{\{|\{%",
        "a command of another program",
        "remove it, and write the words or the image that it stood for",
    ),
    _syntax(
        rf"\[/?(?:{_SHORT_CODES})\b[^\]]*\]",
        "a short code of WordPress",
        "remove it, and show each image: ![What one sees](/images/…)",
    ),
    _syntax(r"^(#{2,6})([^\s#].*)", "a heading without its space", "write {0} {1}"),
    _syntax(r"^[•◦▪‣●○■]\s*(.*)", "a list of a word processor", "write - {0}"),
    Syntax(BROKEN_LINK, "a link whose brackets are not in their places", _link),
    _syntax(
        r"\*\*(?:\s+([^*\n]*?\S)\s*|([^*\s][^*\n]*?)\s+)\*\*(?!\*)",
        "a mark with a space inside",
        lambda match: f"write **{match[1] or match[2]}**",
    ),
    _syntax(r"(?<!\S)\*([^*\s][^*\n]*?)\s+\*(?!\S)", "a mark with a space inside", "write *{0}*"),
    _syntax(r"==([^=\s][^=]*)==", "a highlight", "write <mark>{0}</mark>"),
    _syntax(r"(\w)~(\w{1,3})~", "a subscript", "write {0}<sub>{1}</sub>"),
    _syntax(
        r"^\|.*\|\s*$",
        "a row of no table",
        "put a line such as |---|---| under the heads, with as many cells",
    ),
    _syntax(r"\[(b|i|u|s)\](.*?)\[/\1\]", "a mark of a forum", "write **{1}**"),
    _syntax(r"^\.\. [\w-]+::", "a directive", "remove it, and write what it stood for"),
)


def other_syntax(line: str) -> Iterator[tuple[str, str]]:
    """The ("problem", "remedy") of the first such way of writing on a line of words."""
    for syntax in SYNTAXES:
        if match := syntax.pattern.search(line):
            found = match[0] if len(match[0]) <= 60 else f"{match[0][:60]}…"
            yield f"{syntax.name}, “{found}”, is printed as it stands", syntax.remedy(match)
            return


def markdown_in_html(html: str) -> Iterator[tuple[int, str, str]]:
    """The (line from 0, problem, remedy) of the first Markdown in lines of HTML, not read there.

    https://spec.commonmark.org/0.31.2/#html-blocks: such lines end at an empty one.
    """
    words = _NO_MARKDOWN.sub(lambda tag: "\n" * tag[0].count("\n"), html)
    if match := _MARKDOWN.search(words):
        problem = f"“{match[0]}” stands in lines of HTML, where Markdown is not read"
        remedy = "leave an empty line before and after it, or write it in HTML"
        yield words.count("\n", 0, match.start()), problem, remedy
