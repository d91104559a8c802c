"""Check that the addresses in pages and style sheets lead to existing files and elements."""

from urllib.parse import unquote

from engine.faults import Fault, Message
from engine.pages.markup import Reference, scheme
from engine.pages.page_records import SiteRecords

# The key, the problem and the remedy of a fault.
Complaint = tuple[str, Message, Message]


def check_references(site: SiteRecords) -> list[Fault]:
    """Check that each address leads to a file of the output, or may lead to another site."""
    return [
        Fault(source, reference.line, *complaint)
        for source, references in site.references.items()
        for reference in references
        if (complaint := wrong_address(site, source, reference))
    ]


def wrong_address(site: SiteRecords, source: str, reference: Reference) -> Complaint | None:
    """Return the complaint about an address in the file `source`, None if it is valid."""
    if not reference.address.strip():
        problem = Message("{place} is empty", place=reference.place)
        return "empty-address", problem, Message("write the address")
    path = site.inner_path(source, reference.address)
    if path is None:
        return _third_party(reference)
    file = site.file_at(path)
    if file is None:
        return _missing_file(site, path, reference)
    if file in site.redirects:
        problem = Message("{reference} is an old address", reference=reference)
        remedy = Message("write the new one, “{address}”", address=site.redirects[file])
        return "old-address", problem, remedy
    return _missing_fragment(site, file, reference)


def check_redirects(site: SiteRecords) -> list[Fault]:
    """Check that each old address redirects to an existing page, without another redirection."""
    return [
        Fault(path, None, *complaint)
        for path, new in site.redirects.items()
        if (complaint := wrong_address(site, path, Reference(None, "refresh", new, "followed")))
    ]


def _third_party(reference: Reference) -> Complaint | None:
    if reference.role != "loaded" or scheme(reference.address) == "data":
        return None
    problem = Message("{reference} is loaded from elsewhere", reference=reference)
    remedy = Message("put the file into the site: others need not know its visitors")
    return "third-party", problem, remedy


def _missing_file(site: SiteRecords, path: str, reference: Reference) -> Complaint:
    if site.file_at(f"{path}/"):
        problem = Message("{reference} is a folder's address", reference=reference)
        return "missing-slash", problem, Message("end it with a slash")
    if reference.role == "followed":
        problem = Message("{reference} leads to no file", reference=reference)
        return "broken-link", problem, Message("fix the address, or make the page")
    problem = Message("{reference} is not there", reference=reference)
    return "missing-file", problem, Message("fix the address, or add the file")


def _missing_fragment(site: SiteRecords, file: str, reference: Reference) -> Complaint | None:
    fragment = unquote(reference.address.partition("#")[2].partition(":~:")[0].strip())
    page = site.pages.get(file)
    # "#top" is the top of any page, by the HTML standard.
    if page is None or fragment in ("", "top") or fragment in page.ids:
        return None
    problem = Message("{reference} names no element of {file}", reference=reference, file=file)
    remedy = Message("fix the part after #, or give the element that id")
    return "missing-fragment", problem, remedy
