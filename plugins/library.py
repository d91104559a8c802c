"""All the texts of a content folder, read once before anything is built, with all their faults.

Both language sites of a build take their texts from one library, so that nothing is read twice
and every address is known before the first page is made.
"""

import datetime
import difflib
import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import yaml

from plugins import headers, markdown_text
from plugins.faults import Fault
from plugins.headers import KINDS
from plugins.partial_dates import PartialDate
from plugins.slugs import slugify
from plugins.typography import typeset

MAIN_LANGUAGE, OTHER_LANGUAGE = headers.LANGUAGES
LANGUAGE_ROOTS = {MAIN_LANGUAGE: "", OTHER_LANGUAGE: f"{OTHER_LANGUAGE}/"}
THEMES_FILE = "themes.yml"
STATIC_FOLDERS = ("images", "files")
_FOLDERS = {"articles": "article", "pages": "page", "pages/projects": "project", ".": "home"}
_IGNORED = re.compile(r"\..*|Thumbs\.db|desktop\.ini|.*~|#.*#")
# A search engine shows about as much of a description.
_DESCRIPTION_LENGTH = 160
# A later date is a slip of the keyboard ("2206"), not a plan.
_LONGEST_WAIT = datetime.timedelta(days=366)


@dataclass(frozen=True)
class Topic:
    """A theme of one language: its name and the last part of its address."""

    name: str
    slug: str


@dataclass
class Document:
    """One text in one language, with its header's values (None where the header has none)."""

    path: Path
    # Relative to the content folder, with slashes: "articles/2012-03-rencontres.en.md".
    source: str
    shown_path: str
    kind: str
    lang: str
    # The same for a text and its translation: the source without language and ending.
    key: str
    values: dict
    lines: dict[str, int]
    body: str
    body_line: int
    slug: str = ""
    # Relative to the root of its language's site: "projets/le-mixeur/".
    url: str = ""
    html: str = ""
    ids: set[str] = field(default_factory=set)
    description: str = ""
    topics: list[Topic] = field(default_factory=list)
    # Its place among all projects, the same in both languages: it gives the strand and the colour.
    strand: int | None = None

    @property
    def status(self) -> str:
        """published, draft or announced."""
        return self.values["status"] or "published"

    @property
    def is_announced(self) -> bool:
        """Whether the text is still to come."""
        return self.status == "announced"

    @property
    def save_as(self) -> str:
        """The file of its page in its language's site; "" where it has no page of its own."""
        return "" if self.is_announced or self.kind == "home" else f"{self.url}index.html"


@dataclass
class Library:
    """The texts of a content folder. `documents` holds what visitors see, sorted by source."""

    folder: Path
    addresses: dict[str, dict[str, str]]
    base: str = ""
    today: datetime.date = field(default_factory=datetime.date.today)
    documents: list[Document] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    drafts: list[Document] = field(default_factory=list)
    scheduled: list[Document] = field(default_factory=list)
    # Relative to the content folder: the files that a visible text shows or links to.
    files: set[str] = field(default_factory=set)
    # French theme -> English name.
    themes: dict[str, str] = field(default_factory=dict)
    _all: dict[str, Document] = field(default_factory=dict)
    _files_found: set[str] = field(default_factory=set)

    def of(self, lang: str, kind: str) -> list[Document]:
        """The visible texts of a kind in a language; projects in their order."""
        found = [d for d in self.documents if d.lang == lang and d.kind == kind]
        return sorted(found, key=project_order) if kind == "project" else found

    def counterpart(self, document: Document) -> Document | None:
        """The same text in the other language, where visitors can see it."""
        other = OTHER_LANGUAGE if document.lang == MAIN_LANGUAGE else MAIN_LANGUAGE
        return next((d for d in self._by_key.get(document.key, ()) if d.lang == other), None)

    def language_is_used(self, lang: str) -> bool:
        """Whether any visible text is in this language."""
        return any(document.lang == lang for document in self.documents)

    def address(self, lang: str, url: str) -> str:
        """The path-absolute address of `url`, which is relative to its language's root."""
        return f"{self.base}/{LANGUAGE_ROOTS[lang]}{url}"

    def document(self, source: str) -> Document:
        """The text of a source file. Raises KeyError where there is none."""
        return self._all[source]

    @property
    def _by_key(self) -> dict[str, list[Document]]:
        if not hasattr(self, "_keys"):
            self._keys = defaultdict(list)
            for document in self.documents:
                self._keys[document.key].append(document)
        return self._keys


def project_order(document: Document) -> tuple:
    """Sort by `order`; those without one come last, and equal ones go by their title."""
    order = document.values["order"]
    return (order is None, order or 0, document.values["title"] or "", document.key)


def read(
    folder: Path,
    *,
    addresses: dict[str, dict[str, str]],
    base: str = "",
    shown_folder: str | None = None,
    today: datetime.date | None = None,
) -> Library:
    """Read every text of `folder`. Nothing is raised: the library holds all faults, sorted.

    `addresses` gives for each language the pattern of each kind of page, `base` the path below
    which the whole site stands ("" or "/blog"), `shown_folder` how faults call the folder.
    """
    library = Library(folder, addresses, base, today or datetime.date.today())
    shown = shown_folder or str(folder)
    if not folder.is_dir():
        remedy = "make the folder, or name another in SITE_CONTENT"
        library.faults.append(Fault(shown, None, "content", "there is no such folder", remedy))
        return library
    _find(library, shown)
    _inherit(library)
    _read_themes(library, shown)
    for document in library._all.values():
        _give_address(library, document)
    _sort_by_visibility(library)
    _refuse_clashes(library)
    _give_strands(library)
    for document in library.documents:
        _give_topics(library, document)
        _check_project(library, document)
    _render(library)
    library.faults.sort(key=lambda fault: fault.sort_key)
    return library


def _find(library: Library, shown: str) -> None:
    """Walk the folder: each Markdown file becomes a document, each oddity a fault."""
    seen: dict[str, str] = {}
    for root, folders, files in os.walk(library.folder):
        folders[:] = sorted(name for name in folders if not _IGNORED.fullmatch(name))
        where = Path(root).relative_to(library.folder).as_posix()
        for name in [*folders, *sorted(files)]:
            if _IGNORED.fullmatch(name):
                continue
            path = Path(root, name)
            source = name if where == "." else f"{where}/{name}"
            shown_path = f"{shown}/{source}"

            def fault(problem, remedy, shown_path=shown_path):
                library.faults.append(Fault(shown_path, None, "file", problem, remedy))

            if path.is_symlink():
                fault("it is a symbolic link", "put a copy of the file itself in its place")
                if name in folders:
                    folders.remove(name)
                continue
            alike = unicodedata.normalize("NFC", source).casefold()
            if alike in seen:
                fault(f"its name is that of {seen[alike]} to some machines", "rename one of the two")
                continue
            seen[alike] = source
            if name in folders:
                continue
            if where.split("/")[0] in STATIC_FOLDERS:
                library._files_found.add(source)
            elif source == THEMES_FILE:
                continue
            elif name.endswith(".md"):
                _add(library, path, source, where, shown_path)
            else:
                fault(
                    "nothing reads a file of this kind here",
                    "name a text NAME.md; put pictures into images/ and other files into files/",
                )


def _add(library: Library, path: Path, source: str, where: str, shown_path: str) -> None:
    kind = _FOLDERS.get(where)
    key, lang = source.removesuffix(".md"), MAIN_LANGUAGE

    def fault(line, rule, problem, remedy):
        library.faults.append(Fault(shown_path, line, rule, problem, remedy))

    if kind is None or (kind == "home" and source not in ("home.md", "home.en.md")):
        fault(
            None,
            "file",
            "no page is made from a text in this place",
            "move it to articles/, pages/ or pages/projects/",
        )
        return
    if match := re.search(r"\.([A-Za-z]{2})$", key):
        if match[1] != OTHER_LANGUAGE:
            fault(
                None,
                "file",
                f"“.{match[1]}” is no language of this site",
                f"end the name in .md for French, in .{OTHER_LANGUAGE}.md for English",
            )
            return
        key, lang = key.removesuffix(f".{OTHER_LANGUAGE}"), OTHER_LANGUAGE
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        header_lines, body, body_line = headers.split(text)
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        fault(line, "file", "its letters are not UTF-8", "save it again with the encoding UTF-8")
        return
    except OSError as error:
        fault(None, "file", f"it cannot be read ({error.strerror})", "mend its rights")
        return
    except ValueError as error:
        problem, _, remedy = str(error).partition("; ")
        fault(1, "header", problem, remedy)
        return
    original = path.with_name(path.name.removesuffix(f".{OTHER_LANGUAGE}.md") + ".md")
    is_translation = lang == OTHER_LANGUAGE and original.exists()
    header, faults = headers.read(header_lines, kind, shown_path, translation=is_translation)
    library.faults += faults
    values = {name.name: None for name in KINDS[kind]} | header.values
    values.setdefault("status", None)
    if values["lang"] and values["lang"] != lang:
        name = path.name.removesuffix(".md").removesuffix(f".{OTHER_LANGUAGE}")
        suffix = ".md" if values["lang"] == MAIN_LANGUAGE else f".{OTHER_LANGUAGE}.md"
        fault(
            header.lines["lang"],
            "lang",
            f"the file's name says “{lang}”",
            f"remove the line, or name the file {name}{suffix}",
        )
    library._all[source] = Document(
        path, source, shown_path, kind, lang, key, values, header.lines, body, body_line
    )


def _inherit(library: Library) -> None:
    """Give each translation the shared values of its original."""
    for document in library._all.values():
        original = library._all.get(f"{document.key}.md")
        if document.lang == OTHER_LANGUAGE and original is not None:
            for key in KINDS[document.kind]:
                if key.shared:
                    document.values[key.name] = original.values[key.name]
            if document.values["status"] is None:
                document.values["status"] = original.values["status"]


def _read_themes(library: Library, shown: str) -> None:
    path, shown_path = library.folder / THEMES_FILE, f"{shown}/{THEMES_FILE}"
    if not path.is_file():
        return
    remedy = "write a line for each theme: its French name, a colon, its English name"
    try:
        root = yaml.compose(path.read_text("utf-8-sig"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        library.faults.append(Fault(shown_path, line, "themes", "it cannot be read", remedy))
        return
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        library.faults.append(Fault(shown_path, 1, "themes", "it holds no theme", remedy))
        return
    for french, english in root.value:
        line = french.start_mark.line + 1
        if not isinstance(french, yaml.ScalarNode) or not isinstance(english, yaml.ScalarNode):
            library.faults.append(Fault(shown_path, line, "themes", "a line is unclear", remedy))
        elif french.value in library.themes:
            remedy = "keep one of the two"
            problem = "this theme is already named above"
            library.faults.append(Fault(shown_path, line, french.value, problem, remedy))
        else:
            library.themes[french.value] = english.value


def _give_address(library: Library, document: Document) -> None:
    document.slug = document.values["slug"] or slugify(document.values["title"] or "")
    patterns = library.addresses[document.lang]
    if not document.slug and document.values["title"]:
        library.faults.append(
            Fault(
                document.shown_path,
                document.lines.get("title", 1),
                "title",
                "no address can be made from it",
                "add a line such as slug: some-words",
            )
        )
    if document.kind == "home":
        document.url = patterns["home"]
    elif document.is_announced:
        document.url = f"{patterns['home']}#{document.slug}"
    else:
        document.url = patterns[document.kind].format(slug=document.slug)


def _sort_by_visibility(library: Library) -> None:
    for document in sorted(library._all.values(), key=lambda document: document.source):
        date: PartialDate | None = document.values.get("date")
        wait = date.first_day - library.today if date else datetime.timedelta()
        if wait > _LONGEST_WAIT:
            library.faults.append(
                Fault(
                    document.shown_path,
                    document.lines.get("date", 1),
                    "date",
                    f"{date.iso} is more than a year ahead",
                    "write the right year, or status: draft until then",
                )
            )
        if document.status == "draft":
            library.drafts.append(document)
        elif wait > datetime.timedelta():
            library.scheduled.append(document)
        else:
            library.documents.append(document)


def _refuse_clashes(library: Library) -> None:
    """Two texts on one address: the second would overwrite the first."""
    taken: dict[str, str] = {}
    for lang, patterns in library.addresses.items():
        for kind, pattern in patterns.items():
            if "{" not in pattern:
                taken[library.address(lang, pattern)] = f"the site's own page “{kind}”"
        for document in library.of(lang, "article"):
            if date := document.values["date"]:
                year = library.address(lang, patterns["year"].format(year=date.year))
                taken[year] = f"the news of the year {date.year}"
    # The other language's folder, and those of the theme and of the owner's files.
    for name in (f"{OTHER_LANGUAGE}/", "theme/", *(f"{name}/" for name in STATIC_FOLDERS)):
        taken.setdefault(library.address(MAIN_LANGUAGE, name), "a folder of the site")
    for document in library.documents:
        if not document.slug or document.kind == "home":
            continue
        address = library.address(document.lang, document.url)
        if address in taken:
            key = "slug" if "slug" in document.lines else "title"
            library.faults.append(
                Fault(
                    document.shown_path,
                    document.lines.get(key, 1),
                    key,
                    f"the address {address} is already that of {taken[address]}",
                    f"add or change a line such as slug: {document.slug}-2",
                )
            )
        else:
            taken[address] = document.shown_path


def _give_strands(library: Library) -> None:
    """Number the projects in their order; a text and its translation share a number."""
    keys = []
    for lang in headers.LANGUAGES:
        for document in library.of(lang, "project"):
            if document.key not in keys:
                keys.append(document.key)
            document.strand = keys.index(document.key)


def _give_topics(library: Library, document: Document) -> None:
    for name in document.values.get("tags") or ():
        if topic := topic_of(library, name, document.lang):
            document.topics.append(topic)
            continue
        original = library._all.get(f"{document.key}.md", document)
        line = original.lines.get("tags", 1)
        if not slugify(name):
            problem, remedy = f"no address can be made from “{name}”", "use letters or digits"
        else:
            problem = f"“{name}” has no English name"
            remedy = f"add a line to content/{THEMES_FILE}: {name}: its English name"
        library.faults.append(Fault(original.shown_path, line, "tags", problem, remedy))


def topic_of(library: Library, french_name: str, lang: str) -> Topic | None:
    """The theme called `french_name` in a language; None where it cannot have an address there."""
    name = french_name if lang == MAIN_LANGUAGE else library.themes.get(french_name)
    slug = slugify(name or "")
    return Topic(typeset(name, lang), slug) if name and slug else None


def _check_project(library: Library, document: Document) -> None:
    name = document.values.get("project")
    if not name:
        return
    known = {d.key.rpartition("/")[2] for d in library.documents if d.kind == "project"}
    if name in known:
        return
    near = difflib.get_close_matches(name, known, n=1)
    remedy = f"did you mean {near[0]}?" if near else "name a file of pages/projects/ without .md"
    line = document.lines.get("project", 1)
    problem = f"there is no visible project “{name}”"
    library.faults.append(Fault(document.shown_path, line, "project", problem, remedy))


def _render(library: Library) -> None:
    """Turn every visible body into HTML, then look up each link that names a heading."""
    fragments = []
    for document in library.documents:
        values = document.values
        text = markdown_text.read(
            document.body,
            lang=document.lang,
            first_line=document.body_line,
            links=values["links"],
            resolve=_Resolver(library, document),
        )
        document.html, document.ids = text.html, text.ids
        for line, rule, problem, remedy in text.faults:
            library.faults.append(Fault(document.shown_path, line, rule, problem, remedy))
        fragments += [(document, line, address) for line, address in text.fragments]
        for name, value in values.items():
            if isinstance(value, str) and name in _WORDS:
                values[name] = typeset(value, document.lang)
        document.description = values["summary"] or _shortened(text.first_paragraph)
        _check_body(library, document)
    _check_fragments(library, fragments)


_WORDS = {
    key.name for keys in KINDS.values() for key in keys if key.type == "text"
}


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
    if len(words) <= _DESCRIPTION_LENGTH:
        return words
    return words[:_DESCRIPTION_LENGTH].rpartition(" ")[0].rstrip(" ,;:") + "…"


def _check_fragments(library: Library, fragments: Iterable[tuple[Document, int, str]]) -> None:
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
            library.faults.append(Fault(document.shown_path, line, "link", problem, known))


class _Resolver:
    """Finds the address that a link of one document leads to."""

    def __init__(self, library: Library, document: Document):
        self.library = library
        self.document = document

    def __call__(self, address: str) -> str:
        """The page's address for the writer's. Raises ValueError("problem; remedy")."""
        if address.startswith("{tag}") or address.startswith("%7Btag%7D"):
            return self._topic(unquote(address).removeprefix("{tag}"))
        address = re.sub(r"^(?:\{|%7B)(?:filename|static)(?:\}|%7D)", "", address)
        if address.startswith("#"):
            return address
        try:
            parts = urlsplit(address)
        except ValueError as error:
            raise ValueError(f"{address} is not an address; type it again") from error
        if parts.scheme in ("http", "https", "mailto", "tel"):
            return address
        if parts.scheme or parts.netloc:
            raise ValueError(f"{address} is not an address for a page; write https://…")
        path = unquote(parts.path)
        ending = (f"?{parts.query}" if parts.query else "") + (
            f"#{parts.fragment}" if parts.fragment else ""
        )
        if path.startswith("/"):
            source = path.lstrip("/")
            if not path.endswith(".md") and source not in self.library._files_found:
                # A page of the site, such as /parcours/: the check of the built site looks it up.
                return self.library.base + address
        else:
            folder = self.document.source.rpartition("/")[0]
            source = os.path.normpath(os.path.join(folder, path)).replace(os.sep, "/")
        return self._text(source, address) + ending

    def _topic(self, name: str) -> str:
        lang = self.document.lang
        used = {
            tag for d in self.library.documents if d.lang == lang for tag in d.values.get("tags") or ()
        }
        topic = topic_of(self.library, name, lang) if name in used else None
        if topic is None:
            near = difflib.get_close_matches(name, used, n=1)
            remedy = f"did you mean {near[0]}?" if near else "name a theme that a text bears"
            raise ValueError(f"no text of this language has the theme “{name}”; {remedy}")
        pattern = self.library.addresses[lang]["topic"]
        return self.library.address(lang, pattern.format(slug=topic.slug))

    def _text(self, source: str, address: str) -> str:
        library = self.library
        if source in library._files_found:
            library.files.add(source)
            return f"{library.base}/{quote(source)}"
        document = library._all.get(source)
        if document is None:
            known = [*library._all, *library._files_found]
            near = difflib.get_close_matches(source, known, n=1)
            remedy = f"did you mean {near[0]}?" if near else "name a file of the content folder"
            raise ValueError(f"{address} leads to no file; {remedy}")
        if document.lang != self.document.lang:
            same = next(
                (d for d in library._by_key.get(document.key, ()) if d.lang == self.document.lang),
                None,
            )
            document = same or document
        if document not in library.documents:
            raise ValueError(
                f"{address} is a text that visitors do not see yet; "
                "publish it too, or remove the link"
            )
        return library.address(document.lang, document.url)
