"""Refuse every request that the writing page in the owner's browser did not send.

Another site can make the owner's browser send requests here, by a form, a script, or its own name
that it points at this address; another program or account of this machine can connect. Each is
refused before anything is read or written:

- `Host` is the address itself (DNS rebinding);
- `Origin` and `Sec-Fetch-Site`, where a browser sends them, are the page's own;
- the token, which no other site and no other account knows, is in a header that no form can send
  and that a script of another site may send only after a preflight request, which is refused;
- a body is JSON, or bytes, by a type that no form can send; its length is known and limited.

https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
"""

import hmac
import json
import re
from email.message import Message as Headers
from typing import IO

from engine.faults import Message
from engine.web.refusal import RefusalError

JSON_TYPE = "application/json"
BYTES_TYPE = "application/octet-stream"
# Bytes: a text of a million words has fewer.
MAX_JSON = 4 * 1024 * 1024
_CHUNK = 64 * 1024


def refuse_others(headers: Headers, origin: str) -> None:
    """Raise RefusalError if a request is not meant for `origin`, or comes from another page."""
    if headers.get_all("Host") != [origin.partition("://")[2]]:
        raise RefusalError(403, Message("this page has another address"))
    origins = headers.get_all("Origin") or []
    if origins not in ([], [origin]):
        raise RefusalError(403, Message("another site has asked for this"))


def refuse_without_token(headers: Headers, token: str, *, is_reading: bool, origin: str) -> None:
    """Raise RefusalError if a request does not come from the page that has the token."""
    if headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise RefusalError(403, Message("another site has asked for this"))
    # A browser sends it with each request that changes something.
    if not is_reading and headers.get_all("Origin") != [origin]:
        raise RefusalError(403, Message("another site has asked for this"))
    given = headers.get_all("Authorization") or []
    wanted = f"Bearer {token}".encode()
    if len(given) != 1 or not hmac.compare_digest(given[0].encode("utf-8", "replace"), wanted):
        raise RefusalError(401, Message("open the page again by ./inv write"))


def length_of_body(headers: Headers, limit: int) -> int:
    """Return the length of the body. Raises RefusalError if it is ambiguous, missing or too large.

    RFC 9112, 6.1 to 6.3: a length that is told in two ways lets a request hide in another.
    """
    lengths = headers.get_all("Content-Length") or []
    if headers.get_all("Transfer-Encoding") or len(lengths) > 1:
        raise RefusalError(400, Message("the length of what is sent is unclear"))
    if not lengths:
        raise RefusalError(411, Message("the length of what is sent is not told"))
    if not re.fullmatch("[0-9]{1,15}", lengths[0]):
        raise RefusalError(400, Message("the length of what is sent is unclear"))
    if int(lengths[0]) > limit:
        raise RefusalError(
            413, Message("this is too large: {size} MB at most", size=limit // (1024 * 1024))
        )
    return int(lengths[0])


def refuse_other_type(headers: Headers, wanted: str) -> None:
    """Raise RefusalError if a body is not of a type."""
    types = headers.get_all("Content-Type") or []
    if len(types) != 1 or types[0].lower().replace(" ", "") not in (
        wanted,
        f"{wanted};charset=utf-8",
    ):
        raise RefusalError(415, Message("this kind of content is not taken"))


def read_json(headers: Headers, body: IO[bytes]) -> dict:
    """Read the JSON object in a request. Raises RefusalError."""
    refuse_other_type(headers, JSON_TYPE)
    data = body.read(length_of_body(headers, MAX_JSON))
    try:
        read = json.loads(data)
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        raise RefusalError(400, Message("the page sent something that cannot be read"))
    return read


def receive(headers: Headers, body: IO[bytes], limit: int, file: IO[bytes]) -> None:
    """Write the body of a request into an open file. Raises RefusalError and OSError."""
    refuse_other_type(headers, BYTES_TYPE)
    left = length_of_body(headers, limit)
    while left:
        data = body.read(min(left, _CHUNK))
        if not data:
            raise RefusalError(400, Message("the file did not arrive whole: send it again"))
        left -= len(data)
        file.write(data)
