"""What all tests share: the site built from the real content, and builds of content made here."""

import socket
import threading
import time

import hypothesis
import pytest

from building import preview
from tests import sites

pytest_plugins = ["tests.system_parts", "tests.published_site", "tests.project_copy"]
# How long an example takes says nothing of it on a busy machine.
hypothesis.settings.register_profile("site", deadline=None)
hypothesis.settings.load_profile("site")


def pytest_collection_modifyitems(items):
    """Begin with the slow tests: one that begins last keeps a single worker busy at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def real_site(tmp_path_factory) -> sites.Site:
    """The site of the real content, built once."""
    output = tmp_path_factory.mktemp("real") / "output"
    built = sites.build(sites.ROOT / "content", output)
    assert built.code == 0, built.complaints
    return built.site


@pytest.fixture
def build(tmp_path):
    """Write files into a content folder and build it: `build({"articles/a.md": …})`."""

    def run(files: dict[str, str | bytes], **environment: str) -> sites.Build:
        content = sites.write(tmp_path / "content", files)
        content.mkdir(exist_ok=True)
        return sites.build(content, tmp_path / "output", **environment)

    return run


@pytest.fixture
def served(tmp_path, monkeypatch):
    """A running preview of a folder with one news item: its folder, its address, what it said."""
    content = sites.write(tmp_path / "content", {"articles/a.md": sites.article("Première")})
    monkeypatch.setenv("SITE_CONTENT", str(content))
    said, stop = [], threading.Event()
    with socket.socket() as taken:
        taken.bind((preview.HOST, 0))
        taken.listen()
        busy_port = taken.getsockname()[1]
        thread = threading.Thread(
            target=preview.serve,
            kwargs={"first_port": busy_port, "say": said.append, "stop": stop},
            daemon=True,
        )
        thread.start()
        wait_for(lambda: any(line.startswith("http://") for line in said))
        address = next(line for line in said if line.startswith("http://")).split()[0]
        assert f":{busy_port}/" not in address
        yield content, address, said
        stop.set()
        thread.join(30)
    assert not thread.is_alive()


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
