"""Compress the text files of a built folder beside themselves, for a web server to send.

Once at the publication, as small as they can be, instead of at each request.
"""

import argparse
import sys
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import brotli

try:
    from compression import zstd
except ImportError:  # before Python 3.14
    from backports import zstd

from engine.faults import Message
from engine.pages.built_site import TEXT_SUFFIXES, BuiltFile, BuiltSite


def brotli_bytes(text: bytes) -> bytes:
    """Brotli (RFC 7932) at its strongest."""
    return brotli.compress(text, quality=11)


def gzip_bytes(text: bytes) -> bytes:
    """Gzip (RFC 1952) at its strongest, without a name or a time: the same each time."""
    packer = zlib.compressobj(9, wbits=31)
    return packer.compress(text) + packer.flush()


def zstd_bytes(text: bytes) -> bytes:
    """Zstandard (RFC 8878) as strong as it is within the window that browsers keep (RFC 9659)."""
    return zstd.compress(text, 19)


# The ending of a copy -> the name of its encoding, and what makes it; the smallest first.
ENCODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    ".br": ("br", brotli_bytes),
    ".zst": ("zstd", zstd_bytes),
    ".gz": ("gzip", gzip_bytes),
}


def sent_bytes(file: BuiltFile) -> int:
    """Bytes of a file's body as a browser that knows Brotli is sent it."""
    return _sent(file, brotli_bytes)


def sent_bytes_at_most(file: BuiltFile) -> int:
    """Nearly `sent_bytes`, and hardly ever less, found in a thirtieth of the time."""
    return _sent(file, partial(brotli.compress, quality=5))


def _sent(file: BuiltFile, encode: Callable[[bytes], bytes]) -> int:
    # Fonts and pictures are compressed by their own formats.
    if file.suffix not in TEXT_SUFFIXES:
        return file.size
    return min(file.size, len(encode(file.content)))


def compress(built: BuiltSite) -> int:
    """Write NAME.br, .zst and .gz beside each text file that they make smaller; return how many.

    Raises OSError if one cannot be written.
    """
    texts = [file for file in built if file.suffix in TEXT_SUFFIXES]
    # Both libraries work outside Python's lock, so that threads share the processors.
    with ThreadPoolExecutor() as workers:
        return sum(workers.map(partial(_compress_file, built), texts))


def is_copy(path: str, built: BuiltSite) -> bool:
    """Whether a file of a built site is one that `compress` writes."""
    original, _dot, ending = path.rpartition(".")
    is_of_text = original in built.files and built.files[original].suffix in TEXT_SUFFIXES
    return is_of_text and f".{ending}" in ENCODINGS


def _compress_file(built: BuiltSite, file: BuiltFile) -> int:
    written = 0
    for ending, (_name, encode) in ENCODINGS.items():
        path = file.path + ending
        packed = encode(file.content)
        if len(packed) < file.size:
            built.write(path, packed)
            written += 1
        elif path in built.files:
            built.remove(path)
    return written


def main(arguments: list[str] | None = None) -> int:
    """Compress a folder and say how many files were written."""
    parser = argparse.ArgumentParser(prog="compression", description=__doc__.partition("\n")[0])
    parser.add_argument("output", type=Path, help="the folder of the built site")
    built = BuiltSite(parser.parse_args(arguments).output)
    print(Message("{number} compressed files", number=compress(built)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
