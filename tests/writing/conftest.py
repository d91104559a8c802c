"""The writer's commands, run for real on a content folder of the test's own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import sites


@dataclass(frozen=True)
class Writer:
    """A content folder, and the commands that a writer types beside it."""

    content: Path

    def environment(self, **more: str) -> dict[str, str]:
        """What the commands see: no editor, unless a test names one."""
        own = {k: v for k, v in os.environ.items() if k not in ("VISUAL", "EDITOR")}
        return {**own, "SITE_CONTENT": "content", **more}

    def command(self, *words: str) -> list[str]:
        """`invoke WORDS`, found from any folder as ./inv does."""
        return [sys.executable, "-m", "invoke", "--search-root", str(sites.ROOT), *words]

    def types(self, *words: str, **environment: str) -> subprocess.CompletedProcess:
        """Run a command without a terminal."""
        return subprocess.run(
            self.command(*words),
            cwd=self.content.parent,
            env=self.environment(**environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def has(self, files: dict[str, str]) -> None:
        """Put texts into the content folder."""
        sites.write(self.content, files)

    def reads(self, source: str) -> str:
        """The text of a file, exactly as it stands on the disk."""
        return (self.content / source).read_bytes().decode("utf-8")

    def files(self) -> list[str]:
        """Every file beside which the writer works, hidden ones too."""
        folder = self.content.parent
        return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


@pytest.fixture
def writer(tmp_path) -> Writer:
    """A writer with an empty content folder."""
    (tmp_path / "content").mkdir()
    return Writer(tmp_path / "content")
