"""The files inside a published site that tell web servers and static hosts how to answer for it.

nginx and Caddy read a configuration that stands elsewhere, which `./inv server-files` writes.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from engine.faults import Message, ProblemError
from engine.pages.built_site import BuiltSite
from engine.serving import apache, caddy, nginx, served_site, static_hosts
from engine.serving.served_site import ServedSite

NAMES = (".htaccess", "_headers", "_redirects")


def write_server_files(built: BuiltSite, *, hsts_preload: bool = False) -> None:
    """Write into the built folder the files of NAMES, which hosts read there.

    Raises ProblemError for what a host could not read, OSError where a file cannot be written.
    """
    site = served_site.read_served_site(built, hsts_preload=hsts_preload)
    texts = (
        apache.htaccess(site),
        static_hosts.headers_file(built, site),
        static_hosts.redirects_file(site),
    )
    for name, text in zip(NAMES, texts, strict=True):
        built.write(name, text.encode())


def configurations(
    site: ServedSite, name: str, root: Path, *, old_nginx: bool = False
) -> dict[str, str]:
    """The configurations of servers, by the name of the file, for a site that stands at `root`.

    nginx's names the certificate where certbot puts it. Raises ProblemError for a name or a path
    that a server would read as something else.
    """
    certificate = Path("/etc/letsencrypt/live", name)
    pair = (certificate / "fullchain.pem", certificate / "privkey.pem")
    return {
        "nginx.conf": nginx.configuration(
            site, root, nginx.Listener("443", (name,), pair, old_nginx)
        ),
        "Caddyfile": caddy.caddyfile(site, root, (name,)),
    }


def main(folder: Path, target: Path, configured: Mapping, root: str, *, old_nginx: bool) -> int:
    """Write the configurations of nginx and Caddy for a built folder; the exit code is 0 or 1.

    `configured` are the settings of publishconf.py; `root` is where the site will stand.
    """
    name = urlsplit(configured["SITE_URL"]).hostname or ""
    try:
        if not (folder / "index.html").is_file():
            raise ProblemError(
                Message("{folder} holds no site", folder=folder), Message("build it first")
            )
        if "." not in name:
            raise ProblemError(
                Message("“{address}” is not the site's address", address=configured["SITE_URL"]),
                Message("call with SITE_URL=https://…"),
            )
        site = served_site.read_served_site(
            BuiltSite(folder), hsts_preload=configured["SITE"].hsts_preload
        )
        if site.base:
            raise ProblemError(
                Message(
                    "these files are for a whole domain, and the site stands below {path}",
                    path=site.base,
                ),
                Message(
                    "let the server of {host} answer {path}/ from the folder, or give the site a "
                    "domain",
                    host=name,
                    path=site.base,
                ),
            )
        place = Path(root or f"/var/www/{name}/current")
        texts = configurations(site, name, place, old_nginx=old_nginx)
    except ProblemError as error:
        print(error, file=sys.stderr)
        return 1
    target.mkdir(parents=True, exist_ok=True)
    for file, text in texts.items():
        (target / file).write_text(text, encoding="utf-8", newline="\n")
        print(target / file)
    return 0
