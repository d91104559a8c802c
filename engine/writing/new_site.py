"""Create a new content folder from starter texts; the existing folder is moved aside."""

import contextlib
import os
import re
import shlex
import sys
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.faults import Fault, FaultsError, Message, system_reason
from engine.languages import ENGLISH, FRENCH, LANGUAGES, MAIN_LANGUAGE, OTHER_LANGUAGE, source_in
from engine.paths import content_folder
from engine.settings.site_file import read_site_file
from engine.settings.site_settings import display_path
from engine.terminal import confirm
from engine.texts.content_files import SITE_FILE, kind_of
from engine.texts.header_schema import quote
from engine.texts.partial_dates import present_day
from engine.texts.translations import digest_of_file
from engine.writing import site_reference, text_file
from engine.writing.file_changes import timestamped_folder

# The files of a new site; a name in braces is replaced by a value.
STARTER = Path(__file__).parent / "starter"
# Beside the content folder: no build, check or commit of texts reads it.
SET_ASIDE_FOLDER = ".set-aside"
_COMMAND = "new-site"
# The description of the home page if no tagline is given.
_SUMMARY = "Une activité, ses projets et ses nouvelles."


@dataclass(frozen=True)
class NewSite:
    """The options of a new site: its name, its tagline, its languages."""

    name: str
    tagline: str
    languages: tuple[str, ...]


def new_files(site: NewSite, time_zone: str) -> dict[str, bytes]:
    """Return the files of a new content folder, by their paths below it."""
    today = present_day(time_zone)
    words = {
        "name": quote(site.name),
        "summary": quote(site.tagline or _SUMMARY),
        "today": today.isoformat(),
        "year": str(today.year),
    }
    values = {
        f"names.{MAIN_LANGUAGE}": quote(site.name),
        f"taglines.{MAIN_LANGUAGE}": quote(site.tagline) if site.tagline else "",
        "id": str(uuid.uuid4()),
    }
    files = {SITE_FILE: site_reference.site_file(values).encode()}
    ending = source_in(OTHER_LANGUAGE, "")
    for path in sorted(STARTER.rglob("*"), reverse=True):
        source = path.relative_to(STARTER).as_posix()
        if path.is_dir():
            continue
        if source.endswith(ending):
            if OTHER_LANGUAGE not in site.languages:
                continue
            # In reverse order an original comes before its translation.
            original = source_in(MAIN_LANGUAGE, source.removesuffix(ending))
            words["digest"] = digest_of_file(kind_of(original), files[original])
        files[source] = _filled(path.read_text("utf-8"), words).encode()
    return files


def _filled(text: str, values: Mapping[str, str]) -> str:
    """Replace each name in braces by its value, in one pass: a value may hold braces."""
    return re.sub(r"\{([a-z.]+)\}", lambda found: values[found[1]], text)


def start_site(site: NewSite, content: Path) -> list[str]:
    """Move the folder `content` aside and create the new one; return the report in lines.

    Raises FaultsError; the existing folder is then unchanged.
    """
    if content.is_symlink():
        problem = Message("it is a symbolic link")
        remedy = Message("put the folder itself in its place, then call again")
        raise FaultsError(Fault(display_path(content), None, "folder", problem, remedy))
    time_zone = read_site_file(content).time_zone
    aside = timestamped_folder(content.absolute().parent / SET_ASIDE_FOLDER, time_zone)
    files = new_files(site, time_zone)
    was_there = content.exists()
    try:
        with tempfile.TemporaryDirectory(dir=content.parent, prefix=f".{content.name}.") as name:
            new = Path(name, content.name)
            for source, data in files.items():
                (new / source).parent.mkdir(parents=True, exist_ok=True)
                (new / source).write_bytes(data)
            with contextlib.ExitStack() as undo:
                if was_there:
                    aside.mkdir(parents=True)
                    undo.callback(_remove_empty, aside)
                    content.rename(aside / content.name)
                    undo.callback(os.rename, aside / content.name, content)
                new.rename(content)
                undo.pop_all()
    except OSError as error:
        problem = Message("it cannot be replaced ({reason})", reason=system_reason(error))
        remedy = Message(
            "nothing was changed: free some room or fix the permissions, then call again"
        )
        raise FaultsError(Fault(display_path(content), None, "folder", problem, remedy)) from error
    return [*_set_aside_lines(content, aside, was_there=was_there), *_next_steps(content)]


def _remove_empty(folder: Path) -> None:
    """Remove a folder and its parent if they are empty."""
    with contextlib.suppress(OSError):
        folder.rmdir()
        folder.parent.rmdir()


def _set_aside_lines(content: Path, aside: Path, *, was_there: bool) -> list[str]:
    if not was_there:
        return []
    place, old = shlex.quote(display_path(content)), shlex.quote(display_path(aside / content.name))
    new = shlex.quote(display_path(aside / "new"))
    return [
        str(
            Message(
                "{folder} is set aside, whole: {place}",
                folder=display_path(content),
                place=display_path(aside / content.name),
            )
        ),
        str(Message("To bring it back, in this folder:")),
        f"mv {place} {new} && mv {old} {place}",
    ]


def _next_steps(content: Path) -> list[str]:
    return [
        str(Message("{folder} is a new site", folder=display_path(content))),
        str(
            Message(
                "./inv serve shows it, drafts too. Replace each [à compléter] and [to be "
                "completed], and\nfill in {file}: nothing is published before.",
                file=display_path(content / SITE_FILE),
            )
        ),
    ]


def read_languages(typed: str) -> tuple[str, ...]:
    """Parse a list of languages such as "fr,en", in the site's order. Raises FaultsError."""
    named = {word.strip().lower() for word in typed.split(",")} - {""}
    if unknown := sorted(named - set(LANGUAGES)):
        problem = Message("“{language}” is no language of this software", language=unknown[0])
    elif MAIN_LANGUAGE not in named:
        problem = Message("the originals are in French, and English texts translate them")
    else:
        return tuple(lang for lang in LANGUAGES if lang in named)
    remedy = Message("write --languages={one} or --languages={both}", one=FRENCH, both=_BOTH)
    raise FaultsError(Fault(_COMMAND, None, "languages", problem, remedy))


_BOTH = f"{FRENCH},{ENGLISH}"


def ask(name: str | None, tagline: str | None, languages: str | None) -> NewSite:
    """Return the options of the new site, asking at the terminal for missing ones.

    Raises FaultsError if there is no name and no terminal, or for an invalid value.
    """
    is_asked = name is None and sys.stdin.isatty()
    name = text_file.answer(_COMMAND, "name", name, '--name="Le Lavoir"')
    with contextlib.suppress(EOFError):
        if is_asked and tagline is None:
            tagline = input(Message("tagline, what it offers in a few words (may stay empty): "))
        if is_asked and languages is None:
            languages = input(
                Message("languages, {one} or {both} [{one}]: ", one=FRENCH, both=_BOTH)
            )
    return NewSite(
        text_file.single_line(_COMMAND, "name", name),
        text_file.single_line(_COMMAND, "tagline", tagline or ""),
        read_languages(languages or FRENCH),
    )


def _may_replace(content: Path) -> bool:
    """Ask for a confirmation. Raises FaultsError if there is no terminal."""
    if not sys.stdin.isatty():
        problem = Message("there is no terminal to ask at")
        remedy = Message("call with --yes")
        raise FaultsError(Fault(_COMMAND, None, "yes", problem, remedy))
    return confirm(
        Message("Set {folder} aside and make a new site? [y/N] ", folder=display_path(content))
    )


def main(
    name: str | None, tagline: str | None, languages: str | None, *, is_agreed: bool = False
) -> int:
    """Create the new site and print the report; return the exit code."""
    content = content_folder()
    try:
        site = ask(name, tagline, languages)
        if not is_agreed and not _may_replace(content):
            print(Message("nothing was changed"))
            return 1
        print(*start_site(site, content), sep="\n")
    except FaultsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
