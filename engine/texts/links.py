"""Resolve the links of a text: another text, a file, a theme, another site."""

import difflib
import os
import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import quote, urlsplit

from engine.characters import decode_address
from engine.faults import Fault, Message, ProblemError
from engine.languages import ENGLISH, FRENCH, MAIN_LANGUAGE
from engine.pictures.markup import markup
from engine.pictures.variants import Picture
from engine.texts.content_files import STATIC_FOLDERS
from engine.texts.documents import Document, Library
from engine.texts.topics import find_similar, topic_of

# The suffix that Pelican adds to the address of a list for its further pages.
_LATER_PAGE = re.compile(r"page/[0-9]+/$")
_OWN_FILES = ("/sitemap.xml", "/robots.txt", "/version.txt")
# A link to a heading: its text, its line, its address.
Fragment = tuple[Document, int, str]


def check_fragments(library: Library, fragments: Iterable[Fragment]) -> None:
    """Add a fault for each link to a missing heading; all texts must be rendered."""
    by_address = {library.address(d.lang, d.url): d for d in library.visible}
    for document, line, address in fragments:
        path, _, fragment = address.partition("#")
        target = by_address.get(path) if path else document
        if target is None or not fragment or target.kind == "home":
            continue
        if decode_address(fragment) not in target.ids:
            near = difflib.get_close_matches(fragment, target.ids, n=1)
            problem = Message(
                "{path} has no heading #{fragment}", path=target.shown_path, fragment=fragment
            )
            remedy = Message("name one of its headings")
            if near:
                remedy = Message("did you mean #{fragment}?", fragment=near[0])
            fault = Fault(document.shown_path, line, "link", problem, remedy, "fragment")
            library.faults.append(fault)


PELICAN_MARK = re.compile(r"^(?:\{|%7B)(?:filename|static)(?:\}|%7D)")
_FILES = tuple(f"{name}/" for name in STATIC_FOLDERS)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_TOPIC_MARK = re.compile(r"^(?:\{|%7B)tag(?:\}|%7D)")


def quote_path(path: str) -> str:
    """Return a path as typed between the parentheses of a link."""
    return f"<{path}>" if re.search(r"[\s()]", path) else path


def _have_similar_names(one: str, other: str) -> bool:
    stems = [PurePosixPath(path).name.partition(".")[0] for path in (one, other)]
    return bool(difflib.get_close_matches(stems[0], stems[1:], cutoff=0.6))


# The units of a size in each language, in bytes.
_UNITS = {
    FRENCH: (("Go", 10**9), ("Mo", 10**6), ("ko", 10**3)),
    ENGLISH: (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)),
}
_DECIMAL_MARK = {FRENCH: ",", ENGLISH: "."}
_FORMATS = {"JPG": "JPEG", "TIF": "TIFF", "MD": "Markdown"}


def describe_file(name: str, size: int, lang: str) -> str:
    """Describe a file of `size` bytes in words, for its link: "PDF, 1,2 Mo"."""
    ending = PurePosixPath(name).suffix.removeprefix(".").upper()
    unit, divisor = next((each for each in _UNITS[lang] if size >= each[1]), _UNITS[lang][-1])
    number = max(size / divisor, 1)
    digits = f"{number:.1f}" if number < 10 and divisor > 10**3 else f"{number:.0f}"
    digits = digits.removesuffix(".0").replace(".", _DECIMAL_MARK[lang])
    return ", ".join(filter(None, (_FORMATS.get(ending, ending), f"{digits}\u00a0{unit}")))


def _path_of(address: str) -> str:
    """Return the path of an address without scheme and host, "" for any other."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else parts.path


class LinkResolver:
    """Resolve the links and the images of a document.

    `files` collects the linked files, `pictures` the shown pictures by their address.
    """

    def __init__(self, library: Library, document: Document):
        self.library = library
        self.document = document
        self.files: set[str] = set()
        self.pictures: dict[str, Picture] = {}

    def __call__(self, address: str) -> str:
        """Return the address of a link on the page, "" if its target is hidden.

        Raises ProblemError.
        """
        if _TOPIC_MARK.match(address):
            return self._topic_address(decode_address(_TOPIC_MARK.sub("", address)))
        address = PELICAN_MARK.sub("", address)
        if address.startswith("#"):
            return address
        typed = decode_address(address)
        try:
            parts = urlsplit(address)
        except ValueError as error:
            problem = Message("{address} is not an address", address=typed)
            raise ProblemError(problem, Message("type it again")) from error
        if parts.scheme in ("http", "https", "mailto", "tel"):
            return address
        if parts.scheme or parts.netloc:
            whole = f"https:{typed}" if typed.startswith("//") else "https://…"
            raise ProblemError(
                Message("{address} is not an address for a page", address=typed),
                Message("write {address}", address=whole),
            )
        ending = (f"?{parts.query}" if parts.query else "") + (
            f"#{parts.fragment}" if parts.fragment else ""
        )
        source = self._resolve_path(parts.path)
        if _MAIL.fullmatch(address) and source not in self.library.files_found:
            return f"mailto:{address}"
        is_file = source.endswith(".md") or source.startswith(_FILES)
        if parts.path.startswith("/") and not is_file:
            return self._page_address(parts.path, ending)
        target = self._text_or_file_address(source, address)
        return target and target + ending

    def picture(self, address: str, alt: str, *, eager: bool, attributes: dict[str, str]) -> str:
        """Return the HTML of an image of the content folder. Raises ProblemError."""
        # A site without pictures needs no decoder.
        from engine.pictures.inspection import inspect  # noqa: PLC0415

        source = self.source(address)
        if source not in self.library.files_found:
            raise self._missing_file_error(address, self.library.files_found)
        try:
            picture = self.pictures[address] = inspect(self.library.files_found[source])
            return markup(picture, alt, base=self.library.base, eager=eager, attributes=attributes)
        except ProblemError as error:
            problem = Message(
                "{file}: {problem}", file=decode_address(address), problem=error.problem
            )
            raise ProblemError(problem, error.remedy) from error

    def source(self, address: str) -> str:
        """Return the path below the content folder for an address in this document."""
        return self._resolve_path(PELICAN_MARK.sub("", address))

    def describe(self, address: str) -> str:
        """Describe the file at the address of a link: "PDF, 1,2 Mo"; return "" for a page."""
        source = self.source(_path_of(address))
        file = self.library.files_found.get(source)
        if file is None:
            return ""
        return describe_file(source, file.stat().st_size, self.document.lang)

    def _resolve_path(self, path: str) -> str:
        path = decode_address(path)
        if path.startswith("/"):
            return path.lstrip("/")
        folder = self.document.source.rpartition("/")[0]
        return os.path.normpath(os.path.join(folder, path)).replace(os.sep, "/")

    def _missing_file_error(self, address: str, known: Iterable[str]) -> ProblemError:
        """Return the error of an address without a file, percent-encoding decoded."""
        names = {f"/{source}": source for source in known}
        wanted = "/" + self.source(_path_of(address))
        typed = decode_address(address)
        problem = Message("{address} leads to no file", address=typed)
        for place in (wanted, "/" + typed.lstrip("./")):
            if place in names:
                return ProblemError(
                    problem, Message("did you mean {path}?", path=quote_path(place))
                )
        near = difflib.get_close_matches(wanted, names, n=3)
        near += difflib.get_close_matches("/" + typed.lstrip("./"), names, n=3)
        # A common folder and suffix do not make two names similar.
        near = [place for place in near if _have_similar_names(place, wanted)]
        remedy = Message("name a file of the content folder")
        if near:
            remedy = Message("did you mean {path}?", path=quote_path(near[0]))
        return ProblemError(problem, remedy)

    def _page_address(self, path: str, ending: str) -> str:
        """Resolve the public address of a page; return "" if the page is hidden."""
        library = self.library
        address = library.base + decode_address(path)
        if _LATER_PAGE.sub("", address) in library.pages or path in _OWN_FILES:
            return library.base + path + ending
        if self.hidden_page(address):
            return ""
        typed = decode_address(path)
        for document in library.visible:
            if typed in (document.header.get("aliases") or ()):
                new = library.address(document.lang, document.url).removeprefix(library.base)
                raise ProblemError(
                    Message("{address} is an old address", address=typed),
                    Message("write the new one, {address}", address=new),
                )
        pages = [page.removeprefix(library.base) for page in library.pages]
        near = difflib.get_close_matches(typed, pages, n=1)
        remedy = Message("name the file of a text, or another page")
        if near:
            remedy = Message("did you mean {address}?", address=near[0])
        raise ProblemError(Message("{address} leads to no page", address=typed), remedy)

    def hidden_page(self, address: str) -> Document | None:
        """Return the hidden text whose page would have a path-absolute address, else None."""
        for document in self.library.by_source.values():
            if self.library.address(document.lang, document.url) == address:
                return None if self.library.is_visible(document) else document
        return None

    def hidden_target(self, address: str) -> Message | str | None:
        """Return the hidden text or theme that a link names, None for any other target."""
        if _TOPIC_MARK.match(address):
            name = decode_address(_TOPIC_MARK.sub("", address))
            is_hidden = self._topic_is_hidden(name)
            return Message("the theme “{theme}”", theme=name) if is_hidden else None
        path = _path_of(PELICAN_MARK.sub("", address))
        if not path:
            return None
        document = self.library.by_source.get(self._resolve_path(path))
        if document is None:
            found = self.hidden_page(self.library.base + decode_address(path))
            return found and found.shown_path
        is_visible = self.library.is_visible(self._in_own_language(document))
        return None if is_visible else document.shown_path

    def _in_own_language(self, document: Document) -> Document:
        """Return the target of a link to `document`.

        A translation keeps the links of its original. A link to a French text leads to its visible
        English version, except a link of a translation to its own original.
        """
        if document.lang == MAIN_LANGUAGE != self.document.lang:
            counterpart = self.library.in_language(document, self.document.lang)
            return counterpart if counterpart not in (None, self.document) else document
        return document

    def _topics_used(self) -> set[str]:
        texts = [text for text in self.library.visible if text.lang == self.document.lang]
        return {tag for text in texts for tag in text.header.get("tags") or ()}

    def _topic_is_hidden(self, name: str) -> bool:
        """Whether only hidden texts have a theme."""
        borne = any(
            name in (text.header.get("tags") or ()) for text in self.library.by_source.values()
        )
        return borne and name not in self._topics_used()

    def _topic_address(self, name: str) -> str:
        lang = self.document.lang
        if self._topic_is_hidden(name):
            return ""
        used = self._topics_used()
        topic = topic_of(self.library, name, lang) if name in used else None
        if topic is None:
            near = find_similar(name, used)
            remedy = Message("add it to the tags of a text first")
            if near:
                remedy = Message("did you mean {theme}?", theme=near)
            raise ProblemError(
                Message("no text of this language has the theme “{theme}”", theme=name), remedy
            )
        pattern = self.library.addresses[lang]["topic"]
        return self.library.address(lang, pattern.format(slug=topic.slug))

    def _text_or_file_address(self, source: str, address: str) -> str:
        library = self.library
        if source in library.files_found:
            self._check_drawing(source, address)
            self.files.add(source)
            return f"{library.base}/{quote(source)}"
        document = library.by_source.get(source)
        if source in library.unread:
            return ""
        if document is None:
            raise self._missing_file_error(address, [*library.by_source, *library.files_found])
        document = self._in_own_language(document)
        if not library.is_visible(document):
            # The words remain without a link; `./inv check` reports it.
            return ""
        return library.address(document.lang, document.url)

    def _check_drawing(self, source: str, address: str) -> None:
        """Raise ProblemError for a linked drawing with a script: a browser would run it."""
        if source.lower().endswith(".svg"):
            from engine.pictures.drawings import Drawing  # noqa: PLC0415 - as above

            try:
                Drawing(self.library.files_found[source].read_bytes())
            except ProblemError as error:
                problem = Message("{file}: {problem}", file=address, problem=error.problem)
                raise ProblemError(problem, error.remedy) from error
