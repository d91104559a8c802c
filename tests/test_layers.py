"""Which folder may import which: the contracts of pyproject.toml, held by import-linter."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sites import ROOT


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("engine/paths.py", "", None),
        ("engine/pages/compression.py", "from engine.building import site", "from above"),
        ("engine/serving/nginx.py", "from engine.building import swap", "from above"),
        ("engine/texts/links.py", "from plugins import news", "from above"),
        ("engine/texts/headers.py", "from engine.settings import site_file", "from above"),
        ("engine/markdown/videos.py", "import pelican", "neither Pelican"),
    ],
)
def test_an_import_from_above_is_refused(tmp_path, module, line, broken):
    for name in ("engine", "plugins"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / module).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode == 0) is (broken is None), done.stdout
    assert broken is None or f"{broken}" in done.stdout.partition("Broken contracts")[2]
