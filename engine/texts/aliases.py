"""Validate and normalise aliases, the old addresses of a text."""

import re
import unicodedata
from urllib.parse import quote, unquote

from engine.faults import Message, ProblemError

# Folders without a dot, then nothing or a page: no character is special in a server file, a shell
# or a file system. `%` is for letters copied from an address bar: “%C3%A9”.
ADDRESS = re.compile(r"/(?:[\w~%-]+/)*(?:[\w~%-]+(?:\.html)?)?")
# Most hosts limit a line to some thousand bytes, most file systems a name to 255.
MAX_ADDRESS_LENGTH, MAX_NAME_LENGTH = 500, 200


def normalise_alias(text: str) -> str:
    """Return an alias in its canonical form: “/ancien/nom/” or “/ancien.html”.

    Raises ProblemError for an address that not every host can redirect.
    """
    if not text.startswith("/") or text.startswith("//"):
        raise ProblemError(
            Message("“{alias}” is not a path of this site", alias=text),
            Message(
                "write what follows the site's name, from the first slash on, such as /ancien/nom/"
            ),
        )
    if "?" in text or "#" in text:
        raise ProblemError(
            Message(
                "“{alias}” has a question or a part after its path, "
                "which not every host can redirect",
                alias=text,
            ),
            Message("write the path alone"),
        )
    path = unicodedata.normalize("NFC", unquote(text))
    if "%" in path or not ADDRESS.fullmatch(path):
        raise ProblemError(
            Message("“{alias}” holds what cannot be redirected safely", alias=text),
            Message(
                "use letters, digits, - and _ between slashes, with .html at the very end or no dot"
            ),
        )
    path = re.sub(r"(?<=/)index\.html$", "", path)
    if not path.endswith(("/", ".html")):
        path += "/"
    names = [len(name.encode()) for name in path.split("/")]
    if len(quote(path)) > MAX_ADDRESS_LENGTH or max(names) > MAX_NAME_LENGTH:
        raise ProblemError(
            Message("“{alias}” is too long", alias=text),
            Message("leave it out: not every host could redirect it"),
        )
    return path
