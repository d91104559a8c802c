"""Commit `content/` with git, and push it to the remote: `./inv save`.

Only `content/` is committed, and a push is never forced.
"""

import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

from engine.characters import decode_text
from engine.faults import Fault, FaultsError, Message
from engine.paths import ROOT, content_folder
from engine.settings.site_file import read_site_file
from engine.terminal import confirm, exit_code
from engine.texts.library import no_content_folder
from engine.versions.git import (
    Repository,
    call_git,
    explain,
    find_repository,
    refuse_unfinished,
    refuse_without_identity,
    split_names,
)
from engine.versions.remotes import Remote, consequences, find_remote

FIRST_MESSAGE = "Premier enregistrement"
# The setting of git that holds the remote for which the consequences of a push were printed.
_ANNOUNCED = "inv.toldRemote"
# First letter of git's status -> the French word of the commit's message, singular.
_CHANGES = {"A": "ajouté", "M": "modifié", "T": "modifié", "D": "supprimé", "R": "renommé"}
_TITLE = re.compile(r"^title[ \t]*:[ \t]*(['\"]?)(.+?)\1[ \t]*$", re.MULTILINE)
# Files of systems and editors, which the site ignores too.
_HIDDEN = re.compile(r"\.|Thumbs\.db|desktop\.ini|.*~$", re.IGNORECASE)
_SHOWN_NAMES = 5


def existing_content_folder() -> Path:
    """Return the resolved path of the folder of the texts. Raises FaultsError if there is none."""
    folder = content_folder().resolve()
    if not folder.is_dir():
        raise FaultsError(no_content_folder(str(folder)))
    return folder


def changed_files(repository: Repository, content: Path) -> list[tuple[str, str]]:
    """List the changes below a folder since the last commit: git's letter, the file's path."""
    found = repository.git(
        *("status", "--porcelain", "-z", "--untracked-files=all", "--renames"),
        *("--", str(content)),
    )
    changes, names = [], iter(split_names(found))
    for entry in names:
        kind, name = entry[:2].replace("?", "A").strip(), entry[3:]
        changes.append((kind[0], name))
        if kind[0] in "RC":
            next(names)  # its previous name
    return changes


def default_message(repository: Repository, changes: list[tuple[str, str]]) -> str:
    """Return a commit message in French: the number of changed texts and files, then their list."""
    counts = []
    texts = [change for change in changes if change[1].endswith(".md")]
    others = [change for change in changes if change not in texts]
    for noun, own in (("Texte", texts), ("Fichier", others)):
        kinds = [_CHANGES.get(kind, "modifié") for kind, _name in own]
        parts = [
            f"{kinds.count(kind)} {kind}{'s' * (kinds.count(kind) > 1)}"
            for kind in dict.fromkeys(_CHANGES.values())
            if kind in kinds
        ]
        if parts:
            counts.append(f"{noun}{'s' * (len(own) > 1)}\u00a0: {', '.join(parts)}")
    lines = [
        f"- {_CHANGES.get(kind, 'modifié')}\u00a0: {name}{_title(repository.root / name)}"
        for kind, name in changes
    ]
    return ". ".join(counts) + "\n\n" + "\n".join(lines)


def _title(path: Path) -> str:
    """Return the title of a text between guillemets, after a space; "" if it has none."""
    if path.suffix != ".md" or not path.is_file():
        return ""
    try:
        found = _TITLE.search(decode_text(path.read_bytes()).partition("\n---")[0])
    except (OSError, UnicodeDecodeError):
        return ""
    return f" («\u00a0{found[2]}\u00a0»)" if found else ""


def unsaved_line() -> str:
    """List the unsaved files of `content/` in a line; "" if all are saved, or without git."""
    try:
        content = existing_content_folder()
        repository = find_repository(content, _project(content))
        if repository is None or not repository.head:
            return str(Message("not saved: nothing of content/ is; ./inv save saves it"))
        names = [name for _kind, name in changed_files(repository, content)]
    except FaultsError:
        return ""
    told = Message("not saved: {files}; ./inv save saves them", files=_listed(names))
    return str(told) if names else ""


def _listed(names: list[str]) -> object:
    files, more = ", ".join(names[:_SHOWN_NAMES]), len(names) - _SHOWN_NAMES
    if more > 0:
        return Message("{files} and {number} more", files=files, number=more)
    return files


def _project(content: Path) -> Path:
    """Return the folder of the repository: the project's, or a content folder outside it."""
    return ROOT if content.is_relative_to(ROOT) else content


def save(content: Path, words: str, say: Callable[[str], None] = print) -> Repository:
    """Commit a content folder with a message; "" means one made from the changes.

    Raises FaultsError; nothing is then committed.
    """
    project = _project(content)
    repository = find_repository(content, project)
    owner = read_site_file(content).block("owner")
    refuse_without_identity(content, repository, owner)
    _refuse_repository_inside(content)
    if repository is None:
        repository = _create_repository(project)
        told = Message(
            "git did not know this folder: it keeps {folder} from now on", folder=project
        )
        say(str(told))
    refuse_unfinished(repository)
    _report_ignored(repository, content, say)
    commit = ("commit", "--quiet", "--cleanup=whitespace")
    if not repository.head:
        # The software too: otherwise no clone could build the site.
        repository.git("add", "--all", "--", ".")
        repository.git(*commit, f"--message={words or FIRST_MESSAGE}")
        count = len(split_names(repository.git("ls-files", "-z")))
        told = Message(
            "saved for the first time: {number} files, all but those that .gitignore names",
            number=count,
        )
        say(str(told))
        return repository
    if changed_files(repository, content):
        repository.git("add", "--all", "--", str(content))
    changes = changed_files(repository, content)
    if not changes:
        say(str(Message("nothing to save: content/ is as it was saved last")))
        return repository
    message = words or default_message(repository, changes)
    repository.git(*commit, "--only", f"--message={message}", "--", str(content))
    say(str(Message("saved: {files}", files=_listed([name for _kind, name in changes]))))
    return repository


def _create_repository(project: Path) -> Repository:
    answer = call_git(project, "-c", "init.defaultBranch=main", "init", "--quiet")
    if answer.code:
        problem = Message("git cannot keep this folder: {reason}", reason=answer.reason)
        remedy = Message("make the folder writable, then call ./inv save again")
        raise FaultsError(Fault(str(project), None, "git", problem, remedy))
    return Repository(project)


def _refuse_repository_inside(content: Path) -> None:
    """Raise FaultsError for a nested repository: git would not save its files."""
    for inside in sorted(content.rglob(".git")):
        if inside.parent == content:
            continue
        problem = Message("it is a repository of its own, and its files would not be saved")
        command = f"rm -rf {shlex.quote(str(inside))}"
        remedy = Message("if you need no history of it: {command}", command=command)
        raise FaultsError(Fault(str(inside.parent), None, "git", problem, remedy))


def _report_ignored(repository: Repository, content: Path, say: Callable[[str], None]) -> None:
    found = repository.git(
        *("status", "--porcelain", "-z", "--ignored=matching", "--untracked-files=all"),
        *("--", str(content)),
    )
    names = [entry[3:] for entry in split_names(found) if entry.startswith("!! ")]
    for name in names:
        if not _HIDDEN.match(Path(name).name):
            command = repository.command_line(f"git add --force -- {shlex.quote(name)}")
            told = Message(
                "not saved: {file}, which a .gitignore names; to save it: {command}",
                file=name,
                command=command,
            )
            say(str(told))


def send(
    repository: Repository, confirm: Callable[[], bool], say: Callable[[str], None] = print
) -> None:
    """Push the branch to its upstream, or create one.

    The first push to a remote prints the consequences and asks. Raises FaultsError if the remote
    refuses, or does not answer.
    """
    remote = find_remote(repository)
    if remote is None:
        command = repository.command_line("git remote add origin ADDRESS")
        told = Message(
            "saved on this computer only: git knows no remote. To have one, make an empty\n"
            "repository at a forge, then, with its address in place of ADDRESS:"
        )
        say(str(told))
        say(f"    {command} && ./inv save")
        return
    destination = f"{remote.shown} {remote.branch}"
    if repository.try_git("config", "--local", _ANNOUNCED).out.rstrip("\n") != destination:
        say(str(Message("what is sent to {remote}:", remote=remote.shown)))
        for line in consequences(repository, remote):
            say(f"    {line}")
        if not confirm():
            say(str(Message("saved on this computer; nothing was sent")))
            return
        repository.git("config", "--local", _ANNOUNCED, destination)
    say(str(Message("sending to {remote}", remote=remote.shown)))
    target = f"HEAD:refs/heads/{remote.branch}"
    options = ("--porcelain", "--set-upstream") if remote.is_new else ("--porcelain",)
    answer = repository.try_git("push", *options, "--", remote.name, target)
    if answer.code:
        raise FaultsError(_refused(repository, remote, answer.out, answer.reason))
    say(str(Message("sent")))


def _refused(repository: Repository, remote: Remote, output: str, reason: str) -> Fault:
    if "(fetch first)" in output or "(non-fast-forward)" in output:
        problem = Message("it has changes that this computer has not; yours are saved here")
        command = "git pull --rebase --autostash"
        if remote.name not in remote.addresses:  # an address may hold a password
            command += f" {shlex.quote(remote.name)} {shlex.quote(remote.branch)}"
        command = repository.command_line(command)
        remedy = Message("take them: {command} && ./inv save", command=command)
    else:
        rejected = [line.split("\t")[-1] for line in output.splitlines() if line.startswith("!")]
        remedy = Message("once that is fixed, call ./inv save again")
        why, remedy = explain(", ".join([*rejected, reason]), remedy)
        problem = Message("nothing was sent: {reason}; it is saved here", reason=why)
    return Fault(remote.shown, None, "push", problem, remedy)


def _confirm(*, yes: bool) -> bool:
    if yes:
        return True
    if not sys.stdin.isatty():
        problem = Message("it is saved here and not sent: there is no terminal to ask at")
        remedy = Message("call ./inv save --yes once")
        raise FaultsError(Fault("save", None, "yes", problem, remedy))
    return confirm(Message("Send it? [y/N] "))


def main(words: str | None, *, yes: bool = False) -> int:
    """Save and send the texts, or print why not; return the exit code."""

    def save_and_send() -> None:
        repository = save(existing_content_folder(), (words or "").strip())
        send(repository, lambda: _confirm(yes=yes))

    return exit_code(save_and_send, Message("stopped; call ./inv save again"))
