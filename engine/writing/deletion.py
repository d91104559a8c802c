"""Delete or hide a text, redirect its addresses and list the links to it."""

import shlex
import sys
from collections.abc import Callable
from pathlib import Path

from engine.faults import Fault, FaultsError, Message
from engine.settings.site_settings import display_path
from engine.texts.documents import Document, Library
from engine.writing import source_edits
from engine.writing.file_changes import FileChanges, timestamped_folder
from engine.writing.withdrawn_texts import (
    NamedText,
    ask_target,
    find_target,
    find_text,
    gone_command,
    links_to,
    lost_pages,
    news_of,
    old_addresses,
    redirect_target,
    take_aliases,
)

# Beside the content folder: no build, check or commit of texts reads it.
DELETED_FOLDER = ".deleted"


def delete_text(file: str | None, to: str | None = None) -> list[str]:
    """Move a text, and its translation, out of the content folder; return the report in lines.

    `to` is the address to which readers are redirected, "" for none; if it is None, the command
    asks for it. Raises FaultsError; nothing was changed then.
    """
    named = find_text("delete", file)
    withdrawn = named.with_translation
    texts, report, takers = _redirect_readers("delete", named, withdrawn, to)
    beside = named.library.folder.absolute().parent
    folder = timestamped_folder(beside / DELETED_FOLDER, named.time_zone)
    moves = {text.path: folder / text.source for text in withdrawn}
    _make(named, texts, moves)
    return [
        *(str(Message("{file} is deleted", file=text.shown_path)) for text in withdrawn),
        *report,
        str(Message("To bring it back, in this folder:")),
        *(
            f"mv {shlex.quote(display_path(new))} {shlex.quote(display_path(old))}"
            for old, new in moves.items()
        ),
        *_aliases_to_remove(named.library, takers),
    ]


def hide_text(file: str | None, to: str | None = None) -> list[str]:
    """Make a draft of a text, and of its translation; arguments and result as for `delete_text`.

    Readers of a text that is already a draft are redirected only if `to` is an address.
    """
    named = find_text("hide", file)
    withdrawn = named.with_translation
    shown_before = [text for text in withdrawn if text.status != "draft"]
    already = [
        str(Message("{file} is a draft already", file=text.shown_path))
        for text in withdrawn
        if text.status == "draft"
    ]
    if not shown_before and not (to or "").strip():
        command = f"./inv hide {shlex.quote(named.document.shown_path)} --to=/"
        hint = Message(
            "If visitors saw it, lead its readers on, to the home page for example: {command}",
            command=command,
        )
        return [*already, *([str(hint)] if to is None else [])]
    texts, report, takers = _redirect_readers("hide", named, withdrawn, to)
    back = []
    for text in shown_before:
        # A translation inherits its original's status, unless its header has one.
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
        *report,
        *([str(Message("To show it again:")), *back] if back else []),
    ]


def _redirect_readers(
    command: str, named: NamedText, withdrawn: list[Document], to: str | None
) -> tuple[dict[str, str], list[str], dict[str, Document]]:
    """Redirect the addresses of withdrawn texts.

    Returns the new sources of changed texts, the report in lines, and the target of each address.
    Raises FaultsError.
    """
    library = named.library
    is_hidden_by_hand = command == "hide" and named.document.status == "draft" and bool(to)
    others = [text for text in library.visible if text not in withdrawn]
    led = {alias for text in others for alias in text.header["aliases"] or ()}
    addresses = {
        address: text
        for text in withdrawn
        if library.is_visible(text) or (is_hidden_by_hand and text.status == "draft")
        for address in old_addresses(library, text)
        if address not in led
    }
    to = ask_target(command, list(addresses), to)
    texts: dict[str, str] = {}
    takers: dict[str, Document] = {}
    report, lost = [], []
    target = find_target(named, to, withdrawn) if to else None
    if target:
        takers = {
            old: redirect_target(library, target, text, withdrawn)
            for old, text in addresses.items()
        }
        take_aliases(library, texts, takers)
        report = [
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
    report += gone_command([*lost, *lost_pages(library, withdrawn)])
    links = _link_faults(named, withdrawn, target, texts, is_deleted=command == "delete")
    return texts, [*report, *map(str, links)], takers


def _aliases_to_remove(library: Library, takers: dict[str, Document]) -> list[str]:
    """Return the lines that say which aliases to remove before the text gets its address back."""
    report = []
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
        report.append(str(step))
    return report


def _link_faults(
    named: NamedText,
    withdrawn: list[Document],
    target: Document | None,
    texts: dict[str, str],
    *,
    is_deleted: bool,
) -> list[Fault]:
    """Return a fault for each link to a withdrawn text and for each news item of its project."""
    faults = []
    for document, line, address in links_to(named.library, withdrawn):
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
            remedy = Message("leave it: it counts again once the project is visible")
        faults.append(Fault(document.shown_path, line, "project", problem, remedy))
    return sorted(faults, key=lambda fault: fault.sort_key)


def _make(named: NamedText, texts: dict[str, str], moves: dict[Path, Path]) -> None:
    by_path = {named.library.by_source[source].path: text for source, text in texts.items()}
    FileChanges(by_path, moves).make()


def main(withdraw: Callable[..., list[str]], *words: str | None) -> int:
    """Delete, hide or rename a text and print the report; return the exit code."""
    try:
        print(*withdraw(*words), sep="\n")
    except FaultsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
