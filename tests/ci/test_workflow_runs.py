"""Which steps each kind of change runs on each forge, and the script that decides: .ci/tested."""

import os
import subprocess
from dataclasses import replace

import pytest

from tests.ci.forges import MONDAY, Actions, Event, GitLab, Repository
from tests.sites import ROOT

pytestmark = pytest.mark.needs("git")

FORGES = {
    "github": (Actions, sorted((ROOT / ".github/workflows").glob("*.yml"))),
    "forgejo": (Actions, sorted((ROOT / ".forgejo/workflows").glob("*.yml"))),
    "gitlab": (GitLab, [ROOT / ".gitlab-ci.yml"]),
}
PUSH = Event()
PULL_REQUEST = Event("pull_request", "refs/pull/1/merge")
DAILY = Event("schedule")
TEXT, CODE = {"content/b.md": "Deux"}, {"tasks.py": "2"}
TESTS, CHECKS = ["inv build", "inv lint", "inv test"], ["inv build", "inv check"]
EACH_CHANGE = pytest.mark.parametrize(
    ("files", "tests"),
    [(TEXT, "no tests"), (CODE, "tests"), (TEXT | CODE, "tests")],
    ids=["texts", "code", "texts and code"],
)


def made(name, folder, **variables):
    kind, files = FORGES[name]
    return kind(name, files, folder, {"PUBLISH_TO": "rsync", "TESTED_KEY": "a secret"} | variables)


@pytest.fixture(params=FORGES)
def forge(request, tmp_path):
    """Each forge in turn, which publishes by rsync and has seen nothing yet."""
    return made(request.param, tmp_path)


@pytest.fixture
def tested(forge):
    """A forge where the tests of the present code have passed on main."""
    assert ran(forge) == ("tests", "published")
    return forge


def ran(forge, event=PUSH):
    """Run the workflows; whether the tests ran, all of them, and whether the site was published.

    The texts are checked in each case, and once more in the job that publishes them.
    """
    calls = forge.run(event)
    assert forge.failed == []
    test, check, rsync = (
        [call for call in calls.get(name, []) if not call.startswith("apt-get")]
        for name in ("test", "check", "rsync")
    )
    assert test in ([], TESTS * (1 if forge.name == "forgejo" else 2))
    preview = event == PULL_REQUEST and forge.name != "gitlab"
    assert check == [*CHECKS, "keep output"] if preview else CHECKS
    assert rsync in ([], ["inv check", "inv publish --yes"])
    return "tests" if test else "no tests", "published" if rsync else "unpublished"


def test_the_first_run_of_all_runs_the_tests(forge):
    assert ran(forge) == ("tests", "published")


@EACH_CHANGE
def test_a_change_of_main_runs_the_tests_if_it_changes_the_code(tested, files, tests):
    tested.repository.commit(files)
    assert ran(tested) == (tests, "published")
    assert ran(tested) == ("no tests", "published")


@EACH_CHANGE
def test_a_pull_request_runs_the_same_tests_and_publishes_nothing(tested, files, tests):
    """GitLab keeps the key of the proof from merge requests: there they always run the tests."""
    tested.repository.commit(files)
    expected = "tests" if tested.name == "gitlab" else tests
    assert ran(tested, PULL_REQUEST) == (expected, "unpublished")


def test_what_passed_in_a_pull_request_is_tested_again_on_main(tested):
    tested.repository.commit(CODE)
    assert ran(tested, PULL_REQUEST) == ("tests", "unpublished")
    assert ran(tested) == ("tests", "published")


def test_a_pull_request_cannot_forge_the_proof(tested):
    """Its script says that the code which comes to main next has passed."""
    tested.repository.commit(CODE)
    checkout = tested.clone()
    main = {"GITHUB_REF": "refs/heads/main"}
    digest = decide(checkout, "--digest").stdout
    assert decide(checkout, "--record", **main).returncode == 0
    proof = (checkout / ".tested").read_text().strip()
    forged = f'#!/bin/sh\n[ "$1" = --digest ] || echo {proof} >.tested\necho {digest}'
    before = dict(tested.caches)
    tested.repository.commit({".ci/tested": forged})
    tested.run(PULL_REQUEST)
    assert tested.caches != before
    tested.repository.git("reset", "-q", "--hard", "HEAD~1")
    assert ran(tested) == ("tests", "published")


@pytest.mark.parametrize("event", [DAILY, Event("workflow_dispatch")], ids=["daily", "by hand"])
def test_the_daily_build_and_a_run_by_hand_run_the_tests_of_new_code_alone(tested, event):
    assert ran(tested, event) == ("no tests", "published")
    tested.repository.commit(CODE)
    assert ran(tested, event) == ("tests", "published")


def test_the_daily_build_of_monday_runs_the_tests(tested):
    assert ran(tested, replace(DAILY, day=MONDAY)) == ("tests", "published")
    assert ran(tested, replace(PUSH, day=MONDAY)) == ("no tests", "published")


def test_once_the_proof_has_expired_the_tests_run(tested):
    tested.caches.clear()
    tested.repository.commit(TEXT)
    assert ran(tested) == ("tests", "published")
    assert ran(tested) == ("no tests", "published")


@pytest.mark.parametrize("failing", ["lint", "test"])
def test_while_the_tests_of_new_code_fail_nothing_is_published(tested, failing):
    tested.repository.commit(CODE)
    for _ in range(2):
        assert "rsync" not in tested.run(replace(PUSH, failing=failing))
        assert set(tested.failed) == {"test"}
        tested.repository.commit(TEXT)
    assert ran(tested) == ("tests", "published")


def test_a_text_with_a_fault_is_not_published(tested):
    tested.repository.commit(TEXT)
    calls = tested.run(replace(PUSH, failing="check"))
    assert set(tested.failed) == {"check", "rsync"}
    assert calls["rsync"][-1] == "inv check"


def test_main_that_is_pushed_back_to_code_that_has_passed_needs_no_tests(tested):
    """GitLab keeps the proof of the last code alone."""
    tested.repository.commit(CODE)
    assert ran(tested) == ("tests", "published")
    tested.repository.git("reset", "-q", "--hard", "HEAD~1")
    tests = "tests" if tested.name == "gitlab" else "no tests"
    assert ran(tested) == (tests, "published")


def test_gitlab_without_the_key_of_the_proof_always_runs_the_tests(tmp_path):
    gitlab = made("gitlab", tmp_path, TESTED_KEY="")
    for _ in range(2):
        assert ran(gitlab) == ("tests", "published")


@pytest.mark.parametrize(("name", "job"), [("github", "folder"), ("gitlab", "pages")])
def test_pages_are_checked_and_prepared_without_tests_too(name, job, tmp_path):
    forge = made(name, tmp_path, PUBLISH_TO="pages")
    for tests in (True, False):
        calls = forge.run(PUSH)
        assert bool(calls.get("test")) == tests
        assert calls[job][:2] == ["inv check", "inv prepare"]
        assert "rsync" not in calls
        forge.repository.commit(TEXT)


def test_without_publish_to_nothing_is_published(forge):
    forge.variables["PUBLISH_TO"] = ""
    assert ran(forge) == ("tests", "unpublished")


@pytest.mark.parametrize(
    ("files", "event", "runs"),
    [
        (TEXT, PUSH, False),
        (TEXT, PULL_REQUEST, False),
        (TEXT, DAILY, False),
        (CODE, PUSH, True),
        (TEXT | CODE, PULL_REQUEST, True),
        (TEXT, replace(DAILY, day=MONDAY), True),
    ],
)
def test_macos_builds_and_checks_changed_code_and_each_week(files, event, runs, tmp_path):
    github = made("github", tmp_path)
    github.repository.commit(files)
    assert github.run(event).get("macos") == (CHECKS if runs else None)


def test_the_packages_are_audited_when_a_lock_changes_and_by_the_calendar(forge):
    forge.repository.commit(CODE)
    assert "audit" not in forge.run(PUSH)
    assert forge.run(replace(DAILY, day=MONDAY))["audit"]
    forge.repository.commit({"requirements.txt": "a"})
    assert forge.run(PUSH)["audit"]


# --- The script that decides ------------------------------------------------------------------


def decide(folder, *words, **environment):
    return subprocess.run(
        ["sh", ".ci/tested", *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "repository")


@pytest.mark.parametrize(
    "change",
    [
        lambda repository: repository.commit({"theme/content/a.html": ""}),
        lambda repository: repository.commit({"content2/a.md": ""}),
        lambda repository: (repository.folder / "tasks.py").chmod(0o644),
        lambda repository: repository.git("mv", "tasks.py", "tâches.py"),
        lambda repository: repository.git("rm", "-q", "tasks.py"),
    ],
    ids=["below", "beside", "permission", "name", "removed"],
)
def test_whatever_is_outside_content_is_code(repository, change):
    before = decide(repository.folder, "--digest").stdout
    assert before.strip()
    change(repository)
    repository.commit({})
    assert decide(repository.folder, "--digest").stdout not in ("", before)


def test_a_link_named_content_is_code(repository):
    repository.git("mv", "content", "texts")
    content, seen = repository.folder / "content", set()
    for target in ("texts", "elsewhere"):
        content.symlink_to(target)
        repository.git("add", "-A")
        repository.git("commit", "-q", "-m", "A link")
        seen.add(decide(repository.folder, "--digest").stdout)
        content.unlink()
    assert len(seen) == 2


def test_texts_are_no_code_and_neither_is_what_is_not_committed(repository):
    before = decide(repository.folder, "--digest").stdout
    repository.commit({"content/b.md": "", "content/images/é è.jpg": ""})
    (repository.folder / "tasks.py").write_text("not saved")
    assert decide(repository.folder, "--digest").stdout == before


def test_outside_git_nothing_is_recorded_and_the_tests_run(tmp_path):
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci/tested").write_text((ROOT / ".ci/tested").read_text())
    outside = {"GITHUB_REF": "refs/heads/main", "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    for words in ([], ["--digest"], ["--record"]):
        done = decide(tmp_path, *words, **outside)
        assert done.returncode != 0
        assert done.stdout == ""
    assert not (tmp_path / ".tested").exists()


@pytest.mark.parametrize(
    ("surroundings", "recorded"),
    [
        ({"GITHUB_REF": "refs/heads/main"}, True),
        ({"GITHUB_REF": "refs/heads/main2"}, False),
        ({"GITHUB_REF": "refs/pull/1/merge"}, False),
        ({"CI_COMMIT_BRANCH": "trunk", "CI_DEFAULT_BRANCH": "trunk"}, True),
        ({"CI_COMMIT_BRANCH": "other", "CI_DEFAULT_BRANCH": "trunk"}, False),
        ({"CI_DEFAULT_BRANCH": "trunk"}, False),
        ({}, False),
    ],
    ids=str,
)
def test_the_proof_is_recorded_on_the_main_branch_alone(repository, surroundings, recorded):
    assert decide(repository.folder, "--record", **surroundings).returncode == 0
    assert (repository.folder / ".tested").exists() == recorded
    assert decide(repository.folder).returncode == int(not recorded)


def test_a_wrong_option_is_refused(repository):
    done = decide(repository.folder, "--recrod")
    assert done.returncode == 1
    assert "--recrod" in done.stdout
