"""A new content folder: neutral texts under a name of its own; the present one is set aside."""

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

from engine.characters import FORBIDDEN, compose_letters
from engine.faults import Fault, FaultsError, Message
from engine.languages import ENGLISH, FRENCH, LANGUAGES, MAIN_LANGUAGE, OTHER_LANGUAGE, source_in
from engine.paths import ROOT
from engine.settings.site_file import read_site_file
from engine.settings.site_settings import shown
from engine.texts.content_files import SITE_FILE, kind_of
from engine.texts.header_schema import quote
from engine.texts.partial_dates import present_day
from engine.texts.translations import digest_of_file
from engine.writing import site_reference, text_file
from engine.writing.file_changes import moment_folder

# The files of a new site, in the places that they take; a name in braces stands for a value.
STARTER = Path(__file__).parent / "starter"
# Beside the content folder, where no build, no check and no commit of texts looks.
SET_ASIDE_FOLDER = ".set-aside"
_COMMAND = "new-site"
# What the home page offers, for search engines, where no tagline is given.
_SUMMARY = "Une activité, ses projets et ses nouvelles."


@dataclass(frozen=True)
class NewSite:
    """What a new site is made of: its name, what it offers in a few words, its languages."""

    name: str
    tagline: str
    languages: tuple[str, ...]


def new_files(site: NewSite, time_zone: str) -> dict[str, bytes]:
    """The files of a new content folder, by their paths below it."""
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
            # In this order the original comes first.
            original = source_in(MAIN_LANGUAGE, source.removesuffix(ending))
            words["digest"] = digest_of_file(kind_of(original), files[original])
        files[source] = _filled(path.read_text("utf-8"), words).encode()
    return files


def _filled(text: str, values: Mapping[str, str]) -> str:
    """A text with values in place of their names in braces, which a value may hold itself."""
    return re.sub(r"\{([a-z.]+)\}", lambda found: values[found[1]], text)


def start_site(site: NewSite, content: Path) -> list[str]:
    """Set the folder `content` aside and put the new one in its place; return what to tell.

    Raises FaultsError; the present folder is then in its place.
    """
    if content.is_symlink():
        problem = Message("it is a symbolic link")
        remedy = Message("put the folder itself in its place, then call again")
        raise FaultsError(Fault(shown(content), None, "folder", problem, remedy))
    time_zone = read_site_file(content).time_zone
    aside = moment_folder(content.absolute().parent / SET_ASIDE_FOLDER, time_zone)
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
        problem = Message("it cannot be replaced ({reason})", reason=error.strerror)
        remedy = Message(
            "nothing was changed: free some room or fix the permissions, then call again"
        )
        raise FaultsError(Fault(shown(content), None, "folder", problem, remedy)) from error
    return [*_set_aside_told(content, aside, was_there=was_there), *_made_told(content)]


def _remove_empty(folder: Path) -> None:
    """Remove a folder, and the one above it, unless they hold something."""
    with contextlib.suppress(OSError):
        folder.rmdir()
        folder.parent.rmdir()


def _set_aside_told(content: Path, aside: Path, *, was_there: bool) -> list[str]:
    if not was_there:
        return []
    place, old = shlex.quote(shown(content)), shlex.quote(shown(aside / content.name))
    new = shlex.quote(shown(aside / "new"))
    return [
        str(
            Message(
                "{folder} is set aside, whole: {place}",
                folder=shown(content),
                place=shown(aside / content.name),
            )
        ),
        str(Message("To bring it back, in this folder:")),
        f"mv {place} {new} && mv {old} {place}",
    ]


def _made_told(content: Path) -> list[str]:
    return [
        str(Message("{folder} is a new site", folder=shown(content))),
        str(
            Message(
                "./inv serve shows it, drafts too. Replace each [à compléter] and [to be "
                "completed], and\nfill in {file}: nothing is published before.",
                file=shown(content / SITE_FILE),
            )
        ),
    ]


def _one_line(key: str, typed: str) -> str:
    """A name or a tagline on one line, its spaces single. Raises FaultsError for what no page
    can show."""
    text = compose_letters(" ".join(typed.split()))
    if FORBIDDEN.search(text) or "\ufeff" in text:
        problem = Message("it holds a character that cannot be shown")
        remedy = Message("type it again, in a terminal set to UTF-8")
        raise FaultsError(Fault(_COMMAND, None, key, problem, remedy))
    return text


def read_languages(typed: str) -> tuple[str, ...]:
    """The languages of a list such as "fr,en", in the order of the site. Raises FaultsError."""
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
    """What the new site is made of: what is given, else what a person at the terminal types.

    Raises FaultsError if there is no name and nobody to ask, or for what cannot be used.
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
        _one_line("name", name),
        _one_line("tagline", tagline or ""),
        read_languages(languages or FRENCH),
    )


def _may_replace(content: Path) -> bool:
    """Whether a person agrees. Raises FaultsError if there is no terminal to ask at."""
    if not sys.stdin.isatty():
        problem = Message("there is no terminal to ask at")
        remedy = Message("call with --yes")
        raise FaultsError(Fault(_COMMAND, None, "yes", problem, remedy))
    try:
        answer = input(
            Message("Set {folder} aside and make a new site? [y/N] ", folder=shown(content))
        )
    except EOFError:  # Ctrl-D
        return False
    return answer.strip().lower() in ("y", "yes", "o", "oui")


def main(
    name: str | None, tagline: str | None, languages: str | None, *, is_agreed: bool = False
) -> int:
    """Make the new site and tell what was done; the exit code is 0 or 1."""
    content = Path(os.environ.get("SITE_CONTENT") or ROOT / "content")
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
