"""Find what a site lacks for publication: identity, legal facts, replaced placeholders."""

import re
import uuid
from collections.abc import Iterable

from engine.faults import Fault, Message
from engine.languages import MAIN_LANGUAGE
from engine.pages.built_site import BuiltSite
from engine.pages.markup import Markup
from engine.settings.site_file import NEUTRAL_ID, NEUTRAL_NAMES, SiteFile

# LCEN (loi n° 2004-575 du 21 juin 2004), art. 1-1, II, formerly art. 6, III, 1; art. 19 for the
# electronic address; code de commerce, art. R. 526-27 for “EI” and R. 123-237 for the number.
LEGAL_FACTS = {
    "name": Message("the name of the editor, first and last (LCEN, art. 1-1)"),
    "trading_form": Message(
        "the form of the business, such as “EI” (code de commerce, art. R. 526-27)"
    ),
    "address": Message("the postal address of the editor (LCEN, art. 1-1)"),
    "phone": Message("a telephone number of the editor (LCEN, art. 1-1)"),
    "email": Message("an electronic address of the editor (LCEN, art. 19)"),
    "siret": Message("the number of the business in the national register (LCEN, art. 1-1 and 19)"),
    "host_name": Message("the name of the host (LCEN, art. 1-1)"),
    "host_address": Message("the postal address of the host (LCEN, art. 1-1)"),
    "host_phone": Message("the telephone number of the host (LCEN, art. 1-1)"),
}
WHAT_THE_LAW_ASKS = Message(
    "French law asks every professional site for these facts (LCEN, loi n° 2004-575, art. 1-1, "
    "formerly art. 6 III-1). Leaving them out is an offence: up to one year of prison and "
    "75 000 € (formerly art. 6 VI-2)."
)
# The key of the faults of `check_placeholders`.
PLACEHOLDER = "placeholder"
# Words that the writer has to replace.
_PLACEHOLDER = re.compile(
    r"(?i:lorem ipsum|\[à compléter\]|\[to be completed\])|\b(?:TODO|FIXME|TBD|XXX+)\b"
    r"|\bexample\.(?:org|com|net)\b"
)


def missing_identity(site: SiteFile) -> list[Fault]:
    """Return a fault for the name and for the identifier if they are still the defaults."""
    faults = []
    if site.names[MAIN_LANGUAGE] == NEUTRAL_NAMES[MAIN_LANGUAGE]:
        problem = Message("the site has no name of its own")
        remedy = Message("write it below names: as in {language}: Le nom", language=MAIN_LANGUAGE)
        faults.append(site.fault(f"names.{MAIN_LANGUAGE}", problem, remedy))
    if site.id == NEUTRAL_ID:
        problem = Message(
            "the site has no identifier of its own, by which feed readers know its news"
        )
        faults.append(site.fault("id", problem, Message("write id: {id}", id=uuid.uuid4())))
    return faults


def missing_legal_facts(site: SiteFile) -> list[Fault]:
    """Return a fault for each empty fact that the law requires of a professional site.

    A director of publication is not required: by default it is the editor.
    """
    return [
        site.fault(
            f"owner.{key}",
            Message("missing: {fact}", fact=fact),
            Message("write it below owner: as in {key}: …", key=key),
        )
        for key, fact in LEGAL_FACTS.items()
        if not site.block("owner")[key]
    ]


def check_placeholders(path: str, markup: Markup) -> list[Fault]:
    """Find placeholders in the words of a page, outside code."""
    found = _PLACEHOLDER.findall(markup.text_outside("code", "pre"))
    return [
        Fault(
            path,
            None,
            PLACEHOLDER,
            Message("“{words}” waits to be replaced", words=words),
            Message("write the text itself"),
        )
        for words in dict.fromkeys(found)
    ]


def published_drafts(built: BuiltSite, drafts: Iterable[tuple[str, str]]) -> list[Fault]:
    """Find drafts with a page in a site; `drafts` are pairs of a text's and its page's path."""
    return [
        Fault(
            text,
            None,
            "status",
            Message("this text has a page, and is a draft or waits for its day"),
            Message("remove `status: draft` once it is good"),
        )
        for text, page in drafts
        if page in built.files
    ]
