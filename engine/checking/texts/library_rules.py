"""Check the texts together, the image files, and the settings that only the owner can give."""

import re
from collections.abc import Iterator
from dataclasses import replace

from engine.checking.finding import Finding
from engine.checking.rules import new_finding
from engine.checking.texts.parsed_text import ParsedText
from engine.faults import Message
from engine.languages import MAIN_LANGUAGE
from engine.messages.catalogue import format_number
from engine.settings.site_file import SiteFile
from engine.settings.site_schema import BLOCKS
from engine.slugs import slugify
from engine.texts.documents import Document, Library
from engine.texts.links import LinkResolver, quote_path
from engine.texts.topics import find_similar
from engine.texts.translations import original_of

# Bytes: a photo of 24 megapixels as a camera writes it, at high quality.
MAX_IMAGE_BYTES = 8_000_000
_IMAGES = "images/"
_WORD = re.compile(r"[^\W\d_]{2,}")


def titles(library: Library) -> Iterator[Finding]:
    """Find texts of one language with the same title."""
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
            yield new_finding("title-twice", document.shown_path, line, problem, remedy)


def descriptions(library: Library) -> Iterator[Finding]:
    """Find visible texts of one language with the same description, which search engines show."""
    first: dict[tuple[str, str], str] = {}
    for document in library.visible:
        if not document.description or document.is_announced:
            continue
        if document.unread & {"title", "summary"}:
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
        yield new_finding("description-twice", document.shown_path, line, problem, remedy)


def hidden_targets(library: Library, parsed_texts: list[ParsedText]) -> Iterator[Finding]:
    """Find links of visible or scheduled texts to hidden texts."""
    waiting = {document.source for document in library.scheduled}
    with_waiting = replace(library, visible=[*library.visible, *library.scheduled])
    drafts = {document.source for document in library.drafts}
    for parsed in parsed_texts:
        document = parsed.document
        if document.source in drafts:
            continue
        resolver = LinkResolver(with_waiting if document.source in waiting else library, document)
        for link in (*parsed.links, *parsed.html_links):
            if target := resolver.hidden_target(link.address):
                problem = Message(
                    "the link “{words}” leads to {target}, which is hidden: its words remain",
                    words=link.words.strip(),
                    target=target,
                )
                remedy = Message("publish that too, or remove the link")
                yield new_finding("hidden-target", document.shown_path, link.line, problem, remedy)


def themes(library: Library) -> Iterator[Finding]:
    """Find themes of a single text whose name is similar to another theme's."""
    bearers: dict[str, list[Document]] = {}
    for document in sorted(library.by_source.values(), key=lambda document: document.source):
        if "tags" in document.lines:
            for name in dict.fromkeys(document.header.get("tags") or ()):
                bearers.setdefault(name, []).append(document)
    reported = set()
    for name, documents in bearers.items():
        near = find_similar(name, {*library.themes, *bearers})
        # Of two similar themes, only the first is reported.
        if len(documents) == 1 and near not in (None, *reported) and name not in library.themes:
            reported.add(name)
            document = documents[0]
            problem = Message("no other text has the theme “{theme}”", theme=name)
            remedy = Message(
                "did you mean {near}? Else name it in themes.yml: {theme}: its English name",
                near=near,
                theme=name,
            )
            yield new_finding(
                "theme-alone", document.shown_path, document.lines["tags"], problem, remedy
            )


def orders(library: Library) -> Iterator[Finding]:
    """Find projects, or pages of one menu, with the same order: their titles then sort them."""
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
            yield new_finding("order-twice", document.shown_path, line, problem, remedy)


def home(library: Library, shown_folder: str) -> Iterator[Finding]:
    """Find a missing text of the home page."""
    is_reported = any(
        fault.path in (shown_folder, f"{shown_folder}/home.md") for fault in library.faults
    )
    if "home.md" not in library.by_source and not is_reported:
        problem = Message("there is no home.md: the home page has neither title nor text")
        remedy = Message(
            'write it: ---, title: "…", ---, then the text; or put it back from your history'
        )
        yield new_finding("home-missing", f"{shown_folder}/home.md", 1, problem, remedy)


def untranslated(library: Library) -> Iterator[Finding]:
    """Find English texts that are still the French ones, as `./inv translate` copies them."""
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
            yield new_finding(
                "untranslated", document.shown_path, document.body_line, problem, remedy
            )


def _passages(body: str) -> set[str]:
    """Return the lines of a body that hold three words or more."""
    return {line.strip() for line in body.split("\n") if len(_WORD.findall(line)) > 2}


def pictures(
    library: Library, parsed_texts: list[ParsedText], site: SiteFile, shown_folder: str
) -> Iterator[Finding]:
    """Find large image files, and images that neither a text, draft or not, nor a setting uses."""
    used = {site.value("owner.portrait").lstrip("/")}
    # An image that a remedy proposes for a misspelt path is not unused.
    meant = " ".join(str(fault.remedy) for fault in (*library.faults, *library.warnings))
    for parsed in parsed_texts:
        resolver = LinkResolver(library, parsed.document)
        used |= {resolver.source(address) for address in parsed.addresses}
    for source, file in sorted(library.files_found.items()):
        if not source.startswith(_IMAGES):
            continue
        path = f"{shown_folder}/{file.relative_to(library.folder).as_posix()}"
        size = file.stat().st_size
        if size > MAX_IMAGE_BYTES:
            problem = Message(
                "the file has {size} MB, and {limit} are enough",
                size=format_number(round(size / 1e6, 1)),
                limit=format_number(MAX_IMAGE_BYTES / 1e6),
            )
            remedy = Message("export it again, at most 4,000 pixels wide")
            yield new_finding("image-heavy", path, 1, problem, remedy)
        if source not in used and f"/{source}" not in meant:
            problem = Message("no text uses this image")
            remedy = Message(
                "show it, as in ![What one sees]({address}), or remove the file",
                address=quote_path(f"/{source}"),
            )
            yield new_finding("image-unused", path, 1, problem, remedy)


def contact(library: Library, site: SiteFile) -> Iterator[Finding]:
    """Find a contact page that is not shown, since the settings give no way to reach the owner."""
    if site.faults:  # an address may be there, misspelt
        return
    for document in library.visible_of(MAIN_LANGUAGE, "page"):
        if document.header["template"] == "contact" and not site.has_contact:
            problem = Message("nobody could answer: its text is not shown, and no menu leads to it")
            remedy = Message("write in {file}, below owner: email: …", file=site.path)
            line = document.lines.get("template", 1)
            yield new_finding("contact-unreachable", document.shown_path, line, problem, remedy)


def owner(site: SiteFile) -> Iterator[Finding]:
    """Find the empty values of `owner` in the site.yml.

    A folder without the file has no such finding: engine/publishing/readiness.py asks for them.
    """
    reported = {fault.key for fault in site.faults}
    for key in BLOCKS["owner"].keys if site.lines else ():
        name = key.name
        is_reported = f"owner.{name}" in reported
        if not (site.value(f"owner.{name}") or key.is_optional or is_reported):
            line = site.lines.get(f"owner.{name}") or site.lines.get("owner", 1)
            problem = Message("{key} is not given yet", key=name)
            remedy = Message('write it once known: {key}: "…"', key=name)
            yield new_finding("owner", site.path, line, problem, remedy)
