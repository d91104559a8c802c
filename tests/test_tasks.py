"""The commands as a shell runs them: with pipes, in the background, ended by a signal."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import sites

_INHERITED = (signal.SIGINT, signal.SIGHUP)


@pytest.fixture
def serve(tmp_path):
    """Start `./inv serve` on one news item by a line of a shell, with its lines in a pipe."""
    content = sites.write(tmp_path / "content", {"articles/a.md": sites.article()})
    (tmp_path / "temporary").mkdir()
    own = {name: each for name, each in os.environ.items() if name != "PYTHONUNBUFFERED"}
    started = []

    def start(line: str) -> subprocess.Popen:
        shell = subprocess.Popen(
            ["sh", "-c", line.format(serve=f"'{sys.executable}' -m invoke serve")],
            cwd=sites.ROOT,
            env=own | {"SITE_CONTENT": str(content), "TMPDIR": str(tmp_path / "temporary")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # Both are inherited as ignored where the tests run under nohup or in the background.
            preexec_fn=lambda: [signal.signal(number, signal.SIG_DFL) for number in _INHERITED],
        )
        started.append(shell)
        return shell

    yield start
    for shell in started:
        if shell.poll() is None:
            os.killpg(shell.pid, signal.SIGKILL)
        shell.communicate(timeout=60)


@pytest.mark.timeout(120)
def test_the_address_of_the_preview_reaches_a_pipe_at_once(serve):
    shell = serve("{serve} | cat")
    assert shell.stdout.readline() == "built\n"
    assert re.match(r"http://127\.0\.0\.1:\d+/ shows the site", shell.stdout.readline())


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("line", ["exec {serve}", "trap '' INT; exec {serve}"])
def test_the_preview_ends_when_told_and_leaves_nothing(serve, tmp_path, line, number):
    shell = serve(line)
    assert shell.stdout.readline() == "built\n"
    assert shell.stdout.readline().startswith("http://")
    assert list(Path(tmp_path, "temporary").glob("site-preview-*"))
    os.kill(shell.pid, number)
    _said, complaints = shell.communicate(timeout=60)
    assert (shell.returncode, complaints) == (0, "")
    assert not list(Path(tmp_path, "temporary").iterdir())


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_the_preview_under_nohup_outlives_its_terminal(serve):
    shell = serve("trap '' HUP; exec {serve}")
    assert shell.stdout.readline() == "built\n"
    os.kill(shell.pid, signal.SIGHUP)
    assert shell.stdout.readline().startswith("http://")
    os.kill(shell.pid, signal.SIGTERM)
    shell.communicate(timeout=60)
    assert shell.returncode == 0


def clean(content: Path, output: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "invoke", "clean"],
        cwd=sites.ROOT,
        env={**os.environ, "SITE_CONTENT": str(content), "SITE_OUTPUT": str(output)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_clean_removes_the_output_that_is_named_and_its_record(tmp_path):
    content = sites.write(tmp_path / "content", {"articles/a.md": sites.article()})
    built = sites.build(content, tmp_path / "site")
    assert built.code == 0, built.complaints
    assert (tmp_path / ".site.build").is_dir()
    done = clean(content, tmp_path / "site")
    assert (done.returncode, done.stderr) == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == ["content"]
    assert clean(content, tmp_path / "site").returncode == 0


def test_clean_refuses_what_no_build_has_made(tmp_path):
    content = sites.write(tmp_path / "content", {"articles/a.md": sites.article()})
    photos = sites.write(tmp_path / "photos", {"a.jpg": "x"})
    for output in (photos, content, tmp_path):
        done = clean(content, output)
        assert done.returncode == 1
        assert f"{output}: SITE_OUTPUT: " in done.stderr
        assert (photos / "a.jpg").exists()
        assert (content / "articles/a.md").exists()
