"""All the texts of a content folder, read once before anything is built, with all their faults.

Both language sites of a build take their texts from one library, so that nothing is read twice
and every address is known before the first page is made.
"""

import datetime
import difflib
import multiprocessing
import os
from dataclasses import replace
from pathlib import Path

from plugins import markdown_text
from plugins.addresses import give_address, refuse_clashes
from plugins.content_files import find_texts
from plugins.documents import OTHER_LANGUAGE, Document, Library
from plugins.faults import Fault
from plugins.header_schema import KINDS, LANGUAGES
from plugins.links import Fragment, Resolver, check_fragments
from plugins.partial_dates import PartialDate
from plugins.pictures.variants import Picture
from plugins.topics import give_topics, read_themes
from plugins.typography import typeset

# A body, the files that it links to, the pictures that it shows by their address as typed.
_Read = tuple[markdown_text.Body, set[str], dict[str, Picture]]
# From this number of texts on, sharing the work costs less than it saves.
_WORTH_SHARING = 60
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


def read(folder: Path, *, shown_folder: str | None = None, **about_the_site) -> Library:
    """Read every text of `folder`. Nothing is raised: the library holds all faults, sorted.

    `addresses` gives for each language the pattern of each kind of page, `base` the path below
    which the whole site stands ("" or "/blog"), `shown_folder` how faults call the folder, `today`
    the day up to which texts are shown.
    """
    library = survey(folder, shown_folder=shown_folder, **about_the_site)
    if not folder.is_dir():
        return library
    read_themes(library, shown_folder or str(folder))
    _sort_by_visibility(library)
    refuse_clashes(library)
    _give_strands(library)
    for document in library.documents:
        give_topics(library, document)
        _check_project(library, document)
    _render(library)
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


def _render(library: Library) -> None:
    """Turn every visible body into HTML, then look up each link that names a heading."""
    fragments = []
    for document, read_body in zip(library.documents, _bodies(library), strict=True):
        fragments += _take_body(library, document, read_body)
    check_fragments(library, fragments)


def _take_body(library: Library, document: Document, read_body: _Read) -> list[Fragment]:
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


def hidden_faults(library: Library) -> list[Fault]:
    """The faults that the drafts and the texts of a later day would have, were all of them shown.

    A text without words is none: a draft may be begun.
    """
    hidden = library.drafts + library.scheduled
    everything = replace(
        library,
        documents=sorted(library.documents + hidden, key=lambda document: document.source),
        faults=[],
        files=set(),
        pictures=set(),
    )
    refuse_clashes(everything)
    fragments = []
    for original in hidden:
        document = replace(original, values=dict(original.values), topics=[])
        give_topics(everything, document)
        _check_project(everything, document)
        fragments += _take_body(everything, document, _body(everything, document))
    check_fragments(everything, fragments)
    known = set(library.faults)
    return [fault for fault in everything.faults if fault not in known and fault.key != "text"]


def _bodies(library: Library) -> list[_Read]:
    """The body of each visible text and what it names; on all processors for many texts.

    Only on Linux, where a fork is cheap and safe: elsewhere it would take longer than it saves.
    """
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if processors == 1 or len(library.documents) < _WORTH_SHARING:
        return [_body(library, document) for document in library.documents]
    context = multiprocessing.get_context("fork")
    with context.Pool(processors, initializer=_share, initargs=(library,)) as pool:
        return pool.map(_shared_body, range(len(library.documents)), chunksize=20)


def _body(library: Library, document: Document) -> _Read:
    resolver = Resolver(library, document)
    body = markdown_text.read(
        document.body,
        lang=document.lang,
        first_line=document.body_line,
        links=document.values["links"],
        resolve=resolver,
        show=resolver.picture,
    )
    return body, resolver.files, resolver.pictures


def _share(library: Library) -> None:
    global _shared_library  # noqa: PLW0603 - in a forked process, which ends with its task
    _shared_library = library


def _shared_body(number: int) -> _Read:
    return _body(_shared_library, _shared_library.documents[number])


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
