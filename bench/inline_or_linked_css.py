"""Compare style sheets inlined by kind of page with one shared file that the pages link to.

    .venv/bin/python -m bench.inline_or_linked_css --rounds 5

The site of content/ is built twice: as usual, and with all rules in one file with a digest in its
name. nginx serves both over HTTP/2, as published. Chromium, with 150 ms added to each request and
1.6 Mbit/s, opens the home page with an empty cache, then a news item, then the home page again.
The medians are printed.
"""

import argparse
import hashlib
import re
import statistics
import tempfile
from pathlib import Path
from unittest import mock

from playwright.sync_api import Browser

from engine.building import site
from engine.pages import page_policy
from engine.pages.built_site import BuiltSite
from engine.pages.compression import compress
from plugins import stylesheets
from tests import chromium, web_server
from tests.network import Recorder

VISITS = (
    ("first view, home", "/"),
    ("second view, news item", "/actualites/culture-et-cooperation-laureat/"),
    ("home again", "/"),
)
# Parameters of the DevTools protocol: milliseconds, bytes per second.
SLOW = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_PAINT = """new Promise(resolve =>
    new PerformanceObserver(list => {
        const first = list.getEntriesByName("first-contentful-paint")[0]
        if (first) resolve(first.startTime)
    }).observe({type: "paint", buffered: true}))"""
_LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"


def build_shared(output: Path) -> None:
    """Build the site with one style sheet file for all pages."""
    names = (*stylesheets.FIRST, *stylesheets.COMPONENTS, *stylesheets.LAST)
    every_page = {
        "file_names": mock.Mock(return_value=names),
        "_strands": mock.Mock(return_value=range(1000)),
        # Those of the timeline, which is not visited, depend on the page.
        "track_rules": mock.Mock(return_value=""),
    }
    with mock.patch.multiple(stylesheets, **every_page):
        site.build(output=output)
    pages = {page: page.read_text("utf-8") for page in output.rglob("*.html")}
    (css,) = {_STYLE.search(html)[1] for html in pages.values()}
    name = f"theme/site-{hashlib.sha256(css.encode()).hexdigest()[:12]}.css"
    (output / name).write_text(css, "utf-8")
    for page, html in pages.items():
        linked = _STYLE.sub(f'<link rel="stylesheet" href="/{name}">', html)
        page.write_text(page_policy.replaced(linked, page_policy.policy("'self'")), "utf-8")


def allow_file(configuration: str) -> str:
    """Return the configuration of nginx, changed to allow style sheet files."""
    return configuration.replace("style-src 'unsafe-inline'; img", "style-src 'self'; img")


def measure(browser: Browser, address: str) -> list[tuple[int, int, float, float]]:
    """Return for each visit: bytes of bodies, requests, first paint and end of loading in ms."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    recorder = Recorder(context.new_page())
    recorder.session.send("Network.emulateNetworkConditions", SLOW)
    found = []
    for _name, path in VISITS:
        requests = recorder.visit(address + path)
        asked = [request for request in requests if request.status]
        paint, loaded = (recorder.page.evaluate(what) for what in (_PAINT, _LOADED))
        found.append((sum(each.body for each in asked), len(asked), paint, loaded))
    context.close()
    return found


def main() -> None:
    """Measure both builds in turn, round by round; print the medians."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        certificate = web_server.make_certificate(folder)
        site.build(output=folder / "inlined")
        build_shared(folder / "shared")
        for build in ("inlined", "shared"):
            compress(BuiltSite(folder / build))
            (folder / f"nginx-{build}").mkdir()
        with (
            chromium.launched(certificate.browser_argument) as browser,
            web_server.served(folder / "inlined", folder / "nginx-inlined", certificate) as inlined,
            web_server.served(
                folder / "shared", folder / "nginx-shared", certificate, allow_file
            ) as shared,
        ):
            found = {"inlined": [], "shared": []}
            for _ in range(rounds):
                found["inlined"].append(measure(browser, inlined))
                found["shared"].append(measure(browser, shared))
    for number, (title, _path) in enumerate(VISITS):
        for build, measured in found.items():
            figures = zip(*(visits[number] for visits in measured), strict=True)
            size, requests, paint, loaded = map(statistics.median, figures)
            print(
                f"{title:22}  {build:7}  {size:7,.0f} bytes in {requests:.0f} requests, "
                f"painted after {paint:5.0f} ms, loaded after {loaded:5.0f} ms"
            )


if __name__ == "__main__":
    main()
