"""Check the built site: each page by itself, then all pages and files together.

Each page is parsed once (`page_records.record_site`) and kept as a small record with its own
faults (`page_checks`). Then the records are compared with each other and with the files, here and
in `feed_checks`. A check is a function that returns a list of faults. To add one, write it and
name it in `PAGE_CHECKS` or in `SITE_CHECKS`.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from engine.checking.pages.feed_checks import check_feeds, check_robots, check_sitemap
from engine.checking.pages.page_checks import PAGE_CHECKS, REDIRECT_CHECKS, feeds
from engine.checking.pages.reference_checks import check_redirects, check_references
from engine.faults import Fault, Message, join_messages
from engine.pages import compression
from engine.pages.built_site import BuiltSite
from engine.pages.page_records import PageCheck, PageRecord, SiteRecords, record_site
from engine.serving import server_files

# Files that clients request by a known name: no page has to lead to them.
FOUND_BY_NAME = (
    "index.html",
    "404.html",
    "*/404.html",
    "robots.txt",
    "sitemap.xml",
    "version.txt",
    *server_files.NAMES,
    "favicon.ico",
    ".well-known/*",
    "theme/fonts/*.txt",  # the licences of the fonts, which must be published with them
)
# A web server sends these in place of the file beside them.
COMPRESSED = tuple(compression.ENCODINGS)


def check_orphans(site: SiteRecords) -> list[Fault]:
    """Check that each file is reachable from the home page or by a known name."""
    waiting = [file for file in site.files if _is_found_by_name(file)]
    waiting += [*site.feeds, *(feed for feed in feeds().values() if feed in site.files)]
    reached = {*waiting, *site.redirects}
    while waiting:
        source = waiting.pop()
        for reference in site.references.get(source, ()):
            file = site.file_at(site.inner_path(source, reference.address))
            # No visitor reaches a page by the metadata that calls it a translation.
            is_followed = reference.role != "metadata" or file not in site.pages
            if file is not None and is_followed and file not in reached:
                reached.add(file)
                waiting.append(file)
    problem = Message("no page leads to it")
    remedy = Message("link to it, or leave it out of the output")
    return [
        Fault(file, None, "orphan", problem, remedy)
        for file in site.files - reached
        if not (file.endswith(COMPRESSED) and file.rpartition(".")[0] in site.files)
    ]


def _is_found_by_name(file: str) -> bool:
    return any(fnmatchcase(file, pattern) for pattern in FOUND_BY_NAME)


def check_canonicals(site: SiteRecords) -> list[Fault]:
    """Check that each indexable page has one canonical link: its own absolute address."""
    faults = []
    for path, page in site.pages.items():
        expected = site.url(path)
        if page.canonicals == (expected,) or (not page.canonicals and not page.is_indexable):
            continue
        problem = Message("the page does not name its own address")
        if page.canonicals:
            named = join_messages(f"“{address}”" for address in page.canonicals)
            problem = Message("the page names {addresses} as its own address", addresses=named)
        remedy = Message("write “{address}”, once", address=expected)
        faults.append(Fault(path, None, "canonical", problem, remedy))
    return faults


def check_alternates(site: SiteRecords) -> list[Fault]:
    """Check that translated pages name the same alternates: each other, themselves, a default."""
    return [
        Fault(path, None, "hreflang", problem, remedy)
        for path, page in site.pages.items()
        if page.alternates
        for problem, remedy in _wrong_alternates(site, page)
    ]


def _wrong_alternates(site: SiteRecords, page: PageRecord) -> Iterator[tuple[Message, Message]]:
    named = dict(page.alternates)
    if len(named) != len(page.alternates):
        yield Message("a language is named twice"), Message("leave one address a language")
    if "x-default" not in named:
        remedy = Message("name the page for readers of any other language")
        yield Message("there is no x-default"), remedy
    if named.get(page.lang) != site.url(page.path):
        problem = Message("it does not name itself as “{language}”", language=page.lang)
        yield problem, Message("name {address}", address=site.url(page.path))
    for lang, address in named.items():
        other = site.page_at(address)
        if other is None or site.url(other.path) != address:
            problem = Message("“{address}” is no page's own address", address=address)
            yield problem, Message("write that of the counterpart, whole")
        elif dict(other.alternates) != named:
            problem = Message("{page} does not name the same counterparts", page=other.path)
            yield problem, Message("each page of a group has to name the same pages")
        elif lang not in ("x-default", other.lang):
            problem = Message(
                "{page} is in “{language}”, not in “{expected}”",
                page=other.path,
                language=other.lang,
                expected=lang,
            )
            yield problem, Message("name the right page")


def check_titles_and_descriptions(site: SiteRecords) -> list[Fault]:
    """Check that each page has one title and one description, unique in its language."""
    faults = []
    for key in ("title", "description"):
        first: dict[tuple[str, str], str] = {}
        for path, page in site.pages.items():
            texts = getattr(page, f"{key}s")
            if len(texts) != 1 or not texts[0]:
                problem = Message("there is none")
                if len(texts) > 1:
                    problem = Message("there are {count} of them", count=len(texts))
                remedy = Message("write one, of this page alone")
                faults.append(Fault(path, None, key, problem, remedy))
            elif (other := first.setdefault((page.lang, texts[0]), path)) != path:
                problem = Message("“{text}” is also that of {page}", text=texts[0], page=other)
                remedy = Message("say what this page has of its own, such as its number")
                faults.append(Fault(path, None, f"same-{key}", problem, remedy))
    return faults


SITE_CHECKS = (
    check_references,
    check_redirects,
    check_orphans,
    check_canonicals,
    check_alternates,
    check_titles_and_descriptions,
    check_robots,
    check_sitemap,
    check_feeds,
)


def check_records(site: SiteRecords) -> list[Fault]:
    """Return every fault of a recorded site, sorted by file and line."""
    if "index.html" not in site.pages:
        problem, remedy = Message("there is no home page"), Message("build the site first")
        return [Fault("index.html", None, "home", problem, remedy)]
    faults = list(site.faults)
    for page in site.pages.values():
        faults += page.faults
    for check in SITE_CHECKS:
        faults += check(site)
    return sorted(faults, key=lambda fault: fault.sort_key)


def check_site(
    built: BuiltSite, site_address: str, more_checks: Sequence[PageCheck] = ()
) -> list[Fault]:
    """Return every fault of a built site that will be published at `site_address`.

    `more_checks` are made of each page in addition to PAGE_CHECKS.
    """
    return check_records(
        record_site(
            built, site_address, (*PAGE_CHECKS, *more_checks), (*REDIRECT_CHECKS, *more_checks)
        )
    )


def main(arguments: list[str] | None = None) -> int:
    """Check a folder and print its faults, or that there is none; return the exit code."""
    parser = argparse.ArgumentParser(prog="site_check", description=__doc__.partition("\n")[0])
    parser.add_argument("output", type=Path, help="the folder of the built site")
    parser.add_argument(
        "--site-address", help="where it will stand (else that of content/site.yml)"
    )
    options = parser.parse_args(arguments)
    address = options.site_address or _configured_address()
    site = record_site(BuiltSite(options.output), address, PAGE_CHECKS, REDIRECT_CHECKS)
    faults = check_records(site)
    if faults:
        print(*faults, sep="\n")
        return 1
    links = sum(map(len, site.references.values()))
    print(Message("{pages} pages, {links} links: no fault", pages=len(site.pages), links=links))
    return 0


def _configured_address() -> str:
    from pelicanconf import SITE_URL  # noqa: PLC0415 - it loads Pelican, which is slow

    return SITE_URL


if __name__ == "__main__":
    sys.exit(main())
