"""What all tests share: the full site of sample_content.py, and builds of content made here.

No test may read the owner's texts or settings: `content/` is closed to the process of the tests,
and the processes that it starts build the full site, unless a test names another content folder.
"""

import os
import re
import shutil
import socket
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest

from engine.preview import server as preview
from tests import sample_content, sites

pytest_plugins = [
    "tests.time_limits",
    "tests.system_parts",
    "tests.published_site",
    "tests.project_copy",
]
# How long an example takes says nothing of it on a busy machine.
hypothesis.settings.register_profile("site", deadline=None)
hypothesis.settings.load_profile("site")

_OWNERS_FOLDER = f"{sites.ROOT}/content/"


class OwnersTextsError(Exception):
    """A test that would pass or fail by what the owner has written."""


def _refuse_owners_folder(event: str, arguments: tuple) -> None:
    if event not in ("open", "os.listdir", "os.scandir", "shutil.copytree"):
        return
    path, *more = arguments
    if not isinstance(path, str | os.PathLike):
        return
    # What os.open, which has no mode, is told relatively may be below any folder (`dir_fd`).
    if event == "open" and more[0] is None and not Path(path).is_absolute():
        return
    if f"{os.path.abspath(path)}/".startswith(_OWNERS_FOLDER):
        raise OwnersTextsError(f"{path}: a test uses sites of its own (sample_content.py)")


def leave_the_sites_day() -> None:
    """Put this process, and all that it starts, in a time zone where it is another day.

    What asks the machine for the day, and not the zone of the site, then fails at every hour.
    """
    os.environ["TZ"] = "<-12>12" if datetime.now(UTC).hour < 11 else "<+14>-14"
    time.tzset()


def forget_owners_variables() -> None:
    """Remove from the environment what goes before the settings of a site."""
    for name in list(os.environ):
        if name.startswith(("SITE_", "PUBLISH_")):
            del os.environ[name]


def pytest_configure(config) -> None:
    """Close the owner's folder, and give every command that a test calls the full site's texts."""
    forget_owners_variables()
    # The assertions quote the messages as the code has them; tests/messages/ reads the others.
    os.environ["SITE_MESSAGES"] = "en"
    leave_the_sites_day()
    content = sites.write(Path(tempfile.mkdtemp(prefix="full-site-")), sample_content.full_site())
    os.environ["SITE_CONTENT"] = str(content)
    config.add_cleanup(lambda: shutil.rmtree(content, ignore_errors=True))
    # https://docs.python.org/3/library/audit_events.html
    sys.addaudithook(_refuse_owners_folder)


def pytest_collection_modifyitems(items):
    """Begin with the slow tests: one that begins last keeps a single worker busy at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def full_site(tmp_path_factory) -> sites.Site:
    """The site of `sample_content.full_site`, built once."""
    output = tmp_path_factory.mktemp("full-site") / "output"
    built = sites.build(Path(os.environ["SITE_CONTENT"]), output)
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
        thread.join(60)
    assert not thread.is_alive()


def parent_of(process: int) -> int:
    """The process that started another, 0 if it has ended; numbers begin anew, and tell nothing."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    return int(re.search(r"^PPid:\t(\d+)", status, re.MULTILINE)[1])


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
