"""The files inside a published site that tell web servers and static hosts how to answer for it.

nginx and Caddy read a configuration that stands elsewhere, which this module writes as a command.
"""

import argparse
import sys
from pathlib import Path
from urllib.parse import urlsplit

from building.settings import ROOT, BuildError, site_module
from publishing import apache, caddy, nginx, served_site, static_hosts, style_history

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


def configurations(folder: Path, name: str, root: Path, before: dict[str, str]) -> dict[str, str]:
    """The configurations of servers, by the name of the file, for a site that stands at `root`.

    `before` is the path of each page of the site of before -> its style sources: they may be used
    as well. nginx's names the certificate where certbot puts it. Raises ValueError for a name or
    a path that a server would read as something else.
    """
    certificate = Path("/etc/letsencrypt/live", name)
    pair = (certificate / "fullchain.pem", certificate / "privkey.pem")
    return {
        "nginx.conf": nginx.configuration(
            folder, nginx.Listener("443", (name,), pair), root, before
        ),
        "Caddyfile": caddy.caddyfile(folder, (name,), root, before=before),
    }


def main_for_settings(root: str = "") -> int:
    """Write them for the site of publishconf.py, into .servers/; the exit code is 0 or 1."""
    try:
        configured = site_module("publishconf")
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    place = [f"--root={root}"] if root else []
    options = [f"--site-url={configured.SITE_URL}", *place]
    return main([configured.OUTPUT_PATH, str(ROOT / ".servers"), *options])


def main(arguments: list[str] | None = None) -> int:
    """Write the configurations of nginx and Caddy for a built folder; the exit code is 0 or 1.

    They suit the site that they were written for before, too.
    """
    parser = argparse.ArgumentParser(prog="server_files", description=main.__doc__)
    parser.add_argument("folder", type=Path, help="the folder of the built site")
    parser.add_argument("target", type=Path, help="the folder to write them into")
    parser.add_argument("--site-url", required=True, help="such as https://example.org")
    parser.add_argument("--root", type=Path, help="where the site will stand on the server")
    options = parser.parse_args(arguments)
    name = urlsplit(options.site_url).hostname or ""
    try:
        if not (options.folder / "index.html").is_file():
            raise ValueError(f"{options.folder} holds no site: build it first")
        if "." not in name:
            raise ValueError(f"“{options.site_url}” is not the site's address: SITE_URL=https://…")
        if base := served_site.base_of(options.folder):
            raise ValueError(
                f"these files are for a whole domain, and the site stands below {base}: let the "
                f"server of {name} answer {base}/ from the folder, or give the site a domain"
            )
        root = options.root or Path("/var/www", name, "current")
        styles = served_site.read(options.folder).styles
        history = options.target / style_history.NAME
        before = style_history.before(history, styles)
        texts = configurations(options.folder, name, root, before)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    options.target.mkdir(parents=True, exist_ok=True)
    for file, text in texts.items():
        (options.target / file).write_text(text, encoding="utf-8", newline="\n")
        print(options.target / file)
    style_history.remember(history, styles, before)
    return 0


if __name__ == "__main__":
    sys.exit(main())
