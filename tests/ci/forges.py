"""Runs the workflow files of three forges as the forges do, on git histories that a test makes.

Conditions, matrices, dependencies and caches are interpreted; each command runs in a shell, in a
fresh copy. Stand-ins for `./inv` and for the programs of the system record how they are called.
Anything that this interpreter does not know is an error.
"""

import itertools
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tests.sites import ROOT, write

_RECORD = '#!/bin/sh\necho "$(basename "$0")" "$@" >>"$CALLS"\n'
INV = f'{_RECORD}[ "$1" != "${{FAILING-}}" ]\n'
DATE = '#!/bin/sh\n[ "$*" = "-u +%u" ] && echo "$DAY"\n'
TUESDAY, MONDAY = "2", "1"


def read_workflow(path):
    # YAML 1.1 takes the key `on` for true.
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)


@dataclass(frozen=True)
class Event:
    """Why a forge runs its workflows; `ref` is GitHub's name of the branch or pull request."""

    name: str = "push"
    ref: str = "refs/heads/main"
    day: str = TUESDAY
    failing: str = ""

    @property
    def on_main(self) -> bool:
        return self.ref == "refs/heads/main"


@dataclass
class Repository:
    """A repository with the project's own .ci/, one text, and stand-ins for the rest."""

    folder: Path

    def __post_init__(self):
        files = {name: (ROOT / name).read_text("utf-8") for name in (".ci/run", ".ci/tested")}
        files |= {"inv": INV, "engine/publishing/with_deploy_key": '#!/bin/sh\nexec "$@"\n'}
        self.git("init", "-q", "-b", "main", "--template=")
        self.commit(files | {"content/a.md": "Un", "tasks.py": "1"})

    def git(self, *words: str) -> str:
        """What git answers in the repository."""
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        command = ["git", *who, "-C", str(self.folder), *words]
        self.folder.mkdir(exist_ok=True)
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def commit(self, files: dict[str, str]) -> None:
        """Save files; all of them may be executed."""
        write(self.folder, files)
        for name in files:
            (self.folder / name).chmod(0o755)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "A change")

    def changed(self) -> list[str]:
        """The paths that the last commit changed."""
        return self.git("show", "--format=", "--name-only", "HEAD").split()


@dataclass
class Forge:
    """A forge that holds a repository: `run(event)` is what each job called, by the job's name."""

    name: str
    files: list[Path]
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    caches: dict[tuple[str, str], str] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.repository = Repository(self.folder / "repository")
        programs = dict.fromkeys(("apt-get", "pip-audit", "pipx", "python"), _RECORD)
        for path in write(self.folder / "bin", programs | {"date": DATE}).iterdir():
            path.chmod(0o755)
        self._clones = itertools.count()

    def clone(self) -> Path:
        """A fresh checkout of the last commit, as each job gets it."""
        checkout = self.folder / f"checkout-{next(self._clones)}"
        shutil.copytree(self.repository.folder, checkout, symlinks=True)
        return checkout

    def shell(self, lines: str, checkout: Path, event: Event, environment: dict) -> bool:
        """Whether lines of a shell succeed, in a checkout."""
        own = {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "CALLS": str(checkout / ".git/calls"),
            "DAY": event.day,
            "FAILING": event.failing,
        }
        command = ["sh", "-e", "-c", lines]
        return (
            subprocess.run(command, cwd=checkout, env=own | environment, check=False).returncode
            == 0
        )

    def end(self, calls: dict, name: str, checkout: Path, *, success: bool) -> None:
        """Note what a job has called."""
        file = checkout / ".git/calls"
        calls.setdefault(name, [])
        calls[name] += file.read_text().splitlines() if file.exists() else []
        if not success:
            self.failed.append(name)


class Actions(Forge):
    """GitHub and Forgejo. A run reads the caches of its own ref and of main, and writes its own's.

    https://docs.github.com/en/actions/reference/workflows-and-actions/dependency-caching
    """

    def run(self, event: Event) -> dict[str, list[str]]:
        calls, self.failed = {}, []
        for path in self.files:
            workflow = read_workflow(path)
            if self._starts(workflow["on"], event):
                self._run_jobs(workflow["jobs"], event, calls)
        return calls

    def _starts(self, triggers: dict, event: Event) -> bool:
        if event.name not in triggers:
            return False
        trigger = triggers[event.name] or {}
        if event.name == "schedule":
            days = [each["cron"].split()[-1] for each in trigger]
            return any(day in ("*", event.day) for day in days)
        assert set(trigger) <= {"branches", "paths", "paths-ignore"}
        assert trigger.get("branches", ["main"]) == ["main"]
        changed = self.repository.changed()
        if "paths" in trigger:
            return any(_matches(path, trigger["paths"]) for path in changed)
        ignored = trigger.get("paths-ignore", [])
        return not ignored or not all(_matches(path, ignored) for path in changed)

    def _run_jobs(self, jobs: dict, event: Event, calls: dict) -> None:
        ended = {}
        for name, job in jobs.items():  # the files name a job after those that it needs
            needs = job.get("needs", [])
            needs = [needs] if isinstance(needs, str) else needs
            context = {"github.event_name": event.name, "github.ref": event.ref}
            context |= {f"vars.{name}": value for name, value in self.variables.items()}
            wanted = all(ended[need] == "success" for need in needs)
            if not (wanted and _holds(job.get("if", "true"), context)):
                ended[name] = "skipped"
                continue
            for leg in _legs(job.get("strategy", {}).get("matrix", {})):
                of_leg = context | {f"matrix.{key}": value for key, value in leg.items()}
                self._run_steps(name, job["steps"], event, of_leg, calls)
            ended[name] = "failure" if name in self.failed else "success"

    def _run_steps(self, name: str, steps: list, event: Event, context: dict, calls: dict) -> None:
        checkout = self.clone()
        output = checkout / ".git/output"
        kept, success, saved = [], True, []
        for step in steps:
            condition = step.get("if", "success()")
            if not _holds(condition, context, success=success):
                continue
            if "actions/cache@" in step.get("uses", ""):
                saved.append(self._restore(step["with"], checkout, event, context))
            elif "run" in step:
                environment = {
                    "GITHUB_EVENT_NAME": event.name,
                    "GITHUB_REF": event.ref,
                    "GITHUB_OUTPUT": str(output),
                }
                success &= self.shell(step["run"], checkout, event, environment)
                for line in output.read_text().splitlines() if output.exists() else []:
                    key, _equals, value = line.partition("=")
                    context[f"steps.{step.get('id')}.outputs.{key}"] = value
                output.unlink(missing_ok=True)
            elif "upload" in step["uses"]:
                kept.append(f"keep {step['with']['path']}")
        for file, key in saved if success else []:
            if (checkout / file).exists():
                self.caches.setdefault((event.ref, key), (checkout / file).read_text())
        self.end(calls, name, checkout, success=success)
        calls[name] += kept

    def _restore(self, given: dict, checkout: Path, event: Event, context: dict) -> tuple[str, str]:
        assert set(given) == {"path", "key"}
        key = re.sub(r"\$\{\{ (\S+) \}\}", lambda found: context[found[1]], given["key"])
        for scope in (event.ref, "refs/heads/main"):
            if (scope, key) in self.caches:
                (checkout / given["path"]).write_text(self.caches[scope, key])
                break
        return given["path"], key


class GitLab(Forge):
    """GitLab, where a maintainer runs the pipelines: those of a merge request share main's caches.

    https://docs.gitlab.com/ci/caching/#use-separate-caches-for-protected-branches
    """

    def run(self, event: Event) -> dict[str, list[str]]:
        (path,) = self.files
        content = read_workflow(path)
        source = {"pull_request": "merge_request_event", "workflow_dispatch": "web"}
        values = {
            "GITLAB_CI": "true",
            "CI_PIPELINE_SOURCE": source.get(event.name, event.name),
            "CI_DEFAULT_BRANCH": "main",
            "PUBLISH_TO": self.variables["PUBLISH_TO"],
        }
        if event.on_main:
            values["CI_COMMIT_BRANCH"] = "main"
            values |= self.variables
        calls, self.failed = {}, []
        if not self._wanted(content["workflow"]["rules"], values):
            return calls
        jobs = {name: job for name, job in content.items() if "script" in job}
        for name, job in jobs.items():  # the file names a job after those that it needs
            assert "needs" in job or job["stage"] == content["stages"][0]
            if set(job.get("needs", [])) & set(self.failed):
                continue
            if self._wanted(job.get("rules", [{}]), values):
                (matrix,) = job.get("parallel", {}).get("matrix", [{}])
                for leg in _legs(matrix):
                    self._run_job(name, job, event, values | leg, calls)
        return calls

    def _wanted(self, rules: list, values: dict) -> bool:
        return any(
            ("if" not in rule or _holds(rule["if"], values, variable=r"\$(\w+)"))
            and ("changes" not in rule or set(rule["changes"]) & set(self.repository.changed()))
            for rule in rules
        )

    def _run_job(self, name: str, job: dict, event: Event, values: dict, calls: dict) -> None:
        checkout = self.clone()
        cache = job.get("cache")
        if cache:
            (path,) = cache["paths"]
            key = re.sub(r"\$(\w+)", lambda found: values[found[1]], cache["key"])
            if ("all", key) in self.caches:
                (checkout / path).write_text(self.caches["all", key])
        lines = "\n".join([*job.get("before_script", []), *job["script"]])
        success = self.shell(lines, checkout, event, values)
        if cache and success and (checkout / path).exists():
            self.caches["all", key] = (checkout / path).read_text()
        self.end(calls, name, checkout, success=success)


def _legs(matrix: dict[str, list[str]]) -> list[dict[str, str]]:
    """What each job of a matrix is given; one that has no matrix is given nothing."""
    return [dict(zip(matrix, leg, strict=True)) for leg in itertools.product(*matrix.values())]


def _matches(path: str, patterns: list[str]) -> bool:
    """Whether a filter of paths names a path; these filters have no other signs than a last *."""
    for pattern in patterns:
        assert re.fullmatch(r"[\w./-]+/\*\*|[\w.-]+\*\.txt", pattern), pattern
    return any(
        re.fullmatch(pattern.replace(".", r"\.").replace("**", "*").replace("*", ".*"), path)
        for pattern in patterns
    )


def _holds(condition, values, *, success=True, variable=r"\b((?:github|vars|matrix)\.\w+)"):
    """Whether a condition of a forge is true: comparisons of texts joined by && and ||."""
    said = re.sub(variable, lambda found: repr(values.get(found[1], "")), condition)
    for call, answer in {"success()": success, "failure()": not success, "true": True}.items():
        said = said.replace(call, str(answer))
    words = r"'[^']*'|\"[^\"]*\"|==|!=|&&|\|\||True|False|\s+"
    assert re.fullmatch(f"(?:{words})+", said), condition
    return eval(said.replace("&&", "and").replace("||", "or"))
