"""A small built site that stands in for a real one where publications are tried, by version.

Each page names its version, a style sheet, and a picture whose name holds a digest of its bytes.
"""

import hashlib
import random
from dataclasses import dataclass
from pathlib import Path

PAGES = ("index.html", "actualites/index.html", *(f"texte-{i}/index.html" for i in range(18)))


@dataclass(frozen=True)
class Version:
    """What visitors may get of one version: path below the site -> bytes."""

    folder: Path
    files: dict[str, bytes]


def make_version(folder: Path, version: int, *, removed: int = 0, weight: int = 40_000) -> Version:
    """Write version `version` of the site into `folder`, without its last `removed` pages.

    Half of the pictures, of `weight` bytes each, are the same in all versions.
    """
    files: dict[str, bytes] = {}
    style = f"body {{ color: #{version:06x} }}".encode()
    style_path = _named("theme/style", style, ".css")
    files[style_path] = style
    for number, page in enumerate(PAGES[: len(PAGES) - removed]):
        chance = random.Random(number if number % 2 else number * 1000 + version)
        picture = chance.randbytes(weight)
        picture_path = _named(f"images/photo-{number}", picture, ".webp", "-800")
        files[picture_path] = picture
        files[page] = (
            f'<!doctype html><link rel="stylesheet" href="/{style_path}"><title>{page}</title>'
            f'<p>version {version}</p><img src="/{picture_path}" alt="">\n'
        ).encode()
    files["flux.xml"] = f"<feed>{version}</feed>".encode()
    files["version.txt"] = f"{hashlib.sha256(b'%d' % version).hexdigest()}\n".encode()
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        target.chmod(0o644)
    for path in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        path.chmod(0o755)
    return Version(folder, files)


def digest(version: int) -> str:
    """The part of a release's name that tells the version."""
    return hashlib.sha256(b"%d" % version).hexdigest()[:8]


def _named(stem: str, content: bytes, ending: str, size: str = "") -> str:
    return f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}{size}{ending}"
