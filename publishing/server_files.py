"""The files inside a published site that tell web servers and static hosts how to answer for it.

nginx and Caddy read a configuration that stands elsewhere: `nginx.py` and `caddy.py` write it.
"""

from pathlib import Path

from publishing import apache, served_site, static_hosts

NAMES = (".htaccess", "_headers", "_redirects")


def write(folder: Path) -> list[Path]:
    """Write into the built folder what hosts read there; return the files' paths.

    Raises ValueError for what a host could not read, OSError where a file cannot be written.
    """
    site = served_site.read(folder)
    texts = (
        apache.htaccess(site),
        static_hosts.headers_file(folder, site),
        static_hosts.redirects_file(site),
    )
    files = [folder / name for name in NAMES]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8", newline="\n")
        file.chmod(0o644)
    return files
