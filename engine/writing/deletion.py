"""Deleting and hiding a text: readers of its addresses are led on, and other texts' links told."""

import shlex
import sys
from collections.abc import Callable
from pathlib import Path

from engine.faults import Fault, FaultsError, Message
from engine.settings.site_settings import shown
from engine.texts.documents import Document, Library
from engine.writing import source_edits
from engine.writing.file_changes import FileChanges, moment_folder
from engine.writing.withdrawn_texts import (
    NamedText,
    ask_target,
    find_target,
    find_text,
    gone_command,
    led_to,
    links_to,
    lost_pages,
    news_of,
    old_addresses,
    take_aliases,
)

# Beside the content folder, where no build, no check and no commit of texts looks.
DELETED_FOLDER = ".deleted"


def delete_text(file: str | None, to: str | None = None) -> list[str]:
    """Move a text, and its translation, out of the content folder; return what to tell.

    `to` is the address to which its readers are led, "" for none; a person is asked where it is
    None. Raises FaultsError; nothing was changed then.
    """
    named = find_text("delete", file)
    leaving = named.with_translation
    texts, told, takers = _lead_readers_on("delete", named, leaving, to)
    beside = named.library.folder.absolute().parent
    folder = moment_folder(beside / DELETED_FOLDER, named.time_zone)
    moves = {text.path: folder / text.source for text in leaving}
    _make(named, texts, moves)
    return [
        *(str(Message("{file} is deleted", file=text.shown_path)) for text in leaving),
        *told,
        str(Message("To bring it back, in this folder:")),
        *(f"mv {shlex.quote(shown(new))} {shlex.quote(shown(old))}" for old, new in moves.items()),
        *_aliases_to_remove(named.library, takers),
    ]


def hide_text(file: str | None, to: str | None = None) -> list[str]:
    """Make a draft of a text, and of its translation; arguments and result as for `delete_text`.

    A draft may have been made one by hand: only where `to` is an address are its readers led on.
    """
    named = find_text("hide", file)
    leaving = named.with_translation
    shown_before = [text for text in leaving if text.status != "draft"]
    already = [
        str(Message("{file} is a draft already", file=text.shown_path))
        for text in leaving
        if text.status == "draft"
    ]
    if not shown_before and not (to or "").strip():
        command = f"./inv hide {shlex.quote(named.document.shown_path)} --to=/"
        hint = Message(
            "If visitors saw it, lead its readers on, to the home page for example: {command}",
            command=command,
        )
        return [*already, *([str(hint)] if to is None else [])]
    texts, told, takers = _lead_readers_on("hide", named, leaving, to)
    back = []
    for text in shown_before:
        # A translation has the status of its original, unless it says its own.
        if text is not named.document and "status" not in text.lines:
            continue
        comment, file = "", text.shown_path
        step = Message("remove the line “status: draft” from {file}", file=file)
        if text.is_announced and "status" in text.lines:
            comment = "# status: announced"
            step = Message(
                "remove the line “status: draft” from {file}, "
                "and the “# ” before “status: announced”",
                file=file,
            )
        source = source_edits.read_source(text)
        texts[text.source] = source_edits.with_key(
            named.library, text, source, "status", "draft", comment=comment
        )
        back.append(str(step))
    _make(named, texts, {})
    back += _aliases_to_remove(named.library, takers)
    return [
        *already,
        *(str(Message("{file} is a draft", file=text.shown_path)) for text in shown_before),
        *told,
        *([str(Message("To show it again:")), *back] if back else []),
    ]


def _lead_readers_on(
    command: str, named: NamedText, leaving: list[Document], to: str | None
) -> tuple[dict[str, str], list[str], dict[str, Document]]:
    """The new texts of those that take the old addresses, what to tell, and who takes which.

    Raises FaultsError.
    """
    library = named.library
    is_hidden_by_hand = command == "hide" and named.document.status == "draft" and bool(to)
    others = [text for text in library.visible if text not in leaving]
    led = {alias for text in others for alias in text.header["aliases"] or ()}
    addresses = {
        address: text
        for text in leaving
        if library.is_visible(text) or (is_hidden_by_hand and text.status == "draft")
        for address in old_addresses(library, text)
        if address not in led
    }
    to = ask_target(command, list(addresses), to)
    texts: dict[str, str] = {}
    takers: dict[str, Document] = {}
    told, lost = [], []
    target = find_target(named, to, leaving) if to else None
    if target:
        takers = {old: led_to(library, target, text, leaving) for old, text in addresses.items()}
        take_aliases(library, texts, takers)
        told = [
            str(
                Message(
                    "{address} leads to {file}, which has it among its aliases",
                    address=old,
                    file=taker.shown_path,
                )
            )
            for old, taker in takers.items()
        ]
    else:
        lost = list(addresses)
    told += gone_command([*lost, *lost_pages(library, leaving)])
    links = _links_told(named, leaving, target, texts, is_deleted=command == "delete")
    return texts, [*told, *map(str, links)], takers


def _aliases_to_remove(library: Library, takers: dict[str, Document]) -> list[str]:
    """What to remove by hand before the text can have its old addresses again."""
    told = []
    for source in dict.fromkeys(taker.source for taker in takers.values()):
        taken = [old for old, taker in takers.items() if taker.source == source]
        taker = library.by_source[source]
        file = taker.shown_path
        if set(taker.header["aliases"] or ()) <= set(taken):
            step = Message("remove the line “aliases: […]” from {file}", file=file)
        else:
            addresses = ", ".join(taken)
            step = Message(
                "remove {addresses} from the aliases of {file}", addresses=addresses, file=file
            )
        told.append(str(step))
    return told


def _links_told(
    named: NamedText,
    leaving: list[Document],
    target: Document | None,
    texts: dict[str, str],
    *,
    is_deleted: bool,
) -> list[Fault]:
    """What to change in the texts that link to those that leave, or belong to such a project."""
    faults = []
    for document, line, address in links_to(named.library, leaving):
        problem = Message("{address} leads to nothing any more", address=address)
        remedy = Message("leave the words alone, without the link")
        if not is_deleted:
            problem = Message("{address} leads to a draft: its words remain", address=address)
            remedy = Message("leave it: it is a link again once the text is shown")
        elif target:
            remedy = Message("write /{source} in its place", source=target.source)
        place = line + source_edits.added_lines(document, texts)
        faults.append(Fault(document.shown_path, place, "link", problem, remedy))
    name = named.document.key.rpartition("/")[2]
    for document in news_of(named):
        line = document.lines["project"]
        problem = Message("its project {project} is not shown any more", project=name)
        remedy = Message("remove the line, or name another project")
        if not is_deleted:
            remedy = Message("leave it: it is told again once the project is shown")
        faults.append(Fault(document.shown_path, line, "project", problem, remedy))
    return sorted(faults, key=lambda fault: fault.sort_key)


def _make(named: NamedText, texts: dict[str, str], moves: dict[Path, Path]) -> None:
    by_path = {named.library.by_source[source].path: text for source, text in texts.items()}
    FileChanges(by_path, moves).make()


def main(withdraw: Callable[..., list[str]], *words: str | None) -> int:
    """Delete, hide or rename a text and tell what was done; the exit code is 0 or 1."""
    try:
        print(*withdraw(*words), sep="\n")
    except FaultsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
