"""Convert the commands of generators in a body: Jekyll's Liquid tags, Hugo's shortcodes.

Commands that name a text, a file, an image or an external page become Markdown; others are kept.
"""

import re
from collections.abc import Callable

from engine.texts.links import quote_path
from engine.writing.imports.source_folder import SourceFolder
from engine.writing.imports.source_links import SourceLinks

# It does not match across the start of another match, so that its time stays linear.
_HIGHLIGHT = re.compile(
    r"\{[%{][<%]?\s*highlight\s+(?P<lang>[\w+#-]*)(?P<options>[^%}>]*)[>%]?[%}]\}?[ \t]*\n?"
    r"(?P<code>(?:(?!\{[%{][<%]?\s*highlight\b).)*?)\n?[ \t]*"
    r"\{[%{][<%]?\s*(?:end|/\s*)highlight\s*[>%]?[%}]\}?",
    re.DOTALL,
)
COMMAND = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}")
_NAMED_TEXT = re.compile(
    r"(?:\{\{\s*site\.(?:baseurl|url)\s*\}\}\s*){0,3}"
    r"(?:\{%-?\s*(?:post_url|link)\s+(?P<jekyll>[^%]+?)\s*-?%\}"
    r"|\{\{[<%]\s*(?:rel)?ref\s+(?:path=)?[\"']?(?P<hugo>[^\"'<>%]+?)[\"']?\s*[>%]\}\})"
)
_SITE = re.compile(r"\{\{\s*(?:site\.(?:baseurl|url)|\.Site\.BaseURL)\s*(?:\|[^{}]*)?\}\}/?")
_QUOTED = re.compile(
    r"\{\{\s*[\"']([^\"'{}]+)[\"']\s*\|\s*(?:relative_url|absolute_url|prepend:[^{}]*)\s*\}\}"
)
_SHORT_CODE = re.compile(r"\{\{[<%]\s*(?P<name>[\w-]+)(?P<words>[^{}]*?)/?\s*[>%]\}\}")
_LIQUID_CODE = re.compile(r"\{%\s*(?P<name>gist|youtube|vimeo|img)\s+(?P<words>[^%]*?)\s*%\}")
_PAGE_TITLE = re.compile(r"\{\{\s*page\.title\s*\}\}")
# Commands that become links -> the words and the start of the address.
_LINKED = {
    "gist": ("Gist", "https://gist.github.com/"),
    "instagram": ("Instagram", "https://www.instagram.com/p/"),
    "slideshare": ("SlideShare", "https://www.slideshare.net/slideshow/embed_code/"),
    "tweet": ("Twitter", "https://twitter.com/i/status/"),
    "vimeo": ("Vimeo", "https://vimeo.com/"),
    "youtube": ("YouTube", "https://www.youtube.com/watch?v="),
}
_READ_NAMES = ("src", "alt", "caption", "title", "id")
_FILE_NAME = re.compile(r"\.\w{3,4}$")
_WORD = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))|"([^"]*)"|'([^']*)'|(\S+)""")


def rewrite_code(body: str, note: Callable[[str, str], None]) -> str:
    """Convert highlighted code of Jekyll and Hugo to code blocks of CommonMark.

    `note` is called with each command that loses words, and these words.
    """

    def fence(match: re.Match) -> str:
        marks = "~~~" if "```" in match["code"] else "```"
        _note_lost(match["options"], "", match[0], note)
        return f"{marks}{match['lang']}\n{match['code']}\n{marks}\n"

    return _HIGHLIGHT.sub(fence, body)


def rewrite_commands(
    body: str,
    source: SourceFolder,
    links: SourceLinks,
    title: str,
    note: Callable[[str, str], None],
) -> str:
    """Convert the known commands of a body to Markdown.

    `title` is the title of the text; `note` is called as by `rewrite_code`.
    """

    def named_text(match: re.Match) -> str:
        path, mark, fragment = (match["jekyll"] or match["hugo"]).strip().partition("#")
        if found := links.named(path):
            place = found.removeprefix(source.content).replace(" ", "%20")
            return f"{{filename}}/{place}{mark}{fragment}"
        return f"/{path.strip('/')}" if path.strip("/") in source.files else match[0]

    def short_code(match: re.Match) -> str:
        made = _short_code(match)
        _note_lost(match["words"], made, match[0], note)
        return made

    body = _NAMED_TEXT.sub(named_text, body)
    body = _SITE.sub(lambda _match: f"{source.base}/", body)
    body = _QUOTED.sub(lambda match: f"{source.base}/{match[1].lstrip('/')}", body)
    body = _PAGE_TITLE.sub(lambda _match: title, body)
    body = _LIQUID_CODE.sub(short_code, _SHORT_CODE.sub(short_code, body))
    # Markdown would parse the <name> of `{{<name>}}` as an HTML tag.
    return re.sub(r"\{\{<(?=/?\w)", r"{{\\<", body)


def _note_lost(words: str, made: str, command: str, note: Callable[[str, str], None]) -> None:
    """Call `note` with the words of a command that are not in the result."""
    there = {*re.findall(r"\w+", made), *_READ_NAMES}
    if lost := [word for word in re.findall(r"\w+", words) if word not in there]:
        note(command, " ".join(lost))


def _short_code(match: re.Match) -> str:
    """Return the image or the link for a command."""
    named, plain = {}, []
    for key, one, two, bare, *words in _WORD.findall(match["words"]):
        if key:
            named[key.lower()] = one or two or bare
        else:
            plain.append("".join(words))
    name = match["name"].lower()
    if name in ("figure", "img"):
        plain = [word for word in plain if not word.isdigit()]
        place = next((at for at, word in enumerate(plain) if _FILE_NAME.search(word)), -1)
        address = named.get("src") or (plain[place] if place >= 0 else "")
        title = named.get("caption") or named.get("title") or " ".join(plain[place + 1 :])
        words = named.get("alt") or title
        title = f' "{title}"' if title and title != words and '"' not in title else ""
        return f"\n\n![{words}]({quote_path(address)}{title})\n\n" if address else match[0]
    words, pattern = _LINKED.get(name, ("", ""))
    if words and (parts := [*plain[:2], *filter(None, [named.get("id")])]):
        return f"[{words}]({pattern}{'/'.join(parts if name == 'gist' else parts[-1:])})"
    return match[0]
