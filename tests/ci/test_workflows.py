"""What the forges are told to run: read as data, checked by their schemas, run with a stand-in.

test_workflow_runs.py tries which steps each kind of change runs.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from invoke import Collection

import tasks
from tests.ci.forges import read_workflow
from tests.sites import ROOT

GITHUB = sorted((ROOT / ".github/workflows").glob("*.yml"))
FORGEJO = sorted((ROOT / ".forgejo/workflows").glob("*.yml"))
GITLAB = ROOT / ".gitlab-ci.yml"
ACTIONS = [*GITHUB, *FORGEJO]
ALL = [*ACTIONS, GITLAB]
SITES = [path for path in ACTIONS if path.name == "site.yml"]
needs_ssh = pytest.mark.needs("ssh")
KEY = ROOT / "engine/publishing/with_deploy_key"
# What Renovate lets stand in the first lines of a lock that uv wrote; it stops at anything else.
READ_BY_RENOVATE = {"--universal", "--generate-hashes", "--python-version", "--output-file"}


def named(path):
    return path.relative_to(ROOT).as_posix()


def jobs(path):
    """Name of a job -> the job, without GitLab's other keys."""
    content = read_workflow(path)
    if path == GITLAB:
        return {key: job for key, job in content.items() if "script" in job}
    return content["jobs"]


def commands(path, job):
    """The lines of a job that a shell runs."""
    if path == GITLAB:
        return [*job.get("before_script", []), *job["script"]]
    return [step["run"] for step in job["steps"] if "run" in step]


def publishing_jobs(path):
    return {name: job for name, job in jobs(path).items() if "environment" in job}


ALL_COMMANDS = sorted(
    {line for path in ALL for job in jobs(path).values() for line in commands(path, job)}
)


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", ACTIONS),
        ("vendor.gitlab-ci", [GITLAB]),
        ("vendor.renovate", [ROOT / "renovate.json"]),
    ],
    ids=["actions", "gitlab", "renovate"],
)
def test_each_file_is_of_its_forges_form(schema, files):
    done = run(
        *(sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema), *map(str, files)
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_zizmor_finds_nothing_unsafe():
    done = run(
        str(Path(sys.executable).with_name("zizmor")),
        "--offline",
        "--no-config",
        "--format=plain",
        *map(str, ACTIONS),
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", ACTIONS, ids=named)
def test_an_action_is_pinned_by_its_commit_and_says_its_version(path):
    used = re.findall(r"uses: *(.*)", path.read_text("utf-8"))
    assert used
    for action in used:
        assert re.fullmatch(r"\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


def test_an_action_is_the_same_version_in_all_files_of_a_forge():
    for paths in (GITHUB, FORGEJO):
        used = {use for path in paths for use in re.findall(r"uses: *(.*)", path.read_text())}
        names = [use.partition("@")[0] for use in used]
        assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("path", ACTIONS, ids=named)
def test_a_job_gets_no_right_but_those_it_names_and_leaves_no_credentials(path):
    assert read_workflow(path)["permissions"] == {}
    for name, job in jobs(path).items():
        rights = {"id-token": "write", "pages": "write"} if name == "pages" else None
        assert job["permissions"] == (rights or {"contents": "read"})
        assert "timeout-minutes" in job
        for step in job["steps"]:
            if "checkout@" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] == "false"


@pytest.mark.parametrize("path", ACTIONS, ids=named)
def test_only_a_publication_of_main_sees_a_secret(path):
    text = path.read_text("utf-8")
    assert "pull_request_target" not in text
    assert text.count("secrets.") == sum(
        "secrets." in str(j) for j in publishing_jobs(path).values()
    )
    for name, job in publishing_jobs(path).items():
        guard = jobs(path)[job["needs"]] if name == "pages" else job
        assert "github.ref == 'refs/heads/main'" in guard["if"]
        assert guard["needs"] == "test"
        assert job["environment"] == ("github-pages" if name == "pages" else "production")


def test_on_gitlab_only_the_default_branch_is_published():
    for job in publishing_jobs(GITLAB).values():
        assert all("$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH" in rule["if"] for rule in job["rules"])
        assert job["stage"] == "publish"


@pytest.mark.parametrize("path", SITES, ids=named)
def test_publications_wait_for_each_other_and_none_is_cut_short(path):
    together = read_workflow(path)["concurrency"]
    assert together["group"] == "site-${{ github.ref }}"
    assert together["cancel-in-progress"] == "${{ github.event_name == 'pull_request' }}"
    assert publishing_jobs(path)


def test_on_gitlab_publications_wait_for_each_other_and_none_is_cut_short():
    assert set(publishing_jobs(GITLAB)) == {"rsync", "pages"}
    for job in publishing_jobs(GITLAB).values():
        assert (job["resource_group"], job["interruptible"]) == ("production", "false")


@pytest.mark.parametrize("path", SITES, ids=named)
def test_a_text_appears_on_its_day(path):
    (daily,) = read_workflow(path)["on"]["schedule"]
    assert re.fullmatch(r"\d+ [2-5] \* \* \*", daily["cron"])


@pytest.mark.parametrize("path", ALL, ids=named)
def test_no_publication_takes_its_packages_from_a_cache(path):
    for job in publishing_jobs(path).values():
        assert "cache" not in str(job).lower().replace("no-cache", "")


@pytest.mark.parametrize("path", ALL, ids=named)
def test_the_servers_key_is_never_asked_of_the_network(path):
    text = path.read_text("utf-8") + KEY.read_text("utf-8")
    assert "ssh-keyscan" not in text
    assert "StrictHostKeyChecking" not in text


def test_the_settings_of_a_publication_are_the_same_everywhere_and_explained():
    given = [set(jobs(path)["rsync"]["steps"][-1]["env"]) for path in SITES]
    assert given[0] == given[1]
    explained = (ROOT / "docs/hosting.md").read_text("utf-8")
    assert [name for name in sorted(given[0]) if f"`{name}`" not in explained] == []


def test_known_vulnerabilities_are_looked_for_each_week_by_one_version():
    audits = [path for path in ACTIONS if path.name == "audit.yml"]
    assert [read_workflow(path)["on"]["schedule"] for path in audits] == [
        [{"cron": "43 4 * * 1"}]
    ] * 2
    versions = {found for line in ALL_COMMANDS for found in re.findall(r"pip-audit==\S+", line)}
    assert len(versions) == 1


def test_every_task_that_a_forge_calls_exists():
    lines = [*ALL_COMMANDS, (ROOT / ".ci/run").read_text()]
    called = {task for line in lines for task in re.findall(r"\./inv (\S+)", line)}
    assert called == {"build", "check", "lint", "test", "prepare", "publish"}
    assert called <= set(Collection.from_module(tasks).task_names)


@needs_ssh
@pytest.mark.parametrize("line", [line for line in ALL_COMMANDS if ".ci/" not in line])
def test_a_step_runs_in_a_shell_and_calls_what_it_says(line, tmp_path, deploy_key):
    """A stand-in for `./inv` and for the system's installers tells how it was called."""
    stand_in = '#!/bin/sh\necho "$(basename "$0")" "$@" >>"$CALLS"\n'
    programs = ["inv", "bin/apt-get", "bin/python", "bin/pip-audit", "bin/pipx"]
    for name in programs:
        program = tmp_path / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(stand_in)
        program.chmod(0o755)
    (tmp_path / "engine").symlink_to(ROOT / "engine")
    calls = tmp_path / "calls"
    environment = {
        "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
        "CALLS": str(calls),
        "PUBLISH_SSH_KEY": deploy_key.read_text(),
    }
    done = run("sh", "-euc", line, cwd=tmp_path, env=environment)
    assert done.returncode == 0, done.stderr
    words = shlex.split(line.removeprefix("engine/publishing/with_deploy_key "))
    assert calls.read_text().split() == [Path(words[0]).name, *words[1:]]


# --- The deploy key -------------------------------------------------------------------------


@pytest.fixture
def deploy_key(tmp_path) -> Path:
    key = tmp_path / "key"
    made = run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "deploy", "-f", str(key))
    assert made.returncode == 0, made.stderr
    return key


def with_key(given, *command):
    environment = {"PATH": os.environ["PATH"], "PUBLISH_SSH_KEY": given}
    return run(str(KEY), *command, env=environment, stdin=subprocess.DEVNULL)


@needs_ssh
@pytest.mark.parametrize("form", ["text", "text of a form", "file"])
def test_the_command_finds_the_deploy_key_in_an_agent(deploy_key, form):
    text = deploy_key.read_text()
    given = {"text": text, "text of a form": text.strip().replace("\n", "\r\n"), "file": deploy_key}
    done = with_key(str(given[form]), "ssh-add", "-L")
    assert done.stdout == deploy_key.with_suffix(".pub").read_text()


@needs_ssh
def test_the_deploy_key_is_neither_shown_nor_passed_on_nor_kept(deploy_key):
    secret = deploy_key.read_text()
    done = with_key(
        secret, "sh", "-c", 'env; ls -A "$(dirname "$SSH_AUTH_SOCK")"; echo $SSH_AGENT_PID'
    )
    assert done.returncode == 0, done.stderr
    for line in secret.splitlines()[1:-1]:
        assert line not in done.stdout + done.stderr
    assert "PUBLISH_SSH_KEY" not in done.stdout
    agent = int(done.stdout.split()[-1])
    with pytest.raises(ProcessLookupError):
        wait_for_the_end_of(agent)


def wait_for_the_end_of(process):
    for _ in range(600):
        os.kill(process, 0)
        subprocess.run(["sleep", "0.05"], check=True)


@needs_ssh
def test_the_command_keeps_its_words_and_its_exit_code(deploy_key):
    words = ["a b", "$(id)", "'", "--inside", ""]
    done = with_key(str(deploy_key), "sh", "-c", 'printf "<%s>" "$@"; exit 7', "sh", *words)
    assert done.stdout == "".join(f"<{word}>" for word in words)
    assert done.returncode == 7


@needs_ssh
@pytest.mark.parametrize("given", ["", "not a key", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"])
def test_without_a_right_key_nothing_runs_and_the_remedy_is_told(given):
    done = with_key(given, "echo", "published")
    assert done.returncode == 2
    assert "published" not in done.stdout
    assert "PUBLISH_SSH_KEY" in done.stderr
    assert not given or given not in done.stderr


# --- The locks ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["requirements", "requirements-portfolio", "requirements-test"])
def test_renovate_can_make_a_lock_again(name):
    """It reads the command in the lock, where an option and its value are joined by a sign."""
    command = shlex.split((ROOT / f"{name}.txt").read_text().splitlines()[1].lstrip("# "))
    assert command[:3] == ["uv", "pip", "compile"]
    assert command[-1] == f"{name}.in"
    assert {word.partition("=")[0] for word in command[3:-1]} == READ_BY_RENOVATE
    assert f"--output-file={name}.txt" in command
    assert shlex.join(command) in (ROOT / f"{name}.in").read_text()
