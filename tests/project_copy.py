"""A copy of the whole project, in which a test does what the owner does, by the real commands.

Its content is that of sample_content.py, whatever the owner has written.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest

from tests import sample_content, sites
from tests.sites import ROOT

# Seconds for a block of commands, far above what the slowest takes.
_LIMIT = 300


class ProjectCopy:
    """The project as a newcomer has it: its own folder, with everything saved in git."""

    def __init__(self, folder: Path):
        self.folder = folder
        # What SITE_MESSAGES holds; "" leaves the language of messages to the site.
        self.messages = "en"
        # In a container the checkout may belong to another user, which git refuses to read.
        command = ["git", "-c", "safe.directory=*", "-C", ROOT, "ls-files", "-z"]
        listed = subprocess.run(command, check=True, capture_output=True)
        for name in filter(None, listed.stdout.decode().split("\0")):
            if name.startswith(("content/", "docs/pictures/", "tests/")):
                continue
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
        sites.write(folder / "content", sample_content.full_site())
        who = "-c user.name=A -c user.email=a@example.org"
        self.runs(f"git init -q && git add -A && git {who} commit -q -m 'Le site'")

    def environment(self) -> dict[str, str]:
        """No editor, no setting of Python's output, and nothing that git knows from elsewhere."""
        own = {
            name: value
            for name, value in os.environ.items()
            if name not in ("EDITOR", "VISUAL", "PYTHONUNBUFFERED")
            and not name.startswith(("SITE_", "GIT_"))
        }
        git = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        return own | git | {"SITE_MESSAGES": self.messages}

    def started(self, commands: str) -> subprocess.Popen:
        """A shell that runs the lines of a block; ./inv is tried in test_inv, here it is invoke."""
        invoke = f"{shlex.quote(sys.executable)} -m invoke "
        return subprocess.Popen(
            ["sh", "-e", "-c", commands.replace("./inv ", invoke)],
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
        )

    def runs(self, commands: str) -> str:
        """What the lines of a block say; they must succeed."""
        code, said = self._ended(self.started(commands))
        assert code == 0, f"{commands}\n{said}"
        return said

    def fails(self, commands: str) -> str:
        """What a command says that must end with exit code 1."""
        code, said = self._ended(self.started(commands))
        assert code == 1, f"{commands}\n{said}"
        return said

    def shows(self, path: str, words: str) -> None:
        """`./inv serve` names an address, below which a page has these words; Ctrl-C ends it."""
        shell = self.started("exec ./inv serve")
        limit = threading.Timer(_LIMIT, os.killpg, (shell.pid, signal.SIGKILL))
        limit.start()
        try:
            address = None
            for line in shell.stdout:
                if found := re.match(r"(http://\S+/)", line):
                    address = found[1].rstrip("/")
                    break
            assert address, f"the preview told no address in {_LIMIT} s"
            with urllib.request.urlopen(address + path, timeout=60) as answer:
                assert words in answer.read().decode("utf-8")
        finally:
            limit.cancel()
            os.killpg(shell.pid, signal.SIGINT)
            self._ended(shell)

    def _ended(self, shell: subprocess.Popen) -> tuple[int, str]:
        """A shell's exit code, and what it said; ended by force if it takes too long."""
        try:
            said, _ = shell.communicate(timeout=_LIMIT)
        finally:
            if shell.poll() is None:
                os.killpg(shell.pid, signal.SIGKILL)
                shell.communicate(timeout=_LIMIT)
        return shell.returncode, said


@pytest.fixture
def copy(tmp_path) -> ProjectCopy:
    """A fresh copy of the project, in a folder whose name has a space."""
    (tmp_path / "the site").mkdir()
    return ProjectCopy(tmp_path / "the site")
