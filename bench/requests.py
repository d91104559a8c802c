"""Measure the requests per second of nginx, Apache, Caddy and Python's http.server.

    .venv/bin/python -m bench.requests --rounds 3 --seconds 5

The site of content/ is built and compressed. Round by round, wrk (two threads, 32 connections)
requests the home page with Brotli from each server, on the same processors. Python's server has
neither HTTPS nor compression. The medians are printed.
"""

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.building import site
from engine.pages.compression import compress
from engine.serving import server_files
from tests import web_server

WORKERS = 2
_MILLISECONDS = {"us": 0.001, "ms": 1, "s": 1000}


@dataclass(frozen=True)
class Load:
    """The figures of wrk: requests per second, the 99th percentile in ms, failed responses."""

    rate: float
    p99: float
    failed: int


def ask(address: str, seconds: int) -> Load:
    """Request an address continuously with wrk."""
    command = ["wrk", "-t2", "-c32", f"-d{seconds}s", "--latency", "-H", "Accept-Encoding: br"]
    done = subprocess.run([*command, address], capture_output=True, text=True, check=True)
    slow, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", done.stdout).groups()
    errors = re.search(r"connect (\d+), read (\d+), write (\d+), timeout (\d+)", done.stdout)
    other = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    return Load(
        float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1]),
        float(slow) * _MILLISECONDS[unit],
        sum(map(int, (*(errors.groups() if errors else ()), *(other.groups() if other else ())))),
    )


@contextmanager
def python_server(folder: Path, place: Path) -> Iterator[str]:
    """Serve a folder by Python's own server; yield its address."""
    port = web_server.free_port()
    options = ["--bind", web_server.HOST, "--directory", folder, str(port)]
    with web_server.running([sys.executable, "-m", "http.server", *options], place, port):
        yield f"http://{web_server.HOST}:{port}"


def main() -> None:
    """Measure all servers round by round; print the medians."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5)
    options = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is missing: install it, as Debian calls it")
    with tempfile.TemporaryDirectory() as name, ExitStack() as servers:
        folder = Path(name, "site")
        built = site.build(output=folder).built
        compress(built)
        server_files.write_server_files(built)
        certificate = web_server.make_certificate(Path(name))

        def place(title: str) -> Path:
            (made := Path(name, title)).mkdir()
            return made

        nginx = web_server.served
        started = {
            "nginx, HTTP": nginx(folder, place("nginx"), workers=WORKERS),
            "Python's http.server, HTTP": python_server(folder, place("python")),
            "nginx, HTTPS": nginx(folder, place("nginxs"), certificate, workers=WORKERS),
            "Apache with .htaccess, HTTPS": web_server.served_by_apache(
                folder, place("apache"), certificate
            ),
            "Caddy, HTTPS": web_server.served_by_caddy(folder, place("caddy"), certificate),
        }
        addresses = {title: servers.enter_context(each) for title, each in started.items()}
        found: dict[str, list[Load]] = {title: [] for title in addresses}
        for _ in range(options.rounds):
            for title, address in addresses.items():
                found[title].append(ask(f"{address}/", options.seconds))
    slowest = statistics.median(load.rate for load in found["Python's http.server, HTTP"])
    print("| home page | requests a second | p99, ms | failed | beside http.server |")
    print("| --- | --- | --- | --- | --- |")
    for title, loads in found.items():
        rate = statistics.median(load.rate for load in loads)
        p99 = statistics.median(load.p99 for load in loads)
        failed = sum(load.failed for load in loads)
        print(f"| {title} | {rate:,.0f} | {p99:,.1f} | {failed} | {rate / slowest:.1f} |")


if __name__ == "__main__":
    main()
