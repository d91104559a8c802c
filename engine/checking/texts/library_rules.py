"""What is looked for across the texts, in the pictures, and in what only the owner can give."""

import re
from collections.abc import Iterator
from dataclasses import replace

from engine.checking.finding import Finding
from engine.checking.rules import found
from engine.checking.texts.reading import Reading
from engine.faults import Message
from engine.languages import MAIN_LANGUAGE
from engine.settings.site_file import SiteFile
from engine.settings.site_schema import BLOCKS
from engine.slugs import slugify
from engine.texts.documents import Document, Library
from engine.texts.links import LinkResolver, quote_path
from engine.texts.topics import find_similar
from engine.texts.translations import original_of

# Bytes: a photo of 24 million pixels, as a camera writes it with little loss.
MAX_IMAGE_BYTES = 8_000_000
_IMAGES = "images/"
_WORD = re.compile(r"[^\W\d_]{2,}")


def titles(library: Library) -> Iterator[Finding]:
    """Two texts of one language under one title."""
    first: dict[tuple[str, str], str] = {}
    for document in sorted(library.by_source.values(), key=lambda document: document.source):
        title = document.header["title"]
        if not title:
            continue
        other = first.setdefault((document.lang, slugify(title) or title), document.shown_path)
        if other != document.shown_path:
            line = document.lines.get("title", 1)
            problem = Message("“{title}” is also the title of {file}", title=title, file=other)
            remedy = Message("say what this text has of its own")
            yield found("title-twice", document.shown_path, line, problem, remedy)


def descriptions(library: Library) -> Iterator[Finding]:
    """Two visible texts of one language with one description, which search engines show."""
    first: dict[tuple[str, str], str] = {}
    for document in library.visible:
        if not document.description or document.is_announced:
            continue
        key = (document.lang, document.description)
        other = first.setdefault(key, document.shown_path)
        if other == document.shown_path:
            continue
        if document.header["summary"]:
            line = document.lines.get("summary", 1)
            problem = Message("this summary is also that of {file}", file=other)
            remedy = Message("say what this text has of its own")
        else:
            line = document.lines.get("title", 1)
            problem = Message(
                "it begins as {file} does, and has no summary to tell them apart", file=other
            )
            remedy = Message(
                'add a line such as summary: "…", of what “{title}” says',
                title=document.header["title"],
            )
        yield found("description-twice", document.shown_path, line, problem, remedy)


def hidden_targets(library: Library, readings: list[Reading]) -> Iterator[Finding]:
    """Links of visible texts, or of texts that wait for their day, to what the writer hid."""
    waiting = {document.source for document in library.scheduled}
    with_waiting = replace(library, visible=[*library.visible, *library.scheduled])
    drafts = {document.source for document in library.drafts}
    for reading in readings:
        document = reading.document
        if document.source in drafts:
            continue
        resolver = LinkResolver(with_waiting if document.source in waiting else library, document)
        for link in (*reading.links, *reading.html_links):
            if target := resolver.hidden_target(link.address):
                problem = Message(
                    "the link “{words}” leads to {target}, which is hidden: its words remain",
                    words=link.words.strip(),
                    target=target,
                )
                remedy = Message("publish that too, or remove the link")
                yield found("hidden-target", document.shown_path, link.line, problem, remedy)


def themes(library: Library) -> Iterator[Finding]:
    """A theme that one text alone bears, whose name is nearly that of another."""
    bearers: dict[str, list[Document]] = {}
    for document in sorted(library.by_source.values(), key=lambda document: document.source):
        if "tags" in document.lines:
            for name in dict.fromkeys(document.header.get("tags") or ()):
                bearers.setdefault(name, []).append(document)
    told = set()
    for name, documents in bearers.items():
        near = find_similar(name, {*library.themes, *bearers})
        # Of two themes that are alike and alone, the second would be told again.
        if len(documents) == 1 and near not in (None, *told) and name not in library.themes:
            told.add(name)
            document = documents[0]
            problem = Message("no other text has the theme “{theme}”", theme=name)
            remedy = Message(
                "did you mean {near}? Else name it in themes.yml: {theme}: its English name",
                near=near,
                theme=name,
            )
            yield found("theme-alone", document.shown_path, document.lines["tags"], problem, remedy)


def orders(library: Library) -> Iterator[Finding]:
    """Two projects, or two pages of one menu, in one place: their titles decide, by chance."""
    first: dict[tuple, str] = {}
    for document in sorted(library.by_source.values(), key=lambda document: document.source):
        order, line = document.header.get("order"), document.lines.get("order")
        if order is None or line is None:
            continue
        menu = document.header.get("menu")
        place = (document.kind, menu, order)
        other = first.setdefault(place, document.shown_path)
        if other != document.shown_path and (document.kind == "project" or menu):
            problem = Message("{order} is also the order of {file}", order=order, file=other)
            taken = {used for kind, list_, used in first if (kind, list_) == place[:2]}
            free = next(n for n in range(1, len(taken) + 2) if n not in taken)
            remedy = Message("write order: {free}, or move the other", free=free)
            yield found("order-twice", document.shown_path, line, problem, remedy)


def home(library: Library, shown_folder: str) -> Iterator[Finding]:
    """The home page without its text."""
    is_told = any(
        fault.path in (shown_folder, f"{shown_folder}/home.md") for fault in library.faults
    )
    if "home.md" not in library.by_source and not is_told:
        problem = Message("there is no home.md: the home page has neither title nor text")
        remedy = Message(
            'write it: ---, title: "…", ---, then the text; or put it back from your history'
        )
        yield found("home-missing", f"{shown_folder}/home.md", 1, problem, remedy)


def untranslated(library: Library) -> Iterator[Finding]:
    """English texts that still hold the words of the French ones, as ./inv translate puts them."""
    for document in sorted(library.by_source.values(), key=lambda document: document.source):
        original = original_of(library, document)
        if original is None:
            continue
        mine, theirs = _passages(document.body), _passages(original.body)
        if mine and 2 * len(mine & theirs) > len(mine):
            problem = Message(
                "its text is still that of {file}, in French", file=original.shown_path
            )
            remedy = Message("translate it, and keep status: draft until then")
            yield found("untranslated", document.shown_path, document.body_line, problem, remedy)


def _passages(body: str) -> set[str]:
    """The lines of a body that hold several words."""
    return {line.strip() for line in body.split("\n") if len(_WORD.findall(line)) > 2}


def pictures(
    library: Library, readings: list[Reading], site: SiteFile, shown_folder: str
) -> Iterator[Finding]:
    """Heavy files, and images that neither a text nor the settings use, drafts counted."""
    used = {site.value("owner.portrait").lstrip("/")}
    # A path that is nearly right is told already.
    meant = " ".join(str(fault.remedy) for fault in (*library.faults, *library.warnings))
    for reading in readings:
        resolver = LinkResolver(library, reading.document)
        used |= {resolver.source(address) for address in reading.addresses}
    for source, file in sorted(library.files_found.items()):
        if not source.startswith(_IMAGES):
            continue
        path = f"{shown_folder}/{file.relative_to(library.folder).as_posix()}"
        size = file.stat().st_size
        if size > MAX_IMAGE_BYTES:
            problem = Message(
                "the file has {size} MB, and {limit} are enough",
                size=f"{size / 1e6:.1f}",
                limit=f"{MAX_IMAGE_BYTES / 1e6:.0f}",
            )
            remedy = Message("export it again, at most 4,000 pixels wide")
            yield found("image-heavy", path, 1, problem, remedy)
        if source not in used and f"/{source}" not in meant:
            problem = Message("no text uses this image")
            remedy = Message(
                "show it, as in ![What one sees]({address}), or remove the file",
                address=quote_path(f"/{source}"),
            )
            yield found("image-unused", path, 1, problem, remedy)


def contact(library: Library, site: SiteFile) -> Iterator[Finding]:
    """The contact page of a site that tells no way to answer: its text is not shown.

    Where the settings have a fault, the way to answer may be what is misspelt.
    """
    if site.faults:
        return
    for document in library.visible_of(MAIN_LANGUAGE, "page"):
        if document.header["template"] == "contact" and not site.has_contact:
            problem = Message("nobody could answer: its text is not shown, and no menu leads to it")
            remedy = Message("write in {file}, below owner: email: …", file=site.path)
            line = document.lines.get("template", 1)
            yield found("contact-unreachable", document.shown_path, line, problem, remedy)


def owner(site: SiteFile) -> Iterator[Finding]:
    """What only the owner can give and has not: the empty values of `owner` in the site.yml.

    A folder without the file is not asked for them: engine/publishing/readiness.py does.
    """
    told = {fault.key for fault in site.faults}
    for key in BLOCKS["owner"].keys if site.lines else ():
        name = key.name
        is_told = f"owner.{name}" in told
        if not (site.value(f"owner.{name}") or key.is_optional or is_told):
            line = site.lines.get(f"owner.{name}") or site.lines.get("owner", 1)
            problem = Message("{key} is not given yet", key=name)
            remedy = Message('write it once known: {key}: "…"', key=name)
            yield found("owner", site.path, line, problem, remedy)
