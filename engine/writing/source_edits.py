"""Change a key or links in the source of a text, and no other byte."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping

from engine.characters import decode_text
from engine.faults import Fault, FaultsError, Message
from engine.markdown import markdown_text
from engine.texts import headers
from engine.texts.documents import Document, Library
from engine.texts.links import PELICAN_MARK, LinkResolver
from engine.texts.translations import original_of

# splitlines() splits at more characters than a header does.
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
# Possible addresses in Markdown (CommonMark 4.7, 6.3) and HTML; `with_renamed_links` tries each.
_ADDRESS = re.compile(
    r"""\]\(\s*<(?P<bracketed>[^<>\r\n]*)>
    | \]\(\s*(?P<bare>[^\s<>]*?\.md(?:[?\#][^\s)]*)?)(?=[\s)])
    | ^\ {0,3}\[[^\]\r\n]+\]:\s*(?:<(?P<named_bracketed>[^<>\r\n]*)>|(?P<named>\S+))
    | \bhref\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<unquoted>[^\s"'>]+))""",
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def read_source(document: Document) -> str:
    """Read the text of a file, with its line ends and letters unchanged."""
    return document.path.read_bytes().decode("utf-8")


def added_lines(document: Document, texts: Mapping[str, str]) -> int:
    """Return the number of lines by which a text's body moves down in its new text, if any."""
    if document.source not in texts:
        return 0
    return (
        headers.split_header(decode_text(texts[document.source].encode()))[2] - document.body_line
    )


def with_key(
    library: Library,
    document: Document,
    source: str,
    key: str,
    value: str | None,
    *,
    comment: str = "",
) -> str:
    """Set a key in the header of a source, or remove it if `value` is None; return the source.

    `comment` is a line to add above it, unless the header has this line. Raises FaultsError, with
    the line to write by hand, if another value would change or a comment would be lost.
    """
    _lines, before = read_header(library, document, source)
    lines = LINE.findall(source)
    ending = "\r\n" if lines[0].endswith("\r\n") else "\n"
    end = headers.split_header(decode_text(source.encode()))[2] - 2
    new = [] if value is None else [f"{key}: {value}{ending}"]
    if comment and comment not in {line.strip() for line in lines[:end]}:
        new.insert(0, f"{comment}{ending}")
    if key in before.lines:
        first = before.lines[key] - 1
        last = min([line - 1 for line in before.lines.values() if line - 1 > first] + [end])
        while lines[last - 1].strip() == "" or lines[last - 1].startswith("#"):
            last -= 1
        has_comment = re.search(r"(?:^|\s)#", "".join(lines[first:last]))
        lines[first:last] = new
    else:
        has_comment = None
        lines[end:end] = new
    changed = "".join(lines)
    faults, after = read_header(library, document, changed)
    others = [{k: v for k, v in header.values.items() if k != key} for header in (before, after)]
    if has_comment or faults or others[0] != others[1]:
        line = before.lines.get(key, 1)
        problem = Message("this command cannot change it without touching what stands beside it")
        remedy = Message("write {line} on a line of its own", line=f"{key}: {value}")
        if value is None:
            remedy = Message("remove it yourself")
        raise FaultsError(Fault(document.shown_path, line, key, problem, remedy))
    return changed


def read_header(
    library: Library, document: Document, source: str
) -> tuple[list[Fault], headers.Header]:
    """Return the new faults of a changed source, and its header."""
    lines, _body, _line = headers.split_header(decode_text(source.encode()))
    is_translation = original_of(library, document) is not None
    header, faults = headers.parse_header(
        lines, document.kind, document.shown_path, translation=is_translation
    )
    known = {(fault.key, str(fault.problem)) for fault in library.faults}
    return [fault for fault in faults if (fault.key, str(fault.problem)) not in known], header


def with_renamed_links(
    library: Library, document: Document, source: str, renamed: Mapping[str, str]
) -> tuple[str, list[int]]:
    """Update the links to renamed files; return the source and the lines of those links.

    `renamed` maps the source of each text to its new one, in the same folder. The Markdown parser
    decides whether an address is a link: code is not changed. Raises FaultsError for a link in an
    unusual syntax.
    """
    page, meant = _read(library, document, source, renamed)
    if not meant & renamed.keys():
        return source, []
    lines = []
    begin = sum(map(len, LINE.findall(source)[: document.body_line - 1]))
    for start, end, new in reversed(
        list(_new_addresses(library, document, source, renamed, begin))
    ):
        changed = source[:start] + new + source[end:]
        if _read(library, document, changed, renamed)[0] == page:
            source = changed
            lines.append(len(re.findall(r"\r\n|\r|\n", source[:start])) + 1)
    if left := _read(library, document, source, renamed)[1] & renamed.keys():
        problem = Message(
            "its link to {file} is written in a way that this command does not change",
            file=library.by_source[min(left)].shown_path,
        )
        remedy = Message("write it as [words](path), then call again")
        raise FaultsError(Fault(document.shown_path, None, "link", problem, remedy))
    return source, sorted(set(lines))


def _read(
    library: Library, document: Document, source: str, renamed: Mapping[str, str]
) -> tuple[str, set[str]]:
    """Return the HTML of a source, with new names of files, and the files that it links to."""
    _lines, body, _line = headers.split_header(decode_text(source.encode()))
    resolver, meant = LinkResolver(library, document), set()

    def resolve(address: str) -> str:
        path, ending = _parts(address)
        file = resolver.source(path)
        meant.add(file)
        file = renamed.get(file, file)
        return f"/{file}{ending}" if file in renamed.values() else address

    links = document.header["links"]
    read = markdown_text.read_body(body, lang=document.lang, links=links, resolve=resolve)
    return read.html, meant


def _new_addresses(
    library: Library, document: Document, source: str, renamed: Mapping[str, str], begin: int
) -> Iterator[tuple[int, int, str]]:
    """Yield the start, the end and the new text of each possible address of a renamed file."""
    resolver = LinkResolver(library, document)
    for match in _ADDRESS.finditer(source, begin):
        group = match.lastgroup
        path, _ending = _parts(match[group])
        file = resolver.source(html.unescape(_ESCAPE.sub(r"\1", path)))
        if file in renamed:
            mark = PELICAN_MARK.match(path)
            name = max(path.rfind("/") + 1, mark.end() if mark else 0)
            start = match.start(group)
            yield start + name, start + len(path), renamed[file].rpartition("/")[2]


def _parts(address: str) -> tuple[str, str]:
    """Split an address after its path."""
    path = re.match(r"[^?#]*", address)[0]
    return path, address[len(path) :]


def with_renamed_silences(text: str, shown_folder: str, renamed: Iterable[tuple[str, str]]) -> str:
    """Update the names of files in the text of silences.yml."""
    for old, new in renamed:
        folder = f"(?:{re.escape(shown_folder)}/)?"
        line = rf"^(\s*(?:-\s+)?file\s*:\s*[\"']?{folder}){re.escape(old)}(?=[\"']?\s*(?:#.*)?$)"
        text = re.sub(line, lambda match, new=new: match[1] + new, text, flags=re.MULTILINE)
    return text
