"""Where the links of a text lead: another text, a file, a theme, the rest of the web."""

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
from engine.texts.topics import alike, topic_of

# A list's later pages have the address of its first.
_LATER_PAGE = re.compile(r"page/[0-9]+/$")
_OWN_FILES = ("/sitemap.xml", "/robots.txt", "/version.txt")
# A link to a heading: the text that holds it, its line, its address.
Fragment = tuple[Document, int, str]


def check_fragments(library: Library, fragments: Iterable[Fragment]) -> None:
    """Look up each link that names a heading, once all texts have theirs."""
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


def typed_path(path: str) -> str:
    """A path as it can be typed between parentheses."""
    return f"<{path}>" if re.search(r"[\s()]", path) else path


def _stems_alike(one: str, other: str) -> bool:
    stems = [PurePosixPath(path).name.partition(".")[0] for path in (one, other)]
    return bool(difflib.get_close_matches(stems[0], stems[1:], cutoff=0.6))


# The units of a size in each language, in bytes; the separator of decimals.
_UNITS = {
    FRENCH: (("Go", 10**9), ("Mo", 10**6), ("ko", 10**3)),
    ENGLISH: (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)),
}
_DECIMAL_MARK = {FRENCH: ",", ENGLISH: "."}
_FORMATS = {"JPG": "JPEG", "TIF": "TIFF", "MD": "Markdown"}


def describe_file(name: str, size: int, lang: str) -> str:
    """The format and the size of a file of `size` bytes, as a link tells them: "PDF, 1,2 Mo".

    A reader decides before the download.
    """
    ending = PurePosixPath(name).suffix.removeprefix(".").upper()
    unit, divisor = next((each for each in _UNITS[lang] if size >= each[1]), _UNITS[lang][-1])
    number = max(size / divisor, 1)
    digits = f"{number:.1f}" if number < 10 and divisor > 10**3 else f"{number:.0f}"
    digits = digits.removesuffix(".0").replace(".", _DECIMAL_MARK[lang])
    return ", ".join(filter(None, (_FORMATS.get(ending, ending), f"{digits}\u00a0{unit}")))


def _path_of(address: str) -> str:
    """The path of an address within the site, "" for any other."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else parts.path


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
        """The page's address for the writer's. Raises ProblemError."""
        if _TOPIC_MARK.match(address):
            return self._topic(decode_address(_TOPIC_MARK.sub("", address)))
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
        source = self._below(parts.path)
        if _MAIL.fullmatch(address) and source not in self.library.files_found:
            return f"mailto:{address}"
        is_file = source.endswith(".md") or source.startswith(_FILES)
        if parts.path.startswith("/") and not is_file:
            return self._page(parts.path, ending)
        target = self._text(source, address)
        return target and target + ending

    def picture(self, address: str, alt: str, *, eager: bool, attributes: dict[str, str]) -> str:
        """The HTML of an image of the content folder. Raises ProblemError."""
        # A site without pictures need not load Pillow.
        from engine.pictures.inspection import inspect  # noqa: PLC0415

        source = self.source(address)
        if source not in self.library.files_found:
            raise self._no_file(address, self.library.files_found)
        picture = self.pictures[address] = inspect(self.library.files_found[source])
        return markup(picture, alt, base=self.library.base, eager=eager, attributes=attributes)

    def source(self, address: str) -> str:
        """The path below the content folder that an address of this document means."""
        return self._below(PELICAN_MARK.sub("", address))

    def describe(self, address: str) -> str:
        """What a link's address leads to, where that is a file: "PDF, 1,2 Mo"; "" for a page."""
        source = self.source(_path_of(address))
        file = self.library.files_found.get(source)
        if file is None:
            return ""
        return describe_file(source, file.stat().st_size, self.document.lang)

    def _below(self, path: str) -> str:
        path = decode_address(path)
        if path.startswith("/"):
            return path.lstrip("/")
        folder = self.document.source.rpartition("/")[0]
        return os.path.normpath(os.path.join(folder, path)).replace(os.sep, "/")

    def _no_file(self, address: str, known: Iterable[str]) -> ProblemError:
        """What to say of an address that leads to no file, with its letters as they are read."""
        names = {f"/{source}": source for source in known}
        wanted = "/" + self.source(_path_of(address))
        typed = decode_address(address)
        problem = Message("{address} leads to no file", address=typed)
        for place in (wanted, "/" + typed.lstrip("./")):
            if place in names:  # the path alone is wrong
                return ProblemError(
                    problem, Message("did you mean {path}?", path=typed_path(place))
                )
        near = difflib.get_close_matches(wanted, names, n=3)
        near += difflib.get_close_matches("/" + typed.lstrip("./"), names, n=3)
        # Folders and endings alone make no name alike.
        near = [place for place in near if _stems_alike(place, wanted)]
        remedy = Message("name a file of the content folder")
        if near:
            remedy = Message("did you mean {path}?", path=typed_path(near[0]))
        return ProblemError(problem, remedy)

    def _page(self, path: str, ending: str) -> str:
        """The address of a page that is typed as visitors see it, "" for one that is hidden."""
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
        """The hidden text whose page would stand at a path-absolute address."""
        for document in self.library.by_source.values():
            if self.library.address(document.lang, document.url) == address:
                return None if self.library.is_visible(document) else document
        return None

    def hidden_target(self, address: str) -> Message | str | None:
        """The hidden text or theme that a link would lead to, None if it leads elsewhere."""
        if _TOPIC_MARK.match(address):
            name = decode_address(_TOPIC_MARK.sub("", address))
            is_hidden = self._topic_is_hidden(name)
            return Message("the theme “{theme}”", theme=name) if is_hidden else None
        path = _path_of(PELICAN_MARK.sub("", address))
        if not path:
            return None
        document = self.library.by_source.get(self._below(path))
        if document is None:
            found = self.hidden_page(self.library.base + decode_address(path))
            return found and found.shown_path
        return None if self.library.is_visible(self._meant(document)) else document.shown_path

    def _meant(self, document: Document) -> Document:
        """The text that a link to `document` leads to.

        A translation keeps the links of its original: one to a French text means its English
        version, if visitors see one, but a link to its own original means that.
        """
        if document.lang == MAIN_LANGUAGE != self.document.lang:
            counterpart = self.library.in_language(document, self.document.lang)
            return counterpart if counterpart not in (None, self.document) else document
        return document

    def _topics_used(self) -> set[str]:
        texts = [text for text in self.library.visible if text.lang == self.document.lang]
        return {tag for text in texts for tag in text.header.get("tags") or ()}

    def _topic_is_hidden(self, name: str) -> bool:
        """Whether hidden texts alone bear a theme."""
        borne = any(
            name in (text.header.get("tags") or ()) for text in self.library.by_source.values()
        )
        return borne and name not in self._topics_used()

    def _topic(self, name: str) -> str:
        lang = self.document.lang
        if self._topic_is_hidden(name):
            return ""
        used = self._topics_used()
        topic = topic_of(self.library, name, lang) if name in used else None
        if topic is None:
            near = alike(name, used)
            remedy = Message("add it to the tags of a text first")
            if near:
                remedy = Message("did you mean {theme}?", theme=near)
            raise ProblemError(
                Message("no text of this language has the theme “{theme}”", theme=name), remedy
            )
        pattern = self.library.addresses[lang]["topic"]
        return self.library.address(lang, pattern.format(slug=topic.slug))

    def _text(self, source: str, address: str) -> str:
        library = self.library
        if source in library.files_found:
            self._check_drawing(source, address)
            self.files.add(source)
            return f"{library.base}/{quote(source)}"
        document = library.by_source.get(source)
        if document is None:
            raise self._no_file(address, [*library.by_source, *library.files_found])
        document = self._meant(document)
        if not library.is_visible(document):
            # The words stay; `./inv check` tells of each.
            return ""
        return library.address(document.lang, document.url)

    def _check_drawing(self, source: str, address: str) -> None:
        """Refuse a linked drawing with a script: it would run, opened by itself.

        Raises ProblemError.
        """
        if source.lower().endswith(".svg"):
            from engine.pictures.drawings import Drawing  # noqa: PLC0415 - as above

            try:
                Drawing(self.library.files_found[source].read_bytes())
            except ProblemError as error:
                problem = Message("{file}: {problem}", file=address, problem=error.problem)
                raise ProblemError(problem, error.remedy) from error
