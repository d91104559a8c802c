"""The pictures of the texts: each photo in the formats and widths that the pages need, made once.

`inspect` tells what a file is or why it cannot be taken, `markup` gives its HTML, `encode_all`
makes the files. Their names hold a digest of the photo and of the way they are made, so that a
browser may keep them for ever, and the cache and both language sites share them.
"""

import hashlib
import io
import math
import multiprocessing
import os
import re
import shutil
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from html import escape
from pathlib import Path
from xml.parsers import expat

import PIL
from PIL import ExifTags, Image, ImageCms, features
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from plugins.slugs import slugify

# Pixels. The text column is 30.5rem at 17 to 20 px: 400 and 640 for it at a density of 1, 960 and
# 1280 at 2.
WIDTHS = (400, 640, 960, 1280)
# In `sizes`, 1rem is 16 px whatever the theme says: 38rem is the widest column.
SIZES = "(min-width: 42em) 38rem, 92vw"
FOLDER = "images"
TAKEN = "JPEG, PNG, WebP, AVIF, GIF or SVG"
# Pixels; more than a phone makes. One decoded picture then holds less than 300 MB.
MOST_PIXELS = 65_000_000
# Pixels; a limit of the WebP format.
_LONGEST_SIDE = 16_383
_READ_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
_ENDINGS = {"AVIF": "avif", "WEBP": "webp", "JPEG": "jpg", "PNG": "png", "SVG": "svg"}
_OPTIONS = {
    # Each thread more would cut the picture otherwise: the bytes would depend on the machine.
    # Speed 8 takes a fifth of the time of 6, for a tenth more bytes.
    "AVIF": {"speed": 8, "max_threads": 1, "autotiling": False},
    "WEBP": {"method": 4},
    "JPEG": {"progressive": True, "optimize": True},
    "PNG": {},
}
# The first quality whose file is light enough is taken, else the last.
_QUALITIES = {"AVIF": (60, 52, 44, 36, 28), "WEBP": (76, 66, 56, 46), "JPEG": (80, 70, 60)}
# Bytes for each pixel, beside 1,000 for the file's head: 640 × 400 pixels in AVIF make 29,672.
_LIGHT = {"AVIF": 0.112, "WEBP": 0.16, "JPEG": 0.22}
_VERSIONS = tuple(
    features.version(name) for name in ("avif", "webp", "libjpeg_turbo", "littlecms2")
)
_RECIPE = repr((1, PIL.__version__, _VERSIONS, WIDTHS, _OPTIONS, _QUALITIES, _LIGHT)).encode()
_DAY = 86_400
# Seconds after which a file of the cache that no build has used goes.
_UNUSED = 90 * _DAY
_BROKEN = "the file is broken or cut short; copy it again from where it comes, or save it anew"
_TOO_LARGE = (
    f"it has more than {MOST_PIXELS // 1_000_000} million pixels; "
    "make it smaller: 2,600 pixels are wide enough"
)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Picture:
    """A file that can be shown. `width` and `height` are in pixels, as a reader sees it: turned.

    `orientation` is EXIF's, 1 to 8; `digest` changes with the file and with the way it is encoded.
    """

    path: Path
    slug: str
    digest: str
    width: int
    height: int
    format: str
    has_alpha: bool = False
    orientation: int = 1


@dataclass(frozen=True)
class Variant:
    """One file to make of a picture: `name` is its path below the site's root, sizes in pixels."""

    format: str
    width: int
    height: int
    name: str


# --- What a file is ------------------------------------------------------------------------------


def inspect(path: Path) -> Picture:
    """What a file holds, by its head only: whether the rest is whole shows when it is encoded.

    Raises ValueError("problem; remedy") for a file that no page can show.
    """
    data, digest = _read(path)
    slug = slugify(path.stem) or "picture"
    if path.suffix.lower() == ".svg":
        return Picture(path, slug, digest, *_Svg(data).size, "SVG")
    with _opened(data) as image:
        if _moves(image):
            raise ValueError(
                "it moves, and a reader could not stop it; take one still picture of it, "
                "or put a video into files/ and link to it"
            )
        orientation = _orientation(image)
        width, height = image.size[::-1] if orientation > 4 else image.size
        has_alpha = image.has_transparency_data and not image.mode.startswith("I")
        picture = Picture(path, slug, digest, width, height, image.format, has_alpha, orientation)
    tallest = variants(picture)[-1].height
    if tallest > _LONGEST_SIDE:
        raise ValueError(
            f"it is {height // width} times as high as it is wide; cut it into several pictures"
        )
    return picture


def _read(path: Path) -> tuple[bytes, str]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ValueError(f"it cannot be read ({error.strerror}); mend its rights") from error
    return data, hashlib.sha256(data + _RECIPE).hexdigest()[:12]


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    """The picture, its pixels not read yet. Raises ValueError for what is none."""
    with warnings.catch_warnings():
        # Of what Pillow warns, that which matters here is refused.
        warnings.simplefilter("ignore")
        try:
            image = Image.open(io.BytesIO(data), formats=_READ_FORMATS)
        except Image.DecompressionBombError as error:
            raise ValueError(_TOO_LARGE) from error
        except Exception as error:  # a decoder may fail in any way
            raise ValueError(_why_unread(data)) from error
        with image:
            if image.width * image.height > MOST_PIXELS:
                raise ValueError(_TOO_LARGE)
            yield image


def _why_unread(data: bytes) -> str:
    if data[4:8] == b"ftyp" and data[8:11] in (b"hei", b"hev", b"mif"):
        return "it is a HEIC photo, which browsers do not show; export it as JPEG"
    heads = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"RIFF")
    if not data or data.startswith(heads) or data[4:12] == b"ftypavif":
        return _BROKEN
    return f"it is not a picture of a known format; save it as {TAKEN}"


def _moves(image: Image.Image) -> bool:
    # The second picture in a phone's JPEG is a preview, or the light of each point.
    if image.format == "MPO":
        return False
    try:
        return getattr(image, "is_animated", False)
    except Exception as error:  # to know, Pillow reads on in a GIF, which may be cut short
        raise ValueError(_BROKEN) from error


def _orientation(image: Image.Image) -> int:
    """EXIF's orientation, 1 where there is none.

    Not by `getexif()`, which reads all pixels of a PNG, and takes XMP's, which browsers ignore.
    """
    exif = Image.Exif()
    try:
        exif.load(image.info.get("exif"))
        orientation = exif.get(ExifTags.Base.Orientation, 1)
    except Exception:  # broken metadata makes no broken picture
        return 1
    return orientation if orientation in _TURNS else 1


class _Svg:
    """Reads a drawing for its size in pixels. Raises ValueError for what must not be on the site.

    In an <img> nothing of a drawing runs, but its file has an address of its own.
    """

    _ACTIVE = frozenset(("script", "foreignobject", "iframe", "object", "embed", "handler"))
    _MOVING = frozenset(("animate", "animatecolor", "animatemotion", "animatetransform", "set"))
    _INSIDE = ("#", *(f"data:image/{kind}" for kind in ("png", "jpeg", "gif", "webp")))

    def __init__(self, data: bytes):
        self.size: tuple[int, int] | None = None
        self._style: list[str] | None = None
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._entity
        parser.ProcessingInstructionHandler = self._instruction
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise ValueError(
                f"the drawing cannot be read (line {error.lineno}); export it as plain SVG"
            ) from error

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, name = name.lower().rpartition(" ")
        if self.size is None:
            if (namespace, name) != ("http://www.w3.org/2000/svg", "svg"):
                raise ValueError(f"it is not an SVG drawing; save it as {TAKEN}")
            self.size = self._size_of(attributes)
        if name in self._ACTIVE:
            raise ValueError(f"the drawing holds <{name}>; export it as plain SVG, without script")
        if name in self._MOVING:
            raise ValueError("the drawing moves; export a still one")
        if name == "style":
            self._style = []
        for key, value in attributes.items():
            self._check_attribute(key.lower().rpartition(" ")[2], value.strip())

    def _check_attribute(self, key: str, value: str) -> None:
        if key.startswith("on"):
            raise ValueError(f"the drawing holds a script ({key}); export it as plain SVG")
        outside = key in ("href", "src") and value and not value.startswith(self._INSIDE)
        if outside or key == "base":
            raise ValueError(
                f"the drawing points to {value[:60]}; export it with all that it shows in it"
            )
        self._check_style(value, whole=key == "style")

    def _check_style(self, style: str, *, whole: bool) -> None:
        targets = re.findall(r"url\(\s*[\"']?\s*([^)\"']*)", style, re.I)
        if whole and ("\\" in style or "@import" in style.lower()):
            targets.append("another style sheet")
        for target in targets:
            if not target.startswith((*self._INSIDE, "data:font/")):
                raise ValueError(
                    f"the drawing points to {target[:60]}; export it with all that it shows in it"
                )
        if whole and re.search(r"@keyframes|\banimation\b", style, re.I):
            raise ValueError("the drawing moves; export a still one")

    def _end(self, _name: str) -> None:
        if self._style is not None:
            self._check_style("".join(self._style), whole=True)
            self._style = None

    def _characters(self, characters: str) -> None:
        if self._style is not None:
            self._style.append(characters)

    def _entity(self, name: str, *_declaration) -> None:
        raise ValueError(f"the drawing declares an entity ({name}); export it as plain SVG")

    def _instruction(self, target: str, _data: str) -> None:
        raise ValueError(f"the drawing holds <?{target}?>; export it as plain SVG")

    @staticmethod
    def _size_of(attributes: dict[str, str]) -> tuple[int, int]:
        number = r"\s*(\d*\.?\d+)(?:px)?\s*"
        sizes = [re.fullmatch(number, attributes.get(name, "")) for name in ("width", "height")]
        box = re.split(r"[\s,]+", attributes.get("viewBox", "").strip())
        with suppress(ValueError, OverflowError):
            measures = [float(size[1]) for size in sizes if size]
            if len(measures) < 2 and len(box) == 4:
                measures = [float(number) for number in box[2:]]
            width, height = map(math.ceil, measures)
            if width > 0 and height > 0:
                return width, height
        raise ValueError("the drawing tells no size; export it with a viewBox")


# --- What a page holds ---------------------------------------------------------------------------


def variants(picture: Picture) -> list[Variant]:
    """The files of a picture: by format, the last being for any browser; the narrowest first.

    No file is wider than the picture itself.
    """
    name = f"{FOLDER}/{picture.slug}-{picture.digest}"
    if picture.format == "SVG":
        file = f"{name}-{picture.width}.svg"
        return [Variant("SVG", picture.width, picture.height, file)]
    widest = min(picture.width, max(WIDTHS))
    # One that is hardly narrower than the widest would spare nothing.
    widths = [*(width for width in WIDTHS if width * 1.15 < widest), widest]
    return [
        Variant(
            kind,
            width,
            max(1, round(picture.height * width / picture.width)),
            f"{name}-{width}.{_ENDINGS[kind]}",
        )
        for kind in ("AVIF", "WEBP", "PNG" if picture.has_alpha else "JPEG")
        for width in widths
    ]


def markup(
    picture: Picture,
    alt: str,
    *,
    base: str = "",
    eager: bool = False,
    attributes: Mapping[str, str] | None = None,
) -> str:
    """The HTML of a picture, in the format and width that the browser chooses.

    `base` is the path below which the site stands ("" or "/blog"); `eager` says that it stands
    above the fold; `attributes` (id, class, lang) go to the <img>.
    """
    files = variants(picture)
    fallback = [file for file in files if file.format == files[-1].format]
    # For the oldest browsers and for feed readers, which know no srcset: as wide as the column.
    shown = next((file for file in fallback if file.width >= WIDTHS[1]), fallback[-1])
    values = {"src": f"{base}/{shown.name}"}
    if len(fallback) > 1:
        values |= {"srcset": _srcset(fallback, base), "sizes": SIZES}
    values |= {"width": str(files[-1].width), "height": str(files[-1].height), "alt": alt}
    if eager:
        values["fetchpriority"] = "high"
    else:
        values |= {"loading": "lazy", "decoding": "async"}
    image = _tag("img", values | dict(attributes or {}))
    if picture.format == "SVG":
        return image
    sources = [
        _tag(
            "source",
            {
                "type": f"image/{kind.lower()}",
                "srcset": _srcset([file for file in files if file.format == kind], base),
                "sizes": SIZES,
            },
        )
        for kind in ("AVIF", "WEBP")
    ]
    return f"<picture>{''.join(sources)}{image}</picture>"


def _srcset(files: list[Variant], base: str) -> str:
    return ", ".join(f"{base}/{file.name} {file.width}w" for file in files)


def _tag(name: str, values: Mapping[str, str]) -> str:
    pairs = [f'{key}="{escape(value)}"' for key, value in values.items()]
    return f"<{name} {' '.join(pairs)}>"


# --- Making the files ----------------------------------------------------------------------------


def encode_all(
    pictures: Iterable[Picture],
    cache: Path,
    output: Path | None = None,
    say: Callable[[str], None] | None = None,
) -> list[tuple[Picture, str]]:
    """Make the files that the cache lacks, on all processors, and put all files into `output`.

    Without `output` only the cache is filled, which shows what is wrong before a build writes.
    Returns each picture that cannot be made, with "problem; remedy". On a terminal a bar shows the
    progress; elsewhere, or with `say`, a line for each tenth; nothing where all was in the cache.
    """
    chosen = {(picture.slug, picture.digest): picture for picture in pictures}
    missing = [picture for picture in chosen.values() if _missing(picture, cache)]
    faults = []
    with _progress(len(missing), say) as advance:
        for picture, fault in _make_all(missing, cache):
            if fault:
                faults.append((picture, fault))
            advance()
    failed = {id(picture) for picture, _fault in faults}
    for picture in chosen.values():
        if output is not None and id(picture) not in failed:
            _place(picture, cache, output)
    _prune(cache, chosen.values())
    return sorted(faults, key=lambda fault: fault[0].path)


def encode(picture: Picture, cache: Path, output: Path | None = None) -> int:
    """Make the files of one picture that the cache lacks, put them into `output`; how many it made.

    Raises ValueError("problem; remedy") where the picture is broken.
    """
    missing = _missing(picture, cache)
    if missing:
        data, digest = _read(picture.path)
        if digest != picture.digest:
            raise ValueError("it was changed during the build; build again")
        for file, content in _contents(picture, data, missing):
            _keep(content, _cached(file, cache))
    if output is not None:
        _place(picture, cache, output)
    return len(missing)


def _contents(
    picture: Picture, data: bytes, files: list[Variant]
) -> Iterator[tuple[Variant, bytes]]:
    if picture.format == "SVG":
        yield files[0], data
        return
    widest = variants(picture)[-1]
    image = _decoded(picture, data, (widest.width, widest.height))
    for file in files:
        smaller = image.resize((file.width, file.height), Image.Resampling.LANCZOS)
        yield file, _compressed(smaller, file.format)


def _decoded(picture: Picture, data: bytes, size: tuple[int, int]) -> Image.Image:
    """The picture as RGB or RGBA in sRGB, turned, `size` pixels; without any metadata."""
    if picture.orientation > 4:
        size = size[::-1]
    with _opened(data) as original:
        try:
            # A large JPEG is read at a fraction of its size, still twice what is needed.
            original.draft(None, (size[0] * 2, size[1] * 2))
            original.load()
        except Exception as error:  # a decoder may fail in any way
            raise ValueError(_BROKEN) from error
        simple = _simple(original, picture)
        smaller = simple.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
    image = _to_srgb(smaller, original.info.get("icc_profile"))
    if picture.orientation in _TURNS:
        image = image.transpose(_TURNS[picture.orientation])
    # Pillow writes some of what it finds here into the new files.
    image.info = {}
    return image


def _simple(image: Image.Image, picture: Picture) -> Image.Image:
    """The same picture with 8 bits a channel, as L, RGB, RGBA or CMYK."""
    if image.mode.startswith("I"):
        # Pillow's own way from 16 bits to 8 makes white of all that is above 255.
        return image.convert("I").point(lambda level: level * (1 / 257) + 0.5).convert("L")
    if picture.has_alpha:
        return image.convert("RGBA")
    if image.mode in ("L", "RGB", "CMYK"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB or RGBA in sRGB, the space that a browser takes for a picture without profile."""
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    colours = image.convert("RGB") if alpha else image
    # A profile that is broken or for other colours is left aside, as browsers do.
    with suppress(ImageCms.PyCMSError, OSError, KeyError, ValueError):
        if profile:
            source = ImageCms.getOpenProfile(io.BytesIO(profile))
            mode = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}[source.profile.xcolor_space.strip()]
            if mode != colours.mode and "CMYK" in (mode, colours.mode):
                raise ValueError(mode)
            colours = ImageCms.profileToProfile(
                colours.convert(mode),
                source,
                ImageCms.createProfile("sRGB"),
                renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
                outputMode="RGB",
                flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
            )
    colours = colours.convert("RGB")
    if alpha:
        colours.putalpha(alpha)
    return colours


def _compressed(image: Image.Image, kind: str) -> bytes:
    """The bytes of a file, of the best quality that is light enough."""
    most = 1_000 + _LIGHT.get(kind, 0) * image.width * image.height
    for quality in _QUALITIES.get(kind, (0,)):
        file = io.BytesIO()
        image.save(file, kind, quality=quality, **_OPTIONS[kind])
        if file.tell() <= most:
            break
    return file.getvalue()


# --- The cache -----------------------------------------------------------------------------------


def _cached(file: Variant, cache: Path) -> Path:
    return cache / Path(file.name).name


def _missing(picture: Picture, cache: Path) -> list[Variant]:
    def is_there(path: Path) -> bool:
        # After a power cut a file may be there without its bytes.
        return path.is_file() and path.stat().st_size > 0

    return [file for file in variants(picture) if not is_there(_cached(file, cache))]


def _keep(data: bytes, path: Path) -> None:
    """Write a file whole or not at all: a build may be killed at any time, or two run at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _place(picture: Picture, cache: Path, output: Path) -> None:
    for file in variants(picture):
        source, target = _cached(file, cache), output / file.name
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            target.hardlink_to(source)
        except OSError:  # another disk, or one that knows no links
            shutil.copyfile(source, target)


def _prune(cache: Path, used: Iterable[Picture]) -> None:
    """Take away what no build has used for 90 days, such as the files of photos since changed."""
    names = {Path(file.name).name for picture in used for file in variants(picture)}
    now = time.time()
    for path in cache.iterdir() if cache.is_dir() else ():
        age = now - path.stat().st_mtime
        if path.name in names and age > _DAY:
            os.utime(path)
        elif age > _UNUSED:
            path.unlink(missing_ok=True)


# --- All processors ------------------------------------------------------------------------------


def _make(picture: Picture, cache: Path) -> str:
    """Fill the cache for one picture; "" or what is wrong."""
    try:
        encode(picture, cache)
    except ValueError as error:
        return str(error)
    return ""


def _make_all(pictures: list[Picture], cache: Path) -> Iterator[tuple[Picture, str]]:
    """Each picture when it is made, with what is wrong with it or ""."""
    processors = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    )
    workers = min(processors or 1, len(pictures))
    if workers < 2:
        yield from ((picture, _make(picture, cache)) for picture in pictures)
        return
    pool = ProcessPoolExecutor(
        workers,
        # A fork of the preview, which has threads, may hang.
        mp_context=multiprocessing.get_context("spawn"),
        # Ctrl+C is for the main process, which lets each worker end its picture.
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
    try:
        jobs = {pool.submit(_make, picture, cache): picture for picture in pictures}
        for job in as_completed(jobs):
            try:
                yield jobs[job], job.result()
            except BrokenProcessPool:
                problem = "the system stopped its making, perhaps for want of memory"
                yield jobs[job], f"{problem}; build again, or make the picture smaller"
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _progress(total: int, say: Callable[[str], None] | None) -> Iterator[Callable[[], None]]:
    """Gives a function to call after each picture."""
    done = 0
    if total and say is None and sys.stderr.isatty():
        columns = (TextColumn("pictures"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("pictures", total=total)
            yield lambda: bar.advance(task)
        return

    def advance() -> None:
        nonlocal done
        done += 1
        if done * 10 // total > (done - 1) * 10 // total:
            line = f"pictures: {done} of {total}"
            say(line) if say else print(line, file=sys.stderr, flush=True)

    yield advance
