"""What the scanners that grade web sites say of the published one, without leaving this machine."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from engine.pages import page_policy
from engine.serving import response_headers
from tests import web_server
from tests.system_parts import NODE

pytestmark = pytest.mark.needs(*web_server.NEEDS, "observatory")
# 497: plain HTTP where HTTPS is spoken.
SAME_PORT = "error_page 497 =301 https://$http_host$request_uri;"
SCRIPT = Path(__file__).with_name("scanners.mjs")


@pytest.fixture(scope="module")
def scanned(published_site, certificate, tmp_path_factory):
    """What the scanners say of the site, and of the policies of all its answers and pages."""

    def redirecting(configuration: str) -> str:
        # The scanner knows one port: plain HTTP is spoken at that of HTTPS, and led to it.
        return configuration.replace("server {", f"server {{\n{SAME_PORT}", 1)

    pages = [page.read_text("utf-8") for page in published_site.rglob("*.html")]
    policies = {
        *(page_policy.policy(page_policy.style_sources(page)) for page in pages),
        response_headers.html_policy(https=True),
        response_headers.FILE_POLICY,
        response_headers.DRAWING_POLICY,
    }
    folder = tmp_path_factory.mktemp("scanned")
    with web_server.served(published_site, folder, certificate, redirecting) as address:
        done = subprocess.run(
            [NODE, SCRIPT, address.removeprefix("https://")],
            input="\n".join(sorted(policies)),
            env={**os.environ, "NODE_EXTRA_CA_CERTS": str(certificate.chain)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_observatory_gives_its_best_grade(scanned):
    assert {test["name"]: test["result"] for test in scanned["tests"] if not test["pass"]} == {}
    assert scanned["grade"] == "A+"
    assert scanned["score"] >= 130


def test_the_policies_evaluator_finds_nothing(scanned):
    assert scanned["findings"] == []
