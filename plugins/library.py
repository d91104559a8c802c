"""All the texts of a content folder, read once before anything is built, with all their faults.

Both language sites of a build take their texts from one library, so that nothing is read twice
and every address is known before the first page is made.
"""

import datetime
import difflib
from dataclasses import replace
from pathlib import Path

from plugins.addresses import give_address, refuse_clashes
from plugins.bodies import Bodies, ReadBody, read_bodies
from plugins.content_files import find_texts
from plugins.documents import OTHER_LANGUAGE, Document, Library, project_order
from plugins.faults import Fault
from plugins.header_schema import KINDS, LANGUAGES
from plugins.links import Fragment, check_fragments
from plugins.partial_dates import PartialDate
from plugins.topics import give_topics, read_themes
from plugins.translations import mark_stale
from plugins.typography import typeset

# A search engine shows about as much of a description.
DESCRIPTION_LENGTH = 160
# A later date is a slip of the keyboard ("2206"), not a plan.
_LONGEST_WAIT = datetime.timedelta(days=366)


def survey(
    folder: Path,
    *,
    addresses: dict[str, dict[str, str]],
    base: str = "",
    shown_folder: str | None = None,
    today: datetime.date | None = None,
) -> Library:
    """Find every text of `folder`, drafts too, with its header and its address; no body is read.

    The arguments are those of `read`. Nothing is raised: the library holds the faults.
    """
    library = Library(folder, addresses, base, today or datetime.date.today())
    shown = shown_folder or str(folder)
    if not folder.is_dir():
        remedy = "make the folder, or name another in SITE_CONTENT"
        library.faults.append(Fault(shown, None, "content", "there is no such folder", remedy))
        return library
    find_texts(library, shown)
    _inherit(library)
    for document in library.all.values():
        give_address(library, document)
    return library


def read(
    folder: Path,
    *,
    shown_folder: str | None = None,
    bodies: Bodies | None = None,
    **about_the_site,
) -> Library:
    """Read every text of `folder`. Nothing is raised: the library holds all faults, sorted.

    `addresses` gives for each language the pattern of each kind of page, `base` the path below
    which the whole site stands ("" or "/blog"), `shown_folder` how faults call the folder, `today`
    the day up to which texts are shown. `bodies` keeps what was read for the next call.
    """
    library = survey(folder, shown_folder=shown_folder, **about_the_site)
    if not folder.is_dir():
        return library
    read_themes(library, shown_folder or str(folder))
    _sort_by_visibility(library)
    refuse_clashes(library)
    mark_stale(library)
    _give_strands(library)
    for document in library.documents:
        give_topics(library, document)
        _check_project(library, document)
    _render(library, bodies)
    library.faults.sort(key=lambda fault: fault.sort_key)
    return library


def _inherit(library: Library) -> None:
    """Give each translation the shared values of its original."""
    for document in library.all.values():
        original = library.all.get(f"{document.key}.md")
        if document.lang == OTHER_LANGUAGE and original is not None:
            for key in KINDS[document.kind]:
                if key.shared:
                    document.values[key.name] = original.values[key.name]
            if document.values["status"] is None:
                document.values["status"] = original.values["status"]


def _sort_by_visibility(library: Library) -> None:
    for document in sorted(library.all.values(), key=lambda document: document.source):
        date: PartialDate | None = document.values.get("date")
        wait = date.first_day - library.today if date else datetime.timedelta()
        if wait > _LONGEST_WAIT:
            remedy = "write the right year, or status: draft until then"
            library.fault(document, "date", f"{date.iso} is more than a year ahead", remedy)
        if document.status == "draft":
            library.drafts.append(document)
        elif wait > datetime.timedelta():
            library.scheduled.append(document)
        else:
            library.documents.append(document)


def _give_strands(library: Library) -> None:
    """Number the projects in their order; a text and its translation share a number."""
    keys = []
    for lang in LANGUAGES:
        for document in library.of(lang, "project"):
            if document.key not in keys:
                keys.append(document.key)
            document.strand = keys.index(document.key)


def _give_more_strands(hidden: list[Document], library: Library) -> None:
    """Number the hidden projects after those that are shown, which keep their colours."""
    strands = {d.key: d.strand for d in library.documents if d.kind == "project"}
    for document in sorted((d for d in hidden if d.kind == "project"), key=project_order):
        document.strand = strands.setdefault(document.key, len(set(strands.values())))


def _check_project(library: Library, document: Document) -> None:
    name = document.values.get("project")
    if not name:
        return
    known = {d.key.rpartition("/")[2] for d in library.documents if d.kind == "project"}
    if name in known:
        return
    near = difflib.get_close_matches(name, known, n=1)
    remedy = f"did you mean {near[0]}?" if near else "name a file of pages/projects/ without .md"
    library.fault(document, "project", f"there is no visible project “{name}”", remedy)


def _render(library: Library, bodies: Bodies | None) -> None:
    """Turn every visible body into HTML, then look up each link that names a heading."""
    fragments = []
    read_all = read_bodies(library, library.documents, bodies)
    for document, read_body in zip(library.documents, read_all, strict=True):
        fragments += _take_body(library, document, read_body)
    check_fragments(library, fragments)


def _take_body(library: Library, document: Document, read_body: ReadBody) -> list[Fragment]:
    """Give a document its body, and the library its faults; return its links to headings."""
    body, files, shown = read_body
    values = document.values
    document.html, document.ids = body.html, body.ids
    library.files |= files
    library.pictures.update(shown.values())
    document.pictures = [(shown[address], words) for address, words in body.pictures]
    for line, rule, problem, remedy in body.faults:
        library.faults.append(Fault(document.shown_path, line, rule, problem, remedy))
    for name, value in values.items():
        if isinstance(value, str) and name in _WORDS:
            values[name] = typeset(value, document.lang)
    document.description = values["summary"] or _shortened(body.first_paragraph)
    _check_body(library, document)
    return [(document, line, address) for line, address in body.fragments]


def reveal(library: Library, bodies: Bodies | None = None) -> Library:
    """The library as it would be if drafts and texts of a later day were shown.

    What is shown already stays as it is: its links, its strands. The faults are those of the other
    texts only; a text without words is none, since a draft may be begun. The library that was given
    is not changed; `bodies` is that of `read`.
    """
    hidden = [
        replace(document, values=dict(document.values), topics=[], pictures=[])
        for document in (*library.drafts, *library.scheduled)
    ]
    everything = replace(
        library,
        documents=sorted((*library.documents, *hidden), key=lambda document: document.source),
        all=library.all | {document.source: document for document in hidden},
        faults=[],
        files=set(library.files),
        pictures=set(library.pictures),
    )
    refuse_clashes(everything)
    _give_more_strands(hidden, library)
    fragments = []
    for document, read_body in zip(hidden, read_bodies(everything, hidden, bodies), strict=True):
        give_topics(everything, document)
        _check_project(everything, document)
        fragments += _take_body(everything, document, read_body)
    check_fragments(everything, fragments)
    known = set(library.faults)
    everything.faults = [
        fault for fault in everything.faults if fault not in known and fault.key != "text"
    ]
    return everything


def hidden_faults(library: Library) -> list[Fault]:
    """The faults that drafts and texts of a later day would have if they were shown."""
    return reveal(library).faults


_WORDS = {key.name for keys in KINDS.values() for key in keys if key.type == "text"}


def _check_body(library: Library, document: Document) -> None:
    is_empty = not document.body.strip()
    if document.is_announced and not is_empty:
        problem = "the project is announced, but its text is here"
        remedy = "write status: published, or remove the text"
    elif is_empty and not document.is_announced and document.kind != "home":
        if document.values.get("template") in ("contact", "legal"):
            return
        problem = "there is no text under the header"
        remedy = "write it, or status: draft" + (
            ", or status: announced" if document.kind == "project" else ""
        )
    else:
        return
    line = document.lines.get("status", document.body_line)
    library.faults.append(Fault(document.shown_path, line, "text", problem, remedy))


def _shortened(words: str) -> str:
    if len(words) <= DESCRIPTION_LENGTH:
        return words
    return words[:DESCRIPTION_LENGTH].rpartition(" ")[0].rstrip(" ,;:") + "…"
