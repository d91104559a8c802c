"""What a picture's file holds: its head first, then its pixels, upright and in sRGB."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pillow_heif
from PIL import ExifTags, Image, ImageCms

from engine.faults import Message, ProblemError, system_reason
from engine.pictures.variants import Picture

TAKEN = Message("JPEG, PNG, WebP, AVIF, HEIC, GIF or SVG")
# Pixels; more than a phone makes. One decoded picture then holds less than 300 MB.
MAX_PIXELS = 65_000_000
_READ_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "HEIF")
pillow_heif.register_heif_opener()
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def broken() -> ProblemError:
    """What to raise for a file that ends too early, or holds what cannot be."""
    return ProblemError(
        Message("the file is broken or cut short"),
        Message("copy it again from where it comes, or save it anew"),
    )


def unreadable(error: OSError) -> ProblemError:
    """What to raise for a file that the system does not let read."""
    problem = Message("it cannot be read ({reason})", reason=system_reason(error))
    return ProblemError(problem, Message("fix its permissions"))


def _too_large() -> ProblemError:
    return ProblemError(
        Message("it has more than {millions} million pixels", millions=MAX_PIXELS // 1_000_000),
        Message("make it smaller: 2,600 pixels are wide enough"),
    )


@contextmanager
def opened(data: bytes) -> Iterator[Image.Image]:
    """The picture, its pixels not read yet. Raises ProblemError for what is none."""
    with warnings.catch_warnings():
        # Of what Pillow warns, that which matters here is refused.
        warnings.simplefilter("ignore")
        try:
            image = Image.open(io.BytesIO(data), formats=_READ_FORMATS)
        except Image.DecompressionBombError as error:
            raise _too_large() from error
        except Exception as error:  # a decoder may fail in any way
            raise _why_unread(data) from error
        with image:
            if image.width * image.height > MAX_PIXELS:
                raise _too_large()
            yield image


def _why_unread(data: bytes) -> ProblemError:
    heads = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"RIFF")
    is_heif = data[4:8] == b"ftyp" and data[8:11] in (b"avi", b"hei", b"hev", b"mif")
    if not data or data.startswith(heads) or is_heif:
        return broken()
    return ProblemError(
        Message("it is not a picture of a known format"),
        Message("save it as {formats}", formats=TAKEN),
    )


def moves(image: Image.Image) -> bool:
    """Whether it is an animation. Raises ProblemError for a file that is cut short."""
    # The second picture in a phone's JPEG or HEIC is a preview, or the light of each point.
    if image.format in ("MPO", "HEIF"):
        return False
    try:
        return getattr(image, "is_animated", False)
    except Exception as error:  # to know, Pillow reads on in a GIF, which may be cut short
        raise broken() from error


def orientation_of(block: bytes | None) -> int:
    """The orientation that a block of EXIF tells, 1 where there is none.

    Not by Pillow's `getexif()`, which reads all pixels of a PNG, and takes XMP's orientation, which
    browsers ignore.
    """
    exif = Image.Exif()
    try:
        exif.load(block)
        orientation = exif.get(ExifTags.Base.Orientation, 1)
    except Exception:  # broken metadata makes no broken picture
        return 1
    return orientation if orientation in TURNS else 1


def decode_pixels(picture: Picture, data: bytes, size: tuple[int, int]) -> Image.Image:
    """The picture as RGB or RGBA in sRGB, turned, `size` pixels; without any metadata."""
    if picture.orientation > 4:
        size = size[::-1]
    with opened(data) as original:
        try:
            # A large JPEG is read at a fraction of its size, still twice what is needed.
            original.draft(None, (size[0] * 2, size[1] * 2))
            original.load()
        except Exception as error:  # a decoder may fail in any way
            raise broken() from error
        simple = _simple(original, picture)
        smaller = simple.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
    image = _to_srgb(smaller, original.info.get("icc_profile"))
    if picture.orientation in TURNS:
        image = image.transpose(TURNS[picture.orientation])
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
