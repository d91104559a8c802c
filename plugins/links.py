"""Where the links of a text lead: another text, a file, a theme, the rest of the web."""

import difflib
import os
import re
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit

from plugins.content_files import STATIC_FOLDERS
from plugins.documents import MAIN_LANGUAGE, Document, Library
from plugins.faults import Fault
from plugins.pictures.drawings import Drawing
from plugins.pictures.inspection import inspect
from plugins.pictures.markup import markup
from plugins.pictures.variants import Picture
from plugins.topics import topic_of

# A link to a heading: the text that holds it, its line, its address.
Fragment = tuple[Document, int, str]


def check_fragments(library: Library, fragments: Iterable[Fragment]) -> None:
    """Look up each link that names a heading, once all texts have theirs."""
    by_address = {library.address(d.lang, d.url): d for d in library.documents}
    for document, line, address in fragments:
        path, _, fragment = address.partition("#")
        target = by_address.get(path) if path else document
        if target is None or not fragment or target.kind == "home":
            continue
        if unquote(fragment) not in target.ids:
            near = difflib.get_close_matches(fragment, target.ids, n=1)
            known = f"did you mean #{near[0]}?" if near else "name one of its headings"
            problem = f"{target.shown_path} has no heading #{fragment}"
            fault = Fault(document.shown_path, line, "link", problem, known, "fragment")
            library.faults.append(fault)


def _no_file(address: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(address.lstrip("./"), known, n=1)
    remedy = f"did you mean {near[0]}?" if near else "name a file of the content folder"
    return f"{address} leads to no file; {remedy}"


_PELICAN_MARK = re.compile(r"^(?:\{|%7B)(?:filename|static)(?:\}|%7D)")
_FILES = tuple(f"{name}/" for name in STATIC_FOLDERS)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_TOPIC_MARK = re.compile(r"^(?:\{|%7B)tag(?:\}|%7D)")


class Resolver:
    """Finds where a document's links lead and what its images are.

    `files` are those that it linked to so far, `pictures` those that it showed, by their address.
    """

    def __init__(self, library: Library, document: Document):
        self.library = library
        self.document = document
        self.files: set[str] = set()
        self.pictures: dict[str, Picture] = {}

    def __call__(self, address: str) -> str:
        """The page's address for the writer's. Raises ValueError("problem; remedy")."""
        if _TOPIC_MARK.match(address):
            return self._topic(unquote(_TOPIC_MARK.sub("", address)))
        address = _PELICAN_MARK.sub("", address)
        if address.startswith("#"):
            return address
        try:
            parts = urlsplit(address)
        except ValueError as error:
            raise ValueError(f"{address} is not an address; type it again") from error
        if parts.scheme in ("http", "https", "mailto", "tel"):
            return address
        if parts.scheme or parts.netloc:
            whole = f"https:{address}" if address.startswith("//") else "https://…"
            raise ValueError(f"{address} is not an address for a page; write {whole}")
        ending = (f"?{parts.query}" if parts.query else "") + (
            f"#{parts.fragment}" if parts.fragment else ""
        )
        source = self._below(parts.path)
        if _MAIL.fullmatch(address) and source not in self.library.files_found:
            return f"mailto:{address}"
        is_file = source.endswith(".md") or source.startswith(_FILES)
        if parts.path.startswith("/") and not is_file:
            # A page of the site, such as /parcours/: the check of the built site looks it up.
            return self.library.base + address
        return self._text(source, address) + ending

    def picture(self, address: str, alt: str, *, eager: bool, attributes: dict[str, str]) -> str:
        """The HTML of an image of the content folder. Raises ValueError("problem; remedy")."""
        source = self.source(address)
        if source not in self.library.files_found:
            raise ValueError(_no_file(address, self.library.files_found))
        picture = self.pictures[address] = inspect(self.library.folder / source)
        return markup(picture, alt, base=self.library.base, eager=eager, attributes=attributes)

    def source(self, address: str) -> str:
        """The path below the content folder that an address of this document means."""
        return self._below(_PELICAN_MARK.sub("", address))

    def _below(self, path: str) -> str:
        path = unquote(path)
        if path.startswith("/"):
            return path.lstrip("/")
        folder = self.document.source.rpartition("/")[0]
        return os.path.normpath(os.path.join(folder, path)).replace(os.sep, "/")

    def _topic(self, name: str) -> str:
        lang = self.document.lang
        texts = [text for text in self.library.documents if text.lang == lang]
        used = {tag for text in texts for tag in text.values.get("tags") or ()}
        topic = topic_of(self.library, name, lang) if name in used else None
        if topic is None:
            near = difflib.get_close_matches(name, used, n=1)
            remedy = f"did you mean {near[0]}?" if near else "name a theme that a text bears"
            raise ValueError(f"no text of this language has the theme “{name}”; {remedy}")
        pattern = self.library.addresses[lang]["topic"]
        return self.library.address(lang, pattern.format(slug=topic.slug))

    def _text(self, source: str, address: str) -> str:
        library = self.library
        if source in library.files_found:
            self._check_drawing(source, address)
            self.files.add(source)
            return f"{library.base}/{quote(source)}"
        document = library.all.get(source)
        if document is None:
            raise ValueError(_no_file(address, [*library.all, *library.files_found]))
        if document.lang == MAIN_LANGUAGE != self.document.lang:
            # A translation keeps the links of its original; one to that original itself is meant.
            counterpart = library.in_language(document, self.document.lang)
            document = counterpart if counterpart not in (None, self.document) else document
        if library.in_language(document, document.lang) is None:
            raise ValueError(
                f"{address} is a text that visitors do not see yet; "
                "publish it too, or remove the link"
            )
        return library.address(document.lang, document.url)

    def _check_drawing(self, source: str, address: str) -> None:
        """Refuse a linked drawing with a script: it would run, opened by itself. ValueError."""
        if source.lower().endswith(".svg"):
            try:
                Drawing((self.library.folder / source).read_bytes())
            except ValueError as error:
                raise ValueError(f"{address}: {error}") from error
