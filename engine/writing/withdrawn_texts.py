"""Find the addresses of a text that is withdrawn, and redirect them to another text.

`./inv delete`, `./inv hide` and `./inv rename` share it. Published addresses must stay valid
(https://www.w3.org/Provider/Style/URI): the target takes the old addresses into its `aliases`, or
the writer gives them up explicitly.
"""

import difflib
import shlex
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.checking.texts.parsed_text import parse_text
from engine.faults import Fault, FaultsError, Message
from engine.languages import OTHER_LANGUAGE, source_in
from engine.settings.site_settings import display_path, read_site_settings
from engine.texts.addresses import visible_pages
from engine.texts.content_files import FOLDERS
from engine.texts.documents import Document, Library
from engine.texts.links import LinkResolver
from engine.writing import source_edits, text_file
from plugins.library_reader import read_library


@dataclass(frozen=True)
class NamedText:
    """The text that a command names, and its library, read with all bodies."""

    library: Library
    document: Document
    site_address: str
    time_zone: str

    @property
    def with_translation(self) -> list[Document]:
        """The text, and its translation if it has one."""
        translation = source_in(OTHER_LANGUAGE, self.document.key)
        if self.document.source == translation or translation not in self.library.by_source:
            return [self.document]
        return [self.document, self.library.by_source[translation]]


def find_text(command: str, file: str | None) -> NamedText:
    """Return the text of a file. Raises FaultsError if there is none, or it is the home page."""
    file = text_file.answer(command, "file", file, "content/articles/2026-05-un-lieu.md").strip()
    settings = read_site_settings()
    content = Path(settings["PATH"])
    library = read_library(settings, display_path(content))
    document = text_file.named_text(library, content, file)
    if document.kind == "home":
        problem = Message("the home page always has its address")
        remedy = Message("change its text instead")
        raise FaultsError(Fault(document.shown_path, None, "file", problem, remedy))
    translation = source_in(OTHER_LANGUAGE, document.key)
    if translation not in library.by_source and (content / translation).exists():
        raise FaultsError(*(f for f in library.faults if f.path.endswith(translation)))
    return NamedText(library, document, settings["SITE_URL"].rstrip("/"), settings["TIMEZONE"])


def old_addresses(library: Library, document: Document) -> list[str]:
    """Return the address and the aliases of a text; none if it has no page."""
    if not document.save_as:
        return []
    return [library.site_path(document), *(document.header["aliases"] or ())]


def ask_target(command: str, addresses: Sequence[str], to: str | None) -> str:
    """Return the address to redirect readers to, "" for none; ask for it if `to` is None.

    Raises FaultsError if there is no terminal to ask at.
    """
    if to is not None or not addresses:
        return (to or "").strip()
    if not sys.stdin.isatty():
        problem = Message("nothing says where readers of {address} go", address=addresses[0])
        remedy = Message(
            "call with --to= and an address of the site, "
            "or with --to= and nothing after it where the text is gone on purpose"
        )
        raise FaultsError(Fault(command, None, "to", problem, remedy))
    question = Message(
        "Where should readers of {address} go? An address of the site,\n"
        "or nothing where the text is gone on purpose.",
        address=addresses[0],
    )
    print(question)
    try:
        return input(Message("address: ")).strip()
    except EOFError as error:
        problem, remedy = Message("there is no answer"), Message("call again, or give --to=")
        raise FaultsError(Fault(command, None, "to", problem, remedy)) from error


def find_target(named: NamedText, to: str, withdrawn: Iterable[Document]) -> Document:
    """Return the visible text at an address of the site. Raises FaultsError if there is none."""
    library = named.library
    typed = to.removeprefix(named.site_address) or "/"
    wanted = typed if typed.endswith(("/", ".html")) or "#" in typed else f"{typed}/"
    places = {library.site_path(text): text for text in library.visible}
    left = {library.site_path(text) for text in withdrawn}
    if wanted in places and wanted not in left:
        return places[wanted]
    known = sorted(places.keys() - left)
    if wanted in left:
        problem = Message("“{address}” is the address that is given up", address=to)
    elif f"{library.base}{wanted}" in library.pages:
        problem = Message(
            "“{address}” is a list of the site: only a text keeps old addresses", address=to
        )
    else:
        problem = Message("“{address}” is the address of no page of the site", address=to)
    near = difflib.get_close_matches(wanted, known, n=1) or known[:1]
    remedy = Message("name the address of a text that visitors see")
    if near:
        remedy = Message("name that of a text, as in --to={address}", address=shlex.quote(near[0]))
    raise FaultsError(Fault("--to", None, "to", problem, remedy))


def redirect_target(
    library: Library, target: Document, document: Document, withdrawn: Sequence[Document]
) -> Document:
    """Return the target in the language of a withdrawn text, else the target itself."""
    return without(library, withdrawn).in_language(target, document.lang) or target


def take_aliases(library: Library, texts: dict[str, str], aliases: dict[str, Document]) -> None:
    """Add each old address to the aliases of its target in `texts` (source -> new text)."""
    for target in {target.source: target for target in aliases.values()}.values():
        added = [alias for alias, taker in aliases.items() if taker.source == target.source]
        kept = [alias for alias in target.header["aliases"] or () if alias not in added]
        write_aliases(library, texts, target, [*kept, *added])


def write_aliases(
    library: Library, texts: dict[str, str], document: Document, aliases: list[str]
) -> None:
    """Set the aliases of one text in `texts`, or remove the line if there are none."""
    if aliases or "aliases" in document.lines:
        text = texts.get(document.source) or source_edits.read_source(document)
        value = f"[{', '.join(aliases)}]" if aliases else None
        texts[document.source] = source_edits.with_key(library, document, text, "aliases", value)


def without(library: Library, withdrawn: Iterable[Document]) -> Library:
    """Return the library with some texts hidden."""
    sources = {document.source for document in withdrawn}
    visible = [document for document in library.visible if document.source not in sources]
    return replace(library, visible=visible)


def links_to(
    library: Library, withdrawn: Sequence[Document], *, with_own: bool = False
) -> list[tuple[Document, int, str]]:
    """Find the links to withdrawn texts: the text, the line, the address as typed.

    `with_own` includes links in the withdrawn texts themselves.
    """
    after = without(library, withdrawn)
    left = {document.shown_path for document in withdrawn}
    found = []
    for document in library.by_source.values():
        if document.shown_path in left and not with_own:
            continue
        resolver = LinkResolver(after, document)
        reading = parse_text(document, today=library.today)
        found += [
            (document, link.line, link.address)
            for link in (*reading.links, *reading.html_links)
            if resolver.hidden_target(link.address) in left
        ]
    return found


def lost_pages(library: Library, withdrawn: Sequence[Document]) -> list[str]:
    """Return other pages that disappear with some texts, such as a theme without other texts."""
    own = {library.address(document.lang, document.url) for document in withdrawn}
    lost = library.pages - visible_pages(without(library, withdrawn)) - own
    return sorted(page.removeprefix(library.base) for page in lost)


def gone_command(addresses: Iterable[str]) -> list[str]:
    """Return the command that publishes without some addresses; no line if none is lost."""
    options = [f"--gone={shlex.quote(address)}" for address in addresses]
    return (
        [str(Message("When you publish:")), " ".join(["./inv publish", *options])]
        if options
        else []
    )


def news_of(named: NamedText) -> list[Document]:
    """Return the news whose header names the text, if it is the original of a project."""
    name = named.document.key.rpartition("/")[2]
    is_project = named.document.source == f"{FOLDERS['project']}/{name}.md"
    return [
        document
        for document in named.library.by_source.values()
        if is_project and "project" in document.lines and document.header["project"] == name
    ]
