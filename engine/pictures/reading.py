"""Open the file of a picture, and decode its pixels, upright and in sRGB."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pillow_heif
from PIL import ExifTags, Image, ImageCms

from engine.faults import Message, ProblemError
from engine.pictures.variants import Picture

ACCEPTED_FORMATS = Message("JPEG, PNG, WebP, AVIF, HEIC, GIF or SVG")
# More pixels than a phone takes; a decoded picture needs less than 300 MB.
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


def broken_file_error() -> ProblemError:
    """Return the error of a truncated or corrupt file."""
    return ProblemError(
        Message("the file is broken or cut short"),
        Message("copy it again from where it comes, or save it anew"),
    )


def _too_large() -> ProblemError:
    return ProblemError(
        Message("it has more than {millions} million pixels", millions=MAX_PIXELS // 1_000_000),
        Message("make it smaller: 2,600 pixels are wide enough"),
    )


@contextmanager
def open_picture(data: bytes) -> Iterator[Image.Image]:
    """Open a picture without decoding its pixels. Raises ProblemError."""
    with warnings.catch_warnings():
        # The relevant warnings of Pillow are faults here.
        warnings.simplefilter("ignore")
        try:
            image = Image.open(io.BytesIO(data), formats=_READ_FORMATS)
        except Image.DecompressionBombError as error:
            raise _too_large() from error
        except Exception as error:  # a decoder may fail in any way
            raise _unreadable_picture_error(data) from error
        with image:
            if image.width * image.height > MAX_PIXELS:
                raise _too_large()
            yield image


def _unreadable_picture_error(data: bytes) -> ProblemError:
    heads = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"RIFF")
    is_heif = data[4:8] == b"ftyp" and data[8:11] in (b"avi", b"hei", b"hev", b"mif")
    if not data or data.startswith(heads) or is_heif:
        return broken_file_error()
    return ProblemError(
        Message("it is not a picture of a known format"),
        Message("save it as {formats}", formats=ACCEPTED_FORMATS),
    )


def is_animated(image: Image.Image) -> bool:
    """Whether a picture is an animation. Raises ProblemError for a truncated file."""
    # The second picture in a JPEG or HEIC of a phone is a preview or a gain map.
    if image.format in ("MPO", "HEIF"):
        return False
    try:
        return getattr(image, "is_animated", False)
    except Exception as error:  # Pillow reads the next frame of a GIF, which may be truncated
        raise broken_file_error() from error


def orientation_of(block: bytes | None) -> int:
    """Return the orientation in a block of EXIF, 1 if there is none.

    Pillow's `getexif()` would decode all pixels of a PNG, and use the orientation of XMP, which
    browsers ignore.
    """
    exif = Image.Exif()
    try:
        exif.load(block)
        orientation = exif.get(ExifTags.Base.Orientation, 1)
    except Exception:  # the picture may be valid despite corrupt metadata
        return 1
    return orientation if orientation in TURNS else 1


def decode_pixels(picture: Picture, data: bytes, size: tuple[int, int]) -> Image.Image:
    """Decode a picture as RGB or RGBA in sRGB, upright, `size` pixels, without metadata."""
    if picture.orientation > 4:
        size = size[::-1]
    with open_picture(data) as original:
        try:
            # A large JPEG is decoded at a fraction of its size, but at least twice `size`.
            original.draft(None, (size[0] * 2, size[1] * 2))
            original.load()
        except Exception as error:  # a decoder may fail in any way
            raise broken_file_error() from error
        simple = _to_8_bits(original, picture)
        smaller = simple.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
    image = _to_srgb(smaller, original.info.get("icc_profile"))
    if picture.orientation in TURNS:
        image = image.transpose(TURNS[picture.orientation])
    # Pillow would write part of this metadata into the new files.
    image.info = {}
    return image


def _to_8_bits(image: Image.Image, picture: Picture) -> Image.Image:
    """Convert a picture to 8 bits a channel, as L, RGB, RGBA or CMYK."""
    if image.mode.startswith("I"):
        # Pillow's own conversion from 16 bits clips all levels above 255.
        return image.convert("I").point(lambda level: level * (1 / 257) + 0.5).convert("L")
    if picture.has_alpha:
        return image.convert("RGBA")
    if image.mode in ("L", "RGB", "CMYK"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert to RGB or RGBA in sRGB, the default of browsers for a picture without profile."""
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    colours = image.convert("RGB") if alpha else image
    # A corrupt profile, or one for another colour space, is ignored, as by browsers.
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
