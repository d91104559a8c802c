"""All the texts of a content folder, read once before anything is built, with all their faults.

Both language sites of a build take their texts from one library, so that nothing is read twice
and every address is known before the first page is made.
"""

import datetime
import difflib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from engine.faults import Fault, Message
from engine.languages import MAIN_LANGUAGE, OTHER_LANGUAGE, source_in
from engine.texts.addresses import give_address, refuse_clashes, visible_pages
from engine.texts.bodies import Bodies, ReadBody, read_bodies
from engine.texts.content_files import FOLDERS, find_texts
from engine.texts.documents import Document, Library
from engine.texts.header_schema import KINDS
from engine.texts.links import Fragment, check_fragments
from engine.texts.partial_dates import PartialDate
from engine.texts.strands import give_more_strands, give_strands
from engine.texts.topics import give_topics, read_themes, refuse_alike_topics
from engine.texts.translations import mark_stale
from engine.typography.typography import typeset

# A search engine shows about as much of a description.
DESCRIPTION_LENGTH = 160
# A later date is a slip of the keyboard ("2206"), not a plan.
_MAX_WAIT = datetime.timedelta(days=366)


def read_headers(
    folder: Path,
    *,
    addresses: dict[str, dict[str, str]],
    today: datetime.date,
    base: str = "",
    shown_folder: str | None = None,
    unsaved: Mapping[str, bytes] | None = None,
) -> Library:
    """Find every text of `folder`, drafts too, with its header and its address; no body is read.

    The arguments are those of `read_texts`. Nothing is raised: the library holds the faults.
    """
    library = Library(folder, addresses, today, base, unsaved or {})
    shown = shown_folder or str(folder)
    if not folder.is_dir():
        problem = Message("there is no such folder")
        remedy = Message("make the folder, or name another in SITE_CONTENT")
        library.faults.append(Fault(shown, None, "content", problem, remedy))
        return library
    find_texts(library, shown)
    _inherit(library)
    for document in library.by_source.values():
        give_address(library, document)
    return library


def read_texts(
    folder: Path,
    *,
    shown_folder: str | None = None,
    bodies: Bodies | None = None,
    **about_the_site,
) -> Library:
    """Read every text of `folder`. Nothing is raised: the library holds all faults, sorted.

    `addresses` gives for each language the pattern of each kind of page, `base` the path below
    which the whole site stands ("" or "/blog"), `shown_folder` how faults call the folder, `today`
    the day up to which texts are shown. `bodies` keeps what was read for the next call, `unsaved`
    gives for a source the bytes to read in place of its file's.
    """
    library = read_headers(folder, shown_folder=shown_folder, **about_the_site)
    if not folder.is_dir():
        return library
    read_themes(library, shown_folder or str(folder))
    _sort_by_visibility(library)
    refuse_clashes(library)
    mark_stale(library)
    give_strands(library)
    for document in library.visible:
        give_topics(library, document)
        _check_project(library, document)
    refuse_alike_topics(library)
    library.pages = visible_pages(library)
    _render(library, bodies)
    if library.scheduled:
        # What is wrong with a text that waits is told before its day.
        waiting = _with_shown(library, library.scheduled, bodies)
        library.faults += waiting.faults
        library.warnings += waiting.warnings
    _let_drafts_pass(library)
    library.faults.sort(key=lambda fault: fault.sort_key)
    return library


def _let_drafts_pass(library: Library) -> None:
    """Make a warning of each fault of a draft: what visitors do not see stops nothing."""
    drafts = {document.shown_path for document in library.drafts}
    library.warnings += [fault for fault in library.faults if fault.path in drafts]
    library.faults = [fault for fault in library.faults if fault.path not in drafts]


def _inherit(library: Library) -> None:
    """Give each translation the shared values of its original."""
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
            library.fault(document, "date", problem, remedy)
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
    if name in known:
        return
    if "project" not in document.lines:
        return  # a translation has it from its original, where it is told
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
    library.fault(document, "project", problem, remedy)


def _render(library: Library, bodies: Bodies | None) -> None:
    """Turn every visible body into HTML, then look up each link that names a heading."""
    fragments = []
    read_all = read_bodies(library, library.visible, bodies)
    for document, read_body in zip(library.visible, read_all, strict=True):
        fragments += _take_body(library, document, read_body)
    check_fragments(library, fragments)


def _take_body(library: Library, document: Document, read_body: ReadBody) -> list[Fragment]:
    """Give a document its body, and the library its faults; return its links to headings."""
    body, files, shown = read_body
    header = document.header
    # "&#12;" is a space to a page, and no character of a feed (XML 1.0, 2.2).
    document.html, document.ids = body.html.replace("\f", " "), body.ids
    library.files |= files
    library.pictures.update(shown.values())
    document.pictures = [(shown[address], words) for address, words in body.pictures]
    for line, rule, problem, remedy in body.faults:
        library.faults.append(Fault(document.shown_path, line, rule, problem, remedy))
    for name, value in header.items():
        if isinstance(value, str) and name in _WORDS:
            header[name] = typeset(value, document.lang)
    first_paragraph = body.first_paragraph.replace("\f", " ")
    document.description = header["summary"] or _shortened(first_paragraph)
    _check_body(library, document)
    return [(document, line, address) for line, address in body.fragments]


def with_hidden_texts(library: Library, bodies: Bodies | None = None) -> Library:
    """The library as it would be if drafts and texts of a later day were shown.

    What is shown already stays as it is: its links, its strands. The faults are those of the other
    texts only. The library that was given is not changed; `bodies` is that of `read_texts`.
    """
    shown = _without_aliases_of_drafts(library)
    return _with_shown(shown, [*library.drafts, *library.scheduled], bodies)


def _without_aliases_of_drafts(library: Library) -> Library:
    """The library without the aliases by which readers of a draft are led on meanwhile.

    A draft that was public before leaves its addresses to another text, and takes them back.
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


def _with_shown(library: Library, hidden: list[Document], bodies: Bodies | None) -> Library:
    """The library as it would be if some hidden texts were shown, with their faults alone.

    That a draft has no words is no fault: it may be begun.
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
    )
    refuse_clashes(everything)
    give_more_strands(hidden, library)
    fragments = []
    for document in hidden:
        give_topics(everything, document)
        _check_project(everything, document)
    refuse_alike_topics(everything)
    everything.pages = visible_pages(everything)
    for document, read_body in zip(hidden, read_bodies(everything, hidden, bodies), strict=True):
        fragments += _take_body(everything, document, read_body)
    check_fragments(everything, fragments)
    known = {*library.faults, *library.warnings}
    drafts = {document.shown_path for document in library.drafts}
    everything.faults = [
        fault
        for fault in everything.faults
        if fault not in known and not (fault.key == "text" and fault.path in drafts)
    ]
    return everything


def warnings(library: Library) -> list[Fault]:
    """What a writer should know and no build stops at: the faults of drafts among it."""
    revealed = with_hidden_texts(library)
    drafts = {document.shown_path for document in library.drafts}
    hidden = [fault for fault in revealed.faults if fault.path in drafts]
    hidden += [fault for fault in revealed.warnings if fault.path in drafts]
    return [*library.warnings, *hidden]


_WORDS = {key.name for keys in KINDS.values() for key in keys if key.type == "text"}


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


def _shortened(words: str) -> str:
    if len(words) <= DESCRIPTION_LENGTH:
        return words
    return words[:DESCRIPTION_LENGTH].rpartition(" ")[0].rstrip(" ,;:") + "…"
