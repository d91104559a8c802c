"""Read the settings of the site for a build or for the checks."""

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from pelican.settings import get_settings_from_file, read_settings

from engine.faults import Fault, FaultsError, Message
from engine.paths import ROOT, content_folder
from engine.settings.language_faults import language_faults
from engine.texts.library import no_content_folder

SETTINGS_FILE = "pelicanconf.py"
# Results of earlier builds, reused if their sources are unchanged.
CACHE = ROOT / ".cache"


def display_path(path: Path) -> str:
    """Return a path as a writer types it: relative below the current folder, else absolute."""
    path = Path(os.path.abspath(path))
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def is_site_address(text: str) -> bool:
    """Whether `text` is the full address of a site, such as https://example.org/blog."""
    try:
        address = urlsplit(text)
        return address.scheme in ("http", "https") and bool(address.hostname) and not address.query
    except ValueError:  # brackets that hold no IPv6 address
        return False


def read_site_settings(settings_file: str = SETTINGS_FILE) -> dict:
    """Read Pelican's settings, with absolute paths. Raises FaultsError if one is invalid."""
    settings, faults = read_settings_with_faults(settings_file)
    if faults:
        raise FaultsError(*faults)
    return settings


def read_settings_with_faults(settings_file: str) -> tuple[dict, list[Fault]]:
    """Read Pelican's settings, with absolute paths, and the faults of site.yml and SITE_URL.

    A faulty value of site.yml has its default, so that the texts can be read all the same. Raises
    FaultsError if they cannot.
    """
    content = content_folder()
    if not content.is_dir():
        raise FaultsError(no_content_folder(display_path(content)))
    settings = _load_settings(read_settings, settings_file)
    faults = list(settings["SITE"].faults)
    address = os.environ.get("SITE_URL")
    if address and not is_site_address(address):
        problem = Message("“{address}” is not the address of a site", address=address)
        remedy = Message("write it whole, as in SITE_URL=https://example.org")
        faults.append(Fault("environment", None, "SITE_URL", problem, remedy, "settings"))
    if of_languages := list(language_faults(settings)):
        raise FaultsError(*of_languages, *faults)
    # Pelican resolves paths from the folder of the settings file; paths of the environment are
    # relative to the current folder.
    for name, variable in (("PATH", "SITE_CONTENT"), ("OUTPUT_PATH", "SITE_OUTPUT")):
        if os.environ.get(variable):
            settings[name] = os.path.abspath(os.environ[variable])
    return settings, faults


def read_unchecked_settings() -> dict:
    """Read the settings of pelicanconf.py for the checks, which report other faults themselves.

    Raises FaultsError, with the line, if the file cannot be read or names a third language.
    """
    settings = _load_settings(get_settings_from_file, SETTINGS_FILE)
    if faults := list(language_faults(settings)):
        raise FaultsError(*faults)
    return settings


def _load_settings(read: Callable[[str], dict], settings_file: str) -> dict:
    # publishconf.py imports it: a cached module would keep an outdated site.yml.
    sys.modules.pop("pelicanconf", None)
    try:
        return read(str(ROOT / settings_file))
    except Exception as error:  # the file is code, and may fail in any way
        raise FaultsError(_settings_fault(error, settings_file)) from error


def _settings_fault(error: Exception, settings_file: str) -> Fault:
    """Locate an error in the settings."""
    path, line = settings_file, None
    for frame in traceback.extract_tb(error.__traceback__):
        if Path(frame.filename).parent == ROOT:
            path, line = Path(frame.filename).name, frame.lineno
    if isinstance(error, SyntaxError):
        path, line = Path(error.filename or path).name, error.lineno
    problem = Message("it cannot be read ({reason})", reason=str(error).replace("\n", " "))
    remedy = Message(
        "fix the line: each value stands in quotes, each line of a block ends with a comma"
    )
    return Fault(path, line, "settings", problem, remedy)
