"""Small projects with a history of their own, and git without any setting of this machine."""

import os
import subprocess
from pathlib import Path

import pytest

from engine.versions import save
from tests import sites

FILES = {
    "content/home.md": "---\ntitle: Le Lavoir\n---\nUn texte.\n",
    "content/articles/a.md": '---\ntitle: "L\'été"\ndate: 2026\n---\nUn.\n',
    "content/images/a.jpg": b"\xff\xd8",
    "inv": "#!/bin/sh\n",
    ".gitignore": "/.venv/\n",
}


class History:
    """A folder below which a test calls git and the commands of engine/versions."""

    def __init__(self, folder: Path, capsys):
        self.folder, self.capsys = folder, capsys

    def git(self, *words: str, folder: Path | None = None) -> str:
        """What git answers; it must succeed."""
        done = subprocess.run(
            ["git", "-C", folder or self.folder, *words],
            check=True,
            capture_output=True,
            encoding="utf-8",
        )
        return done.stdout.rstrip("\n")

    def write(self, files: dict) -> None:
        sites.write(self.folder, files)

    def commit_all(self) -> None:
        self.git("init", "-q", "-b", "main")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "Le site")

    def add_remote(self, address: str = "") -> Path:
        """A bare repository as the upstream of main, under its path or another address."""
        remote = self.folder.parent / "remote.git"
        self.git("init", "-q", "--bare", "-b", "main", str(remote))
        self.git("remote", "add", "origin", str(remote))
        self.git("push", "-q", "--set-upstream", "origin", "main")
        if address:
            self.git("remote", "set-url", "origin", address)
        return remote

    def saved(self, words: str | None = None, code: int = 0, *, yes: bool = True) -> str:
        """Run `./inv save`; what it says, which must end with an exit code."""
        assert save.main(words, yes=yes) == code, self.capsys.readouterr()
        out, complaints = self.capsys.readouterr()
        return out + complaints

    def files_of(self, commit: str = "HEAD") -> list[str]:
        """The paths that a commit changed, with the letter of the change."""
        return self.git("show", "--format=", "--name-status", commit).splitlines()


@pytest.fixture
def git_settings(tmp_path, monkeypatch):
    """Only settings made here: an author, and no helper that keeps a password."""
    for name in list(os.environ):
        if name.startswith(("GIT_", "SSH_")) or name == "EMAIL":
            monkeypatch.delenv(name)
    settings = tmp_path / "gitconfig"
    settings.write_text("[user]\n\tname = Camille\n\temail = camille@exemple.fr\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    return settings


@pytest.fixture
def unknown(tmp_path, git_settings, monkeypatch, capsys):
    """A project, in a folder with a space and an accent, that git does not know."""
    history = History(tmp_path / "le dépôt [1]", capsys)
    history.write(FILES)
    monkeypatch.setattr(save, "ROOT", history.folder)
    monkeypatch.setenv("SITE_CONTENT", str(history.folder / "content"))
    monkeypatch.chdir(history.folder)
    return history


@pytest.fixture
def project(unknown):
    """The same with everything saved."""
    unknown.commit_all()
    return unknown


def software(version: str, **changes: str | None) -> dict:
    """The files of a version of a small software; a changed file of None is not there.

    Its `inv` notes its calls in $CALLS, fails at $FAILING, and begins as that of the project;
    its build does what $DURING says.
    """
    (recovery,) = [
        line
        for line in (sites.ROOT / "inv").read_text().splitlines()
        if "sh " in line and "recover" in line
    ]
    inv = f"""#!/bin/sh
here=$(cd -P "$(dirname "$0")" && pwd)
{recovery}
echo "$1 {version} $(cat "${{SITE_CONTENT-}}/home.md")" >>"$CALLS"
[ "$1" != build ] || eval "${{DURING-}}"
[ "$1 {version}" != "${{FAILING-}}" ] && [ "$1" != "${{FAILING-}}" ]
"""
    files = {
        "inv": inv,
        "pyproject.toml": f'[project]\nversion = "{version}"\n',
        "engine/same.py": "1\n",
        "engine/each.py": f"{version}\n",
        ".gitignore": "/.update/\n/output/\n__pycache__/\n",
        "content/home.md": f"L’exemple de {version}",
    } | changes
    return {name: text for name, text in files.items() if text is not None}


OLD = software("0.1.0", **{"old/deep/a.py": "a\n", "was": "a file\n", "é t.txt": "1\n"})
NEW = software("0.2.0", **{"new/deep/b.py": "b\n", "was/now": "a folder\n", "é t.txt": "2\n"})


class Software(History):
    """The repository of the software, with its versions as tags."""

    def add(self, version: str, files: dict, *options: str) -> None:
        """Commit a version, and tag it."""
        if not (self.folder / ".git").exists():
            self.folder.mkdir()
            self.git("init", "-q", "-b", "main")
        self.git("rm", "-q", "-r", "--ignore-unmatch", ".")
        self.write(files)
        (self.folder / "inv").chmod(0o755)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", version)
        self.git("tag", *options, f"v{version}")


@pytest.fixture
def upstream(tmp_path, git_settings, capsys):
    """The software in two versions."""
    made = Software(tmp_path / "software", capsys)
    made.add("0.1.0", OLD)
    made.add("0.2.0", NEW)
    return made
