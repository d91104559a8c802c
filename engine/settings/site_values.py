"""Validate the values of `content/site.yml` by the type of their keys."""

import difflib
import re
import uuid
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from stdnum.fr import siret, tva

from engine.characters import compose_letters
from engine.faults import Message
from engine.settings.site_schema import Key
from engine.settings.site_settings import is_site_address

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# French numbers of ten digits, French short numbers, international numbers (ITU-T E.164).
TELEPHONE = re.compile(
    r"0[1-9](?:[ .-]?[0-9]{2}){4}|[13][0-9]{3}|[13][0-9] [0-9]{2}"
    r"|\+[1-9](?:[ .()-]{0,2}[0-9]){6,14}"
)


# As WebFinger has it (RFC 7565), with the @ that people write in front.
FEDIVERSE_ACCOUNT = re.compile(r"@[\w.-]+@[\w-]+(?:\.[\w-]+)+")


def _is_time_zone(text: str) -> bool:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def is_secure_address(text: str) -> bool:
    """Whether `text` is the full address of a page over HTTPS."""
    try:
        address = urlsplit(text)
        return address.scheme == "https" and "." in (address.hostname or "") and " " not in text
    except ValueError:  # brackets that hold no IPv6 address
        return False


# Type of key -> the test of a value, the problem of an invalid one.
_CHECKS: dict[str, tuple[Callable[[str], bool], Callable[[str], Message]]] = {
    "site address": (
        lambda text: is_site_address(text) and text.startswith("https:"),
        lambda text: (
            Message(
                "“{address}” is not encrypted: visitors would be warned of the site", address=text
            )
            if is_site_address(text)
            else Message("“{text}” is not the address of a site", text=text)
        ),
    ),
    "identifier": (_is_id, lambda text: Message("“{text}” is not an identifier", text=text)),
    "time zone": (_is_time_zone, lambda text: Message("“{text}” is not a time zone", text=text)),
    "e-mail": (
        lambda text: bool(EMAIL.fullmatch(text)),
        lambda text: Message("“{text}” is not an e-mail address", text=text),
    ),
    "fediverse account": (
        lambda text: bool(FEDIVERSE_ACCOUNT.fullmatch(text)),
        lambda text: Message("“{text}” is not an account such as @name@server", text=text),
    ),
    "telephone": (
        lambda text: bool(TELEPHONE.fullmatch(text)),
        lambda text: Message("“{text}” is not a telephone number", text=text),
    ),
    "sign": (
        lambda text: len(text) <= 3 and " " not in text,
        lambda text: Message("“{text}” is more than three characters", text=text),
    ),
    "small number": (
        lambda text: bool(re.fullmatch("[1-9][0-9]?", text)),
        lambda text: Message("“{text}” is not a number from 1 to 99", text=text),
    ),
    # Luhn's check digit, and the exception for the establishments of La Poste.
    "siret": (
        siret.is_valid,
        lambda text: Message(
            "“{text}” is not a SIRET number: 14 digits, the last of which checks the others",
            text=text,
        ),
    ),
    # Its two characters are a checksum of the SIREN.
    "vat number": (
        lambda text: text[:2].upper() == "FR" and tva.is_valid(text),
        lambda text: Message(
            "“{text}” is not a French VAT number: FR, the two characters that check it, the SIREN",
            text=text,
        ),
    ),
}


def problem_of_value(key: Key, text: str, folder: Path) -> tuple[Message, Message] | None:
    """Return the problem and the remedy of a value; `folder` is the content folder."""
    if not text:
        return None
    if key.type == "picture":
        return _problem_of_picture(key, text, folder)
    if key.choices and text not in key.choices:
        remedy = Message("use one of {choices}", choices=", ".join(key.choices))
        return Message("“{text}” is not known", text=text), remedy
    if key.type not in _CHECKS:
        return None
    is_valid, problem = _CHECKS[key.type]
    if is_valid(text):
        return None
    example = str(uuid.uuid4()) if key.type == "identifier" else key.example
    remedy = Message("write for example {key}: {value}", key=key.name, value=example)
    if key.type == "site address" and is_site_address(text):
        line = f"{key.name}: https{text.removeprefix('http')}"
        remedy = Message("write {line}", line=line)
    return problem(text), remedy


def problem_of_link(name: str, address: str) -> tuple[Message, Message] | None:
    """Return the problem and the remedy of an address of `owner.links`."""
    if is_secure_address(address):
        return None
    whole = f"https://{address.rpartition('://')[2].lstrip('/')}"
    if not is_secure_address(whole):
        whole = "https://example.org/…"
    problem = Message("“{address}” is not an address that begins with https://", address=address)
    return problem, Message("write it whole: {name}: {address}", name=name, address=whole)


def _problem_of_picture(key: Key, text: str, folder: Path) -> tuple[Message, Message] | None:
    paths = (path.relative_to(folder).as_posix() for path in folder.glob("images/**/*.*"))
    # One whose name is not UTF-8 cannot be written in a setting.
    found = [compose_letters(path) for path in paths if path.isprintable()]
    if compose_letters(text.lstrip("/")) in found:
        return None
    remedy = Message("put the photo into content/images/ and write {key}: images/…", key=key.name)
    if near := difflib.get_close_matches(text, found, n=1):
        remedy = Message("write {key}: {file}", key=key.name, file=near[0])
    return Message("there is no picture {file} in the content folder", file=text), remedy
