"""What is looked for across the texts, in the pictures, and in what only the owner can give."""

from collections.abc import Iterator

from building.site_file import SiteFile
from checking.finding import Finding
from checking.reading import Reading
from checking.rules import found
from plugins.documents import Library
from plugins.links import Resolver
from plugins.slugs import slugify

# Bytes: a photo of 24 million pixels, as a camera writes it with little loss.
HEAVY = 8_000_000
_IMAGES = "images/"
# Said only where another person than the owner is meant.
_MAY_BE_EMPTY = ("director",)


def titles(library: Library) -> Iterator[Finding]:
    """Two texts of one language under one title."""
    first: dict[tuple[str, str], str] = {}
    for document in sorted(library.all.values(), key=lambda document: document.source):
        title = document.values["title"]
        if not title:
            continue
        other = first.setdefault((document.lang, slugify(title) or title), document.shown_path)
        if other != document.shown_path:
            line = document.lines.get("title", 1)
            remedy = "say what this text has of its own"
            problem = f"“{title}” is also the title of {other}"
            yield found("title-twice", document.shown_path, line, problem, remedy)


def pictures(library: Library, readings: list[Reading], shown_folder: str) -> Iterator[Finding]:
    """Heavy files, and images that no text uses, drafts counted."""
    used = set()
    for reading in readings:
        resolver = Resolver(library, reading.document)
        used |= {resolver.source(address) for address in reading.addresses}
    for source in sorted(library.files_found):
        if not source.startswith(_IMAGES):
            continue
        path = f"{shown_folder}/{source}"
        size = (library.folder / source).stat().st_size
        if size > HEAVY:
            problem = f"the file has {size / 1e6:.1f} MB, and {HEAVY / 1e6:.0f} are enough"
            remedy = "export it again, at most 4,000 pixels wide"
            yield found("image-heavy", path, 1, problem, remedy)
        if source not in used:
            remedy = f"show it, as in ![What one sees](/{source}), or remove the file"
            yield found("image-unused", path, 1, "no text uses this image", remedy)


def owner(site: SiteFile) -> Iterator[Finding]:
    """What only the owner can give and has not: the empty values of `owner` in the site.yml.

    A folder without the file is not asked for them: publishing/readiness.py does.
    """
    for name, value in site.block("owner").items() if site.lines else ():
        if not value and name not in _MAY_BE_EMPTY:
            line = site.lines.get(f"owner.{name}") or site.lines.get("owner", 1)
            problem, remedy = f"{name} is not given yet", f'write it once known: {name}: "…"'
            yield found("owner", site.path, line, problem, remedy)
