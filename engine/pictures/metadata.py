"""A photo that is linked to rather than shown keeps its pixels, and loses what it tells besides.

A camera writes where and when a photo was taken, and by whom, into parts of the file of their own:
these are left out, and every byte of the picture stays. Only EXIF's orientation is written anew,
else a photo might lie on its side. JPEG: ITU-T T.81, annex B; PNG: W3C, third edition;
WebP: RFC 9649.
"""

import re
import shutil
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from engine.faults import Message, ProblemError
from engine.pictures.reading import broken, orientation_of, unreadable

_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_EXIF = b"Exif\0\0"
# In a JPEG: JFIF's head, the colour profile, the colours' order. All other parts for programs go.
_KEPT_PROGRAMS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
# Ends the pixels of a JPEG: a mark that is neither a byte 255 of theirs nor a place to restart.
_NEXT_MARK = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
# Of a PNG's optional parts, those that a browser needs to show it.
_KEPT_CHUNKS = frozenset(
    b"tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD pHYs acTL fcTL fdAT".split()
)
_WEBP_EXIF, _WEBP_XMP = 0x08, 0x04
# Photos and films that tell place and time in many places: AVIF, HEIC, CR3, QuickTime, JPEG XL,
# JPEG 2000, JPEG XR, TIFF with the raw files that are one, other raw files, Photoshop, AVI.
_UNCLEANED = re.compile(
    rb"....ftyp(?:avi[fs]|he[iv][cmsx]|mi[af]|msf1|crx |qt  |jxl |jp2 )"
    rb"|\0...(?:moov|wide|mdat|free)|\xff\x0a|\0\0\0\x0c(?:JXL |jP  )|II(?:\*\0|\xbc|U\0|\x1a\0)"
    rb"|MM\0\*|FUJIFILMCCD-RAW|FOVb|8BPS|RIFF....AVI ",
    re.DOTALL,
)
# Their names, where the bytes do not say it.
_UNCLEANED_PHOTO = re.compile(
    r"\.(?:avif|hei[cf]|hif|jxl|jp2|jxr|tiff?|dng|cr[23w]|ne[fr]|nrw|arw|raf|orf|rw2|pef|srw|x3f|psd"
    r"|insp)"
)
_UNCLEANED_FILM = re.compile(r"\.(?:mov|qt|avi|m2?ts|insv)")
# What tells in a film as MP4 where it was taken: ISO 6709, 3GPP, Apple, GoPro, Android.
_MP4 = re.compile(rb"....ftyp", re.DOTALL)
_PLACES = (b"\xa9xyz", b"loci", b"com.apple.quicktime.location", b"mebx", b"gpmd", b"camm")


def copy(source: Path, target: Path) -> None:
    """Copy a file, a photo without its metadata, making the folders on the way.

    Raises ProblemError for a photo that is broken or cannot be cleaned.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with source.open("rb") as file:
            cleaned = _cleaner(file.read(16), source.suffix.lower())
        if cleaned is None:
            shutil.copyfile(source, target)
            return
        data = source.read_bytes()
    except PermissionError as error:
        raise unreadable(error) from error
    target.write_bytes(cleaned(data))


def _cleaner(head: bytes, ending: str) -> Callable[[bytes], bytes] | None:
    """What takes the metadata out of a file, by its first bytes and its name's ending.

    None for a file that is neither a photo nor a film.
    """
    if head.startswith(_JPEG):
        return lambda data: b"".join(_jpeg(data))
    if head.startswith(_PNG):
        return lambda data: b"".join(_png(data))
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp
    if _UNCLEANED_FILM.fullmatch(ending) or head[4:12] == b"ftypqt  ":
        return _refuse_film
    if _UNCLEANED.match(head) or _UNCLEANED_PHOTO.fullmatch(ending):
        return _refuse
    return _film if _MP4.match(head) else None


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


def _film(data: bytes) -> bytes:
    """The same bytes. Raises ProblemError if they tell a place beside the pictures."""
    at = 0
    while at + 8 <= len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        if length == 1:  # the next eight bytes say it (ISO 14496-12, 4.2)
            length = int.from_bytes(data[at + 8 : at + 16])
        end = at + length if length >= 8 else len(data)
        if name != b"mdat" and any(sign in data[at:end] for sign in _PLACES):
            _refuse_film(data)
        at = end
    return data


def _exif(orientation: int) -> bytes:
    """An EXIF block that tells the orientation alone."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)


def _jpeg(data: bytes) -> Iterator[bytes]:
    yield data[:2]
    for mark, part, pixels in _jpeg_parts(data):
        content = part[4:]
        if mark == 0xE1 and content.startswith(_EXIF):
            orientation = orientation_of(content)
            if orientation > 1:
                block = _EXIF + _exif(orientation)
                yield b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block
        elif not _is_for_programs(mark) or content.startswith(_KEPT_PROGRAMS.get(mark, ())):
            yield part + pixels
    yield b"\xff\xd9"


def _is_for_programs(mark: int) -> bool:
    return 0xE0 <= mark <= 0xEF or mark == 0xFE


def _jpeg_parts(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Each part of a JPEG with its mark and the pixels that follow it.

    It ends with the first picture: a phone puts others after it.
    """
    at = 2
    while data[at : at + 2] != b"\xff\xd9":
        if data[at : at + 2] == b"\xff\xff":
            at += 1
            continue
        first, mark, length = struct.unpack(">BBH", data[at : at + 4].ljust(4, b"\0"))
        end = at + 2 + length
        if first != 0xFF or end > len(data):
            raise broken()
        following = _NEXT_MARK.search(data, end) if mark == 0xDA else None
        if mark == 0xDA and not following:
            raise broken()
        after = following.start() if following else end
        yield mark, data[at:end], data[end:after]
        at = after


def _png(data: bytes) -> Iterator[bytes]:
    """The parts of a PNG up to its end."""
    yield _PNG
    at, name = len(_PNG), b""
    while name != b"IEND":
        length, name = struct.unpack(">I4s", data[at : at + 8].ljust(8, b"\0"))
        end = at + 12 + length
        if end > len(data):
            raise broken()
        is_critical = name[:1].isupper()
        if name == b"eXIf":
            orientation = orientation_of(data[at + 8 : end - 4])
            if orientation > 1:
                block = b"eXIf" + _exif(orientation)
                yield struct.pack(">I", len(block) - 4) + block
                yield struct.pack(">I", zlib.crc32(block))
        elif is_critical or name in _KEPT_CHUNKS:
            yield data[at:end]
        at = end


def _webp(data: bytes) -> bytes:
    parts, exif = [], b""
    at, whole = 12, 8 + int.from_bytes(data[4:8], "little")
    if whole > len(data):
        raise broken()
    while at < whole:
        name, length = struct.unpack("<4sI", data[at : at + 8].ljust(8, b"\0"))
        end = at + 8 + length + length % 2
        if end > whole:
            raise broken()
        if name == b"EXIF":
            orientation = orientation_of(data[at + 8 : at + 8 + length])
            exif = _exif(orientation) if orientation > 1 else b""
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
