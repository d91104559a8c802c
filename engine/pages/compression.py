"""Write compressed copies of the text files of a built folder, for a web server to send.

They are compressed once, at the publication, at the highest level, instead of at each request.
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
    """Compress with Brotli (RFC 7932) at the highest quality."""
    return brotli.compress(text, quality=11)


def gzip_bytes(text: bytes) -> bytes:
    """Compress with gzip (RFC 1952) at the highest level, without name and time: reproducible."""
    packer = zlib.compressobj(9, wbits=31)
    return packer.compress(text) + packer.flush()


def zstd_bytes(text: bytes) -> bytes:
    """Compress with Zstandard (RFC 8878), at the highest level within the window of RFC 9659."""
    return zstd.compress(text, 19)


# Suffix -> the name of the encoding and its function; the smallest result first.
ENCODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    ".br": ("br", brotli_bytes),
    ".zst": ("zstd", zstd_bytes),
    ".gz": ("gzip", gzip_bytes),
}


def sent_bytes(file: BuiltFile) -> int:
    """Return the bytes of the body that a server sends to a browser with Brotli."""
    return _sent_size(file, brotli_bytes)


def estimate_sent_bytes(file: BuiltFile) -> int:
    """Estimate `sent_bytes` in a thirtieth of the time; the estimate is rarely lower."""
    return _sent_size(file, partial(brotli.compress, quality=5))


def _sent_size(file: BuiltFile, encode: Callable[[bytes], bytes]) -> int:
    # The formats of fonts and pictures are compressed already.
    if file.suffix not in TEXT_SUFFIXES:
        return file.size
    return min(file.size, len(encode(file.content)))


def compress(built: BuiltSite) -> int:
    """Write NAME.br, .zst and .gz for each text file that becomes smaller; return their number.

    Raises OSError.
    """
    texts = [file for file in built if file.suffix in TEXT_SUFFIXES]
    # The libraries release Python's global lock: threads use all processors.
    with ThreadPoolExecutor() as workers:
        return sum(workers.map(partial(_compress_file, built), texts))


def is_compressed_copy(path: str, built: BuiltSite) -> bool:
    """Whether `compress` wrote a file of a built site."""
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
    """Compress a folder and print the number of files written."""
    parser = argparse.ArgumentParser(prog="compression", description=__doc__.partition("\n")[0])
    parser.add_argument("output", type=Path, help="the folder of the built site")
    built = BuiltSite(parser.parse_args(arguments).output)
    print(Message("{number} compressed files", number=compress(built)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
