"""Make and read the manifest of a site: the sha256 of every file, for `sha256sum -c`."""

import os
import re

from engine.faults import Fault, Message
from engine.pages.built_site import BuiltSite
from engine.pages.compression import is_compressed_copy

# Path of a file relative to the site, with slashes -> its sha256 in hexadecimal.
Manifest = dict[str, str]

_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")
# sha256sum escapes these characters in names, which other tools do not read.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\\]")
# Hidden files of tools, which are not published.
_HIDDEN = re.compile(r"(^|/)\.(?!htaccess$|well-known(/|$))")
_SECRET = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_SECRET_NAME = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD|PASSPHRASE)$")


def make_manifest(built: BuiltSite) -> Manifest:
    """Make the manifest of a built site, sorted by path."""
    return {file.path: file.digest for file in built}


def format_manifest(manifest: Manifest) -> str:
    """Return the text of a manifest's file."""
    return "".join(f"{digest}  {path}\n" for path, digest in manifest.items())


def parse_manifest(lines: str) -> Manifest:
    """Parse the text of a manifest; other lines are ignored."""
    found = filter(None, map(_LINE.fullmatch, lines.split("\n")))
    return {match[2]: match[1] for match in found}


def unpublishable(built: BuiltSite, environment: dict[str, str] | None = None) -> list[Fault]:
    """Return a fault for each secret, hidden file, symbolic link or invalid name.

    Files are searched for private keys and for the secrets of `environment` (default: the
    process's), such as a token of continuous integration: values of 8 characters or more whose
    variable is named KEY, TOKEN, SECRET, PASSWORD or PASSPHRASE.
    """
    variables = os.environ if environment is None else environment
    secrets = {
        value.encode(): name
        for name, value in variables.items()
        if _SECRET_NAME.search(name) and len(value) >= 8 and not value.startswith("/")
    }
    faults = []
    # Folders and links too, which BuiltSite does not list.
    for path in sorted(built.folder.rglob("*")):
        name = path.relative_to(built.folder).as_posix()
        problem = None
        if path.is_symlink():
            problem = Message("it is a link, which may lead out of the site")
        elif _UNPRINTABLE.search(name):
            problem = Message(
                "its name holds a line break, a backslash or another control character"
            )
        elif _HIDDEN.search(name):
            problem = Message("it is a hidden file, not meant for visitors")
        elif name in built.files and not is_compressed_copy(name, built):
            content = built.files[name].content
            variable = next((name for secret, name in secrets.items() if secret in content), None)
            if _SECRET.search(content):
                problem = Message("it holds a private key, which is secret")
            elif variable:
                problem = Message(
                    "it holds the value of {variable}, which is secret", variable=variable
                )
        if problem:
            shown = name.encode("unicode_escape").decode() if _UNPRINTABLE.search(name) else name
            remedy = Message("take it out of the content folder, or rename it")
            faults.append(Fault(shown, None, "publish", problem, remedy))
    return faults
