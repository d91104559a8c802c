"""The way in, run for real in copies of the project: a folder with spaces and accents, two tiny
locks, and wheels packed again from this environment, so that no network is needed."""

import hashlib
import os
import re
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from engine.versions import update
from tests import sites

# Most of them make an environment.
pytestmark = pytest.mark.slow

INV = Path(__file__).parent.parent / "inv"
SITE, TEST = "requirements.txt", "requirements-test.txt"
TASKS = '''
from invoke import task

@task
def build(c, name=""):
    """Build."""
    print(f"built {name!r}")

@task
def test(c):
    """Test."""
    import iniconfig
    print("tested")

@task
def fail(c):
    """Fail."""
    raise SystemExit(7)

@task
def programs(c):
    """Say which invoke is found."""
    c.run("command -v invoke")
'''

# Makes environments as Python does, but with a pip that is already there: ensurepip takes seconds.
# With GATE it stops once the environment has its pip and before any package is installed.
QUICK_PYTHON = """#!/bin/sh
case "$*" in *'-m venv'*) ;; *) exec {python} "$@" ;; esac
for folder; do :; done
{python} -I -m venv --without-pip "$folder" || exit
for packages in "$folder"/lib/python*/site-packages; do ln -s {pip} "$packages/pip"; done
[ -z "${{GATE-}}" ] || {{ : >"$GATE.reached"; read -r line <"$GATE"; }}
"""
ODD_PYTHON = """#!/bin/sh
exec {python} -I -c 'import sys; exec(sys.argv[1]); exec(sys.argv[3])' {oddity} "$@"
"""
FULL_DISK_PYTHON = """#!/bin/sh
case "$*" in *'-m venv'*) echo 'OSError: [Errno 28] No space left on device'; exit 1 ;; esac
exec {python} "$@"
"""
POISON = """#!/bin/sh
echo "$0 $*" >>"$POISONED"
exit 1
"""


def in_shell(script, **values):
    """The script with the tests' own Python and the values in it, whatever their paths hold."""
    values = {"python": sys.executable, **values}
    return script.format(**{name: shlex.quote(str(value)) for name, value in values.items()})


def executable(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def pack(name, folder):
    """Pack an installed package into a wheel again; return the line that locks it."""
    package = metadata.distribution(name)
    wheel = folder / f"{name}-{package.version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for file in package.files:
            if ".." not in file.parts and file.suffix != ".pyc":
                archive.write(file.locate(), file.as_posix())
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f"{name}=={package.version} --hash=sha256:{digest}\n"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """Wheels, the lines that lock them, and a Python that makes environments quickly."""
    folder = tmp_path_factory.mktemp("shelf")
    locks = {SITE: pack("invoke", folder), TEST: pack("iniconfig", folder)}
    subprocess.run([sys.executable, "-m", "venv", folder / "model"], check=True)
    pip = next(folder.glob("model/lib/python*/site-packages/pip"))
    python = executable(folder / "quick", in_shell(QUICK_PYTHON, pip=pip))
    return folder, locks, python


class Project:
    """A copy of the project, and the surroundings that its way in is called from."""

    def __init__(self, folder, shelf):
        wheels, self.locks, python = shelf
        self.folder = folder
        folder.mkdir(parents=True)
        shutil.copy(INV, folder)
        (folder / "tasks.py").write_text(TASKS)
        for name, text in self.locks.items():
            (folder / name).write_text(text)
        self.calls = []
        self.surroundings = {
            "PATH": os.defpath,
            "HOME": str(folder.parent),
            "INV_PYTHON": str(python),
            "SITE_MESSAGES": "en",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": wheels.as_uri(),
        }

    def start(self, *words, inv=None, **changes):
        surroundings = {k: v for k, v in (self.surroundings | changes).items() if v is not None}
        process = subprocess.Popen(
            [inv or self.folder / "inv", *words],
            cwd="/",
            env=surroundings,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            # A shell lets what it runs in the background ignore this signal, and it is inherited.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        self.calls.append(process)
        return process

    def call(self, *words, **changes):
        process = self.start(*words, **changes)
        process.out, process.err = process.communicate()
        return process

    def start_and_stop_midway(self, *words):
        """Start a call that stands still with its environment half made, until the gate opens."""
        self.gate = self.folder.parent / "gate"
        os.mkfifo(self.gate)
        process = self.start(*words, GATE=str(self.gate))
        while not Path(f"{self.gate}.reached").exists():
            assert process.poll() is None, process.communicate()
            time.sleep(0.01)
        return process

    def clear_away(self):
        """End what a failed test left running."""
        for process in self.calls:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()

    def offline(self):
        """Surroundings where the package index does not answer: a port that nobody listens to."""
        with socket.socket() as port:
            port.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{port.getsockname()[1]}/"
        none = {"PIP_NO_INDEX": None, "PIP_FIND_LINKS": None}
        return none | {"PIP_INDEX_URL": address, "PIP_RETRIES": "1"}

    def is_ready(self):
        """Whether a call finds the environment finished: it then says nothing of its own."""
        done = self.call("build")
        return done.returncode == 0 and done.err == ""


@pytest.fixture
def fresh(tmp_path, shelf):
    project = Project(tmp_path / "un dossier à moi" / "site", shelf)
    yield project
    project.clear_away()


@pytest.fixture
def ready(fresh):
    assert fresh.call("build").returncode == 0
    return fresh


@pytest.fixture(scope="module")
def standing(tmp_path_factory, shelf):
    """A ready project for the tests that change nothing in it."""
    project = Project(tmp_path_factory.mktemp("là") / "mon site", shelf)
    assert project.call("build").returncode == 0
    return project


def test_the_first_call_makes_the_environment_and_says_so(fresh):
    first = fresh.call("build", INV_PYTHON=sys.executable)
    assert (first.returncode, first.out) == (0, "built ''\n")
    assert f"preparing {fresh.folder}/.venv with Python 3." in first.err
    assert "    Processing " in first.err
    assert "installing" in first.err
    assert "ready" in first.err
    assert (fresh.folder / ".venv/bin/python").exists()


def test_the_second_call_is_silent_and_calls_neither_pip_nor_another_python(ready, tmp_path):
    for name in ["pip", "pip3", "python", "python3", *(f"python3.{n}" for n in range(11, 15))]:
        executable(tmp_path / "poison" / name, POISON)
    for pip in ready.folder.glob(".venv/lib/*/site-packages/pip"):
        pip.unlink()
    second = ready.call(
        "build",
        PATH=f"{tmp_path / 'poison'}:{os.defpath}",
        POISONED=str(tmp_path / "called"),
        INV_PYTHON=str(tmp_path / "poison/python"),
    )
    assert (second.returncode, second.out, second.err) == (0, "built ''\n", "")
    assert not (tmp_path / "called").exists()


@pytest.mark.parametrize("words", [[], ["--list"], ["--help"], ["-h"]], ids=" ".join)
def test_it_lists_the_tasks_from_any_folder(standing, words):
    listing = standing.call(*words)
    assert listing.returncode == 0
    assert listing.err == ""
    assert [line.split() for line in listing.out.splitlines() if "Build" in line] == [
        ["build", "Build."]
    ]


def test_it_works_through_symbolic_links(standing, tmp_path):
    (tmp_path / "un lien").symlink_to(standing.folder / "inv")
    (tmp_path / "autre").mkdir()
    (tmp_path / "autre" / "inv").symlink_to("../un lien")
    done = standing.call("build", inv=tmp_path / "autre" / "inv")
    assert (done.returncode, done.out, done.err) == (0, "built ''\n", "")


def test_it_works_when_the_folder_is_reached_through_a_link(standing, tmp_path):
    (tmp_path / "raccourci").symlink_to(standing.folder)
    done = standing.call("build", inv=tmp_path / "raccourci" / "inv")
    assert (done.returncode, done.err) == (0, "")


def test_it_works_when_named_to_the_shell_without_a_path(standing):
    words = ["sh", "inv", "build"]
    done = subprocess.run(words, check=False, cwd=standing.folder, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("built ''\n", "")


def test_words_with_spaces_reach_the_task_unchanged(standing):
    words = """  deux  mots * $HOME é'" \\ """
    assert standing.call("build", "--name", words).out == f"built {words!r}\n"


def test_the_exit_code_of_a_task_is_passed_on(standing):
    assert standing.call("fail").returncode == 7


def test_a_build_that_would_change_nothing_does_not_begin(ready):
    stand_in = ready.folder / "engine/building/fingerprint.py"
    executable(stand_in, "def main():\n    print('as before')\n    return 0\n")
    assert ready.call("build").out == "as before\n"
    assert ready.call("build", "--name", "x").out == "built 'x'\n"
    executable(stand_in, "def main():\n    return 1\n")
    done = ready.call("build")
    assert (done.out, done.err) == ("built ''\n", "")
    executable(stand_in, "def main():\n    raise ValueError\n")
    assert ready.call("build").out == "built ''\n"


def test_a_task_finds_the_programs_of_the_environment_by_their_names(standing):
    assert standing.call("programs").out == f"{standing.folder}/.venv/bin/invoke\n"


def test_the_test_packages_come_with_the_first_task_that_needs_them(ready):
    assert not list(ready.folder.glob(".venv/lib/*/site-packages/iniconfig"))
    first = ready.call("test")
    assert (first.returncode, first.out) == (0, "tested\n")
    assert "iniconfig" in first.err
    assert "invoke" not in first.err
    second = ready.call("test")
    assert (second.out, second.err) == ("tested\n", "")


@pytest.mark.parametrize(
    "words", ["test --help", "test -h", "--help test", "-h portfolio", "portfolio --help"]
)
def test_the_help_of_a_task_installs_nothing(words, standing):
    (standing.folder / "requirements-portfolio.txt").write_text(standing.locks[TEST])
    standing.call(*words.split())
    assert [path.name for path in standing.folder.glob(".venv/*.stamp")] == [f"{SITE}.stamp"]


@pytest.mark.parametrize("words", ["test", "lint", "Mon portfolio en ligne", "portfolio"])
def test_an_argument_named_like_a_task_needs_no_packages(ready, words):
    done = ready.call("build", "--name", words)
    assert (done.out, done.err) == (f"built {words!r}\n", "")


@pytest.mark.parametrize("lock", [SITE, TEST])
def test_a_changed_lock_is_noticed(ready, lock):
    assert ready.call("test").returncode == 0
    (ready.folder / lock).write_text(ready.locks[lock] + "# changed\n")
    changed = ready.call("test")
    assert (changed.returncode, changed.out) == (0, "tested\n")
    assert "preparing" in changed.err
    assert ready.call("test").err == ""


def test_a_package_that_left_the_lock_leaves_the_environment(ready):
    (ready.folder / SITE).write_text(ready.locks[SITE] + ready.locks[TEST])
    ready.call("build")
    assert list(ready.folder.glob(".venv/lib/*/site-packages/iniconfig"))
    (ready.folder / SITE).write_text(ready.locks[SITE])
    ready.call("build")
    assert not list(ready.folder.glob(".venv/lib/*/site-packages/iniconfig"))


def test_a_moved_folder_is_noticed(ready, tmp_path):
    ready.folder = ready.folder.rename(tmp_path / "ailleurs")
    moved = ready.call("build")
    assert (moved.returncode, moved.out) == (0, "built ''\n")
    assert "preparing" in moved.err
    assert ready.is_ready()


@pytest.mark.parametrize("other", ["/nowhere/python3.11", shutil.which("true")])
def test_a_python_that_is_gone_or_another_one_is_noticed(ready, other):
    python = ready.folder / ".venv/bin/python"
    python.unlink()
    python.symlink_to(other)
    changed = ready.call("build")
    assert (changed.returncode, changed.out) == (0, "built ''\n")
    assert "preparing" in changed.err
    assert ready.is_ready()


def test_a_first_call_killed_midway_is_done_again(fresh):
    killed = fresh.start_and_stop_midway("build")
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert (fresh.folder / ".venv/bin/python").exists()
    again = fresh.call("build")
    assert (again.returncode, again.out) == (0, "built ''\n")
    assert "preparing" in again.err
    assert fresh.is_ready()


def test_test_packages_killed_midway_are_done_again(ready):
    ready.call("test")
    # What a kill leaves when a package is half there: pip takes it for installed.
    (ready.folder / ".venv" / f"{TEST}.stamp").write_text("")
    shutil.rmtree(next(ready.folder.glob(".venv/lib/*/site-packages/iniconfig")))
    assert ready.is_ready()
    assert ready.call("test").out == "tested\n"
    assert ready.call("test").err == ""


def test_an_update_killed_midway_leaves_the_old_environment_to_fall_back_on(ready):
    (ready.folder / SITE).write_text(ready.locks[SITE] + "# changed\n")
    killed = ready.start_and_stop_midway("build")
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert ready.call("build", **ready.offline()).returncode != 0
    (ready.folder / SITE).write_text(ready.locks[SITE])
    assert ready.is_ready()


def test_an_update_that_is_interrupted_puts_the_old_environment_back(ready):
    (ready.folder / SITE).write_text(ready.locks[SITE] + "# changed\n")
    interrupted = ready.start_and_stop_midway("build")
    os.killpg(interrupted.pid, signal.SIGINT)
    interrupted.communicate()
    assert interrupted.returncode == 130
    (ready.folder / SITE).write_text(ready.locks[SITE])
    assert ready.is_ready()


@pytest.mark.parametrize("code", [0, 3])
def test_an_update_of_the_software_that_was_killed_is_undone_before_anything_else(standing, code):
    recovery = executable(
        standing.folder / ".update/recover",
        f'echo undone >&2\nrm "{standing.folder}/.update/recover"\nexit {code}\n',
    )
    done = standing.call("build", "--name", "été")
    assert done.err == "undone\n"
    assert (done.returncode, done.out) == (code, "" if code else "built 'été'\n")
    assert not recovery.exists()
    assert standing.call("build").err == ""


@pytest.mark.needs("git")
def test_an_update_of_the_software_renews_the_environment_or_keeps_it(ready, monkeypatch, capfd):
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    for name, value in ready.surroundings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SITE_CONTENT", str(ready.folder / "content"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    project, upstream = ready.folder, ready.folder.parent / "software"

    def release(folder, version, lock):
        files = {"pyproject.toml": f'[project]\nversion = "{version}"\n', SITE: lock}
        sites.write(folder, files | {".gitignore": "/.venv*\n/.update/\n"})
        for words in (
            "init -q -b main",
            "config user.name A",
            "config user.email a@example.org",
            "add -A",
            "commit -q -m x",
            f"tag v{version}",
        ):
            subprocess.run(["git", "-C", folder, *words.split()], check=True)

    sites.write(project, {"content/site.yml": f"software:\n  address: {upstream}\n"})
    release(project, "0.1.0", ready.locks[SITE])
    shutil.copytree(project, upstream, ignore=shutil.ignore_patterns(".venv*"))
    release(upstream, "0.2.0", f"# Newer\n{ready.locks[SITE]}")
    assert update.main(project) == 0, capfd.readouterr()
    assert "the site with v0.2.0, apart" in capfd.readouterr().out
    assert ready.is_ready()
    release(upstream, "0.3.0", f"none==1 --hash=sha256:{'0' * 64}\n")
    assert update.main(project) == 1
    assert "the site does not build with v0.3.0" in capfd.readouterr().err
    assert ready.is_ready()
    assert (project / SITE).read_text() == f"# Newer\n{ready.locks[SITE]}"


def test_of_two_calls_at_once_one_waits_for_the_other(fresh):
    first = fresh.start_and_stop_midway("build")
    second = fresh.start("build")
    assert "waiting" in second.stderr.readline()
    fresh.gate.write_text("open\n")
    outputs = [call.communicate() for call in (first, second)]
    assert [call.returncode for call in (first, second)] == [0, 0]
    assert [out for out, _ in outputs] == ["built ''\n"] * 2
    assert outputs[1][1] == ""


def without_the_pythons_of_this_machine(folder):
    for tool in ("cksum", "mv", "readlink", "rm", "sed", "sh", "tail"):
        (folder / tool).symlink_to(shutil.which(tool))
    return {"PATH": str(folder), "INV_PYTHON": None}


def test_without_any_python_it_says_what_to_install(fresh, tmp_path):
    (tmp_path / "bin").mkdir()
    told = fresh.call("build", **without_the_pythons_of_this_machine(tmp_path / "bin"))
    assert told.returncode == 1
    assert "Python 3.11 or newer is needed; found none" in told.err
    assert "INV_PYTHON=/path/to/python ./inv" in told.err


def test_an_old_python_is_told(fresh, tmp_path):
    odd = in_shell(ODD_PYTHON, oddity="sys.version_info = (3, 9, 18)")
    executable(tmp_path / "bin/python3", odd)
    told = fresh.call("build", **without_the_pythons_of_this_machine(tmp_path / "bin"))
    assert told.returncode == 1
    assert "Python 3.11 or newer is needed; found python3 3.9.18" in told.err
    assert not (fresh.folder / ".venv").exists()


@pytest.mark.parametrize(
    ("variable", "settings", "words"),
    [
        (None, None, "Il faut Python 3.11 ou plus récent\u202f; trouvé\u00a0: aucun, en cherchant"),
        ("", "names: {}\nmessages: fr\n", "(sur Debian\u00a0: apt install python3 python3-venv"),
        (None, 'owner:\n  messages: fr\nmessages: "en" # anglais\n', "found none, looking for"),
        ("en", "messages: fr\n", "Install it (on Debian: apt install python3 python3-venv;"),
    ],
)
def test_it_speaks_the_language_of_the_site_before_there_is_an_environment(
    fresh, tmp_path, variable, settings, words
):
    if settings:
        sites.write(fresh.folder, {"content/site.yml": settings})
    (tmp_path / "bin").mkdir()
    changes = without_the_pythons_of_this_machine(tmp_path / "bin")
    told = fresh.call("build", SITE_MESSAGES=variable, **changes)
    assert told.returncode == 1
    assert words in told.err


def test_each_text_of_the_way_in_is_in_both_languages():
    script = INV.read_text("utf-8").replace("\\\n", " ")
    texts = re.findall(r"(?m)^[^#\n]*?\b(?:say|stop|explain|why=) ?(.*)$", script)
    assert len(texts) > 12
    pairs = re.compile(r'\$\(words +"[^"]*" +"[^"]*"\)')
    left = [re.sub(r"\$\w+|\$@", "", pairs.sub("", text)) for text in texts]
    assert [text for text in left if re.search(r"\w{2,} \w{2,}", text)] == []


def test_a_python_without_venv_is_told(fresh, tmp_path):
    odd = in_shell(ODD_PYTHON, oddity='sys.modules["ensurepip"] = None')
    executable(tmp_path / "bin/python3.13", odd)
    told = fresh.call("build", **without_the_pythons_of_this_machine(tmp_path / "bin"))
    assert told.returncode == 1
    assert "python3.13 3." in told.err
    assert "apt install python3-venv" in told.err
    assert not (fresh.folder / ".venv").exists()


def test_a_python_that_serves_is_taken_where_a_newer_one_does_not(fresh, tmp_path, shelf):
    odd = in_shell(ODD_PYTHON, oddity='sys.modules["ensurepip"] = None')
    executable(tmp_path / "bin/python3.14", odd)
    (tmp_path / "bin/python3.13").symlink_to(shelf[2])
    surroundings = without_the_pythons_of_this_machine(tmp_path / "bin")
    surroundings["PATH"] += f":{os.defpath}"
    assert fresh.call("build", **surroundings).out == "built ''\n"


def test_a_silent_package_index_is_told_and_leaves_nothing(fresh):
    told = fresh.call("build", **fresh.offline())
    assert (told.returncode, told.out) == (1, "")
    assert "the package index did not answer" in told.err
    assert "    ERROR: No matching distribution found for invoke" in told.err
    assert not (fresh.folder / ".venv").exists()


@pytest.mark.parametrize("task", ["build", "test"])
def test_a_silent_package_index_leaves_the_old_environment(ready, task):
    (ready.folder / SITE).write_text(ready.locks[SITE] + "# changed\n")
    assert "did not answer" in ready.call(task, **ready.offline()).err
    (ready.folder / SITE).write_text(ready.locks[SITE])
    assert ready.is_ready()


def test_test_packages_that_cannot_be_had_leave_the_site_buildable(ready):
    told = ready.call("test", **ready.offline())
    assert told.returncode == 1
    assert "did not answer" in told.err
    assert ready.is_ready()


def test_a_package_that_is_not_the_locked_one_is_refused(ready):
    (ready.folder / SITE).write_text(ready.locks[SITE][:-9] + "00000000\n")
    told = ready.call("build")
    assert (told.returncode, told.out) == (1, "")
    assert "a package is not the one that was locked" in told.err


def test_a_lock_without_a_hash_is_refused(fresh):
    (fresh.folder / SITE).write_text(fresh.locks[SITE].split(" --hash")[0] + "\n")
    told = fresh.call("build")
    assert (told.returncode, told.out) == (1, "")
    assert "Hashes are required" in told.err
    assert not (fresh.folder / ".venv").exists()


def test_a_full_disk_is_told(fresh, tmp_path):
    python = executable(tmp_path / "python", in_shell(FULL_DISK_PYTHON))
    told = fresh.call("build", INV_PYTHON=str(python))
    assert told.returncode == 1
    assert "the disk is full" in told.err


def test_a_folder_that_cannot_be_written_to_is_told(shelf):
    with tempfile.TemporaryDirectory() as parent:
        Path(parent).chmod(0o755)
        project = Project(Path(parent) / "lu seulement", shelf)
        project.folder.chmod(0o555)
        # root may write anywhere
        nobody = {"user": 65534} if os.geteuid() == 0 else {}
        told = subprocess.run(
            [project.folder / "inv", "build"],
            check=False,
            cwd="/",
            env=project.surroundings,
            capture_output=True,
            text=True,
            **nobody,
        )
        project.folder.chmod(0o755)
    assert told.returncode == 1
    assert f"{project.folder}, which cannot be written to" in told.stderr


def test_the_locks_name_no_place_to_fetch_from_and_hash_every_package():
    for lock in (SITE, TEST):
        words = (INV.parent / lock).read_text()
        assert not [word for word in ("://", "--index", "--find-links", " @ ") if word in words]
        packages = [line for line in words.splitlines() if line[0] not in " #"]
        assert packages
        assert all("==" in line and line.endswith("\\") for line in packages)


def test_the_way_in_may_be_executed():
    assert INV.stat().st_mode & stat.S_IXUSR
