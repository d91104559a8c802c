"""A built site served on this machine by a real nginx, Apache or Caddy, as it would be published.

A server runs in a folder of its own, without root, and ends with the block that started it. Its
certificate is made here; a browser takes it for a good one when told its key's digest, so that it
caches and obeys as on the real site (where a certificate is wrong it does not).
"""

import base64
import hashlib
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.pages.built_site import BuiltSite
from engine.serving import caddy, nginx, served_site
from tests.system_parts import PARTS

HOST = "127.0.0.1"
# The parts of the system that it needs.
NEEDS = ("nginx", "nginx-brotli", "openssl")
_MAIN = """
daemon off;
{processes}
pid {folder}/pid;
error_log stderr warn;
load_module {module};
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/client_body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""

# As on shared hosting: the server compresses and guesses types by itself, and lists folders.
_MODULES = "/usr/lib/apache2/modules"
_LOADED = (
    *("mpm_event", "authz_core", "alias", "autoindex", "deflate", "dir", "env", "filter"),
    *("headers", "mime", "negotiation", "rewrite", "setenvif", "socache_shmcb", "ssl"),
)
_APACHE = """
User nobody
Group nogroup
ServerName localhost
ServerTokens Prod
Listen {listen}
PidFile {folder}/pid
DefaultRuntimeDir {folder}
ErrorLog /dev/stderr
DocumentRoot {root}
SSLEngine on
SSLCertificateFile {chain}
SSLCertificateKeyFile {key}
Include /etc/apache2/mods-available/mime.conf
Include /etc/apache2/mods-available/deflate.conf
<Files ".ht*">
    Require all denied
</Files>
<Directory {root}>
    Options Indexes FollowSymLinks MultiViews
    AllowOverride All
    Require all granted
</Directory>
"""


@dataclass(frozen=True)
class Certificate:
    """A certificate for this machine: PEM files, and the digest of its public key."""

    chain: Path
    key: Path
    key_digest: str

    @property
    def browser_argument(self) -> str:
        """What makes Chromium trust it."""
        return f"--ignore-certificate-errors-spki-list={self.key_digest}"

    def client(self) -> ssl.SSLContext:
        """What makes Python trust it."""
        return ssl.create_default_context(cafile=self.chain)


def make_certificate(folder: Path, name: str = f"IP:{HOST}") -> Certificate:
    """A new certificate for this machine or `name`, made by openssl, that is good for two days."""
    chain, key = folder / "certificate.pem", folder / "key.pem"
    options = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=localhost", "-addext", f"subjectAltName={name}"]
    _run("req", "-x509", *options, *names, "-keyout", key, "-out", chain)
    public = _run("pkey", "-in", key, "-pubout", "-outform", "der")
    return Certificate(chain, key, base64.b64encode(hashlib.sha256(public).digest()).decode())


def _run(*arguments: str | Path) -> bytes:
    return subprocess.run(
        [PARTS["openssl"].find(), *arguments], check=True, capture_output=True
    ).stdout


@contextmanager
def served(
    site: Path,
    folder: Path,
    certificate: Certificate | None = None,
    change: Callable[[str], str] = str,
    *,
    workers: int = 0,
) -> Iterator[str]:
    """The address, without a slash, at which nginx serves a built folder while the block lasts.

    `folder` is nginx's own and empty; without a certificate it speaks HTTP; `change` is given the
    site's configuration and returns the one to use; with `workers`, so many processes answer beside
    the one that leads them.
    Raises RuntimeError, with what nginx said, where it does not start.
    """
    port = free_port()
    pair = (certificate.chain, certificate.key) if certificate else None
    listener = nginx.Listener(f"{HOST}:{port}", (HOST,), pair, nginx_is_old())
    text = nginx.configuration(served_site.read_served_site(BuiltSite(site)), site, listener)
    (folder / "site.conf").write_text(change(text), "utf-8")
    main = folder / "nginx.conf"
    processes = f"worker_processes {workers};" if workers else "master_process off;"
    if workers and os.geteuid() == 0:
        processes += " user root;"  # who alone may read pytest's folders
    module = PARTS["nginx-brotli"].find()
    main.write_text(_MAIN.format(folder=folder, module=module, processes=processes), "utf-8")
    command = [PARTS["nginx"].find(), "-p", folder, "-e", "stderr", "-c", main]
    with running(command, folder, port):
        yield f"{'https' if certificate else 'http'}://{HOST}:{port}"


def nginx_is_old() -> bool:
    """Whether this machine's nginx has no directive `http2`."""
    command = [PARTS["nginx"].find(), "-v"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    return tuple(map(int, re.search(r"nginx/(\d+)\.(\d+)\.(\d+)", said).groups())) < (1, 25, 1)


@contextmanager
def served_by_apache(site: Path, folder: Path, certificate: Certificate) -> Iterator[str]:
    """As `served`, by Apache, which is told all that concerns the site by its `.htaccess`.

    Apache gives up being root, and with it the way into pytest's folders: it serves a
    copy, in a folder that is open to all.
    """
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        shutil.copytree(site, Path(place, "www"))
        with apache_at(Path(place, "www"), folder, certificate) as address:
            yield address


@contextmanager
def apache_at(root: Path, folder: Path, certificate: Certificate) -> Iterator[str]:
    """The address of a folder, open to all, that Apache serves while the block lasts."""
    port = free_port()
    main = folder / "apache.conf"
    values = {"folder": folder, "root": root, "listen": f"{HOST}:{port}"}
    modules = "\n".join(f"LoadModule {name}_module {_MODULES}/mod_{name}.so" for name in _LOADED)
    main.write_text(
        modules + _APACHE.format(**values, chain=certificate.chain, key=certificate.key)
    )
    with running([PARTS["apache"].find(), "-f", main, "-D", "FOREGROUND"], folder, port):
        yield f"https://{HOST}:{port}"


@contextmanager
def served_by_caddy(site: Path, folder: Path, certificate: Certificate) -> Iterator[str]:
    """As `served`, by Caddy."""
    port = free_port()
    address = f"https://{HOST}:{port}"
    pair = (certificate.chain, certificate.key)
    own = caddy.caddyfile(served_site.read_served_site(BuiltSite(site)), site, (address,), pair)
    main = folder / "Caddyfile"
    main.write_text("{\n\tadmin off\n\tauto_https off\n}\n" + own, "utf-8")
    command = [PARTS["caddy"].find(), "run", "--config", main, "--adapter", "caddyfile"]
    with running(command, folder, port):
        yield address


@contextmanager
def running(command: list[str | Path], folder: Path, port: int) -> Iterator[None]:
    """A server that answers at a port while the block lasts."""
    with (folder / "said").open("w+") as said:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            env={**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)},
        )
        try:
            while not _answers(port):
                if process.poll() is not None:
                    said.seek(0)
                    raise RuntimeError(f"{command[0]} did not start: {said.read()}")
                time.sleep(0.01)
            yield
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise


def free_port() -> int:
    with socket.socket() as server:
        server.bind((HOST, 0))
        return server.getsockname()[1]


def _answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex((HOST, port)) == 0
