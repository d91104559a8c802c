"""A text of another blog: which kind it is, what its header says in this project's keys."""

import datetime
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from engine.characters import FORBIDDEN
from engine.faults import Message, ProblemError
from engine.languages import LANGUAGES, MAIN_LANGUAGE, source_in
from engine.slugs import slugify
from engine.texts import aliases, partial_dates
from engine.texts.content_files import FOLDERS
from engine.texts.header_schema import KINDS, SLUG_LENGTH, quote, typed
from engine.writing import text_file
from engine.writing.imports.front_matter import FrontMatter
from engine.writing.imports.old_addresses import fill_pattern, pattern_of
from engine.writing.imports.source_folder import SourceFolder
from engine.writing.new_text import DRAFT

# The line of a header that tells where a text comes from: it is not imported twice.
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
_ALIASES = ("aliases", "alias", "redirect_from")
_HIDING = ("draft", "hidden", "private", "unlisted", "password")
_SHOWING = ("published", "publish", "public", "visible")
_STATES = ("status", "state", "visibility")
_VISIBLE = ("published", "publish", "public", "visible")
_NO = ("false", "no", "off", "0", "non", "")
_DAY = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])")
_DATED_NAME = re.compile(r"([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})[-_ ]?(.*)")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH_FIRST = re.compile(r"\b([A-Za-z]{3})[a-z]*\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})\b")
_DAY_FIRST = re.compile(r"\b([0-9]{1,2}) ([A-Za-z]{3})[a-z]*\.? ([0-9]{4})\b")


@dataclass
class SourceText:
    """A text that is imported: `values` are those of this project's keys, as they are typed;
    `kept` are the keys that it has besides, `reasons` why it becomes a draft, `target` is its file
    below the content folder.
    """

    path: str
    front: FrontMatter
    kind: str
    lang: str
    stem: str
    values: dict = field(default_factory=dict)
    kept: dict = field(default_factory=dict)
    day: datetime.date | None = None
    categories: list[str] = field(default_factory=list)
    is_hidden: bool = False
    reasons: list[str] = field(default_factory=list)
    body: str = ""
    target: str = ""
    # Where it stood, from the first slash on; "" if that is not known.
    old_address: str = ""
    original: "SourceText | None" = None

    @property
    def folder(self) -> str:
        """The folder of its file."""
        return self.path.rpartition("/")[0]

    def compose(self) -> str:
        """The text of its new file."""
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
                lines.append(typed(key, value))
        if self.kept:
            lines += [_OTHER_KEYS, *(f"# {name}: {value}" for name, value in self.kept.items())]
        body = self.body.strip("\n")
        origin = self.values["origin"]
        return text_file.header([f"{ORIGIN}{origin}", *lines]) + (f"{body}\n" if body else "")


def one_line(text: str) -> str:
    """A text that a line of a header can hold."""
    return " ".join(FORBIDDEN.sub(" ", text).replace("\u2028", " ").replace("\ufeff", "").split())


def _item(name: str) -> str:
    return name if re.fullmatch(r"\w[\w ’&./-]*", name) else quote(name)


def read_source_text(
    source: SourceFolder, path: str, front: FrontMatter, today: datetime.date, language: str = ""
) -> SourceText:
    """Map the header of a text. `language` is that of texts which do not tell theirs."""
    stem, named_day = _stem(path)
    left = dict(front.values)
    found = {name: _take(left, *others) for name, others in _NAMES.items()}
    date = _day(found["date"] or named_day)
    kind = _kind(source, path, left, has_date=bool(date))
    lang, stem, is_known = _language(source, path, stem, found["lang"], language)
    text = SourceText(path, front, kind, lang, stem)
    text.values["origin"] = one_line(f"{source.name}/{path}")
    if not is_known:
        text.reasons.append(f"lang: “{one_line(found['lang'])}” is no language of this site")
    text.values["title"] = one_line(found["title"]) or stem or "Sans titre"
    if kind == "article":
        _give_date(source, text, found["date"] or named_day, date)
    text.day = date
    text.values["modified"] = (_day(found["modified"]) or "") and _day(
        found["modified"]
    ).isoformat()
    text.values["summary"] = one_line(found["summary"])
    if kind == "page" and re.fullmatch("[1-9][0-9]{0,5}", found["order"]):
        text.values["order"] = found["order"]
    text.is_hidden = _is_hidden(path, left, front.values, date, today)
    _give_tags(source, text, left)
    by_title = source.generator == "pelican" and not _named_by_file(source)
    named = slugify(found["slug"] or (text.values["title"] if by_title else stem))
    text.values["slug"] = named[:SLUG_LENGTH].strip("-") or slugify(text.values["title"]) or "texte"
    _give_addresses(source, text, left, found)
    text.kept = {one_line(str(k)): _as_line(v) for k, v in left.items() if v not in ("", [], {})}
    if text.kept:
        names = ", ".join(text.kept)
        problem = Message("kept as comments: {keys}", keys=names)
        source.note(path, "header", problem, Message("remove those that you do not need"), 1)
    return text


def _named_by_file(source: SourceFolder) -> bool:
    """Whether Pelican makes the addresses of the names of files."""
    settings = source.settings
    return settings.get("slugify_source") == "basename" or "(?P<slug>" in str(
        settings.get("filename_metadata")
    )


def _as_line(value: object) -> str:
    return one_line(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _take(left: dict, *names: str) -> str:
    """The first plain value among keys, which is then taken out of the header."""
    for name in names:
        if isinstance(value := left.get(name), str) and value.strip():
            del left[name]
            return value.strip()
    return ""


def _stem(path: str) -> tuple[str, str]:
    """The name of a text without its day, and that day; a folder's name for its index."""
    pure = PurePosixPath(path)
    stem = pure.stem
    if stem.partition(".")[0] == "index" and pure.parent.name:
        stem = pure.parent.name + stem.removeprefix("index")
    match = _DATED_NAME.fullmatch(stem)
    return (match[2] or stem, match[1]) if match else (stem, "")


def _day(value: str) -> datetime.date | None:
    """The day that a value begins with, as blogs write it; None if it is not certain."""
    try:
        if match := _DAY.match(value):
            return datetime.date(*map(int, match.groups()))
        if match := _MONTH_FIRST.search(value):
            month, day, year = match.groups()
            return datetime.date(int(year), _MONTHS.index(month.lower()) + 1, int(day))
        if match := _DAY_FIRST.search(value):
            day, month, year = match.groups()
            return datetime.date(int(year), _MONTHS.index(month.lower()) + 1, int(day))
    except ValueError:  # in no calendar, or the name of no month
        pass
    return None


def _give_date(
    source: SourceFolder, text: SourceText, value: str, date: datetime.date | None
) -> None:
    """Give an article its date; without one it is a draft."""
    if date and date.year >= 1000:
        text.values["date"] = date.isoformat()
        return
    try:
        text.values["date"] = partial_dates.parse_date(value).iso
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
) -> tuple[str, str, bool]:
    """The language of a text, its name without it, whether the site has that language."""
    name, _, suffix = stem.rpartition(".")
    if name and suffix in LANGUAGES:
        return suffix, name, True
    folders = path.removeprefix(source.content).split("/")[:-1]
    if folders and folders[0] in LANGUAGES:
        return folders[0], stem, True
    if typed_lang:
        code = re.split("[-_]", typed_lang.lower())[0]
        return (code, stem, True) if code in LANGUAGES else (MAIN_LANGUAGE, stem, False)
    settings = source.settings
    names = ("lang", "locale", "defaultcontentlanguage", "languagecode", "default_lang")
    whole = default or next((str(settings[name]) for name in names if settings.get(name)), "")
    code = re.split("[-_]", whole.lower())[0]
    return (code if code in LANGUAGES else MAIN_LANGUAGE), stem, True


def _is_hidden(
    path: str, left: dict, values: dict, date: datetime.date | None, today: datetime.date
) -> bool:
    """Whether visitors of the old blog do not see a text, or not yet, or no longer."""
    hides = [str(left.pop(name)).lower() not in _NO for name in _HIDING if name in left]
    hides += [str(left.pop(name)).lower() in _NO for name in _SHOWING if name in left]
    hides += [
        str(left.pop(name)).lower() not in ("", *_VISIBLE) for name in _STATES if name in left
    ]
    starts, ends = _day(str(values.get("publishdate", ""))), _day(str(values.get("expirydate", "")))
    hides += [day > today for day in (date, starts) if day] + [bool(ends and ends <= today)]
    return any(hides) or bool({"_drafts", "drafts"} & set(path.split("/")[:-1]))


def _give_tags(source: SourceFolder, text: SourceText, left: dict) -> None:
    """The categories and tags of an article, each once; a page has none."""
    by_key = {
        name: [one_line(str(item)) for item in _listed(source, name, left.pop(name, []))]
        for name in _TAGS
    }
    found = [name for names in by_key.values() for name in names]
    text.categories = by_key["category"] + by_key["categories"]
    folders = text.path.removeprefix(source.content).split("/")[:-1]
    if (
        source.generator == "pelican"
        and text.kind == "article"
        and "category" not in text.front.values
    ):
        found[:0] = text.categories = folders[-1:]
    tags = list({name.casefold(): name for name in reversed(found) if name}.values())[::-1]
    if text.kind == "article":
        text.values["tags"] = tags
    elif tags:
        left["tags"] = tags


def _listed(source: SourceFolder, name: str, value: object) -> Iterator[object]:
    """The items of a list, which may be typed in one line."""
    if isinstance(value, list):
        yield from (item for item in value if not isinstance(item, dict | list))
    elif isinstance(value, str):
        # https://jekyllrb.com/docs/posts/#categories
        by_space = source.generator == "jekyll" and name in ("categories", "tags")
        parts = re.split("[,;]", value.strip("[]"))
        yield from value.split() if by_space and len(parts) == 1 else parts


def _give_addresses(source: SourceFolder, text: SourceText, left: dict, found: dict) -> None:
    """Where the text stood, and the aliases that come of it."""
    pattern = found["address"]
    is_computed = not pattern
    folders = [name for name in text.path.removeprefix(source.content).split("/")[:-1] if name]
    if PurePosixPath(text.path).stem.partition(".")[0] == "index":
        folders = folders[:-1]
    if is_computed:
        section = folders[0] if folders else ""
        given = source.pattern if text.kind == "article" else ""
        pattern = given or pattern_of(source.generator, source.settings, text.kind, section)
    path = _path_of(pattern)
    path = path and fill_pattern(path, _words(source, text, folders, found), text.day)
    text.old_address = f"{source.base}{path}" if path else ""
    olds = [] if is_computed and text.is_hidden else [text.old_address]
    for name in _ALIASES:
        value = left.pop(name, [])
        for item in value if isinstance(value, list) else [value]:
            address = _path_of(str(item))
            olds.append(address if not address or address.startswith("/") else f"/{address}")
    text.values["aliases"] = []
    for old in dict.fromkeys(filter(None, olds)):
        try:
            text.values["aliases"].append(aliases.normalised(old))
        except ProblemError as error:
            source.note(text.path, "aliases", error.problem, error.remedy, 1)


def _path_of(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    return parts.path if parts.netloc else address


def _words(source: SourceFolder, text: SourceText, folders: list[str], found: dict) -> dict:
    """The values that a pattern of addresses can name, beside those of the date."""
    slug = found["slug"]
    categories = [slugify(name) for name in text.categories]
    words = {
        "slug": slug or (text.stem if _named_by_file(source) else text.values["slug"]),
        "title": slug or text.stem,
        "postname": slug or text.stem,
        "categories": "/".join(categories),
        "category": categories[0] if categories else "",
        "path": "/".join(folders),
        "basename": text.stem,
        "output_ext": ".html",
        "lang": text.lang,
        "author": slugify(str(text.front.values.get("author", ""))),
        "section": folders[0] if folders else "",
        "sections": "/".join(folders),
    }
    if source.generator == "hugo":
        words["title"] = _word_of_hugo(text.values["title"])
        words["slug"] = slug or words["title"]
        words["filename"] = words["contentbasename"] = text.stem.lower()
        names = dict.fromkeys(("slugorfilename", "slugorcontentbasename"))
        words |= dict.fromkeys(names, slug or _word_of_hugo(text.stem))
    return words


def _word_of_hugo(text: str) -> str:
    """A name as Hugo puts it into an address: accents stay."""
    return re.sub(r"[^\w.+~-]+", "-", text.lower()).strip("-")


def file_of(text: SourceText) -> str:
    """The file of a text below the content folder, by its date and its slug."""
    slug = text.values["slug"]
    name = f"{text.values['date'][:7]}-{slug}" if text.values.get("date") else slug
    return source_in(text.lang, f"{FOLDERS[text.kind]}/{name}")
