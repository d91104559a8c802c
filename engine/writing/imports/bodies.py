"""Convert the body of another blog's text to the Markdown of this project.

Syntax without an equivalent is kept as typed, with a note. Code is never changed.
"""

import re
from html import escape, unescape
from pathlib import PurePosixPath

from markdown_it import MarkdownIt

from engine.characters import decode_address
from engine.faults import Message, ProblemError
from engine.markdown.raw_html import is_element
from engine.slugs import slugify
from engine.texts.links import quote_path
from engine.writing.imports.commands import COMMAND, rewrite_code, rewrite_commands
from engine.writing.imports.source_folder import SourceFolder
from engine.writing.imports.source_links import SourceLinks
from engine.writing.imports.source_text import SourceText

# A pattern does not match across the start of another match, so that its time stays linear.
_CODE = re.compile(
    r"(?<![`\\])(?P<bar>`+)(?!`)(?:(?!\n[ \t]*\n).){1,500}?(?<!`)(?P=bar)(?!`)"
    r"|<!--(?:(?!<!--).)*?-->|<pre\b(?:(?!<pre\b).)*?</pre\s*>",
    re.DOTALL | re.IGNORECASE,
)
_BLOCKS = MarkdownIt("commonmark")
_PLACEHOLDER = re.compile("\0([0-9]+)\0")
_SCRIPT = re.compile(r"<(script|style)\b(?:(?!<\1\b).)*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_FRAME = re.compile(
    r"<iframe\b([^<>]*)>(?:(?!<iframe\b).)*?</iframe\s*>", re.DOTALL | re.IGNORECASE
)
_YOUTUBE = re.compile(r"https?://www\.youtube(?:-nocookie)?\.com/embed/([\w-]+).*")
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_TAG = re.compile(
    r"(?<!\]\()(?<!\]: )<(/?)([a-z][a-z0-9]*)(\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)?(/?)>",
    re.IGNORECASE,
)
_UNSTYLED = re.compile(r"""\s(?:style|on\w+)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
# Obsolete elements of HTML -> their replacement, "" to keep only the content.
_NEW_NAMES = {"strike": "s", "tt": "code", "acronym": "abbr"} | dict.fromkeys(
    ("center", "font", "big", "nobr", "blink"), ""
)
# Attribute lists of Kramdown and of other dialects of Markdown.
_ATTRIBUTES = re.compile(
    r"^[ \t]*[*+-] .*\n[ \t]*\{:\s?toc\b[^{}\n]*\}[ \t]*\n?"
    r"|^[ \t]*\{:[^{}\n]*\}[ \t]*\n?|\{:[^{}\n]*\}"
    r"|^[ \t]*\{[.#][^{}\n]*\}[ \t]*\n?|(?<=[\])])\{(?:[.#]|[\w-]+=)[^{}\n]*\}",
    re.MULTILINE,
)
_DESTINATION = (
    r"\(\s*(?:<(?P<angle>[^<>\n]*)>|(?P<bare>[^()<>\"\n]*?(?:\([^()\n]*\)[^()<>\"\n]*?)*))"
    r"(?:\s+[\"'](?P<title>[^\n]{0,1000}?)[\"'])?\s*\)"
)
_IMAGE = re.compile(rf"!\[(?P<words>(?:[^\[\]]|\[[^\[\]]*\]){{0,400}})\]{_DESTINATION}")
_LINK = re.compile(
    r"(?<![!\\])\[(?P<words>(?:[^\[\]]|\[[^\[\]]*\](?:\([^()\n]*\))?){0,400})\]" + _DESTINATION
)
_DEFINITION = re.compile(
    r"^ {0,3}\[(?P<name>[^\]\n^][^\]\n]*)\]:[ \t]*<?(?P<bare>[^\s>]+)>?(?P<rest>[^\n]*)\n?",
    re.MULTILINE,
)
_BY_NAME = re.compile(
    r"(?<!\\)(?P<image>!?)\[(?P<words>[^\[\]^][^\[\]]*)\]\[(?P<name>[^\[\]^][^\[\]]*|)\](?!\()"
)
_HEADING = re.compile(
    r"^(?P<before>(?:[ ]{0,3}>)*[ ]{0,3})(?P<marks>\#{1,6})(?:[ \t]+|(?<=\#\#)(?=[^\s\#]))"
    r"(?P<words>[^\n]*)$"
    r"|^(?P<line>[ ]{0,3}[^\s>\#|*+=`-][^\n]*)\n[ ]{0,3}(?P<under>=+|-{2,})[ \t]*$"
    r"|<h(?P<level>[1-6])\b(?P<attributes>[^<>]*)>(?P<inner>(?:(?!<h[1-6]).)*?)</h(?P=level)\s*>",
    re.MULTILINE | re.DOTALL,
)
_ID = re.compile(r"""(?:\{#|\b(?:id|name)=["']?)([A-Za-z][\w-]*)""")
_EMPTY_BEFORE = re.compile(r"(?:\A|\n[ \t]*\n)[ \t]*\Z")
_EMPTY_AFTER = re.compile(r"[ \t]*(?:\n[ \t]*(?:\n|\Z)|\Z)")
# Characters searched around an image, and shown of an address, which may be a long data: URL.
_NEIGHBOURHOOD = 200
_INNER_LINK = re.compile(r"(?<!!)\[[^\[\]]*\]\(")


def _attributes(typed: str) -> dict[str, str]:
    """Return the values of a tag's attributes."""
    return {name.lower(): unescape("".join(values)) for name, *values in _ATTRIBUTE.findall(typed)}


def _without(typed: str, name: str) -> str:
    """Return the attributes of a tag without one of them."""
    return re.sub(
        rf"""\s{name}\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+)""", "", typed, flags=re.IGNORECASE
    )


def _title(words: str) -> str:
    """Remove the closing # of a heading."""
    words = words.rstrip()
    opened = words.rstrip("#")
    return opened.rstrip() if opened.endswith((" ", "\t")) or not opened else words


def _plain(words: str) -> str:
    """Remove the attributes and the link syntax of a heading."""
    words = re.sub(r"\{[#:][^{}]*\}\s*$", "", words)
    return re.sub(r"!?\[([^\[\]]*)\]\([^()]*\)", r"\1", words)


def _is_elsewhere(address: str) -> bool:
    return address.startswith(("http:", "https:", "mailto:", "tel:"))


def _words_from_file_name(address: str) -> str:
    """Convert a file name to words: "mon_image-2.png" is "mon image 2"."""
    name = PurePosixPath(decode_address(address).partition("?")[0]).stem
    return " ".join(re.split(r"[-_\s]+", re.sub(r"[\[\]<>]", "", name))).strip() or "image"


class BodyImport:
    """Rewrites the body of one text, and notes its losses."""

    def __init__(self, source: SourceFolder, text: SourceText, links: SourceLinks):
        self.source, self.text, self.links = source, text, links
        self.protected: list[str] = []
        self.unlinked: list[str] = []
        # The place and the line of the piece that was found last, and how often one may be looked
        # for from the beginning: more would take a time that grows with the square of the text.
        self.found = (0, 0)
        self.searches_left = 500
        body = text.front.body
        self.ids = set(_ID.findall(body))
        headings = [
            _title(match["words"] or match["line"] or "") for match in _HEADING.finditer(body)
        ]
        self.heading_ids = {slugify(_plain(words)) for words in headings} - {""}

    def rewrite(self) -> None:
        """Set the text's new body, and in its header the links without an address."""
        body = rewrite_code(self.text.front.body, self._note_lost)
        body = _CODE.sub(lambda match: self._protect(match[0]), self._protect_blocks(body))
        title = self.text.values["title"]
        body = rewrite_commands(body, self.source, self.links, title, self._note_lost)
        for command in COMMAND.findall(body):
            problem = Message("{command} stays as it is typed", command=" ".join(command.split()))
            remedy = Message("write the words or the image that it stood for")
            self._note("command", command, problem, remedy)
        self.found = (0, 0)
        body = self._html(body)
        self.found = (0, 0)
        body = _ATTRIBUTES.sub(lambda match: self._remove(match[0]), body)
        body = self._headings(self._all_links(body))
        self.text.body = self._restore(body)
        self.text.values["links"] = self.unlinked

    def _restore(self, body: str) -> str:
        """Put the protected pieces back."""
        while _PLACEHOLDER.search(body):
            body = _PLACEHOLDER.sub(lambda match: self.protected[int(match[1])], body)
        return body

    def _protect(self, piece: str) -> str:
        """Replace a piece that no step may change by a placeholder."""
        self.protected.append(piece)
        return f"\0{len(self.protected) - 1}\0"

    def _protect_blocks(self, body: str) -> str:
        """Protect the blocks of code."""
        lines = body.split("\n")
        for token in reversed(_BLOCKS.parse(body)):
            if token.type in ("fence", "code_block"):
                first, last = token.map
                while last > first + 1 and not lines[last - 1].strip():
                    last -= 1
                lines[first:last] = [self._protect("\n".join(lines[first:last]))]
        return "\n".join(lines)

    def _note(self, key: str, piece: str, problem: Message, remedy: Message) -> None:
        self.source.note(self.text.path, key, problem, remedy, self._line_of(piece))

    def _note_lost(self, command: str, words: str) -> None:
        problem = Message("{words} are left out of a command", words=words)
        self._note("command", command, problem, Message("write what they stood for"))

    def _line_of(self, piece: str) -> int:
        """Return the line of the old file on which a piece of its body begins, or the last found.

        Each step reports its pieces in their order: each search begins at the previous place.
        """
        body, (place, line) = self.text.front.body, self.found
        words = piece.strip().partition("\n")[0]
        if self.searches_left:
            start = body.find(words, place)
            if start < 0:
                self.searches_left -= 1
                start, place, line = body.find(words), 0, 0
            if start >= 0:
                line += body.count("\n", place, start)
                self.found = (start, line)
        return self.text.front.body_line + line

    # --- HTML ---

    def _html(self, body: str) -> str:
        body = _FRAME.sub(self._frame, body)
        return _TAG.sub(self._tag, _SCRIPT.sub(self._put_into_comment, body))

    def _frame(self, match: re.Match) -> str:
        said = _attributes(match[1])
        address = re.sub("^//", "https://", said.get("src", ""))
        if not re.match("https?://[^/]", address):
            return match[0]
        words = said.get("title") or address.split("/")[2].removeprefix("www.")
        address = _YOUTUBE.sub(r"https://www.youtube.com/watch?v=\1", address)
        problem = Message("the frame {frame} is a link now", frame=" ".join(match[0].split()))
        remedy = Message("say in the words of the link what one finds there")
        self._note("html", match[0], problem, remedy)
        return f"\n\n[{words}]({quote_path(address)})\n\n"

    def _put_into_comment(self, match: re.Match) -> str:
        problem = Message("<{tag}> is a comment now", tag=match[1].lower())
        remedy = Message("remove it: pages of this site work without")
        self._note("html", match[0], problem, remedy)
        return self._protect(f"<!-- {re.sub('-(?=[->])', '- ', self._restore(match[0]))} -->")

    def _remove(self, piece: str) -> str:
        problem = Message("{piece} is left out", piece=" ".join(piece.split()))
        remedy = Message("nothing is to be done: the theme gives the look")
        self._note("look", piece, problem, remedy)
        return ""

    def _tag(self, match: re.Match) -> str:
        end, name, typed, slash = match[1], match[2].lower(), match[3] or "", match[4]
        if not is_element(name):
            return f"&lt;{match[0][1:]}"
        name = _NEW_NAMES.get(name, name)
        if not name:
            return self._remove(match[0])
        for removed in _UNSTYLED.findall(typed):
            self._remove(removed)
        kept = _UNSTYLED.sub("", typed)
        said = _attributes(kept)
        if name == "img" and said.get("src"):
            return self._html_image(said, kept)
        if name == "a" and "href" in said:
            address = self._address(said["href"], match[0])
            kept = _without(kept, "href")
            kept += "" if address is None else f' href="{escape(address)}"'
        return f"<{end}{name}{kept}{slash}>"

    def _html_image(self, said: dict[str, str], kept: str) -> str:
        address = self._address(said["src"], said["src"], "image")
        words = said.get("alt") or said.get("title") or _words_from_file_name(said["src"])
        if address is None or _is_elsewhere(address):
            return words if address is None else f'<a href="{escape(address)}">{escape(words)}</a>'
        kept = _without(kept, "src").rstrip(" /")
        if "alt" not in said:
            self._note_words(said["src"], words)
            kept += f' alt="{escape(words)}"'
        return f'<img src="{escape(address)}"{kept}>'

    # --- Links ---

    def _address(self, typed: str, piece: str, key: str = "link") -> str | None:
        """Return the new address for an old one; None, with a note, if it leads nowhere."""
        shown = typed if len(typed) <= _NEIGHBOURHOOD else f"{typed[:_NEIGHBOURHOOD]}…"
        try:
            address = self.links.resolve(typed.strip(), self.text)
        except ProblemError as error:
            problem = Message("{address}: {problem}", address=shown, problem=error.problem)
            self.source.fault(self.text.path, key, problem, error.remedy, self._line_of(piece))
            return None
        if address and address.startswith("#"):
            address = self._fragment(address[1:])
        if address is None:
            problem = Message(
                "{address} leads to nothing of this folder: its words stay", address=shown
            )
            self._note(key, piece, problem, Message("name a text or a file"))
        return address

    def _fragment(self, fragment: str) -> str | None:
        """Return the link to a heading of the text, whose id may differ on this site."""
        if fragment in self.ids:
            return f"#{fragment}"
        return f"#{slug}" if (slug := slugify(fragment)) in self.heading_ids else None

    def _all_links(self, body: str) -> str:
        elsewhere: set[str] = set()
        for pattern, replaced in ((_IMAGE, self._image), (_LINK, self._link)):
            self.found = (0, 0)
            body = pattern.sub(replaced, body)
        self.found = (0, 0)
        names = {match["name"].lower() for match in _DEFINITION.finditer(body)}
        body = _DEFINITION.sub(lambda match: self._definition(match, elsewhere), body)
        unlinked = {name.lower() for name in self.unlinked}

        def by_name(match: re.Match) -> str:
            name = (match["name"] or match["words"]).lower()
            if name not in names and not name.startswith("^"):
                return f"{match['image']}[{match['words']}]\\[{match['name']}]"
            if match["image"] and name in unlinked:
                return match["words"]
            return match[0].removeprefix("!") if name in elsewhere else match[0]

        return _BY_NAME.sub(by_name, body)

    def _image(self, match: re.Match) -> str:
        typed = (match["angle"] or match["bare"] or "").strip()
        title, words = match["title"] or "", match["words"]
        address = self._address(typed, match[0], "image")
        shown = words or title or _words_from_file_name(typed)
        caption = f" ({title})" if title and title != shown else ""
        if address is None:
            return f"{shown}{caption}"
        if _is_elsewhere(address):
            problem = Message("{address} is on another site: a link now", address=typed)
            remedy = Message("put the file into content/images/ and show it from there")
            self._note("image", match[0], problem, remedy)
            return f"[{shown}]({quote_path(address)}){caption}"
        if not words:
            self._note_words(typed, shown)
        before = match.string[max(0, match.start() - _NEIGHBOURHOOD) : match.start()]
        after = match.string[match.end() : match.end() + _NEIGHBOURHOOD]
        is_alone = bool(_EMPTY_BEFORE.search(before) and _EMPTY_AFTER.match(after))
        if title and is_alone:
            escaped = title.replace('"', '\\"')
            return f'![{shown}]({quote_path(address)} "{escaped}")'
        return f"![{shown}]({quote_path(address)}){caption}"

    def _note_words(self, file: str, words: str) -> None:
        problem = Message("{file} had no words for those who do not see it", file=file)
        remedy = Message("say what one sees in the place of “{words}”", words=words)
        self._note("image", file, problem, remedy)

    def _link(self, match: re.Match) -> str:
        typed = (match["angle"] or match["bare"] or "").strip()
        title = match["title"] or ""
        if _INNER_LINK.search(match["words"]):
            problem = Message("the link to {address} holds another link", address=typed)
            self._note("link", match[0], problem, Message("make one link of the two"))
            return match["words"] + (f" ({title})" if title else "")
        address = self._address(typed, match[0])
        if address is None:
            return match["words"] + (f" ({title})" if title else "")
        escaped = title.replace('"', '\\"')
        title = f' "{escaped}"' if title else ""
        return f"[{match['words']}]({quote_path(address)}{title})"

    def _definition(self, match: re.Match, elsewhere: set[str]) -> str:
        address = self._address(match["bare"], match[0])
        if address is None:
            if match["rest"].strip():
                self._remove(match["rest"])
            self.unlinked.append(match["name"])
            return ""
        if _is_elsewhere(address):
            elsewhere.add(match["name"].lower())
        return f"[{match['name']}]: {quote_path(address)}{match['rest']}\n"

    # --- Headings ---

    def _headings(self, body: str) -> str:
        """Renumber the headings: start with level 2, below the title, and skip no level."""
        above: list[int] = []

        def level_of(level: int) -> int:
            while above and above[-1] >= level:
                above.pop()
            above.append(level)
            return min(len(above) + 1, 6)

        def lowered(match: re.Match) -> str:
            if match["marks"]:
                marks = "#" * level_of(len(match["marks"]))
                return f"{match['before']}{marks} {_title(match['words'])}".rstrip()
            if match["under"]:
                marks = "#" * level_of(1 if match["under"][0] == "=" else 2)
                return f"{marks} {match['line'].strip()}"
            level = level_of(int(match["level"]))
            return f"<h{level}{match['attributes']}>{match['inner']}</h{level}>"

        return _HEADING.sub(lowered, body)
