"""Detect the conflict copies that a synchroniser makes of a file changed on two machines.

Most names of Syncthing, Dropbox, Nextcloud, ownCloud and Google Drive are unmistakable. iCloud
Drive, Google Drive and OneDrive also append a number or the name of a machine, as a person may do:
then the words of both files are compared.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from engine.characters import decode_text
from engine.faults import Message

_MARKED = re.compile(
    r"""(?P<name>.+?)(?:
      \.sync-conflict-\d{8}-\d{6}(?:-[A-Z0-9]+)?           # Syncthing
    | [ ]\((?:[^()]*[ ])?conflicted[ ]copy(?:[ ][^()]*)?\)   # Dropbox, Nextcloud
    | [ ]\([^()]*copie[ ]en[ ]conflit[^()]*\)               # Dropbox in French
    | [ ]\(case[ ]conflict(?:[ ]\d+)?\)                     # Dropbox, Nextcloud
    | _conflict-\d{8}-\d{6}                                # ownCloud, Nextcloud before 2.4
    | [ ]?\[conflict\]                                     # Google Drive
    )(?P<ending>(?:\.[A-Za-z]{2})?\.\w+)?""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_NUMBERED = re.compile(
    r"""(?P<name>.+?)(?:
      [ ]\d{1,2}                                           # iCloud Drive
    | [ ]?\(\d{1,2}\)                                      # Google Drive, Dropbox
    | -(?:DESKTOP|LAPTOP|PC|WIN|MacBook|iMac|Mac)[\w-]*     # OneDrive
    )(?P<ending>(?:\.[A-Za-z]{2})?\.md)""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_TITLE = re.compile(r"^title[ \t]*:[ \t]*(.+?)[ \t]*$", re.MULTILINE)


def find_conflict_copies(files: Mapping[str, Path]) -> dict[str, tuple[Message, Message]]:
    """Return the problem and the remedy of each conflict copy among files, by its source."""
    found = {}
    for source, path in files.items():
        folder, slash, name = source.rpartition("/")
        marked, numbered = _MARKED.fullmatch(name), _NUMBERED.fullmatch(name)
        match = marked or numbered
        if not match:
            continue
        original = f"{folder}{slash}{match['name']}{match['ending'] or ''}"
        is_there = original in files
        if marked or (is_there and _have_same_words(path, files[original])):
            problem = Message(
                "it is the conflict copy of {original}; it is not published", original=original
            )
            remedy = Message(
                "take what is good of it into {original}, then remove it", original=original
            )
            if not is_there:
                problem = Message(
                    "it is the conflict copy of {original}, which is gone; it is not published",
                    original=original,
                )
                name = original.rpartition("/")[2]
                remedy = Message("rename it {name}, or remove it", name=name)
            found[source] = problem, remedy
    return found


def _have_same_words(one: Path, other: Path) -> bool:
    """Whether two texts have the same title, or share half of their paragraphs."""
    try:
        texts = [decode_text(path.read_bytes()) for path in (one, other)]
    except (OSError, UnicodeDecodeError):
        return False
    titles = [match[1] for text in texts if (match := _TITLE.search(text))]
    if len(titles) == 2 and titles[0] == titles[1]:
        return True
    mine, theirs = (set(_body_lines(text)) for text in texts)
    return bool(mine & theirs) and 2 * len(mine & theirs) >= min(len(mine), len(theirs))


def _body_lines(text: str) -> list[str]:
    """Return the lines below the header that are not blank."""
    body = text.partition("\n---")[2].partition("\n")[2]
    return [line.strip() for line in body.split("\n") if line.strip()]
