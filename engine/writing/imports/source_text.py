"""Convert the header of another blog's text to this project's keys."""

import datetime
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import PurePosixPath

from engine.characters import FORBIDDEN
from engine.faults import Message, ProblemError
from engine.languages import LANGUAGES, MAIN_LANGUAGE, source_in
from engine.slugs import slugify
from engine.texts import partial_dates
from engine.texts.content_files import FOLDERS
from engine.texts.header_schema import KINDS, SLUG_LENGTH, header_line, quote
from engine.writing import text_file
from engine.writing.imports.front_matter import FrontMatter, read_day
from engine.writing.imports.hiding import header_hides, hidden_by_the_blog, take_passwords
from engine.writing.imports.source_folder import SourceFolder
from engine.writing.new_text import DRAFT

# The line of a header with the origin of a text: see origins.py.
ORIGIN = "# Importé de "
_OTHER_KEYS = "# De l’ancien en-tête, que ce site ne lit pas :"
_NAMES = {
    "title": ("title",),
    "date": ("date", "publishdate", "pubdate", "published_at", "created"),
    "modified": ("modified", "lastmod", "updated", "last_modified_at", "last_modified"),
    "summary": ("summary", "description", "excerpt"),
    "slug": ("slug",),
    "lang": ("lang", "language", "locale"),
    "order": ("order", "weight", "nav_order"),
    "address": ("url", "permalink"),
}
_TAGS = ("category", "categories", "tag", "tags", "topics")
# The slugs of the category that WordPress gives to a post without one.
_NO_CATEGORY = ("non-classe", "uncategorized", "uncategorised")
_ALIASES = ("aliases", "alias", "redirect_from")
_LANGUAGE_SETTINGS = ("lang", "locale", "defaultcontentlanguage", "languagecode", "default_lang")
# ISO 639-1: https://www.loc.gov/standards/iso639-2/php/code_list.php
_CODES = (
    " aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy "
    "da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu "
    "hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb "
    "lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om "
    "or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw "
    "ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
)
_REFERENCE = re.compile(r"&(?:#[0-9]+|#x[0-9a-f]+|\w+);", re.IGNORECASE)
_DATED_NAME = re.compile(r"([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})[-_ ]?(.*)")


@dataclass
class SourceText:
    """A text to import.

    `values` holds this project's keys, as typed; `kept` the other keys; `old` the slug, the address
    and the aliases of the old header. `reasons` say why it becomes a draft; `target` is its file
    below the content folder.
    """

    path: str
    front: FrontMatter
    kind: str
    lang: str
    stem: str
    values: dict = field(default_factory=dict)
    kept: dict = field(default_factory=dict)
    old: dict = field(default_factory=dict)
    day: datetime.date | None = None
    categories: list[str] = field(default_factory=list)
    is_hidden: bool = False
    reasons: list[str] = field(default_factory=list)
    body: str = ""
    target: str = ""
    # The path of its old address, with the first slash; "" if unknown.
    old_address: str = ""
    original: "SourceText | None" = None
    # The digests of the blog and of the text, at the end of the line of its origin.
    mark: str = ""

    @property
    def folders(self) -> list[str]:
        """The folders of its file, the outermost first."""
        return self.path.split("/")[:-1]

    def folders_below(self, content: str) -> list[str]:
        """Return the folders relative to the blog's folder of texts."""
        return self.path.removeprefix(content).split("/")[:-1]

    @property
    def is_draft(self) -> bool:
        """Whether it is hidden from visitors; a translation is hidden with its original."""
        by_original = self.original is not None and self.original.is_draft
        return self.is_hidden or bool(self.reasons) or by_original

    def compose(self) -> str:
        """Return the text of its new file."""
        lines = []
        for key in KINDS[self.kind]:
            if key.name == "status" and (self.is_hidden or self.reasons):
                lines += [*(f"# {reason}" for reason in self.reasons), DRAFT, "status: draft"]
            elif key.shared and self.original:
                continue
            elif key.name == "links" and self.values.get("links"):
                names = ", ".join(f"{quote(name)}: " for name in self.values["links"])
                lines.append(f"links: {{{names}}}")
            elif isinstance(value := self.values.get(key.name), list):
                lines += [f"{key.name}: [{', '.join(map(_item, value))}]"] if value else []
            elif value:
                lines.append(header_line(key, value))
        if self.kept:
            lines += [_OTHER_KEYS, *(f"# {name}: {value}" for name, value in self.kept.items())]
        body = self.body.strip("\n")
        origin = f"{ORIGIN}{self.values['origin']} ({self.mark})"
        return text_file.header([origin, *lines]) + (f"{body}\n" if body else "")


def _words(text: str) -> str:
    """Return a text without HTML's references to characters, on one line: "&#8217;" is "’"."""
    return one_line(_REFERENCE.sub(lambda match: unescape(match[0]), text))


def one_line(text: str) -> str:
    """Convert a text to one line that a header can hold."""
    return " ".join(FORBIDDEN.sub(" ", text).replace("\u2028", " ").replace("\ufeff", "").split())


def _item(name: str) -> str:
    return name if re.fullmatch(r"\w[\w ’&./-]*", name) else quote(name)


def read_source_text(
    source: SourceFolder, path: str, front: FrontMatter, today: datetime.date, language: str = ""
) -> SourceText:
    """Convert the header of a text. `language` is the language of texts that have none."""
    stem, named_day = _stem(path)
    left = dict(front.values)
    found = {name: _take(left, *others) for name, others in _NAMES.items()}
    date = read_day(found["date"] or named_day)
    kind = _kind(source, path, left, has_date=bool(date))
    lang, stem = _language(source, path, stem, found["lang"], language)
    text = SourceText(path, front, kind, lang, stem, day=date)
    is_told = stem != _stem(path)[0] or text.folders_below(source.content)[:1] == [lang]
    if not is_told and (strange := _unsupported_language(source, found["lang"], language)):
        told = Message("lang: “{lang}” is no language of this site", lang=one_line(strange))
        text.reasons.append(str(told))
    text.values = {
        "origin": one_line(f"{source.name}/{path}"),
        "title": _words(found["title"]) or stem or "Sans titre",
        "summary": _words(found["summary"]),
        "aliases": [],
    }
    if kind == "article":
        _give_date(source, text, found["date"] or named_day)
    if day := read_day(found["modified"]):
        text.values["modified"] = day.isoformat()
    if kind == "page" and re.fullmatch("[1-9][0-9]{0,5}", found["order"]):
        text.values["order"] = found["order"]
    for name in ("modified", "order"):
        if found[name] and name not in text.values:
            left[name] = found[name]
    reasons = hidden_by_the_blog(source, path, front.values, today) + take_passwords(left)
    text.reasons += map(one_line, reasons)
    text.is_hidden = (
        header_hides(left, today)
        or bool(reasons)
        or bool({"_drafts", "drafts"} & set(text.folders))
        or bool(date and date > today)
    )
    _give_tags(source, text, left)
    text.old = {name: found[name] for name in ("slug", "address")}
    text.old["aliases"] = [left.pop(name) for name in _ALIASES if name in left]
    by_title = source.generator == "pelican" and not source.names_by_file
    named = slugify(found["slug"] or (text.values["title"] if by_title else stem))
    text.values["slug"] = named[:SLUG_LENGTH].strip("-") or slugify(text.values["title"]) or "texte"
    text.kept = {one_line(str(k)): _as_line(v) for k, v in left.items() if v not in ("", [], {})}
    if text.kept:
        problem = Message("kept as comments: {keys}", keys=", ".join(text.kept))
        source.note(path, "header", problem, Message("remove those that you do not need"), 1)
    return text


def _as_line(value: object) -> str:
    return one_line(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _take(left: dict, *names: str) -> str:
    """Remove the first key with a text from the header and return its value."""
    for name in names:
        if isinstance(value := left.get(name), str) and value.strip():
            del left[name]
            return value.strip()
    return ""


def is_in_other_language(source: SourceFolder, path: str) -> bool:
    """Whether the path of a text names a language that the site does not have: `a.de.md`."""
    others = {code: folder for code, folder in source.languages().items() if code not in LANGUAGES}
    if any(folder and path.startswith(folder) for folder in others.values()):
        return True
    first = path.removeprefix(source.content).lower().split("/")[0]
    if f" {first} " in _CODES and first not in LANGUAGES:
        places = tuple(f"{source.content}{code}/" for code in LANGUAGES)
        return any(place.startswith(places) for place in source.files)
    name, _, suffix = PurePosixPath(path).stem.lower().rpartition(".")
    code = re.split("[-_]", suffix)[0]
    is_code = bool(re.fullmatch("[a-z]{2}(?:[-_][a-z]{2,4})?", suffix)) and f" {code} " in _CODES
    return bool(name) and code not in LANGUAGES and (suffix in others or is_code)


def _stem(path: str) -> tuple[str, str]:
    """Split a file name into its stem and its date; an index file has its folder's name."""
    pure = PurePosixPath(path)
    stem = pure.stem
    if stem.partition(".")[0] == "index" and pure.parent.name:
        stem = pure.parent.name + stem.removeprefix("index")
    match = _DATED_NAME.fullmatch(stem)
    return (match[2] or stem, match[1]) if match else (stem, "")


def _give_date(source: SourceFolder, text: SourceText, value: str) -> None:
    """Set the date of an article; without a date it becomes a draft."""
    try:
        day = text.day.isoformat() if text.day else value
        text.values["date"] = partial_dates.parse_date(day).iso
    except ProblemError as error:
        problem = error.problem if value else Message("the text has no date")
        text.reasons.append(f"date: {problem}")
        remedy = Message("add a line such as date: 2012-03")
        source.note(text.path, "date", problem, remedy, text.front.lines.get("date", 1))


def _kind(source: SourceFolder, path: str, left: dict, *, has_date: bool) -> str:
    folders = path.split("/")[:-1]
    kinds = [
        str(left.pop(name, "")) for name in ("layout", "type") if left.get(name) in ("page", "post")
    ]
    if "page" in kinds or {"pages", "_pages"} & set(folders):
        return "page"
    if source.generator == "jekyll":
        return "article" if {"_posts", "_drafts"} & set(folders) else "page"
    is_list = PurePosixPath(path).stem.startswith("_index")
    return "article" if source.generator == "pelican" or (has_date and not is_list) else "page"


def _language(
    source: SourceFolder, path: str, stem: str, typed_lang: str, default: str
) -> tuple[str, str]:
    """Return the language of a text, by file, header or settings, and its name without it."""
    name, _, suffix = stem.rpartition(".")
    if name and suffix in LANGUAGES:
        return suffix, name
    folders = path.removeprefix(source.content).split("/")[:-1]
    settings = [source.settings.get(name) for name in _LANGUAGE_SETTINGS]
    declared = (*folders[:1], typed_lang, default, *settings)
    codes = (re.split("[-_]", str(code).lower())[0] for code in declared if code)
    return next((code for code in codes if code in LANGUAGES), MAIN_LANGUAGE), stem


def _unsupported_language(source: SourceFolder, typed_lang: str, default: str) -> str:
    """Return the declared language of a text if the site does not have it, else ""."""
    settings = [source.settings.get(name) for name in _LANGUAGE_SETTINGS]
    declared = next((str(code) for code in (typed_lang, default, *settings) if code), "")
    return "" if not declared or declared.lower().startswith(tuple(LANGUAGES)) else declared


def _give_tags(source: SourceFolder, text: SourceText, left: dict) -> None:
    """Set the tags of an article from its categories and tags, each once; a page has none."""
    by_key = {name: list(_listed(source, name, left.pop(name, []))) for name in _TAGS}
    text.categories = by_key["category"] + by_key["categories"]
    if source.generator == "pelican" and "category" not in text.front.values:
        by_key["category"] = text.categories = text.folders_below(source.content)[-1:]
    listed = (name for names in by_key.values() for name in names if name)
    found = [name for name in listed if slugify(name) not in _NO_CATEGORY]
    tags = list({name.casefold(): name for name in reversed(found)}.values())[::-1]
    (text.values if text.kind == "article" else left)["tags"] = tags


def _listed(source: SourceFolder, name: str, value: object) -> Iterator[str]:
    """Yield the items of a list, which may be typed as one text."""
    if isinstance(value, list):
        yield from map(_as_line, value)
    elif isinstance(value, str):
        # https://jekyllrb.com/docs/posts/#categories
        by_space = source.generator == "jekyll" and name in ("categories", "tags")
        parts = re.split("[,;]", value.strip("[]"))
        yield from map(one_line, value.split() if by_space and len(parts) == 1 else parts)


def file_of(text: SourceText) -> str:
    """Return the file of a text below the content folder, named by its date and slug."""
    slug = text.values["slug"]
    name = f"{text.values['date'][:7]}-{slug}" if text.values.get("date") else slug
    return source_in(text.lang, f"{FOLDERS[text.kind]}/{name}")
