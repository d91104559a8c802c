"""The folder that replaces the output, where a build cannot reach it by itself."""

import errno
import hashlib
import os

from engine.building import swap
from engine.file_states import take_snapshot
from tests import sites


def test_a_folder_that_cannot_be_listed_goes_with_its_pages(tmp_path, monkeypatch):
    output, tree = tmp_path / "output", tmp_path / ".output.build/tree"
    for folder in (output, tree):
        sites.write(folder, {"index.html": "Un", "a/index.html": "A"})
    tree.parent.chmod(0o700)
    list_names = os.listdir

    def refuse(path: str) -> list[str]:
        if str(path).endswith("/a"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return list_names(path)

    # Root may list every folder.
    monkeypatch.setattr(os, "listdir", refuse)
    known = tuple(take_snapshot(str(folder), {}) for folder in (output, tree))
    with swap.staged_output(output, known) as staging:
        (staging.folder / "index.html").write_text("Deux", "utf-8")
        staging.digests = {"index.html": hashlib.sha256(b"Deux").hexdigest()}
    assert [path.name for path in output.iterdir()] == ["index.html"]
    assert (output / "index.html").read_text("utf-8") == "Deux"
