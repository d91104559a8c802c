"""Find the texts that another blog hid: by header, by folder, by the blog's settings.

In doubt a text counts as hidden: a draft can be published later, a publication not undone.
"""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from engine.faults import Message, ProblemError
from engine.writing.imports.front_matter import parse_front_matter, read_day
from engine.writing.imports.source_folder import MAX_TEXT_BYTES, SourceFolder

# Names of keys without their dashes and underscores.
_HIDING = (
    *("draft", "isdraft", "hidden", "private", "unlisted", "headless", "unpublished"),
    *("protected", "encrypted"),
)
_PASSWORDS = ("password", "postpassword", "passwd", "passphrase")
_SHOWING = ("published", "ispublished", "publish", "public", "visible")
_STATES = ("status", "poststatus", "state", "visibility", "postvisibility")
_BUILDS = ("build", "_build")
_STARTS = ("publishdate", "publishon", "publishat", "pubdate")
_ENDS = ("expirydate", "expires", "expirationdate", "expiresat", "expireson", "unpublishdate")
_VISIBLE = ("published", "publish", "public", "visible", "")
_NO = ("false", "no", "off", "0", "non", "")
_YES = ("true", "yes", "on", "1", "oui", "")
_SHOWING_VALUES = ((_PASSWORDS, ("",)), (_HIDING, _NO), (_SHOWING, _YES), (_STATES, _VISIBLE))
# Patterns that Python may match in exponential time, unlike Go: a repeated group, a reference.
_SLOW = re.compile(r"\)[*+?{]|\\[0-9]")


def header_hides(left: dict, today: datetime.date) -> bool:
    """Whether keys of a header hide a text, now or by their dates.

    A key that hides stays in `left`, as the reason; a key that shows is removed.
    """
    is_hidden = False
    for name in list(left):
        if (hides := _hides(name, left[name], today)) is not None:
            is_hidden = is_hidden or hides
            if not hides and _plain(name) not in (*_STARTS, *_ENDS):
                del left[name]
    return is_hidden


def take_passwords(left: dict) -> list[str]:
    """Remove passwords from a header, and return the reasons why they hide its text.

    No file of the site may hold a password: git saves all of them.
    """
    names = [name for name in left if _plain(name) in _PASSWORDS and left[name] not in ("", [], {})]
    for name in list(left):
        if name in names:
            del left[name]
        else:
            left[name] = _without_passwords(left[name])
    told = (Message("{name}: the old blog asked for a password", name=name) for name in names)
    return [*map(str, told)]


def _without_passwords(value: object) -> object:
    if isinstance(value, Mapping):
        return {
            name: _without_passwords(inner)
            for name, inner in value.items()
            if _plain(name) not in _PASSWORDS
        }
    return [*map(_without_passwords, value)] if isinstance(value, list) else value


def hidden_by_the_blog(
    source: SourceFolder, path: str, values: Mapping, today: datetime.date
) -> list[str]:
    """Return the reasons why the settings or the text's folder hide it, each on one line."""
    reasons = []
    if source.unread:
        unread = ", ".join(source.unread)
        reasons.append(str(Message("settings: {files} cannot be read for certain", files=unread)))
    ways = {"jekyll": _jekyll_reasons, "hugo": _hugo_reasons, "pelican": _pelican_reasons}
    if source.generator in ways:
        reasons += ways[source.generator](source, path)
    own = {_plain(name) for name in values}
    reasons += [
        f"{where}: {name}{'' if _plain(name) in _PASSWORDS else f': {value}'}"
        for where, name, value in _inherited(source, path)
        if _plain(name) not in own and _hides(name, value, today)
    ]
    return list(dict.fromkeys(reasons))


def _plain(name: object) -> str:
    name = str(name).lower()
    return name if name in _BUILDS else re.sub("[-_ ]", "", name)


def _hides(name: object, value: object, today: datetime.date) -> bool | None:
    """Whether a key hides a text; None for a key that does not control visibility."""
    name, typed = _plain(name), str(value).strip().lower()
    if name in _BUILDS:
        parts = value.items() if isinstance(value, Mapping) else [("render", value)]
        said = [
            str(inner).lower() for key, inner in parts if str(key).lower() in ("render", "list")
        ]
        return any(inner not in ("always", "true") for inner in said)
    day = read_day(typed)
    if name in (*_STARTS, *_ENDS) or (day and name in _SHOWING):
        waits_or_ended = day is None or (day <= today if name in _ENDS else day > today)
        return waits_or_ended and typed not in _NO
    for names, showing in _SHOWING_VALUES:
        if name in names:
            return typed not in showing
    return None


def _inherited(source: SourceFolder, path: str) -> Iterator[tuple[str, str, object]]:
    """Yield the inherited values of a text: their place, the key, the value."""
    found: dict[str, tuple[str, str, object]] = {}
    for where, given in _value_sources(source, path):
        for values in _mappings(given):
            for key, value in values.items():
                found[_plain(key)] = (where, str(key), value)
    yield from found.values()


def _value_sources(source: SourceFolder, path: str) -> Iterator[tuple[str, object]]:
    """Yield the places that give a text values, and these, the more specific later."""
    if source.generator == "jekyll":
        for item in _mappings(source.settings.get("defaults")):
            if _is_in_scope(source, path, item.get("scope")):
                yield "defaults", item.get("values")
    if source.generator == "pelican":
        yield "DEFAULT_METADATA", source.settings.get("default_metadata")
    if source.generator == "hugo":
        yield from _cascades(source, path)


def _mappings(value: object) -> list[Mapping]:
    items = value if isinstance(value, list | tuple) else [value]
    return [item for item in items if isinstance(item, Mapping)]


def _texts_of(value: object) -> list[str]:
    items = value if isinstance(value, list | tuple) else [value]
    return [item for item in items if isinstance(item, str)]


# https://jekyllrb.com/docs/configuration/options/ and /docs/collections/


def _is_in_scope(source: SourceFolder, path: str, scope: object) -> bool:
    """Whether a scope of Jekyll's defaults includes a text; its type matters only for posts."""
    scope = scope if isinstance(scope, Mapping) else {}
    start = str(scope.get("path") or "").strip("/")
    folder = str(source.settings.get("collections_dir") or "").strip("/")
    places = [path, path.removeprefix(f"{folder}/")]
    if start and not any(_is_below(place, start) for place in places):
        return False
    is_post = bool({"_posts", "_drafts"} & set(path.split("/")[:-1]))
    kind = str(scope.get("type") or "")
    return not (is_post and kind == "pages") and not (not is_post and kind in ("posts", "drafts"))


def _is_below(path: str, pattern: str) -> bool:
    parts = path.split("/")
    starts = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
    return any(fnmatchcase(start, pattern) for start in starts)


def _jekyll_reasons(source: SourceFolder, path: str) -> Iterator[str]:
    settings = source.settings
    included = _texts_of(settings.get("include"))
    excluded = [pattern.strip("/") for pattern in _texts_of(settings.get("exclude"))]
    parts = path.split("/")
    if any(_is_below(path, pattern.strip("/")) or pattern in parts for pattern in included):
        return
    for pattern in filter(None, excluded):
        if _is_below(path, pattern) or path.startswith(pattern):
            yield f"settings: exclude: {pattern}"
    collections = settings.get("collections")
    collections = collections if isinstance(collections, Mapping) else {}
    shown = {
        f"_{name}"
        for name, said in collections.items()
        if isinstance(said, Mapping) and str(said.get("output")).lower() == "true"
    }
    for name in parts:
        if name.startswith(("_", "#")) and name not in {"_posts", "_drafts", *shown}:
            told = Message("settings: {name} is no collection that the old blog showed", name=name)
            yield str(told)
    is_dated = re.match(r"(?:\d{2}|\d{4})-\d{1,2}-\d{1,2}-", parts[-1])
    if "_posts" in parts[:-1] and not is_dated:
        told = Message("file: a post without a day in the name of its file was not shown")
        yield str(told)


# https://gohugo.io/configuration/all/, /content-management/front-matter/, /page-bundles/


def _cascades(source: SourceFolder, path: str) -> Iterator[tuple[str, object]]:
    """Yield the values that sections pass on to a text, the outermost first."""
    yield "settings: cascade", source.settings.get("cascade")
    if source.cascades is None:
        source.cascades = _read_cascades(source)
    parts = path.split("/")
    for end in range(len(parts)):
        yield from source.cascades.get("".join(f"{name}/" for name in parts[:end]), ())


def _read_cascades(source: SourceFolder) -> dict[str, list[tuple[str, object]]]:
    found = defaultdict(list)
    for place in source.files:
        folder, slash, name = place.rpartition("/")
        if re.fullmatch(r"_index(\.[\w-]+)?\.(md|markdown)", name):
            try:
                front = parse_front_matter(source.read(place, MAX_TEXT_BYTES))
                value = front.values.get("cascade") if front else None
            except ProblemError:
                value = {"draft": str(Message("cannot be read"))}
            found[folder + slash].append((place, value))
    return found


def _hugo_reasons(source: SourceFolder, path: str) -> Iterator[str]:
    below = path.removeprefix(source.content)
    for pattern in _texts_of(source.settings.get("ignorefiles")):
        if _may_match(pattern, (path, f"/{path}", below, f"/{below}")):
            yield f"settings: ignoreFiles: {pattern}"
    folders = below.split("/")[:-1]
    if PurePosixPath(path).stem.partition(".")[0] != "index":
        for end in range(1, len(folders) + 1):
            bundle = f"{source.content}{'/'.join(folders[:end])}/index.md"
            if bundle in source.files:
                told = Message("file: it is a part of {file}, and was no page", file=bundle)
                yield str(told)


def _may_match(pattern: str, places: Iterable[str]) -> bool:
    """Whether a pattern matches, or cannot be evaluated safely."""
    if len(pattern) > 500 or _SLOW.search(pattern):
        return True
    try:
        return any(re.search(pattern, place) for place in places)
    except (re.error, RecursionError, OverflowError):
        return True


# https://docs.getpelican.com/en/stable/settings.html


def _pelican_reasons(source: SourceFolder, path: str) -> Iterator[str]:
    below = path.removeprefix(source.content)
    for pattern in _texts_of(source.settings.get("ignore_files")):
        if any(fnmatchcase(name, pattern) for name in (below, *below.split("/"))):
            yield f"settings: IGNORE_FILES: {pattern}"
    kinds = {"article": ("",), "page": ("pages",)}
    if not any(_is_read_by_pelican(source, below, kind, kinds[kind]) for kind in kinds):
        told = Message(
            "settings: ARTICLE_PATHS, ARTICLE_EXCLUDES, PAGE_PATHS, PAGE_EXCLUDES leave it out"
        )
        yield str(told)


def _is_read_by_pelican(
    source: SourceFolder, below: str, kind: str, default: tuple[str, ...]
) -> bool:
    typed = source.settings.get(f"{kind}_paths", default)
    excluded = _texts_of(source.settings.get(f"{kind}_excludes"))
    return any(_starts(below, name) for name in _texts_of(typed)) and not any(
        _starts(below, name) for name in excluded
    )


def _starts(below: str, name: str) -> bool:
    name = name.removeprefix("./").strip("/")
    return name in ("", ".") or below == name or below.startswith(f"{name}/")
