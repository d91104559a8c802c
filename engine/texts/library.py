"""Read all texts of a content folder once, with all their faults.

Both language sites of a build use the same library: each file is read once, and every address is
known before the first page is written.
"""

import datetime
import difflib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from engine.faults import Fault, Message
from engine.languages import MAIN_LANGUAGE, OTHER_LANGUAGE, source_in
from engine.texts.addresses import assign_address, refuse_clashes, visible_pages
from engine.texts.bodies import BodyCache, RenderedBody, render_bodies
from engine.texts.content_files import FOLDERS, DocumentCache, find_texts, read_text
from engine.texts.documents import Document, Library
from engine.texts.header_schema import KINDS
from engine.texts.links import Fragment, check_fragments
from engine.texts.partial_dates import PartialDate
from engine.texts.strands import assign_hidden_strands, assign_strands
from engine.texts.topics import assign_topics, find_similar, read_themes, refuse_topic_clashes
from engine.texts.translations import mark_stale
from engine.typography.typography import typeset

# Search engines show about as many characters of a description.
DESCRIPTION_LENGTH = 160
# A later date is more often a typing mistake ("2206") than a plan.
_MAX_WAIT = datetime.timedelta(days=366)
_TEXT_KEYS = {key.name for keys in KINDS.values() for key in keys if key.type == "text"}


def no_content_folder(shown_folder: str) -> Fault:
    """Return the fault of a content folder that does not exist."""
    problem = Message("there is no such folder")
    remedy = Message("make the folder, or name another in SITE_CONTENT")
    return Fault(shown_folder, None, "content", problem, remedy)


def read_headers(
    folder: Path,
    *,
    addresses: dict[str, dict[str, str]],
    today: datetime.date,
    base: str = "",
    shown_folder: str | None = None,
    unsaved: Mapping[str, bytes] | None = None,
    documents: DocumentCache | None = None,
) -> Library:
    """Read the header of every text of `folder`, drafts too; assign addresses. No body is read.

    The arguments are those of `read_texts`. Raises nothing: the library holds the faults.
    """
    library = Library(folder, addresses, today, base, unsaved or {})
    shown = shown_folder or str(folder)
    if not folder.is_dir():
        library.faults.append(no_content_folder(shown))
        return library
    find_texts(library, shown, documents)
    read_themes(library, shown)
    _inherit_shared_values(library)
    for document in library.by_source.values():
        assign_address(library, document)
    return library


def read_texts(
    folder: Path,
    *,
    shown_folder: str | None = None,
    bodies: BodyCache | None = None,
    **about_the_site,
) -> Library:
    """Read every text of `folder`. Raises nothing: the library holds all faults, sorted.

    `addresses` gives the pattern of each kind of page by language. `base` is the path of the site
    ("" or "/blog"), `shown_folder` the name of the folder in faults. Texts with a date after
    `today` are hidden. `bodies` keeps results for the next call. `unsaved` gives the bytes to read
    in place of the file of a source.
    """
    documents = bodies and bodies.documents
    library = read_headers(folder, shown_folder=shown_folder, documents=documents, **about_the_site)
    if not folder.is_dir():
        return library
    _sort_by_visibility(library)
    refuse_clashes(library)
    mark_stale(library)
    assign_strands(library)
    for document in library.visible:
        assign_topics(library, document)
        _check_project(library, document)
        _check_theme(library, document)
    refuse_topic_clashes(library)
    library.pages = visible_pages(library)
    _render(library, bodies)
    if library.scheduled:
        # The faults of a scheduled text are reported before its day.
        waiting = _with_visible(library, library.scheduled, bodies)
        library.faults += waiting.faults
        library.warnings += waiting.warnings
    _turn_draft_faults_into_warnings(library)
    library.faults.sort(key=lambda fault: fault.sort_key)
    return library


def _turn_draft_faults_into_warnings(library: Library) -> None:
    """Turn the faults of drafts into warnings: a hidden text stops no build."""
    drafts = {document.shown_path for document in library.drafts}
    library.warnings += [fault for fault in library.faults if fault.path in drafts]
    library.faults = [fault for fault in library.faults if fault.path not in drafts]


def _inherit_shared_values(library: Library) -> None:
    """Copy the shared values of each original to its translation."""
    for document in library.by_source.values():
        original = library.by_source.get(source_in(MAIN_LANGUAGE, document.key))
        if document.lang == OTHER_LANGUAGE and original is not None:
            for key in KINDS[document.kind]:
                if key.shared:
                    document.header[key.name] = original.header[key.name]
            if document.header["status"] is None:
                document.header["status"] = original.header["status"]


def _sort_by_visibility(library: Library) -> None:
    for document in sorted(library.by_source.values(), key=lambda document: document.source):
        date: PartialDate | None = document.header.get("date")
        wait = date.first_day - library.today if date else datetime.timedelta()
        if wait > _MAX_WAIT:
            problem = Message("{date} is more than a year ahead", date=date.iso)
            remedy = Message("write the right year, or status: draft until then")
            library.add_fault(document, "date", problem, remedy)
        if document.status == "draft":
            library.drafts.append(document)
        elif wait > datetime.timedelta():
            library.scheduled.append(document)
        else:
            library.visible.append(document)


def _check_project(library: Library, document: Document) -> None:
    name = document.header.get("project")
    if not name:
        return
    known = {d.key.rpartition("/")[2] for d in library.visible if d.kind == "project"}
    if name in known or f"{FOLDERS['project']}/{name}.md" in library.unread:
        return
    if "project" not in document.lines:
        return  # inherited, and reported at the original
    hidden = library.by_source.get(f"{FOLDERS['project']}/{name}.md")
    if hidden is not None:
        problem = Message(
            "the project {project} is hidden: the text is shown without it", project=name
        )
        remedy = Message("publish {path} too, or remove the line", path=hidden.shown_path)
        line = document.lines["project"]
        warning = Fault(document.shown_path, line, "project", problem, remedy, "hidden-target")
        if warning not in library.warnings:
            library.warnings.append(warning)
        return
    near = difflib.get_close_matches(name, known, n=1)
    problem = Message("there is no project “{project}”", project=name)
    remedy = Message("name a file of pages/projects/ without .md")
    if near:
        remedy = Message("did you mean {project}?", project=near[0])
    library.add_fault(document, "project", problem, remedy)


def _check_theme(library: Library, document: Document) -> None:
    """An introduction is shown on the page of a theme, which exists once a text has the theme."""
    theme = document.header.get("theme")
    if not theme or "theme" not in document.lines:
        return
    known = {name for text in library.by_source.values() for name in text.header.get("tags") or ()}
    if theme in known:
        return
    problem = Message("no text has the theme “{theme}”", theme=theme)
    remedy = Message("write the theme into tags: of a text, or remove the line")
    if near := find_similar(theme, known):
        remedy = Message("did you mean {theme}?", theme=near)
    library.add_fault(document, "theme", problem, remedy, "theme")


def _render(library: Library, bodies: BodyCache | None) -> None:
    """Render every visible body, then check the links to headings."""
    fragments = []
    read_all = render_bodies(library, library.visible, bodies)
    for document, read_body in zip(library.visible, read_all, strict=True):
        fragments += _store_body(library, document, read_body)
    check_fragments(library, fragments)


def _store_body(library: Library, document: Document, read_body: RenderedBody) -> list[Fragment]:
    """Set the body of a document, add its faults to the library; return its links to headings."""
    body, files, shown = read_body
    header = document.header
    # "&#12;" is a space in a page, but forbidden in a feed (XML 1.0, 2.2).
    document.encoded_html, document.ids = body.encoded_html.replace(b"\f", b" "), body.ids
    library.files |= files
    library.pictures.update(shown.values())
    document.pictures = [(shown[address], words) for address, words in body.pictures]
    for line, rule, problem, remedy in body.faults:
        library.faults.append(Fault(document.shown_path, line, rule, problem, remedy))
    for name, value in header.items():
        if isinstance(value, str) and name in _TEXT_KEYS:
            header[name] = typeset(value, document.lang)
    first_paragraph = body.first_paragraph.replace("\f", " ")
    document.description = header["summary"] or _shorten(first_paragraph)
    _check_body(library, document)
    return [(document, line, address) for line, address in body.fragments]


def with_new_body(
    library: Library, source: str, unsaved: Mapping[str, bytes]
) -> tuple[Document, Library] | None:
    """Render the body that the file of a visible text has now.

    Return its document, and a library that holds the files and pictures of this text alone. Return
    None if its header has changed too, or if it has a fault: other texts may depend on it.
    `library` is not changed. `unsaved` is that of `read_texts`.
    """
    old = library.by_source.get(source)
    if old is None or not library.is_visible(old):
        return None
    own = replace(
        library,
        unsaved=unsaved,
        faults=[],
        warnings=[],
        files=set(),
        pictures=set(),
        by_source={},
    )
    read_text(own, old.path, source, old.shown_path, set(library.by_source))
    new = own.by_source.get(source)
    if new is None or new.typed_header != old.typed_header:
        return None
    body = {"body": new.body, "body_line": new.body_line}
    document = replace(old, header=dict(old.header), pictures=[], **body)
    own.by_source = library.by_source
    check_fragments(own, _store_body(own, document, render_bodies(own, [document])[0]))
    return None if own.faults else (document, own)


def with_hidden_texts(library: Library, bodies: BodyCache | None = None) -> Library:
    """Return a library in which drafts and scheduled texts are visible too.

    The visible texts keep their links and their strands. The faults are those of the other texts
    only. `library` is not changed. `bodies` is that of `read_texts`.
    """
    shown = _without_aliases_of_drafts(library)
    return _with_visible(shown, [*library.drafts, *library.scheduled], bodies)


def _without_aliases_of_drafts(library: Library) -> Library:
    """Return the library without the aliases at the addresses of drafts.

    A published text that becomes a draft may be replaced by an alias of another text.
    """
    taken = {
        alias
        for draft in library.drafts
        for alias in (library.site_path(draft), *(draft.header["aliases"] or ()))
    }
    return replace(library, visible=[_without_aliases(text, taken) for text in library.visible])


def _without_aliases(document: Document, taken: set[str]) -> Document:
    aliases = document.header["aliases"] or ()
    kept = [alias for alias in aliases if alias not in taken]
    if len(kept) == len(aliases):
        return document
    return replace(document, header=document.header | {"aliases": kept})


def _with_visible(library: Library, hidden: list[Document], bodies: BodyCache | None) -> Library:
    """Return a library in which some hidden texts are visible too, with their faults only.

    A draft may be empty.
    """
    hidden = [
        replace(document, header=dict(document.header), topics=[], pictures=[])
        for document in hidden
    ]
    everything = replace(
        library,
        visible=sorted((*library.visible, *hidden), key=lambda document: document.source),
        by_source=library.by_source | {document.source: document for document in hidden},
        faults=[],
        warnings=[],
        files=set(library.files),
        pictures=set(library.pictures),
        unnamed_themes=set(library.unnamed_themes),
    )
    refuse_clashes(everything)
    assign_hidden_strands(hidden, library)
    fragments = []
    for document in hidden:
        assign_topics(everything, document)
        _check_project(everything, document)
        _check_theme(everything, document)
    refuse_topic_clashes(everything)
    everything.pages = visible_pages(everything)
    for document, read_body in zip(hidden, render_bodies(everything, hidden, bodies), strict=True):
        fragments += _store_body(everything, document, read_body)
    check_fragments(everything, fragments)
    known = {*library.faults, *library.warnings}
    drafts = {document.shown_path for document in library.drafts}
    everything.faults = [
        fault
        for fault in everything.faults
        if fault not in known and not (fault.key == "text" and fault.path in drafts)
    ]
    return everything


def collect_warnings(library: Library) -> list[Fault]:
    """Return the faults that stop no build, those of drafts included."""
    revealed = with_hidden_texts(library)
    drafts = {document.shown_path for document in library.drafts}
    hidden = [fault for fault in revealed.faults if fault.path in drafts]
    hidden += [fault for fault in revealed.warnings if fault.path in drafts]
    return [*library.warnings, *hidden]


def _check_body(library: Library, document: Document) -> None:
    is_empty = not document.body.strip()
    if document.is_announced and not is_empty:
        problem = Message("the project is announced, but its text is here")
        remedy = Message("write status: published, or remove the text")
    elif is_empty and not document.is_announced and document.kind != "home":
        if document.header.get("template") in ("contact", "legal"):
            return
        problem = Message("there is no text under the header")
        remedy = Message("write it, or status: draft")
        if document.kind == "project":
            remedy = Message("write it, or status: draft, or status: announced")
    else:
        return
    line = document.lines.get("status", document.body_line)
    library.faults.append(Fault(document.shown_path, line, "text", problem, remedy))


def _shorten(words: str) -> str:
    if len(words) <= DESCRIPTION_LENGTH:
        return words
    return words[:DESCRIPTION_LENGTH].rpartition(" ")[0].rstrip(" ,;:") + "…"
