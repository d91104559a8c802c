"""The addresses that texts had: what the header says, else the pattern of the generator."""

import datetime
import re
from collections.abc import Mapping

# https://jekyllrb.com/docs/permalinks/#built-in-formats
_JEKYLL_STYLES = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title.html",
    "weekdate": "/:categories/:year/W:week/:short_day/:title.html",
    "none": "/:categories/:title.html",
}
# As Jekyll and Hugo name a value, and as WordPress does.
_NAMED = re.compile(r":(\w+)|%(\w+)%")
_BRACES = re.compile(r"\{(\w+)(?::([^{}]*))?\}")


def pattern_of(generator: str, settings: Mapping, kind: str, section: str) -> str:
    """The pattern of the addresses of a kind of text ("article" or "page"), "" if none is known.

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


def fill_pattern(pattern: str, words: Mapping[str, str], date: datetime.date | None) -> str | None:
    """The address that a pattern gives, from its first slash on; None if a value is not known.

    `words` are the values by the names of all generators: `slug`, `title`, `categories`…
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
