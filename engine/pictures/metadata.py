"""Strip metadata from linked photos without re-encoding them.

A camera records the place, the time and the author of a photo in separate segments of the file:
they are removed, and the data of the picture is copied. Only the orientation of EXIF is written
again. JPEG: ITU-T T.81, annex B; PNG: W3C, third edition; WebP: RFC 9649.
"""

import re
import shutil
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from engine.faults import Message, ProblemError, unreadable_file_error
from engine.pictures.reading import broken_file_error, orientation_of

_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_EXIF = b"Exif\0\0"
# Application segments of a JPEG to keep: JFIF, the colour profile, the colour transform.
_KEPT_SEGMENTS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
# The marker after the pixels of a JPEG: neither an escaped byte 255 nor a restart marker.
_NEXT_MARK = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
# Optional chunks of a PNG that a browser needs.
_KEPT_CHUNKS = frozenset(
    b"tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD pHYs acTL fcTL fdAT".split()
)
_WEBP_EXIF, _WEBP_XMP = 0x08, 0x04
# Formats with metadata in many places: AVIF, HEIC, CR3, QuickTime, JPEG XL, JPEG 2000, JPEG XR,
# TIFF and the raw formats based on it, other raw formats, Photoshop, AVI.
_UNCLEANED = re.compile(
    rb"....ftyp(?:avi[fs]|he[iv][cmsx]|mi[af]|msf1|crx |qt  |jxl |jp2 )"
    rb"|\0...(?:moov|wide|mdat|free)|\xff\x0a|\0\0\0\x0c(?:JXL |jP  )|II(?:\*\0|\xbc|U\0|\x1a\0)"
    rb"|MM\0\*|FUJIFILMCCD-RAW|FOVb|8BPS|RIFF....AVI ",
    re.DOTALL,
)
# Their suffixes, for files that the bytes do not identify.
_UNCLEANED_PHOTO = re.compile(
    r"\.(?:avif|hei[cf]|hif|jxl|jp2|jxr|tiff?|dng|cr[23w]|ne[fr]|nrw|arw|raf|orf|rw2|pef|srw|x3f|psd"
    r"|insp)"
)
_UNCLEANED_FILM = re.compile(r"\.(?:mov|qt|avi|m2?ts|insv)")
# Records of a place in an MP4 video: ISO 6709, 3GPP, Apple, GoPro, Android.
_MP4 = re.compile(rb"....ftyp", re.DOTALL)
_PLACES = (b"\xa9xyz", b"loci", b"com.apple.quicktime.location", b"mebx", b"gpmd", b"camm")


def copy_without_metadata(source: Path, target: Path) -> None:
    """Copy a file, a photo without its metadata, and create its parent folders.

    Raises ProblemError for a broken photo, or a format whose metadata cannot be removed.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with source.open("rb") as file:
            cleaned = _choose_cleaner(file.read(16), source.suffix.lower())
        if cleaned is None:
            shutil.copyfile(source, target)
            return
        data = source.read_bytes()
    except PermissionError as error:
        raise unreadable_file_error(error) from error
    target.write_bytes(cleaned(data))


def _choose_cleaner(head: bytes, ending: str) -> Callable[[bytes], bytes] | None:
    """Return the function that removes metadata, by the first bytes of a file and its suffix.

    Returns None for a file that is neither a photo nor a video.
    """
    if head.startswith(_JPEG):
        return lambda data: b"".join(_clean_jpeg(data))
    if head.startswith(_PNG):
        return lambda data: b"".join(_clean_png(data))
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _clean_webp
    if _UNCLEANED_FILM.fullmatch(ending) or head[4:12] == b"ftypqt  ":
        return _refuse_film
    if _UNCLEANED.match(head) or _UNCLEANED_PHOTO.fullmatch(ending):
        return _refuse
    return _check_film if _MP4.match(head) else None


_TELLS_ITS_PLACE = Message(
    "it may say where it was taken, which cannot be removed from this format"
)


def _refuse(_data: bytes) -> bytes:
    raise ProblemError(_TELLS_ITS_PLACE, Message("save it as JPEG"))


def _refuse_film(_data: bytes) -> bytes:
    remedy = Message(
        "save it as MP4, without its place: "
        "ffmpeg -i FILM -map 0:v -map 0:a? -map_metadata -1 -c copy FILM.mp4"
    )
    raise ProblemError(_TELLS_ITS_PLACE, remedy)


def _check_film(data: bytes) -> bytes:
    """Return the same bytes. Raises ProblemError if the metadata records a place."""
    at = 0
    while at + 8 <= len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        if length == 1:  # it is in the next eight bytes (ISO 14496-12, 4.2)
            length = int.from_bytes(data[at + 8 : at + 16])
        end = at + length if length >= 8 else len(data)
        if name != b"mdat" and any(sign in data[at:end] for sign in _PLACES):
            _refuse_film(data)
        at = end
    return data


def _exif_block(orientation: int) -> bytes:
    """Return an EXIF block with the orientation only."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)


def _clean_jpeg(data: bytes) -> Iterator[bytes]:
    yield data[:2]
    for mark, part, pixels in _jpeg_parts(data):
        content = part[4:]
        if mark == 0xE1 and content.startswith(_EXIF):
            orientation = orientation_of(content)
            if orientation > 1:
                block = _EXIF + _exif_block(orientation)
                yield b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block
        elif not _is_optional(mark) or content.startswith(_KEPT_SEGMENTS.get(mark, ())):
            yield part + pixels
    yield b"\xff\xd9"


def _is_optional(mark: int) -> bool:
    return 0xE0 <= mark <= 0xEF or mark == 0xFE


def _jpeg_parts(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield each segment of a JPEG with its marker, and the pixels after it.

    Ends after the first picture: phones append others.
    """
    at = 2
    while data[at : at + 2] != b"\xff\xd9":
        if data[at : at + 2] == b"\xff\xff":
            at += 1
            continue
        first, mark, length = struct.unpack(">BBH", data[at : at + 4].ljust(4, b"\0"))
        end = at + 2 + length
        if first != 0xFF or end > len(data):
            raise broken_file_error()
        following = _NEXT_MARK.search(data, end) if mark == 0xDA else None
        if mark == 0xDA and not following:
            raise broken_file_error()
        after = following.start() if following else end
        yield mark, data[at:end], data[end:after]
        at = after


def _clean_png(data: bytes) -> Iterator[bytes]:
    """Yield the chunks of a PNG to keep, up to its end."""
    yield _PNG
    at, name = len(_PNG), b""
    while name != b"IEND":
        length, name = struct.unpack(">I4s", data[at : at + 8].ljust(8, b"\0"))
        end = at + 12 + length
        if end > len(data):
            raise broken_file_error()
        is_critical = name[:1].isupper()
        if name == b"eXIf":
            orientation = orientation_of(data[at + 8 : end - 4])
            if orientation > 1:
                block = b"eXIf" + _exif_block(orientation)
                yield struct.pack(">I", len(block) - 4) + block
                yield struct.pack(">I", zlib.crc32(block))
        elif is_critical or name in _KEPT_CHUNKS:
            yield data[at:end]
        at = end


def _clean_webp(data: bytes) -> bytes:
    parts, exif = [], b""
    at, whole = 12, 8 + int.from_bytes(data[4:8], "little")
    if whole > len(data):
        raise broken_file_error()
    while at < whole:
        name, length = struct.unpack("<4sI", data[at : at + 8].ljust(8, b"\0"))
        end = at + 8 + length + length % 2
        if end > whole:
            raise broken_file_error()
        if name == b"EXIF":
            orientation = orientation_of(data[at + 8 : at + 8 + length])
            exif = _exif_block(orientation) if orientation > 1 else b""
        elif name in (b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"):
            parts.append(data[at:end])
        at = end
    if parts and parts[0].startswith(b"VP8X"):
        head = bytearray(parts[0])
        head[8] &= ~(_WEBP_EXIF | _WEBP_XMP)
        if exif:
            head[8] |= _WEBP_EXIF
            parts.append(b"EXIF" + struct.pack("<I", len(exif)) + exif)
        parts[0] = bytes(head)
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body
