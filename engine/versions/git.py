"""Call git as a command with a fixed environment, and remove credentials from its messages."""

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from engine.faults import Fault, FaultsError, Message

# Variables that select another repository or index, as in a hook, or print request headers.
_DROPPED = re.compile(
    r"GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|COMMON_DIR|PREFIX|NAMESPACE|TRACE\w*"
    r"|CURL_VERBOSE)"
)
# The user, password or token of an address: all before its last @.
_USER = re.compile(r"://[^\s'\"]*@")
_QUERY = re.compile(r"(://[^\s'\"?]*)\?[^\s'\"]*")
_GIT = re.compile(r"(?:^|(?<=&& )|(?<=GIT_EDITOR=true ))git ")
# A file or folder below .git -> the unfinished operation, and the command that ends it.
_UNFINISHED = {
    "rebase-apply/applying": (Message("series of patches"), "git am --abort"),
    "rebase-merge": ("rebase", "GIT_EDITOR=true git rebase --continue"),
    "rebase-apply": ("rebase", "GIT_EDITOR=true git rebase --continue"),
    "MERGE_HEAD": ("merge", "GIT_EDITOR=true git merge --continue"),
    "CHERRY_PICK_HEAD": ("cherry-pick", "GIT_EDITOR=true git cherry-pick --continue"),
    "REVERT_HEAD": ("revert", "GIT_EDITOR=true git revert --continue"),
    "BISECT_LOG": ("bisection", "git bisect reset"),
}
# A pattern of what git, ssh or the system says in English -> the problem and the remedy.
_KNOWN_ERRORS = (
    (
        r"Permission denied \(",
        Message("it does not accept your key"),
        Message("give it your public key (~/.ssh/id_ed25519.pub), then call this command again"),
    ),
    (
        r"Host key verification failed",
        Message("its key is not known to this computer, or is another than before"),
        Message(
            "call `ssh -T git@NAME` once in a terminal, with its name in place of NAME: answer yes"
            " if the fingerprint is the one that it publishes"
        ),
    ),
    (
        r"Could not resolve host",
        Message("its name is not known"),
        Message("look for a slip in the address, and whether this computer is online"),
    ),
    (
        r"Connection refused|timed out|No route to host|unreachable|Failed to connect",
        Message("it does not answer"),
        Message("look at the address, and whether this computer is online"),
    ),
    (
        r"Authentication failed|could not read (?:Username|Password)|Invalid username",
        Message("it does not know who you are"),
        Message("give the name and the token that it asks for, in a terminal"),
    ),
    (
        r"[Rr]epository .*not found|does not appear to be a git repository|error: 404",
        Message("there is no such repository, or it is closed to you"),
        Message("look at the address"),
    ),
    (
        r"No space left on device|Disk quota exceeded",
        Message("the disk is full"),
        Message("free some room, then call this command again"),
    ),
)


def explain(said: str, remedy: Message) -> tuple[str, Message]:
    """Return the reason of an error of git, which is quoted, and its remedy.

    For an unknown error they are `said` and `remedy`.
    """
    for pattern, problem, known_remedy in _KNOWN_ERRORS:
        if re.search(pattern, said):
            return f"{problem} ({said})", known_remedy
    return said, remedy


def without_credentials(text: str) -> str:
    """Remove users, passwords, tokens and queries from the addresses in a text."""
    return _QUERY.sub(r"\1", _USER.sub("://", text))


@dataclass(frozen=True)
class GitResult:
    """The exit code, the output and the error output of a call of git."""

    code: int
    out: str
    errors: str

    @property
    def reason(self) -> str:
        """The error output on one line, without credentials and without git's hints."""
        lines = (line.strip() for line in without_credentials(self.errors).splitlines())
        reason = ", ".join(line for line in lines if line and not line.startswith("hint:"))
        # A remote may send control characters of the terminal.
        printable = "".join(each if each.isprintable() else " " for each in reason)
        return printable or str(Message("exit code {code}", code=self.code))


def call_git(
    folder: Path | str, *words: str, given: str = "", timeout: float | None = None, **variables: str
) -> GitResult:
    """Call git in a folder; `variables` are added to its environment.

    Its messages are in English, and it asks for a password only at a terminal. Raises FaultsError
    if git is not installed.
    """
    environment = {name: each for name, each in os.environ.items() if not _DROPPED.fullmatch(name)}
    environment |= {"LC_ALL": "C", "GIT_PAGER": "cat", "GIT_EDITOR": "true"}
    environment["GIT_LITERAL_PATHSPECS"] = "1"
    has_terminal = sys.stdin is not None and sys.stdin.isatty()
    if not has_terminal:
        environment["GIT_TERMINAL_PROMPT"] = "0"
    command = ["git", "-C", str(folder), *words]
    try:
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            input=given.encode("utf-8", "surrogateescape"),
            env=environment | variables,
            timeout=timeout,
            # Otherwise ssh would ask at the terminal of the session.
            start_new_session=not has_terminal,
        )
    except FileNotFoundError:
        problem = Message("git is not installed")
        remedy = Message("install it: sudo apt install git, on macOS: xcode-select --install")
        raise FaultsError(Fault("git", None, "git", problem, remedy)) from None
    except subprocess.TimeoutExpired:
        return GitResult(-1, "", str(Message("no answer in time")))
    out, errors = (each.decode("utf-8", "surrogateescape") for each in (done.stdout, done.stderr))
    return GitResult(done.returncode, out, errors)


def split_names(text: str) -> list[str]:
    """Split names that git ends with NUL (option -z)."""
    return [name for name in text.split("\0") if name]


@dataclass(frozen=True)
class Repository:
    """A repository of git, by the root of its work tree."""

    root: Path

    def try_git(self, *words: str, given: str = "", **variables: str) -> GitResult:
        """Call git; it may fail."""
        return call_git(self.root, *words, given=given, **variables)

    def git(self, *words: str, given: str = "", **variables: str) -> str:
        """Call git and return its output. Raises FaultsError if it fails."""
        answer = self.try_git(*words, given=given, **variables)
        if answer.code:
            remedy = Message("fix what git reports, then call this command again")
            reason, remedy = explain(answer.reason, remedy)
            problem = Message("git {command} failed: {reason}", command=words[0], reason=reason)
            raise FaultsError(Fault("git", None, "git", problem, remedy))
        return answer.out

    @property
    def head(self) -> str:
        """The hash of the last commit, "" before the first."""
        return self.try_git("rev-parse", "--quiet", "--verify", "HEAD").out.strip()

    @property
    def branch(self) -> str:
        """The name of the branch; "" if there is none (detached HEAD)."""
        return self.try_git("symbolic-ref", "--quiet", "--short", "HEAD").out.strip()

    def command_line(self, words: str) -> str:
        """Return a command of git as the owner must type it in the working directory."""
        if Path.cwd().is_relative_to(self.root):
            return words
        return _GIT.sub(lambda _: f"git -C {shlex.quote(str(self.root))} ", words)


def find_repository(folder: Path, project: Path) -> Repository | None:
    """Find the repository of a folder of a project; None if there is none.

    A repository around the project that tracks no file of it, such as one of the home folder, does
    not count. Raises FaultsError if git cannot read the repository.
    """
    answer = call_git(folder, "rev-parse", "--show-toplevel")
    if answer.code:
        if "not a git repository" in answer.errors:
            return None
        problem = Message("git cannot read this folder: {reason}", reason=answer.reason)
        raise FaultsError(
            Fault("git", None, "git", problem, Message("type the command that git proposes"))
        )
    repository = Repository(Path(answer.out.rstrip("\n")))
    if repository.root in (folder.resolve(), project.resolve()):
        return repository
    tracked = call_git(project, "ls-files", "-z", "--", ".").out
    return repository if tracked else None


def _unfinished(repository: Repository) -> tuple[str, str]:
    """Return the unfinished operation of a repository and the command that ends it, or ""."""
    for file, begun in _UNFINISHED.items():
        path = repository.git("rev-parse", "--git-path", file).rstrip("\n")
        if (repository.root / path).exists():
            return begun
    return "", ""


def refuse_unfinished(repository: Repository) -> None:
    """Raise FaultsError if an operation is unfinished, which a commit would end or lose."""
    name, end = _unfinished(repository)
    unmerged = split_names(repository.git("diff", "--name-only", "-z", "--diff-filter=U"))
    added = unmerged
    if name == "rebase":
        # A rebase continues only if all changes of tracked files are added.
        added = list(dict.fromkeys(split_names(repository.git("diff", "--name-only", "-z"))))
    steps = [f"git add -- {' '.join(map(shlex.quote, added))}"] if added else []
    command = repository.command_line(" && ".join([*steps, *([end] if end else []), "./inv save"]))
    if unmerged:
        problem = Message("it holds two versions that git could not join")
        marks = Message("keep the right lines and remove the lines <<<<<<<, ======= and >>>>>>>")
        remedies = [marks] * (len(unmerged) - 1)
        remedies.append(Message("{marks}, then: {command}", marks=marks, command=command))
        faults = zip(unmerged, remedies, strict=True)
        raise FaultsError(*(Fault(path, None, "git", problem, remedy) for path, remedy in faults))
    if end:
        problem = Message("a {name} is not finished", name=name)
        remedy = Message("finish it: {command}", command=command)
        if not end.startswith("GIT_EDITOR"):
            give_up = repository.command_line(end)
            remedy = Message("finish it, or give it up: {command}", command=give_up)
        raise FaultsError(Fault("git", None, "git", problem, remedy))
    if not repository.branch:
        places = ("--points-at=HEAD", "--format=%(refname:short)", "refs/heads/")
        known = repository.git("for-each-ref", *places).split()
        command = f"git switch --create textes-{repository.head[:7]}"
        if known:
            command = f"git switch {shlex.quote(known[0])}"
        problem = Message("no branch is checked out (detached HEAD)")
        remedy = Message(
            "go back to a branch, your changes stay: {command}",
            command=repository.command_line(command),
        )
        raise FaultsError(Fault("git", None, "branch", problem, remedy))


def refuse_without_identity(
    folder: Path, repository: Repository | None, owner: dict[str, str]
) -> None:
    """Raise FaultsError if git has no name or no e-mail address to commit with.

    Without a repository, the remedy sets the user's global settings. `owner` gives the name and the
    address of `content/site.yml`, which the remedy proposes.
    """
    # Otherwise git makes an address of the names of the user and the machine.
    checked = [
        call_git(folder, "-c", "user.useConfigOnly=true", "var", f"GIT_{who}_IDENT").code
        for who in ("AUTHOR", "COMMITTER")
    ]
    if not any(checked):
        return
    name, email = owner.get("name") or "Prénom Nom", owner.get("email") or "prenom@exemple.fr"
    config = "git config" if repository else "git config --global"
    command = f"{config} user.name {shlex.quote(name)} && {config} user.email {shlex.quote(email)}"
    if repository:
        command = repository.command_line(command)
    problem = Message("git does not know who you are")
    remedy = Message("type with your own name and address: {command}", command=command)
    raise FaultsError(Fault("git", None, "user.name", problem, remedy))
