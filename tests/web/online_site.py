"""A site of a real sshd and nginx on this machine, under a name of the internet.

A publication asks the live site over HTTPS: a proxy, which Python's urllib takes from the
environment, answers for the name with a certificate of its own and asks nginx.
"""

import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from engine.publishing import publication_record, readiness
from engine.settings.publication import PublicationSettings, read_publication
from engine.settings.site_schema import KEYS
from tests import sites
from tests.publishing.conftest import Place
from tests.system_parts import PARTS

NAME = "innovation.fr"
OWNER = {key: KEYS[f"owner.{key}"].example for key in readiness.LEGAL_FACTS}
OWNER["email"] = f"camille@{NAME}"
# A site.yml with which a site may be published.
SITE_FILE = sites.settings(**OWNER)


@dataclass(frozen=True)
class OnlineSite:
    """Where a site is published to: what its environment says, and the folder on the server."""

    environment: dict[str, str]
    folder: Path

    @property
    def settings(self) -> PublicationSettings:
        """The settings that a publication reads from the environment."""
        address = self.environment["SITE_URL"]
        return read_publication({"SITE_URL": address}, self.environment)

    def confirm(self, content: Path) -> None:
        """Do what a yes at the terminal does."""
        publication_record.confirm(content, self.settings)

    def file(self, name: str) -> str:
        """A file of the live site."""
        return (self.folder / "current" / name).read_text("utf-8")


@contextmanager
def online(place: Place, folder: Path) -> Iterator[OnlineSite]:
    """The site of a place, whose nginx speaks HTTP, at https://innovation.fr."""
    chain, key = folder / "chain.pem", folder / "chain.key"
    options = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    names = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    command = [PARTS["openssl"].find(), "req", "-x509", *options, *names]
    subprocess.run([*command, "-keyout", key, "-out", chain], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain, key)
    settings = place.settings
    port = int(settings.site_address.rpartition(":")[2])
    with _proxy(context, port) as proxy:
        environment = {
            **os.environ,
            "SITE_URL": f"https://{NAME}",
            "PUBLISH_HOST": settings.host,
            "PUBLISH_PORT": str(settings.port),
            "PUBLISH_USER": settings.user,
            "PUBLISH_FOLDER": settings.folder,
            "PUBLISH_KEY": str(settings.key),
            "PUBLISH_KNOWN_HOSTS": str(settings.known_hosts),
            "PUBLISH_PATIENCE": "3",
            "https_proxy": f"http://127.0.0.1:{proxy}",
            "SSL_CERT_FILE": str(chain),
        }
        yield OnlineSite(environment, place.folder)


@contextmanager
def _proxy(context: ssl.SSLContext, port: int) -> Iterator[int]:
    """A proxy's port: it ends what is encrypted, and asks the server at another port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(client: socket.socket) -> None:
        with suppress(OSError), client:
            while b"\r\n\r\n" not in client.recv(65536):
                pass
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            server = socket.create_connection(("127.0.0.1", port))
            with server, context.wrap_socket(client, server_side=True) as inner:
                request = b""
                while b"\r\n\r\n" not in request:
                    request += inner.recv(65536)
                server.sendall(request)
                while data := server.recv(65536):
                    inner.sendall(data)

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _address = listener.accept()
                threading.Thread(target=serve, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
