"""Compare the new site with the live one, and refuse harmful changes."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from engine.faults import Fault, Message
from engine.publishing.manifest import Manifest

# A publication with fewer pages than this share of the live site is refused.
MIN_SHARE = 0.8
_COMPRESSED = (".br", ".gz", ".zst")
_SHOWN = 12


@dataclass(frozen=True)
class Changes:
    """The sorted addresses of changed pages, such as "/projets/un-lieu/", and counts of files."""

    added: list[str]
    changed: list[str]
    removed: list[str]
    files: int
    pages: int
    live_pages: int

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.files)

    def __str__(self) -> str:
        lines = []
        for head, sign, addresses in (
            (Message("{number} pages added", number=len(self.added)), "+", self.added),
            (Message("{number} pages changed", number=len(self.changed)), "~", self.changed),
            (Message("{number} pages removed", number=len(self.removed)), "-", self.removed),
        ):
            lines.append(str(head))
            lines += [f"  {sign} {address}" for address in addresses[:_SHOWN]]
            if len(addresses) > _SHOWN:
                more = Message("and {number} more", number=len(addresses) - _SHOWN)
                lines.append(f"  {sign} {more}")
        other = Message("{number} other files added, changed or removed", number=self.files)
        return "\n".join([*lines, str(other)])


def address(path: str) -> str:
    """Return the address of a file; that of an index.html is its folder's."""
    folder, slash, name = path.rpartition("/")
    return f"/{folder}{slash}" if name == "index.html" else f"/{path}"


def compare(live: Manifest, new: Manifest) -> Changes:
    """Compare the live site, empty before the first publication, with the new one."""
    differing = {path for path in live.keys() | new.keys() if live.get(path) != new.get(path)}
    pages = {path for path in differing if is_page(path)}
    return Changes(
        added=sorted(address(path) for path in pages - live.keys()),
        changed=sorted(address(path) for path in pages & live.keys() & new.keys()),
        removed=sorted(address(path) for path in pages - new.keys()),
        files=sum(not path.endswith(_COMPRESSED) for path in differing - pages),
        pages=sum(map(is_page, new)),
        live_pages=sum(map(is_page, live)),
    )


def is_page(path: str) -> bool:
    """Whether a file is a page or a feed, whose addresses readers keep."""
    return path.endswith((".html", ".xml"))


def refusals(
    changes: Changes,
    redirects: Iterable[str] = (),
    gone: Iterable[str] = (),
    *,
    fewer_pages: bool = False,
    find_remedies: Callable[[list[str]], Mapping[str, Message]] = lambda _lost: {},
) -> list[Fault]:
    """Return the reasons to refuse a publication: lost addresses, too few pages.

    `redirects` are the addresses that redirect; `gone` those that the owner gives up.
    `find_remedies` returns a specific remedy for some of the lost addresses.
    https://www.w3.org/Provider/Style/URI: a published address must stay valid.
    """
    kept = {re.sub(r"/+$", "", each) for each in (*redirects, *gone)}
    all_lost = [each for each in changes.removed if each.rstrip("/") not in kept]
    known = find_remedies(all_lost) if all_lost else {}
    faults = []
    for lost in all_lost:
        problem = Message("this address of the live site would lead nowhere")
        remedy = known.get(lost) or Message(
            "name it under `aliases` of the text that replaces it, or call with --gone={lost}",
            lost=lost,
        )
        faults.append(Fault(lost, None, "publish", problem, remedy))
    if changes.pages < MIN_SHARE * changes.live_pages and not fewer_pages:
        problem = Message(
            "{pages} pages would replace {live_pages}",
            pages=changes.pages,
            live_pages=changes.live_pages,
        )
        remedy = Message("see what the build left out; if it is meant, call with --fewer-pages")
        faults.append(Fault(str(Message("the new site")), None, "publish", problem, remedy))
    return faults
