"""Content folders made for a test, and the sites built from them by the real command."""

import io
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bs4 import BeautifulSoup
from PIL import Image, ImageChops

from engine.building import site as building
from engine.paths import ROOT

_FORKS = multiprocessing.get_context("forkserver")
# What a build loads late.
_FORKS.set_forkserver_preload(
    [
        __name__,
        "engine.building.weight_tables",
        "engine.pictures.cache",
        "engine.pictures.metadata",
        "engine.settings.site_values",
        "fontTools.ttLib.tables._g_l_y_f",
        "fontTools.ttLib.woff2",
        "pelican.plugins.i18n_subsites",
    ]
)


@dataclass(frozen=True)
class Site:
    """A built site, read as a visitor's browser would."""

    folder: Path

    def page(self, address: str) -> BeautifulSoup:
        """The page at a path-absolute address such as "/projets/"."""
        return BeautifulSoup(self.text(address), "html.parser")

    def text(self, address: str) -> str:
        """The file that a web server sends for an address."""
        path = self.folder / address.lstrip("/")
        return (path / "index.html" if address.endswith("/") else path).read_text("utf-8")

    def has(self, address: str) -> bool:
        """Whether the address leads anywhere."""
        path = self.folder / address.lstrip("/")
        return (path / "index.html" if address.endswith("/") else path).is_file()

    @cached_property
    def addresses(self) -> list[str]:
        """The address of every page, but for those that only lead to another (`aliases`)."""
        files = self.folder.rglob("*.html")
        pages = (
            path.relative_to(self.folder).as_posix()
            for path in files
            if 'http-equiv="refresh"' not in path.read_text("utf-8")
        )
        return sorted("/" + page.removesuffix("index.html") for page in pages)


@dataclass(frozen=True)
class Build:
    """What a run of the build command did."""

    code: int
    said: str
    complaints: str
    site: Site


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files, by their path below `folder`; a value of bytes is written as it is."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def build(content: Path, output: Path, **environment: str) -> Build:
    """Run the real build of a content folder, in a process of its own."""
    variables = {"SITE_CONTENT": str(content), "SITE_OUTPUT": str(output), **environment}
    # Others, such as PYTHONHASHSEED, are read when Python starts.
    run = _fork if all(name.startswith("SITE_") for name in variables) else _start
    return Build(*run({**os.environ, **variables}), Site(output))


def _start(environment: dict[str, str]) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "engine.building.site"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def _fork(environment: dict[str, str]) -> tuple[int, str, str]:
    """The same from a process that has imported the build: three times as fast."""
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder, "said"), Path(folder, "complaints")
        umask = os.umask(0)
        os.umask(umask)
        process = _FORKS.Process(target=_build, args=(environment, umask, *files))
        process.start()
        process.join()
        return process.exitcode, *(path.read_text("utf-8") for path in files)


def _build(environment: dict[str, str], umask: int, said: Path, complaints: Path) -> None:
    for number, path in ((1, said), (2, complaints)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    os.environ.clear()
    os.environ.update(environment)
    os.umask(umask)
    os.chdir(ROOT)
    sys.argv = ["engine.building.site"]
    sys.exit(building.main())


def photo(width: int = 1600, height: int = 1000, kind: str = "JPEG", **options) -> bytes:
    """A file with a picture that has shapes and grain, as photos have."""
    gradient = Image.linear_gradient("L").resize((width, height))
    grain = Image.effect_noise((width, height), 12)
    image = Image.merge("RGB", (gradient, grain, gradient.rotate(180)))
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def busy_photo(width: int = 1600, height: int = 1000) -> bytes:
    """A JPEG as hard to compress as a photo of leaves or of a crowd, the same each time.

    Noise at every scale, each finer one weaker by the root of two: plain grain, which a smaller
    size averages away, would weigh next to nothing.
    """
    chance = random.Random(1)
    bands = []
    for softness in (1, 0.3, 0.3):  # brightness varies more than colour
        band = Image.new("L", (width, height), 128)
        for scale in (1 << power for power in range(1, 10)):
            size = (max(2, width // scale), max(2, height // scale))
            noise = Image.frombytes("L", size, chance.randbytes(size[0] * size[1]))
            strength = softness * (scale / 512) ** 0.5
            faint = noise.point([round(128 + (level - 128) * strength) for level in range(256)])
            band = ImageChops.add(band, faint.resize(band.size), 1, -128)
        bands.append(band)
    file = io.BytesIO()
    Image.merge("YCbCr", bands).convert("RGB").save(file, "JPEG", quality=92)
    return file.getvalue()


def header(**values: object) -> str:
    """The header of a text: `header(title="Été", date="2012-03")`."""
    lines = [f"{key}: {value}" for key, value in values.items() if value is not None]
    return "\n".join(["---", *lines, "---", ""])


def settings(**owner: str) -> str:
    """A `site.yml` with a name and an identifier of its own, and facts about the owner."""
    facts = "".join(f"  {key}: {value}\n" for key, value in owner.items())
    return (
        "names:\n  fr: Un nom\n  en: A name\nid: 4e4c9f0a-62f3-4b3a-9a53-3f0f8f1d7c22\n"
        f"owner:\n{facts}"
    )


def article(title: str = "Une nouvelle", date: str = "2012-03", body: str = "Un texte.", **more):
    """The source of a news item."""
    return header(title=title, date=date, **more) + body + "\n"


def project(title: str = "Un projet", body: str = "Un texte.\n\n## Une partie\n\nSuite.", **more):
    """The source of a project."""
    return header(title=title, **more) + body + "\n"
