"""Where a push goes: who can read it, and whether it publishes the site."""

import os
import re
from dataclasses import dataclass

from engine.versions.git import Repository, call_git, without_credentials

_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>[^/]+)/(?P<path>.*)", re.IGNORECASE)
_SCP = re.compile(r"(?:[^/@:]+@)?(?P<host>[^/:]{2,}):(?!//)(?P<path>.+)")
# A word of the host's name -> where the workflows are that it runs; all of them for other hosts.
_WORKFLOWS = {
    "github": (".github/workflows",),
    "gitlab": (".gitlab-ci.yml",),
    "codeberg": (".forgejo/workflows",),
}
_PUBLISHED_BRANCH = "main"
# Seconds for one anonymous question.
_PATIENCE = 15


@dataclass(frozen=True)
class Remote:
    """A remote's name, its addresses to push and to fetch, and the branch that is pushed to."""

    name: str
    push_address: str
    address: str
    branch: str

    @property
    def shown(self) -> str:
        """The address without its credentials."""
        return without_credentials(self.push_address)

    @property
    def host(self) -> str:
        """The name of the machine; "" for a folder of this one."""
        found = _parts(self.push_address)
        return found[1].partition(":")[0] if found else ""


def find_remote(repository: Repository) -> Remote | None:
    """Return the upstream of the branch; None if there is none, or if it is of this repository."""
    key = f"branch.{repository.branch}"
    name = repository.try_git("config", f"{key}.remote").out.strip()
    target = repository.try_git("config", f"{key}.merge").out.strip()
    if not name or name == "." or not target.startswith("refs/heads/"):
        return None
    answers = [
        repository.try_git("remote", "get-url", *option, "--", name) for option in (["--push"], [])
    ]
    # An address may stand in place of a name.
    push_address, address = (answer.out.split("\n")[0] or name for answer in answers)
    return Remote(name, push_address, address, target.removeprefix("refs/heads/"))


def _parts(address: str) -> tuple[str, str, str] | None:
    """The scheme, the host with its port and the path; None for a folder of this machine."""
    address = without_credentials(address)
    if found := _URL.match(address):
        return found["scheme"].lower(), found["host"], found["path"]
    if found := _SCP.match(address):
        return "ssh", found["host"], found["path"]
    return None


def publishing_workflow(repository: Repository, remote: Remote) -> str:
    """The workflow that would publish the site after a push, "" if there is none."""
    if not remote.host or remote.branch != _PUBLISHED_BRANCH:
        return ""
    named = (files for word, files in _WORKFLOWS.items() if word in remote.host.lower())
    files = next(named, [name for own in _WORKFLOWS.values() for name in own])
    publishes = ("-e", r"inv publish", "-e", r"inv prepare")
    answer = repository.try_git("grep", "--name-only", *publishes, "HEAD", "--", *files)
    return answer.out.split("\n")[0].removeprefix("HEAD:")


def is_public(remote: Remote) -> bool:
    """Whether the remote answers a stranger, who has no key and no password."""
    found = _parts(remote.address)
    if not found:
        return False
    scheme, host, path = found
    if scheme not in ("http", "https"):
        scheme, host = "https", host.partition(":")[0]
    # None of this user's settings, in which a password may be.
    nothing = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL"), os.devnull)
    nothing |= {"GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "true"}
    address = f"{scheme}://{host}/{path.lstrip('/')}"
    return call_git("/", "ls-remote", "--", address, timeout=_PATIENCE, **nothing).code == 0


def consequences(repository: Repository, remote: Remote) -> list[str]:
    """What a push to this remote makes known, and to whom, in lines."""
    host = remote.host
    lines = ["it holds all of content/: drafts, texts that wait for their day, and the original"]
    lines.append("photos, with the place and the time that they tell")
    if not host:
        lines.append("whoever can read that folder can read them")
    elif is_public(remote):
        lines.append("anyone can read them: this remote answers without a password")
    else:
        lines.append(
            f"whomever {host} lets in can read them; it does not answer without a password"
        )
    if workflow := publishing_workflow(repository, remote):
        lines.append(f"this push publishes the site: {host} runs {workflow} at each push to")
        lines.append(f"{remote.branch}, if its variable PUBLISH_TO is set (docs/hosting.md)")
    else:
        lines.append("this push publishes nothing")
    return lines
