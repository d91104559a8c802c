"""Update the software, which is everything outside `content/`: `./inv update`.

The new version first builds and checks the site in a separate work tree and environment,
`.update/tree`. Then the files are replaced and committed. If the update is killed before the
commit, the next `./inv` undoes it by `.update/recover`; after the commit, the update is complete.
"""

import os
import shlex
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from engine.faults import Fault, FaultsError, Message, system_reason
from engine.paths import ROOT
from engine.settings.site_file import read_site_file
from engine.terminal import exit_code, locked
from engine.versions.git import (
    Repository,
    find_repository,
    refuse_unfinished,
    refuse_without_identity,
    split_names,
    without_credentials,
)
from engine.versions.save import existing_content_folder
from engine.versions.software import Source, Version, read_version, ref_of, tag_of

_FOLDER = ".update"
# `inv` runs it first. The update sets INV_UPDATE=keep for its own calls of `inv`.
_RECOVERY = """\
#!/bin/sh
# Undo an update of the software that was interrupted before its commit; then tidy up.
set -eu
cd "$(dirname "$0")/.."
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
case "${{INV_UPDATE-}}" in
    keep) exit ;;
    undo) ;;
    *)
        if kill -0 {pid} 2>/dev/null; then
            echo {running} >&2
            exit 1
        fi
        echo {interrupted} >&2
        ;;
esac
if ! git merge-base --is-ancestor {commit} HEAD; then
    git update-index -z --index-info <.update/old.info
    [ ! -s .update/added ] || xargs -0 rm -f -- <.update/added
    [ ! -s .update/edited ] ||
        GIT_INDEX_FILE=.update/old.index git update-index -z --force-remove --stdin <.update/edited
    GIT_INDEX_FILE=.update/old.index git checkout-index --all --force
fi
rm .update/recover
rm -rf .update
"""


def _recovery(commit: str) -> str:
    """Return the script that undoes an update by this process unless `commit` is reached."""
    running = Message(
        "inv: ./inv update is replacing files; wait until it ends. "
        "If none is running: INV_UPDATE=undo ./inv"
    )
    interrupted = Message("inv: an update was interrupted; making the project whole again")
    return _RECOVERY.format(
        pid=os.getpid(),
        commit=commit,
        running=shlex.quote(str(running)),
        interrupted=shlex.quote(str(interrupted)),
    )


def _lines(entries: Mapping[str, str | None]) -> str:
    """Format entries for git's --index-info; None removes an entry."""
    return "".join(f"{entry or f'0 {0:040}'}\t{path}\0" for path, entry in entries.items())


@dataclass(frozen=True)
class _Update:
    """An update of a project from one version to another; `workspace` is its working folder."""

    repository: Repository
    workspace: Path
    current: Version
    newest: Version

    @cached_property
    def old(self) -> dict[str, str]:
        """The entries of the current version's tree by path, in the form of git's index."""
        return self._entries(self.current)

    @cached_property
    def new(self) -> dict[str, str]:
        """The entries of the new version's tree."""
        return self._entries(self.newest)

    @property
    def index_lines(self) -> str:
        """The lines for --index-info that turn the current version into the new one."""
        return _lines(dict.fromkeys(self.old.keys() - self.new.keys())) + _lines(self.new)

    def _entries(self, version: Version) -> dict[str, str]:
        """Read the entries of a version's tree, without `content/`."""
        entries = {}
        listed = self.repository.git("ls-tree", "-r", "-z", f"{ref_of(version)}^{{commit}}")
        for line in split_names(listed):
            what, _tab, path = line.partition("\t")
            mode, _type, digest = what.split()
            if not path.casefold().startswith("content/"):  # macOS ignores case
                entries[path] = f"{mode} {digest}"
        return entries

    def _index(self, name: str, lines: str, base: str = "--empty") -> dict[str, str]:
        """Create an index; return the variable that makes git use it."""
        variables = {"GIT_INDEX_FILE": str(self.workspace / name)}
        self.repository.git("read-tree", base, **variables)
        self.repository.git("update-index", "-z", "--index-info", given=lines, **variables)
        return variables

    def _check_out(self) -> None:
        """Write the files of the new version into `tree`, over those of the same names."""
        index = self._index("new.index", _lines(self.new))
        prefix = f"--prefix={self.workspace / 'tree'}/"
        self.repository.git("checkout-index", "--all", "--force", prefix, **index)

    def refuse_edited(self) -> None:
        """Raise FaultsError for files outside `content/` that differ from the version."""
        compared = self._index("compared.index", _lines(self.old))
        self.repository.try_git("update-index", "-q", "--refresh", **compared)
        edited = self.repository.git("diff-files", "--name-only", "-z", **compared)
        faults = []
        for path in split_names(edited):
            problem = Message("it was changed here since {tag}", tag=tag_of(self.current))
            command = f"git restore --source={ref_of(self.current)} -- {shlex.quote(path)}"
            remedy = Message(
                "to lose that: {command}", command=self.repository.command_line(command)
            )
            faults.append(Fault(path, None, "edited", problem, remedy))
        for path, problem in self._conflicts().items():
            kept = f"mv -- {shlex.quote(path)} {shlex.quote(path + '.mine')}"
            folder = next((f"{each}" for each in Path(path).parents if f"{each}" in self.new), "")
            if folder:
                mine = shlex.quote(f"{folder}.mine")
                kept = f"mkdir -p -- {mine} && mv -- {shlex.quote(path)} {mine}"
            remedy = Message("to keep yours: {command}", command=kept)
            faults.append(Fault(path, None, "edited", problem, remedy))
        if faults:
            raise FaultsError(*faults)

    def _conflicts(self) -> dict[str, Message]:
        """Map the owner's files and folders at paths of the new version to the problem."""
        root, tag, found = self.repository.root, tag_of(self.newest), {}
        for path in sorted(self.new.keys() - self.old.keys()):
            for folder in list(Path(path).parents)[-2::-1]:
                if f"{folder}" in self.old or not os.path.lexists(root / folder):
                    break
                if (root / folder).is_symlink() or not (root / folder).is_dir():
                    found[f"{folder}"] = Message("{tag} brings a folder of this name", tag=tag)
                    break
            else:
                if any(each.startswith(f"{path}/") for each in self.old):
                    problem = Message("{tag} brings a file in place of its folder", tag=tag)
                    found |= dict.fromkeys(self._own_files(path), problem)
                elif os.path.lexists(root / path):
                    found[path] = Message("{tag} brings a file of this name", tag=tag)
        return found

    def _own_files(self, folder: str) -> list[str]:
        """Return the files of a folder that do not belong to the current version."""
        root = self.repository.root
        files = (each for each in (root / folder).rglob("*") if not each.is_dir())
        names = [each.relative_to(root).as_posix() for each in files]
        return sorted(
            name for name in names if name not in self.old and "/__pycache__/" not in name
        )

    def try_version(self, content: Path) -> None:
        """Build and check the site with the new version, in its work tree.

        Raises FaultsError if that fails. Failed checks are accepted if those of the current version
        fail too.
        """
        self._check_out()
        tree, tag = self.workspace / "tree", tag_of(self.newest)
        texts = {"SITE_CONTENT": str(content)}
        if self._inv(tree, "build", **texts):
            problem = Message("the site does not build with {tag}, for the reasons above", tag=tag)
        elif self._inv(tree, "check", **texts) and not self._inv(None, "check", **texts):
            problem = Message("the checks of {tag} find the faults above", tag=tag)
        else:
            return
        remedy = Message("the present version stays; fix them, then call ./inv update again")
        raise FaultsError(Fault("update", None, "version", problem, remedy))

    def _inv(self, tree: Path | None, task: str, **variables: str) -> int:
        """Call `./inv` in `tree`, or without output in the project; return the exit code."""
        root = self.repository.root
        dropped = ("VIRTUAL_ENV", "SITE_OUTPUT", "PYTHONPATH")
        environment = {name: each for name, each in os.environ.items() if name not in dropped}
        folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
        kept = [each for each in folders if each != str(root / ".venv" / "bin")]
        environment |= {"PATH": os.pathsep.join(kept), "INV_UPDATE": "keep"}
        return subprocess.run(
            [str((tree or root) / "inv"), task],
            cwd=tree or root,
            env=environment | variables,
            stdin=subprocess.DEVNULL,
            stdout=None if tree else subprocess.DEVNULL,
            check=False,
        ).returncode

    def replace(self) -> str:
        """Replace the files, commit them and update the environment, or restore everything.

        Returns the hash of the commit. Raises FaultsError if a step fails or a file was edited.
        """
        self._check_out()
        # Read before the comparison, so that later edits are noticed.
        states = {path: self._state(path) for path in self.old.keys() | self.new.keys()}
        self.refuse_edited()
        old_head = self.repository.head
        commit = self._write_recovery()
        try:
            self._move_files(states)
            self.repository.git("update-index", "-z", "--index-info", given=self.index_lines)
            self.repository.try_git("update-index", "-q", "--refresh")
            self.repository.git("update-ref", "-m", "inv update", "HEAD", commit, old_head)
            if self._inv(None, "--list"):
                tag = tag_of(self.newest)
                problem = Message("the packages of {tag} cannot be installed", tag=tag)
                remedy = Message("the previous version is back; call ./inv update again")
                raise FaultsError(Fault("update", None, "packages", problem, remedy))
        except BaseException:
            if self.repository.head == commit:
                self.repository.git("update-ref", "-m", "inv update", "HEAD", old_head, commit)
            _recover(self.workspace)
            self._inv(None, "--list")
            raise
        (self.workspace / "recover").unlink()
        return commit

    def _state(self, path: str) -> tuple[int, ...] | None:
        """Return values that change if a file is edited or replaced; None if there is no file."""
        try:
            found = (self.repository.root / path).lstat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        if stat.S_ISDIR(found.st_mode):
            return ()
        return found.st_ino, found.st_size, found.st_mtime_ns, found.st_mode

    def _write_recovery(self) -> str:
        """Write the script that undoes the update; return the commit, not yet on a branch."""
        index = self._index("commit.index", self.index_lines, "HEAD")
        tree = self.repository.git("write-tree", **index).strip()
        message = str(Message("Update to {tag}", tag=tag_of(self.newest)))
        commit = self.repository.git("commit-tree", "-p", "HEAD", "-m", message, tree).strip()
        # This index has no sizes and dates, so that git writes every file.
        self._index("old.index", _lines(self.old))
        indexed = dict.fromkeys(self.old | self.new)
        for line in split_names(self.repository.git("ls-files", "--stage", "-z")):
            entry, _tab, path = line.partition("\t")
            if path in indexed:
                indexed[path] = entry
        added = "".join(f"{path}\0" for path in self.new.keys() - self.old.keys())
        recovery = _recovery(commit)
        texts = {"old.info": _lines(indexed), "added": added, "recover.new": recovery}
        for name, text in texts.items():
            (self.workspace / name).write_bytes(os.fsencode(text))
        (self.workspace / "recover.new").replace(self.workspace / "recover")
        return commit

    def _move_files(self, states: Mapping[str, tuple[int, ...] | None]) -> None:
        """Remove obsolete files and their empty folders; move the new files into the project.

        Raises FaultsError for a file whose state differs from `states`.
        """
        root = self.repository.root
        for path in self.old.keys() - self.new.keys():
            self._refuse_edited_since(path, states[path])
            (root / path).unlink()
            for folder in (root / path).parents:
                if folder == root or {each.name for each in folder.iterdir()} - {"__pycache__"}:
                    break
                shutil.rmtree(folder)
        for path, entry in self.new.items():
            if self.old.get(path) != entry:
                # An empty folder at this path has just been removed.
                self._refuse_edited_since(path, states[path] or None)
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (self.workspace / "tree" / path).replace(root / path)

    def _refuse_edited_since(self, path: str, state: tuple[int, ...] | None) -> None:
        """Raise FaultsError if a file has another state; the recovery then leaves it."""
        if self._state(path) == state:
            return
        (self.workspace / "edited").write_bytes(os.fsencode(path) + b"\0")
        added = self.new.keys() - self.old.keys() - {path}
        (self.workspace / "added").write_bytes(os.fsencode("".join(f"{each}\0" for each in added)))
        problem = Message("it was changed while files were replaced")
        remedy = Message("the previous version is back; call ./inv update again")
        raise FaultsError(Fault(path, None, "edited", problem, remedy))


def _recover(workspace: Path) -> None:
    """Restore the files of an unfinished update, then remove its working folder."""
    if (workspace / "recover").exists():
        command = ["sh", str(workspace / "recover")]
        subprocess.run(command, env={**os.environ, "INV_UPDATE": "undo"}, check=False)
    if workspace.exists() and not (workspace / "recover").exists():
        shutil.rmtree(workspace)


def update(project: Path, content: Path, say: Callable[[str], None] = print) -> None:
    """Replace the software of a project by its newest version, if that is newer.

    Raises FaultsError; the project is then unchanged.
    """
    site = read_site_file(content)
    if site.faults:
        raise FaultsError(*site.faults)
    repository = _saved_repository(project)
    refuse_unfinished(repository)
    refuse_without_identity(project, repository, site.block("owner"))
    with locked(repository.root / ".git", "update", Message("another update is running")):
        source = Source(repository, site)
        address = without_credentials(source.address)
        say(str(Message("looking for versions at {address}", address=address)))
        current, newest = _find_versions(source, project)
        if newest <= current:
            told = Message(
                "this is {tag}, the newest version there {newest}: nothing to do",
                tag=tag_of(current),
                newest=tag_of(newest),
            )
            say(str(told))
            return
        pending = _Update(repository, repository.root / _FOLDER, current, newest)
        try:
            source.refuse_untrusted(newest)
            commit = _test_and_replace(pending, content, say)
        except OSError as error:
            raise FaultsError(_disk_fault(error, pending.workspace)) from error
    told = Message(
        "updated to {tag}: CHANGELOG.md says what is new; ./inv save sends it", tag=tag_of(newest)
    )
    say(str(told))
    revert = repository.command_line(f"git revert --no-edit {commit[:12]}")
    say(str(Message("to have {tag} back: {command}", tag=tag_of(current), command=revert)))


def _test_and_replace(pending: _Update, content: Path, say: Callable[[str], None]) -> str:
    """Test the new version, then replace the current one; return the hash of the commit."""
    _recover(pending.workspace)
    pending.workspace.mkdir()
    try:
        pending.refuse_edited()
        say(str(Message("building the site with {tag}, apart", tag=tag_of(pending.newest))))
        pending.try_version(content)
        say(str(Message("replacing {tag}", tag=tag_of(pending.current))))
        return pending.replace()
    finally:
        _recover(pending.workspace)


def _disk_fault(error: OSError, workspace: Path) -> Fault:
    reason = ": ".join(str(each) for each in (system_reason(error), error.filename) if each)
    problem = Message("a file cannot be written or removed: {reason}", reason=reason or error)
    remedy = Message(
        "the present version stays; make room, or fix it, then call ./inv update again"
    )
    if (workspace / "recover").exists():
        remedy = Message("make room, or fix it, then put the previous version back: ./inv --list")
    return Fault("update", None, "disk", problem, remedy)


def _saved_repository(project: Path) -> Repository:
    """Return the repository of a project.

    Raises FaultsError if it has no commit, or if the project is only a folder of it.
    """
    repository = find_repository(project, project)
    if repository is None or not repository.head:
        problem = Message("git does not know this folder yet: nothing could bring it back")
        raise FaultsError(Fault("update", None, "git", problem, Message("call ./inv save first")))
    if repository.root != project.resolve():
        problem = Message("the project is a folder of the repository {root}", root=repository.root)
        remedy = Message("update it by hand, or give it a repository of its own")
        raise FaultsError(Fault("update", None, "git", problem, remedy))
    return repository


def _find_versions(source: Source, project: Path) -> tuple[Version, Version]:
    """Return the current and the newest version; fetch both if they differ. Raises FaultsError."""
    known = source.versions()
    file = project / "pyproject.toml"
    current = read_version(file.read_text("utf-8") if file.is_file() else "")
    newest = max(known)
    if current is None or (newest > current and current not in known):
        problem = Message(
            "it has no tag for the version of pyproject.toml: what you changed cannot be told"
        )
        remedy = Message("look at the address, and at the line version of pyproject.toml")
        raise source.error("address", problem, remedy)
    if newest > current:
        for version in (current, newest):
            source.fetch(version, known[version])
    return current, newest


def main(project: Path = ROOT) -> int:
    """Update the software, or print why not; return the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    interrupted = Message("stopped; pyproject.toml says which version this is")
    return exit_code(lambda: update(project, existing_content_folder()), interrupted)
