"""Write the files by which web servers and static hosts serve the site.

Apache and static hosts read files inside the site. nginx and Caddy read a configuration outside
it, which `./inv server-files` writes.
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
    """Write the files of NAMES into the built folder.

    Raises ProblemError for a path or a size that a host does not accept, OSError if a file cannot
    be written.
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
    """Return the configurations of nginx and Caddy by file name, for a site in the folder `root`.

    nginx's names the certificate where certbot puts it. Raises ProblemError for a name or a path
    with a character special to a server.
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
    """Write the configurations of nginx and Caddy for a built folder; return the exit code.

    `configured` are the settings of publishconf.py; `root` is the site's folder on the server.
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
