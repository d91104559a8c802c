"""Assign an address to each text, and refuse two texts with the same address."""

from collections.abc import Iterable

from engine.faults import Message
from engine.languages import LANGUAGES, MAIN_LANGUAGE, OTHER_LANGUAGE
from engine.slugs import slugify
from engine.texts.content_files import STATIC_FOLDERS
from engine.texts.documents import Document, Library
from engine.texts.topics import topic_of


def assign_address(library: Library, document: Document) -> None:
    """Set the slug and the address of a document; add a fault if its title gives no address."""
    document.slug = document.header["slug"] or slugify(document.header["title"] or "")
    patterns = library.addresses[document.lang]
    if not document.slug and document.header["title"]:
        problem = Message("no address can be made from it")
        remedy = Message("add a line such as slug: some-words")
        library.add_fault(document, "title", problem, remedy, "address-taken")
    if document.kind == "home":
        document.url = patterns["home"]
    elif theme := document.header.get("theme"):
        topic = topic_of(library, theme, document.lang)
        document.url = patterns["topic"].format(slug=topic.slug if topic else document.slug)
    elif document.is_announced:
        document.url = f"{patterns['home']}#{document.slug}"
    else:
        document.url = patterns[document.kind].format(slug=document.slug)


def reserved_addresses(library: Library, years: dict[str, set[int]]) -> dict[str, Message | str]:
    """Map each path-absolute address that no text may have to its owner.

    `years` gives the years with news, each of which has a page, by language.
    """
    taken: dict[str, Message | str] = {}
    for lang, patterns in library.addresses.items():
        for kind, pattern in patterns.items():
            if "{" not in pattern:
                own = Message("the site's own page “{kind}”", kind=kind)
                taken[library.address(lang, pattern)] = own
        for year in years[lang]:
            address = library.address(lang, patterns["year"].format(year=year))
            taken[address] = Message("the news of the year {year}", year=year)
    # The other language's folder, and those of the theme and of the owner's files.
    folders = (f"{name}/" for name in ("theme", *STATIC_FOLDERS))
    for name in (LANGUAGES[OTHER_LANGUAGE].root, *folders):
        taken.setdefault(library.address(MAIN_LANGUAGE, name), Message("a folder of the site"))
    return taken


def visible_pages(library: Library) -> set[str]:
    """Return the path-absolute address of every page that visitors can see."""
    pages = set(reserved_addresses(library, years_of_news(library.visible)))
    for document in library.visible:
        if document.kind == "home" or (document.save_as and document.slug):
            pages.add(library.address(document.lang, document.url))
        pattern = library.addresses[document.lang]["topic"]
        for topic in document.topics:
            pages.add(library.address(document.lang, pattern.format(slug=topic.slug)))
    return pages


def years_of_news(documents: Iterable[Document]) -> dict[str, set[int]]:
    """Return the years of the news among `documents`, by language."""
    years: dict[str, set[int]] = {lang: set() for lang in LANGUAGES}
    for document in documents:
        if date := document.header.get("date"):
            years[document.lang].add(date.year)
    return years


def refuse_clashes(library: Library) -> None:
    """Add a fault for each text whose address is taken: its page would overwrite another."""
    taken = reserved_addresses(library, years_of_news(library.visible))
    for document in library.visible:
        if not document.slug or document.kind == "home":
            continue
        address = library.address(document.lang, document.url)
        if address in taken:
            key = "slug" if "slug" in document.lines else "title"
            problem = Message(
                "the address {address} is already that of {owner}",
                address=address,
                owner=taken[address],
            )
            remedy = Message("add or change a line such as slug: {slug}-2", slug=document.slug)
            if document.header.get("theme"):
                key, remedy = "theme", Message("keep one introduction of the theme")
            library.add_fault(document, key, problem, remedy, "address-taken")
        else:
            taken[address] = document.shown_path
    _refuse_alias_clashes(library, taken)


def _refuse_alias_clashes(library: Library, taken: dict[str, Message | str]) -> None:
    """Add a fault for each alias that is a page or another alias: no chain, no loop is possible.

    Letter case is ignored, because some file systems ignore it.
    """
    living = {address.casefold(): what for address, what in taken.items()}
    aliases: dict[str, str] = {}
    folders = tuple(f"/{name}/" for name in ("theme", *STATIC_FOLDERS))
    for document in library.visible:
        for alias in document.header.get("aliases") or ():
            alike = f"{library.base}{alias}".casefold()
            if alike in living:
                problem = Message(
                    "{alias} is the address of {owner}", alias=alias, owner=living[alike]
                )
                remedy = Message(
                    "remove it: only an address that is no longer used can lead elsewhere"
                )
            elif alias.casefold().startswith(folders):
                problem = Message("{alias} is in a folder of the site's own files", alias=alias)
                remedy = Message("remove it: only pages are redirected")
            elif alike in aliases:
                problem = Message(
                    "{alias} is already an alias of {owner}", alias=alias, owner=aliases[alike]
                )
                remedy = Message("keep it in one of the two places")
            else:
                aliases[alike] = document.shown_path
                continue
            library.add_fault(document, "aliases", problem, remedy)
