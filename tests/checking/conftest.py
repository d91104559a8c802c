"""Content folders made for a test, and what is found in them."""

import pytest

from engine import checking
from engine.checking.texts import spelling
from tests import sites


@pytest.fixture
def find(tmp_path, monkeypatch):
    """Write files into a content folder and look: `find({"articles/a.md": …}, "spelling")`.

    The findings of the rules that are named, all of them where none is; words are looked up only
    where spelling is named.
    """

    def run(files, *rules):
        if "spelling" not in rules:
            monkeypatch.setattr(spelling, "dictionary", lambda _lang: None)
        found = checking.findings(sites.write(tmp_path / "content", files))
        return [finding for finding in found if not rules or finding.rule in rules]

    return run


@pytest.fixture
def told(find, tmp_path):
    """The same as (path below the content folder, line, problem)."""

    def run(files, *rules):
        folder = f"{tmp_path / 'content'}/"
        return [
            (finding.path.removeprefix(folder), finding.line, str(finding.problem))
            for finding in find(files, *rules)
        ]

    return run
