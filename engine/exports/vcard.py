"""Make a vCard of the owner, which a visitor adds to their contacts.

It is a vCard 3.0 (RFC 2426) of the type text/vcard (RFC 6350): Outlook does not read 4.0. Its few
properties have the same syntax in both versions.
"""

import re
from collections.abc import Iterator, Mapping

# The path of the file: the same in each language, since it has no words of a language.
FILE = "contact.vcf"
# Octets of a line, without its end (RFC 6350, 3.2).
_LINE_LENGTH = 75
_FRENCH_ADDRESS = re.compile(r"(?P<street>.+?),?\s+(?P<code>[0-9]{5})\s+(?P<city>[^,0-9]+)")


def vcard(owner: Mapping, site_name: str, address: str) -> str:
    """Return the vCard of the block `owner` of site.yml, "" without an address and a number.

    The name of the site replaces that of the owner; `address` is that of the site.
    """
    if not any(owner[key] for key in ("email", "phone", "address")):
        return ""
    name = _escape(owner["name"] or site_name)
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{name}"]
    # Which words are the family name cannot be known, and 3.0 requires the property.
    lines += [f"N:;{name};;;"]
    lines += [f"EMAIL;TYPE=INTERNET:{_escape(owner['email'])}"] if owner["email"] else []
    lines += [f"TEL;TYPE=WORK:{_escape(owner['phone'])}"] if owner["phone"] else []
    lines += [f"ADR;TYPE=WORK:{_postal_address(owner['address'])}"] if owner["address"] else []
    lines += [f"URL:{url}" for url in (address, *owner["links"].values())]
    return "".join(f"{part}\r\n" for line in (*lines, "END:VCARD") for part in _fold(line))


def _postal_address(text: str) -> str:
    """Return the seven parts of an address; all of one that is not French is the street."""
    found = _FRENCH_ADDRESS.fullmatch(text)
    street, city, code = (
        (found["street"], found["city"], found["code"]) if found else (text, "", "")
    )
    return ";".join(("", "", _escape(street), _escape(city), "", code, ""))


def _escape(text: str) -> str:
    text = re.sub(r"([\\,;])", r"\\\1", text)
    return re.sub(r"\r\n?|\n", r"\\n", text)


def _fold(line: str) -> Iterator[str]:
    """Yield the parts of a line, each further one after a space; no character is divided."""
    part = ""
    for character in line:
        if len((part + character).encode()) > _LINE_LENGTH:
            yield part
            part = " "
        part += character
    yield part
