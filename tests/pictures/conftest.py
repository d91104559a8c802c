"""What the tests of the pictures share."""

from pathlib import Path

import pytest
from PIL import Image

from engine.pictures.cache import encode
from engine.pictures.inspection import inspect
from engine.pictures.variants import Picture, variants


@pytest.fixture
def made(tmp_path):
    """Inspect and encode a file: the picture, and its files, opened, by format and width."""

    def make(path: Path) -> tuple[Picture, dict[tuple[str, int], Image.Image]]:
        picture = inspect(path)
        encode(picture, tmp_path / "cache", tmp_path / "output")
        files = {}
        for file in variants(picture):
            image = Image.open(tmp_path / "output" / file.name)
            image.load()
            files[file.format, file.width] = image
        return picture, files

    return make
