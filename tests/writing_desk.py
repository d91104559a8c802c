"""The writing page of a site that is online: a real sshd, nginx, a server of ./inv write, and the
states in which its page is looked at and measured."""

import base64
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from getpass import getuser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import chromium, sample_content, sites, ssh_server, web_server
from tests.sites import ROOT, header
from tests.web.conftest import Page as Server
from tests.web.conftest import start, stop

NEEDS = ("chromium", *ssh_server.NEEDS, *web_server.NEEDS, "openssl")
# A site on this machine would be refused: this name leads to it by a proxy.
NAME = "www.lieux-communs.example"
DRAFT = "articles/2026-06-l-ete-au-bief.md"
_BODY = """Trois semaines d'ateliers ouverts, au bord du Bief.

![](/images/{image})

## Ce qui a été fait

- réunir quinze voisins autour d'une table ;
- écrire des statuts que chacun comprend.
"""
_PUBLICATION = """publication:
  host: {host}
  user: {user}
  folder: {folder}
  mode: symlink
  port: {port}
  patience: 3
  key: {key}
  known_hosts: {known_hosts}
"""


@dataclass
class Desk:
    """A site that is online in `live`, and the server of its writing page."""

    content: Path
    live: Path
    server: Server
    environment: dict[str, str]

    @property
    def page_address(self) -> str:
        return f"{self.server.origin}/#{self.server.token}"

    def write(self, files: dict[str, str | bytes]) -> None:
        """Write files as an editor would; words of theirs that were not saved are thrown away."""
        sites.write(self.content, files)
        for source in files:
            self.server.post("draft/discard", source=source)


def draft(**changed: str) -> str:
    """A draft with a wrong date, and an image that says nothing to who cannot see it."""
    values = {"title": "L'été au Bief", "date": "2026-13", "project": "manufacture"}
    return header(**values | changed, status="draft") + _BODY.format(image="portrait.png")


@contextmanager
def desk(folder: Path) -> Iterator[Desk]:
    """The full site of the tests, published by the command, and its writing page."""
    content = sites.write(folder / "content", sample_content.full_site())
    for name in ("ssh", "www", "nginx", "certificate"):
        (folder / name).mkdir()
    live = folder / "www/current"
    certificate = web_server.make_certificate(folder / "certificate", f"DNS:{NAME}")
    with ExitStack() as ending:
        ssh = ending.enter_context(ssh_server.serving(folder / "ssh"))
        _settle(content, ssh, folder / "www")
        environment = {"SSL_CERT_FILE": str(certificate.chain), "SITE_MESSAGES": "fr"}
        # The first time no web server shows it yet.
        environment["HTTPS_PROXY"] = "http://127.0.0.1:9"
        said = _publish(content, environment)
        assert live.exists(), said
        address = ending.enter_context(
            web_server.served(
                live,
                folder / "nginx",
                certificate,
                lambda text: text.replace(f"server_name {web_server.HOST}", f"server_name {NAME}"),
            )
        )
        environment["HTTPS_PROXY"] = ending.enter_context(_proxy(int(address.rpartition(":")[2])))
        # The owner confirms the place at the terminal, once.
        sites.write(content, {"articles/2026-01-voeux.md": sites.article("Nos vœux", "2026-01")})
        said = _publish(content, environment)
        assert f"https://{NAME}" in said, said
        server = start(content, **environment)
        ending.callback(lambda: stop(server))
        yield Desk(content, live, server, environment)


@contextmanager
def _proxy(port: int) -> Iterator[str]:
    """The address of a proxy that leads every name to a port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            with socket.create_connection((web_server.HOST, port)) as server:
                self.send_response(200)
                self.end_headers()
                pair = (self.connection, server)
                back = threading.Thread(target=_pass_on, args=pair[::-1], daemon=True)
                back.start()
                _pass_on(*pair)
                back.join()
            self.close_connection = True

        def log_message(self, *_args: object) -> None:
            pass

    proxy = ThreadingHTTPServer((web_server.HOST, 0), Handler)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    yield f"http://{web_server.HOST}:{proxy.server_port}"
    proxy.shutdown()
    proxy.server_close()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def _settle(content: Path, ssh: ssh_server.Server, folder: Path) -> None:
    """Say in site.yml where the site is published."""
    path = content / "site.yml"
    text = path.read_text("utf-8")
    start_of_block = text.index("publication:\n")
    assert text[start_of_block:] == "publication:\n  mode: symlink\n"
    block = _PUBLICATION.format(
        host=web_server.HOST,
        user=getuser(),
        folder=folder,
        port=ssh.port,
        key=ssh.folder / "key",
        known_hosts=ssh.folder / "known_hosts",
    )
    text = text[:start_of_block] + block
    path.write_text(text.replace("address:\n", f"address: https://{NAME}\n", 1), "utf-8")


def _publish(content: Path, environment: dict[str, str]) -> str:
    """Publish by the command in a terminal, where the owner agrees; what it says."""
    here, terminal = os.openpty()
    os.write(here, b"o\n")
    try:
        return subprocess.run(
            [sys.executable, "-m", "invoke", "publish"],
            cwd=ROOT,
            env={**os.environ, **environment, "SITE_CONTENT": str(content)},
            stdin=terminal,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        ).stdout
    finally:
        os.close(here)
        os.close(terminal)


@contextmanager
def opened(browser: Browser, desk: Desk, part: str = "", **options) -> Iterator[Page]:
    """The writing page in a tab of its own, in French."""
    standard = {"locale": "fr-FR", "reduced_motion": "reduce"}
    size = {"viewport": {"width": 1280, "height": 800}}
    context = browser.new_context(**standard | size | options)
    context.set_default_timeout(chromium.PATIENCE)
    yield open_page(context, desk, part)
    context.close()


def open_page(context: BrowserContext, desk: Desk, part: str = "") -> Page:
    page = context.new_page()
    page.goto(desk.page_address)
    expect(page.locator("h1")).to_be_visible()
    if part:
        go(page, part)
    return page


def go(page: Page, part: str) -> None:
    """Show a part of the page: "#/publish"."""
    page.evaluate(
        """part => location.hash === part || new Promise(done => {
            addEventListener("hashchange", done, {once: true});
            location.hash = part;
        })""",
        part,
    )
    expect(page.locator("main h1")).to_be_visible()


def of_text(source: str) -> str:
    return f"#/text?source={source}"


def area(page: Page):
    """The text area of the body."""
    return page.locator("textarea.body")


def frame_of(page: Page):
    """The page beside the text."""
    return page.frame_locator(".frames iframe:not(.behind)")


def drop(page: Page, data: bytes, name: str) -> None:
    """Drop a JPEG onto the text, as a file manager would."""
    page.evaluate(
        """([data, name]) => {
            const bytes = Uint8Array.from(atob(data), each => each.charCodeAt(0));
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([bytes], name, {type: "image/jpeg"}));
            document.querySelector("textarea.body").dispatchEvent(
                new DragEvent("drop", {dataTransfer, bubbles: true, cancelable: true}));
        }""",
        [base64.b64encode(data).decode(), name],
    )


# The states of the page, by their names: each function shows one in a page that is open.

STATES: dict[str, Callable[[Page, Desk], None]] = {}


def _state(function: Callable[[Page, Desk], None]) -> Callable[[Page, Desk], None]:
    STATES[function.__name__.strip("_").replace("_", "-")] = function
    return function


@_state
def _list(page: Page, _desk: Desk) -> None:
    go(page, "#/")
    expect(page.locator(".text-row").first).to_be_visible()
    # What the checks find comes after the list.
    expect(page.get_by_text(re.compile(r"[0-9] (faute|remarque)")).first).to_be_visible()


@_state
def _list_without_a_text(page: Page, desk: Desk) -> None:
    _list(page, desk)
    page.get_by_label("Chercher").fill("zzz")
    expect(page.get_by_text("Aucun texte n’est ainsi.")).to_be_visible()


@_state
def _actions(page: Page, desk: Desk) -> None:
    _list(page, desk)
    page.get_by_role("button", name="Actions : La Cantine & le Jardin").click()
    expect(page.get_by_role("button", name="Dupliquer")).to_be_visible()


@_state
def _new(page: Page, desk: Desk) -> None:
    _list(page, desk)
    page.get_by_role("button", name="Nouveau texte").click()
    expect(page.get_by_role("dialog", name="Nouveau texte")).to_be_visible()


@_state
def _delete(page: Page, desk: Desk) -> None:
    _actions(page, desk)
    page.get_by_role("button", name="Supprimer").click()
    expect(page.get_by_label("Où mener ses lecteurs ?")).to_be_visible()


@_state
def _text(page: Page, desk: Desk) -> None:
    desk.write({DRAFT: draft(date="2026-06").replace("![](", "![Un portrait.](")})
    go(page, "#/")
    go(page, of_text(DRAFT))
    expect(frame_of(page).locator("h1")).to_be_visible()


@_state
def _faults(page: Page, desk: Desk) -> None:
    desk.write({DRAFT: draft()})
    go(page, "#/")
    go(page, of_text(DRAFT))
    expect(page.locator(".field-date .warning")).to_be_visible()
    expect(page.locator(".preview-message")).not_to_be_empty()
    page.locator(".field-date").scroll_into_view_if_needed()


@_state
def _other_settings(page: Page, desk: Desk) -> None:
    _text(page, desk)
    page.get_by_text("Autres réglages de ce texte").click()
    page.get_by_text("Autres réglages de ce texte").scroll_into_view_if_needed()


@_state
def _words(page: Page, desk: Desk) -> None:
    desk.write({"mots.txt": "Anjou\nBief\n"})
    go(page, "#/")
    go(page, of_text("mots.txt"))
    expect(page.get_by_role("heading", name="Mots du site")).to_be_visible()


@_state
def _themes(page: Page, desk: Desk) -> None:
    go(page, of_text("themes.yml"))
    expect(page.get_by_role("heading", name="Noms anglais des thèmes")).to_be_visible()


@_state
def _link(page: Page, desk: Desk) -> None:
    _text(page, desk)
    page.get_by_role("button", name="Lien", exact=True).click()
    expect(page.get_by_role("dialog", name="Lien")).to_be_visible()


@_state
def _file(page: Page, desk: Desk) -> None:
    _text(page, desk)
    page.get_by_role("button", name="Image ou document").click()
    expect(page.get_by_role("dialog", name="Image ou document")).to_be_visible()


@_state
def _picture(page: Page, desk: Desk) -> None:
    _file(page, desk)
    picture = sample_content.drawing(640, 400)
    page.get_by_label("Des fichiers de cet ordinateur").set_input_files(
        {"name": "Atelier.png", "mimeType": "image/png", "buffer": picture}
    )
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("dialog", name="Image : Atelier.png")).to_be_visible()


@_state
def _recovered(page: Page, desk: Desk) -> None:
    _text(page, desk)
    area(page).press("Control+End")
    area(page).type("\n\nEncore une phrase.")
    expect(frame_of(page).get_by_text("Encore une phrase.")).to_be_visible()
    go(page, "#/")
    go(page, of_text(DRAFT))
    expect(page.get_by_text("n’étaient pas enregistrés")).to_be_visible()
    expect(frame_of(page).get_by_text("Encore une phrase.")).to_be_visible()


@_state
def _conflict(page: Page, desk: Desk) -> None:
    _text(page, desk)
    area(page).press("Control+End")
    area(page).type("\n\nÀ moi.")
    text = (desk.content / DRAFT).read_text("utf-8")
    desk.write({DRAFT: text.replace("quinze", "vingt")})
    page.keyboard.press("Control+s")
    expect(page.get_by_role("heading", name="Deux versions")).to_be_visible()


@_state
def _history(page: Page, desk: Desk) -> None:
    _text(page, desk)
    area(page).press("Control+End")
    area(page).type("\n\nUne phrase.")
    page.keyboard.press("Control+s")
    expect(page.locator(".save-state")).to_have_text("Enregistré.")
    go(page, f"#/history?source={DRAFT}")
    page.locator(".history button").first.click()
    expect(page.get_by_role("button", name="Revenir à cette version")).to_be_visible()


@_state
def _deleted(page: Page, _desk: Desk) -> None:
    go(page, "#/deleted")


@_state
def _settings(page: Page, _desk: Desk) -> None:
    go(page, of_text("site.yml"))


@_state
def _publication(page: Page, desk: Desk) -> None:
    (desk.content / DRAFT).unlink(missing_ok=True)
    body = f"Écrit le {date.today().isoformat()}.\n"
    desk.write({"articles/2026-05-avis.md": header(title="Un avis", date="2026-05") + body})
    go(page, "#/")
    go(page, "#/publish")
    expect(page.get_by_role("button", name=re.compile("Publier [0-9]+ page"))).to_be_visible()


@_state
def _publication_refused(page: Page, desk: Desk) -> None:
    desk.write({"articles/2026-05-avis.md": header(title="Un avis", date="demain") + "Bref.\n"})
    go(page, "#/")
    go(page, "#/publish")
    expect(page.get_by_role("heading", name="Rien n’a été publié")).to_be_visible()
    (desk.content / "articles/2026-05-avis.md").unlink()


@_state
def _releases(page: Page, desk: Desk) -> None:
    _publication(page, desk)
    page.get_by_role("button", name="Montrer les versions").click()
    expect(page.get_by_text("En ligne", exact=True)).to_be_visible()
