"""Provide the words about the owner, the names, the portrait and the vCard."""

from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup
from pelican import signals

from engine.dependencies import RecordedObject
from engine.exports import vcard
from engine.languages import MAIN_LANGUAGE
from engine.pictures.markup import markup
from engine.pictures.variants import Picture, variants

# 12rem on a narrow page, 14rem beside the text (theme/static/css/portrait.css).
PORTRAIT_SIZES = "(min-width: 64em) 14rem, 12rem"


class SiteValues(RecordedObject):
    """Values of site.yml for the pages of a language: a page depends on those that it reads."""

    def __init__(self, record_name: str, values: Mapping[str, object]):
        vars(self).update(values, record_name=record_name)


def site_and_owner(site: str, owner: str) -> str:
    """Join the names of the site and of the owner, unless the first contains the second."""
    return site if not owner or owner in site else f"{site} · {owner}"


def read_portrait(settings: dict) -> Picture | None:
    """Return the portrait of the owner, None without one. Raises ProblemError."""
    name = settings["OWNER"]["portrait"]
    if not name:
        return None
    # A site without pictures needs no decoder.
    from engine.pictures.inspection import inspect  # noqa: PLC0415

    return inspect(Path(settings["PATH"], name.lstrip("/")))


def contact_card(settings: dict) -> str:
    """Return the vCard of the owner, "" if there is no address in it or no page to lead to it.

    Its values are as typed: an address book searches for them, and dials the number.
    """
    pages = (document.header.get("template") for document in settings["LIBRARY"].visible)
    if not any(template in ("contact", "legal") for template in pages):
        return ""
    name = settings["SITE"].typed_names[MAIN_LANGUAGE]
    return vcard.vcard(settings["OWNER"], name, settings["SITE_URL"])


def add_owner(generators: list) -> None:
    """Put the owner, the names, the portrait and the address of the vCard into the context."""
    context, settings = generators[0].context, generators[0].settings
    lang, site = settings["DEFAULT_LANG"], settings["SITE"]
    owner = site.owner(lang)
    context["owner"] = SiteValues(f"{lang} owner", owner)
    values = {"colours": site.value("colours")}
    # A machine reads the numbers: their spaces are as typed.
    for each in ("phone", "siret", "vat_number"):
        values[each] = site.value(f"owner.{each}")
    for each in ("sign", "news_on_home", "has_contact", "reserves_mining"):
        values[each] = getattr(site, each)
    context["site"] = SiteValues(f"{lang} site", values)
    name = owner["name"]
    context["site_and_owner"] = site_and_owner(settings["SITENAME"], name)
    card = contact_card(settings)
    context["vcard_url"] = card and f"{settings['LIBRARY'].base}/{vcard.FILE}"
    portrait = read_portrait(settings)
    base = settings["LIBRARY"].base
    context["portrait_address"] = portrait and f"{base}/{variants(portrait)[-1].name}"
    context["portrait"] = portrait and Markup(  # noqa: S704 - markup escapes its values
        markup(
            portrait,
            name,
            base=base,
            eager=True,
            sizes=PORTRAIT_SIZES,
            attributes={"class": "u-photo"},
        )
    )


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(add_owner)
