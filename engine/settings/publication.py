"""Read and validate the settings of a publication; report all their faults at once.

They are in `publication` of content/site.yml. Variables of the environment such as `PUBLISH_HOST`
override them.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from posixpath import basename, dirname
from urllib.parse import urlsplit

from engine.faults import Fault, FaultsError, Message
from engine.paths import ROOT
from engine.settings.site_file import SiteFile

SETTINGS_FILE = "publishconf.py"
MODES = ("symlink", "htaccess", "inplace")

# No character here is special in a shell command, in a configuration file of ssh or in an address
# of rsync. Values are quoted too.
_PATTERNS = {
    "host": r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?",
    "user": r"[A-Za-z0-9_][A-Za-z0-9_.-]*",
    "folder": r"/?[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_.-]+)*",
    "port": r"[1-9][0-9]{0,4}",
    "keep": r"[1-9][0-9]{0,2}",
    "patience": r"[0-9]{1,3}",
}
# What a request for a page can hold as it is (RFC 3986).
_PLAIN_PATH = re.compile(r"[!-~]*")
_REMEDIES = {
    "host": Message(
        "write the name of the server alone, as in “ssh.example.org” (host: in publication, or "
        "PUBLISH_HOST in the environment)"
    ),
    "user": Message(
        "write the name that the host gave for ssh, in letters, digits, “.”, “_” and “-” (user: in "
        "publication, or PUBLISH_USER in the environment)"
    ),
    "folder": Message(
        "write the folder on the server, in letters, digits, “.”, “_”, “-” and “/” (folder: in "
        "publication, or PUBLISH_FOLDER in the environment)"
    ),
    "port": Message(
        "write a number from 1 to 65535; ssh's own is 22 (port: in publication, or PUBLISH_PORT in "
        "the environment)"
    ),
    "mode": Message(
        "write one of {modes}; README.md says which (mode: in publication, or PUBLISH_MODE in the "
        "environment)",
        modes=", ".join(MODES),
    ),
    "keep": Message(
        "write how many releases stay on the server: 2 to 999 (keep: in publication, or "
        "PUBLISH_KEEP in the environment)"
    ),
    "patience": Message(
        "write for how many seconds the live site may lag behind: 0 to 999 (patience: in "
        "publication, or PUBLISH_PATIENCE in the environment)"
    ),
    "key": Message(
        "name the file of the private key, or leave it out for ssh to find one (key: in "
        "publication, or PUBLISH_KEY in the environment)"
    ),
    "known_hosts": Message(
        "ask the host for its keys' digests, call `ssh-keyscan HOST > content/known_hosts`, "
        "compare with `ssh-keygen -lf`, and commit the file (known_hosts: in publication, or "
        "PUBLISH_KNOWN_HOSTS in the environment)"
    ),
}
_DEFAULTS = {"port": "22", "mode": "symlink", "keep": "5", "patience": "10"}
_CHECKED = ("host", "user", "folder", "port", "mode", "keep", "patience")
_KNOWN = (*_CHECKED, "key", "known_hosts")


@dataclass(frozen=True)
class PublicationSettings:
    """The destination of a publication and its parameters.

    `host` is a name or an address, without brackets. `folder` is on the server, relative to the
    user's home unless it begins with a slash. `keep` is a number of releases. `patience` is in
    seconds. `key` is the file of a private key; if it is None, ssh looks for a key or asks its
    agent.
    """

    site_address: str
    host: str
    user: str
    folder: str
    known_hosts: Path
    port: int = 22
    mode: str = "symlink"
    keep: int = 5
    patience: int = 10
    key: Path | None = None

    @property
    def releases_folder(self) -> str:
        """The folder of the releases on the server."""
        if self.mode == "symlink":
            return f"{self.folder}/releases"
        if self.mode == "htaccess":
            return f"{self.folder}/.sites"
        return f"{dirname(self.folder) or '.'}/.{basename(self.folder)}-releases"

    @property
    def shown_folder(self) -> str:
        """The server and the folder, for a message."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.folder}"


def read_publication(
    configured: Mapping, environment: Mapping[str, str], root: Path = ROOT
) -> PublicationSettings:
    """Read the `SITE`, `SITE_URL` and `PUBLISH` of publishconf.py; the environment overrides them.

    Raises FaultsError.
    """
    given = {name: str(value).strip() for name, value in configured.get("PUBLISH", {}).items()}
    site: SiteFile = configured.get("SITE") or SiteFile()
    faults = list(site.faults)
    for name in _KNOWN:
        if environment.get(f"PUBLISH_{name.upper()}"):
            given[name] = environment[f"PUBLISH_{name.upper()}"]
    values = _DEFAULTS | {name: value for name, value in given.items() if value}
    address = str(configured.get("SITE_URL") or "").rstrip("/")
    faults += address_faults(address, site)
    for name in _CHECKED:
        key = f"publication.{name}"
        if problem := _problem(name, values.get(name, "")):
            faults.append(site.fault(key, problem, _REMEDIES[name]))
    files = {
        "key": values.get("key"),
        "known_hosts": values.get("known_hosts") or "content/known_hosts",
    }
    for name, value in files.items():
        faults += _file_faults(site, name, value, root)
    if faults:
        raise FaultsError(*faults)
    return PublicationSettings(
        site_address=address,
        host=_ipv6(values["host"]) or values["host"],
        user=values["user"],
        folder=values["folder"].rstrip("/"),
        known_hosts=_file(root, files["known_hosts"]),
        port=int(values["port"]),
        mode=values["mode"],
        keep=int(values["keep"]),
        patience=int(values["patience"]),
        key=_file(root, files["key"]) if files["key"] else None,
    )


def _file(root: Path, value: str) -> Path:
    # The method of Path raises RuntimeError for “~” with an unknown user.
    return root / os.path.expanduser(value)  # noqa: PTH111


def _ipv6(value: str) -> str:
    """Return an IPv6 address in its short form, as ssh looks it up in known_hosts, or ""."""
    try:
        # A zone, after “%”, is one of this machine.
        return "" if "%" in value else str(IPv6Address(re.sub(r"\A\[(.*)\]\Z", r"\1", value)))
    except ValueError:
        return ""


def _on_one_line(value: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", "⏎", value)


def _problem(name: str, value: str) -> Message | None:
    if not value:
        return Message("it is not given")
    is_valid = value in MODES if name == "mode" else re.fullmatch(_PATTERNS[name], value)
    if name == "host":
        is_valid = is_valid or _ipv6(value)
    if name == "folder":
        is_valid = is_valid and not {".", ".."} & set(value.split("/"))
    if name == "port":
        is_valid = is_valid and int(value) < 65536
    if name == "keep":
        is_valid = is_valid and int(value) > 1
    return None if is_valid else Message("“{value}” is invalid", value=_on_one_line(value))


def _file_faults(site: SiteFile, name: str, value: str | None, root: Path) -> Iterator[Fault]:
    if not value:
        return
    key = f"publication.{name}"
    if re.search(r"[\"$\\\x00-\x1f\x7f]", value):
        problem = Message(
            "“{file}” holds a character that ssh reads as something else", file=_on_one_line(value)
        )
        remedy = Message(
            "name a file without quotes, “$” and backslashes ({name}: in publication, or "
            "{variable} in the environment)",
            name=name,
            variable=f"PUBLISH_{name.upper()}",
        )
        yield site.fault(key, problem, remedy)
    elif not os.access(_file(root, value), os.R_OK) or not _file(root, value).is_file():
        problem = Message("there is no readable file {file}", file=value)
        yield site.fault(key, problem, _REMEDIES[name])


def address_faults(address: str, site: SiteFile) -> list[Fault]:
    """Check the public address of the site of a site.yml, unless it is a fault already."""
    if not address and any(fault.key == "address" for fault in site.faults):
        return []
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "") if _PLAIN_PATH.fullmatch(parts.path) else ""
        # Both raise ValueError.
        host.encode("idna"), parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    shown = _on_one_line(address)
    if not address:
        problem = Message("it is not given: the pages would not know their own addresses")
    elif _is_local(host):
        problem = Message("“{address}” is this machine, which no visitor can reach", address=shown)
    elif parts.scheme == "http":
        problem = Message(
            "“{address}” is not encrypted: visitors would be warned of the site", address=shown
        )
    elif parts.scheme != "https" or not host or parts.query or parts.fragment or parts.username:
        problem = Message("“{address}” is not the address of a site", address=shown)
    else:
        return []
    remedy = Message(
        "write it whole, as in address: https://example.org (or SITE_URL in the environment)"
    )
    return [site.fault("address", problem, remedy)]


def _is_local(host: str) -> bool:
    """Whether no other machine can reach the host (RFC 6761, RFC 6762, RFC 6890)."""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host.rsplit(".", 1)[-1] in ("localhost", "local", "test", "invalid", "internal")
