"""Compute the old addresses of texts from the header, else the generator's pattern."""

import datetime
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from engine.faults import ProblemError
from engine.languages import ENGLISH
from engine.slugs import slugify
from engine.texts import aliases
from engine.writing.imports.source_folder import SourceFolder
from engine.writing.imports.source_text import SourceText

# https://jekyllrb.com/docs/permalinks/#built-in-formats
_JEKYLL_STYLES = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title.html",
    "weekdate": "/:categories/:year/W:week/:short_day/:title.html",
    "none": "/:categories/:title.html",
}
# A named value of Jekyll and Hugo, and of WordPress.
_NAMED = re.compile(r":(\w+)|%(\w+)%")
_BRACES = re.compile(r"\{(\w+)(?::([^{}]*))?\}")


def set_addresses(source: SourceFolder, text: SourceText) -> None:
    """Set the old address and the aliases of a text."""
    pattern = text.old["address"]
    folders = text.folders_below(source.content)
    if PurePosixPath(text.path).stem.partition(".")[0] == "index":
        folders = folders[:-1]
    prefix = _prefix_of_hugo(source, text)
    if prefix is not None and source.languages().get(text.lang) == f"{source.content}{text.lang}/":
        folders = folders[1:]
    words = _words(source, text, folders)
    if not pattern and source.generator == "pelican":
        pattern = _pattern_of_translations(source, text)
    if not pattern:
        given = source.pattern
        if given and text.kind == "page":
            # WordPress has no pattern for pages.
            given = "" if source.generator else "/%postname%/"
        pattern = given or _pattern(source.generator, source.settings, text.kind, words["section"])
    path = fill_pattern(_path_of(pattern), words, text.day) if pattern else None
    if path and not text.old["address"].startswith("/"):
        path = f"{prefix or ''}{path}"
    text.old_address = f"{source.base}{path}" if path else ""
    # A hidden text had no address, unless its header has one.
    olds = [text.old_address] if text.old["address"] or not text.is_hidden else []
    for value in text.old["aliases"]:
        typed = value if isinstance(value, list) else [value]
        olds += [f"/{_path_of(str(item)).lstrip('/')}" for item in typed]
    for old in dict.fromkeys(filter(None, olds)):
        try:
            text.values["aliases"].append(aliases.normalise_alias(old))
        except ProblemError as error:
            source.note(text.path, "aliases", error.problem, error.remedy, 1)


def _pattern(generator: str, settings: Mapping, kind: str, section: str) -> str:
    """Return the pattern of the addresses of a kind ("article" or "page"), "" if unknown.

    `section` is the first folder of a text of Hugo.
    """
    if generator == "jekyll":
        typed = str(settings.get("permalink") or "date")
        style = _JEKYLL_STYLES.get(typed, typed)
        if kind == "article":
            return style
        return "/:path/:basename/" if style.endswith("/") else "/:path/:basename.html"
    if generator == "pelican":
        default = "{slug}.html" if kind == "article" else "pages/{slug}.html"
        return str(settings.get(f"{kind}_url") or default)
    if generator == "hugo":
        patterns = settings.get("permalinks")
        patterns = patterns if isinstance(patterns, dict) else {}
        nested = patterns.get("page")
        patterns = nested if isinstance(nested, dict) else patterns
        ugly = str(settings.get("uglyurls")).lower() == "true"
        default = "/:sections/:slugorfilename" + (".html" if ugly else "/")
        return str(patterns.get(section) or patterns.get("/") or default)
    return ""


def _prefix_of_hugo(source: SourceFolder, text: SourceText) -> str | None:
    """Return the path of a language of Hugo, "" or "/en"; None in a blog of one language.

    https://gohugo.io/configuration/languages/
    """
    settings, codes = source.settings, source.languages()
    if source.generator != "hugo" or not (codes or settings.get("defaultcontentlanguage")):
        return None
    default = str(settings.get("defaultcontentlanguage") or ENGLISH).lower()
    in_folder = str(settings.get("defaultcontentlanguageinsubdir")).lower() == "true"
    in_place = (
        text.path.rpartition(".")[0].endswith(f".{text.lang}")
        or (codes.get(text.lang) and text.path.startswith(codes[text.lang]))
        or text.lang == default
    )
    return f"/{text.lang}" if in_place and (text.lang != default or in_folder) else ""


def _pattern_of_translations(source: SourceFolder, text: SourceText) -> str:
    """Return the pattern of addresses of a text not in Pelican's default language, else ""."""
    lang = str(text.front.values.get("lang") or "").strip().lower()
    if not lang or lang == str(source.settings.get("default_lang") or ENGLISH).lower():
        return ""
    default = "{slug}-{lang}.html" if text.kind == "article" else "pages/{slug}-{lang}.html"
    return str(source.settings.get(f"{text.kind}_lang_url") or default)


def fill_pattern(pattern: str, words: Mapping[str, str], date: datetime.date | None) -> str | None:
    """Return the path for a pattern, with its first slash; None if a value is unknown.

    `words` holds the values by the names of all generators: `slug`, `title`, `categories`…
    """
    unknown = False
    values = {**_dates(date), **words}

    def value_of(name: str) -> str:
        nonlocal unknown
        unknown = unknown or name not in values
        return values.get(name, "")

    def of_braces(match: re.Match) -> str:
        if match[1] == "date" and date and match[2]:
            return date.strftime(match[2].replace("%-", "%"))
        return value_of(match[1])

    address = _BRACES.sub(of_braces, pattern)
    address = _NAMED.sub(lambda match: value_of(match[1] or match[2]), address)
    return None if unknown else re.sub("/{2,}", "/", f"/{address}")


def _dates(date: datetime.date | None) -> dict[str, str]:
    if date is None:
        return {}
    return {
        "year": f"{date.year:04}",
        "month": f"{date.month:02}",
        "monthnum": f"{date.month:02}",
        "day": f"{date.day:02}",
        "i_month": str(date.month),
        "i_day": str(date.day),
        "short_year": f"{date.year % 100:02}",
        "y_day": f"{date:%j}",
        "yearday": f"{date:%j}".lstrip("0"),
        "week": f"{date:%V}",
        "short_day": f"{date:%a}",
        "monthname": f"{date:%B}".lower(),
    }


def _path_of(address: str) -> str:
    """Return the path of an absolute address; another address unchanged."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    return parts.path if parts.netloc else address


def _words(source: SourceFolder, text: SourceText, folders: list[str]) -> dict[str, str]:
    """Return the values for patterns of addresses, except those of the date."""
    slug, path = text.old["slug"], "/".join(folders)
    categories = [slugify(name) for name in text.categories]
    by_file = slug or text.stem
    words = {
        "slug": by_file if source.names_by_file else slug or text.values["slug"],
        **dict.fromkeys(("title", "postname"), by_file),
        "categories": "/".join(categories),
        "category": categories[0] if categories else "",
        **dict.fromkeys(("path", "sections"), path),
        "section": folders[0] if folders else "",
        "basename": text.stem,
        "output_ext": ".html",
        "lang": text.lang,
        "author": slugify(str(text.front.values.get("author", ""))),
    }
    if source.generator == "hugo":
        by_file = slug or _word_of_hugo(text.stem)
        words["title"] = _word_of_hugo(text.values["title"])
        words["slug"] = slug or words["title"]
        words |= dict.fromkeys(("filename", "contentbasename"), text.stem.lower())
        words |= dict.fromkeys(("slugorfilename", "slugorcontentbasename"), by_file)
    return words


def _word_of_hugo(text: str) -> str:
    """Convert a name to Hugo's form in addresses, which keeps accents."""
    return re.sub(r"[^\w.+~-]+", "-", text.lower()).strip("-")
